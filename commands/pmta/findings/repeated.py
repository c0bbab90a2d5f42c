"""What a config says again and again is one finding, with the other lines of it."""

from collections.abc import Callable, Sequence
from itertools import groupby

from commands.pmta.findings.rule import Problem
from commands.pmta.findings.sentence import Own, Params

NAMED = 5
"""Other lines that are named."""

LINES, ALSO = "lines", "also"


def told_once(problems: Sequence[Problem]) -> list[Problem]:
    """The problems that say the same, as the first of them with the lines of the others and the edits of all."""
    ordered = sorted(problems, key=_said)
    made = (_joined(sorted(alike, key=lambda one: one.start)) for _, alike in groupby(ordered, key=_said))
    return sorted(made, key=lambda one: one.start)


def _joined(alike: list[Problem]) -> Problem:
    first, *others = alike
    lines = [str(one.statement.line) for one in others if one.statement]
    if not lines:
        return first
    edits = tuple(edit for one in alike for edit in one.edits)
    return first._replace(params={**first.params, LINES: Own(",".join(lines))}, edits=edits)


def _said(problem: Problem) -> tuple[str, str]:
    return problem.says, repr(sorted(problem.params.items()))


def with_other_lines(params: Params, shown: Callable[[int], str]) -> Params:
    """The parameters with the other lines in words, each as it is `shown`."""
    if LINES not in params:
        return params
    numbers = str(params[LINES]).split(",")
    lines, more = [shown(int(number)) for number in numbers[:NAMED]], len(numbers) - NAMED
    left = {name: value for name, value in params.items() if name != LINES}
    return {**left, ALSO: Own(_words(lines, more))}


def _words(lines: list[str], more: int) -> str:
    if more > 0:
        return f" The same in lines {', '.join(lines)} and {more} more."
    *before, last = lines
    return f" The same in lines {', '.join(before)} and {last}." if before else f" The same in line {last}."
