"""What a rule is: a module with a manual and a check.

A rule module has a docstring (its first line says what is wrong, then why it matters, then `Bad:`, `Good:` and
`Source:`), `CODE`, `NAME`, `SEVERITY`, `BASIS`, `SAYS` and `check(config)`, a generator of problems. `SAYS` is the one
sentence that the rule says, or several by name (`sentence.py`). The docstring is what `/pmta explain` shows, what
`docs/pmta-rules.md` is made of, and what the tests run.
"""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import NamedTuple, TypeAlias

from commands.pmta.findings.model import Edit
from commands.pmta.findings.sentence import Params, Saying, Sayings
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement


class Problem(NamedTuple):
    """What a rule found: the statement, the part of it from `start` to `stop`, and which of its sentences says it.

    `severity` and `basis` are those of the rule unless they are given.
    """

    statement: Statement | None
    start: int
    stop: int
    says: str = ""
    params: Params = MappingProxyType({})
    severity: str = ""
    basis: str = ""
    edits: tuple[Edit, ...] = ()


Problems: TypeAlias = Iterator[Problem]


def at_name(
    one: Statement,
    says: str = "",
    *,
    severity: str = "",
    basis: str = "",
    edits: tuple[Edit, ...] = (),
    **params: str | int,
) -> Problem:
    """A problem with the setting or tag as a whole, marked at its name."""
    stop = one.stop if one.kind in ("open", "close") else one.at + len(one.name)
    return Problem(one, one.at, stop, says, params, severity, basis, edits)


def at_value(
    one: Statement,
    says: str = "",
    *,
    severity: str = "",
    basis: str = "",
    edits: tuple[Edit, ...] = (),
    **params: str | int,
) -> Problem:
    """A problem with everything behind the name."""
    if not one.value:
        return at_name(one, says, severity=severity, basis=basis, edits=edits, **params)
    return Problem(one, one.value_at, one.stop, says, params, severity, basis, edits)


def at_word(
    one: Statement,
    index: int,
    says: str = "",
    *,
    severity: str = "",
    basis: str = "",
    edits: tuple[Edit, ...] = (),
    **params: str | int,
) -> Problem:
    """A problem with one argument, counted from 0; with the name when the argument stands on a continued line."""
    word = one.placed_word(index)
    if word is None or word.stop > one.stop:
        return at_name(one, says, severity=severity, basis=basis, edits=edits, **params)
    return Problem(one, word.at, word.stop, says, params, severity, basis, edits)


def replaced(one: Statement, text: str) -> tuple[Edit, ...]:
    """The edit that writes another value."""
    return (Edit(one.value_at, one.value_at + len(one.value), text),)


def renamed(one: Statement, name: str) -> tuple[Edit, ...]:
    """The edit that writes another name."""
    return (Edit(one.at, one.at + len(one.name), name),)


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` holds its sentences by the name that a `Problem` gives; a rule that has one only calls it "".

    `once`: what it says of many lines alike is one finding, whose sentence takes their numbers as `{also|}`.
    """

    code: str
    name: str
    severity: str
    basis: str
    says: Sayings
    check: Callable[[Config], Problems]
    manual: "Manual"
    once: bool = False


@dataclass(frozen=True, slots=True)
class Manual:
    """A rule's docstring, taken apart."""

    summary: str
    why: str
    bad: str
    good: str
    source: str


def manual(docstring: str) -> Manual:
    """Raises ValueError when a part is missing."""
    head, _, tail = docstring.strip().partition("\nBad:\n")
    bad, _, tail = tail.partition("\nGood:\n")
    good, _, source = tail.partition("\nSource:")
    summary, _, why = head.strip().partition("\n\n")
    made = Manual(summary, why.strip(), _block(bad), _block(good), " ".join(source.split()))
    if not all((made.summary, made.why, made.bad, made.good, made.source)):
        raise ValueError(f"a manual needs a summary, a reason, Bad, Good and Source: {summary!r}")
    return made


def _block(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n" if text.strip() else ""


def rule_of(module: ModuleType) -> Rule:
    """The rule that a module is."""
    says = {"": module.SAYS} if isinstance(module.SAYS, Saying) else module.SAYS
    told = manual(module.__doc__ or "")
    return Rule(
        module.CODE,
        module.NAME,
        module.SEVERITY,
        module.BASIS,
        says,
        module.check,
        told,
        getattr(module, "ONCE", False),
    )
