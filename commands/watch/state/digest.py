"""The digest of a channel: when it is due, kept as a note, and the facts of it. Pure; `view.digest` has its words.

Exactly one for each period: its event's id is made from the channel and the time that it was due, and an id is taken
once. After a stop one digest is made up for, however many were missed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from commands.uptime import DOWN, UNSEEN, Uptime, is_shorter, share, uptimes, worst_first
from commands.watch.state.certificates import days_of_first
from commands.watch.state.condition import Condition, condition_of, to_json
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.routes import SLACK
from commands.watch.state.unseen import AFTER
from commands.watch.state.windows import DAY, Digest, next_digest
from storage.watches import StoredEvent, WatchSpan, place_of

KIND = "digest"
MOST = 20
"""Watches that are named; the rest is counted."""

NEWS: Mapping[str, Callable[[Mapping[str, Any], datetime], dict[str, Any]]] = {
    "certificate_ends": lambda facts, now: {"days": days_of_first(facts, now)},
    "certificate_renewed": lambda _facts, _now: {},
    "certificate_replaced": lambda _facts, _now: {},
    "dns_changed": lambda facts, _now: {"changes": facts.get("changes", ())},
}
"""The kinds of events that are news beside outages, and what is told of them: as it is when the digest is posted."""


def to_note(digest: Digest, owner: str, now: datetime) -> dict[str, Any]:
    due = next_digest(digest, now).isoformat()
    return {"at": f"{digest.at:%H:%M}", "zone": digest.zone, "day": digest.day, "owner": owner, "due": due}


def of_note(note: Mapping[str, Any]) -> Digest:
    return Digest(time.fromisoformat(note["at"]), note["zone"], note["day"])


def due_of(note: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(note["due"])


def since_of(note: Mapping[str, Any]) -> datetime:
    """The beginning of the period that ends when this is due."""
    return due_of(note) - (DAY if note["day"] is None else 7 * DAY)


def to_event(key: str, note: Mapping[str, Any], facts: Mapping[str, Any], now: datetime) -> StoredEvent:
    """The event that posts it."""
    team, channel = place_of(key)
    event_id = f"{key}:{note['due']}"
    document = {
        "team": team,
        "channel": channel,
        "target": "",
        "watch_kind": "",
        "since": since_of(note).isoformat(),
        "quiet": False,
        "facts": {**facts, "owner": note["owner"]},
    }
    return StoredEvent(event_id, "", event_id, KIND, now, document, (SLACK,))


def summary(
    watches: Sequence[Watch],
    events: Mapping[str, Sequence[Event]],
    spans: Sequence[WatchSpan],
    note: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """How many were healthy and seen all the time, and what is known of the others (`named`).

    Empty when nothing is watched.
    """
    if not watches:
        return {}
    since = since_of(note)
    told = {watch.id: _incidents(events.get(watch.id, ()), since) for watch in watches}
    conditions = {watch.id: condition_of(watch, now) for watch in watches}
    times = _times(watches, spans, since, now)
    rest = [
        watch for watch in watches if told[watch.id] or not conditions[watch.id].healthy or _is_news(times[watch.id])
    ]
    return {
        "period": "day" if note["day"] is None else "week",
        **_watched(watches, since),
        "watches": len(watches),
        "healthy": len(watches) - len(rest),
        "standings": Counter(condition.standing for condition in conditions.values()),
        "named": [
            _row(watch, conditions[watch.id], told[watch.id], now) | {"uptime": _uptime(watch, times[watch.id], since)}
            for watch in rest[:MOST]
        ],
        "more": max(0, len(rest) - MOST),
    }


def _watched(watches: Sequence[Watch], since: datetime) -> dict[str, Any]:
    """Since when the first of them is watched, where that is not the whole period, and how many for less than that."""
    first = min(watch.created_at for watch in watches)
    later = sum(watch.created_at - max(first, since) >= AFTER for watch in watches)
    return ({"watched": first.isoformat()} if first > since else {}) | ({"later": later} if later else {})


def _incidents(events: Sequence[Event], since: datetime) -> list[Event]:
    """The last event of each incident of the period."""
    last = {event.own: event for event in events if event.kind != "accepted"}
    return [event for event in last.values() if event.at >= since]


def _times(
    watches: Sequence[Watch], spans: Sequence[WatchSpan], since: datetime, now: datetime
) -> dict[str, dict[str, Uptime]]:
    """By watch, how each of its places was in the period; not seen while nobody looked, also at its beginning."""
    of_watch: dict[str, list[WatchSpan]] = {watch.id: [] for watch in watches}
    for one in spans:
        of_watch.setdefault(one.watch, []).append(one)
    begins = {watch.id: max(since, watch.created_at) for watch in watches}
    return {name: uptimes([*_not_begun(of_watch[name], begins[name]), *of_watch[name]], since, now) for name in begins}


def _not_begun(known: Sequence[WatchSpan], begins: datetime) -> Iterator[WatchSpan]:
    """The time before the first run of a period: it was paused then, or Portero did not run."""
    first = min((one.since for one in known), default=begins)
    if first - begins >= AFTER:
        for place in {one.place for one in known if one.since == first}:
            yield WatchSpan(known[0].watch, place, begins, first, UNSEEN)


def _is_news(found: Mapping[str, Uptime]) -> bool:
    """Whether any of it was down, or not seen for as long as makes it count as not seen."""
    return any(one.of(DOWN) or one.of(UNSEEN) >= AFTER for one in found.values())


def _uptime(watch: Watch, found: Mapping[str, Uptime], since: datetime) -> dict[str, Any]:
    """How much of the period the whole was well, since when that is known; unless all are alike, each port."""
    whole = found.get(watch.target)
    each = [(place, one) for place, one in found.items() if place != watch.target]
    if whole is None or not (whole.of(DOWN) or whole.of(UNSEEN) or _is_news(found)):
        return {}
    known = {"since": whole.since.isoformat()} if is_shorter(whole, since) else {}
    alike = len(each) == 1 or all(share(one) == share(whole) for _, one in each)
    ports = [[place, share(one)] for place, one in worst_first(each) if not alike and _is_news({place: one})]
    rest = {"rest": True} if ports and len(ports) < len(each) else {}
    return {"share": share(whole), **known, "ports": ports[:PORTS], **rest}


PORTS = 4
"""Ports of a watch of which a digest tells how much of the time they were well."""


def _row(watch: Watch, condition: Condition, told: Sequence[Event], now: datetime) -> dict[str, Any]:
    ended = [event for event in told if event.kind == "recovered"]
    return {
        "watch": watch.id,
        "from": watch.vantage,
        "kind": watch.kind,
        "ports": list(watch.ports),
        "condition": to_json(condition),
        "incidents": len(ended),
        "seconds": sum(float(event.facts.get("seconds") or 0) for event in ended),
        "news": [{"kind": event.kind, **NEWS[event.kind](event.facts, now)} for event in told if event.kind in NEWS],
    }
