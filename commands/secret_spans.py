"""Where the secrets of a text stand: line by line, then again until covering them uncovers nothing more.

What is covered can change how the rest of a line reads (stars stick to what stood beside it), so the covered text is
looked at as if somebody had sent that. Lines that are as they were are not read a second time.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from commands import secret_shapes as shapes
from commands.secret_broken import is_setting
from commands.secret_keys import private_keys
from commands.secret_reader import Edit, Lines, Reader
from commands.secret_shapes import Span
from commands.secret_values import Settings, is_harmless

STARS = "********"
ROUNDS = 8
"""Times that a text is looked at, at most: two do nearly always."""

TOLD = 100
"""Secrets that are looked for everywhere else in the text, too."""

MOST_WORDS, LONGEST_WORD, LONGEST = 50, 200, 2000
"""Words and characters of a secret in which its words are looked for."""

_TELLING = re.compile(r"(?=\S*(?:\d\S*[A-Za-z]|[A-Za-z]\S*\d|[a-z][A-Z]|[!$%&^~?+=]))[^\s\"'<>/:|]{6,200}\Z")
"""Letters with digits or signs among them, or with a capital inside: no word that a sentence would have."""


class Found:
    """The secrets of a text, and what is known of its lines, so that an edited one need not be read as a whole."""

    def __init__(self, lines: Lines, reader: Reader) -> None:
        self._lines = lines
        self._reader = reader
        self.spans = _settled(lines, reader)

    def edited(self, text: str, edits: Iterable[Edit]) -> "Found":
        """Those of the text that the edits make, which are in order and none over another."""
        return Found(self._reader.read_again(self._lines, edits, text), self._reader)


def found_in(text: str, settings: Settings) -> Found:
    reader = Reader(settings)
    return Found(reader.read(text), reader)


def spans(text: str, settings: Settings) -> list[Span]:
    """Where the secrets stand, in order and without overlap."""
    return found_in(text, settings).spans


def _settled(lines: Lines, reader: Reader) -> list[Span]:
    made = _found(lines, reader.settings)
    for _ in range(ROUNDS if made else 0):
        covered = _Covered(lines.text, made)
        edits = (Edit(start, stop, len(STARS)) for start, stop in made)
        again = reader.read_again(lines, edits, covered.text)
        more = joined(sorted([*made, *map(covered.back, _found(again, reader.settings))]))
        if more == made:
            break
        made = more
    return made


class _Covered:
    """A text with stars for its secrets, and where in the text a stretch of that stands."""

    def __init__(self, text: str, found: Sequence[Span]) -> None:
        parts, at = [], 0
        self._found = found
        self._stars: list[int] = []
        self._shifts: list[int] = []
        length = 0
        for start, stop in found:
            length += start - at
            self._stars.append(length)
            length += len(STARS)
            self._shifts.append(stop - length)
            parts += [text[at:start], STARS]
            at = stop
        self.text = "".join([*parts, text[at:]])

    def back(self, one: Span) -> Span:
        return self._place(one[0], end=False), self._place(one[1], end=True)

    def _place(self, at: int, *, end: bool) -> int:
        """The place in the text: from within stars that of the secret's beginning or end."""
        number = bisect_right(self._stars, at - end) - 1
        if number < 0:
            return at
        if at - end < self._stars[number] + len(STARS):
            return self._found[number][end]
        return at + self._shifts[number]


def _found(lines: Lines, settings: Settings) -> list[Span]:
    text = lines.text
    keys = private_keys(text, lambda line: is_setting(line, settings))
    open_to_all = shapes.public(text)
    found = [one for one in lines.spans if not _stands_in(open_to_all, one)] if open_to_all else lines.spans
    made = joined(sorted([*keys, *found, *lines.tokens]))
    again = list(_repeated(text, made, settings))
    return joined(sorted([*made, *again])) if again else made


def _stands_in(stretches: Sequence[Span], one: Span) -> bool:
    at = bisect_right(stretches, one[0], key=lambda stretch: stretch[0]) - 1
    return at >= 0 and one[0] < stretches[at][1]


def _repeated(text: str, found: Sequence[Span], settings: Settings) -> Iterator[Span]:
    """Where else the same secrets stand: a password is a password in a comment, too."""
    yield from places(
        any_of(telling((text[start : min(stop, start + LONGEST)] for start, stop in found), settings)), text
    )


def any_of(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of the longest of the words that begins somewhere; None for no words."""
    return re.compile(shapes.branches(words, longest=True)) if words else None


def places(pattern: re.Pattern[str] | None, text: str) -> Iterator[Span]:
    """Where words stand, also those that begin in another."""
    begin = stop = 0
    found = pattern.search(text) if pattern else None
    while pattern and found:
        if found.start() > stop:
            yield begin, stop
            begin = found.start()
        stop = max(stop, found.end())
        found = pattern.search(text, found.start() + 1)
    yield begin, stop


def telling(secrets: Iterable[str], settings: Settings) -> list[str]:
    """Words of secrets that are no words of any language, each once, the longest first."""
    bare = {word for secret in {*secrets} for word in words_in(secret) if len(word) <= LONGEST_WORD}
    kept = [word for word in bare if _TELLING.match(word) and not is_harmless(word) and not settings.knows(word)]
    return sorted(kept, key=lambda word: (-len(word), word))[:TOLD]


def words_in(secret: str) -> list[str]:
    """The words of a secret, the first of them where it is long."""
    return [word.strip("\"'` ") for word in secret[:LONGEST].split(None, MOST_WORDS)[:MOST_WORDS]]


def joined(found: Iterable[Span]) -> list[Span]:
    """Without overlap; what touches is one."""
    made: list[Span] = []
    for one in found:
        start, stop = one
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(stop, made[-1][1]))
        elif start < stop:
            made.append(one)
    return made
