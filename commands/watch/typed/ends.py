"""How long and until when a watch is quiet, and what was meant by an end that cannot be read: times to come. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spanish import folded, put_together
from commands.times import (
    DATE,
    ONE,
    UNIT_NAMES,
    WEEKDAYS,
    exists,
    instant_of,
    read_clock,
    read_day,
    read_span,
    take_duration,
)
from commands.watch.typed.asked import Context
from commands.words import nearest

MORNING = time(9)
LONGEST = timedelta(days=366)
MUTED_FOR = timedelta(days=7)
"""A mute without a time, as the dialogue offers it."""

FOREVER = "forever"
KNOWN = "Type `2h`, `18:00`, `tomorrow` or `until monday`."
ESCAPE = "A reason that begins like a time stands behind `because`."
MORNINGS = (*WEEKDAYS, "tomorrow")
CLOSE = 80
"""Per cent of likeness: `mondy` is a Monday, `money` is none."""

OVER: Mapping[str, str] = {
    **dict.fromkeys(("today", "tonight", "night"), "tomorrow"),
    **dict.fromkeys(("week", "weekend", "week-end"), "monday"),
}
"""A time that is named whole -> the morning on which it is over."""

NIGHT = frozenset({"tonight", "night"})
"""Before the morning that of the same day ends it."""

WEEKEND, FRIDAY = frozenset({"weekend", "week-end"}), 4
"""Quiet begins at once: from Friday on it is that of this week."""

UNCLEAR: Mapping[str, str] = {
    "morning": "until 12:00",
    "afternoon": "until 18:00",
    "evening": "until tomorrow",
    **{word: f"until {morning}" for word, morning in OVER.items()},
}
"""Words of a time that has no end by itself -> an end that may be meant."""

_DURING = frozenset({"for", "over", "during", "this", "all", "the", "whole", "rest", "of", "through"})
_INTRODUCED = frozenset({"for", "until", "till", "til"})
_BEFORE = frozenset({"until", "till", "til"})
_SPANISH = frozenset({"hasta", "hoy", "manana", "durante", "finde"})
_HALVES = (["and", "a", "half"], ["y", "media"], ["and-a-half"])
_BEFORE_CLOCK = (["at"], ["a", "las"], ["a", "la"], ["a"], ["al"])
_SPANISH_HOUR = (["a", "las"], ["a", "la"])
"""An hour alone is one behind these: `a las 8`."""
_NOON = frozenset({"noon", "midday", "mediodia"})
_HOUR = re.compile(r"1?\d|2[0-3]")
_DAY = timedelta(days=1)
_LENGTH = re.compile(r"(\d{1,6})([a-z]+)[\d.,:;]*", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_NUMBER = re.compile(r"\d{1,6}")


def duration_of(words: Sequence[str]) -> tuple[timedelta, int]:
    """As `take_duration`, with a `UserError` when there is none."""
    found, used = take_duration(words)
    if not used:
        shown = f"`{quoted(words[0])}` is not a length of time." if words else "A length of time is missing."
        raise UserError(shown, "Type `15m`, `2h` or `1d`.")
    return found, used


def clock_of(word: str) -> time:
    """`02:00` as a time. `UserError` for everything else."""
    at = read_clock(word)
    if at is None:
        raise UserError(f"`{quoted(word)}` is not a time of the day.", "Type it as `18:00`.")
    return at


def take_until(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime | None, int]:
    """The end that the words begin with, and how many words it took: `2h`, `for a week`, `until nov 30`, `tonight`.

    What may as well be a reason (`a day of work`) is an end only behind `for` or `until`.
    """
    rest = _behind(words)
    skipped = len(words) - len(rest)
    if not rest or (rest[0].lower() in ONE and not skipped):
        return None, 0
    if span := _length(rest):
        return _bounded(now, span[0]), span[1] + skipped
    if whole := _whole(words, now, zone):
        return whole
    end, used = _day_or_clock(rest, now, zone)
    return (end, used + skipped) if end is not None else (None, 0)


def _length(words: Sequence[str]) -> tuple[timedelta, int] | None:
    """A span, and half an hour more where hours are said: `2h and a half`, `2 and a half hours`, `2 horas y media`."""
    found = read_span(words)
    for at in (1, 2):
        half = _half(words[at:])
        span = read_span([*words[:at], *words[at + half :]]) if half else None
        if span and span[0].unit == "h":
            return timedelta(seconds=span[0].seconds, minutes=30), span[1] + half
    return (timedelta(seconds=found[0].seconds), found[1]) if found else None


def _half(words: Sequence[str]) -> int:
    """How many words in front say "and a half"."""
    said = [folded(word) for word in words[:3]]
    return next((len(half) for half in _HALVES if said[: len(half)] == half), 0)


def _bounded(now: datetime, length: timedelta) -> datetime:
    if not timedelta() < length <= LONGEST:
        raise UserError("That is too short or too long to be quiet.", "Type a time from `1m` to `366d`.")
    return now + length


def _whole(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int] | None:
    """The end of a time that is named whole: `for the weekend`, `tonight`, `today until 18:00`."""
    word = "" if words[0].lower() in _BEFORE else _named(words)
    local = now.astimezone(ZoneInfo(zone))
    if word.lower() not in OVER or (word.lower() in WEEKEND and local.weekday() < FRIDAY):
        return None
    used = words.index(word) + 1
    behind = used + (1 if "".join(words[used : used + 1]).lower() in _BEFORE else 0)
    at, taken = _clock(words[behind:])
    if at:
        return _next_at(at, now, zone), behind + taken
    if word.lower() in NIGHT and local.time() < MORNING:
        return instant_of(datetime.combine(local.date(), MORNING), zone), used
    due = instant_of(datetime.combine(_next(OVER[word.lower()], local.date()), MORNING), zone)
    return due, used


def _day_or_clock(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime | None, int]:
    """A morning, a day at a time, or a time of the day that comes next."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if at := clock_of(words[0]) if _CLOCK.fullmatch(words[0]) else read_clock(words[0]):
        return _next_at(at, now, zone), 1
    found = ("tomorrow", 1) if words[0].lower() == "tomorrow" else read_day(words)
    if found is None:
        return None, 0
    text, used = found
    at, taken = _clock(words[used:])
    due = instant_of(datetime.combine(_next(text, today), at or MORNING), zone)
    return _bounded(now, due - now), used + taken


