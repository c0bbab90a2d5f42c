"""Incidents of one channel that open together and have something in common are one message. Pure.

It stands in the sight of a team and vantage: `{"groups": [{"id", "channel", "since", "joined", "posted", "traits",
"mentioned", "acked_by", "acked_at", "again": {what: at}, "members": {watch: {"incident", "target", "failing", "since",
"began", "open", "end", "ended", "runbook", ...}}}]}`; `traits` are those that each member has, `end` is `recovered`,
`closed`, `accepted`, or `moved` where it goes on in a newer message.
Each open incident that was told is a member of one; a group ends with the last of its members. `Incident.message` is
the group in whose message an incident is told, and `Event.incident` with it, so that what is posted, edited and
answered is the group's.
"""

import hashlib
import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.dns_changes import RECORDS
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.observation import endpoint_of

GROUPS = "groups"
TOGETHER = timedelta(minutes=2)
"""So long after the last of a group another one may join that shares anything, a cause included."""

BRAKE = timedelta(minutes=1)
MOST_NEW = 3
"""A channel gets so many new messages in that time: what opens meanwhile joins the last, whatever it is."""

CONFIRMED = timedelta(minutes=2)
"""How much later than its interval a watch may confirm what another has seen already."""

NAMED = 10
"""Members that an event names; the rest is counted."""

NETWORK = {4: 24, 6: 48}
OPENS = frozenset({"opened", "refired"})
ENDS = frozenset({"recovered", "closed"})
AGAIN = frozenset({"escalated", "reminded"})
GOING_ON = frozenset({"changed", "acked", "noted"}) | AGAIN
GREW_AGAIN = timedelta(minutes=5)
"""How often at most the thread of a message says that it grew, where that mentions nobody."""

AGAIN_WITHIN = timedelta(hours=12)
"""What one of a group has told again is not told by another so soon."""

MOVED = "moved"
JOINED, PARTLY = "joined", "partly"
"""What an event is to its message: one more incident in it; the end of one of several."""

Document = dict[str, Any]


def grouped(
    sight: Mapping[str, Any], watch: Watch, events: Sequence[Event], at: datetime
) -> tuple[Document, Watch, tuple[Event, ...]]:
    """The sight, the watch and its events, told in the messages to which they belong."""
    mine = [event for event in events if event.kind in OPENS | ENDS | GOING_ON]
    if not mine:
        return dict(sight), watch, tuple(events)
    groups: list[Document] = [_copy(group) for group in sight.get(GROUPS, ())]
    told: list[Event] = []
    for event in events:
        if event not in mine:
            told.append(event)
            continue
        watch, placed = _placed(groups, watch, event, at)
        told += placed
    return {**sight, GROUPS: [group for group in groups if _goes_on(group)]}, watch, tuple(told)


def _copy(group: Mapping[str, Any]) -> Document:
    members = {key: dict(member) for key, member in group["members"].items()}
    return {**group, "again": dict(group.get("again", {})), "members": members}


def _goes_on(group: Mapping[str, Any]) -> bool:
    return any(member["open"] for member in group["members"].values())


def _placed(groups: list[Document], watch: Watch, event: Event, at: datetime) -> tuple[Watch, list[Event]]:
    if event.kind in OPENS:
        return _opened(groups, watch, event, at)
    group = next((one for one in groups if one["id"] == event.incident), None)
    member = group["members"].get(event.watch) if group else None
    if group is None or member is None:
        return watch, [event]
    if event.kind in AGAIN and not _first_to_insist(group, event, at):
        return watch, []
    if event.kind == "acked":
        group |= {"acked_by": event.facts["who"], "acked_at": event.at.isoformat()}
    member |= _as_told(event, member)
    if event.facts.get("what") in SILENCES:
        member["quiet"] = {name: event.facts.get(name) for name in ("what", "who", "until")}
    part = PARTLY if not member["open"] and _goes_on(group) else ""
    return watch, [_of_group(_said_once(group, event, at), group, part)]


