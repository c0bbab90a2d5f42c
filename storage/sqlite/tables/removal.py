"""What is deleted goes from everywhere at once: the entry, its endpoints, the roll-up, the certificates, the changes.

Afterwards every question is answered as if it had never been there. Plain functions on an open database; they run
inside the writer's transaction and may be run again after a rollback.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from storage.history import instant
from storage.queries import Viewer
from storage.sqlite.tables import outcome_changes
from storage.sqlite.tables.entry_rows import ENTRY_COLUMNS, disowned, viewer_values, visible
from storage.sqlite.tables.listing import teams
from storage.sqlite.tables.recording import KEEP_CERTIFICATE, count_readings, soonest_ends

_MINE = "SELECT seq FROM entries WHERE id = :id AND {seen}"
_OLD = """
SELECT seq FROM entries INDEXED BY entries_newest WHERE team = ? AND started_at < ? ORDER BY started_at, id LIMIT ?
"""
_SHARED = """
SELECT seq FROM entries INDEXED BY entries_actor_newest WHERE actor = :actor AND team = :team AND surface = 'watch'
    AND EXISTS (SELECT 1 FROM json_each(:shared) WHERE substr(channel, 1, length(value)) = value)
ORDER BY started_at, id LIMIT :batch
"""
_OF_ACTOR = """
SELECT seq FROM entries INDEXED BY entries_actor_newest
WHERE actor = :actor AND team = :team ORDER BY started_at, id LIMIT :batch
"""

_ASKED = "SELECT DISTINCT entry FROM entry_askers WHERE team = :team AND actor = :actor LIMIT :batch"
_ASKED_TOGETHER = """
SELECT DISTINCT entry FROM entry_askers AS theirs WHERE team = :team AND actor = :actor AND EXISTS (
    SELECT 1 FROM entry_askers AS others WHERE others.entry = theirs.entry AND others.actor <> theirs.actor)
LIMIT :batch
"""
_ASKED_THIS = """
SELECT DISTINCT entry FROM entry_askers WHERE entry = (SELECT seq FROM entries WHERE id = :id) AND {seen}
"""

_GOING = "(SELECT value FROM json_each(:going))"
_OF_NOBODY_ELSE = """
SELECT value FROM json_each(:going) WHERE NOT EXISTS (
    SELECT 1 FROM entry_askers WHERE entry = value AND actor <> :actor)
"""
_COUNTED = f"""
SELECT host, substr(readings.started_at, 1, 10) AS day, port, team, actor, channel, count(*) AS checks, sum(ok) AS ok,
    iif(EXISTS (SELECT 1 FROM entry_askers WHERE entry_askers.entry = seq), seq, 0) AS entry
FROM readings JOIN entries ON seq = readings.entry WHERE readings.entry IN {_GOING} AND ok >= 0
GROUP BY 1, 2, 3, 4, 5, 6, 9
"""  # noqa: S608 - constants
_TALLY = (
    "host = :host AND port = :port AND team = :team AND day = :day AND actor = :actor AND channel = :channel"
    " AND entry = :entry"
)
_REDUCE = f"UPDATE tallies SET checks = checks - :checks, ok = ok - :ok WHERE {_TALLY}"  # noqa: S608 - constants
_EMPTY = f"DELETE FROM tallies WHERE {_TALLY} AND checks <= 0"  # noqa: S608 - constants

_SHOWN = f"SELECT host, port, team, actor, channel FROM certificates WHERE entry IN {_GOING}"  # noqa: S608 - constants
_LAST_SHOWN = tuple(
    f"""
SELECT {entry} FROM {table}
WHERE actor = :actor AND team = :team AND channel = :channel AND EXISTS (
    SELECT 1 FROM readings WHERE readings.entry = {entry} AND host = :host AND port = :port
    AND certificate_ends IS NOT NULL)
ORDER BY started_at DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants
    for entry, table in (
        ("seq", "entries INDEXED BY entries_actor_newest"),
        ("entry_askers.entry", "entry_askers INDEXED BY entry_askers_actor"),
    )
)
"""Of what they asked alone, and of what they asked with others."""

_ROWS = """
SELECT host, port, ok, team, actor, channel, certificate, certificate_ends, readings.started_at, id, entry
FROM readings JOIN entries ON seq = entry
"""
_READINGS = f"{_ROWS} WHERE entry = ? AND host = ? AND port = ? ORDER BY position"
_GIVEN_UP = f"{_ROWS} WHERE entry IN {_GOING} ORDER BY entry, position"


