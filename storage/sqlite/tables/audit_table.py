"""Who changed what: plain functions on an open database.

Those that write run inside the writer's transaction and may be run again after a rollback.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.audit import AuditEntry, AuditQuery
from storage.history import Viewer, instant
from storage.queries import EVERY_TEAM, Found
from storage.sqlite.tables.damaged_rows import DamagedRowError, found
from storage.sqlite.tables.documents import packed, unpacked
from storage.sqlite.tables.entry_rows import OF_TEAM, moment, viewer_values, visible, visible_in_team

AUDIT_COLUMNS = "seq, team, at, actor, action, target, channel, document"
_ADD = (
    "INSERT INTO audit (team, at, actor, action, target, channel, document)"
    " VALUES (:team, :at, :actor, :action, :target, :channel, :document)"
)
_CAME_TO = "CASE WHEN action = 'watch_edited' AND json_valid(document) THEN json_extract(document, '$.new.channel') END"
"""Where a watch was moved to: that concerns who is there, too."""

_CAME = f"{_CAME_TO} IN (SELECT value FROM json_each(:channels))"  # noqa: S608 - constants
_OF = "FROM audit INDEXED BY audit_newest WHERE {seen}"
_OF_ALL = "FROM audit WHERE {seen}"
_OR_CAME = {True: f"({{seen}} OR {_CAME})", False: f"{OF_TEAM} AND ({{seen}} OR {_CAME})"}
_FILTERS = {
    "actor": "actor = :actor",
    "target": "(target = :target OR json_extract(document, '$.watch') = :target)",
    "channel": f"(channel = :channel OR {_CAME_TO} = :channel)",
    "since": "at >= :since",
    "until": "at < :until",
}
_BEFORE = "(at, seq) < (:before_at, :before_seq)"
_ACTIONS = "action IN (SELECT value FROM json_each(:actions))"


def keep_entries(
    db: Database,
    entries: Iterable[AuditEntry],
    viewer: Viewer | None = None,
    *,
    team: str = "",
    channel: str = "",
    target: str = "",
) -> None:
    """What an entry leaves empty is filled in; without an actor it was the viewer, or who acts before others."""
    user = viewer.acting or viewer.user if viewer else ""
    team = team or (viewer.team if viewer and viewer.team is not EVERY_TEAM else "")
    for entry in entries:
        known = replace(entry, channel=entry.channel or channel, target=entry.target or target)
        db.execute(_ADD, audit_row(replace(known, team=entry.team or team, actor=entry.actor or user)))


def list_entries(db: Database, query: AuditQuery, limit: int, before: str | None) -> Found[AuditEntry]:
    """Newest first."""
    condition, values = _asked(query)
    if before is not None:
        at, _, seq = before.rpartition(" ")
        values |= {"before_at": instant(moment(at)), "before_seq": int(seq)}
        condition += f" AND {_BEFORE}"
    rows = db.execute(
        f"SELECT {AUDIT_COLUMNS} {condition} ORDER BY at DESC, seq DESC LIMIT :limit",
        {**values, "limit": limit},
    )
    return found(audit_of, rows)


def count_entries(db: Database, query: AuditQuery) -> int:
    condition, values = _asked(query)
    return int(db.execute(f"SELECT count(*) {condition}", values).fetchone()[0])


def _asked(query: AuditQuery) -> tuple[str, dict[str, Any]]:
    of, viewer = (_OF_ALL if query.viewer.team is EVERY_TEAM else _OF), query.viewer
    seen = visible(viewer) if viewer.admin else _OR_CAME[viewer.team is EVERY_TEAM].format(seen=visible_in_team(viewer))
    asked: dict[str, Any] = {name: getattr(query, name) for name in _FILTERS if getattr(query, name) is not None}
    for name in {"since", "until"} & asked.keys():
        asked[name] = instant(asked[name])
    conditions = [of.format(seen=seen), *(_FILTERS[name] for name in asked)]
    if query.actions:
        asked["actions"] = _array(query.actions)
        conditions.append(_ACTIONS)
    return " AND ".join(conditions), {**viewer_values(query.viewer), **asked}


def _array(texts: Sequence[str]) -> str:
    quoted = (f'"{text}"' for text in texts)
    return f"[{','.join(quoted)}]"


def forget_person(db: Database, person: str, nobody: str, shared: Sequence[str]) -> None:
    """What they did in channels that others are in stays without their name, the rest goes."""
    db.execute(
        "DELETE FROM audit WHERE actor = ? AND channel <> '' AND NOT EXISTS ("
        "SELECT 1 FROM json_each(?) WHERE substr(channel, 1, length(value)) = value)",
        [person, _array(shared)],
    )
    db.execute("UPDATE audit SET actor = ? WHERE actor = ?", [nobody, person])


def prune_audit(db: Database, before: datetime) -> None:
    db.execute("DELETE FROM audit WHERE at < ?", [instant(before)])


def audit_row(entry: AuditEntry) -> dict[str, Any]:
    """The columns without `seq`. ValueError: `at` is naive."""
    texts = {name: getattr(entry, name) for name in ("team", "actor", "action", "target", "channel")}
    return {**texts, "at": instant(entry.at), "document": packed(entry.document)}


def audit_of(row: Sequence[Any]) -> AuditEntry:
    seq, team, at, actor, action, target, channel, document = row
    if {*map(type, (team, at, actor, action, target, channel))} != {str} or type(seq) is not int:
        raise DamagedRowError
    return AuditEntry(moment(at), action, target, team, actor, channel, dict(unpacked(document)), seq)
