"""What watches ran and what looks alike, as one line with a count: a page tells what was different. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

from storage.history import Line

Look: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Fold:
    """Results that look alike, up to the newest of them; `oldest` is the first of `count`."""

    newest: Line
    oldest: Line
    count: int = 1


class Folding:
    """At most so many folds of lines that come newest first.

    Runs of several watches lie between each other, so a fold goes on behind those of others, up to where its host was
    different. What somebody asked stands for itself.
    """

    def __init__(self, most: int) -> None:
        self.folds: list[Fold] = []
        self._most = most
        self._growing: dict[Look, Fold] = {}

    def takes(self, line: Line) -> bool:
        """Put it to those that look alike; False where it would be a fold too many."""
        look = _look(line)
        if fold := self._growing.get(look):
            fold.oldest, fold.count = line, fold.count + 1
        elif len(self.folds) == self._most:
            return False
        else:
            self.folds.append(self._growing.setdefault(look, Fold(line, line)))
        if line.changed:
            self._growing.pop(look)
        return True


def folded(lines: Sequence[Line], most: int) -> tuple[list[Fold], int]:
    """At most so many folds, the newest first, and of how many lines (newest first) they are."""
    folding = Folding(most)
    taken = sum(1 for _ in takewhile(folding.takes, lines))
    return folding.folds, taken


def _look(line: Line) -> Look:
    whose = line.team, line.actor, line.channel, line.kind, line.target, line.vantage
    alone = "" if line.surface == "watch" else line.id
    return (*whose, line.verdict, line.summary, line.endpoints, alone)
