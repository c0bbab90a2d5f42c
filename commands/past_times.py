"""A moment or a day in a short text, which becomes an instant when it is asked.

`7d` (of s, m, h, d and w), `today`, `yesterday`, `monday`, `this-week`, `this-month`, `2026-11-01`, `11-01` (the last
one there was), `14:30`, and a day with a time: `mondayT14:30`. `read_time` makes them of what people type. Buttons
carry them, so that a page which is turned later still means seven days. Days and times are those of the asker's zone.
"""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spoken_times import read_span
from commands.times import DATE, MONTH_DAY, MONTHS, UNIT_NAMES, UNITS, WEEKDAYS, read_clock, read_day
from commands.words import nearest

MOST_DAYS = 3650
HINT = "Type 24h, 7 days, yesterday, monday, nov 1 or 2026-11-01, for example behind since."
PERIODS = ("this-week", "this-month")
KNOWN = ("today", "yesterday", *WEEKDAYS, *MONTHS, "minutes", "hours", "days", "weeks", "months")
"""What a misspelt word is compared with."""

SPAN = re.compile(r"(\d{1,6})([smhdw])")
_FILLERS = frozenset({"the", "last", "past", "on", "at"})

EDGE = "|"
"""In front of a short text: `after` it begins when a day ends, `before` it ends when a day begins."""

Read: TypeAlias = tuple[str, int] | None
"""A short text, and how many words it took; None: these words are none."""


def read_time(words: Sequence[str]) -> tuple[str, int]:
    """What the first words mean. Raises `UserError`, with the nearest word where one is near."""
    lower = [word.lower() for word in words]
    if found := _part_of_day(lower):
        return found
    at = 0
    while at < len(lower) and lower[at] in _FILLERS:
        at += 1
    for read in (_span, _period, _day_with_time, _clock):
        if found := read(lower[at:]):
            return found[0], at + found[1]
    if not lower[at:]:
        raise UserError("When?", HINT)
    raise _no_time(words[at], lower[at : at + 2])


def day_or_clock(words: Sequence[str]) -> Read:
    """What the first words mean where no `since` stands before them: `monday`, `nov 1 9am`, `14:30`; no span."""
    lower = [word.lower() for word in words]
    return _part_of_day(lower) or _day_with_time(lower) or _clock(lower)


def _part_of_day(words: Sequence[str]) -> Read:
    """`last night`: from the evening on; `this morning`: today. A clock by itself is the last one that there was."""
    found = next((name for name in PARTS_OF_DAYS if tuple(words[: len(name)]) == name), None)
    return (PARTS_OF_DAYS[found], len(found)) if found else None


PARTS_OF_DAYS: Mapping[tuple[str, ...], str] = {
    ("this", "morning"): "today",
    ("esta", "mañana"): "today",
    ("esta", "manana"): "today",
    ("this", "afternoon"): "12:00",
    ("esta", "tarde"): "12:00",
    ("this", "evening"): "18:00",
    ("last", "night"): "yesterdayT18:00",
    ("anoche",): "yesterdayT18:00",
    ("tonight",): "18:00",
    ("this", "night"): "18:00",
    ("esta", "noche"): "18:00",
}


def _no_time(typed: str, words: Sequence[str]) -> UserError:
    """What is wrong with the first of these words, and what was probably meant by it, or by the one behind it."""
    message = f"`{quoted(typed)}` is not a time."
    if words[0].isdecimal() and len(words) == 1:
        lengths = [f"{words[0]}{unit}" for unit in "dh"]
        return UserError(message, f"Type since {' or since '.join(lengths)}.", lengths, wrong=typed)
    wrong, near = next(((word, found) for word in words if (found := nearest(word, KNOWN))), ("", ""))
    return UserError(message, f"Did you mean `{near}`?" if near else HINT, near or (), wrong=wrong)


def _span(words: Sequence[str]) -> Read:
    """`7d`, `7 days`, `a week ago`, `month`."""
    found = read_span(words) or (read_span(["a", *words]) if words and words[0] in UNITS else None)
    if found is None:
        return None
    span, taken = found[0], found[1] - (words[0] in UNITS)
    if span.seconds > timedelta(days=MOST_DAYS).total_seconds():
        raise UserError("That is further back than any history.", "Type since 90d, for example.")
    return span.text, taken + (words[taken : taken + 1] == ["ago"])