def _as_told(event: Event, before: Mapping[str, Any]) -> Document:
    """What a member is by an event of its own, whatever becomes of the others."""
    facts, over = event.facts, event.kind in ENDS
    began = facts.get("began", before.get("began", {}))
    now = {"open": not over, "failing": list(facts.get("failing", before.get("failing", ()))), "began": began}
    if not over:
        return now | {"end": ""}
    accepted = facts.get("why") == "accepted"
    return now | {"end": "accepted" if accepted else event.kind, "ended": facts.get("ended") or event.at.isoformat()}


def _said_once(group: Document, event: Event, at: datetime) -> Event:
    """Of several that grow worse within two minutes the first mentions; the others are an entry only."""
    if not event.facts.get("worse") or len(group["members"]) < 2:
        return event
    last = group["again"].get("worse")
    if last is not None and at - datetime.fromisoformat(last) < TOGETHER:
        return replace(event, facts={**event.facts, "heard": True})
    group["again"]["worse"] = at.isoformat()
    return event


def _first_to_insist(group: Document, event: Event, at: datetime) -> bool:
    """One voice for all that stand in a message, to each whom it mentions."""
    again = group.setdefault("again", {})
    key = " ".join([event.kind, *map(_fingerprint, event.facts.get("told", ()))])
    last = again.get(key)
    if last is not None and at - datetime.fromisoformat(last) < AGAIN_WITHIN:
        return False
    again[key] = at.isoformat()
    return True


def _opened(groups: list[Document], watch: Watch, event: Event, at: datetime) -> tuple[Watch, list[Event]]:
    """Into a group that fits, else into one of its own; a message that it leaves says so."""
    traits = traits_of(watch, event)
    old = next((one for one in groups if event.watch in one["members"] and one["id"] == event.incident), None)
    others = [one for one in groups if one is not old and one["channel"] == watch.channel]
    group = _fitting(others, watch, traits, at)
    alone = old is None or sum(one.get("end") != MOVED for one in old["members"].values()) == 1
    if group is None and old is not None and alone:
        old |= {"joined": at.isoformat(), "posted": at.isoformat(), "again": {}}
        old["members"][event.watch] |= _as_told(event, {}) | {"quiet": {}}
        return watch, [event]
    left = _leaves(old, event) if old is not None else []
    joins = group is not None
    if group is None:
        group = _new(event, event.id if old is not None else event.incident, traits, at)
        groups.append(group)
    group["joined"] = at.isoformat()
    group["since"] = min(str(group["since"]), event.since.isoformat(), key=datetime.fromisoformat)
    group["traits"] = [trait for trait in group["traits"] if trait in traits]
    group["members"][event.watch] = {
        "incident": event.own,
        "target": event.target,
        "since": event.since.isoformat(),
        "runbook": event.facts.get("runbook", ""),
        **{name: event.facts[name] for name in QUIETED if name in event.facts},
        **_as_told(event, {}),
    }
    whom = whom_of(watch)
    mentions = bool(whom) and whom not in group["mentioned"]
    if mentions:
        group["mentioned"] = [*group["mentioned"], whom]
    entry = {"mention": True} if mentions else {"grew": True} if joins and _grew(group, at) else {}
    event = replace(event, incident=group["id"], facts={**event.facts, **entry})
    incident = watch.state.incident
    if incident is not None:
        told_in = group["id"] if group["id"] != incident.id else ""
        watch = replace(watch, state=replace(watch.state, incident=replace(incident, message=told_in)))
    return watch, [*left, _of_group(event, group, JOINED if joins else "")]


def _grew(group: Document, at: datetime) -> bool:
    """Whether it is time that the thread says so again: a storm is no entry for each."""
    last = group["again"].setdefault("grew", group["posted"])
    if at - datetime.fromisoformat(last) < GREW_AGAIN:
        return False
    group["again"]["grew"] = at.isoformat()
    return True


def _leaves(old: Document, event: Event) -> list[Event]:
    """The message that an incident leaves for another one, brought up to date in silence."""
    old["members"][event.watch] |= {"open": False, "end": MOVED}
    kept = {**event.facts, "why": "moved"}
    kind = "changed" if _goes_on(old) else "closed"
    gone = replace(event, id=f"{event.id}-left", kind=kind, quiet=True, facts=kept)  # type: ignore[arg-type] # one of two
    return [_of_group(gone, old, PARTLY)]


