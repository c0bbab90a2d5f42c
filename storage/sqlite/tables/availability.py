"""How often ports of hosts were well, and how long connecting took: plain functions on an open database that read."""

import json
import operator
import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from sqlite_utils import Database

from storage.history import Availability, Point, Viewer, instant
from storage.sqlite.tables.damaged_rows import only
from storage.sqlite.tables.entry_rows import moment, result_visible, viewer_values
from storage.sqlite.tables.listing import teams

SLOTS = 25
"""Measurements that make one point of a trend."""

# `ok >= -1`: what was seen from another vantage is no part of a trend (`entry_rows`).
# Only `result_visible` and joins are put into these: values are always parameters.

# Port by port along the key: to sort a year of days by port would take five times as long as to add them up.
DAYS = """
SELECT json_array(sum(checks), sum(ok)) FROM tallies
WHERE host = :host AND port = {port} AND day >= :first_day AND day < :last_day AND {seen}
"""
_BY_PORT = """
WITH RECURSIVE ports(port) AS (
    SELECT min(port) FROM tallies WHERE host = :host
    UNION -- and not ALL, which in a damaged index might go round for ever
    SELECT (SELECT min(port) FROM tallies WHERE host = :host AND port > ports.port) FROM ports WHERE port IS NOT NULL
) SELECT port, ({days}) FROM ports WHERE port IS NOT NULL
"""
PART_OF_DAY = """
SELECT port, count(*), sum(ok) FROM readings {joined}
WHERE host = :host AND readings.started_at >= :start AND readings.started_at < :end AND ok >= 0 AND {seen}
GROUP BY port
"""
_NEVER = "9999"  # behind every day and every instant

MEASURED = """
SELECT readings.started_at FROM readings {joined}
WHERE host = :host AND readings.started_at >= :since AND readings.started_at < :until AND latency_ms IS NOT NULL
    AND ok >= -1 AND {seen}
ORDER BY readings.started_at {direction} LIMIT 1
"""

# Ties in the order of the index: of measurements at one moment a good one.
TREND = """
SELECT slot.key, (
    SELECT json_array(readings.started_at, latency_ms) FROM readings {joined}
    WHERE host = :host AND readings.started_at >= json_extract(slot.value, '$[0]')
      AND readings.started_at < json_extract(slot.value, '$[1]') AND port = :port AND latency_ms IS NOT NULL
      AND ok >= -1 AND {seen}
    ORDER BY readings.started_at DESC, ok DESC, entry DESC, position DESC LIMIT 1
) FROM json_each(:slots) AS slot
"""


def availability_of_hosts(
    db: Database, hosts: Sequence[str], since: datetime, viewer: Viewer, until: datetime | None = None
) -> list[Availability]:
    """Whole days from the roll-up, the rest of the first and the last day from the endpoints themselves."""
    start, end = instant(since), instant(until) if until else _NEVER
    midnight = start[:10] + "T00:00:00.000000+00:00"
    first_day = start[:10] if start == midnight else instant(since + timedelta(days=1))[:10]
    days = {"first_day": first_day, "last_day": end[:10]}
    parts = _parts(start, first_day, end)
    asked = viewer_values(viewer)
    seen = _seen_in_results(db, viewer)
    part_of_day = PART_OF_DAY.format(seen=seen, joined=_joined(seen))
    counted: dict[int, list[int]] = {}
    for host in dict.fromkeys(hosts):
        counts: list[Iterable[tuple[int, int, int]]] = [
            _counts_of_days(db, {**asked, **days, "host": host}, result_visible(viewer, "tallies.entry"))
        ]
        counts += [map(_read, db.execute(part_of_day, {**asked, **part, "host": host})) for part in parts]
        for port, checks, ok in chain.from_iterable(counts):
            total = counted.setdefault(port, [0, 0])
            total[0] += checks
            total[1] += ok
    return [Availability(port, *total) for port, total in sorted(counted.items())]


def _parts(start: str, first_day: str, end: str) -> list[dict[str, str]]:
    """What the days from the first midnight to the last do not cover; within one day all of it."""
    if end[:10] < first_day:
        return [{"start": start, "end": end}] if start < end else []
    parts = (start, first_day), (end[:10], end)
    return [{"start": begin, "end": stop} for begin, stop in parts if begin < stop and begin < _NEVER]


def _seen_in_results(db: Database, viewer: Viewer) -> str:
    """As `result_visible`. Where there is no other team its admins see all, and no entry has to be looked at."""
    seen = result_visible(viewer)
    return "true" if viewer.admin and seen != "true" and teams(db) == [viewer.team] else seen


def _read(row: Sequence[Any]) -> tuple[int, int, int]:
    return only(_count, row)


def _counts_of_days(db: Database, asked: dict[str, Any], seen: str) -> Iterator[tuple[int, int, int]]:
    """In one statement: the channels of somebody are read once."""
    for row in db.execute(_BY_PORT.format(days=DAYS.format(port="ports.port", seen=seen)), asked):
        port, (checks, ok) = only(_added_up, row)
        if checks:
            yield only(_count, (port, checks, ok))


def _added_up(row: Sequence[Any]) -> tuple[int, list[int]]:
    port, sums = row
    return port, json.loads(sums)


def _count(row: Sequence[Any]) -> tuple[int, int, int]:
    port, checks, ok = map(operator.index, row)
    return port, checks, ok


def trend_of_port(
    db: Database, host: str, port: int, span: tuple[datetime, datetime], points: int, viewer: Viewer
) -> list[Point]:
    """The median of `SLOTS` measurements for each part of the time in which something was measured.

    From the first to the last measurement of the host, whichever port: so ports have the same parts.
    """
    asked = {"host": host, "port": port, **viewer_values(viewer)}
    ends = _measured(db, {**asked, "since": instant(span[0]), "until": instant(span[1])}, viewer)
    if ends is None:
        return []
    since, until = ends[0], ends[1] + timedelta(microseconds=1)
    edges = [since + (until - since) * number / (points * SLOTS) for number in range(points * SLOTS + 1)]
    slots = json.dumps(list(pairwise(map(instant, edges))))
    parts: dict[int, list[tuple[datetime, float]]] = {}
    seen = result_visible(viewer)
    query = TREND.format(seen=seen, joined=_joined(seen))
    for slot, measured in db.execute(query, {**asked, "slots": slots}):
        if measured is not None:
            parts.setdefault(slot // SLOTS, []).append(only(_measurement, (measured,)))
    return [Point(part, measured[-1][0], _median(measured)) for part, measured in sorted(parts.items())]


def _measured(db: Database, asked: dict[str, Any], viewer: Viewer) -> tuple[datetime, datetime] | None:
    """When a host was measured first and last in a time; None: never."""
    seen = result_visible(viewer)
    queries = (MEASURED.format(seen=seen, joined=_joined(seen), direction=direction) for direction in ("ASC", "DESC"))
    ends = [only(_moment, row) for query in queries for row in db.execute(query, asked)]
    return (ends[0], ends[1]) if ends else None


def _moment(row: Sequence[Any]) -> datetime:
    return moment(row[0])


def _measurement(row: Sequence[Any]) -> tuple[datetime, float]:
    at, latency_ms = json.loads(row[0])
    return moment(at), float(latency_ms)


def _median(measured: Sequence[tuple[datetime, float]]) -> float:
    return statistics.median(latency_ms for _, latency_ms in measured)


def _joined(seen: str) -> str:
    """Whose result it was, and of which team, stands in the entry alone."""
    return "" if seen == "true" else "JOIN entries ON seq = entry"
