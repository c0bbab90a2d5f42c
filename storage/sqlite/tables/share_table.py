"""Where results were shared: plain functions on an open database.

Those that write run inside the writer's transaction and may be run again after a rollback.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.history import Viewer, instant
from storage.queries import EVERY_TEAM
from storage.shares import SharedResult
from storage.sqlite.tables.damaged_rows import DamagedRowError, only
from storage.sqlite.tables.entry_rows import moment

SHARE_COLUMNS = "entry, channel, thread, actor, at, posted, ts"
_PLACE = "team = ? AND entry = ? AND channel = ? AND thread = ?"
_FIND = f"SELECT {SHARE_COLUMNS} FROM shares WHERE {_PLACE}"  # noqa: S608 - constants
_KEEP = f"INSERT OR REPLACE INTO shares (team, {SHARE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_DROP = f"DELETE FROM shares WHERE {_PLACE}"  # noqa: S608 - constants


def claim_share(db: Database, wanted: SharedResult, viewer: Viewer, patience: timedelta) -> SharedResult | None:
    known = find_share(db, wanted.entry, wanted.channel, wanted.thread, viewer)
    if known is not None and (known.posted or wanted.at - known.at < patience):
        return known
    keep_share(db, wanted, viewer)
    return None


def keep_share(db: Database, posted: SharedResult, viewer: Viewer) -> None:
    db.execute(_KEEP, [_team(viewer), *share_row(posted)])


def drop_share(db: Database, gone: SharedResult, viewer: Viewer) -> None:
    db.execute(_DROP, [_team(viewer), gone.entry, gone.channel, gone.thread])


def find_share(db: Database, entry: str, channel: str, thread: str, viewer: Viewer) -> SharedResult | None:
    row = db.execute(_FIND, [_team(viewer), entry, channel, thread]).fetchone()
    return only(share_of, row) if row else None


def forget_shares(db: Database, team: str, actor: str) -> None:
    """Nobody takes back what a forgotten person shared."""
    db.execute("DELETE FROM shares WHERE team = ? AND actor = ?", [team, actor])


def prune_shares(db: Database, before: datetime) -> None:
    db.execute("DELETE FROM shares WHERE at < ?", [instant(before)])


def share_row(shared: SharedResult) -> tuple[Any, ...]:
    """The columns of `SHARE_COLUMNS`. ValueError: `at` is naive."""
    place = (shared.entry, shared.channel, shared.thread)
    return (*place, shared.actor, instant(shared.at), int(shared.posted), shared.ts)


def share_of(row: Sequence[Any]) -> SharedResult:
    entry, channel, thread, actor, at, posted, ts = row
    if {*map(type, (entry, channel, thread, actor, at, ts))} != {str} or posted not in {0, 1}:
        raise DamagedRowError
    return SharedResult(entry, channel, thread, actor, moment(at), bool(posted), ts)


def _team(viewer: Viewer) -> str:
    if viewer.team is EVERY_TEAM:
        raise ValueError("a result is shared in one team")
    return viewer.team
