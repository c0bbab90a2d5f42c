"""Whose side it is that a port does not answer. The control hosts tell.

They are asked for ports that gave no answer, and for refusals that a firewall of ours may have made. Most mail
exchangers serve 25 alone, so a refusal elsewhere is doubtful only where there is more to it (`silent_ports`). The words
likely and possible carry the meaning of the diagnosis: likely is a pattern and a control, possible a single signal.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.egress.control_hosts import TWO, Attempt, Control, operators_of, whose_side
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import RELAY, Code, Params
from commands.smtpcheck.result.states import State
from commands.smtpcheck.verdict.pool import family, is_family_heard
from commands.smtpcheck.verdict.ports_together import rejected, sent_by
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, STARTTLS, Record

SILENT = frozenset({State.NO_ANSWER, State.REJECTED, State.REFUSED})
DOUBTED = frozenset({State.NO_ANSWER, State.REJECTED})
"""What may always be ours; a refusal is the host's unless there is more to it."""

REGISTERED = frozenset({465, 587})
"""Ports for clients that are registered (RFC 8314 section 7): a host for clients serves one of them."""

NEAR, NEAR_MS = 0.3, 5.0
"""A refusal came from nearer than the host when it took at most this share of the way there, and so much less (ms)."""

ASKED = frozenset({EHLO, STARTTLS, EHLO_AFTER_TLS})
"""Steps whose reply answers what we sent: it went there and back."""

TELLING_S = 30.0
"""From what age on it is told how old the answer of the control hosts is: a check itself takes some seconds."""

PATTERNS: Mapping[frozenset[int], frozenset[int]] = {
    frozenset({25}): frozenset({465, 587}),
    frozenset({25, 465}): frozenset({587, 2525}),
    frozenset({25, 465, 587}): frozenset({2525}),
    frozenset({25, 465, 587, 2525}): frozenset(),
    frozenset({25, 465, 2525}): frozenset({587}),
}
"""Outgoing ports that a known network drops -> the ports that must be seen to get out (`Language.PATTERNS` names them).

A likeness, never a certainty; and none where a port that tells two policies apart was not looked at.
"""


Controls: TypeAlias = Mapping[int, tuple[Attempt, ...]]
"""Port -> what came of it on the control hosts."""


async def ask(
    reports: Sequence[EndpointReport], control: Control, *, receives_mail: bool, doubts_refusals: bool = False
) -> Controls:
    """Try the ports whose silence may be ours on the control hosts, all at once."""
    ports = silent_ports(reports, receives_mail=receives_mail, doubts_refusals=doubts_refusals)
    return dict(zip(ports, await asyncio.gather(*(control.reach(port) for port in ports)), strict=True))


def settle(
    reports: Sequence[EndpointReport], tried: Controls
) -> tuple[tuple[EndpointReport, ...], tuple[Finding, ...]]:
    """The reports with `blocked_here` where the controls say so, and findings with the evidence. Pure."""
    reports = rejected(reports)
    known = _answering(reports)
    settled = tuple(
        _settled(_near(report, reports), () if _is_beside(report, known) else tried.get(report.port, ()), reports)
        for report in reports
    )
    blocked = frozenset(
        report.port for report in settled if report.state == State.BLOCKED_HERE and report.port in tried
    )
    return settled, (*_evidence(tried), *_pattern(blocked, _got_out(reports, tried)))


def silent_ports(
    reports: Sequence[EndpointReport], *, receives_mail: bool = False, doubts_refusals: bool = False
) -> list[int]:
    """The ports whose silence may be ours.

    Refusals are doubtful where nothing answered at all; where port 25, which a network that rejects anything rejects,
    does not answer; where a host that is no exchanger serves no client; each that came from nearer than the host; and
    all of them (`doubts_refusals`) where somebody is woken up by one.
    """
    reports = rejected(reports)
    known = _answering(reports)
    reports = [report for report in reports if not _is_beside(report, known)]
    silent = [report for report in reports if report.state in SILENT]
    doubted = {report.port for report in silent if report.state in DOUBTED or _is_near(report, reports)}
    if doubts_refusals or len(silent) == len(reports) or any(report.port == RELAY for report in silent):
        return sorted(doubted | {report.port for report in silent})
    registered = [report for report in reports if report.port in REGISTERED]
    if not receives_mail and all(report in silent for report in registered):
        doubted |= {report.port for report in registered}
    return sorted(doubted)


