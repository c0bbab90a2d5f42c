"""A question as a row of spans: phrases with their meanings, port numbers, host names, words that nobody knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commands.smtpport.catalogue.lookup import ports
from commands.smtpport.evidence.formatting import plain
from commands.smtpport.question.lexicon import LONGEST, Meaning, corrected, is_host, lexicon, tokens
from commands.smtpport.question.vocabulary import BETWEEN_COUNTED, COUNTED, PEOPLE, phrases

_CLAUSE = re.compile(r"([,;!?\n]+|\.(?:\s|$)|\s-+\s|[()])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d00\b)")
_ARROW = re.compile(r"\s(?:-+>|\u2192)\s")
_LIST = r"(?<=\d),(?= ?\d{2,5}(?:, ?\d{2,5})*\s*(?:[,.?]|$|(?:and|or|y|o|und|et|ou|all|both)\b%s))"
_LISTED = re.compile(_LIST % "")
_FAILED_LIST = re.compile(_LIST % r"|fail|block|clos|tim|refus|hang|are\b|bloq|falla|cerrad")
"""Commas that end no clause: in `50,000`, and in a list of ports (`25, 465 and 587 time out`, `25, 465 fail`)."""

_ADDRESSES = re.compile(r"(?<![\w.+-])@(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}\b", re.IGNORECASE)
"""Addresses somewhere, as `@gmail.com`: they are of senders and recipients, and no host to hand mail to."""

_OF_SENDER = re.compile(
    r"\b(?:my|our|own|personal|private|free|new|mi|una?|cuenta|account|mailbox|buz[o\u00f3]n|with an?)"
    r"(?: (?:a|de|at))? @",
    re.IGNORECASE,
)
"""Before the domain of an address that somebody sends as: `with a personal @outlook.com address`."""

_WORKS = re.compile(r"\bwork|\bfine\b|\bok\b|funciona|\bopen")
"""Where this is said, what fails is said of the port before it alone."""

_BLOCKED = re.compile(
    r"\b(?:block(?:s|ed)?|closed|open|bloquea\w{0,3}|cerrad\w|abiert\w)\b(?!.{0,80}\b(?:what|how|que|como)\b)"
)
LONGEST_DOUBT = 60
"""Characters of a question whether something is blocked; in a longer one it is told rather than asked."""

_SMALL = 20
"""Numbers below are counts ("3 servers") unless the word before says that they are ports."""


_UNUSUAL = frozenset({"24"})
"""Known as a port, and mostly another number."""

_VERSIONS = 100
"""Numbers below are versions right behind the name of a program ("Nextcloud 27"), unless they are known as ports."""

_REPLIES = range(200, 600)
"""Reply codes such as 421 and 530: of these only the ports that are known count as ports."""

_YEARS = range(1990, 2040)
"""As in "Exchange 2010": no port that anybody uses for mail."""

_PEOPLE, _BETWEEN = frozenset(phrases(PEOPLE)), frozenset(phrases(BETWEEN_COUNTED))
_COUNTED = _PEOPLE | frozenset(phrases(COUNTED))


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of a question. `clause` numbers the part of the sentence that it stands in."""

    text: str
    clause: int
    meanings: tuple[Meaning, ...] = ()
    port: int | None = None
    host: bool = False

    def means(self, *slots: str) -> bool:
        # a list: `any` takes twice as long for one or two, and this is asked of every word
        return bool([meaning for meaning in self.meanings if meaning.slot in slots])


_ASKED = (Span("?", 0, (Meaning("asking", "?"),)),)
"""Before what is asked, and not told: `hetzner blocks 465?`."""


def spans_of(text: str) -> list[Span]:
    """The spans of a text, in order."""
    found: list[Span] = []
    clause = 0
    simple = _ARROW.sub(" to ", _THOUSANDS.sub("", plain(_ADDRESSES.sub(" ", _OF_SENDER.sub(" ", text)))))
    simple = (_LISTED if _WORKS.search(simple) else _FAILED_LIST).sub(" ", simple)
    for part, end in zip(*[iter([*_CLAUSE.split(simple), ""])] * 2, strict=True):
        asked = _ASKED if "?" in end and _BLOCKED.search(part) and len(part) < LONGEST_DOUBT else ()
        for span in (*asked, *_spans(tokens(part))):
            clause += span.means("break")
            found.append(Span(span.text, clause, span.meanings, span.port, span.host))
        clause += 1
    return found


