"""What people type for a time: `7 days`, `a week ago`, `yesterday 14:30`, `mon`, `nov 1`, read into a short text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from commands.contract import UserError
from commands.history.times import ANNUAL, DAY, LENGTHS, MONTHS, WEEKDAYS
from commands.slack_text import quoted

MOST_DAYS = 3650
HINT = "Type 24h, 7 days, yesterday, monday, nov 1 or 2026-11-01, for example behind since."

PERIODS = ("this-week", "this-month")
_SHORT_DAYS: Mapping[str, str] = {name[:3]: name for name in WEEKDAYS} | {"tues": "tuesday", "thurs": "thursday"}
_SHORT_MONTHS: Mapping[str, str] = {name[:3]: name for name in MONTHS} | {"sept": "september"}

UNITS: Mapping[str, tuple[int, str]] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), (1, "m")),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), (1, "h")),
    **dict.fromkeys(("d", "day", "days"), (1, "d")),
    **dict.fromkeys(("w", "wk", "week", "weeks"), (1, "w")),
    **dict.fromkeys(("mo", "month", "months"), (30, "d")),
    **dict.fromkeys(("y", "yr", "year", "years"), (365, "d")),
}
KNOWN = ("today", "yesterday", *WEEKDAYS, *MONTHS, "minutes", "hours", "days", "weeks", "months")
"""What a misspelt word is compared with."""

_AMOUNT = re.compile(r"(\d{1,5})([a-z]*)")
_ONE = frozenset({"a", "an", "one"})
_FILLERS = frozenset({"the", "last", "past", "on", "at"})
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?")

Read: TypeAlias = tuple[str, int] | None
"""A short text, and how many words it took; None: these words are none."""


def read_time(words: Sequence[str]) -> tuple[str, int]:
    """What the first words mean. Raises `UserError`, with the nearest word where one is near."""
    lower = [word.lower() for word in words]
    at = 0
    while at < len(lower) and lower[at] in _FILLERS:
        at += 1
    for read in (_span, _period, _day_with_time, _clock):
        if found := read(lower[at:]):
            return found[0], at + found[1]
    if not lower[at:]:
        raise UserError("When?", HINT)
    raise UserError(f"`{quoted(lower[at])}` is no time.", _nearest(lower[at : at + 2]))


def _nearest(words: Sequence[str]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for mistakes only, and costs 20 ms to import

    if words[0].isdecimal() and len(words) == 1:
        return f"Type since {words[0]}d or since {words[0]}h."
    for word in words:
        if match := process.extractOne(word, KNOWN, scorer=fuzz.ratio, score_cutoff=72):
            return f"Did you mean `{match[0]}`?"
    return HINT


def _span(words: Sequence[str]) -> Read:
    """`7d`, `7 days`, `a week ago`, `month`."""
    first, following = [*words[:2], "", ""][:2]
    amount = _AMOUNT.fullmatch(first)
    if first in UNITS:
        number, unit, taken = 1, first, 1
    elif first in _ONE and following in UNITS:
        number, unit, taken = 1, following, 2
    elif amount and amount[2] in UNITS:
        number, unit, taken = int(amount[1]), amount[2], 1
    elif amount and not amount[2] and following in UNITS:
        number, unit, taken = int(amount[1]), following, 2
    else:
        return None
    times, short = UNITS[unit]
    if timedelta(**{LENGTHS[short]: number * times}) > timedelta(days=MOST_DAYS):
        raise UserError("That is further back than any history.", "Type since 90d, for example.")
    return f"{number * times}{short}", taken + (words[taken : taken + 1] == ["ago"])


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
    if (found := _day(words)) is None:
        return None
    text, taken = found
    behind = taken + (words[taken : taken + 1] == ["at"])
    at = _clock(words[behind:])
    return (f"{text}T{at[0]}", behind + at[1]) if at else found


def _day(words: Sequence[str]) -> Read:
    first = words[0] if words else ""
    if first in {"today", "yesterday"}:
        return first, 1
    if weekday := _SHORT_DAYS.get(first, first if first in WEEKDAYS else ""):
        return weekday, 1
    if (DAY.fullmatch(first) and _exists(first)) or (ANNUAL.fullmatch(first) and _exists(f"2024-{first}")):
        return first, 1
    return day_of_month(words)


def day_of_month(words: Sequence[str]) -> Read:
    """`nov 1`, `1 november`, `1 nov 2026`."""
    if len(words) < 2:
        return None
    pair = (words[0], words[1]) if words[1][0].isdecimal() else (words[1], words[0])
    name, number = _SHORT_MONTHS.get(pair[0], pair[0]), _ORDINAL.fullmatch(pair[1])
    if name not in MONTHS or number is None:
        return None
    text, taken = f"{MONTHS.index(name) + 1:02}-{int(number[1]):02}", 2
    if len(words) > 2 and re.fullmatch(r"\d{4}", words[2]):
        text, taken = f"{words[2]}-{text}", 3
    return (text, taken) if _exists(text if taken == 3 else f"2024-{text}") else None


def _exists(day: str) -> bool:
    try:
        return date(2000, 1, 1) <= date.fromisoformat(day) <= date(2999, 12, 31)
    except ValueError:
        return False


def _clock(words: Sequence[str]) -> Read:
    """`14:30`, `9am`."""
    found = _CLOCK.fullmatch(words[0]) if words else None
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0) if 0 < hour <= 12 else 99
    return (f"{hour:02}:{minute:02}", 1) if hour < 24 and minute < 60 else None