def _new(event: Event, name: str, traits: Sequence[str], at: datetime) -> Document:
    begins = {"since": event.since.isoformat(), "joined": at.isoformat(), "posted": at.isoformat()}
    return {
        "id": name,
        "channel": event.channel,
        **begins,
        "traits": traits,
        "mentioned": [],
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


CAUSE, TAG = "cause ", "tag "
"""What a trait begins with that two strangers may share: a state, or how people sort them."""


def traits_of(watch: Watch, event: Event) -> list[str]:
    """What an incident may share with another: hosts, addresses, networks, the set of exchanges, tags, a cause."""
    failing = [str(code) for code in event.facts.get("failing", ())]
    hosts = {endpoint_of(code).rpartition(":")[0] for code in failing} | {watch.target}
    found = {f"host {host}" for host in hosts} | {CAUSE + code.partition(" ")[0] for code in failing}
    found |= {f"{TAG}{tag}" for tag in watch.tags}
    records: Mapping[str, Sequence[str]] = watch.state.baseline.get(RECORDS, {})
    for host in hosts:
        for address in records.get(f"address {host}", ()):
            found |= {f"address {address}", f"network {network_of(address)}"}
    exchanges = records.get(f"mx {watch.target}")
    return sorted(found | ({f"mx {' '.join(exchanges)}"} if exchanges else set()))


def whom_of(watch: Watch) -> str:
    """Whom a watch mentions, as a fingerprint: the sight of a team names no person."""
    return _fingerprint(watch.notify) if watch.notify else ""


def _fingerprint(whom: str) -> str:
    return hashlib.blake2b(whom.encode(), digest_size=8).hexdigest()


def network_of(address: str) -> str:
    """`192.0.2.0/24`, `2001:db8:1::/48`: what one switch or one provider may stand before."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{parsed}/{NETWORK[parsed.version]}", strict=False))


def _of_group(event: Event, group: Document, part: str) -> Event:
    """With what the message says of the whole group, where there are several."""
    members = group["members"]
    more: Document = {"part": part} if part else {}
    if len(members) > 1 or part:
        ends = [str(member.get("end") or "recovered") for member in members.values() if not member["open"]]
        more["group"] = {
            "count": len(members),
            "open": len(members) - len(ends),
            "ends": {end: ends.count(end) for end in sorted({*ends})},
            "rows": list(_rows(members))[:NAMED],
            "shared": shared_by(group["traits"]),
            "quiet": _quiet(members.values()),
            "since": group["since"],
            "until": max((str(one.get("ended") or "") for one in members.values()), default=""),
            **{name: group[name] for name in ("acked_by", "acked_at") if name in group},
        }
    return replace(event, facts={**event.facts, **more})


def _quiet(members: Iterable[Document]) -> list[Document]:
    """Who keeps those quiet that are down, until when, and how many of them."""
    found: list[Document] = [member["quiet"] for member in members if member["open"] and member.get("quiet")]
    once = [one for at, one in enumerate(found) if one not in found[:at]]
    return [{**one, "count": found.count(one)} for one in once]


def _rows(members: Mapping[str, Document]) -> Iterator[Document]:
    """Those that are open first."""
    for key, member in sorted(members.items(), key=lambda item: (not item[1]["open"], item[1]["since"], item[0])):
        yield {"watch": key, **{name: member.get(name, "") for name in ROW}}


SILENCES = frozenset({"mute", "snooze"})
QUIETED = ("broke_why", "broke_by", "quiet_why")
ROW = ("target", "failing", "since", "began", "open", "end", "ended", "runbook", *QUIETED)


def shared_by(traits: Sequence[str]) -> list[str]:
    """What each of a group has, in words that people know: networks, when they are few enough, and tags."""
    networks = [trait.partition(" ")[2] for trait in traits if trait.startswith("network ")]
    tags = [f"tag:{trait.partition(' ')[2]}" for trait in traits if trait.startswith(TAG)]
    return [*(networks if len(networks) <= MOST_NETWORKS else ()), *tags]


MOST_NETWORKS = 2
