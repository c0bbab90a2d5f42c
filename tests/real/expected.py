"""What must be said of a host, and asking about many hosts at once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.real.running import check, codes, told

TAKES = "answers other mail servers"
"""What is said of port 25 where a session gets as far as it may."""

AT_ONCE = 8
"""Checks at the same moment: most of their time is waiting."""


@dataclass(frozen=True)
class Expected:
    """`must` are codes of findings, `said` and `never` words; a verdict of another kind than `verdict` is wrong."""

    verdict: str
    ports: tuple[int, ...] = (25,)
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    deep: bool = False

    def holds(self, document: dict[str, Any]) -> None:
        words = told(document)
        assert document["verdict"] == self.verdict, words
        assert [code for code in self.must if code not in codes(document)] == [], words
        assert [one for one in self.never if one in words] == [], words
        assert [one for one in self.said if one not in words] == [], words


def ask(rows: Mapping[str, Expected], ca: Path) -> dict[str, dict[str, Any]]:
    """What is said of each row's host, by its name."""

    def one(name: str) -> dict[str, Any]:
        row = rows[name]
        return check(f"{name}.real.test", *map(str, row.ports), *(["deep"] if row.deep else []), ca=ca)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(rows, pool.map(one, rows), strict=True))


def named(rows: Mapping[str, Expected], not_yet: Mapping[str, str]) -> list[Any]:
    """The names of the rows, for `parametrize`; those of `not_yet` fail, for the reason that is given there."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=not_yet[name], strict=True)) if name in not_yet else name
        for name in rows
    ]
