"""Between dataclasses and rows of SQLite: the only place that knows the order of the columns."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from storage.interface import Availability, Entry, LastReading, Reading, instant

ENTRY_COLUMNS = ", ".join(field.name for field in fields(Entry))
READING_COLUMNS = ", ".join(field.name for field in fields(Reading))
_STARTED_AT = [field.name for field in fields(Entry)].index("started_at")


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
    }


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row of `ENTRY_COLUMNS`."""
    values = list(row)
    values[_STARTED_AT] = datetime.fromisoformat(values[_STARTED_AT])
    values[-1] = json.loads(values[-1])
    return Entry(*values)


def reading_row(entry: int, position: int, started_at: str, reading: Reading) -> dict[str, Any]:
    """The row of an endpoint: `entry` is the sequence number of its entry, `started_at` the entry's."""
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
    }


def reading_of(row: Sequence[Any]) -> Reading:
    """The endpoint in a row of `READING_COLUMNS`."""
    host, address, port, state, ok, tls, latency_ms = row
    return Reading(host, address, port, state, bool(ok), tls, latency_ms)


def last_reading_of(row: Sequence[Any]) -> LastReading:
    """The reading in a row of port, state, time and id."""
    port, state, started_at, entry = row
    return LastReading(port, state, datetime.fromisoformat(started_at), entry)


def availability_of(row: Sequence[Any]) -> Availability:
    """The counts in a row of port, checks and ok."""
    return Availability(*row)


def _storable(text: str) -> str:
    """Lone surrogates (a server may send any bytes) spelled out: SQLite takes valid UTF-8 only."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
