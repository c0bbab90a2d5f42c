"""How long and until when, as people type it: `15m`, `1h30m`, `2 days`, `tomorrow`, `monday`, `18:00`. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.state.windows import DAY, DAY_NAMES, instant_of

MORNING = time(9)
LONGEST = timedelta(days=366)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_UNIT_WORDS = r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
_UNIT = re.compile(_UNIT_WORDS, re.IGNORECASE)
_DURATION = re.compile(rf"(?:\d{{1,6}}{_UNIT_WORDS})+", re.IGNORECASE)
_ONE = re.compile(r"(\d{1,6})([a-z])[a-z]*", re.IGNORECASE)
UNIT_NAMES = ("seconds", "minutes", "hours", "days", "weeks")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_NUMBER = re.compile(r"\d{1,6}")


def take_duration(words: Sequence[str]) -> tuple[timedelta, int]:
    """The duration that the words begin with, and how many words it took: `15m`, `15 m`, `2 days`. (0, 0): none."""
    if words and _DURATION.fullmatch(words[0]):
        return _sum(words[0]), 1
    if len(words) > 1 and _NUMBER.fullmatch(words[0]) and _UNIT.fullmatch(words[1]):
        return _sum(words[0] + words[1]), 2
    return timedelta(), 0


def duration_of(words: Sequence[str]) -> tuple[timedelta, int]:
    """As `take_duration`, with a `UserError` when there is none."""
    found, used = take_duration(words)
    if not used:
        shown = f"`{quoted(words[0])}` is no length of time." if words else "A length of time is missing."
        raise UserError(shown, "Type `15m`, `2h` or `1d`.")
    return found, used


def take_until(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime | None, int]:
    """The end that the words begin with, and how many words it took: `2h`, `for 2h`, `until monday`, `tomorrow`."""
    skipped = 1 if words and words[0].lower() in {"for", "until", "till"} else 0
    rest = words[skipped:]
    length, used = take_duration(rest)
    if used:
        return _bounded(now, length), used + skipped
    end = _day_or_clock(rest[0].lower(), now, zone) if rest else None
    return (end, 1 + skipped) if end is not None else (None, 0)


def _bounded(now: datetime, length: timedelta) -> datetime:
    if not timedelta() < length <= LONGEST:
        raise UserError("That is too short or too long to be quiet.", "Type a time from `1m` to `366d`.")
    return now + length


def _day_or_clock(word: str, now: datetime, zone: str) -> datetime | None:
    """A morning, or a time of the day that comes next."""
    today = now.astimezone(ZoneInfo(zone)).date()
    clock = _CLOCK.fullmatch(word)
    if clock:
        at = _time(int(clock[1]), int(clock[2]))
        due = instant_of(datetime.combine(today, at), zone)
        return due if due > now else instant_of(datetime.combine(today + DAY, at), zone)
    day = _day(word, today)
    return instant_of(datetime.combine(day, MORNING), zone) if day else None


def _day(word: str, today: date) -> date | None:
    if word == "tomorrow":
        return today + DAY
    if len(word) >= 3 and word[:3] in DAY_NAMES and FULL_DAYS[word[:3]].startswith(word):
        ahead = (DAY_NAMES.index(word[:3]) - today.weekday()) % 7
        return today + (ahead or 7) * DAY
    return None


FULL_DAYS = {
    "mon": "monday",
    "tue": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}


def _time(hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:
        raise UserError(f"`{hour}:{minute:02}` is no time of the day.", "Type it as `18:00`.")
    return time(hour, minute)


def clock_of(word: str) -> time:
    """`02:00` as a time. `UserError` for everything else."""
    match = _CLOCK.fullmatch(word)
    if match is None:
        raise UserError(f"`{quoted(word)}` is no time of the day.", "Type it as `02:00`.")
    return _time(int(match[1]), int(match[2]))


def day_of(word: str) -> int | None:
    """The number of a weekday, Monday being 0."""
    short = word.lower()[:3]
    return DAY_NAMES.index(short) if short in DAY_NAMES and FULL_DAYS[short].startswith(word.lower()) else None


def _sum(text: str) -> timedelta:
    return timedelta(seconds=sum(int(number) * _UNITS[unit.lower()] for number, unit in _ONE.findall(text)))


def shown(length: timedelta) -> str:
    """`15m`, `2h`, `1d 6h`: at most two units, rounded down; `0s` for nothing."""
    seconds, parts = int(length.total_seconds()), []
    for unit in ("w", "d", "h", "m", "s"):
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
