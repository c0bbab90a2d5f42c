"""What is known of a host, a target or certificates: plain functions on an open database that read."""

import json
import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from storage.interface import (
    Availability,
    Certificate,
    Entry,
    LastReading,
    Line,
    Point,
    Reading,
    Streak,
    Viewer,
    instant,
)
from storage.listing import readings_of_entries
from storage.rows import (
    ENTRY_COLUMNS,
    LINE_COLUMNS,
    READING_COLUMNS,
    VISIBLE,
    entry_of,
    last_reading_of,
    line_of,
    reading_of,
    viewer_values,
)

SLOTS = 25
"""Measurements that make one point of a trend."""

# Only names of columns and `VISIBLE` are put into these: values are always parameters.
_ENTRY = f"SELECT {ENTRY_COLUMNS} FROM entries WHERE id = :id AND {{seen}}"  # noqa: S608 - constants
_READINGS = (
    f"SELECT {READING_COLUMNS} FROM readings"  # noqa: S608 - constants
    " WHERE entry = (SELECT seq FROM entries WHERE id = ?) ORDER BY position"
)

LAST_READINGS = """
SELECT port, state, readings.started_at, entries.id FROM readings JOIN entries ON entries.seq = readings.entry
WHERE host = ? AND readings.started_at >= ? ORDER BY readings.started_at, entry, position
"""

# Port by port along the key: to sort a year of days by port would take five times as long as to add them up.
_PORTS = """
WITH RECURSIVE ports(port) AS (
    SELECT min(port) FROM tallies WHERE host = :host
    UNION ALL
    SELECT (SELECT min(port) FROM tallies WHERE host = :host AND port > ports.port) FROM ports WHERE port IS NOT NULL
) SELECT port FROM ports WHERE port IS NOT NULL
"""
DAYS = "SELECT sum(checks), sum(ok) FROM tallies WHERE host = :host AND port = :port AND day >= :first_day AND {seen}"
FIRST_DAY = """
SELECT port, count(*), sum(ok) FROM readings {joined}
WHERE host = :host AND readings.started_at >= :since AND readings.started_at < :first_day AND {seen} GROUP BY port
"""

# Ties in the order of the index: of measurements at one moment a good one.
TREND = """
SELECT slot.key, (
    SELECT latency_ms FROM readings {joined}
    WHERE host = :host AND readings.started_at >= json_extract(slot.value, '$[0]')
      AND readings.started_at < json_extract(slot.value, '$[1]') AND port = :port AND latency_ms IS NOT NULL AND {seen}
    ORDER BY readings.started_at DESC, ok DESC, entry DESC, position DESC LIMIT 1
) FROM json_each(:slots) AS slot
"""

_COMPARED = "SELECT target, kind, vantage, scope, outcome, started_at, id FROM entries WHERE id = ? AND outcome <> ''"
_ALIKE = (
    f"SELECT seq, {LINE_COLUMNS} FROM entries INDEXED BY entries_outcomes"  # noqa: S608 - constants
    " WHERE target = :target AND kind = :kind AND vantage = :vantage AND scope = :scope AND outcome <> '' AND {seen}"
)
_BEFORE = _ALIKE + (
    " AND (started_at, id) < (:started_at, :id) AND outcome <> :outcome ORDER BY started_at DESC, id DESC LIMIT 1"
)
_FIRST = _ALIKE + (
    " AND (started_at, id) > (:after, :after_id) AND (started_at, id) <= (:started_at, :id)"
    " ORDER BY started_at, id LIMIT 1"
)

CERTIFICATES = """
SELECT host, port, certificate, ends, started_at, id FROM certificates AS shown
WHERE ends >= :after AND ends < :before AND {seen} AND NOT EXISTS (
    SELECT 1 FROM certificates AS newer WHERE newer.host = shown.host AND newer.port = shown.port
      AND (newer.started_at, newer.id) > (shown.started_at, shown.id) AND {seen})
ORDER BY ends, host, port LIMIT :limit
"""


def find_entry(db: Database, entry_id: str, viewer: Viewer | None) -> Entry | None:
    """The entry with this id, if the viewer may see it."""
    rows = db.execute(_ENTRY.format(seen=_seen(viewer)), {"id": entry_id, **viewer_values(viewer)})
    return next(map(entry_of, rows), None)


def readings_of_entry(db: Database, entry_id: str) -> list[Reading]:
    """The endpoints of an entry in the order in which they were added."""
    return [reading_of(row) for row in db.execute(_READINGS, [entry_id])]


