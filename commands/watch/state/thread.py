"""What the thread of a message says of places that work again and of those that break again. Pure.

Each member of a group (`grouping`) has `said`: what was broken in it as far as the thread says, and `differs`: since
when an endpoint is otherwise (ISO). What differs becomes one entry for all members, at most one in `REST`: a hundred
watches that come back one after the other are a few lines, and a port that flaps is no flood. What is over with the
whole message needs none, but for the ports that worked before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.observation import endpoint_of

Document = dict[str, Any]

REST = timedelta(minutes=15)
"""How long after an entry the next one waits."""

SETTLES = timedelta(minutes=2)
"""Several that come back at once are told at once."""

NAMED = 10
"""Members that an entry names; the rest is counted."""


def begun(failing: Iterable[str]) -> Document:
    """A member of which the thread, or the message above it, says what is broken."""
    return {"said": list(failing), "differs": {}}


def noted(member: Document, at: datetime, new: Iterable[str] = ()) -> None:
    """A member was seen otherwise. `new` has an entry of its own."""
    known = places_of(member.get("said", ())) | places_of(new)
    differs = known ^ _broken(member)
    then = str(member.get("ended") or at.isoformat()) if not member["open"] else at.isoformat()
    before = member.get("differs", {})
    member["said"] = sorted({*member.get("said", ()), *new})
    member["differs"] = {place: before.get(place, then) for place in sorted(differs)}


def entry(group: Document, at: datetime, *, over: bool = False) -> list[Document]:
    """What is to be said now of each member; nothing while it may wait. `over`: with the end of them all."""
    waiting = sorted(filter(_differs, group["members"].values()), key=_first)
    if over:
        return list(_before_the_end(waiting))
    if not waiting or not _is_due(group, waiting, at):
        return []
    group["again"]["works"] = at.isoformat()
    rows = [_row(member, member["differs"]) for member in waiting]
    for member in waiting:
        member.update(begun(member["failing"] if member["open"] else ()))
    return rows


def _is_due(group: Document, waiting: list[Document], at: datetime) -> bool:
    last = group["again"].get("works")
    if last is not None and at - datetime.fromisoformat(last) < REST:
        return False
    return len(group["members"]) == 1 or at - _first(waiting[0]) >= SETTLES


def _differs(member: Mapping[str, Any]) -> bool:
    return bool(member.get("differs"))


def _first(member: Mapping[str, Any]) -> datetime:
    """Since when it is otherwise than the thread says."""
    return min(map(datetime.fromisoformat, member["differs"].values()))


def _before_the_end(waiting: Iterable[Document]) -> Iterator[Document]:
    """What worked before the rest did."""
    for member in waiting:
        ended = datetime.fromisoformat(member["ended"])
        sooner = {place: at for place, at in member["differs"].items() if datetime.fromisoformat(at) < ended}
        if sooner:
            yield {"target": member["target"], "fine": sooner, "again": {}}


def _row(member: Mapping[str, Any], differs: Mapping[str, str]) -> Document:
    """`fine` and `again` have their times; of what is over as a whole only that it is."""
    broken = _broken(member)
    if not member["open"]:
        return {"target": member["target"], "over": str(member.get("ended") or "")}
    return {
        "target": member["target"],
        "fine": {place: since for place, since in differs.items() if place not in broken},
        "again": {code: differs[endpoint_of(code)] for code in member["failing"] if endpoint_of(code) in differs},
    }


def _broken(member: Mapping[str, Any]) -> set[str]:
    return places_of(member["failing"]) if member["open"] else set()


def places_of(codes: Iterable[str]) -> set[str]:
    return {endpoint_of(str(code)) for code in codes}
