"""What of a line is not understood, and may therefore not be quoted beyond its name.

A masker knows names and shapes of secrets; in a line of another language, a misspelt tag or stray text it cannot be
sure. So of such a line the first word is shown when it has the form of a name, and of the others those that are
evidently harmless: numbers, hosts, addresses, paths, names of the catalogue and words of its and the rules' own prose.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from commands.pmta.harmless_words import is_nearly_value, is_plain, is_plain_in_prose, words
from commands.pmta.language.catalogue import DIRECTIVES, REGEX_NAME, TAGS, Directive
from commands.pmta.language.line_starts import line_starts
from commands.pmta.language.names import INVENTED_TAGS, TAGS_MEANT, directives_like, tags_like
from commands.pmta.language.remembered import remembered
from commands.pmta.language.values import arguments, misfit
from commands.pmta.language.words import PATTERN_DIRECTIVES
from commands.secrets.free_text import hidden, names_secret, odd_words, opens, pairs, speaks
from commands.secrets.lines import LATE_LINES
from commands.secrets.names import STRONG, call_of, end_of_name
from commands.secrets.shapes import Span, is_random
from commands.secrets.statements import NAME, PREFIX, SIGNS, Settings

_LINE = re.compile(r"(?:[^\r\n\\]++|\\(?:[^\S\r\n]*(?:\r\n?|\n))?)*+(?:\r\n?|\n|\Z)")
SHORT, MANY = 200, 10_000
"""Characters of a line that may stand twice, and how many such lines are remembered by what they say."""

_SIMPLE = re.compile(
    r"[ \t]*+(?:</?([A-Za-z][\w-]*+)(?:[ \t]++[^\s<>:\"'\\#]++)?>|([A-Za-z][\w-]*+)[ \t]++([^\r\n<>\"'\\#]++))\s*+\Z"
)
"""A tag with one word, or a setting."""

_CONTINUED = re.compile(r"\\[^\S\r\n]*(?:\r\n?|\n)")
_BLANKS = re.compile(r"\s*+")
_STARTS_COMMENT = re.compile(r"[\s>|*]{0,40}(?:[#;!%]|//|--|/\*|<!--|(?:rem|dnl)\b)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*+)\s*+([^<>]*+)>")
_FIRST = re.compile(r"(</?|)([A-Za-z][\w-]{1,40})(?=\s|[=:>]|\Z)")
_PLAIN_VALUE = re.compile(r"\s*+[\w.,*+/\\$^()?-]++(?!\S)")
_WORD = re.compile(r"[^\s<>]+")
_DOTTED = re.compile(r"[.:]")
_ITEM = re.compile(r"(?<![^\s,;\"])[\w-]{1,200}+(?![\w.:*])")
_NO_WORD = re.compile(r"\s+(?:[\[<\d*]|\S*[.:/])")
_NAMES = frozenset({"name", "path", "whole-path", "word"})
_HOSTS = frozenset({"hosts", "queue"})


class Unread:
    """What of a text is not understood, found line by line when it is asked for."""

    def __init__(self, text: str, settings: Settings) -> None:
        self._text = text
        self._settings = settings
        self._short: dict[str, Sequence[Span]] = {}
        self._long: dict[int, Sequence[Span]] = {}
        self._opening: dict[str, bool] = {}

    def within(self, start: int, stop: int) -> list[Span]:
        """The words that touch a stretch of the text, in order."""
        found: list[Span] = []
        for number in range(bisect_right(self._starts, start) - 1, len(self._starts)):
            at = self._starts[number]
            if at >= max(stop, start + 1):
                break
            if read := self._of(number):
                found += [(at + low, at + high) for low, high in _touching(read, start - at, stop - at)]
        return found

    @cached_property
    def _starts(self) -> "array[int]":
        """Where the lines begin, those that go on in the next counted as one."""
        if "\\" not in self._text:
            return line_starts(self._text)
        return array("Q", (line.start() for line in _LINE.finditer(self._text)))

    def _of(self, number: int) -> Sequence[Span]:
        written = self._line(number)
        if _STARTS_COMMENT.match(written) and self._is_below_name(number):
            return tuple(unread(written, self._settings, is_below=True))
        if len(written) > SHORT:
            if number not in self._long:
                self._long[number] = self._unread(written)
            return self._long[number]
        read = self._short.get(written)
        if read is None:
            if len(self._short) >= MANY:
                self._short.clear()
            read = self._short[written] = self._unread(written)
        return read

    def _line(self, number: int) -> str:
        stop = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[number] : stop]

    def _is_below_name(self, number: int) -> bool:
        """Whether a comment stands in a run of them in which one above names a secret that it does not have."""
        for above in range(number - 1, max(number - 1 - LATE_LINES, -1), -1):
            line = self._line(above)
            if not _STARTS_COMMENT.match(line):
                return above == number - 1 and _sets_secret(line[:SHORT], self._settings)
            if self._opens(line):
                return True
        return False

    def _opens(self, line: str) -> bool:
        if len(line) > SHORT:
            return False
        if line not in self._opening:
            if len(self._opening) >= MANY:
                self._opening.clear()
            self._opening[line] = opens(line, _text_of(line), is_plain_in_prose)
        return self._opening[line]

    def _unread(self, line: str) -> Sequence[Span]:
        return () if _is_understood(line) else tuple(unread(line, self._settings))


def _touching(found: Sequence[Span], start: int, stop: int) -> Sequence[Span]:
    first = bisect_right(found, start, key=lambda one: one[1])
    last = bisect_right(found, stop - 1, key=lambda one: one[0])
    return found[first:last]


def _text_of(line: str) -> int:
    """Where a line begins behind quote marks and comment signs."""
    begin = PREFIX.match(line)
    signs = SIGNS.match(line, begin.end() if begin else 0)
    return signs.end() if signs else 0


def _is_understood(line: str) -> bool:
    """Whether a line is nothing but a tag of the catalogue, or a setting whose value fits; most lines are."""
    simple = _SIMPLE.match(line)
    if simple is None:
        return False
    if simple[1]:
        return _is_tag(simple[1])
    if ":" in simple[3] and _takes_names(simple[2]):
        return False  # `bob:X`
    if _takes_hosts(simple[2]) and ("," in simple[3] or ";" in simple[3]):
        return False
    if _takes_anything(simple[2]) and len(simple[3].split(None, 1)) > 1:
        return False
    rows = DIRECTIVES.get(simple[2].lower(), ())
    return any(misfit(row.name, row.form, simple[3].rstrip()) is None for row in rows)


def unread(line: str, settings: Settings, *, is_below: bool = False) -> Iterator[Span]:
    """The words of a line (with those that continue it) that are not to be quoted, in order.

    `is_below`: a comment above, in the same run of them, names a secret that may stand here.
    """
    line = _CONTINUED.sub(lambda found: " " * len(found[0]), line)
    at = _skip_blanks(line, 0)
    if not line.startswith("* ", at):
        begin = PREFIX.match(line)
        at = begin.end() if begin else at
        signs = SIGNS.match(line, at)
        if signs and signs.end() > at:
            yield from _in_comment(line, signs.end(), settings, is_odd=is_below)
            return
    comment = _COMMENT.search(line, at)
    stop = comment.start() if comment else len(line)
    yield from _in_statements(line, at, stop, settings)
    if comment:
        yield from _in_comment(line, comment.end(), settings, is_odd=_sets_secret(line[:stop], settings))


def _sets_secret(line: str, settings: Settings) -> bool:
    """Whether one of the settings of a line holds a secret: a comment behind it speaks of that."""
    names = [name[0] for name in NAME.finditer(line)]
    is_called = bool(names) and call_of(names[0]) == STRONG and not settings.knows(names[0])
    return is_called or any(settings.arguments_before(name, near=True) is not None for name in names)


def _in_comment(line: str, at: int, settings: Settings, *, is_odd: bool) -> Iterator[Span]:
    """Prose stays unless it speaks of a secret, and so does a setting that was commented out; code does not."""
    start = _skip_blanks(line, at)
    is_odd = is_odd or speaks(line, start, is_plain_in_prose)
    if not is_odd and not _is_commented_out(line, start):
        yield from hidden(line, start, is_plain_in_prose, is_told=False)
        return
    found = list(_in_statements(line, start, len(line), settings))  # none: settings that fit
    yield from hidden(line, start, is_plain_in_prose, is_told=True) if found and is_odd else found


def _is_commented_out(line: str, at: int) -> bool:
    """Whether a comment begins as a line of the config does, and not as a sentence: `queue-to x`, `route [x]:25`."""
    if line.startswith("<", at):
        return _TAG.match(line, at) is not None
    name = _WORD.match(line, at)
    if name is None or name[0].lower() not in DIRECTIVES:
        return False
    return "-" in name[0] or _NO_WORD.match(line, name.end()) is not None


def _in_statements(line: str, at: int, stop: int, settings: Settings) -> Iterator[Span]:
    while at < stop:
        tag = _TAG.match(line, at, stop)
        if tag and _is_tag(tag[2]):
            found = odd_words if len(tag[3].split()) > 1 else pairs
            yield from found(line, tag.start(3), tag.end(3), is_plain)
            at = _skip_blanks(line, tag.end())
            continue
        name = _WORD.match(line, at, stop)
        rows = _rows(name[0].replace("_", "-")) if name else ()
        if name is None or not rows:
            yield from _unknown(line, at, stop)
            return
        end = _end_of_setting(line, at, stop, rows, settings)
        if end < 0:
            yield from (_no_hosts if _takes_hosts(name[0]) else _misfit)(line, name.end(), stop)
            return
        if _takes_hosts(name[0]):
            yield from _dotless(line, name.end(), end)
        elif _takes_anything(name[0]):
            yield from _odd_words(line, _behind_first(line, name.end(), end), end)
        elif _takes_names(name[0]):
            yield from pairs(line, name.end(), end, is_plain)
        at = _skip_blanks(line, end)


def _end_of_setting(line: str, at: int, stop: int, rows: tuple[Directive, ...], settings: Settings) -> int:
    """Behind a known setting whose value fits: with the line, at the next tag, or where its form ends; else -1."""
    name = _WORD.match(line, at, stop)
    behind = name.end() if name else at
    tag = _TAG.search(line, behind, stop) if line[at:behind].lower() not in PATTERN_DIRECTIVES else None
    end = tag.start() if tag else stop
    if _fits(rows, line[at:behind], line[behind:end]):
        return end
    end = settings.end_of(line, at)
    return end if end <= stop else -1


@remembered(1024)
def _takes_names(name: str) -> bool:
    return name.lower() not in PATTERN_DIRECTIVES and not _NAMES.isdisjoint(_kinds(name))


@remembered(1024)
def _takes_anything(name: str) -> bool:
    """Whether any words fit a setting, as those do that the guide no longer has."""
    return name.lower() not in PATTERN_DIRECTIVES and "anything" in _kinds(name)


@remembered(1024)
def _takes_hosts(name: str) -> bool:
    return not _HOSTS.isdisjoint(_kinds(name))


def _kinds(name: str) -> set[str]:
    return {kind for row in _rows(name) for one in arguments(row.form) for kind in one.kinds}


def _behind_first(line: str, at: int, stop: int) -> int:
    first = _PLAIN_VALUE.match(line, at, stop)
    return first.end() if first else at


def _dotless(line: str, at: int, stop: int) -> Iterator[Span]:
    """Beside a host with a domain or a port names that have none, as in `[mail.example.com]:587,bob,X`."""
    for item in _ITEM.finditer(line, at, stop) if _DOTTED.search(line, at, stop) else ():
        if not is_plain(item[0]):
            yield item.span()


def _is_tag(name: str) -> bool:
    key = name.lower()
    return key in TAGS or key in INVENTED_TAGS or key in TAGS_MEANT


def _rows(name: str) -> tuple[Directive, ...]:
    return DIRECTIVES.get(name.lower(), DIRECTIVES[REGEX_NAME] if name[0] == "/" else ())


def _fits(rows: tuple[Directive, ...], name: str, value: str) -> bool:
    written = name + value if name[0] == "/" else value
    written = written.strip().removeprefix("=").strip()
    return any(misfit(row.name, row.form, written) is None for row in rows)


def _misfit(line: str, at: int, stop: int) -> Iterator[Span]:
    """The value of a known setting that does not fit: its first word is shown if it is plain, however odd.

    Of the others those, too, that are nearly a value of the guide.
    """
    for start, end in _odd_words(line, _behind_first(line, at, stop), stop):
        if not is_nearly_value(line[start:end]):
            yield start, end


def _no_hosts(line: str, at: int, stop: int) -> Iterator[Span]:
    return odd_words(line, at, stop, lambda word: "@" not in word and is_plain(word))


def _unknown(line: str, at: int, stop: int) -> Iterator[Span]:
    first = _FIRST.match(line, at, stop)
    name = first[2] if first else ""
    rest = line[first.end() : stop] if first else ""
    if first and _is_name(name, rest.strip("</> \t\r\n"), first=not line[:at].strip(" \t")):
        at = first.end()
    for span in _odd_words(line, at, stop):
        if line[slice(*span)] != f"/{name}":
            yield span


def _is_name(word: str, rest: str, *, first: bool) -> bool:
    """Whether a word may be shown as the name of a setting that nobody knows; `rest` stands behind it."""
    key = word.lower()
    if key in words():
        return True
    if any(end_of_name(part) for part in word.split("-")):
        return False
    if (
        first
        and ("-" in word or (rest != "" and not names_secret(rest, 0, is_plain)))
        and not is_random(word, wary=True)
    ):
        return True
    return bool(directives_like(key) or tags_like(key))


def _odd_words(line: str, at: int, stop: int) -> Iterator[Span]:
    return odd_words(line, at, stop, is_plain)


def _skip_blanks(line: str, at: int) -> int:
    blank = _BLANKS.match(line, at)
    return blank.end() if blank else at
