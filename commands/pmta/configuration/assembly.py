"""Files to one text: what an `include` names is put in below it, wherever it stands.

Whoever holds the files says what a name stands for (`Library`). Bounded: a config may include itself, or a million
files.
Source: PowerMTA 5.0 User's Guide, 3.3.1.41 (include takes a file, with wildcards, or a URL).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from commands.pmta.configuration.origin import Origin, Stretch
from commands.pmta.findings.model import Unread
from commands.pmta.language.line_starts import line_starts

MOST_FILES = 1000
DEEPEST = 20
MOST_CHARACTERS = 10 * 1024 * 1024

URL = "an include by URL is not fetched"
CIRCLE = "it includes itself"
TOO_MANY = f"there are more than {MOST_FILES:,} files"
TOO_DEEP = f"includes are more than {DEEPEST} deep"
TOO_LARGE = "all files together are larger than 10 MB"

_INCLUDE = re.compile(
    r"(?:^|(?<=\r))[^\S\r\n]*include[^\S\r\n]+(\"[^\"\r\n]*\"|[^\s#]+)[^\r\n]*(?:\r\n?|\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
_URL = re.compile(r"https?://", re.IGNORECASE)


class UnreadError(Exception):
    """Why a file is not read, as half a sentence."""


class Library(Protocol):
    """The files there are. Names are as people know them; `identity` is the same for two names of one file."""

    def found(self, pattern: str, includer: str) -> Sequence[str]:
        """The names of the files that an include means, in order. Raises UnreadError."""

    def identity(self, name: str) -> str: ...

    def text(self, name: str, *, included: bool) -> str:
        """Raises UnreadError, for an included file that is no config, too."""


class _Include(NamedTuple):
    """`end` is behind its line in the text, `files` are identities in order."""

    end: int
    line: int
    files: tuple[str, ...]


@dataclass(slots=True)
class _File:
    name: str
    text: str
    includes: list[_Include] = field(default_factory=list)


class Assembled(NamedTuple):
    text: str
    origin: Origin


def assembled(given: Sequence[str], library: Library, unread: Sequence[Unread] = ()) -> Assembled:
    """The given files, each with what it includes; one that another includes stands there alone.

    Raises UnreadError for a given file that cannot be read; what an include names and cannot be read is in the origin.
    """
    loading = _Loading(library)
    named = [loading.load(name, included=False) for name in dict.fromkeys(given)]
    writing = _Writing(loading.files, [*unread, *loading.unread])
    for identity in _roots(named, loading.files):
        writing.write(identity, ())
    names = tuple(dict.fromkeys(writing.names))
    return Assembled("".join(writing.parts), Origin(tuple(writing.stretches), names, tuple(writing.unread)))


class _Loading:
    """Reads files and what they include, each once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.files: dict[str, _File] = {}
        self.unread: list[Unread] = []
        self.size = self.asked = 0

    def load(self, name: str, *, included: bool) -> str:
        """The identity of a file which is read afterwards, with those that it includes. Raises UnreadError."""
        identity = self.library.identity(name)
        if identity not in self.files:
            self._read(identity, name, included=included)
            waiting = [identity]
            while waiting:
                waiting += self._follow(self.files[waiting.pop(0)])
        return identity

    def _read(self, identity: str, name: str, *, included: bool) -> None:
        if len(self.files) >= MOST_FILES:
            raise UnreadError(TOO_MANY)
        text = self.library.text(name, included=included)
        if self.size + len(text) > MOST_CHARACTERS:
            raise UnreadError(TOO_LARGE)
        self.size += len(text)
        self.files[identity] = _File(name, text)

    def _follow(self, file: _File) -> Iterator[str]:
        """What it includes that was not read before."""
        for end, line, pattern in _includes(file.text):
            self.asked += 1
            if self.asked > MOST_FILES:
                self.unread.append(Unread(pattern, TOO_MANY, file.name, line))
                return
            try:
                names = self._found(pattern, file.name)
            except UnreadError as error:
                self.unread.append(Unread(pattern, str(error), file.name, line))
                continue
            before = set(self.files)
            inner = [one for one in (self._included(name, file, line) for name in names) if one]
            file.includes.append(_Include(end, line, tuple(dict.fromkeys(inner))))
            yield from (one for one in dict.fromkeys(inner) if one not in before)

    def _found(self, pattern: str, includer: str) -> Sequence[str]:
        if _URL.match(pattern):
            raise UnreadError(URL)
        return self.library.found(pattern, includer)

    def _included(self, name: str, file: _File, line: int) -> str:
        """The identity of a file that an include names, "" for one that cannot be read."""
        identity = self.library.identity(name)
        try:
            if identity not in self.files:
                self._read(identity, name, included=True)
        except UnreadError as error:
            self.unread.append(Unread(name, str(error), file.name, line))
            return ""
        return identity


