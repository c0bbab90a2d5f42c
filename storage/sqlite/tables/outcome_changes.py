"""Where a result differs from the one before it of its target, kind, vantage and scope: noted as results come and go.

25,000 equal results have no row here, and a log of changes steps over them. A row too many costs a step, one
too few would hide a change: whatever gets another predecessor is looked at again. Plain functions on an open database.
"""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import Any, TypeAlias

from sqlite_utils import Database

Connected: TypeAlias = Database | Connection

_COLUMNS = "team, target, kind, vantage, scope, started_at, id"
_ALIKE = (
    "FROM entries INDEXED BY entries_outcomes WHERE team = :team AND target = :target AND kind = :kind"
    " AND vantage = :vantage AND scope = :scope AND outcome <> ''"
)
_NEWEST = f"SELECT started_at, id, outcome {_ALIKE} ORDER BY started_at DESC, id DESC LIMIT 1"
_BEFORE = f"""
SELECT outcome {_ALIKE} AND (started_at, id) < (:started_at, :id) ORDER BY started_at DESC, id DESC LIMIT 1
"""
_AFTER = f"""
SELECT started_at, id, outcome, seq {_ALIKE} AND (started_at, id) > (:started_at, :id) ORDER BY started_at, id LIMIT 1
"""
_NOTE = f"""
INSERT OR IGNORE INTO outcome_changes ({_COLUMNS}, entry)
VALUES (:team, :target, :kind, :vantage, :scope, :started_at, :id, :entry)
"""  # noqa: S608 - names of columns
_NOTED = f"""
SELECT {_COLUMNS} FROM outcome_changes WHERE entry IN (SELECT value FROM json_each(:going))
"""  # noqa: S608 - names of columns
NOTE_ALL = f"""
INSERT OR IGNORE INTO outcome_changes ({_COLUMNS}, entry) SELECT {_COLUMNS}, seq FROM (
    SELECT {_COLUMNS}, seq, outcome, lag(outcome) OVER (
        PARTITION BY team, target, kind, vantage, scope ORDER BY started_at, id) AS before
    FROM entries INDEXED BY entries_outcomes WHERE outcome <> '')
WHERE before <> outcome
"""  # noqa: S608 - names of columns
"""Of a whole file, for a step of the schema and what was rescued."""


def newest_before(db: Connected, row: dict[str, Any]) -> tuple[str, str, str] | None:
    """Time, id and outcome of the newest of the row's scope, asked before it is inserted; None: there is none."""
    found: tuple[str, str, str] | None = db.execute(_NEWEST, row).fetchone() if row["outcome"] else None
    return found


def note_added(db: Connected, row: dict[str, Any], entry: int, newest: tuple[str, str, str] | None) -> None:
    """Note a row that was inserted as `entry`; where it came late, also the one behind it."""
    if newest is None:
        return
    if newest[:2] < (row["started_at"], row["id"]):
        if newest[2] != row["outcome"]:
            db.execute(_NOTE, {**row, "entry": entry})
        return
    _note(db, {**row, "entry": entry})
    _note_after(db, row)


def noted(db: Database, going: str) -> list[dict[str, Any]]:
    """What is noted of rows that are about to go (their numbers as JSON)."""
    rows = db.execute(_NOTED, {"going": going})
    return [dict(zip(_COLUMNS.split(", "), row, strict=True)) for row in rows]


def note_gone(db: Database, places: Iterable[dict[str, Any]]) -> None:
    """Look again at what stands behind places where something was noted that is gone."""
    for place in places:
        _note_after(db, place)


def _note_after(db: Connected, place: dict[str, Any]) -> None:
    found = db.execute(_AFTER, place).fetchone()
    if found:
        at, entry_id, outcome, entry = found
        _note(db, {**place, "started_at": at, "id": entry_id, "outcome": outcome, "entry": entry})


def _note(db: Connected, row: dict[str, Any]) -> None:
    before = db.execute(_BEFORE, row).fetchone()
    if before is not None and before[0] != row["outcome"]:
        db.execute(_NOTE, row)
