"""Who looks after what stands in a message (`grouping`), and who keeps it quiet: of each member by itself. Pure.

Who acknowledges a message has those that are open then. What joins later is nobody's: the message goes on to ask for
somebody, it is said in the thread at once, and it is told again by its own time. But what another watch saw at the same
places is theirs who looks after these (`taken_over`). A member keeps `acked_by`, `acked_at`, `told_at`
(in the message), `notify` (whom its watch names, with its `handles`), `escalated` (the second mention: who, at, had),
`quiet` (what, who, until: as somebody made it) and `hushed`: until when (ISO; "": until somebody ends it) it told
nothing that changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.events import HANDLES, Event
from commands.watch.state.model import Incident, Watch
from commands.watch.state.observation import endpoint_of

Document = dict[str, Any]

SILENCES = frozenset({"mute", "snooze", "pause"})
JOINED = "joined"
"""When the thread said last that something joined, of what a group notes as `again`."""

REST = timedelta(minutes=1)
"""How long after that one which joins what somebody looks after waits."""

MOST_TOLD = 50
"""Mentions in one entry: so many fit beside its words."""

NOBODY: Mapping[str, str] = {"acked_by": "", "acked_at": ""}


def of(incident: Incident | None, member: Mapping[str, Any]) -> Document:
    """Who acknowledged it; of what is over as it was."""
    if incident is None or incident.id != member["incident"]:
        return {}
    if not incident.acked_by or incident.acked_at is None:
        return {**NOBODY}
    return {"acked_by": incident.acked_by, "acked_at": incident.acked_at.isoformat()}


def begun(watch: Watch, event: Event) -> Document:
    """Of what comes to a message."""
    acked = of(watch.state.incident, {"incident": event.own})
    return {**NOBODY, **acked, **named(watch), "told_at": event.at.isoformat(), "escalated": {}}


def named(watch: Watch) -> Document:
    """Whom a watch names now."""
    return {"notify": watch.notify, HANDLES: dict(watch.handles)}


def for_all(group: Mapping[str, Any], event: Event, at: datetime) -> Event:
    """A reminder of all of a message that nobody looks after: it mentions whomever their watches name."""
    waiting = [one for one in group["members"].values() if is_nobodys(one) and not is_silent(one, at)]
    told = filter(None, (*event.facts["told"], *(str(one.get("notify") or "") for one in waiting)))
    handles = {who: name for one in waiting for who, name in one.get(HANDLES, {}).items()}
    facts = {**event.facts, "told": [*dict.fromkeys(told)][:MOST_TOLD]}
    return replace(event, facts={**facts, HANDLES: {**handles, **facts.get(HANDLES, {})}} if handles else facts)


def of_each(group: Document) -> Document:
    """The group with what an older version kept of all of them: it is of those that stood there then."""
    acked_by, acked_at, second = (group.pop(name, "") for name in ("acked_by", "acked_at", "escalated"))
    for member in group["members"].values():
        then = datetime.fromisoformat(member["since"])
        if acked_by and "acked_by" not in member and then <= datetime.fromisoformat(acked_at):
            member |= {"acked_by": acked_by, "acked_at": acked_at}
        if second and "escalated" not in member and then <= datetime.fromisoformat(second["at"]):
            member["escalated"] = second
    return group


def noted(group: Document, member: Document, watch: Watch, event: Event, at: datetime) -> None:
    """What an event says of who looks after it and who keeps it quiet; what joins afterwards is news to everybody."""
    what = str(event.facts.get("what") or "")
    if event.kind == "acked" or what in SILENCES:
        group["mentioned"] = []
    if event.kind == "escalated":
        second = {"who": event.facts["told"][0], "at": event.at.isoformat(), "had": bool(event.facts.get("had"))}
        second |= {HANDLES: event.facts[HANDLES]} if HANDLES in event.facts else {}
        for one in filter(is_nobodys, group["members"].values()):
            one["escalated"] = second
    if what in SILENCES:
        member["quiet"] = {name: event.facts.get(name) for name in ("what", "who", "until")}
    elif what == "resume" or what.removeprefix("un") == (member.get("quiet") or {}).get("what"):
        member["quiet"] = {}
    silence = watch.silence(at)
    member["hushed"] = (silence.until.isoformat() if silence.until else "") if silence is not None else None


def same_places(group: Mapping[str, Any], event: Event, *, acked: bool = False) -> list[Mapping[str, Any]]:
    """The others of a message that have the same broken, seen from there; nothing unless that is all of an incident."""
    mine, found = _places(event.facts), []
    for name, one in group["members"].items():
        is_alike = name != event.watch and one["open"] and one.get("from", "") == event.facts.get("from", "")
        if is_alike and (is_acked(one) or not acked) and _places(one) & mine:
            found.append(one)
    return found if mine and mine <= {place for one in found for place in _places(one)} else []


def _places(facts: Mapping[str, Any]) -> set[str]:
    return {endpoint_of(str(code)) for code in facts.get("failing", ())}


def taken_over(group: Mapping[str, Any], watch: Watch, event: Event) -> tuple[Watch, Event, bool]:
    """The incident of a watch acknowledged by who looks after the same places, where somebody does."""
    incident, alike = watch.state.incident, same_places(group, event, acked=True)
    if incident is None or not alike:
        return watch, event, False
    last = max(alike, key=lambda one: str(one["acked_at"]))
    who, at = str(last["acked_by"]), str(last["acked_at"])
    kept = {"acked_by": who, "acked_at": at}
    incident = replace(incident, acked_by=who, acked_at=datetime.fromisoformat(at), kept={**incident.kept, **kept})
    watch = replace(watch, state=replace(watch.state, incident=incident))
    return watch, replace(event, facts={**event.facts, **kept}), True


def is_acked(member: Mapping[str, Any]) -> bool:
    return bool(member.get("acked_by"))


def is_nobodys(member: Mapping[str, Any]) -> bool:
    return bool(member["open"]) and not is_acked(member)


def is_silent(member: Mapping[str, Any], at: datetime) -> bool:
    """Whether somebody keeps it quiet."""
    quiet = member.get("quiet") or {}
    times = [quiet.get("until") or ""] if quiet else []
    times += [member["hushed"]] if member.get("hushed") is not None else []
    return any(not until or datetime.fromisoformat(str(until)) > at for until in times)


def hurries(group: Mapping[str, Any], at: datetime) -> bool:
    """Whether what joins is to be said at once: somebody looks after another one there, or keeps it quiet."""
    cared = any(one["open"] and (is_acked(one) or is_silent(one, at)) for one in group["members"].values())
    last = group["again"].get(JOINED)
    return cared and (last is None or at - datetime.fromisoformat(last) >= REST)


def came_after(member: Mapping[str, Any], at: str) -> bool:
    """Whether it was told later than then."""
    told = member.get("told_at")
    return bool(told) and datetime.fromisoformat(str(told)) > datetime.fromisoformat(at)


def of_all(members: Iterable[Mapping[str, Any]]) -> Document:
    """What the message says: who acknowledged how many of those that are down (were, once all is over) and when last;

    who keeps them quiet; and who was mentioned a second time of what nobody has acknowledged.
    """
    every = list(members)
    still = [member for member in every if member["open"]]
    seconds = [member["escalated"] for member in still if member.get("escalated") and not is_acked(member)]
    escalated = max(seconds, key=lambda one: str(one["at"]), default=None)
    told = {"escalated": escalated} if escalated else {}
    return {"acks": _acks(still or every), "quiet": _quiet(still), **told}


def _acks(members: Iterable[Mapping[str, Any]]) -> list[Document]:
    found: dict[str, list[str]] = {}
    for member in filter(is_acked, members):
        found.setdefault(str(member["acked_by"]), []).append(str(member["acked_at"]))
    acks = [{"acked_by": who, "acked_at": max(times), "count": len(times)} for who, times in found.items()]
    return sorted(acks, key=lambda one: str(one["acked_at"]))


def _quiet(members: Iterable[Mapping[str, Any]]) -> list[Document]:
    """Who keeps those quiet that are down, until when, and how many of them."""
    found: list[Document] = [member["quiet"] for member in members if member.get("quiet")]
    once = [one for at, one in enumerate(found) if one not in found[:at]]
    return [{**one, "count": found.count(one)} for one in once]
