"""When other watches are looked at, because of what one saw: those of its message, and of the same place. Pure.

What a watch has down lasts until a look of its own, and what it told with it: availability, incidents and digests are
made of these. Where another one sees the same place well, that look follows at once, so that all of them agree with
whoever looked last. For that the sight has `{"broken": {watch: {"channel", "from", "places": [what it has down],
"looked": [the first and the last time that it was looked at because of another]}}}`. What our own network hid
(`"blind": {watch: {"channel", "from", "ports", "looked"}}`) is looked at as soon as something gets out there, and what
several could not see for a cause of ours (`unseen_notice`) as soon as one of them sees. What the thread of a message
has to say waits for no interval (`speaks`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state import care, thread
from commands.watch.state.dns_changes import RECORDS
from commands.watch.state.grouping import GROUPS, Document, copied
from commands.watch.state.model import NETWORK_TARGET, State, Watch
from commands.watch.state.observation import Observation, endpoint_of, port_of
from commands.watch.state.thread import GREW
from commands.watch.state.traits import network_of, traits_of
from commands.watch.state.transitions import OPEN
from commands.watch.state.unseen import is_ours
from commands.watch.state.unseen_notice import UNSEEN, cause_in

BROKEN, BLIND = "broken", "blind"


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


def having_it_down(
    sight: Mapping[str, Any], watch: Watch, after: State, seen: Observation, at: datetime
) -> tuple[Document, list[str]]:
    """The sight with what a watch has down after a run, and the others that have down what it saw well from there.

    Where they still do after that look, they are looked at ever later, until one sees that it is down.
    """
    before: Mapping[str, Document] = sight.get(BROKEN, {})
    places = sorted(map(endpoint_of, after.failing)) if after.phase in OPEN else []
    mine = before.get(watch.id, {}) | {"channel": watch.channel, "from": watch.place, "places": places}
    known = {key: one for key, one in before.items() if key != watch.id} | ({watch.id: mine} if places else {})
    well, bad, found = set(_seen_well(seen)), {endpoint_of(code) for code in seen.failing}, []
    for key, one in known.items():
        if key == watch.id or one["from"] != watch.place:
            continue
        if bad & set(one["places"]):
            known[key] = {name: of for name, of in one.items() if name != "looked"}
        elif any(port_of(place) in well for place in one["places"]) and _is_time(one.get("looked"), at):
            known[key] = {**one, "looked": [one.get("looked", [at.isoformat()])[0], at.isoformat()]}
            found.append(key)
    return (dict(sight) if known == before else {**sight, BROKEN: known}), found


def _seen_well(seen: Observation) -> Iterator[str]:
    """The places that were seen well, with the ports of our own network that something left it through."""
    yield from (f"{NETWORK_TARGET}:{port}" for port in seen.free)
    if seen.outcome == "good":
        yield seen.target
    bad = {port_of(endpoint_of(code)) for code in seen.failing}
    if seen.outcome in {"good", "bad"}:
        yield from (place for place in seen.places if place not in bad and place not in seen.held)


def _is_time(looked: list[str] | None, at: datetime) -> bool:
    if looked is None:
        return True
    first, last = map(datetime.fromisoformat, looked)
    return at - last >= max(last - first, GREW)


def hidden_alike(sight: Mapping[str, Any], watch: Watch, seen: Observation, at: datetime) -> tuple[Document, list[str]]:
    """The sight with what our own network hides from a watch, and the others from whom it hid what this one reached."""
    before: Mapping[str, Document] = sight.get(BLIND, {})
    mine = {**before.get(watch.id, {}), "channel": watch.channel, "from": watch.place, "ports": list(seen.shut)}
    known = {key: one for key, one in before.items() if key != watch.id} | ({watch.id: mine} if seen.shut else {})
    found = []
    for key, one in known.items():
        is_free = key != watch.id and one["from"] == watch.place and {*one["ports"]} & {*seen.free}
        if is_free and _is_time(one.get("looked"), at):
            known[key] = {**one, "looked": [one.get("looked", [at.isoformat()])[0], at.isoformat()]}
            found.append(key)
    return (dict(sight) if known == before else {**sight, BLIND: known}), found


def of_same_notice(before: Mapping[str, Any], after: Mapping[str, Any], watch: Watch) -> list[str]:
    """The watches that a cause of ours hides still, where this one sees again: in every channel."""
    was, now = (sight.get(UNSEEN, {}).get("notices", {}) for sight in (before, after))
    left = {cause_in(key) for key, one in was.items() if watch.id in one["watches"]}
    left -= {cause_in(key) for key, one in now.items() if watch.id in one["watches"]}
    return [
        id_ for key, one in now.items() if cause_in(key) in left and is_ours(cause_in(key)) for id_ in one["watches"]
    ]


def speaks(sight: Mapping[str, Any], before: Watch, after: Watch, at: datetime) -> tuple[str, datetime] | None:
    """Who says what the thread of a message has to say of its members, and when: who is open still, this one first."""
    incident = after.state.incident or before.state.incident
    group = next((one for one in sight.get(GROUPS, ()) if incident and one["id"] == incident.told_in), None)
    due = thread.due_at(copied(group), at) if group is not None else None
    if group is None or due is None:
        return None
    still = [name for name, member in group["members"].items() if member["open"] and not care.is_silent(member, at)]
    name = after.id if after.id in still else next(iter(sorted(still)), "")
    return (name, max(due, at + SOON)) if name else None


SOON = timedelta(minutes=1)


def beside(watch: Watch, every: Iterable[Watch], at: datetime) -> dict[str, tuple[list[str], bool]]:
    """By network, the watches of a channel that are to be looked at since a host of it is down; whether it is a sample.

    Two, to know whether it is that host alone; all that wait for their turn where another host is bad as well: nobody
    has to wait for an hour to know that a switch is dead, and all of it broke then and not when each had its turn.
    """
    networks = networks_of(watch)
    here = [(one, networks & networks_of(one)) for one in every if one.channel == watch.channel and one.runs]
    found: dict[str, tuple[list[str], bool]] = {}
    for network in sorted(networks):
        there = [one for one, theirs in here if network in theirs]
        waiting = sorted(
            (one.due_at, one.id) for one in there if one.state.phase == "up" and one.due_at and one.due_at > at
        )
        is_sample = len({one.target for one in there if one.state.phase in BAD}) < TOO_MANY
        if waiting and any(one.state.phase in OPEN for one in there):
            found[network] = [name for _, name in waiting[: SAMPLE if is_sample else None]], is_sample
    return found


def networks_of(watch: Watch) -> set[str]:
    """As traits: of what fails, and where nothing does of all that is known, the exchanges of a domain, too."""
    if watch.state.failing:
        return {one for one in traits_of(watch, watch.state.failing) if one.startswith(NETWORK)}
    known = watch.state.baseline.get(RECORDS, {})
    found = (address for key in known if key.startswith("address ") for address in known[key])
    return {f"{NETWORK}{network_of(address)}" for address in found}


BAD = OPEN | {"failing"}
SAMPLE, TOO_MANY = 2, 2
"""So many are looked at beside a host that is down alone; so many bad ones of a network are no coincidence."""

NETWORK = "network "


def gone(sight: Mapping[str, Any], watch: Watch) -> Document:
    """The sight without what a deleted watch has down, or what is hidden from it."""
    parts = {BROKEN, BLIND} & sight.keys()
    return {**sight, **{part: {key: one for key, one in sight[part].items() if key != watch.id} for part in parts}}
