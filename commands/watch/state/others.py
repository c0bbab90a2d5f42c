"""When the others of a message are looked at, since one of them answers again. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.grouping import GROUPS, Document, copied
from commands.watch.state.model import Watch
from commands.watch.state.thread import GREW


def siblings(sight: Mapping[str, Any], before: Watch, after: Watch, at: datetime) -> tuple[Document, list[str]]:
    """The watches of one message that are still down, when another of them answers again: they are looked at, too.

    Not again for some minutes: of a hundred that come back one after the other each is looked at a few times more.
    """
    incident = before.state.incident
    if incident is None or before.state.phase != "down" or after.state.phase not in {"recovering", "up"}:
        return dict(sight), []
    groups = [copied(group) for group in sight.get(GROUPS, ())]
    group = next((one for one in groups if one["id"] == incident.told_in), None)
    last = group["again"].get("looked") if group is not None else None
    if group is None or (last is not None and at - datetime.fromisoformat(last) < GREW):
        return dict(sight), []
    group["again"]["looked"] = at.isoformat()
    return {**sight, GROUPS: groups}, [
        name for name, member in group["members"].items() if member["open"] and name != before.id
    ]


def since_another_ended(sight: Mapping[str, Any], watch: Watch, at: datetime) -> timedelta | None:
    """How long ago the last of the others of its message recovered, while a watch is still down."""
    incident = watch.state.incident
    group = next((one for one in sight.get(GROUPS, ()) if incident and one["id"] == incident.told_in), None)
    ended = (
        [one["ended"] for one in group["members"].values() if one.get("end") == "recovered" and one.get("ended")]
        if group
        else []
    )
    return at - max(map(datetime.fromisoformat, ended)) if ended else None