def _clock(words: Sequence[str]) -> tuple[time | None, int]:
    """The time of the day behind a day, and how many words it took: `18:00`, `at 7pm`, `noon`, `a las 7 y media`."""
    said = [folded(word) for word in words[:6]]
    before = next((each for each in _BEFORE_CLOCK if said[: len(each)] == each), [])
    word, used = "".join(said[len(before) :][:1]), len(before) + 1
    if word in _NOON:
        return time(12), used
    if before not in _SPANISH_HOUR or not _HOUR.fullmatch(word):
        at = read_clock(word)
        return at, used if at else 0
    half = _half(said[used:])
    return time(int(word), 30 if half else 0), used + half


def _next_at(at: time, now: datetime, zone: str) -> datetime:
    today = now.astimezone(ZoneInfo(zone)).date()
    due = instant_of(datetime.combine(today, at), zone)
    return due if due > now else instant_of(datetime.combine(today + _DAY, at), zone)


def _next(day: str, today: date) -> date:
    """The day of a text of `read_day` that is still to come; a year that was named is kept."""
    if day == "tomorrow":
        return today + _DAY
    if day in WEEKDAYS:
        return today + ((WEEKDAYS.index(day) - today.weekday()) % 7 or 7) * _DAY
    if DATE.fullmatch(day):
        return date.fromisoformat(day)
    years = (f"{today.year + ahead}-{day}" for ahead in range(9))
    return next(each for each in map(date.fromisoformat, filter(exists, years)) if each > today)


