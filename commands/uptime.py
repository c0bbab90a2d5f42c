"""How much of a time something was up: weighted by time, whatever number of runs looked. Pure.

What was not seen counts for neither side, and is said. Digest and table of the history both ask this (`Watched`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TypeAlias

from commands.times import shown_minutes, to_minute
from storage.watches import DELETED, WatchSpan

UP, DOWN, UNSEEN = "up", "down", "unseen"
"""What a place is after a run: `WatchSpan.what`. Anything else is not known yet, and counts as not seen."""

RECORDS = "dns/"
"""Begins the place of a watch on records: who asks a name server has seen nothing of the hosts behind a name."""

MINUTE, INSTANT = timedelta(minutes=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long what was known of a time, and since when anything is.

    `shown` has the same between times as they are shown, to the minute: what an alert says of its incident.
    """

    since: datetime
    lasted: dict[str, timedelta] = field(default_factory=dict)
    shown: dict[str, timedelta] = field(default_factory=dict)

    def of(self, what: str) -> timedelta:
        return self.lasted.get(what, timedelta())

    def shown_of(self, what: str) -> timedelta:
        return self.shown.get(what, self.of(what))

    @property
    def known(self) -> timedelta:
        return self.of(UP) + self.of(DOWN)


def uptimes(spans: Iterable[WatchSpan], begin: datetime, end: datetime) -> dict[str, Uptime]:
    """By place, until an `end` that is not to come. Where several watches look at one, it is down while any has it so.

    That ends with whoever sees it well first: the others look again at once (`commands.watch.state.others`).
    Who looks seldom, or in the good minutes, takes back nothing that another one told: what was well when a watch on
    certificates looked half a day ago is not seen now that nobody else can. While a watch does not look (it
    is paused, its runs are late), its places are not seen; from when it was deleted on they are none of its.
    """
    return {place: added(parts) for place, parts in _timelines(spans, begin, end).items()}


def _timelines(spans: Iterable[WatchSpan], begin: datetime, end: datetime) -> dict[str, "Parts"]:
    found: dict[str, list[Parts]] = {}
    for _, of_watch in groupby(sorted(spans, key=attrgetter("watch", "place")), attrgetter("watch")):
        known = list(of_watch)
        gaps = _gaps(known, end)
        for place, of_place in groupby(known, attrgetter("place")):
            mine = list(of_place)
            if parts := list(_parts([*mine, *_unlooked(mine, gaps, end)], begin, end)):
                found.setdefault(place, []).append(parts)
    return {place: reduce(_together, each) for place, each in found.items()}


class Watched:
    """How what is watched was, by target: a place has one figure, whichever name it is asked for by.

    The places of a target are those that its own watches look at (of a domain its exchanges), and its own ports,
    whoever looks at them. Of each counts what all watches know that look there.
    """

    def __init__(self, spans: Iterable[WatchSpan]) -> None:
        self._of_watch: dict[str, list[WatchSpan]] = {}
        self._looking: dict[str, set[str]] = {}
        self._at_host: dict[str, set[str]] = {}
        for one in spans:
            self._of_watch.setdefault(one.watch, []).append(one)
            self._looking.setdefault(one.place, set()).add(one.watch)
            self._at_host.setdefault(one.place.rpartition(":")[0], set()).add(one.place)

    def own(self, target: str) -> set[str]:
        """The watches on the target itself."""
        return self._looking.get(target, set())

    def places(self, target: str) -> set[str]:
        looked = {span.place for watch in self.own(target) for span in self._of_watch[watch]}
        found = looked | self._at_host.get(target, set())
        return {place for place in found if place.startswith(RECORDS) == target.startswith(RECORDS)}

    def uptimes(self, target: str, begin: datetime, end: datetime) -> dict[str, Uptime]:
        """By place of the target; the target stands for all of it, which was down with any of its places."""
        parts = self._timelines(target, begin, end)
        whole = {target: reduce(_together, parts.values())} if parts else {}
        return {place: added(each) for place, each in (parts | whole).items()}

    def timeline(self, target: str, begin: datetime, end: datetime, port: int | None = None) -> "Parts":
        """How all of the target was, or that port of it, as `uptimes` counts it."""
        parts = self._timelines(target, begin, end).items()
        return reduce(_together, (each for place, each in parts if port is None or place.endswith(f":{port}")), [])

    def _timelines(self, target: str, begin: datetime, end: datetime) -> dict[str, "Parts"]:
        places = self.places(target)
        looking = sorted({watch for place in places for watch in self._looking[place]})
        spans = (span for watch in looking for span in self._of_watch[watch])
        return {place: parts for place, parts in _timelines(spans, begin, end).items() if place in places}


@dataclass(frozen=True, slots=True)
class Downtime:
    """A time down: seen so from `since` to `until`, for `lasted`; `ended` when it was seen well (None: it was not)."""

    since: datetime
    until: datetime
    lasted: timedelta
    ended: datetime | None = None


