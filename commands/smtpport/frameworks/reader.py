"""The rows of frameworks.toml as typed records, read when the first question comes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

from commands.smtpport.catalogue.reader import rows, shared_sources
from commands.smtpport.catalogue.records import Source, Sources
from commands.smtpport.catalogue.table import Table

Notation: TypeAlias = Literal[
    "csharp",
    "env",
    "exim",
    "form",
    "ini",
    "javascript",
    "json",
    "m4",
    "msmtp",
    "opensmtpd",
    "php",
    "php-array",
    "postfix",
    "powermta",
    "properties",
    "python",
    "ruby",
    "shell",
    "yaml",
]
"""What lines are written in: a parser of its own checks each."""

Purpose: TypeAlias = Literal["starttls", "implicit", "none", "delivery", "receive", "listener", "lmtp"]
"""What lines are for: to a provider in either TLS mode, to a catcher without TLS, or between servers."""

NOTATIONS: tuple[Notation, ...] = get_args(Notation)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

STATED = ("implicit", "starttls", "default", "mistake")
"""The fields that state a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A program or library that sends mail.

    `implicit` (empty where no page tells one) and `starttls` are the settings of the two TLS modes, `default` is what
    it does without any, `mistake` what people get wrong. `lines` are templates by what they are for. `only_465`: TLS
    from the first byte on no other port; `confirmed_only`: no lines for a port that no page confirms.
    """

    key: str
    name: str
    names: tuple[str, ...]
    notation: Notation
    implicit: str
    starttls: str
    default: str
    mistake: str
    only_465: bool
    confirmed_only: bool
    lines: Mapping[str, str]
    sources: Sources
    evidence: Mapping[str, Sources]


@cache
def frameworks() -> Mapping[str, Framework]:
    """Every framework by its key, in the order of the file. Raises `CatalogueError` where the file has a mistake."""
    text = resources.files(__package__).joinpath("frameworks.toml").read_text("utf-8")
    return {row.key: row for row in read_frameworks(text)}


def read_frameworks(text: str) -> tuple[Framework, ...]:
    """The rows of a text like frameworks.toml."""
    return rows("frameworks.toml", text, "framework", _framework, shared_sources())


def _framework(key: str, row: Table, known: Mapping[str, Source]) -> Framework:
    facts = {field: row.text(field, "" if field == "implicit" else None) for field in STATED}
    return Framework(
        key=key,
        name=row.text("name"),
        names=row.texts("names"),
        notation=row.choice("notation", NOTATIONS),
        only_465=row.flag("only_465"),
        confirmed_only=row.flag("confirmed_only"),
        lines=MappingProxyType(row.blocks("lines", PURPOSES)),
        sources=_cited(row, "sources", row.texts("sources", required=True), known),
        evidence=MappingProxyType(
            {name: _of_field(row, name, it, known) for name, it in row.lists("evidence").items()}
        ),
        **facts,
    )


def _of_field(row: Table, name: str, cited: Iterable[str], known: Mapping[str, Source]) -> Sources:
    if name not in STATED:
        raise row.wrong(f"evidence.{name}", f"the row does not state that; it states {', '.join(STATED)}")
    return _cited(row, f"evidence.{name}", cited, known)


def _cited(row: Table, field: str, names: Iterable[str], known: Mapping[str, Source]) -> Sources:
    for name in names:
        if name not in known:
            raise row.wrong(field, f"no [source.{name}] stands in this file or in sources.toml")
    return tuple(known[name] for name in names)


def framework(key: str | None) -> Framework | None:
    return frameworks().get(key or "")
