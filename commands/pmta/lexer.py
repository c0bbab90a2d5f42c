"""Text to statements: total, linear, and no character is lost.

Rule 1: the spans `start` to `end` of the statements tile the text.
Rule 2: every regular expression here is possessive, so that no input can make it go back over what it has read.

Lexical facts (PowerMTA 5.0 User's Guide, 3.1): one setting per line, `#` begins a comment anywhere, tags stand on their
own lines. An unfinished quote reaches to the end of its line.
"""

import re

from commands.pmta import reflow
from commands.pmta.catalogue import GLOBAL, REGEX_NAME
from commands.pmta.tree import CLOSE, DIRECTIVE, OPEN, TRIVIA, Statement

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


class Scan:
    """One pass over a text. `open` holds the tags that are open so far, as far as a lexer can tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.open = [GLOBAL]
        self.on_line = 0  # statements so far on this line
        self.opened = 0  # line of the latest opening tag
        self.statements: list[Statement] = []

    def run(self) -> list[Statement]:
        text, match, position, length = self.text, LINE.match, 0, len(self.text)
        while position < length:
            if found := match(text, position):  # always: every part of the pattern is optional
                position = self.take(found, position)
        return self.statements

    def take(self, found: re.Match[str], position: int) -> int:
        """Record one statement; answer where the next begins."""
        _, tag, _, _, word, _, comment, newline = found.groups()
        end, comment_at = found.end(), found.start(7)
        if tag:
            self.take_tag(found, position, comment_at)
        elif word:
            end = self.take_directive(found, position)
            if end < found.end():
                return end
        elif newline and not comment:
            return self.take_blank(position)
        elif comment or end > position:
            self.record(TRIVIA, position, end, comment_at if comment else end, end, "", "", "", 0, comment_at)
        if comment:
            end = self.cut_comment(comment, comment_at, end)
            if end < found.end():
                return end
        if newline:
            self.line += 1
            self.on_line = 0
        return end

    def take_blank(self, position: int) -> int:
        """Blank lines, together, with what is left of the line before."""
        found = BLANK.match(self.text, position)
        end = found.end() if found else position
        self.record(TRIVIA, position, end, end, end, "", "", "", 0, -1)
        self.line += breaks(self.text, position, end)
        self.on_line = 0
        return end

    def take_tag(self, found: re.Match[str], position: int, comment_at: int) -> None:
        slash, tag, argument, bracket = found.groups()[:4]
        key, stop = tag.lower(), found.end(4)
        at = found.start(2) - 1 - len(slash)
        stripped = argument.strip()
        value_at = found.start(3) + len(argument) - len(argument.lstrip())
        kind = CLOSE if slash else OPEN
        self.record(kind, position, found.end(), at, stop, tag, key, stripped, value_at, comment_at, bool(bracket))
        if slash:
            if self.open[-1] == key:
                self.open.pop()
            return
        self.opened = self.line
        if self.open[-1] != key:  # a tag in itself is one that was not closed
            self.open.append(key)

    def take_directive(self, found: re.Match[str], position: int) -> int:
        """A directive, cut where another statement begins behind it. Answers where it ends."""
        word, value, comment = found.group(5), found.group(6), found.group(7)
        at, end, comment_at = found.start(5), found.end(), found.start(7)
        value_at = found.start(6) if value else found.end(5)
        cut = reflow.cut_value(word, value or "", self.open[-1])
        if cut is not None:
            end = at + cut if cut < len(word) else value_at + cut - len(word)
            word, value = word[:cut], (value or "")[: max(0, cut - len(word))]
            comment_at = -1
        key = word.lower()
        value = value.rstrip() if value else ""
        if word[0] == "/":
            key, value_at = REGEX_NAME, at
            value = self.text[at : end if cut is not None or not comment else comment_at].rstrip()
        stop = value_at + len(value) if value else at + len(word)
        self.record(DIRECTIVE, position, end, at, stop, word, key, value, value_at, comment_at)
        return end

    def cut_comment(self, comment: str, comment_at: int, end: int) -> int:
        cut = reflow.cut_comment(comment, self.open[-1], opened_here=self.opened == self.line)
        if cut is None:
            return end
        self.on_line += 1
        last = self.statements[-1]
        last.end = comment_at + cut
        if last.kind == TRIVIA:
            last.stop = last.end
        return last.end

    def record(
        self,
        kind: str,
        start: int,
        end: int,
        at: int,
        stop: int,
        name: str,
        key: str,
        value: str,
        value_at: int,
        comment_at: int,
        closed: bool = True,
    ) -> None:
        joined = self.on_line > 0 and kind is not TRIVIA
        self.statements.append(
            Statement(kind, start, end, self.line, at, stop, name, key, value, value_at, comment_at, joined, closed)
        )
        if kind is not TRIVIA:
            self.on_line += 1