def _answering(reports: Sequence[EndpointReport]) -> frozenset[tuple[str, int]]:
    """The hosts and ports of which an address answers."""
    return frozenset((one.record.host, one.port) for one in reports if one.record.connect == "connected")


def _is_beside(report: EndpointReport, known: Collection[tuple[str, int]]) -> bool:
    """Whether another address answers on the port: it gets out, and the control hosts, over IPv4, tell no more."""
    return report.state in {State.NO_ANSWER, State.REFUSED} and (report.record.host, report.port) in known


def _near(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """The report, with a finding when its refusal came from nearer than the host."""
    if not _is_near(report, reports):
        return report
    params = {"port": report.port, "ms": _ms(report), "host_ms": round(_way_to(report.record.address, reports), 1)}
    return replace(report, findings=(*report.findings, finding(Code.REFUSED_NEARBY, params, report.port)))


def _is_near(report: EndpointReport, reports: Sequence[EndpointReport]) -> bool:
    if report.state != State.REFUSED:
        return False
    way = _way_to(report.record.address, reports)
    return _ms(report) <= min(NEAR * way, way - NEAR_MS)


def _way_to(address: str, reports: Sequence[EndpointReport]) -> float:
    """Milliseconds of the fastest connection to this address, or reply to us if one was faster; 0.0 when none stood.

    A connect that took longer than a question and its answer waited for this machine, not for the way.
    """
    stood = [one.record for one in reports if one.record.connect == "connected" and one.record.address == address]
    replies = (step.elapsed_ms for one in stood for step in one.steps if step.code is not None and step.name in ASKED)
    return min((*(one.connect_ms for one in stood), *replies), default=0.0)


SENT_AGAIN_MS = 950.0
"""A SYN that is lost is sent again after a second (RFC 6298 section 2.1)."""


def _loses_packets(address: str, reports: Sequence[EndpointReport]) -> bool:
    """Whether a connection to this address stood so late that its SYN must have been sent again."""
    stood = (one.record for one in reports if one.record.connect == "connected" and one.record.address == address)
    return any(one.connect_ms >= _way_to(address, reports) + SENT_AGAIN_MS for one in stood)


def _ms(report: EndpointReport) -> float:
    return round(report.record.connect_ms, 1)


def _settled(report: EndpointReport, attempts: Sequence[Attempt], reports: Sequence[EndpointReport]) -> EndpointReport:
    if report.state not in SILENT or not attempts:
        return report
    answered = _is_heard(report.record, reports)
    told = attempts if answered else [one for one in attempts if not _is_from_elsewhere(one, report.record)]
    side = whose_side(report.state, told)
    params = {**_own_params(report), "controls": _listed(told)}
    if side == "blocked_here":
        return replace(report, state=State.BLOCKED_HERE, findings=(finding(Code.BLOCKED_HERE, params, report.port),))
    if report.state == State.NO_ANSWER and _loses_packets(report.record.address, reports):
        said = finding(Code.NO_ANSWER, {**_own_params(report), "lossy": True}, report.port)
        return replace(report, findings=(said, *report.findings[1:]))
    if side == "target" and _is_way_known(report.record, told, reports):
        said = finding(_reached_elsewhere(report, reports, answered=answered), params, report.port)
        return replace(report, findings=(said, *report.findings[1:]))
    return _from_two_addresses(report, attempts) if report.state == State.NO_ANSWER and not told else report


def _reached_elsewhere(report: EndpointReport, reports: Sequence[EndpointReport], *, answered: bool) -> Code:
    """What is said of a port that others answer on: likely the host's side where something came back from there."""
    if report.state == State.REFUSED:
        return Code.REFUSED_TARGET if answered and not _is_near(report, reports) else Code.REFUSED
    if report.state == State.REJECTED:
        return Code.REJECTED_TARGET if _is_far(report.record, reports) else Code.REJECTED_EITHER
    return Code.NO_ANSWER_TARGET if answered else Code.NO_ANSWER_EITHER


def _is_heard(record: Record, reports: Sequence[EndpointReport]) -> bool:
    """Whether this address answered us on another port, so that the way there and back works.

    Beside one that is refused another refusal tells nothing: both may be made on the way, or by this machine.
    """
    others = [one.record for one in reports if one.record.address == record.address and one.record is not record]
    answers = {"connected"} if record.connect == "refused" else {"connected", "refused"}
    return any(sent_by(one) == "host" or (one.connect in answers and one.icmp is None) for one in others)


def _is_far(record: Record, reports: Sequence[EndpointReport]) -> bool:
    """Whether the host itself rejected, or somebody on the way who is nearer to it than to us."""
    way = _way_to(record.address, reports)
    return sent_by(record) == "host" or (sent_by(record) == "hop" and way > NEAR_MS and record.connect_ms > way / 2)


def _is_from_elsewhere(attempt: Attempt, record: Record) -> bool:
    """Whether the control host was reached from another address of ours, whose way may work where this one's does not.

    Of the other family the address is always another.
    """
    both = attempt.source and record.source
    return bool(both) and family(attempt.source) == family(record.source) and attempt.source != record.source


def _from_two_addresses(report: EndpointReport, attempts: Sequence[Attempt]) -> EndpointReport:
    reached = [one for one in attempts if one.outcome == "connected"]
    if not reached:
        return report
    sources: Params = {"controls": _listed(reached), "source": report.record.source, "other": reached[0].source}
    said = finding(Code.NO_ANSWER, {**_own_params(report), **sources}, report.port)
    return replace(report, findings=(said, *report.findings[1:]))


def _is_way_known(record: Record, attempts: Sequence[Attempt], reports: Sequence[EndpointReport]) -> bool:
    """Whether the family of this address works here. Hosts that were reached over the other one do not tell that."""
    reached = (one.address for one in attempts if one.outcome == "connected")
    alike = any(not address or family(address) == family(record.address) for address in reached)
    return alike or is_family_heard(record, reports)


def _own_params(report: EndpointReport) -> Params:
    return report.findings[0].params if report.findings else {"port": report.port}


def _listed(attempts: Iterable[Attempt]) -> str:
    return ", ".join(attempt.host for attempt in attempts if attempt.outcome is not None)


def _evidence(tried: Mapping[int, Sequence[Attempt]]) -> list[Finding]:
    return [finding(Code.CONTROL_PROBE, _probed(port, attempts)) for port, attempts in tried.items() if attempts]


def _probed(port: int, attempts: Sequence[Attempt]) -> Params:
    """How each control host answered, and how long ago where that was not just now.

    `alone`: none could be reached, and they are of one operator, whose failure tells nothing of us.
    """
    ago_s = max(attempt.ago_s for attempt in attempts)
    results: list[Mapping[str, str | float]] = [
        {"host": it.host, "outcome": it.outcome or "not_tried", "elapsed_ms": round(it.elapsed_ms, 1)}
        for it in attempts
    ]
    tried = [attempt for attempt in attempts if attempt.outcome is not None]
    alone = bool(tried) and operators_of(tried) < TWO and all(it.outcome != "connected" for it in tried)
    told: Params = {"port": port, "results": results, "ago_s": round(ago_s, 1) if ago_s >= TELLING_S else 0.0}
    return {**told, "alone": True} if alone else told


def _got_out(reports: Sequence[EndpointReport], tried: Controls) -> frozenset[int]:
    """The ports on which a connection stood: to the target or to a control host."""
    controls = {port for port, attempts in tried.items() if any(one.outcome == "connected" for one in attempts)}
    return frozenset(controls | {report.port for report in reports if report.record.connect == "connected"})


def pattern_of(blocked: frozenset[int], got_out: frozenset[int]) -> str:
    """The ports of a policy that looks like that (`25 465`), or "" ."""
    needed = PATTERNS.get(blocked)
    return " ".join(map(str, sorted(blocked))) if needed is not None and needed <= got_out else ""


def _pattern(blocked: frozenset[int], got_out: frozenset[int]) -> list[Finding]:
    known = pattern_of(blocked, got_out)
    return [finding(Code.NETWORK_PATTERN, {"pattern": known})] if known else []
