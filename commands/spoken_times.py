"""Lengths and times of the day as people say them, in English and in Spanish. Pure.

`1h30m`, `half an hour`, `hora y media`; `half past six`, `las 8 menos cuarto`, `7 in the evening`.
All commands and orders read them here. Whether a time is one to come or one that was is up to who asks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from commands.spanish import folded
from commands.times import SECONDS, UNITS, Span, read_clock

_NUMBERS = (
    ("one", "un", "una", "uno"),
    ("two", "dos"),
    ("three", "tres"),
    ("four", "cuatro"),
    ("five", "cinco"),
    ("six", "seis"),
    ("seven", "siete"),
    ("eight", "ocho"),
    ("nine", "nueve"),
    ("ten", "diez"),
    ("eleven", "once"),
    ("twelve", "doce"),
)
NUMBERS: Mapping[str, int] = {
    **{word: number for number, words in enumerate(_NUMBERS, 1) for word in words},
    **dict.fromkeys(("fifteen", "quince"), 15),
    **dict.fromkeys(("twenty", "veinte"), 20),
    **dict.fromkeys(("thirty", "treinta"), 30),
    **dict.fromkeys(("forty", "cuarenta"), 40),
    **dict.fromkeys(("forty-five",), 45),
    **dict.fromkeys(("fifty", "cincuenta"), 50),
    **dict.fromkeys(("ninety", "noventa"), 90),
}

ALL_UNITS: Mapping[str, tuple[int, str]] = {
    **UNITS,
    **dict.fromkeys(("segundo", "segundos"), (1, "s")),
    **dict.fromkeys(("minuto", "minutos", "minutito", "minutitos"), (1, "m")),
    **dict.fromkeys(("hora", "horas", "horita", "horitas"), (1, "h")),
    **dict.fromkeys(("dia", "dias"), (1, "d")),
    **dict.fromkeys(("semana", "semanas"), (1, "w")),
    **dict.fromkeys(("mes", "meses"), (30, "d")),
}

_LOOKED_AT = 8
"""Words of the longest of them."""

_PARTS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("half", "media", "medio"), (1, 2)),
    **dict.fromkeys(("quarter", "cuarto"), (1, 4)),
    **dict.fromkeys(("three quarters", "three-quarters", "tres cuartos", "3/4"), (3, 4)),
}


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_UNIT = rf"(?P<unit>{_any(ALL_UNITS)})"
_PART = rf"(?:an? |un )?(?P<part>{_any(_PARTS)})"
_NUMBER = rf"(?P<number>\d{{1,6}}|an?|a couple(?: of)?|un par de|{_any(NUMBERS)})"
_LENGTHS = [
    re.compile(pattern)
    for pattern in (
        rf"{_NUMBER} ?{_UNIT}(?: and| y) {_PART}",
        rf"{_NUMBER}(?: and| y) {_PART} {_UNIT}",
        rf"{_NUMBER}\.(?P<tenth>5) ?{_UNIT}",
        rf"(?P<unit>hora|hour)(?: and| y) {_PART}",
        rf"{_PART}(?: of)?(?: an?| de| de una)? {_UNIT}",
    )
]
_SUM = re.compile(r"(\d{1,6}) ?([a-z]+)(?: and| y)? (\d{1,6}) ?([a-z]+)")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3})h([0-5]\d)")
_NEXT = re.compile(r"(?:the |la |las |los |el )?(?:next|coming|proxim[oa]s?) ")
_AMOUNTS = re.compile(r"(?:\d{1,6}[a-z]+)+")
_SIMPLE = re.compile(rf"{_NUMBER} ?{_UNIT}")


def read_span(words: Sequence[str]) -> tuple[Span, int] | None:
    """The span that the words begin with, and how many words it took: `7d`, `1h30m`, `a week`, `the next 2 hours`."""
    if following := _NEXT.match(_said(words)):
        return _next_span(words[len(following[0].split()) :], len(following[0].split()))
    said = _said(words)
    for pattern in _LENGTHS:
        if found := _match(pattern, said):
            return _of_parts(found), len(found[0].split())
    if (found := _match(_SUM, said)) and (span := _summed([(found[1], found[2]), (found[3], found[4])])):
        return span, len(found[0].split())
    if found := _match(_HOURS_AND_MINUTES, said):
        return Span(int(found[1]) * 60 + int(found[2]), "m"), 1
    if (found := _match(_AMOUNTS, said)) and (span := _summed(re.findall(r"(\d+)([a-z]+)", found[0]))):
        return span, 1
    found = _match(_SIMPLE, said)
    return (_summed([(str(_number(found)), found["unit"])]) or Span(0, "s"), len(found[0].split())) if found else None


def _next_span(words: Sequence[str], taken: int) -> tuple[Span, int] | None:
    """`2 hours` or `hour` behind `the next`: `next week` may as well begin on Monday."""
    hour = (Span(1, "h"), 1) if folded("".join(words[:1])) in {"hour", "hora"} else None
    found = hour or read_span(words)
    return (found[0], found[1] + taken) if found else None


def take_duration(words: Sequence[str]) -> tuple[timedelta, int]:
    """The length of the span that the words begin with, and how many words it took; (0, 0) where there is none."""
    found = read_span(words)
    return (timedelta(seconds=found[0].seconds), found[1]) if found else (timedelta(), 0)


def is_length(text: str) -> bool:
    """Whether a length is all that it says: `2h`, `for half an hour`, `durante media hora`."""
    words = text.split()
    words = words[1:] if words and folded(words[0]) in {"for", "por", "durante"} else words
    found = read_span(words)
    return found is not None and found[1] == len(words)


def _said(words: Sequence[str]) -> str:
    return folded(" ".join(words[:_LOOKED_AT]))


def _match(pattern: re.Pattern[str], said: str) -> re.Match[str] | None:
    """At whole words."""
    found = pattern.match(said)
    return found if found and said[found.end() : found.end() + 1] in {"", " "} else None


def _number(found: re.Match[str]) -> int:
    said = found["number"]
    if said.isdecimal():
        return int(said)
    return NUMBERS.get(said, 2 if said.startswith(("a couple", "un par")) else 1)


def _of_parts(found: re.Match[str]) -> Span:
    """So many of a unit, and half of one or a quarter."""
    named = found.groupdict()
    above, below = _PARTS[named["part"]] if named.get("part") else (1, 2)
    whole = _number(found) if named.get("number") else int("part" in named and found[0].startswith(("hora", "hour")))
    count, unit = ALL_UNITS[found["unit"]]
    return _shortest(count * SECONDS[unit] * (whole * below + above) // below)


def _shortest(seconds: int) -> Span:
    unit = next(unit for unit in ("h", "m", "s") if seconds % SECONDS[unit] == 0)
    return Span(seconds // SECONDS[unit], unit)


def _summed(pairs: Sequence[tuple[str, str]]) -> Span | None:
    """Of several units the smallest; None where one is no unit."""
    if not all(unit in ALL_UNITS for _, unit in pairs):
        return None
    spans = [Span(int(number) * ALL_UNITS[unit][0], ALL_UNITS[unit][1]) for number, unit in pairs]
    unit = min((span.unit for span in spans), key=lambda each: SECONDS[each])
    return Span(sum(span.seconds for span in spans) // SECONDS[unit], unit)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day. `either`: of the morning or twelve hours later, nobody said which.

    `of_today`: `nine tonight`, and never that of tomorrow.
    """

    at: time
    either: bool = False
    of_today: bool = False

    @property
    def later(self) -> time:
        """Twelve hours later."""
        return self.at.replace(hour=(self.at.hour + 12) % 24)


