"""Text to statements: total, linear, and no character is lost.

Rule 1: the spans `start` to `end` of the statements tile the text.
Rule 2: every regular expression here is possessive, so that no input can make it go back over what it has read.

Lexical facts (PowerMTA 5.0 User's Guide, 3.1): one setting per line, `#` begins a comment anywhere, tags stand on their
own lines. An unfinished quote reaches to the end of its line.
"""

import re
from typing import TypeAlias

from commands.pmta.language import reflow
from commands.pmta.language.catalogue import GLOBAL, REGEX_NAME
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, TRIVIA, Statement
from commands.pmta.language.words import SHORT

LINE = re.compile(
    r"""
    [^\S\r\n]*+
    (?:
        <(/?)([A-Za-z][\w-]*+)((?:[^>"\r\n\#]|"(?:[^"\r\n]*+")?)*+)(>?)
      | (/(?:[^/\\\#\r\n]|\\[^\#\r\n]?)*+/?[^\s\#]*+|[^\s\#]++)
        (?:[^\S\r\n]++((?:[^"\#\\\r\n]|\\"?|"(?:[^"\\\r\n]|\\[^\r\n]?)*+"?)++))?
    )?
    [^\S\r\n]*+
    (\#[^\r\n]*+)?
    (\r\n?|\n)?
    """,
    re.VERBOSE,
)


BLANK = re.compile(r"(?:[^\S\r\n]*+(?:\r\n?|\n))++")


