"""Between dataclasses and rows of SQLite: the only place that knows the order of the columns."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from storage.interface import Endpoint, Entry, LastReading, Line, Reading, Viewer, instant

ENTRY_COLUMNS = ", ".join(field.name for field in fields(Entry))
READING_COLUMNS = ", ".join(Reading._fields)
_ENDPOINTS = f"SELECT json_group_array(json_array({', '.join(Endpoint._fields)})) FROM readings WHERE entry = seq"  # noqa: S608 - constants
LINE_COLUMNS = f"{', '.join(field.name for field in fields(Line)[:-1])}, ({_ENDPOINTS})"
"""With the endpoints, in one statement: to fetch a row for each of them would take three times as long."""

NOT_JUDGED = -1
"""`ok` of an endpoint that availability does not count: the column takes no NULL."""

VISIBLE = "(actor = :user OR channel IN (SELECT value FROM json_each(:channels)))"
"""The rule of `Viewer.sees` in SQL; its values are `viewer_values`."""

_NAMES = [field.name for field in fields(Entry)]
_STARTED_AT, _DOCUMENT = _NAMES.index("started_at"), _NAMES.index("document")

place = itemgetter(_STARTED_AT, _NAMES.index("id"))
"""Where a row of `ENTRY_COLUMNS` or `LINE_COLUMNS` stands in the order of every listing."""


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


def entries_of(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """The entries in rows of `ENTRY_COLUMNS`. Their documents are parsed in one go, in a third of the time."""
    found = [_dated(row) for row in rows]
    documents = json.loads(f"[{','.join([row[_DOCUMENT] for row in found])}]")
    for row, document in zip(found, documents, strict=True):
        row[_DOCUMENT] = document
    return [Entry(*row) for row in found]


def lines_of(rows: Iterable[Sequence[Any]]) -> list[Line]:
    """The lines in rows of `LINE_COLUMNS`."""
    found = [_dated(row) for row in rows]
    for row in found:
        row[-1] = _endpoints(row[-1])
    return [Line(*row) for row in found]


def _dated(row: Sequence[Any]) -> list[Any]:
    values = list(row)
    values[_STARTED_AT] = datetime.fromisoformat(values[_STARTED_AT])
    return values


@lru_cache(maxsize=1000)
def _endpoints(array: str) -> tuple[Endpoint, ...]:
    """Parsed once for all the results of a host that look alike: most do."""
    return tuple(map(Endpoint._make, json.loads(array)))


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
        "ok": NOT_JUDGED if reading.ok is None else int(reading.ok),
        "tls": _storable(reading.tls),
        "latency_ms": reading.latency_ms,
        "certificate": reading.certificate,
        "certificate_ends": None if ends is None else instant(ends),
    }


def reading_of(row: Sequence[Any]) -> Reading:
    """The endpoint in a row of `READING_COLUMNS`."""
    host, address, port, state, ok, tls, latency_ms, certificate, ends = row
    end = None if ends is None else datetime.fromisoformat(ends)
    return Reading(
        host, address, port, state, None if ok == NOT_JUDGED else bool(ok), tls, latency_ms, certificate, end
    )


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
    return {"user": viewer.user or None, "channels": _array(viewer.channels)}


@lru_cache(maxsize=200)
def _array(channels: frozenset[str]) -> str:
    """Made once for a person: a page of a target asks several questions, and somebody may be in 500 channels."""
    return json.dumps(sorted(channels - {""}))


def _storable(text: str) -> str:
    """Lone surrogates (a server may send any bytes) spelled out: SQLite takes valid UTF-8 only."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