def _includes(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each include ends, its line, and what it names."""
    starts = line_starts(text) if _INCLUDE.search(text) else ()
    for found in _INCLUDE.finditer(text) if starts else ():
        yield found.end(), bisect_right(starts, found.start()), found[1].strip('"')


def _roots(given: Sequence[str], files: dict[str, _File]) -> list[str]:
    """The given files that no other of them includes; of a circle its first one."""
    roots: list[str] = []
    reached: set[str] = set()
    below = {one: _below(one, files) for one in given}
    for one in given:
        above = [other for other in given if other != one and one in below[other]]
        if not above or (one not in reached and all(other in below[one] for other in above)):
            roots.append(one)
            reached |= below[one]
    return roots


def _below(identity: str, files: dict[str, _File]) -> set[str]:
    """Everything that a file includes, however deep."""
    found: set[str] = set()
    waiting = [identity]
    while waiting:
        inner = {one for include in files[waiting.pop()].includes for one in include.files} - found
        found |= inner
        waiting += inner
    return found


class _Writing:
    """Puts the text together; a file that is included twice stands in it twice."""

    def __init__(self, files: dict[str, _File], unread: list[Unread]) -> None:
        self.files = files
        self.unread = unread
        self.parts: list[str] = []
        self.stretches: list[Stretch] = []
        self.names: list[str] = []
        self.line = 1
        self.size = 0
        self.count = 0

    def write(self, identity: str, above: tuple[str, ...]) -> None:
        file, at, line = self.files[identity], 0, 1
        self.count += 1
        self.names.append(file.name)
        for include in file.includes:
            line = self._add(file, at, include.end, line)
            at = include.end
            for inner in include.files:
                self._include(inner, include, (*above, identity))
        self._add(file, at, len(file.text), line)

    def _include(self, inner: str, include: _Include, above: tuple[str, ...]) -> None:
        why = self._refusal(inner, above)
        if why:
            names = [self.files[one].name for one in (*above[above.index(inner) :], inner)] if inner in above else ()
            place = self.files[above[-1]].name, include.line
            self.unread.append(Unread(self.files[inner].name, why, *place, tuple(names), decides=not names))
        else:
            self.write(inner, above)

    def _refusal(self, inner: str, above: tuple[str, ...]) -> str:
        if inner in above:
            return CIRCLE
        if len(above) > DEEPEST:
            return TOO_DEEP
        if self.count >= MOST_FILES:
            return TOO_MANY
        return TOO_LARGE if self.size + len(self.files[inner].text) > MOST_CHARACTERS else ""

    def _add(self, file: _File, start: int, end: int, line: int) -> int:
        """Lines of a file; answers the number of the line behind them."""
        text = file.text[start:end]
        if not text:
            return line
        count = len(line_starts(text)) - 1
        is_open = text[-1] not in "\r\n"
        self.parts.append(text + "\n" if is_open else text)
        self.stretches.append(Stretch(self.line, file.name, line))
        self.line += count + is_open
        self.size += len(text)
        return line + count
