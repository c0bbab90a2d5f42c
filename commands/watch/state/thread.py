"""What the thread of a message says of what joins, works again, breaks again or is broken otherwise. Pure.

Each member of a group (`grouping`) has `said`: what was broken in it as far as the thread says, `differs`: since when
an endpoint is otherwise (ISO), and `joined`: since when it stands in the message without a word of it in the thread.
All that waits becomes one entry, at most one in `REST` (`GREW` where something joined): a hundred watches that come
back one after the other are a few lines, and a port that flaps is no flood. What is over with the whole message needs
none, but for what joined and for the ports that worked before. What is kept quiet waits until it is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state import care
from commands.watch.state.observation import endpoint_of

Document = dict[str, Any]

REST = timedelta(minutes=15)
"""How long after an entry the next one waits."""

GREW = timedelta(minutes=5)
"""The same, and after the message itself, where something joined."""

SETTLES = timedelta(minutes=3)
"""Several that come back at once are told at once: each is looked at a minute later, and confirmed."""

NAMED = 10
"""Members that an entry names; the rest is counted."""


def begun(failing: Iterable[str]) -> Document:
    """A member of which the thread, or the message above it, says what is broken."""
    return {"said": list(failing), "differs": {}, "joined": ""}


def joined(before: Mapping[str, Any], at: datetime) -> Document:
    """A member that comes to a message; `before` is what stood in its place."""
    waits = before.get("joined") or ("" if before.get("said") else at.isoformat())
    return {**begun(before.get("said", ())), "joined": waits}


def without_gone(member: Document) -> None:
    """A member of which something is no part any more: that is no end of what was broken there, and said by itself."""
    now = places_of(member["failing"])
    member["said"] = [code for code in member["said"] if endpoint_of(code) in now]


def still(member: Mapping[str, Any]) -> Document:
    """What is said to whom it concerns of what another message told already."""
    return {**_what(member), "still": list(member["failing"])}


def noted(member: Document, at: datetime, new: Iterable[str] = ()) -> None:
    """A member was seen otherwise. `new` has an entry of its own."""
    fresh, now = places_of(new), _broken(member)
    known = [code for code in member["said"] if endpoint_of(code) not in fresh]
    member["said"] = sorted({*known, *(code for place in fresh for code in now.get(place, ()))})
    said = _by_place(member["said"])
    then = str(member.get("ended") or at.isoformat()) if not member["open"] else at.isoformat()
    before, differs = member["differs"], {place for place in said.keys() | now if said.get(place) != now.get(place)}
    member["differs"] = {place: before.get(place, then) for place in sorted(differs)}


def entry(group: Document, at: datetime, *, over: bool = False, now: bool = False) -> list[Document]:
    """What is to be said now of each member; nothing while it may wait, unless it has to be `now`.

    `over`: with the end of them all.
    """
    members = (one for one in group["members"].values() if _waits(one) and (over or not care.is_silent(one, at)))
    waiting = sorted(members, key=_first)
    if over:
        return list(_before_the_end(waiting))
    if not waiting or not (now or _ready(group, waiting) <= at):
        return []
    group["again"]["works"] = at.isoformat()
    if any(member["joined"] for member in waiting):
        group["again"][care.JOINED] = at.isoformat()
    rows = list(map(_row, waiting))
    for member in waiting:
        member.update(begun(member["failing"] if member["open"] else ()))
    return rows


def due_at(group: Document, at: datetime) -> datetime | None:
    """When what waits may be said; None where nothing does."""
    waiting = sorted(
        (one for one in group["members"].values() if _waits(one) and not care.is_silent(one, at)), key=_first
    )
    return _ready(group, waiting) if waiting else None


def has_joined(group: Document, at: datetime) -> bool:
    """Whether something stands in the message of which the thread has no word."""
    return any(member["joined"] and not care.is_silent(member, at) for member in group["members"].values())


def _ready(group: Document, waiting: list[Document]) -> datetime:
    grew = any(member["joined"] for member in waiting)
    last = group["again"].get("works") or (group["posted"] if grew else None)
    first = _first(waiting[0]) + (SETTLES if len(group["members"]) > 1 else timedelta())
    return first if last is None else max(first, datetime.fromisoformat(last) + (GREW if grew else REST))


def _waits(member: Mapping[str, Any]) -> bool:
    return bool(member["joined"] or member["differs"])


def _first(member: Mapping[str, Any]) -> datetime:
    """Since when it is otherwise than the thread says."""
    return min(map(datetime.fromisoformat, filter(None, (member["joined"], *member["differs"].values()))))


def _before_the_end(waiting: Iterable[Document]) -> Iterator[Document]:
    """What joined, and what worked before the rest did."""
    for member in waiting:
        if member["joined"]:
            yield _row(member)
            continue
        ended = datetime.fromisoformat(member["ended"])
        sooner = {place: at for place, at in member["differs"].items() if datetime.fromisoformat(at) < ended}
        if sooner:
            yield {**_what(member), "fine": sooner, "again": {}}


def _row(member: Mapping[str, Any]) -> Document:
    """`fine`, `again` and `otherwise` have their times; of what is over as a whole only that it is, and when."""
    over = {} if member["open"] else {"over": str(member.get("ended") or "")}
    what = _what(member)
    if member["joined"]:
        return {**what, "joined": list(member["failing"]), **over}
    if over:
        return {**what, **over}
    differs, said, broken = member["differs"], places_of(member["said"]), _broken(member)
    codes = {code: differs[place] for place in differs for code in broken.get(place, ())}
    return {
        **what,
        "fine": {place: since for place, since in differs.items() if place not in broken},
        "again": {code: since for code, since in codes.items() if endpoint_of(code) not in said},
        "otherwise": {code: since for code, since in codes.items() if endpoint_of(code) in said},
    }


def _what(member: Mapping[str, Any]) -> Document:
    """What it is called: its target, from where that is seen; what of it, where another watch looks at it (`twin`)."""
    return {"target": member["target"], **{name: member[name] for name in NAMES if member.get(name)}}


NAMES = ("from", "kind", "ports", "twin")


def _broken(member: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is broken in it now, by endpoint."""
    return _by_place(member["failing"]) if member["open"] else {}


def _by_place(codes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(endpoint_of(code), []).append(code)
    return found


def places_of(codes: Iterable[str]) -> set[str]:
    return {endpoint_of(str(code)) for code in codes}