def breaks(text: str, start: int, end: int) -> int:
    """Line breaks in a stretch that ends behind one; CR and LF together are one."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)


REMEMBERED = 4096
"""Names, values and lines: what a config says again and again is kept once, and taken apart once."""

_SETTING = re.compile(r"[^\S\r\n]*+([A-Za-z][\w-]*+)[^\S\r\n]++([^\s\"#<\\]++(?:[^\S\r\n]++[^\s\"#<\\]++)*)\n")
_TAG = re.compile(r"[^\S\r\n]*+<(/?)([A-Za-z][\w-]*+)(?:[^\S\r\n]++([^\s\"#<>]++))?>\n")
"""A setting with words behind it, a tag with one or none: `LINE` reads them in the same way, in twice the time."""

Shape: TypeAlias = tuple[str, str, str, str, int, int, int, int, int]
"""Of a statement what does not say where it stands."""


class Scan:
    """One pass over a text. `open` holds the tags that are open so far, as far as a lexer can tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.open = [GLOBAL]
        self.on_line = 0  # statements so far on this line
        self.opened = 0  # line of the latest opening tag
        self.statements: list[Statement] = []
        self.shapes: dict[str, dict[str, Shape]] = {}  # of lines that are one statement, by the tag around them
        self.stored = 0
        self.known: dict[str, Shape] = {}  # those in the tag that is open
        self.names: dict[str, tuple[str, str]] = {}
        self.values: dict[str, str] = {}

    def run(self) -> list[Statement]:
        text, match, position, length = self.text, LINE.match, 0, len(self.text)
        while position < length:
            end = 0 if self.on_line else text.find("\n", position, position + SHORT) + 1
            if end:
                line = text[position:end]
                shape = self.known.get(line) or self.shape(line)
                if shape:
                    self.add(shape, position)
                    position = end
                    continue
            if found := match(text, position):  # always: every part of the pattern is optional
                scope, stop = self.open[-1], self.take(found, position)
                if stop == end:
                    self.remember(scope, text[position:end])
                position = stop
        return self.statements

    def add(self, shape: Shape, position: int) -> None:
        """A line like one that was taken apart before."""
        kind, name, key, value, head, tail, length, to_value, to_comment = shape
        self.statements.append(
            Statement(kind, position, self.line, name, key, value, False, head, tail, length, to_value, to_comment)
        )
        if kind is OPEN or kind is CLOSE:
            self.note_tag(kind, key)
        self.line += 1

    def shape(self, line: str) -> Shape | None:
        """That of a line which says one thing in a simple way."""
        if found := _SETTING.fullmatch(line):
            if reflow.cut_value(found[1], found[2], self.open[-1]) is not None:
                return None
            kind, at, value = DIRECTIVE, found.start(1), found[2]
            name, key = self.named(found[1])
        elif found := _TAG.fullmatch(line):
            kind, at, value = CLOSE if found[1] else OPEN, found.start(1) - 1, found[3] or ""
            name, key = self.named(found[2])
        else:
            return None
        to_value, length = found.start(found.lastindex or 0) if value else found.end(2), len(line)
        shape = (kind, name, key, self.kept(value), at, length - 1, length, to_value, -1)
        self.store(self.open[-1], line, shape)
        return shape

    def note_tag(self, kind: str, key: str) -> None:
        if kind is CLOSE:
            if self.open[-1] == key:
                self.open.pop()
                self.known = self.shapes.get(self.open[-1], {})
            return
        self.opened = self.line
        if self.open[-1] != key:  # a tag in itself is one that was not closed
            self.open.append(key)
            self.known = self.shapes.get(key, {})

    def store(self, scope: str, line: str, shape: Shape) -> None:
        self.stored += 1
        if self.stored > REMEMBERED:
            self.shapes, self.stored = {}, 1
        self.shapes.setdefault(scope, {})[line] = shape
        self.known = self.shapes.get(self.open[-1], {})

    def remember(self, scope: str, line: str) -> None:
        """A line that one statement fills is taken apart once for each tag that it stands in."""
        one = self.statements[-1]
        if one.length != len(line) or (one.kind is TRIVIA and one.to_comment < 0):
            return
        shape = (one.kind, one.name, one.key, one.value, one.head, one.tail, one.length, one.to_value, one.to_comment)
        self.store(scope, line, shape)

    def take(self, found: re.Match[str], position: int) -> int:
        """Record one statement; answer where the next begins."""
        _, tag, _, _, word, value, comment, newline = found.groups()
        end = found.end()
        if word:
            stop = self.take_directive(found, position, word, value or "", comment)
            if stop < end:
                return stop
        elif tag:
            self.take_tag(found, position, comment)
        elif newline and not comment:
            return self.take_blank(position)
        elif comment or end > position:
            self.take_comment(found, position, comment)
        if comment:
            stop = self.cut_comment(comment, found.start(7), end)
            if stop < end:
                return stop
        if newline:
            self.line += 1
            self.on_line = 0
        return end

    def take_blank(self, position: int) -> int:
        """Blank lines, together, with what is left of the line before."""
        found = BLANK.match(self.text, position)
        end = found.end() if found else position
        length = end - position
        self.record(TRIVIA, position, "", "", "", length, length, length, 0, -1)
        self.line += breaks(self.text, position, end)
        self.on_line = 0
        return end

    def take_comment(self, found: re.Match[str], position: int, comment: str) -> None:
        length = found.end() - position
        at = found.start(7) - position if comment else length
        self.record(TRIVIA, position, "", "", "", at, length, length, 0, at if comment else -1)

    def take_tag(self, found: re.Match[str], position: int, comment: str) -> None:
        slash, tag, argument, _ = found.groups()[:4]
        name, key = self.named(tag)
        stripped = self.kept(argument.strip())
        head = found.start(2) - 1 - len(slash) - position
        to_value = found.start(3) + len(argument) - len(argument.lstrip()) - position
        to_comment = found.start(7) - position if comment else -1
        kind, tail, length = (CLOSE if slash else OPEN), found.end(4) - position, found.end() - position
        self.record(kind, position, name, key, stripped, head, tail, length, to_value, to_comment)
        self.note_tag(kind, key)

    def take_directive(self, found: re.Match[str], position: int, word: str, value: str, comment: str) -> int:
        """A directive, cut where another statement begins behind it. Answers where it ends."""
        at, end = found.start(5), found.end()
        value_at = found.start(6) if value else found.end(5)
        to_comment = found.start(7) - position if comment else -1
        cut = reflow.cut_value(word, value, self.open[-1])
        if cut is not None:
            end = at + cut if cut < len(word) else value_at + cut - len(word)
            word, value = word[:cut], value[: max(0, cut - len(word))]
            to_comment = -1
        name, key = self.named(word)
        value = value.rstrip()
        if word[0] == "/":
            key, value_at = REGEX_NAME, at
            value = self.text[at : end if to_comment < 0 else position + to_comment].rstrip()
        tail = (value_at + len(value) if value else at + len(word)) - position
        kept = self.kept(value)
        self.record(
            DIRECTIVE, position, name, key, kept, at - position, tail, end - position, value_at - position, to_comment
        )
        return end

    def named(self, word: str) -> tuple[str, str]:
        """A name as written and in lower case, the same object for the same name."""
        found = self.names.get(word)
        if found is None:
            if len(self.names) >= REMEMBERED:
                self.names.clear()
            key = word.lower()
            found = self.names[word] = (word, word if key == word else key)
        return found

    def kept(self, value: str) -> str:
        if len(value) > SHORT:
            return value
        found = self.values.get(value)
        if found is None:
            if len(self.values) >= REMEMBERED:
                self.values.clear()
            found = self.values[value] = value
        return found

    def cut_comment(self, comment: str, comment_at: int, end: int) -> int:
        cut = reflow.cut_comment(comment, self.open[-1], opened_here=self.opened == self.line)
        if cut is None:
            return end
        self.on_line += 1
        last = self.statements[-1]
        last.length = comment_at + cut - last.start
        if last.kind == TRIVIA:
            last.tail = last.length
        return last.end

    def record(
        self,
        kind: str,
        start: int,
        name: str,
        key: str,
        value: str,
        head: int,
        tail: int,
        length: int,
        to_value: int,
        to_comment: int,
    ) -> None:
        trivia = kind is TRIVIA
        self.statements.append(
            Statement(
                kind,
                start,
                self.line,
                name,
                key,
                value,
                self.on_line > 0 and not trivia,
                head,
                tail,
                length,
                to_value,
                to_comment,
            )
        )
        if not trivia:
            self.on_line += 1