def delete_entry(db: Database, entry_id: str, viewer: Viewer) -> bool:
    """Delete one entry, if it is theirs or they are an admin; what was seen before it is the last again.

    What others asked for, too, goes for whoever deletes it alone.
    """
    mine = replace(viewer, channels=frozenset())
    asked = {"id": entry_id, **viewer_values(mine)}
    going = [seq for (seq,) in db.execute(_MINE.format(seen=visible(mine)), asked)]
    left = [] if viewer.admin else [seq for (seq,) in db.execute(_ASKED_THIS.format(seen=visible(mine)), asked)]
    shown = _named(db, _SHOWN, {"going": json.dumps([*going, *left])})
    _remove(db, going)
    _leave(db, left, viewer.user)
    for place in shown:
        _restore(db, place)
    return bool(going or left)


def prune_batch(db: Database, before: datetime, batch: int) -> int:
    """Delete the oldest entries of each team that started before. Nothing that an audience saw earlier is left."""
    old = (row for team in teams(db) for row in db.execute(_OLD, [team, instant(before), batch]))
    return _remove(db, [seq for (seq,) in islice(old, batch)])


def leave_batch(db: Database, team: str, actor: str, batch: int) -> int:
    """Take a person off entries that others asked for, too."""
    asked = {"team": team, "actor": actor, "batch": batch}
    going = [seq for (seq,) in db.execute(_ASKED_TOGETHER, asked)]
    _leave(db, going, actor)
    return len(going)


def forget_batch(db: Database, team: str, actor: str, batch: int) -> int:
    """Delete the oldest entries of a person of a team, then those that nobody else asked for any more."""
    asked = {"team": team, "actor": actor, "batch": batch}
    going = db.execute(_OF_ACTOR, asked).fetchall() or db.execute(_ASKED, asked).fetchall()
    return _remove(db, [seq for (seq,) in going])


def disown_batch(db: Database, team: str, actor: str, shared: Sequence[str], batch: int) -> int:
    """Take a person's name off the oldest results of their watches in shared channels, as if it had never been there.

    Their certificates of before are not looked up again: `forget_batch` is next.
    """
    asked = {"team": team, "actor": actor, "shared": json.dumps(shared), "batch": batch}
    values = {"going": json.dumps([seq for (seq,) in db.execute(_SHARED, asked)])}
    _uncount(db, values)
    db.execute(f"DELETE FROM certificates WHERE entry IN {_GOING}", values)  # noqa: S608 - constants
    theirs = db.execute(f"SELECT {ENTRY_COLUMNS}, seq FROM entries WHERE seq IN {_GOING}", values).fetchall()  # noqa: S608
    changed = [(*disowned(row), seq) for *row, seq in theirs]
    db.conn.executemany("UPDATE entries SET actor = ?, document = ? WHERE seq = ?", changed)
    for _, rows in groupby(_named(db, _GIVEN_UP, values), itemgetter("entry")):
        count_readings(db, list(rows))
    return len(changed)


def _uncount(db: Database, values: dict[str, str]) -> None:
    counted = _named(db, _COUNTED, values)
    db.conn.executemany(_REDUCE, counted)
    db.conn.executemany(_EMPTY, counted)


def _remove(db: Database, going: list[int]) -> int:
    values = {"going": json.dumps(going)}
    _uncount(db, values)
    changes = outcome_changes.noted(db, values["going"])
    db.execute(f"DELETE FROM entries WHERE seq IN {_GOING}", values)  # noqa: S608 - constants
    outcome_changes.note_gone(db, changes)
    return len(going)


def _leave(db: Database, entries: list[int], actor: str) -> None:
    """Take a person off entries that several asked for; what nobody else asked for goes."""
    values = {"going": json.dumps(entries), "actor": actor}
    alone = [seq for (seq,) in db.execute(_OF_NOBODY_ELSE, values)]
    _remove(db, alone)
    for table in ("entry_askers", "certificates"):
        db.execute(f"DELETE FROM {table} WHERE entry IN {_GOING} AND actor = :actor", values)  # noqa: S608 - constants


def _restore(db: Database, place: dict[str, Any]) -> None:
    """Of what an audience saw last, the newest stays (`KEEP_CERTIFICATE`)."""
    for query in _LAST_SHOWN:
        for (last,) in db.execute(query, place).fetchall():
            rows = _named(db, _READINGS, [last, place["host"], place["port"]])
            db.conn.executemany(KEEP_CERTIFICATE, [{**row, **place} for row in soonest_ends(rows)])


def _named(db: Database, query: str, values: Any) -> list[dict[str, Any]]:
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