def downtimes(parts: "Parts") -> list[Downtime]:
    """One after the other. What is not seen ends none; what is seen well does, and that nobody watches."""
    found: list[Downtime] = []
    goes_on, reached = False, None
    for since, until, what in parts:
        goes_on = goes_on and since == reached
        reached = until
        if what == DOWN and not goes_on:
            found.append(Downtime(since, until, until - since))
        elif what == DOWN:
            found[-1] = replace(found[-1], until=until, lasted=found[-1].lasted + until - since)
        elif what != UNSEEN and goes_on:
            found[-1] = replace(found[-1], ended=since)
        goes_on = what == DOWN or (goes_on and what == UNSEEN)
    return found


def begins(parts: "Parts") -> set[datetime]:
    """From when on something is known of what nothing was known of before."""
    return {since for since, *_ in parts} - {until for _, until, _ in parts}


Gap: TypeAlias = tuple[datetime, datetime]


def _gaps(spans: Sequence[WatchSpan], end: datetime) -> list[Gap]:
    """When nothing is known of any place of a watch, from the first that is known on."""
    found: list[Gap] = []
    reached: datetime | None = None
    for one in sorted(spans, key=attrgetter("since", "until")):
        if one.since >= end:
            break
        if reached is not None and one.since > reached:
            found.append((reached, one.since))
        reached = max(reached or one.until, one.until)
    return [*found, (reached, end)] if reached is not None and reached < end else found


def _unlooked(of_place: Sequence[WatchSpan], gaps: Iterable[Gap], end: datetime) -> Iterator[WatchSpan]:
    """The gaps of a watch that are gaps of a place: one that it looked at before, and looks at again or still."""
    began, ended = {one.since for one in of_place}, {one.until for one in of_place}
    for since, until in gaps:
        if since in ended and (until in began or until == end):
            yield replace(of_place[0], since=since, until=until, what=UNSEEN)


Parts: TypeAlias = list[tuple[datetime, datetime, str]]
"""From when to when what, one after the other."""


def _parts(spans: Iterable[WatchSpan], begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """The time in spans. A clock that was set back makes no time count twice."""
    reached = begin
    for one in sorted((one for one in spans if one.what != DELETED), key=attrgetter("since", "until")):
        since, until = max(one.since, reached), min(one.until, end)
        if since < until:
            reached = until
            yield since, until, _what(one)


def _what(one: WatchSpan) -> str:
    if one.what not in {UP, DOWN}:
        return UNSEEN
    return HELD if one.seldom and one.what == UP else one.what


HELD = "held"
"""Well, as far as a watch knows that looks less than hourly."""
COUNTS = (DOWN, UP, UNSEEN, HELD)
"""What counts of a moment of which several watches say something: the first of these that any says."""


def _together(first: Parts, second: Parts) -> Parts:
    """What two know of one place."""
    edges = sorted({edge for since, until, _ in (*first, *second) for edge in (since, until)})
    mine, theirs = iter([*first, None]), iter([*second, None])
    one, two = next(mine), next(theirs)
    both: Parts = []
    for since, until in pairwise(edges):
        while one is not None and one[1] <= since:
            one = next(mine)
        while two is not None and two[1] <= since:
            two = next(theirs)
        told = [each[2] for each in (one, two) if each is not None and each[0] <= since]
        if told:
            both.append((since, until, min(told, key=COUNTS.index)))
    return both


def added(parts: Parts) -> Uptime:
    lasted: dict[str, timedelta] = {}
    shown: dict[str, timedelta] = {}
    for since, until, told in parts:
        what = UP if told == HELD else told
        lasted[what] = lasted.get(what, timedelta()) + until - since
        shown[what] = shown.get(what, timedelta()) + to_minute(until) - to_minute(since)
    return Uptime(parts[0][0], lasted, shown)


WORDS = {DOWN: "down", UNSEEN: "not seen"}


def share(found: Uptime) -> str:
    """`97.9 % (30m down, 6h not seen)`. What was down was not well all the time, and has not 100 %."""
    told = [f"{shown_minutes(found.shown_of(what))} {words}" for what, words in WORDS.items() if found.of(what)]
    if not found.known:
        return "not seen"
    return percent(found.of(UP) // INSTANT, found.known // INSTANT) + (f" ({', '.join(told)})" if told else "")


def percent(part: int, whole: int) -> str:
    """`97 %` where it is that exactly, else `97.0 %`: rounded down, but what there was is not nothing."""
    if not part * 100 % whole:
        return f"{part * 100 // whole} %"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %" if tenths else "less than 0.1 %"


def is_shorter(found: Uptime, begin: datetime) -> bool:
    """Whether less is known than was asked for."""
    return found.since - begin >= MINUTE


def worst_first(found: Collection[tuple[str, Uptime]]) -> list[tuple[str, Uptime]]:
    return sorted(found, key=lambda item: (-item[1].of(DOWN), item[0]))
