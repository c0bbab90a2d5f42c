"""Where the secrets of a text stand: line by line, then again until covering them uncovers nothing more.

What is covered can change how the rest of a line reads (stars stick to what stood beside it), so the covered text is
looked at as if somebody had sent that. Lines that are as they were are not read a second time.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from commands.secrets import shapes
from commands.secrets.reading import Edit, Lines, Reader, is_setting
from commands.secrets.shapes import Span
from commands.secrets.statements import PREFIX, SIGNS, Settings, is_harmless
from commands.secrets.token_forms import branches

_BEGIN = re.compile(
    r"(?:-{2,5}[^\S\r\n]?)?BEGIN[^\r\n-]{0,40}PRIVATE[^\r\n-]{0,20}(?:-{2,5})?|PuTTY-User-Key-File|Private-Lines:"
)
_END = re.compile(r"(?:-{2,5}[^\S\r\n]?)?END[^\r\n-]{0,40}PRIVATE[^\r\n-]{0,20}(?:-{1,5})?|Private-MAC:[^\r\n]*")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_BODY = re.compile(r"\S+|[\w-]+: .*")
MOST_LINES = 400
"""Lines of a key that are looked at from one of its ends: 16,384 bits take 200."""


def private_keys(text: str, is_setting: Callable[[str], bool]) -> list[Span]:
    """Where private keys stand, in order. `is_setting` tells the lines that surely belong to none."""
    if "PRIVATE" not in text and "Private-" not in text and "PuTTY" not in text:
        return []
    return sorted([*_from_begins(text, is_setting), *_from_ends(text, is_setting)])


def _from_begins(text: str, is_setting: Callable[[str], bool]) -> Iterator[Span]:
    stop = 0
    for found in _BEGIN.finditer(text):
        if found.start() >= stop:  # else it stands in the key before
            stop = _below(text, found.end(), is_setting)
            yield found.start(), stop


def _from_ends(text: str, is_setting: Callable[[str], bool]) -> Iterator[Span]:
    begin = len(text) + 1
    for found in reversed(list(_END.finditer(text))):
        if found.end() <= begin:  # else it stands in the key behind
            begin = _above(text, found.start(), is_setting)
            yield begin, found.end()


def _below(text: str, at: int, is_setting: Callable[[str], bool]) -> int:
    """Where a key ends that begins at `at`."""
    stop = at
    for count, (start, end) in enumerate(_lines_from(text, at)):
        line = text[start:end]
        if over := _END.search(line):
            return start + over.end()
        if (count and (is_setting(_bare(line)) or _BEGIN.search(line))) or count > MOST_LINES:
            return stop
        stop = end if line.strip() else stop
    return stop


def _above(text: str, at: int, is_setting: Callable[[str], bool]) -> int:
    """Where a key begins whose last line stands at `at`."""
    begin = at
    for count, (start, end) in enumerate(_lines_before(text, at)):
        line = _bare(text[start:end])
        if count and (count > MOST_LINES or not _BODY.fullmatch(line) or is_setting(line)):
            return begin
        begin = start if line else begin
    return begin


def _bare(line: str) -> str:
    for marks in (PREFIX, SIGNS):
        found = marks.match(line)
        line = line[found.end() :] if found else line
    return line.strip()


def _lines_from(text: str, at: int) -> Iterator[Span]:
    while at < len(text) and (line := _LINE.match(text, at)):
        yield line.span(1)
        at = line.end()


def _lines_before(text: str, at: int) -> Iterator[Span]:
    """The stretch of the line in front of `at`, then the lines above it."""
    end = at
    while end >= 0:
        start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
        yield start, end
        end = start - (2 if text[start - 2 : start] == "\r\n" else 1)
        if start == 0:
            return


STARS = "********"
LOOKED_BACK = 300
"""Characters of a line in front of a secret in which a comment may begin."""

_COMMENT = re.compile(r"(?<!\S)#|^\s*(?:[;%]|//|--\s|/\*|<!--)")
_SETTING = re.compile(r"[\s#]*(\w+-[\w-]+)")
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
    yield from places(any_of(telling(spreading(text, found, settings), settings)), text)


def spreading(text: str, found: Iterable[Span], settings: Settings) -> Iterator[str]:
    """The secrets that are looked for elsewhere, too: of those in a comment what a setting has that was commented out.

    A comment may say `pool for password: trans1`: what is covered there may be the name of anything. What nobody would
    make up is no name.
    """
    for start, stop in found:
        secret = text[start : min(stop, start + LONGEST)]
        if settings.prose or _is_set(text, start, settings) or shapes.is_random(secret.strip("\"'` "), wary=True):
            yield secret


def _is_set(text: str, at: int, settings: Settings) -> bool:
    """Whether a place stands in no comment, or behind a setting that was commented out: `# auth-password X`."""
    begin = max(at - LOOKED_BACK, 0)
    line = text[max(text.rfind("\n", begin, at), text.rfind("\r", begin, at), begin - 1) + 1 : at]
    comment = _COMMENT.search(line)
    if comment is None:
        return True
    name = _SETTING.match(line, comment.end())
    return name is not None and settings.arguments_before(name[1], near=True) is not None


def any_of(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of the longest of the words that begins somewhere; None for no words."""
    return re.compile(branches(words, longest=True)) if words else None


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
    longest = sorted(bare, key=lambda word: (-len(word), word))
    kept = (word for word in longest if _TELLING.match(word) and not is_harmless(word) and not settings.knows(word))
    return list(islice(kept, TOLD))


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
