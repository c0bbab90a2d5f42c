"""Between dataclasses and rows of SQLite: the only place that knows the order of the columns."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from storage.interface import Entry, LastReading, Line, Reading, Viewer, instant

ENTRY_COLUMNS = ", ".join(field.name for field in fields(Entry))
LINE_COLUMNS = ", ".join(field.name for field in fields(Line) if field.name != "readings")
READING_COLUMNS = ", ".join(Reading._fields)

VISIBLE = "(actor = :user OR channel IN (SELECT value FROM json_each(:channels)))"
"""The rule of `Viewer.sees` in SQL; its values are `viewer_values`."""

_NAMES = [field.name for field in fields(Entry)]
_STARTED_AT, _DOCUMENT = _NAMES.index("started_at"), _NAMES.index("document")


def entry_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry. ValueError: `started_at` is naive, or the document holds NaN or an infinity."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "target": _storable(entry.target),
        "vantage": entry.vantage,
        "verdict": entry.verdict,
        "summary": _storable(entry.summary),
        "started_at": instant(entry.started_at),
        "elapsed_ms": entry.elapsed_ms,
        "actor": entry.actor,
        "team": entry.team,
        "channel": entry.channel,
        "surface": entry.surface,
        # ASCII keeps lone surrogates as JSON escapes, so that they come back.
        "document": json.dumps(entry.document, allow_nan=False, separators=(",", ":")),
        "scope": _storable(entry.scope),
        "outcome": entry.outcome,
    }


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row of `ENTRY_COLUMNS`."""
    values = list(row)
    values[_STARTED_AT] = datetime.fromisoformat(values[_STARTED_AT])
    values[_DOCUMENT] = json.loads(values[_DOCUMENT])
    return Entry(*values)


def line_of(row: Sequence[Any], readings: Sequence[Reading] = ()) -> Line:
    """The line in a row of `LINE_COLUMNS`, with its endpoints."""
    values = [*row, tuple(readings)]
    values[_STARTED_AT] = datetime.fromisoformat(values[_STARTED_AT])
    return Line(*values)


def reading_row(entry: int, position: int, started_at: str, reading: Reading) -> dict[str, Any]:
    """The row of an endpoint: `entry` is the sequence number of its entry, `started_at` the entry's."""
    ends = reading.certificate_ends
    return {
        "entry": entry,
        "position": position,
        "started_at": started_at,
        "host": _storable(reading.host),
        "address": reading.address,
        "port": reading.port,
        "state": reading.state,
        "ok": int(reading.ok),
        "tls": _storable(reading.tls),
        "latency_ms": reading.latency_ms,
        "certificate": reading.certificate,
        "certificate_ends": None if ends is None else instant(ends),
    }


def reading_of(row: Sequence[Any]) -> Reading:
    """The endpoint in a row of `READING_COLUMNS`."""
    host, address, port, state, ok, tls, latency_ms, certificate, ends = row
    end = None if ends is None else datetime.fromisoformat(ends)
    return Reading(host, address, port, state, bool(ok), tls, latency_ms, certificate, end)


def last_reading_of(row: Sequence[Any]) -> LastReading:
    """The reading in a row of port, state, time and id."""
    port, state, started_at, entry = row
    return LastReading(port, state, datetime.fromisoformat(started_at), entry)


def visible(viewer: Viewer | None) -> str:
    """The condition for what a viewer may see, on a row with an actor and a channel."""
    return "true" if viewer is None else VISIBLE


def viewer_values(viewer: Viewer | None) -> dict[str, Any]:
    """The values of `VISIBLE`: NULL, which equals nothing, for nobody."""
    if viewer is None:
        return {}
    return {"user": viewer.user or None, "channels": json.dumps(sorted(viewer.channels - {""}))}


def _storable(text: str) -> str:
    """Lone surrogates (a server may send any bytes) spelled out: SQLite takes valid UTF-8 only."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
