"""Secrets are covered before anything is shown, logged or stored.

Two things tell a secret: its name (what a catalogue marks as one, and what people call it) and its shape. Covering once
more changes nothing. Better too much than too little.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Self

from commands.secrets.reading import Edit
from commands.secrets.shapes import Span
from commands.secrets.spans import LONGEST, STARS, Found, any_of, found_in, joined, places, spans, spreading, telling
from commands.secrets.statements import NoSettings, Settings, is_harmless

__all__ = ["STARS", "Edit", "Mask", "masked", "spans"]

MANY = 50
"""Secrets in one place: beyond that they are looked for word by word, which stays linear."""

REMEMBERED = 100_000
"""Words of messages that are remembered."""

PART = 200_000

LEAST = 4
"""Letters of a word that is looked for by itself."""

_BARE = re.compile(r"[^\s\"]+")
_PIECE = re.compile(r"[^\s\"'`<>=,;#()|:/@]+")
_NO_SETTINGS = NoSettings()


def masked(text: str, settings: Settings = _NO_SETTINGS) -> str:
    """The text with every secret covered by eight stars, whatever its length."""
    return Mask(text, settings).apply(0, len(text))


class Mask:
    """The secrets of one text, and pieces of it without them."""

    def __init__(self, text: str, settings: Settings = _NO_SETTINGS, found: Found | None = None) -> None:
        self.text = text
        self.settings = settings
        self._found = found or found_in(text, settings)
        self.spans = self._found.spans
        self._starts = [start for start, _ in self.spans]
        self._known: dict[Span, frozenset[str]] = {}
        self._said: dict[str, str] = {}

    def edited(self, text: str, edits: Iterable[Edit]) -> Self:
        """That of the text which the edits make of this one: they are in order, and none is over another."""
        return type(self)(text, self.settings, self._found.edited(text, edits))

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

    def hidden(self, start: int, stop: int) -> list[Span]:
        """What of a stretch is not quoted: its secrets, and with a language what of it is not understood."""
        return self.within(start, stop)

    def apply(self, start: int, stop: int) -> str:
        """A stretch of the text, secrets covered."""
        return starred(self.text, self.hidden(start, stop), start, stop)

    def shown(self, start: int, stop: int) -> str:
        """A stretch of the text as it is quoted: without the secrets of the rest of the text, too."""
        return self.about(self.apply(start, stop))

    def starred(self) -> str:
        """The whole text, its secrets covered: what else is hidden is still in it, so it is not to be quoted."""
        return self.about(starred(self.text, self.spans))

    def starred_lines(self) -> str:
        """The same with as many lines as the text has: what spans several is covered, and its line breaks stay."""
        made, position = [], 0
        for low, high in self.spans:
            made += [self.text[position:low], STARS, "\n" * self.text.count("\n", low, high)]
            position = high
        return self.about("".join([*made, self.text[position:]]))

    def clean(self, said: str, start: int, stop: int) -> str:
        """Words out of a stretch of the text without its secrets and those that tell; whole words, none of them cut."""
        said = self._as_written(said, start, stop)
        found = self.hidden(start, stop)
        if len(found) > MANY:
            return self.about(_without_words(said, self._words(found[0][0], found[-1][1])))
        for low, high in found:
            for form in _forms(self.text[low:high]) if high - low <= LONGEST else ():
                said = _word_or_part(form).sub(STARS, said)
        return self.about(said)

    def _as_written(self, said: str, start: int, stop: int) -> str:
        """Words as the text has them at the first place where something of them is hidden; else as they are alone."""
        word = said.strip('"<>$')
        first = at = self.text.find(word, start, stop)
        is_hiding = word and self.hidden(start, stop)
        while at >= 0 and is_hiding:
            covered = self.apply(at, at + len(word))
            if covered != word:
                return said.replace(word, covered)
            at = self.text.find(word, at + len(word), stop)
        return said if first >= 0 else self._alone(said)

    def _alone(self, said: str) -> str:
        """Words as if nothing stood around them: what they are may be said of another line."""
        if said not in self._said and len(self._said) < REMEMBERED:
            self._said[said] = masked(said, self.settings)
        return self._said.get(said, STARS)

    def without(self, said: str) -> str:
        """Words about the text, or another form of it, without its secrets."""
        found = joined(places(self._telling, said))
        return starred(said, found) if found else said

    def covered(self, other: "str | Mask") -> str:
        """Another form of the text (mended, or with its line breaks restored) without the secrets of either."""
        mask = other if isinstance(other, Mask) else type(self)(other, self.settings)
        return self.about(mask.apply(0, len(mask.text)))

    def about(self, said: str) -> str:
        """Words about the text without any word of its secrets, wherever it stands in them."""
        found = self.without(said)
        return "".join(_without_pieces(part, self.plain) for part in _parts(found)) if self.plain else found

    @cached_property
    def _telling(self) -> re.Pattern[str] | None:
        """The secrets that are no words of any language."""
        return any_of(telling(spreading(self.text, self.spans, self.settings), self.settings))

    @cached_property
    def plain(self) -> frozenset[str]:
        """The words of secrets: another form of the text may have them in places where nothing tells what they are."""
        secrets = spreading(self.text, self.spans, self.settings)
        pieces = {piece.strip(".") for secret in secrets for piece in _PIECE.findall(secret)}
        return frozenset(
            piece
            for piece in pieces
            if len(piece) >= LEAST and not self.settings.knows(piece) and not is_harmless(piece)
        )

    def _words(self, start: int, stop: int) -> frozenset[str]:
        """Every word of the secrets in a stretch, worked out once."""
        if (start, stop) not in self._known:
            forms = (form for low, high in self.within(start, stop) for form in _forms(self.text[low:high]))
            self._known = {(start, stop): frozenset(word for form in forms for word in _BARE.findall(form))}
        return self._known[start, stop]


def starred(text: str, found: Iterable[Span], start: int = 0, stop: int | None = None) -> str:
    """A stretch of a text, what was found in it covered."""
    made, position = [], start
    for low, high in found:
        made += [text[position : max(low, position)], STARS]
        position = high
    return "".join([*made, text[position:stop]])


def _parts(text: str) -> Iterator[str]:
    """A text in parts of whole lines, about `PART` characters each."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + PART) + 1 or len(text)
        yield text[at:end]
        at = end


def _without_pieces(text: str, secret: frozenset[str]) -> str:
    pieces = {piece for piece in {*_PIECE.findall(text)} if piece.strip(".") in secret}
    return _PIECE.sub(lambda piece: STARS if piece[0] in pieces else piece[0], text) if pieces else text


def _without_words(message: str, words: frozenset[str]) -> str:
    """A message about a line full of secrets: whatever word of it is one in a secret, is covered."""
    return _BARE.sub(lambda word: STARS if words & {word[0], word[0].strip(".,:;()<>=")} else word[0], message)


def _word_or_part(form: str) -> re.Pattern[str]:
    """A short secret may be a syllable of ordinary words, so it counts as a whole word only."""
    written = re.escape(form)
    return re.compile(rf"(?<!\w){written}(?!\w)" if len(form) < 8 else written, re.IGNORECASE)


def _forms(secret: str) -> list[str]:
    """A secret as messages may quote it: whole, without quotes, or word by word. The longest first."""
    words = [word for word in _BARE.findall(secret)[:MANY] if len(word) > 2 or secret.count(" ") == 0]
    whole = {secret, secret.strip("\"'`"), *words}
    return sorted((form for form in whole if form and form != STARS), key=len, reverse=True)
