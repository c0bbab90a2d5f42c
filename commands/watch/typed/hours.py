"""Hours of the day in a sentence: `between 10pm and 6am`, `on sundays from 2 to 4am`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from commands.spanish import DAYS, folded
from commands.spoken_times import read_time_of_day
from commands.times import WEEKDAYS
from commands.watch.typed.asked import Context

_BEGINS = frozenset({"from", "between", "de", "desde", "entre"})
_PARTS = frozenset({"and", "to", "until", "till", "til", "y", "a", "hasta", "-", "\N{EN DASH}"})

_AGAIN = frozenset({"every", "each", "always", "daily", "nightly", "cada", "siempre", "todos", "todas"})


@dataclass(frozen=True, slots=True)
class Hours:
    """`text` as it stands behind `maintenance`; `end` is a time of the day, empty where it comes again."""

    text: str
    end: str


def window_in(words: Sequence[str], context: Context) -> Hours | None:
    """The hours that are said behind `from` or `between`, on the days that are named."""
    hours, said = hours_in(words), _said(words)
    if hours is None:
        return None
    days = [_day(one)[:3] for one in said if _day(one)]
    span = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"
    again = bool(days) or not _AGAIN.isdisjoint(said)
    return Hours(" ".join([*dict.fromkeys(days), span, context.zone]), "" if again else f"{hours[1]:%H:%M}")


def hours_in(words: Sequence[str]) -> tuple[time, time] | None:
    """When they begin and end."""
    said = _said(words)
    each = (_hours(said[at + 1 :]) for at, word in enumerate(said) if word in _BEGINS)
    return next((hours for hours in each if hours), None)


def _said(words: Sequence[str]) -> list[str]:
    return [folded(word).strip(".!?") for word in words]


def _day(word: str) -> str:
    """`sundays`, `domingos`: as days are called in English."""
    names = [word, word.removesuffix("s")]
    return next((one for name in names if (one := DAYS.get(name, name)) in WEEKDAYS), "")


def _hours(words: Sequence[str]) -> tuple[time, time] | None:
    """Both ends: the first may leave out its half of the day, which is that of the second."""
    at = next((at for at, word in enumerate(words) if word in _PARTS and at), 0)
    behind = _clocks(words[at + 1 :])
    before = _clocks(words[:at])
    end = read_time_of_day(behind, bare=True) if at else None
    half = next((half for half in ("am", "pm") if end and behind[0].endswith(half)), "")
    start = (
        read_time_of_day([before[0] + half] if half and before[0].isdecimal() else before, bare=True) if end else None
    )
    if start is None or end is None or start[0].at == end[0].at:
        return None
    return start[0].at, end[0].at


def _clocks(words: Sequence[str]) -> list[str]:
    """`las 22` as `22:00`."""
    said = [word for word in words if word not in {"las", "la"}]
    return [f"{word}:00" if word.isdecimal() and NOON < int(word[:3]) < MIDNIGHT else word for word in said]


NOON, MIDNIGHT = 12, 24
