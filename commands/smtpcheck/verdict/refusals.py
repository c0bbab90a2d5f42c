"""What refusals in words come to together: whether waiting helps, and what they say of ports beside them. Pure."""

from collections.abc import Sequence

from commands.smtpcheck.report.model import EndpointReport, Recommendation
from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.meanings import BY_NAME, Meaning, Subject, Waiting
from commands.smtpcheck.result.states import CLOSED, LATER, REFUSING

IN_WORDS = LATER | REFUSING
"""States of servers that turn us away in words, for now or for good."""


def refused_beside(reports: Sequence[EndpointReport], chosen: Recommendation) -> list[EndpointReport]:
    """Where other servers deliver to the host of a port for clients, and we are turned away."""
    beside = [one for one in reports if one.record.host == chosen.host and one.port != chosen.port]
    return [one for one in beside if one.port == RELAY and one.state in IN_WORDS]


def is_of_back_end(reports: Sequence[EndpointReport]) -> bool:
    """Whether something behind the server fails, a filter say: likely behind its other ports, too."""
    return any(meaning.subject is Subject.BACK_END for meaning in _meant(reports))


def _meant(reports: Sequence[EndpointReport]) -> set[Meaning]:
    """What the refusals mean, as far as that is known."""
    meant = (BY_NAME.get(str(one.params.get("meaning", ""))) for report in reports for one in report.findings)
    return {meaning for meaning in meant if meaning is not None}


def why_unknown(reports: Sequence[EndpointReport]) -> str:
    """What to do where no port could be judged and nothing is known to be ours.

    Silence may be anybody's, and a refusal for good may be for us alone: waiting does not help.
    """
    waits = {meaning.waiting for meaning in _meant(reports)}
    if {report.state for report in reports} <= CLOSED | REFUSING:
        return "elsewhere"
    if not waits or Waiting.MINUTES in waits:
        return "run_again"
    return "run_later" if Waiting.HOURS in waits else "see_findings"
