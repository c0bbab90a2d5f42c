"""How long and until when a watch is quiet, and what was meant by an end that cannot be read: times to come. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spanish import folded, put_together
from commands.spoken_times import Clock, read_span, read_time_of_day, take_duration
from commands.times import (
    DATE,
    ONE,
    UNIT_NAMES,
    WEEKDAYS,
    exists,
    instant_of,
    read_clock,
    read_day,
    zone_of,
)
from commands.watch.typed.asked import Context
from commands.watch.typed.onward import Word
from commands.words import nearest

MORNING, EVENING = time(9), time(17)
LONGEST = timedelta(days=366)
MUTED_FOR = timedelta(days=7)
"""A mute without a time, as the dialogue offers it."""

FOREVER = "forever"
KNOWN = "Type `2h`, `18:00`, `tomorrow` or `until monday`."
ESCAPE = "A reason that begins like a time stands behind `because`."
MORNINGS = (*WEEKDAYS, "tomorrow")
CLOSE = 80
"""Per cent of likeness: `mondy` is a Monday, `money` is none."""

MIDNIGHT_OF = time()
OVER: Mapping[str, tuple[str, time]] = {
    **dict.fromkeys(("today", "hoy", "day", "dia"), ("tomorrow", MIDNIGHT_OF)),
    **dict.fromkeys(("tonight", "night", "noche"), ("tomorrow", MORNING)),
    **dict.fromkeys(("week", "weekend", "week-end", "finde"), ("monday", MORNING)),
}
"""A time that is named whole -> the day on which it is over, and when: a day at midnight, a night in the morning."""

DAY, WHOLE_DAY = (
    frozenset({"day", "dia"}),
    frozenset({"rest", "remainder", "all", "whole", "for", "resto", "todo", "queda"}),
)
"""`for the rest of the day` is this one; `a day of tests` is a reason."""

NIGHT = frozenset({"tonight", "night", "noche"})
"""Before the morning that of the same day ends it."""

WEEKEND, FRIDAY = frozenset({"weekend", "week-end", "finde"}), 4
"""Quiet begins at once: from Friday on it is that of this week."""

UNCLEAR: Mapping[str, Sequence[str]] = {
    "morning": ("until 12:00",),
    "afternoon": ("until 18:00",),
    "evening": ("until tomorrow",),
    **{word: (f"until {'midnight' if at == MIDNIGHT_OF else day}",) for word, (day, at) in OVER.items()},
    **dict.fromkeys(("lunch", "lunchtime", "comida", "comer"), ("until 14:00", "until 15:00")),
    **dict.fromkeys(("end", "eod", "final"), ("until 18:00", "until midnight")),
}
"""Words of a time that has no end by itself -> the ends that may be meant."""

BEGINS_OR_ENDS: Sequence[str] = ("until saturday 00:00", "until monday")
"""`until the weekend`: when it begins, or is over."""

_DURING = frozenset({"for", "over", "during", "this", "all", "the", "whole", "rest", "remainder", "of", "through"}) | {
    *("durante", "por", "este", "esta", "el", "la", "todo", "toda", "resto", "de", "del", "lo", "que", "queda"),
}
_PAST = frozenset({"after", "despues"})
"""`until after lunch`: what is behind it says no better when that is."""
_OF_SOMEBODY = frozenset({"business", "work", "my", "our", "his", "her", "shift", "meeting", "mi", "turno", "jornada"})
_BEFORE = frozenset({"until", "till", "til", "hasta"})
_BEGINS = frozenset({"at", "by", "a", "al", "las", "la"})
"""What stands before the time at which something begins: `at 22:00` is no end by itself."""
_INTRODUCED = frozenset({"for", "durante", *_BEFORE})
_ONE = ONE | {"un", "una"}
_SPANISH = frozenset({"hasta", "hoy", "manana", "durante", "finde"})
_DAYS_AHEAD: Mapping[str, int] = {
    **dict.fromkeys(("the day after tomorrow", "day after tomorrow", "pasado manana"), 2),
    **dict.fromkeys(("tomorrow", "manana"), 1),
    **dict.fromkeys(("today", "hoy"), 0),
}
MIDNIGHT = frozenset({"midnight", "medianoche"})
"""Of a day that is named it may be the one with which it begins, or ends."""

EARLY = 7
"""Before that hour of a day nobody is sure whether its morning is meant."""
_DAY = timedelta(days=1)
_LENGTH = re.compile(r"(\d{1,6})([a-z]+)[\d.,:;]*", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_NUMBER = re.compile(r"\d{1,6}")


def duration_of(words: Sequence[str]) -> tuple[timedelta, int]:
    """As `take_duration`, with a `UserError` when there is none."""
    found, used = take_duration(words)
    if not used:
        said = " ".join(_as_far_as_a_mark(words))
        shown = f"`{quoted(said)}` is not a length of time." if words else "A length of time is missing."
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
    if not rest or (not skipped and folded(rest[0]) in _BEGINS and not read_span(rest)):
        return None, 0
    if folded(words[0]) not in _BEFORE and rest[1:2] == ["to"]:  # `1 to 2 hours`, which is no time of the day
        return None, 0
    if span := read_span(rest):
        is_told = folded(rest[0]) in _ONE and not skipped and rest[span[1] : span[1] + 1] in (["of"], ["de"])
        return (None, 0) if is_told else (_bounded(now, timedelta(seconds=span[0].seconds)), span[1] + skipped)
    if whole := _whole(words, now, zone):
        return whole
    end, used = _day_or_clock(rest, now, zone, alone=skipped > 0 and _is_last(words, skipped))
    return (end, used + skipped) if end is not None else (None, 0)


def _is_last(words: Sequence[str], at: int) -> bool:
    """Whether nothing stands behind it but a reason."""
    behind = words[at + 1] if len(words) > at + 1 else "because"
    return folded(behind) in {"because", "porque"} or (isinstance(behind, Word) and behind.marked)


def _bounded(now: datetime, length: timedelta) -> datetime:
    if not timedelta() < length <= LONGEST:
        raise UserError("That is too short or too long to be quiet.", "Type a time from `1m` to `366d`.")
    return now + length


def _whole(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int] | None:
    """The end of a time that is named whole: `for the weekend`, `tonight`, `today until 18:00`."""
    word = "" if folded(words[0]) in _BEFORE else _named(words)
    local = now.astimezone(ZoneInfo(zone))
    if folded(word) not in OVER or (folded(word) in WEEKEND and local.weekday() < FRIDAY):
        return None
    used = words.index(word) + 1
    is_night = folded(word) in NIGHT
    behind = used + (1 if folded("".join(words[used : used + 1])) in _BEFORE else 0)
    if found := read_time_of_day(words[behind:], bare=used < behind and _is_last(words, behind)):
        evening = instant_of(datetime.combine(local.date(), EVENING), zone)
        return _next_at(found[0], max(now, evening) if is_night else now, zone), behind + found[1]
    if is_night and local.time() < MORNING:
        return instant_of(datetime.combine(local.date(), MORNING), zone), used
    day, at = OVER[folded(word)]
    return instant_of(datetime.combine(_next(day, local.date()), at), zone), used


def _day_or_clock(words: Sequence[str], now: datetime, zone: str, *, alone: bool) -> tuple[datetime | None, int]:
    """A morning, a day at a time (`monday at 8`, `7pm tomorrow`), or a time of the day that comes next.

    `alone`: an hour is all that is said behind `until`.
    """
    if _CLOCK.fullmatch(words[0]):
        clock_of(words[0])
    today = now.astimezone(ZoneInfo(zone)).date()
    day, used = _day(words, today)
    clock, taken = _clock(words[used:], bare=False)
    if day and MIDNIGHT & set(map(folded, words[used : used + taken])):
        clock, taken = None, 0
    if day is None:
        bare = next((at for at in (1, 2, 3) if len(words) > at and _day(words[at:], today)[0]), 0)
        clock, taken = _clock(words, bare=alone or bool(bare))
        if clock is None:
            return None, 0
        day, more = _day(words[taken:], today)
        used, taken = (taken + more, 0) if day else (0, taken)
    zone, named = _zone(words[used + taken :], zone) if clock else (zone, 0)
    used += taken + named
    if day is None or day == today:
        return (_next_at(clock, now, zone) if clock else None), used
    clock, named = _with_part(clock, words[used:])
    used += named
    if clock and clock.either and clock.at.hour < EARLY:
        raise _which_half(words[:used], clock, day)
    due = instant_of(datetime.combine(day, clock.at if clock else MORNING), zone)
    return _bounded(now, due - now), used


def _day(words: Sequence[str], today: date) -> tuple[date | None, int]:
    """`monday`, `on nov 30`, `the day after tomorrow`, `pasado mañana`, and how many words it took."""
    said = [folded(word) for word in words[:4]]
    before = 1 if said[:1] in (["on"], ["el"], ["the"]) else 0
    ahead = next((name for name in _DAYS_AHEAD if said[: name.count(" ") + 1] == name.split()), "")
    if ahead:
        return today + _DAYS_AHEAD[ahead] * _DAY, ahead.count(" ") + 1
    read = read_day(words[before:])
    return (_next(read[0], today), read[1] + before) if read else (None, 0)


def _clock(words: Sequence[str], *, bare: bool) -> tuple[Clock | None, int]:
    return read_time_of_day(words, bare=bare) or (None, 0)


def _with_part(clock: Clock | None, words: Sequence[str]) -> tuple[Clock | None, int]:
    """Behind a day the part of it that is meant: `tomorrow morning`, `7 tomorrow evening`.

    Only a morning has a beginning that everybody means.
    """
    part = _PART.match(folded(" ".join(words[:3])))
    if part is None or (clock and not clock.either):
        return clock, 0
    is_late, used = part["late"] is not None, len(part[0].split())
    if clock is None:
        return (None, 0) if is_late else (Clock(MORNING), used)
    return Clock(clock.later if is_late and clock.at.hour < NOON else clock.at), used


def is_part_of_day(words: Sequence[str]) -> bool:
    """`morning`, `por la tarde`, and nothing else."""
    return _PART.fullmatch(folded(" ".join(words))) is not None


NOON = 12
_PART = re.compile(
    r"(?:(?:in the|por la|de la|a la) )?(?:morning|manana|(?P<late>afternoon|evening|night|tarde|noche))(?!\S)"
)


def _zone(words: Sequence[str], zone: str) -> tuple[str, int]:
    """The zone that is named behind a time: `18:00 UTC`, `18:00 Europe/London`."""
    word = "".join(words[:1])
    found = zone_of(word) if "/" in word or word.isupper() or word.lower() in {"utc", "gmt"} else None
    return (found, 1) if found else (zone, 0)


def _which_half(words: Sequence[str], clock: Clock, day: date) -> UserError:
    """`monday at 5`: nobody knows whether the morning is meant, or the afternoon."""
    said = " ".join(words)
    lines = [f"{day.isoformat()} {at:%H:%M}" for at in (clock.at, clock.later)]
    return UserError(f"Is `{quoted(said)}` in the morning or in the afternoon?", KNOWN, lines, wrong=said)


def _next_at(clock: Clock, now: datetime, zone: str) -> datetime:
    """The next time of the day to come; of one of which nobody said which half of the day, the next of both."""
    today = now.astimezone(ZoneInfo(zone)).date()
    times = (clock.at, clock.later) if clock.either else (clock.at,)
    due = [instant_of(datetime.combine(today + ahead * _DAY, at), zone) for ahead in (0, 1) for at in times]
    first = min(one for one in due if one > now)
    if clock.of_today and clock.at.hour >= EARLY and first.astimezone(ZoneInfo(zone)).date() != today:
        raise UserError(f"{clock.at:%H:%M} of today is over.", KNOWN)
    return first


def _next(day: str, today: date) -> date:
    """The day of a text of `read_day` that is still to come; a year that was named is kept."""
    if day in WEEKDAYS:
        return today + ((WEEKDAYS.index(day) - today.weekday()) % 7 or 7) * _DAY
    if day == "tomorrow":
        return today + _DAY
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
    if len(rest) == 1 and _NUMBER.fullmatch(rest[0]):
        lines: Sequence[str] = (f"{rest[0]}m", f"{rest[0]}h")
        return UserError(f"Is `{quoted(rest[0])}` minutes or hours?", KNOWN, lines, wrong=" ".join(words))
    if word := _unclear(words) or _unclear(rest) or _unclear([one for one in rest if folded(one) not in _PAST]):
        used = words.index(word) + 1
        while folded("".join(words[used : used + 1])) in _DURING | DAY | _OF_SOMEBODY:  # `the end of the day`
            used += 1
        said = " ".join(words[:used])
        is_either = folded(word) in WEEKEND and folded(words[0]) in _BEFORE
        lines = BEGINS_OR_ENDS if is_either else UNCLEAR[folded(word)]
        known = " or ".join(f"`{line}`" for line in lines)
        return UserError(f"When does `{quoted(said)}` end?", f"Say so: {known}. {otherwise}".strip(), lines, wrong=said)
    meant = _meant(rest)
    shown = " ".join(rest[:2] if _is_near_a_unit(rest) else rest[:1] if meant else _as_far_as_a_mark(rest))
    hint = f"Did you mean `{meant}`?" if meant else KNOWN
    message = f"`{quoted(shown)}` is not a time that I can read."
    return UserError(message, f"{hint} {otherwise}".strip(), meant or (), wrong=shown)


def _as_far_as_a_mark(words: Sequence[str]) -> Sequence[str]:
    """Without a reason behind a comma."""
    end = next((at for at, word in enumerate(words) if at and isinstance(word, Word) and word.marked), len(words))
    return words[: min(end, SHOWN)]


SHOWN = 6
"""Words that are quoted."""


def without_introduction(words: Sequence[str]) -> str:
    """`for 2 days` as `2 days`, `until monday` as `monday`: the same end, alone. `until 8` would be none without it."""
    rest = _behind(words)
    needs_it = bool(rest) and (folded(rest[0]) in _BEGINS | _ONE or rest[-1].isdecimal())
    return " ".join(words if needs_it else rest)


def _behind(words: Sequence[str]) -> Sequence[str]:
    return words[1:] if words and folded(words[0]) in _INTRODUCED else words


def _is_meant(words: Sequence[str]) -> bool:
    first, rest = folded(words[0]), _behind(words)
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
    return word if folded(word) in UNCLEAR else ""


def _named(words: Sequence[str]) -> str:
    """The first word behind nothing but what introduces a time: `weekend` of `for the weekend`."""
    at, word = next(((at, each) for at, each in enumerate(words) if folded(each) not in _DURING), (0, ""))
    is_part = folded(word) in DAY and (
        WHOLE_DAY.isdisjoint(map(folded, words[:at])) or folded("".join(words[at + 1 : at + 2])) in {"of", "de"}
    )
    return "" if is_part else word


def _meant(words: Sequence[str]) -> str:
    if _is_near_a_unit(words):
        return f"{words[0]} {nearest(words[1], UNIT_NAMES.values(), CLOSE)}"
    length = _LENGTH.fullmatch(words[0])
    if length is None:
        return nearest(words[0], MORNINGS, CLOSE)
    unit = length[2][0].lower()
    return f"{length[1]}{unit}" if unit in UNIT_NAMES and words[0][-1].isalpha() else ""


def _is_near_a_unit(words: Sequence[str]) -> bool:
    return len(words) > 1 and bool(_NUMBER.fullmatch(words[0])) and bool(nearest(words[1], UNIT_NAMES.values(), CLOSE))
