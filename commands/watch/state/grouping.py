"""Incidents of one channel that open together and have something in common are one message. Pure.

It stands in the sight of a team and vantage: `{"groups": [{"id", "channel", "since", "joined", "posted", "traits",
"mentioned", "heard": {whom: [hosts down then, at]}, "again": {what: at}, "members": {watch: {"incident", "target",
"failing", "since", "began", "open", "end", "ended", "runbook", those of `thread` and `care`, ...}}}]}`; `traits` are
those that each member has, `end` is `recovered`, `closed`, `gone`, `accepted`, or `moved` where another message has it.
Each open incident that was told is a member of one; a group ends with the last of its members. `Incident.message` is
the group in whose message an incident is told, and `Event.incident` with it, so that what is posted, edited and
answered is the group's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state import care, thread
from commands.watch.state.events import BEHIND, GONE, Event, event_of
from commands.watch.state.group_rows import BROKE_AGAIN, KEPT, of_group
from commands.watch.state.model import Watch
from commands.watch.state.traits import CAUSE, TAG, traits_of

GROUPS = "groups"
TOGETHER = timedelta(minutes=2)
"""So long after the last of a group another one may join that shares anything, a cause included."""

BRAKE = timedelta(minutes=1)
MOST_NEW = 3
"""A channel gets so many new messages in that time: what opens meanwhile joins the last, whatever it is."""

CONFIRMED = timedelta(minutes=2)
"""How much later than its interval a watch may confirm what another has seen already."""

OPENS = frozenset({"opened", "refired"})
ENDS = frozenset({"recovered", "closed"})
AGAIN = frozenset({"escalated", "reminded"})
GOING_ON = frozenset({"changed", "acked", "noted"}) | AGAIN
BREAKS = OPENS | {"broke"}
MANY = 3
"""So many more hosts are another matter than what somebody was mentioned of: they are mentioned once more."""

AGAIN_WITHIN = timedelta(hours=12)
"""What one of a group has told again is not told by another so soon."""

MOVED = "moved"
"""How one ends for its message, and why of the event that says so: it is told in another one from then on."""

UNDELETED = "undelete"
"""What of a note (`Event`): its watch was deleted, and that was taken back."""

JOINED, PARTLY = "joined", "partly"
"""What an event is to its message: one more incident in it; the end of one of several."""

Document = dict[str, Any]


def grouped(
    sight: Mapping[str, Any], watch: Watch, events: Sequence[Event], at: datetime
) -> tuple[Document, Watch, tuple[Event, ...]]:
    """The sight, the watch and its events, told in the messages to which they belong."""
    mine = [event for event in events if event.kind in BREAKS | ENDS | GOING_ON]
    if not mine:
        return dict(sight), watch, tuple(events)
    groups: list[Document] = [copied(group) for group in sight.get(GROUPS, ())]
    told: list[Event] = []
    for event in events:
        if event not in mine:
            told.append(event)
            continue
        _breaks_again(groups, event)
        watch, placed = _placed(groups, watch, event, at)
        told += placed
    return {**sight, GROUPS: [group for group in groups if _goes_on(group)]}, watch, tuple(told)


def caught_up(sight: Mapping[str, Any], watch: Watch, at: datetime) -> tuple[Document, Watch, tuple[Event, ...]]:
    """The same after a run that had nothing to tell itself: what the thread has still to say of any of its members."""
    incident = watch.state.incident
    if incident is None or not incident.told:
        return dict(sight), watch, ()
    groups = [copied(group) for group in sight.get(GROUPS, ())]
    group = next((one for one in groups if one["id"] == incident.told_in), None)
    if group is None:
        return dict(sight), watch, ()
    if watch.id in group["members"]:
        group["members"][watch.id] |= care.named(watch)
    sight = {**sight, GROUPS: groups}
    silent = incident.silenced or watch.silence(at) is not None
    many, joined = not silent and _is_many(group, whom_of(watch), at), thread.has_joined(group, at)
    rows = thread.entry(group, at, now=joined and (many or care.hurries(group, at)))
    mentions = many and (not rows or any(row.get("joined") for row in rows))
    rows = rows or ([thread.still(group["members"][watch.id])] if mentions else [])
    if not rows:
        return sight, watch, ()
    facts: Document = {
        "failing": list(incident.failing),
        "began": dict(incident.began),
        "entry": incident.entry,
        "why": BEHIND,
    }
    if mentions:
        group["heard"][whom_of(watch)] = []
        facts["mention"] = True
    event = of_group(_saying(event_of(watch, incident, "changed", at, facts, quiet=False), rows), group, "")
    state = replace(watch.state, incident=replace(incident, events=incident.events + 1))
    return sight, replace(watch, state=state), (event,)


def copied(group: Mapping[str, Any]) -> Document:
    members = {key: _known(member) for key, member in group["members"].items()}
    noted = {name: dict(group.get(name, {})) for name in ("again", "heard")}
    return care.of_each({**group, **noted, "members": members})


def _known(member: Mapping[str, Any]) -> Document:
    """A copy. One that an older version wrote says nothing of its thread."""
    return {**thread.begun(member["failing"] if member["open"] else ()), **member}


def _goes_on(group: Mapping[str, Any]) -> bool:
    return any(member["open"] for member in group["members"].values())


def _breaks_again(groups: Iterable[Document], event: Event) -> None:
    """What recovered in a message that goes on, and broke again in another one: that is said as long as it is so."""
    for group in groups:
        member = group["members"].get(event.watch)
        if member is None or member["open"] or group["channel"] != event.channel:
            continue
        if event.kind in BREAKS and member.get("end") == "recovered" and member["incident"] != event.own:
            member[BROKE_AGAIN] = event.since.isoformat()
        elif event.kind in ENDS and event.facts.get("why") != MOVED:
            member[BROKE_AGAIN] = ""


def _placed(groups: list[Document], watch: Watch, event: Event, at: datetime) -> tuple[Watch, list[Event]]:
    if event.kind in OPENS:
        return _opened(groups, watch, event, at)
    group = next((one for one in groups if one["id"] == event.incident), None)
    if group is None and event.facts.get("what") == UNDELETED:
        groups.append(
            group := _new(event, event.incident, traits_of(watch, map(str, event.facts.get("failing", ()))), at)
        )
        group["members"][event.watch] = _member(group, event, watch) | thread.begun(event.facts.get("failing", ()))
    member = group["members"].get(event.watch) if group else None
    if group is None or member is None:
        return watch, [event]
    if event.facts.get("why") == MOVED:
        return _as_moved(watch, group, event), _leaves(group, event)
    if event.kind in AGAIN and not _first_to_insist(group, member, event, at):
        return watch, []
    member |= _as_told(event, member) | care.of(watch.state.incident, member) | care.named(watch)
    care.noted(group, member, watch, event, at)
    part = PARTLY if not member["open"] and _goes_on(group) else ""
    event = care.for_all(group, event, at) if event.kind == "reminded" else _said_once(group, event, at)
    return watch, [of_group(_with_entry(group, member, event, at), group, part)]


def _with_entry(group: Document, member: Document, event: Event, at: datetime) -> Event:
    """What works again or broke again is said in the thread, when it is time; what is closed is said by itself."""
    if event.kind == "closed":
        member |= thread.begun(())
    elif event.kind in {"changed", "recovered"}:
        if GONE in event.facts:
            thread.without_gone(member)
        said = event.facts.get("worse") if len(group["members"]) > 1 else event.facts.get("new")
        thread.noted(member, event.at, event.facts.get("new", ()) if said else ())
    over = not _goes_on(group)
    if event.kind not in {"changed", "recovered"} or (event.quiet and not over):
        return event
    return _saying(event, thread.entry(group, at, over=over))


def _saying(event: Event, rows: Sequence[Document]) -> Event:
    if not rows:
        return event
    return replace(
        event, facts={**event.facts, "thread": list(rows[: thread.NAMED]), "unnamed": len(rows[thread.NAMED :])}
    )


def _as_told(event: Event, before: Mapping[str, Any]) -> Document:
    """What a member is by an event of its own, whatever becomes of the others."""
    facts, over = event.facts, event.kind in ENDS
    began = facts.get("began", before.get("began", {}))
    now = {"open": not over, "failing": list(facts.get("failing", before.get("failing", ()))), "began": began}
    if not over:
        return now | {"end": ""}
    why = facts.get("why")
    return now | {
        "end": why if why in {"accepted", GONE} else event.kind,
        "ended": facts.get("ended") or event.at.isoformat(),
        "unseen_at_end": facts.get("unseen_at_end", ""),
    }


def _said_once(group: Document, event: Event, at: datetime) -> Event:
    """Of several that grow worse within two minutes the first mentions; the others are an entry only."""
    if not event.facts.get("worse") or len(group["members"]) < 2:
        return event
    last = group["again"].get("worse")
    if last is not None and at - datetime.fromisoformat(last) < TOGETHER:
        return replace(event, facts={**event.facts, "heard": True})
    group["again"]["worse"] = at.isoformat()
    return event


def _first_to_insist(group: Document, member: Document, event: Event, at: datetime) -> bool:
    """One voice for all that stood in a message when it spoke last: a reminder is for all, a second mention for one."""
    again = group.setdefault("again", {})
    whom = event.facts.get("told", ()) if event.kind == "escalated" else ()
    key = " ".join([event.kind, *map(_fingerprint, whom)])
    last = again.get(key)
    heard = last is not None and not care.came_after(member, last)
    if heard and at - datetime.fromisoformat(last) < AGAIN_WITHIN:
        return False
    again[key] = at.isoformat()
    return True


def _opened(groups: list[Document], watch: Watch, event: Event, at: datetime) -> tuple[Watch, list[Event]]:
    """Into a group that fits, else into one of its own; a message that it leaves says so."""
    traits = traits_of(watch, map(str, event.facts.get("failing", ())))
    old = next((one for one in groups if event.watch in one["members"] and one["id"] == event.incident), None)
    others = [one for one in groups if one is not old and one["channel"] == watch.channel]
    group = next((one for one in others if care.same_places(one, event)), None) or _fitting(others, watch, traits, at)
    refires, cared = event.kind == "refired", False
    if group is not None and not refires:
        watch, event, cared = care.taken_over(group, watch, event)
    alone = old is None or sum(one.get("end") != MOVED for one in old["members"].values()) == 1
    if group is None and old is not None and alone:
        old |= {"channel": watch.channel, "joined": at.isoformat(), "posted": at.isoformat(), "again": {}}
        old["members"][event.watch] |= (
            _as_told(event, {})
            | thread.begun(event.facts.get("failing", ()))
            | care.begun(watch, event)
            | {"quiet": {}}
        )
        return watch, [event]
    left = _leaves(old, event) if old is not None else []
    joins = group is not None
    if group is None:
        group = _new(event, event.id if old is not None else event.incident, traits, at)
        groups.append(group)
    group["joined"] = at.isoformat()
    group["since"] = min(str(group["since"]), event.since.isoformat(), key=datetime.fromisoformat)
    group["traits"] = [trait for trait in group["traits"] if trait in traits]
    before, broken = group["members"].get(event.watch, {}), event.facts.get("failing", ())
    is_news = joins and not refires and not cared
    said = thread.joined(before, at) if is_news else thread.begun(broken)
    member = group["members"][event.watch] = {**_member(group, event, watch), **said}
    if is_news:
        thread.noted(member, at, broken if member["joined"] else ())
    hurries = joins and care.hurries(group, at)
    whom = whom_of(watch)
    mentions = _is_unheard(group, whom, at) if cared else _mentions(group, whom, at, told=refires)
    told: Document = {"mention": True} if mentions else {"told": []} if joins else {}
    event = replace(event, incident=group["id"], facts={**event.facts, **told})
    rows = [thread.still(member)] if joins and mentions and not is_news else []
    event = _saying(event, [*rows, *thread.entry(group, at, now=mentions or hurries)] if joins else ())
    incident = watch.state.incident
    if incident is not None:
        told_in = group["id"] if group["id"] != incident.id else ""
        watch = replace(watch, state=replace(watch.state, incident=replace(incident, message=told_in)))
    return watch, [*left, of_group(event, group, JOINED if joins else "")]


def _as_moved(watch: Watch, group: Document, event: Event) -> Watch:
    """A message in which others go on is theirs: one that leaves it is told in one of its own from then on."""
    incident = watch.state.incident
    if incident is None or sum(member["open"] for member in group["members"].values()) < 2:
        return watch
    return replace(watch, state=replace(watch.state, incident=replace(incident, message=event.id)))


def _member(group: Mapping[str, Any], event: Event, watch: Watch) -> Document:
    """A member as its own event tells it; what the thread says of it is to be added."""
    return {
        "incident": event.own,
        "target": event.target,
        "from": event.facts.get("from", ""),
        "kind": watch.kind,
        "ports": list(watch.ports),
        "twin": event.watch if _is_twin(group, event) else "",
        "since": event.since.isoformat(),
        "runbook": event.facts.get("runbook", ""),
        **{name: event.facts[name] for name in KEPT if name in event.facts},
        **_as_told(event, {}),
        **care.begun(watch, event),
    }


def _is_twin(group: Mapping[str, Any], event: Event) -> bool:
    """Whether another member looks at the same from the same place."""
    what = event.target, event.facts.get("from", "")
    return any(
        (member["target"], member.get("from", "")) == what and name != event.watch
        for name, member in group["members"].items()
    )


def _mentions(group: Document, whom: str, at: datetime, *, told: bool) -> bool:
    """Whether somebody is mentioned who was not yet, or not since it came to many. `told`: they know of this one."""
    fresh = bool(whom) and whom not in group["mentioned"]
    many = _is_many(group, whom, at)
    if fresh:
        group["mentioned"] = [*group["mentioned"], whom]
    if fresh or (told and group["heard"].get(whom)):
        group["heard"][whom] = [_hosts_down(group), at.isoformat()]
    elif many:
        group["heard"][whom] = []
    return fresh or (many and not told)


def _is_unheard(group: Document, whom: str, at: datetime) -> bool:
    """Whether somebody is mentioned who was at no time, of what others look after."""
    if not whom or whom in group["heard"]:
        return False
    group["heard"][whom] = [_hosts_down(group), at.isoformat()]
    return True


def _is_many(group: Mapping[str, Any], whom: str, at: datetime) -> bool:
    """Whether so many that are nobody's joined since somebody was mentioned, who had the time to read; said once."""
    heard = group["heard"].get(whom)
    if not heard or at - datetime.fromisoformat(heard[1]) < TOGETHER:
        return False
    waiting = {member["target"] for member in group["members"].values() if care.is_nobodys(member)}
    return len(waiting) >= int(heard[0]) + MANY


