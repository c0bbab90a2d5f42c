"""Values that go on below their name: on the next line, or broken in the middle."""

import re
from typing import NamedTuple

from commands.secret_lines import REST_LINES, Waiting
from commands.secret_shapes import Span
from commands.secret_statements import NAME, PREFIX, SIGNS
from commands.secret_values import Settings, is_harmless

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
