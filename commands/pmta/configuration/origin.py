"""Where the lines of a text that was put together of several files stand, and what of them could not be read."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from commands.pmta.findings.model import Place, Unread


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
