"""The JSON of what was seen of our own network (schema `portero.network/2`), its summary, and its row of history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from commands.contract import Request
from commands.slack_text import clean
from commands.smtpcheck.network.probe import Outgoing, OutgoingState
from commands.smtpcheck.result.document import stored_summary
from commands.smtpcheck.stored.document import ms, timestamp
from commands.smtpcheck.stored.pauses import NETWORK
from commands.smtpcheck.verdict.fault_side import pattern_of
from commands.smtpcheck.verdict.interception import MASK
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


NOTHING_KNOWN = frozenset({OutgoingState.UNKNOWN, OutgoingState.MISLED})


def verdict(found: Sequence[Outgoing]) -> str:
    """In the words of checks: ok, degraded, blocked_here or unknown."""
    states = {port.state for port in found}
    if states <= NOTHING_KNOWN:
        return "unknown"
    if states <= {OutgoingState.BLOCKED, *NOTHING_KNOWN}:
        return "blocked_here"
    return "ok" if states <= {OutgoingState.OPEN, *NOTHING_KNOWN} else "degraded"


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
    return {"port": found.port, "state": str(found.state), "by": clean(found.by, 100), "controls": controls}


Statement: TypeAlias = dict[str, Any]


def summary(found: Sequence[Outgoing]) -> list[Statement]:
    """The statements in order, each `{"code": ..., "params": {...}}`."""
    misled = [port for port in found if port.state == OutgoingState.MISLED]
    if misled:
        address = next(it.address for it in misled[0].attempts if it.address)
        return [{"code": "network_misled", "params": {"address": address}}]
    if all(port.state == OutgoingState.UNKNOWN for port in found):
        return [{"code": "network_unknown", "params": {}}]
    told = [*_intercepted(found), *_mute(found), *_blocked(found)]
    return told or [{"code": "network_open", "params": {}}]


def _mute(found: Sequence[Outgoing]) -> list[Statement]:
    """The ports on which every connection stands, and nobody says a word."""
    mute = [port.port for port in found if port.state == OutgoingState.MUTE]
    return [{"code": "network_unclear", "params": {"ports": _listed(mute)}}] if mute else []


def _blocked(found: Sequence[Outgoing]) -> list[Statement]:
    blocked = frozenset(port.port for port in found if port.state == OutgoingState.BLOCKED)
    if not blocked:
        return []
    known = pattern_of(blocked, frozenset(port.port for port in found if port.state == OutgoingState.OPEN))
    pattern = [{"code": "network_pattern", "params": {"pattern": known}}] if known else []
    last = {"code": "network_ask", "params": {}}
    return [{"code": "network_blocked", "params": {"ports": _listed(blocked)}}, *pattern, last]


def _intercepted(found: Sequence[Outgoing]) -> list[Statement]:
    masked = [port.port for port in found if port.by == MASK]
    named = [port for port in found if port.by not in {"", MASK}]
    names = list(dict.fromkeys(clean(port.by, 100) for port in named))
    params = {"ports": _listed(port.port for port in named), "names": names}
    said: list[Statement] = [{"code": "network_intercepted", "params": params}] if named else []
    return said + ([{"code": "network_masked", "params": {"ports": _listed(masked)}}] if masked else [])


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))
