"""The tree of a config: statements whose spans tile the text, and the blocks they stand in.

Offsets are characters from the beginning of the text, `line` counts from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from commands.pmta.language import words
from commands.pmta.language.words import Word, first_words, split_words

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

    A config has hundreds of thousands of these. Places are therefore kept as distances from `start`: small numbers
    take no memory of their own. `head` leads to `at`, `tail` to `stop`, `length` to `end`; -1 is no comment.
    """

    kind: str
    start: int
    line: int
    name: str
    key: str
    value: str
    joined: bool
    head: int
    tail: int
    length: int
    to_value: int
    to_comment: int
    block: "Block" = None  # type: ignore[assignment]  # the parser sets it
    foreign: str | None = None  # kept by `foreign.kind_of`

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def at(self) -> int:
        return self.start + self.head

    @property
    def stop(self) -> int:
        return self.start + self.tail

    @property
    def value_at(self) -> int:
        return self.start + self.to_value

    @property
    def comment_at(self) -> int:
        return self.start + self.to_comment if self.to_comment >= 0 else -1

    @property
    def words(self) -> tuple[Word, ...]:
        """The arguments: a quoted text and a /pattern/ are one each."""
        return split_words(self.key, self.value, self.value_at)

    @property
    def texts(self) -> list[str]:
        """The arguments as written."""
        return words.texts(self.key, self.value)

    def word(self, index: int) -> str:
        """An argument as written, or "" where there is none."""
        return words.text(self.key, self.value, index)

    def placed_word(self, index: int) -> Word | None:
        """An argument and where it stands in the text."""
        found = first_words(self.key, self.value, index + 1)
        return Word(found[index].text, self.value_at + found[index].at) if index < len(found) else None

    @property
    def scope(self) -> str:
        return self.block.tag


FEW = 16
"""Settings that are found by looking at each: most stanzas have no more, and then need no dictionary of their own."""


@dataclass(slots=True, eq=False, repr=False)
class Block:
    """A tag with what stands in it. The root has the tag `global` and no opening statement."""

    tag: str
    argument: str = ""
    opening: Statement | None = None
    closing: Statement | None = None
    parent: "Block | None" = None
    settings: list[Statement] = field(default_factory=list)
    blocks: Sequence["Block"] = ()
    _named: dict[str, list[Statement]] | None = None

    def enclose(self, inner: "Block") -> None:
        if not isinstance(self.blocks, list):
            self.blocks = []
        self.blocks.append(inner)

    @property
    def named(self) -> dict[str, list[Statement]]:
        """The settings by name."""
        if self._named is not None:
            return self._named
        made: dict[str, list[Statement]] = {}
        for one in self.settings:
            made.setdefault(one.key, []).append(one)
        if len(self.settings) > FEW:
            self._named = made
        return made

    def has(self, name: str) -> bool:
        return bool(self.all(name))

    def first(self, name: str) -> Statement | None:
        found = self.all(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Statement]:
        if len(self.settings) > FEW:
            return self.named.get(name, [])
        return [one for one in self.settings if one.key == name]

    def value(self, name: str, default: str = "") -> str:
        """The last value of a setting in this very block."""
        found = self.all(name)
        return found[-1].value if found else default

    def is_on(self, name: str) -> bool:
        return self.value(name).lower() in ("yes", "true")

    def is_off(self, name: str) -> bool:
        return self.value(name).lower() in ("no", "false")


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