def last_readings_of_host(db: Database, host: str, since: datetime) -> list[LastReading]:
    """The last of each port: later rows take the place of earlier ones."""
    rows = db.execute(LAST_READINGS, [host, instant(since)])
    newest = {found.port: found for found in map(last_reading_of, rows)}
    return sorted(newest.values(), key=lambda found: found.port)


def availability_of_hosts(
    db: Database, hosts: Sequence[str], since: datetime, viewer: Viewer | None
) -> list[Availability]:
    """Whole days from the roll-up, the first day's rest from the endpoints themselves."""
    start = instant(since)
    midnight = start[:10] + "T00:00:00.000000+00:00"
    first_day = start[:10] if start == midnight else instant(since + timedelta(days=1))[:10]
    asked = {"since": start, "first_day": first_day, **viewer_values(viewer)}
    counted: dict[int, list[int]] = {}
    for host in dict.fromkeys(hosts):
        for port, checks, ok in _counts_of_host(db, {**asked, "host": host}, viewer):
            total = counted.setdefault(port, [0, 0])
            total[0] += checks
            total[1] += ok
    return [Availability(port, *total) for port, total in sorted(counted.items())]


def _counts_of_host(db: Database, asked: dict[str, Any], viewer: Viewer | None) -> Iterator[tuple[int, int, int]]:
    seen, joined = _seen(viewer), _joined(viewer)
    yield from db.execute(FIRST_DAY.format(seen=seen, joined=joined), asked)
    for (port,) in db.execute(_PORTS, asked).fetchall():
        checks, ok = db.execute(DAYS.format(seen=seen), {**asked, "port": port}).fetchone()
        if checks:
            yield port, checks, ok


def trend_of_port(
    db: Database, host: str, port: int, span: tuple[datetime, datetime], points: int, viewer: Viewer | None
) -> list[Point]:
    """The median of `SLOTS` measurements for each part of the span in which something was measured."""
    since, until = span
    edges = [since + (until - since) * number / (points * SLOTS) for number in range(points * SLOTS + 1)]
    slots = json.dumps(list(pairwise(map(instant, edges))))
    asked = {"host": host, "port": port, "slots": slots, **viewer_values(viewer)}
    measured: dict[int, list[float]] = {}
    for slot, latency_ms in db.execute(TREND.format(seen=_seen(viewer), joined=_joined(viewer)), asked):
        if latency_ms is not None:
            measured.setdefault(slot // SLOTS, []).append(latency_ms)
    part = (until - since) / points
    return [Point(since + part * (place + 0.5), statistics.median(each)) for place, each in sorted(measured.items())]


def streak_of(db: Database, entry_id: str, viewer: Viewer | None) -> Streak | None:
    """The oldest result of an unbroken run, and the one before it."""
    compared = db.execute(_COMPARED, [entry_id])
    names = [column[0] for column in compared.description]
    row = compared.fetchone()
    if row is None:
        return None
    asked = {**dict(zip(names, row, strict=True)), **viewer_values(viewer)}
    before = db.execute(_BEFORE.format(seen=_seen(viewer)), asked).fetchone()
    line = _line(db, before) if before else None
    after = {"after": instant(line.started_at), "after_id": line.id} if line else {"after": "", "after_id": ""}
    first = db.execute(_FIRST.format(seen=_seen(viewer)), {**asked, **after}).fetchone()
    return Streak(_line(db, first), line) if first else None


def certificates_between(
    db: Database, after: datetime, before: datetime, viewer: Viewer | None, limit: int
) -> list[Certificate]:
    """What each host and port showed last, if that ends in this time."""
    asked = {"after": instant(after), "before": instant(before), "limit": max(limit, 0), **viewer_values(viewer)}
    rows = db.execute(CERTIFICATES.format(seen=_seen(viewer)), asked)
    return [
        Certificate(host, port, certificate, datetime.fromisoformat(ends), datetime.fromisoformat(seen_at), entry)
        for host, port, certificate, ends, seen_at, entry in rows
    ]


def _line(db: Database, row: Sequence[Any]) -> Line:
    return line_of(row[1:], readings_of_entries(db, [row[0]]).get(row[0], ()))


def _seen(viewer: Viewer | None) -> str:
    return "true" if viewer is None else VISIBLE


def _joined(viewer: Viewer | None) -> str:
    """Whose result it was stands in the entry alone."""
    return "" if viewer is None else "JOIN entries ON seq = entry"
