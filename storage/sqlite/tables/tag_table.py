"""Tags of targets, each of one team: plain functions on an open database.

They run inside the writer's transaction and may be run again after a rollback.
"""

from collections.abc import Sequence

from sqlite_utils import Database

from storage.history import Viewer
from storage.queries import EVERY_TEAM
from storage.sqlite.tables.watch_table import find_watch
from storage.watches import StoredWatch

_TAGGED = "SELECT DISTINCT target FROM tags WHERE tag = :tag AND {of_team} ORDER BY target"


def targets_of_tag(db: Database, tag: str, viewer: Viewer) -> list[str]:
    of_team = "true" if viewer.team is EVERY_TEAM else "team = :team"
    values = {"tag": tag} if viewer.team is EVERY_TEAM else {"tag": tag, "team": viewer.team}
    return [str(target) for (target,) in db.execute(_TAGGED.format(of_team=of_team), values)]


def tag_target(
    db: Database, watch_id: str, viewer: Viewer, add: Sequence[str], remove: Sequence[str]
) -> StoredWatch | None:
    """None: there is no such watch for them."""
    watch = find_watch(db, watch_id, viewer)
    if watch is None:
        return None
    for tag in remove:
        db.execute("DELETE FROM tags WHERE team = ? AND target = ? AND tag = ?", [watch.team, watch.target, tag])
    for tag in add:
        db.execute("INSERT OR IGNORE INTO tags (team, target, tag) VALUES (?, ?, ?)", [watch.team, watch.target, tag])
    return find_watch(db, watch_id, viewer)