def take_end(words: Sequence[str], context: Context) -> tuple[datetime | None, int]:
    """As `take_until`. A `UserError` for what looks like an end and is none, so that a slip mutes nothing for long."""
    until, used = take_until(words, context.now, context.zone)
    if not used and words and _is_meant(words):
        raise no_end(words, ESCAPE)
    return until, used


def take_mute_end(words: Sequence[str], context: Context) -> tuple[datetime | None, int]:
    """As `take_end`, for a mute: seven days when nothing is said of it, None for `forever`."""
    rest = _behind(words)
    if rest and rest[0].lower() == FOREVER:
        return None, len(words) - len(rest) + 1
    until, used = take_end(words, context)
    return until or context.now + MUTED_FOR, used


def no_end(words: Sequence[str], otherwise: str = "") -> UserError:
    """What is wrong with the end that the words begin with, and what was probably meant."""
    rest = _behind(words)
    if not rest:
        return UserError("Until when?", KNOWN)
    if word := _unclear(words):
        said = " ".join(words[: words.index(word) + 1])
        meant = UNCLEAR[word.lower()]
        return UserError(
            f"When does `{quoted(said)}` end?", f"Say so: `{meant}`. {otherwise}".strip(), meant, wrong=said
        )
    shown = " ".join(rest[:2]) if _is_near_a_unit(rest) else rest[0]
    meant = _meant(rest)
    hint = f"Did you mean `{meant}`?" if meant else KNOWN
    message = f"`{quoted(shown)}` is not a time that I can read."
    return UserError(message, f"{hint} {otherwise}".strip(), meant or (), wrong=shown)


def without_introduction(words: Sequence[str]) -> str:
    """`for 2 days` as `2 days`, `until monday` as `monday`, `for an hour` as `1 hour`: the same end, alone."""
    rest = _behind(words)
    return " ".join(["1", *rest[1:]] if rest and rest[0].lower() in ONE else rest)


def _behind(words: Sequence[str]) -> Sequence[str]:
    return words[1:] if words and words[0].lower() in _INTRODUCED else words


def _is_meant(words: Sequence[str]) -> bool:
    first, rest = words[0].lower(), _behind(words)
    if first in _BEFORE or _unclear(words) or _is_spanish(words):
        return True
    return bool(rest) and bool(_LENGTH.fullmatch(rest[0]) or _is_near_a_unit(rest) or nearest(rest[0], MORNINGS, CLOSE))


def _is_spanish(words: Sequence[str]) -> bool:
    """Whether an end in Spanish may follow: who reads the line reads it in English then (`commands.other_words`)."""
    begin = " ".join(words[:4])
    return folded(words[0]) in _SPANISH or not put_together(begin).startswith(words[0])


def _unclear(words: Sequence[str]) -> str:
    """The word that names a time without its end (`this morning`)."""
    word = _named(words)
    return word if word.lower() in UNCLEAR else ""


def _named(words: Sequence[str]) -> str:
    """The first word behind nothing but what introduces a time: `weekend` of `for the weekend`."""
    return next((each for each in words if each.lower() not in _DURING), "")


def _meant(words: Sequence[str]) -> str:
    if _is_near_a_unit(words):
        return f"{words[0]} {nearest(words[1], UNIT_NAMES.values(), CLOSE)}"
    length = _LENGTH.fullmatch(words[0])
    if length is None:
        return nearest(words[0], MORNINGS, CLOSE)
    unit = length[2][0].lower()
    return f"{length[1]}{unit}" if unit in UNIT_NAMES and words[0].isalnum() else ""


def _is_near_a_unit(words: Sequence[str]) -> bool:
    return len(words) > 1 and bool(_NUMBER.fullmatch(words[0])) and bool(nearest(words[1], UNIT_NAMES.values(), CLOSE))
