"""A check as a row of history."""

from commands.contract import Request
from commands.smtpcheck.document import Document
from commands.smtpcheck.model import Check, EndpointReport
from storage.interface import Entry, Reading

KIND = "check"


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
    )


def to_readings(check: Check) -> list[Reading]:
    return [_reading(report) for report in check.endpoints]


def _reading(report: EndpointReport) -> Reading:
    """`latency_ms` is how long the TCP connection took, None when none stood."""
    record = report.record
    return Reading(
        host=record.host,
        address=record.address,
        port=record.port,
        state=report.state,
        ok=report.usable,
        tls=report.tls_state,
        latency_ms=record.connect_ms if record.connect == "connected" else None,
    )
