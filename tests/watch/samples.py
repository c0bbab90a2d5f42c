"""Watches and observations: each call may change any field."""

from datetime import UTC, datetime, timedelta

from commands.watch.state.model import Watch
from commands.watch.state.observation import Observation

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_watch(**changes) -> Watch:
    fields = {
        "id": "w-1",
        "team": "T1",
        "owner": "U1",
        "channel": "C1",
        "target": "mail.example.com",
        "kind": "check",
        "every": 15 * MINUTE,
        "created_at": NOON,
        "due_at": NOON,
    }
    return Watch(**{**fields, **changes})


def seen(outcome, watch=None, **changes) -> Observation:
    """An observation of a watch (of `a_watch()` by default)."""
    watch = watch or a_watch()
    if outcome == "bad":
        changes = {"failing": (f"no_answer {watch.target}:25",), "verdict": "failed", **changes}
    if outcome in {"unknown", "blind"}:
        changes = {"held": (f"{watch.target}:25",), **changes}
    if outcome == "blind":
        changes = {"shut": (25,), **changes}
    if outcome == "good":
        changes = {"free": (25,), "verdict": "ok", **changes}
    return Observation(watch.kind, watch.target, watch.ports, outcome, **changes)


def endpoint(port=25, state="open", host="mail.example.com", tls="ok", address="192.0.2.25", **changes) -> dict:
    """An endpoint of `portero.check/2`, as far as a watch reads it."""
    told = {"state": tls, "certificate": changes.pop("certificate", None)} if tls else None
    codes = changes.pop("codes", ())
    return {
        "host": host,
        "address": address,
        "port": port,
        "state": state,
        "tls": told if state == "open" else None,
        "findings": [{"code": code, "severity": "warning", "message": ""} for code in codes],
        **changes,
    }


def document(*endpoints, verdict="ok", findings=(), **changes) -> dict:
    found = [{"code": code, "severity": severity, "message": ""} for code, severity in findings]
    fields = {"id": "e1", "verdict": verdict, "summary": "a summary", "elapsed_ms": 12.0}
    return {**fields, "endpoints": list(endpoints), "findings": found, **changes}