def _spans(words: list[str]) -> Iterator[Span]:
    start = 0
    pending: Span | None = None
    while start < len(words):
        span, used = _span(words, start, pending)
        if used < 0:  # the word before belongs to this phrase too: "google clud"
            pending, used = span, 1
        else:
            if pending:
                yield pending
            pending = span
        start += used
    if pending:
        yield pending


def _span(words: list[str], start: int, before: Span | None) -> tuple[Span, int]:
    """The span that begins at a word and how many words it takes; -1 when it swallows the span before it."""
    return (
        _known(words, start)
        or _number(words[start], before, words[start + 1 : start + 3])
        or _address(words[start])
        or _joined(words[start], before)
        or _misspelt(words, start)
        or (Span(words[start], 0), 1)
    )


def _known(words: list[str], start: int) -> tuple[Span, int] | None:
    for size in range(min(LONGEST, len(words) - start), 0, -1):
        phrase = " ".join(words[start : start + size])
        meanings = lexicon().get(phrase)
        if meanings:
            return Span(phrase, 0, meanings), size
    return None


_BEFORE_CODES = frozenset({"error", "errors", "code", "errno", "codigo", "fehler", "erreur", "err"})
"""Before a number that is that of an error."""


def _number(word: str, before: Span | None, following: list[str]) -> tuple[Span, int] | None:
    if not (word.isascii() and word.isdigit() and len(word) <= 5 and 0 < int(word) < 65536):
        return None
    announced = before is not None and before.text.startswith(("port", "puerto"))
    if not announced and _is_amount(int(word), following):
        return Span(word, 0, (Meaning("filler", word),)), 1
    if before is not None and before.text in _BEFORE_CODES and int(word) not in ports():
        return Span(word, 0, (Meaning("filler", word),)), 1
    is_version = before is not None and before.means("software", "mail_server", "role") and int(word) < _VERSIONS
    if is_version and not announced and (int(word) not in ports() or word in _UNUSUAL):
        return Span(word, 0, (Meaning("filler", word),)), 1
    placed = before is None or before.host or before.means("provider", "network", "role", "general", "failed")
    likely = bool(placed) and int(word) >= _SMALL and int(word) not in _YEARS and int(word) not in _REPLIES
    if not (likely or announced or (int(word) in ports() and word not in _UNUSUAL)):
        return Span(word, 0, () if int(word) in _REPLIES else (Meaning("filler", word),)), 1
    return Span(word, 0, port=int(word)), 1


def _is_amount(number: int, following: list[str]) -> bool:
    """Whether the words behind a number are what it counts: `50000 newsletters`, `25 new users`."""
    counted = following[1:] if following[:1] and following[0] in _BETWEEN and following[1:] else following[:1]
    nouns = _PEOPLE if number in ports() else _COUNTED
    return not nouns.isdisjoint((*counted, *following[:1]))


def _address(word: str) -> tuple[Span, int] | None:
    """A host name, or the domain of an address; a known name at its end ("mx1.mail.ru") counts as that name."""
    name, _, host = word.rpartition("@")
    if not is_host(word):  # what has dots all the same is the name of something in a program
        return (Span(word, 0, (Meaning("filler", word),)), 1) if "." in word else None
    labels = host.split(".")
    for index in range(len(labels) - 1):
        meanings = lexicon().get(".".join(labels[index:]))
        if meanings:
            return Span(host, 0, meanings), 1
    if name:  # where somebody's mailbox is says nothing of a server to hand mail to
        return Span(host, 0, (Meaning("filler", host),)), 1
    return Span(host, 0, host=True), 1


def _joined(word: str, before: Span | None) -> tuple[Span, int] | None:
    if before is None or not before.means("provider", "network") or len(word) < 3:
        return None
    phrase = corrected(f"{before.text} {word}")
    return (Span(phrase, 0, lexicon()[phrase]), -1) if phrase and " " in phrase else None


def _misspelt(words: list[str], start: int) -> tuple[Span, int] | None:
    for size in range(min(3, len(words) - start), 0, -1):
        phrase = corrected(" ".join(words[start : start + size]))
        if phrase:
            return Span(phrase, 0, lexicon()[phrase]), size
    return None
