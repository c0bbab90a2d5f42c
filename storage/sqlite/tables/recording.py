"""What is written to the SQLite history: plain functions on an open database.

They run inside the writer's transaction and may be run again after a rollback.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.entries import LOCAL
from storage.history import Asker, Entry, Reading, StorageError, instant
from storage.sqlite.tables import outcome_changes
from storage.sqlite.tables.entry_rows import ENTRY_COLUMNS, entry_row, reading_row

# Plain statements: sqlite-utils would spend longer on these few rows than SQLite does.
_COLUMNS = ENTRY_COLUMNS.split(", ")
ADD_ENTRY = f"INSERT INTO entries ({ENTRY_COLUMNS}, alerted) VALUES (:{', :'.join(_COLUMNS)}, :alerted)"  # noqa: S608

ADD_READING = """
INSERT INTO readings (entry, position, started_at, host, address, port, state, ok, tls, latency_ms, certificate,
    certificate_ends)
VALUES (:entry, :position, :started_at, :host, :address, :port, :state, :ok, :tls, :latency_ms, :certificate,
    :certificate_ends)
"""

COUNT_READING = """
INSERT INTO tallies (host, day, port, team, actor, channel, entry, checks, ok)
VALUES (:host, substr(:started_at, 1, 10), :port, :team, :actor, :channel, :counted_as, 1, :ok)
ON CONFLICT (host, port, team, day, actor, channel, entry) DO UPDATE SET checks = checks + 1, ok = ok + excluded.ok
"""

ADD_ASKER = """
INSERT INTO entry_askers (entry, position, started_at, id, team, actor, channel)
VALUES (:entry, :position, :started_at, :id, :team, :actor, :channel)
"""
ASKERS = "SELECT actor, channel FROM entry_askers WHERE entry = ? ORDER BY position"

# A result may come late (a watch on another machine): what was seen after it stays.
KEEP_CERTIFICATE = """
INSERT INTO certificates (host, port, team, actor, channel, certificate, ends, started_at, id, entry)
VALUES (:host, :port, :team, :actor, :channel, :certificate, :certificate_ends, :started_at, :id, :entry)
ON CONFLICT (host, port, team, actor, channel) DO UPDATE
SET certificate = excluded.certificate, ends = excluded.ends, started_at = excluded.started_at, id = excluded.id,
    entry = excluded.entry
WHERE (excluded.started_at, excluded.id) > (started_at, id)
"""


def add_entry(db: Database, entry: Entry, readings: Sequence[Reading], *, alerted: bool = False) -> None:
    """Insert an entry, its endpoints, and what they add to the daily roll-up, the certificates and the changes.

    `alerted` is no part of the result and its checksum: the watch says so that saw it.
    """
    row = entry_row(entry) | {"alerted": int(alerted and entry.surface == "watch")}
    newest = outcome_changes.newest_before(db, row)
    try:
        seq = db.conn.execute(ADD_ENTRY, row).lastrowid or 0
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise StorageError(f"A result with the id {entry.id} is stored already; ids are given once.") from error
    outcome_changes.note_added(db, row, seq, newest)
    who = {name: row[name] for name in ("id", "team", "actor", "channel")}
    elsewhere = entry.vantage != LOCAL
    rows = [
        reading_row(seq, place, row["started_at"], each, elsewhere=elsewhere) | who
        for place, each in enumerate(readings)
    ]
    db.conn.executemany(ADD_READING, rows)
    askers = entry.askers if entry.others else ()
    together = {"entry": seq, "started_at": row["started_at"], **who}
    db.conn.executemany(
        ADD_ASKER, [{**together, "position": place, **each._asdict()} for place, each in enumerate(askers)]
    )
    count_readings(db, rows, askers)


def askers_of(db: Database, entry: int) -> list[Asker]:
    """Who asked for an entry together; nobody for one that one person asked for."""
    return [Asker._make(row) for row in db.execute(ASKERS, [entry])]


def count_readings(db: Database, rows: Sequence[Mapping[str, Any]], askers: Sequence[Asker] = ()) -> None:
    """Add the endpoints of one entry to the daily roll-up and the certificates of its audience, or of all `askers`."""
    counted = [{**row, "counted_as": row["entry"] if askers else 0} for row in rows if row["ok"] >= 0]
    db.conn.executemany(COUNT_READING, counted)
    soonest = list(soonest_ends(rows))
    shown = [{**row, **asker._asdict()} for row in soonest for asker in askers] if askers else soonest
    db.conn.executemany(KEEP_CERTIFICATE, shown)


def soonest_ends(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Of each host and port the reading whose certificate ends first."""
    dated = [row for row in rows if row["certificate_ends"] is not None]
    for place in dict.fromkeys((row["host"], row["port"]) for row in dated):
        yield min(
            (row for row in dated if (row["host"], row["port"]) == place), key=lambda row: row["certificate_ends"]
        )


def claim_key(db: Database, key: str, now: datetime, keep: timedelta) -> bool:
    """Drop what has expired, then take the key if nobody holds it."""
    claims = db.table("claims")
    claims.delete_where("expires_at <= ?", [instant(now)])
    if claims.count_where("key = ?", [key]):
        return False
    claims.insert({"key": key, "expires_at": instant(now + keep)})
    return True
