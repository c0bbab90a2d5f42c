"""The JSON of what was seen of our own network (schema `portero.network/2`), and its row of history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commands.contract import Request
from commands.slack_text import clean
from commands.smtpcheck.network.probe import Outgoing
from commands.smtpcheck.network.summary import summary
from commands.smtpcheck.result.document import stored_summary
from commands.smtpcheck.stored.document import ms, timestamp
from commands.smtpcheck.stored.pauses import NETWORK
from storage.history import Entry

SCHEMA = "portero.network/2"
KIND = TARGET = NETWORK
"""The kind of the row, and what stands as its target."""

Document = dict[str, Any]


def to_document(found: Sequence[Outgoing], *, id: str, vantage: str, at: datetime, elapsed_ms: float) -> Document:  # noqa: A002
    """What was seen as plain data. The name of a device is remote text: cleaned and cut."""
    return {
        "schema": SCHEMA,
        "id": id,
        "target": TARGET,
        "vantage": vantage,
        "started_at": timestamp(at),
        "elapsed_ms": ms(elapsed_ms),
        "verdict": verdict(found),
        "summary": summary(found),
        "ports": [_port(port) for port in found],
    }


def verdict(found: Sequence[Outgoing]) -> str:
    """In the words of checks: ok, degraded, blocked_here or unknown."""
    states = {port.state for port in found}
    if states <= {"unknown"}:
        return "unknown"
    if states <= {"blocked", "unknown"}:
        return "blocked_here"
    return "ok" if states <= {"open", "unknown"} else "degraded"


def to_entry(document: Document, at: datetime, request: Request) -> Entry:
    """Who asked, where and when, with the whole result. `scope` names the ports."""
    return Entry(
        id=document["id"],
        kind=KIND,
        target=TARGET,
        vantage=document["vantage"],
        verdict=document["verdict"],
        summary=stored_summary(document),
        started_at=at,
        elapsed_ms=document["elapsed_ms"],
        actor=request.actor.user,
        team=request.actor.team,
        channel=request.channel,
        surface=request.surface,
        document=document,
        scope=",".join(str(port["port"]) for port in document["ports"]),
    )


def _port(found: Outgoing) -> Document:
    controls = [
        {"host": it.host, "outcome": it.outcome or "not_tried", "elapsed_ms": ms(it.elapsed_ms)}
        for it in found.attempts
    ]
    return {"port": found.port, "state": found.state, "by": clean(found.by, 100), "controls": controls}