def _hosts_down(group: Mapping[str, Any]) -> int:
    return len({member["target"] for member in group["members"].values() if member["open"]})


def _leaves(old: Document, event: Event) -> list[Event]:
    """The message that an incident leaves for another one, brought up to date in silence."""
    old["members"][event.watch] |= {"open": False, "end": MOVED} | thread.begun(())
    kept = {**event.facts, "why": "moved"}
    kind, part = ("changed", PARTLY) if _goes_on(old) else ("closed", "")
    gone = replace(event, id=f"{event.id}-left", kind=kind, quiet=True, facts=kept)  # type: ignore[arg-type] # one of two
    return [of_group(gone, old, part)]


def _new(event: Event, name: str, traits: Sequence[str], at: datetime) -> Document:
    begins = {"since": event.since.isoformat(), "joined": at.isoformat(), "posted": at.isoformat()}
    return {
        "id": name,
        "channel": event.channel,
        **begins,
        "traits": traits,
        "mentioned": [],
        "heard": {},
        "again": {},
        "members": {},
    }


def _fitting(groups: Sequence[Document], watch: Watch, traits: Iterable[str], at: datetime) -> Document | None:
    """The newest group that an incident belongs in."""
    for group in sorted(groups, key=lambda one: str(one["joined"]), reverse=True):
        age = at - datetime.fromisoformat(group["joined"])
        shared = set(traits) & set(group["traits"])
        strong = any(not trait.startswith((CAUSE, TAG)) for trait in shared)
        if (shared and age <= TOGETHER) or (strong and age <= watch.every + CONFIRMED):
            return group
    posted = sorted((one for one in groups if at - datetime.fromisoformat(one["posted"]) < BRAKE), key=_posted)
    return posted[-1] if len(posted) >= MOST_NEW else None


def _posted(group: Document) -> datetime:
    return datetime.fromisoformat(group["posted"])


def whom_of(watch: Watch) -> str:
    """Whom a watch mentions, as a fingerprint: the sight of a team names no person."""
    return _fingerprint(watch.notify) if watch.notify else ""


def _fingerprint(whom: str) -> str:
    return hashlib.blake2b(whom.encode(), digest_size=8).hexdigest()
