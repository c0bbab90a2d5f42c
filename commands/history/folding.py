"""What watches ran and what looks alike, as one line with a count: a page tells what was different. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

from storage.history import Line

Look: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Fold:
    """Results that look alike, up to the newest of them; `oldest` is the first of `count`.

    `cut`: it may go on behind the results that were looked at.
    """

    newest: Line
    oldest: Line
    count: int = 1
    cut: bool = False


class Folding:
    """At most so many folds of lines that come newest first.

    Runs of several watches lie between each other, so a fold goes on behind those of others, up to where its host was
    different, and up to where it could not be judged. What somebody asked stands for itself.
    """

    def __init__(self, most: int) -> None:
        self.folds: list[Fold] = []
        self._most = most
        self._growing: dict[Look, Fold] = {}
        self._of_host: dict[Look, set[Look]] = {}

    def takes(self, line: Line) -> bool:
        """Put it to those that look alike; False where it would be a fold too many."""
        look = _look(line)
        self._part(line)
        if fold := self._growing.get(look):
            fold.oldest, fold.count = line, fold.count + 1
        elif len(self.folds) == self._most:
            return False
        else:
            self.folds.append(self._growing.setdefault(look, Fold(line, line)))
            self._of_host.setdefault(_whose(line), set()).add(look)
        if line.changed:
            self._part_behind(line)
        return True

    def cut(self) -> None:
        """More is there than was taken."""
        for fold in self._growing.values():
            fold.cut = True

    def _part(self, line: Line) -> None:
        """What could not be judged parts what was before it from what is behind."""
        for look in tuple(self._of_host.get(_whose(line), ())):
            other = self._growing[look].newest
            if (other.verdict in UNJUDGED) != (line.verdict in UNJUDGED) and _share_ports(other, line):
                self._end(look, other)

    def _part_behind(self, line: Line) -> None:
        """It was different before: what looks alike behind that is another time, alerted or not."""
        for look in tuple(self._of_host.get(_whose(line), ())):
            if _share_ports(self._growing[look].newest, line):
                self._end(look, line)

    def _end(self, look: Look, line: Line) -> None:
        del self._growing[look]
        self._of_host[_whose(line)].discard(look)


UNJUDGED = frozenset({"unknown", "blocked_here"})


def _share_ports(one: Line, other: Line) -> bool:
    """What has no port, since nothing was looked up, is of all of them."""
    ports = [{endpoint.port for endpoint in line.endpoints} for line in (one, other)]
    return not all(ports) or ports[0] == ports[1]


def folded(lines: Sequence[Line], most: int, *, more: bool = False) -> tuple[list[Fold], int]:
    """At most so many folds, the newest first, and of how many lines (newest first) they are.

    `more`: there are others behind the lines.
    """
    folding = Folding(most)
    taken = sum(1 for _ in takewhile(folding.takes, lines))
    if more or taken < len(lines):
        folding.cut()
    return folding.folds, taken


def _whose(line: Line) -> Look:
    return line.team, line.actor, line.channel, line.kind, line.target, line.vantage


def _look(line: Line) -> Look:
    alone = "" if line.surface == "watch" else line.id
    return (*_whose(line), line.alerted, line.verdict, line.summary, line.endpoints, alone)
