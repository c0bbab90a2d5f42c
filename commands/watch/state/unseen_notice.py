"""One notice for each channel and cause of what is not seen, instead of one for each of its watches. Pure.

It stands in the sight of a team and vantage: `{"unseen": {"serial": n, "notices": {"<channel> <cause>": {"id", "since",
"events", "ever": how many it told of, "watches": {watch: {"target", "since", "why", "places", "held", "said", "kind",
"ports", "every": seconds}}}}}}`. A watch that joins or leaves edits the notice; when the last has left it is over. What
is hidden by our own network is told by `outbound_notice`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.watch.state.events import Event, EventKind, event_of
from commands.watch.state.model import CANNOT_SEE, Incident, Watch
from commands.watch.state.unseen import cause_of, is_unseen

UNSEEN = "unseen"
NAMED = 10
"""Watches that an event names; the rest is counted."""

Document = dict[str, Any]


def noticed(sight: Mapping[str, Any], watch: Watch, at: datetime, vantage: str) -> tuple[Document, tuple[Event, ...]]:
    """The sight after a watch ran or was changed, and what is to be told of it."""
    known = sight.get(UNSEEN, {"serial": 0, "notices": {}})
    key = _key_of(watch)
    if key is None and not any(watch.id in notice["watches"] for notice in known["notices"].values()):
        return dict(sight), ()
    after: Document = {"serial": known["serial"], "notices": dict(known["notices"])}
    told = [*_left(after, watch, key, at), *(_joined(after, watch, key, at, vantage) if key else ())]
    return {**sight, UNSEEN: after}, tuple(told)


def _key_of(watch: Watch) -> str | None:
    """The notice that a watch belongs in. One that is quiet stays where it is told already, and joins no other."""
    unseen = watch.state.unseen
    if unseen is None or not watch.runs or unseen.why == CANNOT_SEE or not is_unseen(watch.state):
        return None
    return f"{watch.channel} {cause_of(unseen.why)}"


def _left(after: Document, watch: Watch, key: str | None, at: datetime) -> Iterator[Event]:
    for other, notice in list(after["notices"].items()):
        if watch.id not in notice["watches"] or other == key:
            continue
        left = {id_: one for id_, one in notice["watches"].items() if id_ != watch.id}
        if left:
            yield _event(after, watch, other, "unseen_changed", at, {**notice, "watches": left})
            continue
        seconds = (at - datetime.fromisoformat(notice["since"])).total_seconds()
        yield _event(after, watch, other, "seen_again", at, notice, seconds=seconds)
        del after["notices"][other]


def _joined(after: Document, watch: Watch, key: str, at: datetime, vantage: str) -> Iterator[Event]:
    notice = after["notices"].get(key)
    if notice is not None and watch.id in notice["watches"]:
        return
    if watch.silence(at) is not None:
        return
    unseen = watch.state.unseen
    assert unseen is not None  # noqa: S101 - it has a key
    since = unseen.since.isoformat()
    row: Document = {"target": watch.target, "since": since, "why": unseen.why, "places": list(unseen.places)}
    row |= {"held": list(unseen.held), "said": unseen.said}
    row |= {"kind": watch.kind, "ports": list(watch.ports), "every": watch.every.total_seconds()}
    if notice is not None:
        began = min(notice["since"], since, key=datetime.fromisoformat)
        joined = {**notice, "since": began, "watches": {**notice["watches"], watch.id: row}, "ever": _ever(notice) + 1}
        yield _event(after, watch, key, "unseen_changed", at, joined)
        return
    after["serial"] += 1
    name = f"{watch.team}.{vantage}.{watch.channel}.unseen.{after['serial']}"
    opened = {"id": name, "since": since, "events": 0, "ever": 1, "watches": {watch.id: row}}
    yield _event(after, watch, key, "unseen", at, opened)


def cause_in(key: str) -> str:
    """The cause of a notice."""
    return key.partition(" ")[2]


def _ever(notice: Mapping[str, Any]) -> int:
    """How many watches it has told of; one that left and came back counts again."""
    return int(notice.get("ever", len(notice["watches"])))


def _event(
    after: Document, watch: Watch, key: str, kind: EventKind, at: datetime, notice: Document, **more: Any
) -> Event:
    channel, _, cause = key.partition(" ")
    incident = Incident(notice["id"], datetime.fromisoformat(notice["since"]), events=notice["events"])
    after["notices"][key] = {**notice, "events": notice["events"] + 1}
    rows = [{"watch": id_, **row} for id_, row in notice["watches"].items()]
    facts = {"cause": cause, "watches": rows[:NAMED], "count": len(rows), "ever": _ever(notice), **more}
    return event_of(replace(watch, channel=channel), incident, kind, at, facts, quiet=False)
