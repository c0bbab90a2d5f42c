"""Why a watch is quiet, behind what is quiet and until when. Pure.

A word that is neither is never taken for a reason where it may be a time that nobody could read, or says which of all
are meant: then nothing is done. In a sentence that somebody writes to Portero a reason has a mark before it, or a time.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from commands.contract import UserError
from commands.slack_text import clean, quoted
from commands.spanish import DAYS as SPANISH_DAYS
from commands.spanish import MONTHS as SPANISH_MONTHS
from commands.spanish import folded
from commands.spoken_times import read_span
from commands.times import MONTHS, UNITS, WEEKDAYS
from commands.watch.typed.asked import Context
from commands.watch.typed.ends import FOREVER, MORNINGS, is_part_of_day, take_until
from commands.watch.typed.hours import window_in
from commands.watch.typed.onward import Word
from commands.watch.typed.selectors import names_of


def _each(text: str) -> frozenset[str]:
    return frozenset(text.split())


REASON = 200
"""Characters of a reason that are kept."""

MARKS = frozenset({"because", "reason", "since", "as", "porque", "motivo", "por", "-", "\u2013", "\u2014"})
"""What stands before a reason, beside a comma and a colon."""

CONDITIONS = _each(
    "but except excluding besides apart minus if unless when provided or only not without "
    "excepto salvo excluyendo menos si cuando pero o solo sin"
)
"""What a condition begins with, which a quiet cannot keep."""

EXCEPT = _each("but except excluding besides apart minus if unless only excepto salvo excluyendo menos si pero solo")
"""Those of them with which no reason begins."""

WHY = _each("for while due para mientras")
"""What a reason begins with by itself, behind an end."""

_DAYS = (*WEEKDAYS, *MONTHS, *SPANISH_DAYS, *SPANISH_MONTHS)
TIMES = frozenset({*_DAYS, *(day[:3] for day in _DAYS), *(unit for unit in UNITS if len(unit) > 1)}) | _each(
    "today tonight tomorrow early late morning lunch lunchtime noon midday afternoon evening night midnight end eod "
    "before antes inclusive sharp weekday weekdays weekend weekends proximo proxima viene primera ultima "
    "am pm o'clock half quarter past "
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty "
    "hoy manana tarde noche madrugada mediodia medianoche media cuarto hora horas minutos dia dias semana semanas "
    "una dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta"
)
"""What says more of the time where it stands directly behind an end."""

GLUE = _each(
    "- \u2013 \u2014 on que for during durante a an the and about around by to thru plus y e por de del en el la las "
    "los al esa esta this that"
)
"""What may stand between."""

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

A_PARTIR = ["a", "partir"]
"""The same in two words."""

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

BEGINS = LATER | _each("starting beginning empezando partir")
"""What a time that begins later begins with; `from the vendor` is none."""

DASHES = frozenset({"-", "\u2013", "\u2014"})

OTHERWISE = (CONDITIONS - _each("without sin")) | _each(
    "until till til hasta luego later "
    "wait sorry actually rather better instead make leave keep just even except no nope "
    "never espera perdon mejor deja dejad manten excepto salvo nunca todavia"
)
"""What stands behind a comma and is no reason: when, under which condition, and what takes back what was said."""

ALSO = frozenset({"and", "then", "y", "luego", "ack", "mute", "snooze", "pause", "delete", "acknowledge"})
"""What another order begins with."""

_DIGIT = re.compile(r"\d")
HINT = (
    "It begins now: say how long (`2h`, `until monday`), and why behind `because`. For what comes again there is "
    "`edit mail.example.com maintenance sun 02:00-04:00`."
)


def reason_of(
    verb: str, ref: str, words: Sequence[str], context: Context, *, end: Sequence[str] = (), several: bool = False
) -> str:
    """As it was typed, commas included. `end`: what stood before it; `several`: more than one watch is chosen.

    `UserError` for words that may be no reason, with what may be meant.
    """
    if not words:
        return ""
    is_doubtful = (
        _says_otherwise(words, context)
        if is_marked(words[0])
        else _is_doubtful(words, context, timed=bool(end), several=several)
    )
    if is_doubtful:
        raise _asked_back(verb, ref, words, context, end=end, several=several)
    return told_in(words)


def _says_otherwise(words: Sequence[str], context: Context) -> bool:
    """`por la tarde`; and behind a comma, a colon or a dash `only port 25`, `from 23:00`, `no, 3h`, `leave mx2 on`."""
    first = folded(words[0])
    if _mark(words[0]) and first not in DASHES:
        return first in GLUE and _says_when(words)
    said = [folded(word).strip(".!?") for word in words]
    begins = next((at for at, word in enumerate(said) if word not in GLUE), len(said))
    is_order = context.spoken and next((word for word in said if word not in DASHES), "") in ALSO
    behind = words[begins + (said[begins : begins + 1] != [] and said[begins] in BEGINS) :]
    is_time = _says_when(behind) and not _counts(behind)
    return is_order or is_time or not OTHERWISE.isdisjoint(said[begins : begins + 1]) or any(map(_is_named, said))


def _counts(said: Sequence[str]) -> bool:
    """`3 servers move`, and neither `3h`, `3 hours` nor `3 if it takes long`."""
    return said[0].isdecimal() and len(said) > 1 and folded(said[1]) not in TIMES | UNITS.keys() | OTHERWISE


def _is_named(word: str) -> bool:
    """What another watch is to do is no reason of this one."""
    return names_of([word])[1] > 0


def told_in(words: Sequence[str], most: int = REASON) -> str:
    """Behind what marks it as a reason."""
    words = words[1:] if words and _mark(words[0]) else words
    text = words[0].onward if words and isinstance(words[0], Word) else " ".join(words)
    return clean(re.sub(r"\s+", " ", text).strip(), most)


def is_marked(word: str) -> bool:
    return _mark(word) or (isinstance(word, Word) and word.marked)


def end_of_reason(words: Sequence[str], context: Context) -> tuple[datetime, int] | None:
    """`, we are patching it until 6pm`: the end with which a sentence's reason closes, and how many words come before.

    Without it the mute would be longer than was said.
    """
    if not context.spoken or not words or not is_marked(words[0]):
        return None
    starts = (at for at, word in enumerate(words) if at and folded(word) in {"until", "till", "til", "hasta"})
    for at in starts:
        until, used = take_until(words[at:], context.now, context.zone)
        if until is not None and at + used == len(words):
            return until, at
    return None


def _mark(word: str) -> bool:
    return folded(word).rstrip(":") in MARKS


def _is_doubtful(words: Sequence[str], context: Context, *, timed: bool, several: bool) -> bool:
    first = folded(words[0])
    if first in CONDITIONS or [*map(folded, words[:2])] == A_PARTIR or (first in ALSO and context.spoken):
        return True
    if timed:
        return (context.spoken and first not in WHY) or first in LATER - WHY or _says_when(words)
    begins_so = first in LATER or _DIGIT.match(first) is not None or (_begins_clock(words) and _says_when(words))
    return context.spoken or begins_so or (several and first in LIMITS) or _time_in(words, context) is not None


def _begins_clock(words: Sequence[str]) -> bool:
    """`a las 22:00`, `by 8pm`; `a day of tests` does not."""
    said = [folded(word) for word in words[:2]]
    return said[0] in {"al", "las", "by"} or said in (["a", "las"], ["a", "la"])


def _says_when(words: Sequence[str]) -> bool:
    """Whether the first word that is no glue is one of time, or a number."""
    first = next((said for word in words if (said := folded(word)) not in GLUE), "")
    return re.split(r"[^\w']", first.replace(".", ""))[0] in TIMES or _DIGIT.match(first) is not None


def _time_in(words: Sequence[str], context: Context) -> slice | None:
    """Where the first end stands among the words."""
    for at in range(len(words)):
        if not _may_begin(words[at : at + 2]):
            continue
        try:
            until, used = take_until(words[at:], context.now, context.zone)
        except UserError:
            continue
        if until is not None and used:
            return slice(at, at + used)
    return None


def _may_begin(words: Sequence[str]) -> bool:
    """A length, or what is introduced: a day that is named alone may stand in any reason."""
    first, second = words[0].lower(), "".join(words[1:2]).lower()
    unit = first.lstrip("0123456789")
    is_length = unit != first and (unit in UNITS or (not unit and second in UNITS))
    return is_length or first in {"until", "till", "for", FOREVER}


def refuse_bare_day(verb: str, ref: str, words: Sequence[str], context: Context) -> None:
    """`mute it tomorrow morning`, in a sentence: it may begin then, or end then."""
    first = folded(words[0]) if words else ""
    is_day = SPANISH_DAYS.get(first, "tomorrow" if first == "manana" else first) in MORNINGS
    if not context.spoken or not is_day or (len(words) > 1 and not is_part_of_day(words[1:])):
        return
    line = f"{verb} {ref} until {' '.join(words)}"
    raise UserError("A mute begins now.", f"Until then? `{line}`", line)


def also(verb: str, ref: str, words: Sequence[str]) -> UserError:
    """Two orders in one: each has a button."""
    order = words[1:] if words[0].lower() in {"and", "then", "y", "luego"} else words
    second = " ".join([*order[:1], ref, *order[1:]])
    said = " ".join(words)
    return UserError(f"One thing at a time: `{quoted(said[:80])}` is another one.", "", [f"{verb} {ref}", second])


def refuse_condition(ref: str, words: Sequence[str]) -> None:
    """`ack all but w-7k3fq`: nothing is done to all of them."""
    if words and not is_marked(words[0]) and folded(words[0]) in CONDITIONS:
        message = f"Nothing is done: `{quoted(' '.join(words)[:80])}` is a condition, which I cannot keep."
        raise UserError(message, "A note stands behind a colon.", look_at(ref, several=True))


def alone(words: Sequence[str]) -> bool:
    """`ack mail.example.com only`, with a note behind a mark: not what is told in the same message."""
    return folded("".join(words[:1])).rstrip(":") in ALONE and (len(words) == 1 or is_marked(words[1]))


ALONE = _each("only alone solo solamente")


def refuse_limit(ref: str, words: Sequence[str]) -> None:
    """`ack mail.example.com, not mx2.example.com` and `ack mail.example.com except the second` acknowledge nothing."""
    first = folded(words[0]) if words else ""
    names_other = any(names_of([word])[1] for word in words[1:3])
    if first in EXCEPT or (first in {"not", "no"} and names_other):
        message = f"Nothing is done: `{quoted(' '.join(words)[:80])}` may say that not all are meant."
        raise UserError(message, "A note stands behind a colon.", [f"ack {ref} only", f"ack {ref}"])


def alters(word: str) -> bool:
    """Whether it may say that not all of it is meant, or not now."""
    return folded(word) in CONDITIONS | LIMITS | LATER or _says_when([word])


def look_at(ref: str, *, several: bool) -> str:
    """What is offered where nothing else is sure to be no more than was asked."""
    return f"list {ref}" if several else f"show {ref}"


def _asked_back(
    verb: str, ref: str, words: Sequence[str], context: Context, *, end: Sequence[str], several: bool
) -> UserError:
    """With a button where nothing that was said is lost by it."""
    said = quoted(" ".join(words)[:80])
    if _is_port(words):
        message = f"Nothing is done: a {verb} is for a whole watch, and not for `{said}`."
        return UserError(message, "Which ports a watch has is changed by `edit`.", look_at(ref, several=several))
    if not several and (window := window_in([*end, *words], context)):
        message = f"Nothing is done: a {verb} begins now, and `{said}` is later or comes again."
        hint = "A watch can have hours in which it alerts nobody."
        once = [f"mute {ref} until {window.end}"] if window.end else []
        return UserError(message, hint, [f"edit {ref} maintenance {window.text}", *once])
    message = f"Nothing is done: `{said}` is neither a time that I can read nor marked as a reason."
    lines = _because(f"{verb} {ref} {' '.join(end)}", words) if end else _meant(verb, ref, words, context)
    return UserError(message, HINT, lines or look_at(ref, several=several))


def _because(line: str, words: Sequence[str]) -> list[str]:
    """With these words as the reason, where none of them says when or which."""
    if any(_DIGIT.search(word) or alters(word) for word in words) or (words and folded(words[0]) in ALSO):
        return []
    return [f"{line} because {' '.join(words)}" if words else line]


def _is_port(words: Sequence[str]) -> bool:
    """`587 for 1h`, `on port 25`."""
    said = [word for word in map(folded, words) if word not in {"on", "port", "ports", "puerto", "puertos", "en", "el"}]
    return bool(said) and said[0].isdecimal() and (int(said[0][:6]) in PORTS or len(said) < len(words))


FOR = frozenset({"for", "por", "durante"})
PORTS = frozenset({25, 465, 587, 2525})
"""Numbers that are no length of time."""


def _meant(verb: str, ref: str, words: Sequence[str], context: Context) -> list[str]:
    """Never a pause where a length was typed: it has no end."""
    spelled = read_span(words)
    time = slice(0, spelled[1]) if spelled else _time_in(words, context)
    if time is not None:
        line = f"{verb if verb != 'pause' else 'mute'} {ref} {' '.join(words[time])}"
        return _because(line, [*words[: time.start], *words[time.stop :]])
    number = words[-1] if len(words) == 1 or (len(words) == 2 and folded(words[0]) in FOR) else ""
    if number.isdecimal():
        return [f"mute {ref} {number}{unit}" for unit in "mh" if verb != "pause"]
    if any(_DIGIT.search(word) for word in words) or folded(words[0]) in LIMITS | CONDITIONS:
        return []
    lines = [f"mute {ref} 1h", f"mute {ref} until tomorrow"] if verb == "mute" else []
    return lines if folded(words[0]) in LATER | ALSO else [*lines, f"{verb} {ref} because {' '.join(words)}"]
