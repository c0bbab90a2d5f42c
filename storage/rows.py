"""Between dataclasses and rows of SQLite: the only place that knows the columns by name."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.interface import Availability, Entry, Reading, instant

Row = Mapping[str, Any]

ENTRY_FIELDS = tuple(Entry.__dataclass_fields__)
READING_FIELDS = tuple(Reading.__dataclass_fields__)


def entry_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry. ValueError: `started_at` is naive, or the document holds NaN or an infinity."""
    row = {name: _storable(getattr(entry, name)) for name in ENTRY_FIELDS}
    row["started_at"] = instant(entry.started_at)
    # ASCII keeps lone surrogates as JSON escapes, so that they come back.
    row["document"] = json.dumps(entry.document, allow_nan=False, separators=(",", ":"))
    return row


def entry_of(row: Row) -> Entry:
    """The entry in a row that holds at least its columns."""
    fields = {name: row[name] for name in ENTRY_FIELDS}
    fields["started_at"] = datetime.fromisoformat(row["started_at"])
    fields["document"] = json.loads(row["document"])
    return Entry(**fields)


def reading_row(entry: int, started_at: str, reading: Reading) -> dict[str, Any]:
    """The row of an endpoint that belongs to the entry with this sequence number."""
    fields = {name: _storable(getattr(reading, name)) for name in READING_FIELDS}
    return {"entry": entry, "started_at": started_at, **fields}


def reading_of(row: Row) -> Reading:
    """The endpoint in a row."""
    fields = {name: row[name] for name in READING_FIELDS}
    return Reading(**{**fields, "ok": bool(row["ok"])})


def availability_of(row: Row) -> Availability:
    """The counts in a row."""
    return Availability(port=row["port"], checks=row["checks"], ok=row["ok"])


def _storable(value: Any) -> Any:
    """Text with lone surrogates (a server may send any bytes) spelled out: SQLite takes valid UTF-8 only."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
