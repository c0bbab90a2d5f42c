"""Statements to a tree: total, and with recovery at the line where the mistake is.

An opening tag that may not stand where it does closes what should have been closed before it; when the outer tag is
closed properly further down, the inner one is kept in its odd place instead (a rule says so). Unknown tags that
nothing closes are not blocks, so that a stray `<word>` does not swallow the rest.
"""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import pairwise

from commands.pmta.language.catalogue import GLOBAL, TAGS
from commands.pmta.language.continuation import join_continued, set_keys_apart
from commands.pmta.language.lexer import Scan
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, Block, Fault, Statement, Tree
from commands.pmta.language.xml import closes_itself


def parse(text: str) -> Tree:
    """The tree of any text."""
    scan = Scan(text)
    statements = scan.run()
    set_keys_apart(text, statements)
    join_continued(statements)
    build = Build(statements)
    build.run()
    return Tree(text, statements, build.root, build.blocks, build.faults, _is_reflowed(statements))


def _is_reflowed(statements: list[Statement]) -> bool:
    """True when a setting shares its line.

    `/x/ <pattern-list>` at the end of a line is documented, and `<domain a> <domain b>` lost no line break.
    """
    return any(after.joined and not _share_a_line(before, after) for before, after in pairwise(statements))


def _share_a_line(before: Statement, after: Statement) -> bool:
    if after.kind == DIRECTIVE:
        return False
    is_row = before.kind == after.kind == OPEN and before.key == after.key == "domain"
    return after.key == "pattern-list" or is_row


class Build:
    """The stack of open blocks while the statements go by."""

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = statements
        self.root = Block(GLOBAL)
        self.top = self.root
        self.blocks: list[Block] = []
        self.faults: list[Fault] = []
        self.depth: Counter[str] = Counter()
        self.tags: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        for index, one in enumerate(statements):
            if one.kind in (OPEN, CLOSE):
                self.tags[one.key].append(2 * index + (one.kind == CLOSE))

    def run(self) -> None:
        for index, one in enumerate(self.statements):
            one.block = self.top
            if one.kind == DIRECTIVE:
                self.top.settings.append(one)
            elif one.kind == OPEN:
                self.open(one, index)
            elif one.kind == CLOSE:
                self.close(one, index)
        while self.top.parent:
            self.leave_unclosed()

    def open(self, one: Statement, index: int) -> None:
        tag = TAGS.get(one.key)
        if closes_itself(one.key, one.value) or (tag is None and not self.closes_later(one.key, index)):
            return
        if tag is not None:
            while self.top.parent and self.top.tag not in tag.parents and self.is_left_open(one.key, index):
                self.leave_unclosed()
        one.block = self.top
        block = Block(one.key, one.value, one, None, self.top)
        self.top.enclose(block)
        self.blocks.append(block)
        self.depth[one.key] += 1
        self.top = block

    def close(self, one: Statement, index: int) -> None:
        if not self.depth[one.key]:
            self.close_nothing(one, index)
            return
        while self.top.tag != one.key:
            self.leave_unclosed()
        self.leave(one)

    def close_nothing(self, one: Statement, index: int) -> None:
        """A closing tag for which nothing is open: it may be meant for the block that is."""
        if self.top.parent and not self.closes_next(self.top.tag, index):
            self.faults.append(Fault("mismatched", one, self.top.tag))
            self.leave(one)
            return
        self.faults.append(Fault("stray", one))

    def leave(self, closing: Statement) -> None:
        block = self.top
        block.closing, closing.block = closing, block
        self.depth[block.tag] -= 1
        self.top = block.parent or self.root

    def leave_unclosed(self) -> None:
        block = self.top
        if block.opening:  # always: the root is never left
            self.faults.append(Fault("unclosed", block.opening))
        self.depth[block.tag] -= 1
        self.top = block.parent or self.root

    def is_left_open(self, key: str, index: int) -> bool:
        """True when the block at the top lacks its closing tag, seen from an opening tag of `key` inside it."""
        tag = self.top.tag
        if tag != key:
            return not self.closes_next(tag, index)
        events, place = self.behind(tag, index)
        return [event % 2 for event in events[place : place + 2]] != [1, 1]

    def behind(self, tag: str, index: int) -> "tuple[array[int], int]":
        """The tags of that name, an odd number for a closing one, and the place of the first that comes later."""
        events = self.tags[tag]
        return events, bisect_right(events, 2 * index + 1)

    def closes_next(self, tag: str, index: int) -> bool:
        """True when the next tag of that name behind `index` closes."""
        events, place = self.behind(tag, index)
        return place < len(events) and events[place] % 2 == 1

    def closes_later(self, tag: str, index: int) -> bool:
        """True when the next tag of that name closes, or the last one does: what lies between may be nested."""
        events = self.tags[tag]
        return self.closes_next(tag, index) or (bool(events) and events[-1] > 2 * index + 1 and events[-1] % 2 == 1)
