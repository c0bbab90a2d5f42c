"""The lines of a text, read one after the other; after an edit, those that it touches.

A value may go on below its name: on the next line, or broken in the middle. So what a line holds depends on the line
and on what the one above left open, and an edit changes the reading of its own lines, and of those below until what is
left open is what it was.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from commands.secrets.lines import NOTHING, REST_LINES, Reading, Waiting, read_form, read_line
from commands.secrets.shapes import Span
from commands.secrets.statements import NAME, PREFIX, SIGNS, Settings, is_harmless
from commands.secrets.token_forms import form_of, tokens_in

MOST_WORDS = 6
"""In the rest of a broken value: what is longer is a sentence."""

_TAG_NAME = re.compile(r"</?([A-Za-z][\w:-]*)")
_ASSIGNS = re.compile(r"[\w.-]+[^\S\r\n]*[=:][^\S\r\n]")
_ENDS = re.compile(r"(?<=.)[^\S\r\n]*(?:[#<]|\Z)")
_WORD = re.compile(r"\S+[^\S\r\n]*")


class Step(NamedTuple):
    """What of a line belongs to a value above; what is still open; whether the rest of the line says nothing more."""

    span: Span | None
    waiting: Waiting | None
    is_done: bool


NO_STEP = Step(None, None, is_done=False)


class _Body(NamedTuple):
    start: int
    stop: int
    comment: bool
    is_glued: bool
    text: str

    @property
    def words(self) -> list[str]:
        return self.text.split(None, MOST_WORDS)


def go_on(line: str, waiting: Waiting, settings: Settings) -> Step:
    """A line read as the rest of what one above left open."""
    body = _body(line)
    if not body.text:
        left = waiting._replace(lines=waiting.lines - 1)
        return Step(None, left if left.lines else None, is_done=True)
    if body.comment and not waiting.comment:
        return _behind_sign(body, waiting)
    if not _may_be_value(line, body, waiting, settings):
        return Step(None, None, is_done=False)
    start, skip = body.start, waiting.skip
    while skip and (word := _WORD.match(line, start, body.stop)):
        start, skip = word.end(), skip - 1
    if start >= body.stop:
        return Step(None, waiting._replace(skip=skip), is_done=False)
    return _covered(line, start, body, waiting)


def _covered(line: str, start: int, body: _Body, waiting: Waiting) -> Step:
    closing = line.find("</", start, body.stop)
    if closing > start:
        return Step((start, closing), None, is_done=True)
    lines = min(waiting.lines, REST_LINES) - 1
    left = Waiting(begun=True, comment=waiting.comment, until=waiting.until, lines=lines)
    return Step((start, body.stop), left if left.lines else None, is_done=True)


def _behind_sign(body: _Body, waiting: Waiting) -> Step:
    """A comment between a name and its value is left out, unless it is the value: `#X`."""
    if waiting.begun:
        return Step(None, None, is_done=False)
    span = (body.start, body.stop) if body.is_glued and len(body.words) == 1 else None
    return Step(span, waiting, is_done=span is not None)


def _body(line: str) -> _Body:
    begin = PREFIX.match(line)
    at = begin.end() if begin else 0
    signs = SIGNS.match(line, at)
    start = signs.end() if signs else at
    stop = max(start, len(line.rstrip()))
    return _Body(start, stop, start > at, line[start - 1 : start] == "#", line[start:stop])


def is_setting(line: str, settings: Settings) -> bool:
    """Whether a line is surely one of the language's own: a tag, or a known setting with its value."""
    body = _body(line)
    return bool(body.text) and _is_own(line, body, settings)


def _is_own(line: str, body: _Body, settings: Settings) -> bool:
    tag = _TAG_NAME.match(body.text)
    if tag:
        return settings.is_tag(tag[1])
    name = NAME.match(line, body.start)
    if name is None:
        return False
    if settings.arguments_before(name[0], near=True) is not None:
        return len(body.words) > 1
    if not settings.knows(name[0]) or len(body.words) == 1:
        return False
    return "-" in name[0] or _ENDS.match(line, max(settings.end_of(line, body.start), 0)) is not None


def _may_be_value(line: str, body: _Body, waiting: Waiting, settings: Settings) -> bool:
    if body.text.startswith("</") or body.text in ("{", "}") or _is_own(line, body, settings):
        return False
    if not waiting.begun:
        return True
    if waiting.comment or len(body.words) >= MOST_WORDS or body.text[0] == "/" or _ASSIGNS.match(body.text):
        return waiting.comment and body.comment and len(body.words) == 1
    name = NAME.match(line, body.start)
    if name and settings.knows(name[0]) and "-" in name[0]:
        return False
    return len(body.words) == 1 or not is_harmless(" ".join(body.words[1:]))


REMEMBERED = 10_000
"""Lines of one text, and forms of lines, that are not read again: in a large config most are like one before."""

