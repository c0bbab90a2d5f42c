"""Times of the day in a time zone: maintenance windows, and when a digest is due.

A window is given in local time, so that 02:00 stays 02:00 when the clocks change; whether it is open is asked of an
instant. An hour that a change of clocks skips or repeats belongs to the window as the wall clock shows it.

"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.times import instant_of

EVERY_DAY = frozenset(range(7))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end` by the clocks of `zone`, beginning on `days` (0 is Monday); it may cross midnight."""

    start: time
    end: time
    zone: str
    days: frozenset[int] = EVERY_DAY

    def end_at(self, at: datetime) -> datetime | None:
        """When the window that is open at this instant ends (UTC), or None when it is not open."""
        local = at.astimezone(ZoneInfo(self.zone))
        for back in (0, 1):
            day = local.date() - back * DAY
            if day.weekday() not in self.days:
                continue
            starts = instant_of(datetime.combine(day, self.start), self.zone)
            ends_on = day + DAY if self.end <= self.start else day
            ends = instant_of(datetime.combine(ends_on, self.end), self.zone)
            if starts <= at < ends:
                return ends
        return None


@dataclass(frozen=True, slots=True)
class Digest:
    """Every day at `at`, or on one `day` of the week (0 is Monday), by the clocks of `zone`."""

    at: time
    zone: str
    day: int | None = None


def next_digest(digest: Digest, after: datetime) -> datetime:
    """The first time of the digest that is later than `after`, in UTC. Exactly one for each local day."""
    return next(due for due in _digests(digest, after, DAY) if due > after)


def digest_before(digest: Digest, before: datetime) -> datetime:
    """The last time of the digest that is earlier: a day in which the clocks change belongs to one of them whole."""
    return next(due for due in _digests(digest, before, -DAY) if due < before)


def _digests(digest: Digest, near: datetime, step: timedelta) -> Iterator[datetime]:
    """Its times from that day on, or back, of more than a week."""
    today = near.astimezone(ZoneInfo(digest.zone)).date()
    for away in range(9):
        day = today + away * step
        if digest.day in {None, day.weekday()}:
            yield instant_of(datetime.combine(day, digest.at), digest.zone)
