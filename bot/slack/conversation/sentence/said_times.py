"""The time that stands somewhere in a sentence, as it is typed behind `/smtphistory` and `incidents`. Pure."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from commands.contract import UserError
from commands.other_words import translated
from commands.past_times import PERIODS, SPAN, read_time
from commands.slack_text import undo
from commands.spanish import folded
from commands.times import month_of

LONGEST, MOST_WORDS = 300, 40
"""Characters and words in which one is looked for."""

PHRASES: Mapping[str, str] = {
    r"last night|overnight|during the night|anoche|(?:esta|por la) noche|tonight": "since yesterdayT18:00",
    r"(?:this|esta) (?:morning|afternoon|evening|manana|tarde)": "today",
    r"(?:over |at |on )?(?:the |this |last |el )?(?:weekend|fin de semana)(?: pasado)?": "since 7d",
}


def time_in(text: str, now: datetime) -> str:
    """`since 7d`, `yesterday`, `since 10-01 until 10-31`; empty where none is named."""
    said = folded(undo(text[:LONGEST]))
    found = next((typed for pattern, typed in _PHRASES if pattern.search(said)), "")
    return found or _read(re.findall(r"[\w:-]+", translated(said, "smtphistory"))[:MOST_WORDS], now)


_PHRASES = [(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), typed) for pattern, typed in PHRASES.items()]


def _read(words: Sequence[str], now: datetime) -> str:
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        month = month_of(word) if before in BEFORE_MONTHS or len(word) > SHORT else None
        if month is not None and not _is_day(words, at):
            return _of_month(month, now)
        typed = _typed(words[at:])
        if typed and (before in SINCE or not _CLOCK.fullmatch(typed)):
            is_open = before in SINCE or SPAN.fullmatch(typed) or typed in PERIODS
            return f"since {typed}" if is_open else typed
    return ""


SHORT = 3
"""Letters of a month's name, up to which it may be another word: `may`."""

BEFORE_MONTHS = frozenset({"in", "of", "during", "for", "since", "from", "en", "de", "desde", "durante"})
SINCE = frozenset({"since", "from", "desde"})
_CLOCK, _TOO_SHORT = re.compile(r"\d\d:\d\d"), frozenset({"1s", "1m"})
"""`second`, `minute`: a word that mostly says something else."""


def _typed(words: Sequence[str]) -> str:
    try:
        typed, _ = read_time(words)
    except UserError:
        return ""
    return "" if typed in _TOO_SHORT else typed


def _is_day(words: Sequence[str], at: int) -> bool:
    """Whether a number beside a month makes it a day: `nov 1`, `1 de noviembre`."""
    return any(word.rstrip("stndrh").isdecimal() for word in (*words[max(0, at - 2) : at], *words[at + 1 : at + 2]))


def _of_month(month: int, now: datetime) -> str:
    """The last one of that name, up to its end or up to now."""
    year = now.year - (month > now.month)
    last = calendar.monthrange(year, month)[1]
    until = "" if (year, month) == (now.year, now.month) else f" until {year}-{month:02}-{last}"
    return f"since {year}-{month:02}-01{until}"
