"""Secrets are covered before anything is shown, logged or stored.

Two things tell a secret: its name (what a catalogue marks as one, and what people call it) and its shape. Covering once
more changes nothing. Better too much than too little.
"""

import re
from bisect import bisect_right
from functools import cached_property

from commands.secret_shapes import Span
from commands.secret_spans import LONGEST, STARS, TOLD, spans, telling, words_in
from commands.secret_values import NoSettings, Settings, is_harmless

__all__ = ["STARS", "Mask", "masked", "spans"]

MANY = 50
"""Secrets in one place: beyond that they are looked for word by word, which stays linear."""

CUTS = (20, 40, 60, 80, 150, 200)
"""Lengths at which messages cut what they quote: the beginning of a secret is a secret."""

LEAST = 4
"""Letters of a word that is looked for by itself."""

_BARE = re.compile(r"[^\s\"]+")
_NO_SETTINGS = NoSettings()


def masked(text: str, settings: Settings = _NO_SETTINGS) -> str:
    """The text with every secret covered by eight stars, whatever its length."""
    return Mask(text, settings).apply(0, len(text))


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
        return telling((self.text[start : min(stop, start + LONGEST)] for start, stop in self.spans), self.settings)

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        """The words of secrets of several words: a mended text may have them on lines of their own."""
        several = (words_in(self.text[start:stop]) for start, stop in self.spans[:TOLD])
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
