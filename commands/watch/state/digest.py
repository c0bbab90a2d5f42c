"""The digest of a channel: when it is due, kept as a note, and the facts of it. Pure; `view.digest` has its words.

Exactly one for each period: its event's id is made from the channel and the time that it was due, and an id is taken
once. After a stop one digest is made up for, however many were missed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from itertools import chain
from typing import Any

from commands.natural_order import natural
from commands.uptime import DOWN, UNSEEN, Uptime, Watched, is_shorter, share, uptimes, worst_first
from commands.watch.state.certificates import ending
from commands.watch.state.condition import Condition, Standing, condition_of
from commands.watch.state.digest_causes import hidden, notices_of
from commands.watch.state.digest_rows import ELSEWHERE, MOST, NEWS, Row, folded, row_of
from commands.watch.state.dns_changes import differing
from commands.watch.state.events import Event
from commands.watch.state.model import Watch
from commands.watch.state.places import whole_of
from commands.watch.state.routes import SLACK
from commands.watch.state.story import OUTAGE
from commands.watch.state.unseen import AFTER
from commands.watch.state.windows import Digest, digest_before, next_digest
from storage.watches import StoredEvent, WatchSpan, place_of

KIND = "digest"


def to_note(digest: Digest, owner: str, now: datetime) -> dict[str, Any]:
    due = next_digest(digest, now).isoformat()
    return {"at": f"{digest.at:%H:%M}", "zone": digest.zone, "day": digest.day, "owner": owner, "due": due}


def of_note(note: Mapping[str, Any]) -> Digest:
    return Digest(time.fromisoformat(note["at"]), note["zone"], note["day"])


def due_of(note: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(note["due"])


def since_of(note: Mapping[str, Any]) -> datetime:
    """The beginning of the period that ends when this is due, with the time of those that could not be posted."""
    since = digest_before(of_note(note), due_of(note))
    return min(since, datetime.fromisoformat(note[LOST])) if LOST in note else since


LOST = "lost"
"""Key of the note: since when its digests could not be posted."""


def with_lost(note: Mapping[str, Any], since: str, *, posted: bool) -> dict[str, Any]:
    """The note after a digest since then was posted, which told what was lost, or was not."""
    lost = {} if posted else {LOST: min(since, str(note.get(LOST, since)), key=datetime.fromisoformat)}
    return {**{name: value for name, value in note.items() if name != LOST}, **lost}


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
    """How many were usable and seen all the time, what is known of the others (`named`), what changed, what ends soon.

    What several watches told in one message is one change.

    Empty when nothing is watched.
    """
    if not watches:
        return {}
    since = since_of(note)
    told = {watch.id: _told(events.get(watch.id, ()), since) for watch in watches}
    conditions = {watch.id: condition_of(watch, now) for watch in watches}
    known = _known(watches, spans, since)
    times = {watch.id: uptimes(known[watch.id], since, now) for watch in watches}
    ill = {
        watch.id
        for watch in watches
        if conditions[watch.id].standing != "healthy" or _outages(told[watch.id]) or _is_news(times[watch.id])
    }
    rest = [watch for watch in watches if watch.id in ill or told[watch.id] or not conditions[watch.id].healthy]
    by_other_news = {watch.id for watch in rest}
    rest += _different([watch for watch in watches if watch.id not in by_other_news], rest)
    broke = {watch.id for watch in watches if _outages(told[watch.id])}
    ranks = {one.id: _rank(conditions[one.id], broke=one.id in broke, ill=one.id in ill) for one in rest}
    rest.sort(key=lambda one: (ranks[one.id], natural(one.target), one.ports != ()))
    watched = Watched(chain.from_iterable(known.values()))
    notices = notices_of(chain.from_iterable(events.values()), now)
    causes = {
        watch.id: hidden(conditions[watch.id], watched.timeline(whole_of(watch), since, now), notices) for watch in rest
    }
    rows = _rows(rest, conditions, causes, told, partial(watched.uptimes, begin=since, end=now), since)
    return {
        "period": "day" if note["day"] is None else "week",
        **_watched(watches, since),
        "watches": len(watches),
        "healthy": len(watches) - len(ill),
        "standings": Counter(condition.standing for condition in conditions.values()),
        "changes": len({_news(event) for of_watch in told.values() for event in of_watch if event.kind in NEWS}),
        "ending": ending(watches, now),
        "named": rows[:MOST],
        "more": sum(row.get("count", 1) for row in rows[MOST:]),
    }


def _different(others: Sequence[Watch], named: Sequence[Watch]) -> list[Watch]:
    """Those with something that differs and was not accepted, which none that is named, and no other of them, says."""
    found: list[Watch] = []
    said = {(watch.target, key) for watch in named for key in differing(watch)}
    for watch in sorted(others, key=lambda one: -len(differing(one))):
        mine = {(watch.target, key) for key in differing(watch)}
        if mine - said:
            found.append(watch)
            said |= mine
    return found


def _news(event: Event) -> tuple[Any, ...]:
    """What makes it one piece of news, whichever watches tell it: what a record is now, else its message."""
    changes = sorted((one["record"], one["name"], tuple(one["after"])) for one in event.facts.get("changes", ()))
    return (event.kind, *changes) if changes else (event.kind, event.incident)


STANDINGS: Sequence[Standing] = ("down", "unseen", "waiting", "healthy", "paused")


def _rank(condition: Condition, *, broke: bool, ill: bool) -> tuple[int, bool, bool, bool]:
    """What is bad now, what was down, what was not seen, what changed, what is kept quiet."""
    return STANDINGS.index(condition.standing), bool(condition.quieted), not broke, not ill


def _rows(
    watches: Sequence[Watch],
    conditions: Mapping[str, Condition],
    causes: Mapping[str, Mapping[str, Any]],
    told: Mapping[str, Sequence[Event]],
    known: Callable[[str], Mapping[str, Uptime]],
    since: datetime,
) -> list[Row]:
    """How much of the time a host was well stands with the first that looks at its ports, and is what all of them know.

    So does news that several watches of it told in one message.
    """
    rows, of_host = [], []
    seen: set[Any] = set()
    holders: dict[str, str] = {}
    for watch in sorted(watches, key=lambda one: one.kind != "check"):
        holders.setdefault(whole_of(watch), watch.id)
    for watch in watches:
        news = {(_news(event), watch.target) for event in told[watch.id] if event.kind in NEWS}
        mine = [event for event in told[watch.id] if (_news(event), watch.target) not in seen]
        found = known(whole_of(watch))
        uptime, holds = _uptime(whole_of(watch), found, since), holders[whole_of(watch)] == watch.id
        figure = {"uptime": uptime if holds else {}} | ({ELSEWHERE: True} if uptime and not holds else {})
        cause = {"hidden": causes[watch.id]} if causes[watch.id] else {}
        rows.append(row_of(watch, conditions[watch.id], mine) | figure | cause)
        of_host.append(found.get(whole_of(watch), Uptime(since)))
        seen |= news
    return folded(rows, of_host)


def _watched(watches: Sequence[Watch], since: datetime) -> dict[str, Any]:
    """Since when the first of them is watched, where that is not the whole period, and how many for less than that."""
    first = min(watch.created_at for watch in watches)
    later = sum(watch.created_at - max(first, since) >= AFTER for watch in watches)
    return ({"watched": first.isoformat()} if first > since else {}) | ({"later": later} if later else {})


def _told(events: Sequence[Event], since: datetime) -> list[Event]:
    """The last event of each incident and change of the period. That a certificate ends soon is told of now."""
    last = {event.own: event for event in events if event.kind in OUTAGE | NEWS}
    return [event for event in last.values() if event.at >= since]


def _outages(told: Sequence[Event]) -> bool:
    return any(event.kind in OUTAGE for event in told)


def _known(watches: Sequence[Watch], spans: Sequence[WatchSpan], since: datetime) -> dict[str, list[WatchSpan]]:
    """By watch, how each of its places was; not seen while nobody looked, also at the beginning of the period.

    What one saw that was deleted since still counts, as it does in the history.
    """
    of_watch: dict[str, list[WatchSpan]] = {watch.id: [] for watch in watches}
    for one in spans:
        of_watch.setdefault(one.watch, []).append(one)
    for watch in watches:
        of_watch[watch.id] += list(_not_begun(of_watch[watch.id], max(since, watch.created_at)))
    return of_watch


def _not_begun(known: Sequence[WatchSpan], begins: datetime) -> Iterator[WatchSpan]:
    """The time before the first run of a period: it was paused then, or Portero did not run."""
    first = min((one.since for one in known), default=begins)
    if first - begins >= AFTER:
        for place in {one.place for one in known if one.since == first}:
            yield WatchSpan(known[0].watch, place, begins, first, UNSEEN)


def _is_news(found: Mapping[str, Uptime]) -> bool:
    """Whether any of it was down, or not seen for as long as makes it count as not seen."""
    return any(one.of(DOWN) or one.shown_of(UNSEEN) >= AFTER for one in found.values())


def _uptime(place: str, found: Mapping[str, Uptime], since: datetime) -> dict[str, Any]:
    """How much of the period the whole was well, since when that is known; unless all are alike, each port."""
    whole = found.get(place)
    each = [(name, one) for name, one in found.items() if name != place]
    if whole is None or not (whole.of(DOWN) or whole.of(UNSEEN) or _is_news(found)):
        return {}
    known = {"since": whole.since.isoformat()} if is_shorter(whole, since) else {}
    alike = len(each) == 1 or all(share(one) == share(whole) for _, one in each)
    ports = [[name, share(one)] for name, one in worst_first(each) if not alike and _is_news({name: one})]
    rest = {"rest": True} if ports and len(ports) < len(each) else {}
    return {"share": share(whole), **known, "ports": ports[:PORTS], **rest}


PORTS = 4
"""Ports of a watch of which a digest tells how much of the time they were well."""
