"""A check as a row of history."""

from commands.check_facts import facts, fingerprint
from commands.contract import Request
from commands.smtpcheck.report.model import Check, EndpointReport
from commands.smtpcheck.result.document import stored_summary
from commands.smtpcheck.result.health import WORTH
from commands.smtpcheck.stored.document import Document
from storage.history import Entry, Reading

KIND = "check"


def to_entry(check: Check, document: Document, request: Request) -> Entry:
    """Who asked what, where and when, with the whole result."""
    return Entry(
        id=check.facts.id,
        kind=KIND,
        target=check.facts.target,
        vantage=check.facts.vantage,
        verdict=check.verdict,
        summary=stored_summary(document),
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


def _reading(report: EndpointReport) -> Reading:
    """`latency_ms` is how long the TCP connection took, None when none stood."""
    record, found = report.record, report.certificate
    return Reading(
        host=record.host,
        address=record.address,
        port=record.port,
        state=report.state,
        ok=WORTH[report.health].available,
        tls=report.tls_state,
        latency_ms=record.connect_ms if record.connect == "connected" else None,
        certificate=found.sha256 if found else "",
        certificate_ends=found.not_after if found else None,
    )
