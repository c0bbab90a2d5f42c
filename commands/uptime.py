"""How much of a time something was up: weighted by time, whatever number of runs looked. Pure.

What was not seen counts for neither side, and is said. Digest and table of the history both ask this.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from commands.times import shown
from storage.watches import WatchSpan

UP, DOWN, UNSEEN = "up", "down", "unseen"
"""What a place is after a run: `WatchSpan.what`."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long what was known of a time, and since when anything is."""

    since: datetime
    lasted: dict[str, timedelta] = field(default_factory=dict)

    def of(self, what: str) -> timedelta:
        return self.lasted.get(what, timedelta())

    @property
    def known(self) -> timedelta:
        return self.of(UP) + self.of(DOWN)


def uptimes(spans: Iterable[WatchSpan], begin: datetime, end: datetime) -> dict[str, Uptime]:
    """By place. Where several watches look at one, that counts which knows most of the time."""
    found: dict[str, Uptime] = {}
    by_watch = attrgetter("watch", "place")
    for (_, place), of_place in groupby(sorted(spans, key=by_watch), by_watch):
        one = _added(list(of_place), begin, end)
        if one is not None and (place not in found or one.known > found[place].known):
            found[place] = one
    return found


def _added(spans: Sequence[WatchSpan], begin: datetime, end: datetime) -> Uptime | None:
    """None where nothing is known of the time. A clock that was set back makes no time count twice."""
    lasted: dict[str, timedelta] = {}
    first, reached = None, begin
    for one in sorted(spans, key=attrgetter("since", "until")):
        since, until = max(one.since, reached), min(one.until, end)
        if since < until:
            first, reached = first or since, until
            lasted[one.what] = lasted.get(one.what, timedelta()) + until - since
    return Uptime(first, lasted) if first is not None else None


def share(found: Uptime) -> str:
    """`97.9 % (30m down, 6h not seen)`. Rounded down below 100: what was down was not well all the time."""
    down, unseen = found.of(DOWN), found.of(UNSEEN)
    told = [f"{_length(length)} {what}" for length, what in ((down, "down"), (unseen, "not seen")) if length]
    if not found.known:
        return "not seen"
    tenths = found.of(UP) * 1000 // found.known
    percent = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return f"{percent} %" + (f" ({', '.join(told)})" if told else "")


def _length(length: timedelta) -> str:
    """Shorter than a minute counts as one: runs are not closer."""
    return shown(max(MINUTE, length // MINUTE * MINUTE))


def is_shorter(found: Uptime, begin: datetime) -> bool:
    """Whether less is known than was asked for."""
    return found.since - begin >= MINUTE


def worst_first(found: Collection[tuple[str, Uptime]]) -> list[tuple[str, Uptime]]:
    return sorted(found, key=lambda item: (-item[1].of(DOWN), item[0]))
