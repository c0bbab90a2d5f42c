"""Why a watch is quiet, behind what is quiet and until when. Pure.

A word that is neither is never taken for a reason where it may be a time that nobody could read, or says which of all
are meant: then nothing is done. In a sentence that somebody writes to Portero a reason has a mark before it, or a time.
"""

import re
from collections.abc import Sequence

from commands.contract import UserError
from commands.slack_text import clean, quoted
from commands.spanish import folded
from commands.times import UNITS
from commands.watch.typed.asked import Context
from commands.watch.typed.ends import FOREVER, MORNINGS, take_until
from commands.watch.typed.onward import Word

REASON = 200
"""Characters of a reason that are kept."""

MARKS = frozenset({"because", "reason", "since", "as", "porque", "motivo", "por"})
"""What stands before a reason, beside a comma and a colon."""

LATER = frozenset(
    {"from", "between", "after", "starting", "in", "at", "every", "each", "daily", "nightly", "always", "next", "later"}
    | {
        "entre",
        "desde",
        "despues",
        "cada",
        "todas",
        "todos",
        "dentro",
        "for",
        "until",
        "till",
        "til",
        "during",
        "while",
    }
)
"""What a time begins with that is none, or begins later, or comes again."""

LIMITS = frozenset(
    {
        "except",
        "but",
        "other",
        "others",
        "of",
        "not",
        "without",
        "besides",
        "excluding",
        "only",
        "watches",
        "hosts",
        "menos",
    }
    | {"excepto", "salvo", "otros", "otras", "de", "no", "sin", "with", "in", "on", "that", "which", "from", "to"}
)
"""What may say that not all of them are meant."""

ALSO = frozenset({"and", "then", "y", "luego", "ack", "mute", "snooze", "pause", "delete", "acknowledge"})
"""What another order begins with."""

_DIGIT = re.compile(r"\d")
HINT = (
    "It begins now: say how long (`2h`, `until monday`), and why behind `because`. For what comes again there is "
    "`edit mail.example.com maintenance sun 02:00-04:00`."
)


def reason_of(
    verb: str, ref: str, words: Sequence[str], context: Context, *, timed: bool = False, several: bool = False
) -> str:
    """As it was typed, commas included. `timed`: an end stood before it; `several`: more than one watch is chosen.

    `UserError` for words that may be no reason, with what may be meant.
    """
    if not words:
        return ""
    if is_marked(words[0]):
        return told_in(words)
    if _is_doubtful(words, context, timed=timed, several=several):
        raise _asked_back(verb, ref, words, context)
    return told_in(words)


def told_in(words: Sequence[str], most: int = REASON) -> str:
    """Behind what marks it as a reason."""
    words = words[1:] if words and _mark(words[0]) else words
    text = words[0].onward if words and isinstance(words[0], Word) else " ".join(words)
    return clean(re.sub(r"\s+", " ", text).strip(), most)


def is_marked(word: str) -> bool:
    return _mark(word) or (isinstance(word, Word) and word.marked)


def _mark(word: str) -> bool:
    return folded(word).rstrip(":") in MARKS


def _is_doubtful(words: Sequence[str], context: Context, *, timed: bool, several: bool) -> bool:
    first = folded(words[0])
    if first in ALSO and context.spoken:
        return True
    if timed:
        return first in LATER - {"for", "while"} or _DIGIT.match(first) is not None
    begins_so = first in LATER or _DIGIT.match(first) is not None
    return context.spoken or begins_so or (several and first in LIMITS) or _time_in(words, context) != ""


def _time_in(words: Sequence[str], context: Context) -> str:
    """The first end that stands among the words, as it is typed."""
    for at in range(len(words)):
        if not _may_begin(words[at : at + 2]):
            continue
        try:
            until, used = take_until(words[at:], context.now, context.zone)
        except UserError:
            continue
        if until is not None and used:
            return " ".join(words[at : at + used])
    return ""


def _may_begin(words: Sequence[str]) -> bool:
    """A length, or what is introduced: a day that is named alone may stand in any reason."""
    first, second = words[0].lower(), "".join(words[1:2]).lower()
    unit = first.lstrip("0123456789")
    is_length = unit != first and (unit in UNITS or (not unit and second in UNITS))
    return is_length or first in {"until", "till", "for", FOREVER}


def refuse_bare_day(verb: str, ref: str, words: Sequence[str], context: Context) -> None:
    """`mute it tomorrow`, in a sentence: it may begin then, or end then."""
    if context.spoken and len(words) == 1 and words[0].lower() in MORNINGS:
        line = f"{verb} {ref} until {words[0].lower()}"
        raise UserError("A mute begins now.", f"Until then? `{line}`", line)


def also(verb: str, ref: str, words: Sequence[str]) -> UserError:
    """Two orders in one: each has a button."""
    order = words[1:] if words[0].lower() in {"and", "then", "y", "luego"} else words
    second = " ".join([*order[:1], ref, *order[1:]])
    said = " ".join(words)
    return UserError(f"One thing at a time: `{quoted(said[:80])}` is another one.", "", [f"{verb} {ref}", second])


def _asked_back(verb: str, ref: str, words: Sequence[str], context: Context) -> UserError:
    said, time = " ".join(words), _time_in(words, context)
    lines = [f"{verb} {ref} {time}"] if time and verb != "pause" else [f"mute {ref} {time or '1h'}"]
    lines += [f"{verb} {ref}"] if verb == "pause" else [] if time else [f"{verb} {ref} until tomorrow"]
    if not any(_DIGIT.search(word) for word in words) and folded(words[0]) not in LATER | LIMITS | ALSO:
        lines.append(f"{verb} {ref} because {said}")
    message = f"Nothing is done: `{quoted(said[:80])}` is neither a time that I can read nor marked as a reason."
    return UserError(message, HINT, list(dict.fromkeys(lines)))
