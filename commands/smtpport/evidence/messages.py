"""The rows of messages.toml, read when the first question comes. A mistake in them is told with its table and row."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias, get_args

from commands.smtpport.evidence.quick_patterns import QuickPattern, quick_pattern
from commands.smtpport.evidence.symptoms import fact_of

Group: TypeAlias = Literal["before-replies", "replies", "client", "last"]


@dataclass(frozen=True, slots=True)
class Message:
    """One row: what is said, in lower case (in any case it takes twice the time), and what it is."""

    pattern: QuickPattern
    diagnosis: str
    software: str | None


@cache
def messages(group: Group) -> tuple[Message, ...]:
    """The rows of a group, in the order in which they are tried."""
    text = resources.files(__package__).joinpath("messages.toml").read_text("utf-8")
    return tuple(read_messages(tomllib.loads(text), group))


def read_messages(document: dict[str, Any], group: Group) -> Iterator[Message]:
    """The rows of a group of a document like messages.toml. `ValueError` names the row that has a mistake."""
    if document.keys() != set(get_args(Group)):
        raise ValueError(f"messages.toml: the groups are {', '.join(get_args(Group))}")
    for name, table in document[group].items():
        for number, row in enumerate(table["messages"], 1):
            try:
                yield _message(table, row)
            except (KeyError, TypeError, ValueError, re.error) as error:
                raise ValueError(f"messages.toml, {group}.{name}, message {number}: {error!r}") from error


def _message(table: dict[str, Any], row: dict[str, Any]) -> Message:
    unknown = row.keys() - {"words", "numbers", "diagnosis", "software"}
    if unknown or not (table["source"] and table["date"]):
        raise ValueError(f"unknown fields {sorted(unknown)}, or no source")
    if (letters := re.sub(r"\\.", "", row["words"])) != letters.lower():
        raise ValueError("words in capitals match nothing")
    if fact_of(row["diagnosis"]) is None:
        raise ValueError(f"{row['diagnosis']} is no diagnosis")
    pattern = "|".join([row["words"], *_numbers(row.get("numbers", ()))])
    return Message(quick_pattern(pattern), row["diagnosis"], row.get("software"))


def _numbers(numbers: Iterable[int]) -> Iterator[str]:
    """How error numbers are written: `(110)`, `errno 110`, `[Errno 110]`, `error: 10060`, and some alone."""
    if any_of := _either(numbers):
        yield rf"\({any_of}(?=[,)])\)?|#{any_of}\b|\[?\b(?:win)?err(?:no|or)\s*(?:code)?\s*[:=#]?\s*{any_of}\b\]?"
    if alone := _either(number for number in numbers if not -1000 < number < 10000):
        yield rf"(?<![\w.:-]){alone}\b"


def _either(numbers: Iterable[int]) -> str:
    written = "|".join(map(str, numbers))
    return f"(?:{written})" if written else ""
