"""A check as a row of history."""

from commands.check_facts import facts, fingerprint
from commands.contract import Request
from commands.smtpcheck.document import Document
from commands.smtpcheck.model import Check, EndpointReport
from commands.smtpcheck.verdict.report import may_yet_greet
from storage.interface import Entry, Reading

KIND = "check"
RELAY = 25

SILENT = frozenset({"no_answer", "unreachable"})
"""States that our own network may be to blame for: the control hosts tell."""


def to_entry(check: Check, document: Document, request: Request) -> Entry:
    """Who asked what, where and when, with the whole result."""
    return Entry(
        id=check.facts.id,
        kind=KIND,
        target=check.facts.target,
        vantage=check.facts.vantage,
        verdict=check.verdict,
        summary=document["summary"],
        started_at=check.facts.started_at,
        elapsed_ms=check.facts.elapsed_ms,
        actor=request.actor.user,
        team=request.actor.team,
        channel=request.channel,
        surface=request.surface,
        document=document,
        scope=scope(check),
        outcome=fingerprint(facts(document)),
    )


def scope(check: Check) -> str:
    """The ports that were probed, and whether deeply: a check of one port and a check of all are not compared."""
    ports = ",".join(str(port) for port in sorted({report.record.port for report in check.endpoints})) or "none"
    return ports if check.facts.further is None else f"{ports} deep"


def to_readings(check: Check) -> list[Reading]:
    return [_reading(report) for report in check.endpoints]


ASIDE = frozenset({"blocked_here", "forbidden", "not_finished", "held_up", "hijack_suspect"})
"""States that say nothing of the host: our network, our time, or something else in its place."""

COME_LATER = frozenset({"rate_limited", "temp_refused", "tarpit", "tarpit_spamd"})
"""What a server does to whom it does not know yet, and mail that waits is taken."""


def well(report: EndpointReport) -> bool | None:
    """Whether mail can go in here; None where that cannot be judged, and then availability does not count it."""
    return None if report.state in ASIDE | COME_LATER or _is_open_question(report) else report.usable


def _is_open_question(report: EndpointReport) -> bool:
    """We left before the greeting was due, did not see TLS, or heard nothing and nobody knows on whose side."""
    codes = {finding.code for finding in report.findings}
    if report.state == "open":
        return report.port != RELAY and not report.tls_state
    return may_yet_greet(report) or (report.state in SILENT and "no_answer_target" not in codes)


def _reading(report: EndpointReport) -> Reading:
    """`latency_ms` is how long the TCP connection took, None when none stood."""
    record, found = report.record, report.certificate
    return Reading(
        host=record.host,
        address=record.address,
        port=record.port,
        state=report.state,
        ok=well(report),
        tls=report.tls_state,
        latency_ms=record.connect_ms if record.connect == "connected" else None,
        certificate=found.sha256 if found else "",
        certificate_ends=found.not_after if found else None,
    )
