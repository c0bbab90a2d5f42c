"""Which phrase a text begins with, and what follows it. Pure, and total: the phrases themselves are in `phrases`."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from bot.slack.conversation.sentence import patterns, phrases
from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrases import Fits, Phrase
from commands.contract import UserError
from commands.history.log_filters import GROUP_OF
from commands.other_words import translated
from commands.past_times import read_time
from commands.pmta.language.catalogue import DIRECTIVES
from commands.slack_text import undo
from commands.smtpport.question.reader import read
from commands.spanish import folded
from commands.spoken_times import is_length
from commands.watch.typed.asked import KIND_NAMES

FEW = 2
"""Words that may stand in an order whose object is not recognised: the command says what is wrong with it."""

MOST_WORDS, LONGEST = 8, 120
"""Words and characters of the longest phrase."""

RULE = re.compile(r"pmta\d{3}", re.IGNORECASE)


def begun(text: str) -> Iterator[tuple[Phrase, str]]:
    """The phrases that the text begins with and whose condition what follows meets, longest first, and that."""
    said = folded(text)
    ends = [match.end() for match in re.finditer(r"[^\s:,?!]+", said[:LONGEST])][:MOST_WORDS]
    for end in reversed(ends):
        rest = text[end:].strip(" \t\n:,?!¿¡")
        for phrase in _index().get(_key(said[:end]), ()):
            if _MEETS[phrase.fits](rest):
                yield phrase, rest


def without_courtesies(text: str) -> str:
    """What is meant. Where nothing else was said, the first word of it."""
    begins = max(0, len(text) - LONGEST)
    before, behind = _BEFORE.match(folded(text[:LONGEST])), _BEHIND.search(folded(text[begins:]))
    said = text[before.end() if before else 0 : begins + behind.start() if behind else len(text)].strip()
    return said or " ".join(text.strip(" \t\n,.!?¿¡").replace(",", " ").split()[:1])


def bare(text: str) -> str:
    """What is meant, in lower case, without accents and marks at its ends: what patterns of a whole are held to."""
    return folded(without_courtesies(text)).strip(" \t\n?!.,()¿¡")


_BEFORE = re.compile(rf"(?:[¿¡\s]*(?:{phrases.COURTESIES})(?![\w.@/-])[\s,:!]*)*[¿¡\s]*")
_BEHIND = re.compile(rf"(?:[\s,]+(?:{phrases.AFTERWARDS}))*[\s.!?]*$")


def is_question(text: str) -> bool:
    """By how it ends, a short one by how it begins; a question that something follows may be told."""
    if text.rstrip(" \t\n.!)").endswith("?"):
        return True
    said = bare(text)
    is_short = len(said.split()) <= MOST_WORDS and not re.search(r"[.,;:]\s", said)
    return is_short and _ASKS.match(said) is not None


_ASKS = re.compile(patterns.ASKS)


def has(words: str, text: str) -> bool:
    """Whether one of the words, parted by `|`, stands in the text by itself."""
    return re.search(rf"(?<![\w.@-])(?:{words})(?![\w.@-])", folded(text)) is not None


@cache
def _index() -> Mapping[str, tuple[Phrase, ...]]:
    index: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases.PHRASES:
        for begins in phrase.begins.split("|"):
            index[begins] = (*index.get(begins, ()), phrase)
    return index


def _key(said: str) -> str:
    return " ".join(re.sub(r"[:,?!]", " ", said).split())


def _first(rest: str) -> str:
    return folded(undo(rest.split(maxsplit=1)[0])).strip("`?!.") if rest.split() else ""


def _is_short_or_of_hosts(rest: str) -> bool:
    return bool(rest) and (len(rest.split()) <= FEW or bool(hosts_in(undo(rest))))


def _names_watch(rest: str) -> bool:
    first = _first(rest)
    chosen = first in {"all", "everything", "todo", "todos", "todas", "down", "mine", "unseen"} or bool(
        _REF.match(first) or hosts_in(first)
    )
    return chosen or is_length(rest)  # the command asks which watch


_TAGGED = re.compile(r"(?:(?:with|watches|that|has|have|the|con|que|tenga|la) ){0,3}(?:tag|tagged|etiqueta)\b")
_REF = re.compile(r"tag:|w-[a-z0-9]{3,}|\*\.")


def _begins_with_watched(rest: str) -> bool:
    first = _first(rest)
    return bool(hosts_in(first)) or (first in KIND_NAMES and bool(hosts_in(" ".join(rest.split()[1:2]))))


def _is_manual(rest: str) -> bool:
    first = _first(rest)
    is_one = first in DIRECTIVES or RULE.fullmatch(first) is not None or _SETTING.fullmatch(rest) is not None
    return len(rest.split()) <= FEW and is_one


def _names_sender(rest: str) -> bool:
    asked = read(undo(rest)[:LONGEST])
    return bool(asked.provider or asked.software) or has(patterns.MAIL_PROGRAMS, rest[:LONGEST])


def _is_time_or_host(rest: str) -> bool:
    if hosts_in(undo(rest)):
        return True
    words = translated(rest, "smtpwatch").removeprefix("since ").split()
    try:
        return read_time(words)[1] == len(words)
    except UserError:
        return False


_SETTING = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
"""What settings are called: a name that the guide does not have may be a misspelt one."""


_MEETS: Mapping[Fits, Callable[[str], bool]] = {
    Fits.ANYTHING: lambda _rest: True,
    Fits.SOMETHING: bool,
    Fits.NOTHING: lambda rest: not rest,
    Fits.TARGET: _is_short_or_of_hosts,
    Fits.HOST: lambda rest: bool(hosts_in(undo(rest))),
    Fits.WATCH: _names_watch,
    Fits.WATCHED: _begins_with_watched,
    Fits.MANUAL: _is_manual,
    Fits.SENDER: _names_sender,
    Fits.WHEN: _is_time_or_host,
    Fits.CHANGES: lambda rest: _first(rest) in GROUP_OF,
    Fits.TAGGED: lambda rest: _TAGGED.match(folded(rest)) is not None,
    Fits.NUMBER: lambda rest: _first(rest).isdecimal() or _first(rest) in {"port", "puerto"},
}
