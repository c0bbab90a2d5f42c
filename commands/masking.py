"""Secrets are covered before anything is shown, logged or stored.

Two things tell a secret: its name (what a catalogue marks as one, and what people call it) and its shape. Covering once
more changes nothing. Better too much than too little.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from commands import secret_shapes as shapes
from commands.secret_broken import go_on, is_setting
from commands.secret_keys import private_keys
from commands.secret_lines import Reading, Waiting, read_line
from commands.secret_shapes import Span
from commands.secret_values import NoSettings, Settings, is_harmless

STARS = "********"
MANY = 50
"""Secrets in one place: beyond that they are looked for word by word, which stays linear."""

CUTS = (20, 40, 60, 80, 150, 200)
"""Lengths at which messages cut what they quote: the beginning of a secret is a secret."""

LEAST = 4
"""Letters of a word that is looked for by itself."""

LONGEST_WORD = 200
LONGEST = 2000
"""Characters of a secret in which its words are looked for."""

REMEMBERED = 20_000
"""Lines of one text that are not read again: in a large config most are like one of these."""

TOLD = 100
"""Secrets that are looked for everywhere else in the text, too."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_BARE = re.compile(r"[^\s\"]+")
_TELLING = re.compile(r"(?=\S*(?:\d\S*[A-Za-z]|[A-Za-z]\S*\d|[a-z][A-Z]|[!$%&^~?+=]))[^\s\"'<>/:|]{6,200}\Z")
"""Letters with digits or signs among them, or with a capital inside: no word that a sentence would have."""
_NO_SETTINGS = NoSettings()


def masked(text: str, settings: Settings = _NO_SETTINGS) -> str:
    """The text with every secret covered by eight stars, whatever its length."""
    return Mask(text, settings).apply(0, len(text))


def spans(text: str, settings: Settings = _NO_SETTINGS) -> list[Span]:
    """Where the secrets stand, in order and without overlap."""
    keys = private_keys(text, lambda line: is_setting(line, settings))
    open_to_all = shapes.public(text)
    found = [one for one in _by_lines(text, settings) if not _stands_in(open_to_all, one)]
    made = _joined(sorted([*keys, *found, *shapes.tokens(text)]))
    again = list(_repeated(text, made, settings))
    return _joined(sorted([*made, *again])) if again else made


def _stands_in(stretches: Sequence[Span], one: Span) -> bool:
    at = bisect_right(stretches, (one[0], one[1] + 1 << 40)) - 1
    return at >= 0 and stretches[at][0] <= one[0] < stretches[at][1]


def _by_lines(text: str, settings: Settings) -> Iterator[Span]:
    read: dict[str, Reading] = {}
    waiting: Waiting | None = None
    for found in _LINE.finditer(text):
        line, at = found[1], found.start()
        if waiting:
            step = go_on(line, waiting, settings)
            waiting = step.waiting
            if step.span:
                yield at + step.span[0], at + step.span[1]
            if step.is_done:
                continue
        reading = read.get(line) or read_line(line, settings)
        if len(read) < REMEMBERED:
            read[line] = reading
        yield from ((at + start, at + stop) for start, stop in reading.spans)
        waiting = reading.waiting or waiting


def _repeated(text: str, found: Sequence[Span], settings: Settings) -> Iterator[Span]:
    """Where else the same secrets stand: a password is a password in a comment, too."""
    for secret in _telling((text[start : min(stop, start + LONGEST)] for start, stop in found), settings)[:TOLD]:
        at = text.find(secret)
        while at >= 0:
            yield at, at + len(secret)
            at = text.find(secret, at + len(secret))


def _telling(secrets: Iterable[str], settings: Settings) -> list[str]:
    """Those that are no words of any language, each once, the longest first."""
    bare = {word for secret in secrets for word in _words_in(secret)}
    kept = (
        one
        for one in bare
        if len(one) <= LONGEST_WORD and _TELLING.match(one) and not is_harmless(one) and not settings.knows(one)
    )
    return sorted(kept, key=len, reverse=True)


def _words_in(secret: str) -> list[str]:
    """The words of a secret that may be quoted alone, at most `MANY` of a part that a message could hold."""
    return [word.strip("\"'` ") for word in secret[:LONGEST].split(None, MANY)[:MANY]]


