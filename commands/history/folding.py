"""What watches ran and what looks alike, as one line with a count: a page tells what was different. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from storage.history import Line

Look: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Fold:
    """Results that look alike, up to the newest of them; `oldest` is the first of `count`."""

    newest: Line
    oldest: Line
    count: int = 1


def folded(lines: Sequence[Line], most: int) -> tuple[list[Fold], int]:
    """At most so many folds, the newest first, and of how many lines (newest first) they are.

    Runs of several watches lie between each other, so a fold goes on behind those of others, up to where its host was
    different. What somebody asked stands for itself.
    """
    folds: list[Fold] = []
    growing: dict[Look, Fold] = {}
    for taken, line in enumerate(lines):
        look = _look(line)
        if fold := growing.get(look):
            fold.oldest, fold.count = line, fold.count + 1
        elif len(folds) == most:
            return folds, taken
        else:
            folds.append(growing.setdefault(look, Fold(line, line)))
        if line.changed:
            growing.pop(look)
    return folds, len(lines)


def _look(line: Line) -> Look:
    whose = line.team, line.actor, line.channel, line.kind, line.target, line.vantage
    alone = "" if line.surface == "watch" else line.id
    return (*whose, line.verdict, line.summary, line.endpoints, alone)
