"""Where the lines of a text that was put together of several files stand, and what of them could not be read."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A line, counted from 1, of a file; `file` is "" where there is only one."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Unread:
    """What an include names, or somebody gave, and nobody read. `why` is half a sentence; `line` is 0 without include.

    `circle` has the files of one that includes itself. `decides`: names may be defined in it that are not known then.
    """

    name: str
    why: str
    file: str = ""
    line: int = 0
    circle: tuple[str, ...] = ()
    decides: bool = True

    def __str__(self) -> str:
        """`conf.d/a.conf (config:6: no such file or directory)`."""
        where = f"{self.file}:{self.line}: " if self.line else ""
        circle = f": {' > '.join(self.circle)}" if self.circle else ""
        return f"{self.name} ({where}{self.why}{circle})"


class Stretch(NamedTuple):
    """From `first` on (a line of the whole text) stand the lines of a file from `line` on."""

    first: int
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The files of one text. `stretches` are in order; without any the text is one file of no name."""

    stretches: Sequence[Stretch] = ()
    files: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether what includes name is in the text, so that what is not defined in it is defined nowhere."""
        return bool(self.files) and not any(one.decides for one in self.unread)

    def place(self, line: int) -> Place:
        """Where a line of the whole text stands, its file left out where there is only one."""
        found = self.named(line)
        return found if len(self.files) > 1 else found._replace(file="")

    def named(self, line: int) -> Place:
        """Where a line of the whole text stands, always with its file."""
        if not self.stretches:
            return Place("", line)
        found = self.stretches[max(bisect_right(self.stretches, line, key=lambda one: one.first) - 1, 0)]
        return Place(found.file, found.line + line - found.first)


ALONE = Origin()
"""A text of its own."""
