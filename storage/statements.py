"""What is asked of the SQLite history and what is written to it: plain functions on an open database.

Those that write run inside the writer's transaction and may be run again after a rollback.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.interface import Availability, Entry, LastReading, Reading, StorageError, instant
from storage.rows import (
    ENTRY_COLUMNS,
    READING_COLUMNS,
    availability_of,
    entry_of,
    entry_row,
    last_reading_of,
    reading_of,
    reading_row,
)

_INSTANT = 32  # characters of `instant`

# Only names of columns are put into these: values are always parameters.
_ENTRY = f"SELECT {ENTRY_COLUMNS} FROM entries WHERE id = ?"  # noqa: S608 - constants
_PAGE = f"SELECT {ENTRY_COLUMNS} FROM entries WHERE {{}} ORDER BY started_at DESC, id DESC LIMIT ?"  # noqa: S608
_READINGS = (
    f"SELECT {READING_COLUMNS} FROM readings"  # noqa: S608 - constants
    " WHERE entry = (SELECT seq FROM entries WHERE id = ?) ORDER BY position"
)

ADD_READING = """
INSERT INTO readings (entry, position, started_at, host, address, port, state, ok, tls, latency_ms)
VALUES (:entry, :position, :started_at, :host, :address, :port, :state, :ok, :tls, :latency_ms)
"""

COUNT_READING = """
INSERT INTO days (host, day, port, checks, ok) VALUES (:host, substr(:started_at, 1, 10), :port, 1, :ok)
ON CONFLICT (host, day, port) DO UPDATE SET checks = checks + 1, ok = ok + excluded.ok
"""

LAST_READINGS = """
SELECT port, state, readings.started_at, entries.id FROM readings JOIN entries ON entries.seq = readings.entry
WHERE host = ? AND readings.started_at >= ? ORDER BY readings.started_at, entry
"""

AVAILABILITY = """
SELECT port, sum(checks) AS checks, sum(ok) AS ok FROM (
    SELECT port, checks, ok FROM days WHERE host = :host AND day >= :first_day
    UNION ALL
    SELECT port, 1, ok FROM readings WHERE host = :host AND started_at >= :since AND started_at < :first_day
) GROUP BY port ORDER BY port
"""


def add_entry(db: Database, entry: Entry, readings: Sequence[Reading]) -> None:
    """Insert an entry, its endpoints, and what they add to the daily roll-up."""
    row = entry_row(entry)
    try:
        seq = db.table("entries").insert(row).last_rowid or 0
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise StorageError(f"A result with the id {entry.id} is stored already; ids are given once.") from error
    rows = [reading_row(seq, place, row["started_at"], each) for place, each in enumerate(readings)]
    # executemany: sqlite-utils would spend longer on the four rows than SQLite does.
    db.conn.executemany(ADD_READING, rows)
    db.conn.executemany(COUNT_READING, rows)


def claim_key(db: Database, key: str, now: datetime, keep: timedelta) -> bool:
    """Drop what has expired, then take the key if nobody holds it."""
    claims = db.table("claims")
    claims.delete_where("expires_at <= ?", [instant(now)])
    if claims.count_where("key = ?", [key]):
        return False
    claims.insert({"key": key, "expires_at": instant(now + keep)})
    return True


def find_entry(db: Database, entry_id: str) -> Entry | None:
    """The entry with this id."""
    return next(map(entry_of, db.execute(_ENTRY, [entry_id])), None)


def recent_entries(db: Database, target: str | None, kind: str | None, limit: int, before: str | None) -> list[Entry]:
    """A page of entries, newest first, that match the given filters and come after the cursor."""
    conditions = dict(_conditions(target, kind, before))
    page = _PAGE.format(" AND ".join(conditions) or "true")
    values = [value for values in conditions.values() for value in values]
    return [entry_of(row) for row in db.execute(page, [*values, max(limit, 0)])]


def _conditions(target: str | None, kind: str | None, before: str | None) -> Iterator[tuple[str, list[str]]]:
    if target is not None:
        yield "target = ?", [target]
    if kind is not None:
        yield "kind = ?", [kind]
    if before is not None:
        yield "(started_at, id) < (?, ?)", list(_position(before))


def _position(cursor: str) -> tuple[str, str]:
    at, space, entry_id = cursor[:_INSTANT], cursor[_INSTANT : _INSTANT + 1], cursor[_INSTANT + 1 :]
    if space != " " or instant(datetime.fromisoformat(at)) != at:
        raise ValueError(f"not a cursor: {cursor!r}")
    return at, entry_id


def readings_of_entry(db: Database, entry_id: str) -> list[Reading]:
    """The endpoints of an entry in the order in which they were added."""
    return [reading_of(row) for row in db.execute(_READINGS, [entry_id])]


def last_readings_of_host(db: Database, host: str, since: datetime) -> list[LastReading]:
    """The last of each port: later rows take the place of earlier ones."""
    rows = db.execute(LAST_READINGS, [host, instant(since)])
    newest = {found.port: found for found in map(last_reading_of, rows)}
    return sorted(newest.values(), key=lambda found: found.port)


def availability_of_host(db: Database, host: str, since: datetime) -> list[Availability]:
    """Whole days from the roll-up, the first day's rest from the endpoints themselves."""
    start = instant(since)
    midnight = start[:10] + "T00:00:00.000000+00:00"
    first_day = start[:10] if start == midnight else instant(since + timedelta(days=1))[:10]
    rows = db.execute(AVAILABILITY, {"host": host, "since": start, "first_day": first_day})
    return [availability_of(row) for row in rows]
