"""Entries and endpoints to store: each call may change any field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.history import Entry, Reading

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def an_entry(id: str = "e1", **changes: Any) -> Entry:  # noqa: A002 - the name of the field
    fields: dict[str, Any] = {
        "kind": "check",
        "target": "mail.example.com",
        "vantage": "local",
        "verdict": "degraded",
        "summary": "587 answers, 25 does not",
        "started_at": NOON,
        "elapsed_ms": 312.5,
        "actor": "U1",
        "team": "T1",
        "channel": "C1",
        "surface": "slash",
        "document": {"schema": "portero.check/1", "endpoints": [{"port": 587, "greeting": None}]},
    }
    return Entry(id=id, **{**fields, **changes})


def a_reading(port: int = 587, **changes: Any) -> Reading:
    fields: dict[str, Any] = {
        "host": "mail.example.com",
        "address": "192.0.2.25",
        "state": "open",
        "ok": True,
        "tls": "ok",
        "latency_ms": 12.25,
    }
    return Reading(port=port, **{**fields, **changes})