_HOURS = {word: number for word, number in NUMBERS.items() if number <= 12}
_MINUTES = {word: number for word, number in NUMBERS.items() if number < 60}
_HOUR = rf"(?P<hour>[01]?\d|2[0-3]|{_any(_HOURS)})"
_MINUTE = rf"(?P<minute>[0-5]?\d|half|media|(?:a |un )?quarter|cuarto|{_any(_MINUTES)})"
_DAYTIME = (
    r"(?: ?(?P<daytime>am|pm|a\.m\.?|p\.m\.?)"
    r"| (?:in the |de la |por la )(?P<part>morning|afternoon|evening|manana|tarde|noche|madrugada)"
    r"| (?:this |esta |de esta )(?P<of_today>afternoon|evening|tarde|noche)"
    r"| (?P<night>at night|tonight))?"
)
_BEFORE = r"(?:at |a las? |las? |by )?"
_PAST, _TO = r"(?: minutes| mins?)? (?P<side>past|after)", r"(?: minutes| mins?)? (?P<side>to|before)"
_CLOCKS = [
    re.compile(f"{_BEFORE}{pattern}")
    for pattern in (
        r"(?P<named>noon|midday|midnight)",
        rf"{_MINUTE}(?:{_PAST}|{_TO.replace('side', 'other')}) {_HOUR}{_DAYTIME}",
        rf"{_HOUR} (?P<side>y|menos) {_MINUTE}{_DAYTIME}",
        rf"{_HOUR}[ -](?P<minute>fifteen|thirty|forty-five|ten|twenty|forty|fifty){_DAYTIME}",
        rf"{_HOUR}[:.h](?P<minute>[0-5]\d)(?: ?h)?{_DAYTIME}",
        rf"{_HOUR} ?o'?clock{_DAYTIME}",
    )
]
_NAMED: Mapping[str, time] = {
    **dict.fromkeys(("noon", "midday", "mediodia"), time(12)),
    **dict.fromkeys(("midnight", "medianoche"), time()),
}
_SPANISH_NAMED = re.compile(r"(?:al? )?(?:la )?(?P<named>mediodia|medianoche)")
_BARE = re.compile(rf"(?P<before>at |a las? |las? |by )?{_HOUR}{_DAYTIME}")
_LATE = frozenset({"afternoon", "evening", "tarde"})
_NIGHT = frozenset({"noche", "at night", "tonight"})


