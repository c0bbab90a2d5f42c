"""Private keys in a text: whole, cut off at either end, or broken in the middle."""

import re
from collections.abc import Callable, Iterator

from commands.secret_shapes import Span
from commands.secret_statements import PREFIX, SIGNS

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
