"""Rows of history for tests: a document as somebody's result, and who presses a button on it."""

from dataclasses import replace
from datetime import UTC, datetime

from commands.contract import Actor, Request
from storage.history import Entry

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def entry_of(document, **changes):
    """The document as a check of U1's in the channel C1."""
    made = Entry(
        id=str(document.get("id", "0123")),
        kind="check",
        target=str(document.get("target", "mail.example.com")),
        vantage="local",
        verdict=str(document.get("verdict", "ok")),
        summary=str(document.get("summary", "")),
        started_at=AT,
        elapsed_ms=12.0,
        actor="U1",
        team="T1",
        channel="C1",
        surface="slash",
        document=dict(document),
    )
    return replace(made, **changes)


def pressing(user="U1", **changes):
    """A button pressed in the channel C1."""
    return replace(Request("smtpcheck", Actor(user, "T1"), AT, channel="C1", surface="button"), **changes)
