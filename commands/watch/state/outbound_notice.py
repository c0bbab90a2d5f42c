"""Whether we can see out: one notice for each channel instead of an alert for each of its watches. Pure.

One document for each team and vantage: `{"serial": n, "notices": {channel: {"id", "since", "ports", "ever", "events",
"by"}}, "closed": {channel: instant}, "watched": {watch: {"channel", "ports", "until", "asked": instant}}}`. A port that
something got out through is free, for every channel: what is told there then is told as by the watch that began it
(`by`), whose channel and routes these are. A watch on our own network tells of its ports itself, with its
mentions and its buttons: while one runs in a channel (`watched`), no notice repeats it there, and what others could
not get out through it looks at at once (`asked`), whatever its interval.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.events import Event, EventKind, event_of
from commands.watch.state.model import Incident, Watch
from commands.watch.state.observation import Observation, endpoint_of

REST = timedelta(minutes=10)
"""After a notice the next one of the same channel waits: what the controls said is remembered for five minutes."""

ASKED, BY = "asked", "by"

Document = dict[str, Any]


def look(
    sight: Mapping[str, Any], watch: Watch, seen: Observation, at: datetime, vantage: str
) -> tuple[Document, tuple[Event, ...]]:
    """What is known of the way out after one run, and what is to be told."""
    after: Document = {"serial": 0, **sight}
    after["notices"] = dict(sight.get("notices", {}))
    after["closed"] = dict(sight.get("closed", {}))
    after["watched"] = {id_: one for id_, one in sight.get("watched", {}).items() if _lasts(one, at)}
    if watch.kind == "network":
        _note_cover(after["watched"], watch, seen, at)
    told = tuple(_opened(after, watch, seen, at, vantage)) + tuple(_freed(after, watch, seen, at, vantage))
    return after, told


def _note_cover(watched: dict[str, Any], watch: Watch, seen: Observation, at: datetime) -> None:
    """Its ports are covered till its next run is long overdue; those of a quiet one are not."""
    if watch.silence(at) is not None:
        watched.pop(watch.id, None)
        return
    ports = {*seen.free, *(int(endpoint_of(code).rpartition(":")[2]) for code in seen.failing)}
    ports |= {int(endpoint.rpartition(":")[2]) for endpoint in seen.held}
    until = (at + 2 * watch.every).isoformat()
    asked = {name: at for name, at in watched.get(watch.id, {}).items() if name == ASKED}
    watched[watch.id] = {"channel": watch.channel, "ports": sorted(ports), "until": until, **asked}


def to_look(sight: Mapping[str, Any], watch: Watch, seen: Observation, at: datetime) -> tuple[Document, list[str]]:
    """The watches on our own network that tell of what this run could not get out through, in its channel."""
    before: Mapping[str, Document] = sight.get("watched", {})
    here = {id_: one for id_, one in before.items() if id_ != watch.id and one["channel"] == watch.channel}
    meant = {id_: one for id_, one in here.items() if {*one["ports"]} & {*seen.shut} and _rests_not(one, at)}
    found = {id_: {**one, ASKED: at.isoformat()} for id_, one in meant.items()}
    return ({**sight, "watched": {**before, **found}}, list(found)) if found else (dict(sight), [])


def _rests_not(cover: Mapping[str, Any], at: datetime) -> bool:
    asked = cover.get(ASKED)
    return asked is None or at - datetime.fromisoformat(asked) >= REST


def _lasts(cover: Mapping[str, Any], at: datetime) -> bool:
    return at < datetime.fromisoformat(cover["until"])


def _covered(watched: Mapping[str, Any], channel: str) -> set[int]:
    return {port for cover in watched.values() if cover["channel"] == channel for port in cover["ports"]}


def _freed(after: Document, watch: Watch, seen: Observation, at: datetime, vantage: str) -> Iterator[Event]:
    for channel, notice in list(after["notices"].items()):
        left = [port for port in notice["ports"] if port not in seen.free]
        if left == notice["ports"]:
            continue
        if left:
            yield _event(after, watch, channel, "sight_changed", at, {"vantage": vantage, "ports": left})
            after["notices"][channel]["ports"] = left
            continue
        seconds = (at - datetime.fromisoformat(notice["since"])).total_seconds()
        facts = {"vantage": vantage, "ports": notice.get("ever", notice["ports"]), "seconds": seconds}
        yield _event(after, watch, channel, "sees_again", at, facts)
        del after["notices"][channel]
        after["closed"][channel] = at.isoformat()


def _opened(after: Document, watch: Watch, seen: Observation, at: datetime, vantage: str) -> Iterator[Event]:
    """A quiet watch says nothing of our network either."""
    shut = [port for port in seen.shut if port not in {*seen.free, *_covered(after["watched"], watch.channel)}]
    notice = after["notices"].get(watch.channel)
    if not shut or watch.silence(at) is not None:
        return
    if notice is not None:
        ports = sorted({*notice["ports"], *shut})
        if ports != notice["ports"]:
            yield _event(after, watch, watch.channel, "sight_changed", at, {"vantage": vantage, "ports": ports})
            ever = sorted({*notice.get("ever", ()), *ports})
            after["notices"][watch.channel] |= {"ports": ports, "ever": ever}
        return
    rested = after["closed"].get(watch.channel)
    if rested is not None and timedelta() <= at - datetime.fromisoformat(rested) < REST:
        return
    after["serial"] += 1
    name = f"{watch.team}.{vantage}.{watch.channel}.{after['serial']}"
    routes = [name for name, value in watch.routes.items() if value]
    by = {"watch": watch.id, "target": watch.target, "watch_kind": watch.kind, "routes": routes}
    opened = {"id": name, "since": at.isoformat(), "ports": shut, "ever": shut, "events": 0, BY: by}
    after["notices"][watch.channel] = opened
    yield _event(after, watch, watch.channel, "cannot_see", at, {"vantage": vantage, "ports": shut})


def _event(
    after: Document, watch: Watch, channel: str, kind: EventKind, at: datetime, facts: Mapping[str, Any]
) -> Event:
    notice = dict(after["notices"][channel])
    incident = Incident(notice["id"], datetime.fromisoformat(notice["since"]), events=notice["events"])
    after["notices"][channel] = {**notice, "events": notice["events"] + 1}
    event = event_of(replace(watch, channel=channel), incident, kind, at, facts, quiet=False)
    return replace(event, **notice.get(BY, {}))