FIRST, MOST = 100, 20_000
"""Characters that are taken apart at once: a few for an edit, then many, which is quicker than line by line."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n)")


class Edit(NamedTuple):
    """`length` characters in the place of those from `start` to `stop`."""

    start: int
    stop: int
    length: int


class Lines:
    """What the lines of a text hold: secrets, tokens, and what is open where a line begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []
        self.tokens: list[Span] = []
        self.open: dict[int, Waiting] = {}

    def add(self, at: int, reading: Reading, rest: Span | None) -> None:
        """What the line at `at` holds, the `rest` of a value from above in front."""
        spans = (rest, *reading.spans) if rest else reading.spans
        self.spans.extend(sorted([(at + start, at + stop) for start, stop in spans]))
        self.tokens.extend([(at + start, at + stop) for start, stop in reading.tokens])

    def carry(self, old: "Lines", places: Sequence[int], stretch: Span, by: int) -> None:
        """What `old` has of a stretch of whole lines, which stand `by` characters further on here.

        `places` are those of `old.open`.
        """
        start, stop = stretch
        for here, there in ((self.spans, old.spans), (self.tokens, old.tokens)):
            found = there[bisect_left(there, (start, 0)) : bisect_left(there, (stop, 0))]
            here.extend([(low + by, high + by) for low, high in found] if by else found)
        for place in places[bisect_right(places, start) : bisect_right(places, stop)]:
            self.open[place + by] = old.open[place]


class Reader:
    """Reads lines with what a language knows, and equal ones once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known: dict[str, Reading] = {}
        self._forms: dict[str, Reading] = {}  # what a line of that form holds, whatever its digits are
        self._plain: set[str] = set()  # forms that hold nothing
        self._telling: set[str] = set()  # forms whose digits may tell

    def read(self, text: str) -> Lines:
        made = Lines(text)
        self._read_on(made, 0, None, len(text) + 1)
        return made

    def read_again(self, old: Lines, edits: Iterable[Edit], text: str) -> Lines:
        """The edits, in order and none over another, make `text` of the old one: its lines are read where need be."""
        made, places = Lines(text), list(old.open)
        following = iter(edits)
        edit, done, by = next(following, None), 0, 0
        while edit:
            at = _line_before(text, done + by, edit.start + by)
            made.carry(old, places, (done, at - by), by)
            waiting, end = old.open.get(at - by), at
            while at <= end or waiting != old.open.get(at - by):
                at, waiting = self._read_on(made, at, waiting, max(at, end) + 1)
                while edit and edit.start + by <= max(at, end):
                    end = max(end, edit.start + by + edit.length)
                    by += edit.length - (edit.stop - edit.start)
                    edit = next(following, None)
                if at > len(text):
                    return made
            done = at - by
        made.carry(old, places, (done, len(old.text) + 1), by)
        return made

    def _read_on(self, made: Lines, at: int, waiting: Waiting | None, goal: int) -> tuple[int, Waiting | None]:
        """Read from the line at `at` to the first that begins at `goal` or behind it: where, and what is open there."""
        forms, known = self._forms, self._known
        for begin, part in _parts(made.text, at):
            written = form_of(part)
            if waiting is None and begin + len(part) <= goal and self._plain.issuperset(written[:-1].split("\n")):
                continue
            for start, line, end in _lines(part, begin):
                if start >= goal:
                    return start, waiting
                form = written[start - begin : start - begin + len(line)]
                step = go_on(line, waiting, self.settings) if waiting else NO_STEP
                seen = forms.get(form) or known.get(line)
                reading = _behind_value(line) if step.is_done else seen or self._read(line, form)
                if reading is NOTHING and step is NO_STEP:
                    continue
                waiting = reading.waiting or step.waiting
                made.add(start, reading, step.span)
                if waiting:
                    made.open[end] = waiting
        return len(made.text) + 1, waiting

    def _read(self, line: str, form: str) -> Reading:
        self._forget()
        if form not in self._telling:
            reading = read_form(form, self.settings) if "0" in form else read_line(line, self.settings)
            if reading is NOTHING:
                self._plain.add(form)
            if reading:
                self._forms[form] = reading
                return reading
            self._telling.add(form)
        reading = self._known[line] = read_line(line, self.settings)
        return reading

    def _forget(self) -> None:
        if max(map(len, (self._known, self._forms, self._telling))) >= REMEMBERED:
            for kept in (self._known, self._forms, self._telling, self._plain):
                kept.clear()


def _parts(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Where some lines begin and what they say. The last ends in a line feed, too, and may say nothing else."""
    length = FIRST
    while part := text[at : text.find("\n", at + length, at + 2 * MOST) + 1]:
        yield at, part
        at += len(part)
        length = MOST
    yield at, text[at:] + "\n"


def _lines(part: str, at: int) -> Iterator[tuple[int, str, int]]:
    """Where each line begins, what it says, and where the next begins."""
    if "\r" in part:
        yield from ((at + found.start(), found[1], at + found.end()) for found in _LINE.finditer(part))
        return
    for line in part[:-1].split("\n"):
        end = at + len(line) + 1
        yield at, line, end
        at = end


def _behind_value(line: str) -> Reading:
    """A line that is nothing but the rest of a value from above."""
    found = tokens_in(line)
    return Reading((), None, found) if found else NOTHING


def _line_before(text: str, low: int, at: int) -> int:
    """Where the line begins, not above `low`, that holds the character in front of `at`."""
    at = max(at - 1, low)
    if text[at : at + 1] == "\n" and text[at - 1 : at] == "\r" and at > low:
        at -= 1
    return max(text.rfind("\n", low, at), text.rfind("\r", low, at), low - 1) + 1
