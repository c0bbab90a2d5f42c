"""The end that a snooze or a mute begins with, and what was meant by one that cannot be read. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.typed.asked import Context
from commands.watch.typed.durations import FULL_DAYS, UNIT_NAMES, take_until

MUTED_FOR = timedelta(days=7)
"""A mute without a time, as the dialogue offers it."""

FOREVER = "forever"
KNOWN = "Type `2h`, `18:00`, `tomorrow` or `until monday`."
ESCAPE = "A reason that begins like a time stands behind `because`."
MORNINGS = (*FULL_DAYS.values(), "tomorrow")
CLOSE = 80
"""Per cent of likeness: `mondy` is a Monday, `money` is none."""

_LENGTH = re.compile(r"(\d{1,6})([a-z]+)[\d.,:;]*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}")


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
    shown = " ".join(rest[:2]) if _is_near_a_unit(rest) else rest[0]
    meant = _meant(rest)
    hint = f"Did you mean `{meant}`?" if meant else KNOWN
    return UserError(f"`{quoted(shown)}` is no time that I can read.", f"{hint} {otherwise}".strip())


def _is_meant(words: Sequence[str]) -> bool:
    first, rest = words[0].lower(), _behind(words)
    if first in {"until", "till"}:
        return True
    return bool(rest) and bool(_LENGTH.fullmatch(rest[0]) or _is_near_a_unit(rest) or _near(rest[0], MORNINGS))


def _behind(words: Sequence[str]) -> Sequence[str]:
    return words[1:] if words and words[0].lower() in {"for", "until", "till"} else words


def _meant(words: Sequence[str]) -> str:
    if _is_near_a_unit(words):
        return f"{words[0]} {_near(words[1], UNIT_NAMES)}"
    length = _LENGTH.fullmatch(words[0])
    if length is None:
        return _near(words[0], MORNINGS)
    unit = length[2][0].lower()
    return f"{length[1]}{unit}" if unit in "smhdw" and words[0].isalnum() else ""


def _is_near_a_unit(words: Sequence[str]) -> bool:
    return len(words) > 1 and bool(_NUMBER.fullmatch(words[0])) and bool(_near(words[1], UNIT_NAMES))


def _near(word: str, known: Sequence[str]) -> str:
    match = process.extractOne(word.lower(), known, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return str(match[0]) if match else ""