def _period(words: Sequence[str]) -> Read:
    if words[:1] and words[0] in PERIODS:
        return words[0], 1
    joined = "-".join(words[:2])
    return (joined, 2) if joined in PERIODS else None


def _day_with_time(words: Sequence[str]) -> Read:
    """`monday`, `nov 1`, `2026-11-01`, each with a time behind it or without; `mondayT14:30`."""
    if words and ":" in words[0]:
        day, _, clock = words[0].rpartition("t")
        words = [*filter(None, (day, clock))]
        found = _day_with_time(words) if len(words) == 2 else None
        return (found[0], 1) if found and found[1] == 2 else None
    found = (words[0], 1) if words[:1] and words[0] in {"today", "yesterday"} else read_day(words)
    if found is None:
        return None
    text, taken = found
    behind = taken + (words[taken : taken + 1] == ["at"])
    at = _clock(words[behind:])
    return (f"{text}T{at[0]}", behind + at[1]) if at else found


def _clock(words: Sequence[str]) -> Read:
    at = read_clock(words[0]) if words else None
    return (f"{at:%H:%M}", 1) if at else None


def start_of(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The instant (UTC) at which a short text begins; `zone` None is that of this machine."""
    if text.startswith(EDGE):
        return _end(text.removeprefix(EDGE), now, zone)
    return _begin(text, now, zone)


def end_of(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The instant until which it is: a day ends with the day."""
    if text.startswith(EDGE):
        return _begin(text.removeprefix(EDGE), now, zone)
    return _end(text, now, zone)


def _begin(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    if span := SPAN.fullmatch(text):
        return now - timedelta(**{UNIT_NAMES[span[2]]: int(span[1])})
    return _instant(_wall(text, now, zone), zone)


def _end(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    if SPAN.fullmatch(text) or ":" in text:
        return _begin(text, now, zone)
    begins = _wall(text, now, zone)
    return _instant(begins + timedelta(days=_days(text, begins)), zone)


def _days(text: str, begins: datetime) -> int:
    """How long it is, unless it is a moment."""
    if text not in PERIODS:
        return 1
    return 7 if text == "this-week" else calendar.monthrange(begins.year, begins.month)[1]


def _instant(wall: datetime, zone: tzinfo | None) -> datetime:
    return (wall.replace(tzinfo=zone) if zone else wall).astimezone(UTC)


def _wall(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """What the clock on the wall shows then."""
    local = now.astimezone(zone).replace(tzinfo=None)
    day, _, clock = text.rpartition("T") if ":" in text else (text, "", "")
    at = time.fromisoformat(clock) if clock else time()
    if day:
        return datetime.combine(_date(day, local.date()), at)
    today = datetime.combine(local.date(), at)
    return today if today <= local else today - timedelta(days=1)


def _date(day: str, today: date) -> date:
    if day in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(day)) % 7)
    if known := _RELATIVE.get(day):
        return known(today)
    if DATE.fullmatch(day):
        return date.fromisoformat(day)
    month, number = map(int, day.split("-"))
    years = (today.year - back for back in range(9))
    past = (date(year, month, number) for year in years if number <= calendar.monthrange(year, month)[1])
    return next(each for each in past if each <= today)


_RELATIVE: Mapping[str, Callable[[date], date]] = {
    "today": lambda today: today,
    "yesterday": lambda today: today - timedelta(days=1),
    "this-week": lambda today: today - timedelta(days=today.weekday()),
    "this-month": lambda today: today.replace(day=1),
}


def said(text: str) -> str:
    """As people write it: `7 days`, `monday 14:30`, `nov 1`."""
    text = text.removeprefix(EDGE)
    if span := SPAN.fullmatch(text):
        return f"{span[1]} {UNIT_NAMES[span[2]].removesuffix('s') if span[1] == '1' else UNIT_NAMES[span[2]]}"
    day, _, clock = text.rpartition("T") if ":" in text else (text, "", "")
    if MONTH_DAY.fullmatch(day):
        month, number = map(int, day.split("-"))
        day = f"{MONTHS[month - 1][:3]} {number}"
    return " ".join(filter(None, (day.replace("this-", "this "), clock)))
