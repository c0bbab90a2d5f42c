"""Times as people type them: `mon`, `nov 1`, `2026-11-01`, `18:00`, `9am`. Pure.

The parts are read here, once for every command; lengths, and times of the day as they are said, in `spoken_times`.
Whether `monday` is the last one or the next is up to who asks: the history looks back (`commands.past_times`), a watch
looks ahead (`commands.watch.typed.ends`).

Sources: PEP 495 (fold), IANA time zones through zoneinfo.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from commands.spanish import DAYS, folded
from commands.spanish import MONTHS as SPANISH_MONTHS

WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
MONTHS = tuple(name.lower() for name in calendar.month_name)[1:]
UNIT_NAMES: Mapping[str, str] = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
SECONDS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
UNITS: Mapping[str, tuple[int, str]] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), (1, "s")),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), (1, "m")),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), (1, "h")),
    **dict.fromkeys(("d", "day", "days"), (1, "d")),
    **dict.fromkeys(("w", "wk", "week", "weeks"), (1, "w")),
    **dict.fromkeys(("mo", "month", "months"), (30, "d")),
    **dict.fromkeys(("y", "yr", "year", "years"), (365, "d")),
}
"""By the word: how many of which unit. A month has 30 days, a year 365."""

ONE = frozenset({"a", "an", "one"})

_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH_DAY = re.compile(r"\d{2}-\d{2}")
_SHORTEST = 3
"""Letters by which a day of the week or a month is known."""


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit: s, m, h, d or w."""

    number: int
    unit: str

    @property
    def seconds(self) -> int:
        return self.number * SECONDS[self.unit]

    @property
    def text(self) -> str:
        return f"{self.number}{self.unit}"


def read_clock(word: str) -> time | None:
    """`14:30`, `9am`; None for everything else, `25:00` among it."""
    found = _CLOCK.fullmatch(word.lower())
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0) if 0 < hour <= 12 else 99
    return time(hour, minute) if hour < 24 and minute < 60 else None


def weekday_of(word: str) -> int | None:
    """The number of a day of the week, Monday being 0: `monday`, `mon`, `tues`, `lunes`."""
    return _named(DAYS.get(folded(word), word), WEEKDAYS)


def month_of(word: str) -> int | None:
    """The number of a month: `november`, `nov`, `sept`, `noviembre`."""
    found = _named(SPANISH_MONTHS.get(folded(word), word), MONTHS)
    return found + 1 if found is not None else None


def _named(word: str, names: Sequence[str]) -> int | None:
    word = word.lower()
    found = [number for number, name in enumerate(names) if len(word) >= _SHORTEST and name.startswith(word)]
    return found[0] if found else None


def read_day(words: Sequence[str]) -> tuple[str, int] | None:
    """A day, and how many words it took: `monday`, `11-01` of every year, `2026-11-01`."""
    first = folded(words[0]) if words else ""
    if (weekday := weekday_of(first)) is not None:
        return WEEKDAYS[weekday], 1
    if (DATE.fullmatch(first) and exists(first)) or (MONTH_DAY.fullmatch(first) and exists(f"2024-{first}")):
        return first, 1
    return day_of_month(words)


def day_of_month(words: Sequence[str]) -> tuple[str, int] | None:
    """`nov 1`, `1 november`, `1 nov 2026`, `4 de diciembre`, `the 4th of december`."""
    of = 1 if words[1:2] and folded(words[1]) in {"of", "de"} else 0
    words = [*words[:1], *words[1 + of :]]
    if len(words) < 2 or not words[1]:
        return None
    name, number = (words[0], words[1]) if words[1][0].isdecimal() else (words[1], words[0])
    month, day = month_of(name), _ORDINAL.fullmatch(number.lower())
    if month is None or day is None:
        return None
    text, taken = f"{month:02}-{int(day[1]):02}", 2
    if len(words) > 2 and _YEAR.fullmatch(words[2]):
        text, taken = f"{words[2]}-{text}", 3
    return (text, taken + of) if exists(text if len(text) > 5 else f"2024-{text}") else None


def exists(day: str) -> bool:
    try:
        return date(2000, 1, 1) <= date.fromisoformat(day) <= date(2999, 12, 31)
    except ValueError:
        return False


def instant_of(local: datetime, zone: str) -> datetime:
    """The instant of a wall-clock time: the first of two that are the same; one that is skipped counts as moved on."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def zone_of(name: str) -> str | None:
    """The IANA name of a time zone in its own spelling, or None when there is none of that name."""
    return _zones().get(name.lower())


def city_zone(name: str) -> str:
    """The IANA name of a zone by itself or by its city (`madrid`); empty where none or several are called so."""
    called = name.lower().replace(" ", "_")
    cities = _cities().get(called, ())
    return zone_of(called) or (cities[0] if len(cities) == 1 else "")


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for zone in sorted(_zones().values()):
        if zone.count("/") == 1 and not zone.startswith(("Etc/", "US/", "Canada/", "posix/", "right/")):
            city = zone.rpartition("/")[2].lower()
            found[city] = (*found.get(city, ()), zone)
    return found


@cache
def _zones() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}


def shown(length: timedelta, most: int = 2) -> str:
    """`15m`, `2h`, `1d 6h`: at most so many units, rounded down; `0s` for nothing."""
    seconds, parts = int(length.total_seconds()), []
    for unit in ("w", "d", "h", "m", "s"):
        count, seconds = divmod(seconds, SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:most]) or "0s"


def to_minute(at: datetime) -> datetime:
    """A time as it is shown."""
    return at.replace(second=0, microsecond=0)


def shown_minutes(length: timedelta) -> str:
    """`42m`, `1d 1h 30m`: how long something was, to the minute where it was less than a week, and one at least."""
    minute = timedelta(minutes=1)
    return shown(max(minute, length // minute * minute), most=3)


def days_left(ends: datetime, now: datetime) -> int:
    """Days until then as a calendar counts them (UTC): 0 on the day itself, at whatever hour.

    What has ended is below 0: -1 on the day of its end, -2 on the next. All that say how long a certificate is good
    for ask this.
    """
    days = (ends.astimezone(UTC).date() - now.astimezone(UTC).date()).days
    return days if now <= ends else days - 1


def ends_in(days: int) -> str:
    """`ends in 13 days`, `ends today`, `ended 12 days ago` of `days_left`."""
    if days in ENDS:
        return ENDS[days]
    return f"ends in {days} days" if days > 0 else f"ended {-days - 1} days ago"


ENDS: Mapping[int, str] = {1: "ends tomorrow", 0: "ends today", -1: "ended today", -2: "ended yesterday"}
