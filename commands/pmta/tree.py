"""The tree of a config: statements whose spans tile the text, and the blocks they stand in.

Offsets are characters from the beginning of the text, `line` counts from 1.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from commands.pmta.words import Word, split_words

TRIVIA = "trivia"  # blank lines and comments
DIRECTIVE = "directive"
OPEN = "open"
CLOSE = "close"
MORE = "more"  # a line that goes on with the directive above it
KEY = "key"  # a line of a private key that was pasted along


@dataclass(slots=True, eq=False, repr=False)
class Statement:
    """One setting, tag or stretch of nothing.

    `start` to `end` covers it with the blanks and line break around it; `at` to `stop` is the statement itself.
    `key` is the lower-case name, and `/regex/` for a line that begins with a pattern. `joined` is True when its line
    break was lost: it stands behind another statement on the same line. `comment_at` is -1 without a comment.
    """

    kind: str
    start: int
    end: int
    line: int
    at: int
    stop: int
    name: str
    key: str
    value: str
    value_at: int
    comment_at: int
    joined: bool
    closed: bool  # a tag has its ">"
    block: "Block" = None  # type: ignore[assignment]  # the parser sets it
    foreign: str | None = None  # kept by `commands.pmta.foreign.kind_of`
    _words: tuple[Word, ...] | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """The arguments: a quoted text and a /pattern/ are one each."""
        if self._words is None:
            self._words = split_words(self.key, self.value, self.value_at)
        return self._words

    def word(self, index: int) -> str:
        """An argument as written, or "" where there is none."""
        words = self.words
        return words[index].text if index < len(words) else ""

    @property
    def scope(self) -> str:
        return self.block.tag


@dataclass(slots=True, eq=False, repr=False)
class Block:
    """A tag with what stands in it. The root has the tag `global` and no opening statement."""

    tag: str
    argument: str = ""
    opening: Statement | None = None
    closing: Statement | None = None
    parent: "Block | None" = None
    items: list["Item"] = field(default_factory=list)
    named: dict[str, list[Statement]] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)

    def first(self, name: str) -> Statement | None:
        found = self.named.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Statement]:
        return self.named.get(name, [])

    def value(self, name: str, default: str = "") -> str:
        """The last value of a setting in this very block."""
        found = self.named.get(name)
        return found[-1].value if found else default

    def is_on(self, name: str) -> bool:
        return self.value(name).lower() in ("yes", "true")

    def is_off(self, name: str) -> bool:
        return self.value(name).lower() in ("no", "false")


Item: TypeAlias = Statement | Block


@dataclass(slots=True, eq=False, repr=False)
class Fault:
    """Something wrong with the structure, found while parsing: `kind` is unclosed, stray or mismatched."""

    kind: str
    at: Statement
    expected: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Tree:
    text: str
    statements: list[Statement]
    root: Block
    blocks: list[Block]
    faults: list[Fault]
    reflowed: bool
