"""What stands behind `/smtphistory`: a target and filters, in any order that people type them.

`[TARGET] [since 7d] [until monday] [by @ana] [port 587] [failed] [watches] [check|port|pmta]`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.contract import UserError
from commands.help_card import HELP
from commands.history.export_formats import FORMATS
from commands.history.filter_words import EMPTY, INCIDENTS, ME, PLAIN, WORDS
from commands.history.filters import Filters
from commands.history.having import DOWN, REPLY_CODE, WITHOUT_STARTTLS, read_having
from commands.other_words import in_either
from commands.past_times import EDGE, day_or_clock, read_time
from commands.slack_text import quoted
from commands.spanish import is_spanish
from commands.times import DATE, MONTHS, UNITS, exists, month_of
from commands.watch_ids import NAMED
from commands.words import as_typed, nearest

MAX_PORT = 65_535
DELETING = "A result is deleted by *Delete* in its details (*Open*); `/portero delete` says more."
_DELETES = frozenset({"delete", "remove", "forget", "purge", "borra", "borrar", "elimina", "eliminar"})

_PERSON = re.compile(r"@?([UW][A-Z0-9]{6,})")
_PERIOD = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?:\.\.\.?|/|–)(\d{4}-\d{2}-\d{2})\b")
_YEAR_FIRST = re.compile(r"(?<![\w.:/-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\w./-])")
_EITHER_FIRST = re.compile(r"\d{1,2}([./])\d{1,2}\1\d{2,4}")
_NUMBER = re.compile(r":?(\d{1,5})")
_NUMBERS = re.compile(r":?\d{1,5}(?:[,/+]\d{1,5})+")
LIKE_A_TARGET = re.compile(r"[.:\[]|[^\x00-\x7f]")
TAG = re.compile(r"tag:([a-z0-9][a-z0-9_-]{0,29})")
_WITH_PORT = re.compile(r"([^:\[\]]+|\[[^\[\]]+\]):(\d{1,5})")

Taken: TypeAlias = tuple[Filters, int]
"""The filters with one more, and how many words that took."""


class MisspeltError(UserError):
    """A word that is no filter but like one."""

    def __init__(self, word: str, near: str) -> None:
        super().__init__(f"`{quoted(word)}` is not a filter.")
        self.near = near


@in_either("smtphistory")
def parse_filters(text: str) -> Filters | None:
    """The filters in a text as Slack sent it; None when it asks for help. Raises `UserError` with the nearest word."""
    words = _words(text)
    if (words[0].lower() if words else text.strip()) in HELP:
        return None
    _refuse_incidents(words)
    found = Filters()
    at = 0
    while at < len(words):
        try:
            found, taken = _take(found, words[at:])
        except MisspeltError as error:
            line = " ".join([*words[:at], error.near, *words[at + 1 :]])
            said = f"/smtphistory {line}"
            meant = said if said == quoted(said) else error.near
            raise UserError(error.message, f"Did you mean `{meant}`?", line) from None
        at += taken
    return _of_down(found)


def _of_down(found: Filters) -> Filters:
    """Since when something fails is since when it is down."""
    asks = found.ask == "since when" and found.failed and not found.having
    return replace(found, failed=False, having=DOWN) if asks else found


def of_two_hosts(text: str) -> bool:
    """Whether two hosts are to be compared with each other (`compare a.example b.example`), and no days of one."""
    words = {word.lower() for word in _words(text)}
    return len([word for word in words if _HOST.fullmatch(word)]) > 1 and not COMPARING.isdisjoint(words)


_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]*\.?|\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*\]?")
COMPARING = frozenset({"compare", "compara", "comparar", "vs", "versus"})


def without_form(text: str) -> tuple[str, str]:
    """A text without what says that a file is wanted (`as csv`, `export json`), and the file's ending, if any.

    `UserError` where the kind of file is not said.
    """
    form = _FORM.search(text)
    left = " ".join(_EXPORT.sub(" ", _FORM.sub(" ", text)).split())
    if form:
        return left, form[1].lower()
    if _EXPORT.search(text):
        lines = [f"{left} {each}".strip() for each in ENDINGS]
        raise UserError("As which kind of file?", f"There are {', '.join(f'`{each}`' for each in ENDINGS)}.", lines)
    return text, ""


ENDINGS = tuple(form.ending for form in FORMATS)
_FORM = re.compile(
    rf"(?<!\S)(?:(?:as|in|to|en|como)\s+(?:an?\s+)?)?({'|'.join(ENDINGS)})(?:\s+file)?(?!\S)", re.IGNORECASE
)
_EXPORT = re.compile(r"(?<!\S)(?:export|download|exporta|exportar|descarga|descargar)(?!\S)", re.IGNORECASE)


def _refuse_incidents(words: Sequence[str]) -> None:
    """Those are of watches, and asked of them."""
    if not INCIDENTS.isdisjoint(word.lower() for word in words):
        line = " ".join(["/smtpwatch incidents", *(word for word in words if word.lower() not in INCIDENTS | EMPTY)])
        raise UserError("Incidents are of watches.", f"Type `{quoted(line)}`.", line)


def _words(text: str) -> list[str]:
    """Mentions stay as they are: only they hold the id of a person."""
    typed = _YEAR_FIRST.sub(lambda found: f"{found[1]}-{found[3]:0>2}-{found[4]:0>2}", as_typed(text))
    typed = _PERIOD.sub(r"\1 \2", typed)
    return [word for each in typed.split() if (word := each.strip("\"'`<>(),;?!"))]


def _take(found: Filters, words: list[str]) -> Taken:
    word, following = words[0].lower().removeprefix("--"), words[1:]
    if word in READERS:
        return READERS[word](found, following)
    if day := day_or_clock(words):
        return _on(found, day[0]), day[1]
    if word == "ports" and following and _is_of_ports(following[0]):
        return _port(found, following)
    having, taken = read_having(words)
    if having:
        return found.narrowed(having=having), taken
    if word.isdecimal() and following and following[0].lower() in UNITS:
        since, taken = read_time(words)
        return found.narrowed(since=since), taken
    return _plain(found, word, words[0])


def _since(found: Filters, words: Sequence[str]) -> Taken:
    if words and words[0].lower() == "when":
        return found.narrowed(ask="since when"), 2
    since, taken = read_time(words)
    return found.narrowed(since=since), taken + 1


def _until(found: Filters, words: Sequence[str]) -> Taken:
    until, taken = read_time(words)
    return found.narrowed(until=until), taken + 1


def _after(found: Filters, words: Sequence[str]) -> Taken:
    """From the end of a day on."""
    since, taken = read_time(words)
    return found.narrowed(since=f"{EDGE}{since}"), taken + 1


def _before(found: Filters, words: Sequence[str]) -> Taken:
    """Until a day begins."""
    until, taken = read_time(words)
    return found.narrowed(until=f"{EDGE}{until}"), taken + 1


def _on(found: Filters, day: str) -> Filters:
    """A day by itself is all of it, a clock what was since then; a second one, or one behind `since`, ends a period."""
    if found.since and found.until in {"", found.since}:
        return replace(found, until=day)
    ends = "" if ":" in day and found.ask != "compare" else day
    return found.narrowed(until=found.until or ends, since=day)


def _this(found: Filters, words: Sequence[str]) -> Taken:
    """`this week`, `this month`."""
    since, taken = read_time(["this", *words])
    return found.narrowed(since=since), taken


def _from(found: Filters, words: Sequence[str]) -> Taken:
    """A person or a time."""
    value = words[0] if words else ""
    return _by(found, words) if value.lower() in ME or value[:1] in {"@", "U", "W"} else _since(found, words)


def _by(found: Filters, words: Sequence[str]) -> Taken:
    value = words[0] if words else ""
    if value.lower() in ME:
        return found.narrowed(mine=True), 2
    if person := _PERSON.fullmatch(value):
        return found.narrowed(by=person[1]), 2
    said = f"`{quoted(value)}` is a name, and I know people by mention alone." if value else "By whom?"
    raise UserError(
        said, "Type `/smtphistory by @` and choose the person from Slack's list, or type `/smtphistory mine`."
    )


def _port(found: Filters, words: Sequence[str]) -> Taken:
    """`port 587`; `port` alone is the kind."""
    if words and _is_of_ports(words[0]):
        return _with_ports(found, words[0]), 2
    return replace(found, kind="port"), 1


def _provider(found: Filters, words: Sequence[str]) -> Taken:
    """One word, blanks as hyphens: `provider ses`, `provider google-workspace`."""
    if not words:
        raise UserError("Which provider?", "Type `/smtphistory provider ses`")
    return found.narrowed(provider=words[0].lower()), 2


def _is_of_ports(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _NUMBERS.fullmatch(word))


def _with_ports(found: Filters, word: str) -> Filters:
    """`587`, `:587`, and `25,587`, which are too many."""
    for number in re.findall(r"\d+", word):
        found = found.narrowed(port=_number(number))
    return found


def _number(text: str) -> int:
    if not 0 < int(text) <= MAX_PORT:
        raise UserError(f"`{quoted(text)}` is not a port.", f"Ports are numbers from 1 to {MAX_PORT}.")
    return int(text)


READERS: Mapping[str, Callable[[Filters, Sequence[str]], Taken]] = {
    **dict.fromkeys(("since", "last", "past"), _since),
    **dict.fromkeys(("until", "till", "to", "through"), _until),
    "after": _after,
    "before": _before,
    "this": _this,
    "from": _from,
    "by": _by,
    "port": _port,
    "provider": _provider,
}


def _plain(found: Filters, word: str, typed: str) -> Taken:
    if tag := TAG.fullmatch(word):
        return found.narrowed(tag=tag[1]), 1
    if word in PLAIN:
        return found.narrowed(**PLAIN[word]), 1
    if REPLY_CODE.fullmatch(word):
        return found.narrowed(having=word), 1
    if _is_of_ports(word):
        return _with_ports(found, word), 1
    _refuse_half_a_date(word, typed)
    if word.startswith("provider:"):
        return found.narrowed(provider=word.partition(":")[2]), 1
    if re.fullmatch(r"\d+[a-z]+", word) and word.lstrip("0123456789") in UNITS:
        return found.narrowed(since=read_time([word])[0]), 1
    return _target(found, word, typed), 1


def _refuse_half_a_date(word: str, typed: str) -> None:
    if _EITHER_FIRST.fullmatch(word):
        hint, meant = "Type it as `2026-11-10`, or as `nov 10`.", _either(word)
        raise UserError(f"`{quoted(typed)}`: is the day or the month first?", hint, meant, wrong=typed)
    if DATE.fullmatch(word):
        raise UserError(f"`{quoted(typed)}` is in no calendar.", "Type a day as 2026-11-10, or as nov 10.")
    if month_of(word) is not None:
        hint, period = "Type a period as `nov 1 nov 30`.", _whole(word)
        raise UserError(f"`{quoted(typed)}` is a month: from which day on?", hint, period, wrong=typed)


def _either(word: str) -> list[str]:
    """The days that two numbers before a year may mean."""
    first, second, year = map(int, re.split(r"[./]", word))
    year += 2000 if year < 100 else 0
    days = (f"{year}-{month:02}-{day:02}" for day, month in dict.fromkeys([(first, second), (second, first)]))
    return [day for day in days if DATE.fullmatch(day) and exists(day)]


def _whole(word: str) -> str:
    """A month from its first day to its last."""
    number = month_of(word) or 1
    name, days = MONTHS[number - 1][:3], monthrange(A_YEAR, number)[1]
    return f"{name} 1 {name} {days}"


A_YEAR = 2025
"""Not a leap year: which February is meant is not known."""


def _target(found: Filters, word: str, typed: str) -> Filters:
    """A word that is no filter names a target; the history knows it or not, but a misspelt filter is told."""
    if (named := NAMED.fullmatch(word)) and named["incident"]:
        raise UserError(f"`{quoted(word)}` is an incident.", f"`/smtpwatch {word}` opens it.", f"/smtpwatch {word}")
    near = "" if LIKE_A_TARGET.search(word) else nearest(word, WORDS)
    if near:
        raise MisspeltError(typed, WITHOUT_STARTTLS if near == word else near)  # `without`, of which that is missing
    if is_spanish(word, "smtphistory"):
        raise UserError(f"`{quoted(typed)}` is neither a filter nor a host.", "`/smtphistory help` has the words.")
    if found.target:
        strange = next((each for each in (typed, found.target) if not LIKE_A_TARGET.search(each)), "")
        if strange:
            left = found.text if strange == typed else replace(found, target=word).text
            lines = [left] if LIKE_A_TARGET.search(left) else []
            hint = DELETING if strange.lower() in _DELETES else "`/smtphistory help` has the words."
            raise UserError(f"`{quoted(strange)}` is neither a filter nor a host.", hint, lines)
        lines = [replace(found, target=name).text for name in (found.target, word)]
        hint = f"Look at `{quoted(found.target)}` first, then `{quoted(typed)}`."
        raise UserError("One target at a time.", hint, lines)
    if pair := _WITH_PORT.fullmatch(word):
        return replace(found.narrowed(port=_number(pair[2])), target=pair[1].strip("[]"))
    return replace(found, target=word.rpartition("@")[2].strip("[]").rstrip("."))
