"""What a pattern of a list catches, and whether one above takes all that it could.

PowerMTA's patterns are PCRE, are not anchored, and do not distinguish case unless `(?-i)` says so.
Source: PowerMTA 5.0 User's Guide, 3.2 and 3.3.15.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from commands.pmta.language.patterns import LONGEST, python_pattern
from commands.pmta.language.words import is_pattern

_TOKEN = re.compile(r"\\(.)|\[\^?\]?(?:[^\]\\]|\\.)*\]|([()^$.*+?]|\{\d*,?\d*\})|(.)", re.DOTALL)
_MAY_BE_MISSING = ("*", "?", "{")
_EVERYTHING = frozenset({"", ".*", ".", "^", "^.*", ".*$", "^.*$"})


class Shape(NamedTuple):
    """`runs` stand in everything that a pattern catches; `begins` is the one that it begins with, "" for none.

    `is_literal`: it is nothing but its one run.
    """

    anchored: bool
    runs: tuple[str, ...]
    begins: str
    is_literal: bool


class Pattern:
    """`/too many/` of a line. `is_known` is False for PCRE that Python has not: what it catches is not said."""

    def __init__(self, written: str) -> None:
        self.inner = written[1:-1] if is_pattern(written) else ""
        self._test = python_pattern(self.inner) if is_pattern(written) else None
        self.is_known = self._test is not None
        self.shape = _shape(self.inner.lower())

    def catches(self, reply: str) -> bool:
        return self._test is not None and self._test.search(reply) is not None

    def takes_all_of(self, later: "Pattern") -> bool:
        """Whether every reply that the other one catches is caught by this one already."""
        if self.inner in _EVERYTHING or self.inner == later.inner:
            return self.is_known
        if not self.is_known or not self.shape.is_literal:
            return False
        text = self.shape.begins
        if self.shape.anchored:
            return later.shape.anchored and later.shape.begins.startswith(text)
        return any(text in run for run in later.shape.runs)


def _shape(pattern: str) -> Shape:
    anchored = pattern.startswith("^")
    rest = pattern[1:LONGEST] if anchored else pattern[:LONGEST]
    if "|" in rest or "(?" in rest:
        return Shape(anchored, (), "", is_literal=False)
    runs, depth = [""], 0
    for letter, sign in _tokens(rest):
        if letter and depth == 0:
            runs[-1] += letter
            continue
        if sign.startswith(_MAY_BE_MISSING):
            runs[-1] = runs[-1][:-1]
        depth += {"(": 1, ")": -1}.get(sign, 0)
        runs.append("")
    return Shape(anchored, tuple(filter(None, runs)), runs[0], len(runs) == 1)


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """Letters that stand for themselves, and signs; both are "" for a class."""
    for found in _TOKEN.finditer(pattern):
        escaped, sign, letter = (part or "" for part in found.groups())
        yield letter or ("" if escaped.isalnum() else escaped), sign
