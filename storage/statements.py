"""What is asked of the SQLite history and what is written to it: plain functions on an open database.

Those that write run inside the writer's transaction and may be run again after a rollback.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.interface import Availability, Entry, Reading, StorageError, instant
from storage.rows import ENTRY_FIELDS, availability_of, entry_of, entry_row, reading_of, reading_row

_ENTRY_COLUMNS = ", ".join(ENTRY_FIELDS)
_CURSOR_INSTANT = 32  # characters of `instant`

_COUNT_READING = """
INSERT INTO days (host, day, port, checks, ok) VALUES (:host, substr(:started_at, 1, 10), :port, 1, :ok)
ON CONFLICT (host, day, port) DO UPDATE SET checks = checks + 1, ok = ok + excluded.ok
"""

_AVAILABILITY = """
SELECT port, sum(checks) AS checks, sum(ok) AS ok FROM (
    SELECT port, checks, ok FROM days WHERE host = :host AND day >= :first_day
    UNION ALL
    SELECT port, 1, ok FROM readings WHERE host = :host AND started_at >= :since AND started_at < :first_day
) GROUP BY port ORDER BY port
"""


def add_entry(db: Database, entry: Entry, readings: Sequence[Reading]) -> None:
    """Insert an entry, its endpoints, and what they add to the daily roll-up."""
    row = entry_row(entry)
    if db.table("entries").count_where("id = ?", [entry.id]):
        raise StorageError(f"A result with the id {entry.id} is stored already; ids are given once.")
    seq: Any = db.table("entries").insert(row).last_pk
    rows = [reading_row(seq, row["started_at"], each) for each in readings]
    db.table("readings").insert_all(rows)
    db.conn.executemany(_COUNT_READING, rows)


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
    return next(map(entry_of, db.table("entries").rows_where("id = ?", [entry_id], select=_ENTRY_COLUMNS)), None)


def recent_entries(db: Database, target: str | None, kind: str | None, limit: int, before: str | None) -> list[Entry]:
    """A page of entries, newest first, that match the given filters and come after the cursor."""
    conditions = dict(_conditions(target, kind, before))
    rows = db.table("entries").rows_where(
        " AND ".join(conditions) or None,
        [value for values in conditions.values() for value in values],
        order_by="started_at DESC, id DESC",
        select=_ENTRY_COLUMNS,
        limit=max(limit, 0),
    )
    return [entry_of(row) for row in rows]


def _conditions(target: str | None, kind: str | None, before: str | None) -> Iterator[tuple[str, list[str]]]:
    if target is not None:
        yield "target = ?", [target]
    if kind is not None:
        yield "kind = ?", [kind]
    if before is not None:
        yield "(started_at, id) < (?, ?)", list(_position(before))


def _position(cursor: str) -> tuple[str, str]:
    at, space, entry_id = cursor[:_CURSOR_INSTANT], cursor[_CURSOR_INSTANT : _CURSOR_INSTANT + 1], cursor[33:]
    if space != " " or instant(datetime.fromisoformat(at)) != at:
        raise ValueError(f"not a cursor: {cursor!r}")
    return at, entry_id


def readings_of_entry(db: Database, entry_id: str) -> list[Reading]:
    """The endpoints of an entry in the order in which they were added."""
    rows = db.table("readings").rows_where("entry = (SELECT seq FROM entries WHERE id = ?)", [entry_id], "seq")
    return [reading_of(row) for row in rows]


def availability_of_host(db: Database, host: str, since: datetime) -> list[Availability]:
    """Whole days from the roll-up, the first day's rest from the endpoints themselves."""
    start = instant(since)
    midnight = start[:10] + "T00:00:00.000000+00:00"
    first_day = start[:10] if start == midnight else instant(since + timedelta(days=1))[:10]
    rows = db.query(_AVAILABILITY, {"host": host, "since": start, "first_day": first_day})
    return [availability_of(row) for row in rows]
