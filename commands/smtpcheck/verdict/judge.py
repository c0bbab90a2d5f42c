"""From a finished record to a report, from reports to a verdict. Pure: no clock, no network.

A state is found by the first row of `states.STATES` that knows one, findings by every check of `findings.CHECKS`. A
bug report is a record, and its fix one more row. What was not seen is unknown, never "no": nothing is said of TLS or
login when the dialogue did not come that far.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from commands.smtpcheck.report.model import EndpointReport, Finding, Verdict
from commands.smtpcheck.result.findings import RELAY, Code, row_of
from commands.smtpcheck.result.health import EXPLAINED
from commands.smtpcheck.result.scales import Health, Severity, Side
from commands.smtpcheck.result.states import CLOSED, LATER, State
from commands.smtpcheck.tls.certificate import analyse
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.findings import Judged, findings_of
from commands.smtpcheck.verdict.states import OURS, state_of
from commands.smtpcheck.wire.record import Record
from commands.smtpcheck.wire.session_facts import Reading


def judge(record: Record, *, at: datetime, store: TrustStore) -> EndpointReport:
    """One record, judged: its state, its certificate, its findings (worst first)."""
    reading = Reading(record)
    state = state_of(reading)
    certificate = None
    if record.handshake is not None and record.handshake.chain:
        certificate = analyse(record.handshake.chain, host=record.host, at=at, store=store)
    return EndpointReport(
        record=record,
        state=state,
        tls_state=reading.tls_state if state in TLS_IS_KNOWN or reading.has_tls else "",
        greeting_ms=reading.answered_ms,
        before_tls=reading.before,
        after_tls=reading.after,
        certificate=certificate,
        findings=tuple(findings_of(Judged(reading, state, certificate))),
    )


TLS_IS_KNOWN = frozenset({State.OPEN, State.TLS_FAILED, State.PLAIN_ON_TLS_PORT})
"""States of a dialogue that came to TLS; in every other nothing is said of it unless a handshake was finished."""

SILENCE = frozenset({Code.NO_ANSWER, Code.NO_ANSWER_TARGET})
"""Findings that say that a port did not answer. Most exchangers serve 25 alone and drop everything else."""

NOT_KNOWN = frozenset({"dns_timeout", "dns_servfail", "mx_timeout", "mx_servfail", "forbidden", "denied_by_owner"})
"""Findings after which nobody knows what the target is: DNS was silent, or nobody may connect there."""


def overall(endpoints: Sequence[EndpointReport], findings: Sequence[Finding]) -> Verdict:
    """The verdict over all endpoints. Nothing was tried: the DNS findings decide."""
    if not endpoints:
        return _nothing_tried({finding.code for finding in findings})
    if lacks_ipv6(endpoints):
        return "unknown"
    if not any(endpoint.usable for endpoint in endpoints):
        return _nothing_usable(endpoints)
    counted = (one.severity for one in (*findings, *_all(endpoints)) if row_of(one.code).side is not Side.OURS)
    if max(counted, default=Severity.info) >= Severity.warning:
        return "degraded"
    return "unknown" if any(endpoint.state in OURS for endpoint in endpoints) else "ok"


def _nothing_tried(codes: set[str]) -> Verdict:
    """A mail domain whose hosts have no public address takes no mail, whoever may connect there."""
    unknown = codes & NOT_KNOWN
    return "unknown" if unknown and not (unknown == {"forbidden"} and "mail_not_public" in codes) else "failed"


def lacks_ipv6(endpoints: Sequence[EndpointReport]) -> bool:
    """Whether all that was tried is IPv6 without a route: then most likely it is us who have none."""
    return bool(endpoints) and all(
        endpoint.state == State.UNREACHABLE and ":" in endpoint.record.address for endpoint in endpoints
    )


def may_yet_greet(report: EndpointReport) -> bool:
    """Whether we left before the greeting was due: a delay on purpose looks the same."""
    return any(finding.code == Code.GREETING_AWAITED for finding in report.findings)


def _nothing_usable(endpoints: Sequence[EndpointReport]) -> Verdict:
    """What is ours, and what may be well at another time or from elsewhere, is no verdict on the host."""
    blocked = any(endpoint.health is Health.BLOCKED_HERE for endpoint in endpoints)
    if blocked and all(endpoint.state in CLOSED | {State.BLOCKED_HERE} for endpoint in endpoints):
        return "blocked_here"
    answered = [endpoint for endpoint in endpoints if endpoint.state not in CLOSED]
    unknown = [endpoint for endpoint in answered if endpoint.health is not Health.DOWN]
    if any(endpoint.state not in LATER for endpoint in unknown):
        return "unknown"
    if len(unknown) < len(answered) or (not unknown and any(one.health is Health.DOWN for one in endpoints)):
        return "failed"
    return "unknown"


def _all(endpoints: Sequence[EndpointReport]) -> Iterator[Finding]:
    """What counts against a host that is usable: silence on a port that many hosts do not serve is no fault."""
    for endpoint in endpoints:
        ours = any(found.code in EXPLAINED for found in endpoint.findings)
        for found in endpoint.findings:
            silent = found.code in SILENCE and endpoint.port != RELAY
            if not silent and not (ours and str(found.code) == str(endpoint.state)):
                yield found