def read_time_of_day(words: Sequence[str], *, bare: bool = False) -> tuple[Clock, int] | None:
    """The time of the day that the words begin with, and how many words it took.

    `bare`: an hour alone (`7`) is one, which it is anyway behind `at` and `a las`, and with what part of the day it is.
    """
    said = _said(words)
    for pattern in (_SPANISH_NAMED, *_CLOCKS):
        if (found := _match(pattern, said)) and (clock := _clock(found)):
            return clock, len(found[0].split())
    found = _match(_BARE, said)
    is_one = found and (bare or any(found[name] for name in ("before", "daytime", "part", "of_today", "night")))
    clock = _clock(found) if found and is_one else None
    return (clock, len(found[0].split())) if found and clock else None


def _clock(found: re.Match[str]) -> Clock | None:
    named = found.groupdict()
    if named.get("named"):
        return Clock(_NAMED[named["named"]])
    hour, minute = _value(named["hour"], _HOURS), _minutes(named.get("minute") or "")
    if named.get("side") == "menos" or named.get("other"):
        hour, minute = (hour - 1) % 24 or 12 * (hour == 1), 60 - minute
    daytime = str(named.get("daytime") or "").replace(".", "")
    if daytime:
        at = read_clock(f"{hour}:{minute:02}{daytime}")
        return Clock(at) if at else None
    part = str(named.get("part") or named.get("of_today") or named.get("night") or "")
    if part:
        of_today = part == "tonight" or named.get("of_today") is not None
        return Clock(_within(part, hour, minute), of_today=of_today)
    is_typed = re.search(r"\d[:.h]\d", found[0]) is not None
    return Clock(time(hour, minute), either=1 <= hour <= 12 and not is_typed)


def _within(part: str, hour: int, minute: int) -> time:
    """An hour of a part of the day: `7 in the evening`, `12 de la noche`."""
    if hour > 12 or hour == 0:
        return time(hour, minute)
    late = part in _LATE or (part in _NIGHT and 6 <= hour < 12)
    return time(hour % 12 + 12 * (late or (part in {"morning", "manana"} and hour == 12)), minute)


def _value(said: str, words: Mapping[str, int]) -> int:
    return int(said) if said.isdecimal() else words[said]


def _minutes(said: str) -> int:
    if said in {"", "half", "media"}:
        return 30 if said else 0
    return 15 if said.endswith(("quarter", "cuarto")) else _value(said, _MINUTES)