def _joined(found: Iterable[Span]) -> list[Span]:
    made: list[Span] = []
    for start, stop in found:
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(stop, made[-1][1]))
        elif start < stop:
            made.append((start, stop))
    return made


class Mask:
    """The secrets of one text, and pieces of it without them."""

    def __init__(self, text: str, settings: Settings = _NO_SETTINGS) -> None:
        self.text = text
        self.settings = settings
        self.spans = spans(text, settings)
        self._starts = [start for start, _ in self.spans]
        self._known: dict[Span, frozenset[str]] = {}

    @property
    def count(self) -> int:
        """How many secrets there are that nobody has covered yet."""
        return sum(self.text[start:stop].strip("\"'` ") != STARS for start, stop in self.spans)

    def within(self, start: int, stop: int) -> list[Span]:
        """The secrets that touch a stretch of the text."""
        first = bisect_right(self._starts, start)
        if first and self.spans[first - 1][1] > start:
            first -= 1
        last = bisect_right(self._starts, stop - 1)
        return self.spans[first:last]

    def apply(self, start: int, stop: int) -> str:
        """A stretch of the text, secrets covered."""
        made, position = [], start
        for low, high in self.within(start, stop):
            made += [self.text[position : max(low, position)], STARS]
            position = high
        return "".join([*made, self.text[position:stop]])

    def clean(self, message: str, start: int, stop: int) -> str:
        """A message about a stretch of the text, without the secrets of that stretch and without those that tell."""
        message = self.without(message)
        found = self.within(start, stop)
        if len(found) > MANY:
            return _without_words(message, self._words(found[0][0], found[-1][1]))
        longest = max(len(message), CUTS[-1]) + 2  # what is longer can be quoted in part only
        for low, high in found:
            for form in _forms(self.text[low : min(high, low + longest)]):
                message = _word_or_part(form).sub(STARS, message)
        return message

    def without(self, said: str) -> str:
        """Words about the text, or another form of it, without its secrets."""
        for secret in self.telling:
            said = said.replace(secret, STARS)
        return said

    def covered(self, other: "str | Mask") -> str:
        """Another form of the text (mended, or with its line breaks restored), secrets covered."""
        mask = other if isinstance(other, Mask) else Mask(other, self.settings)
        found = self.without(mask.apply(0, len(mask.text)))
        return self._plain.sub(STARS, found) if self._plain and found else found

    @cached_property
    def telling(self) -> list[str]:
        """The secrets that are no words of any language."""
        return _telling((self.text[start : min(stop, start + LONGEST)] for start, stop in self.spans), self.settings)[
            :TOLD
        ]

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        """The words of secrets of several words: a mended text may have them on lines of their own."""
        several = (_words_in(self.text[start : min(stop, start + LONGEST)]) for start, stop in self.spans[:TOLD])
        words = {word for found in several if len(found) > 1 for word in found if len(word) >= LEAST}
        kept = sorted(word for word in words if not self.settings.knows(word) and not is_harmless(word))
        return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, kept))})(?!\S)") if kept else None

    def _words(self, start: int, stop: int) -> frozenset[str]:
        """Every word of the secrets in a stretch, worked out once."""
        if (start, stop) not in self._known:
            forms = (form for low, high in self.within(start, stop) for form in _forms(self.text[low:high]))
            self._known = {(start, stop): frozenset(word for form in forms for word in _BARE.findall(form))}
        return self._known[start, stop]


def _without_words(message: str, words: frozenset[str]) -> str:
    """A message about a line full of secrets: whatever word of it is one in a secret, is covered."""
    return _BARE.sub(lambda word: STARS if words & {word[0], word[0].strip(".,:;()<>=")} else word[0], message)


def _word_or_part(form: str) -> re.Pattern[str]:
    """A short secret may be a syllable of ordinary words, so it counts as a whole word only."""
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)" if len(form) < 8 else re.escape(form))


def _forms(secret: str) -> list[str]:
    """A secret as messages may quote it: whole, without quotes, word by word, or cut. The longest first."""
    words = [word for word in _BARE.findall(secret)[:MANY] if len(word) > 2 or secret.count(" ") == 0]
    whole = (secret, secret.strip("\"'`"), *words)
    cut = {form[:length] for form in whole for length in CUTS if len(form) > length}
    return sorted({form for form in (*whole, *cut) if form and form != STARS}, key=len, reverse=True)
