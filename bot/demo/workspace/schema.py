"""Small checks that tables of Block Kit shapes are made of.

A check takes a value and its JSON pointer and yields problems in Slack's own words, for example
`must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any, str], Iterator[str]]


def problem(words: str, at: str) -> str:
    return f"{words} [json-pointer:{at}]"


def string(most: int, least: int = 1) -> Check:
    """Text of `least` to `most` characters, both included."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)

    return check


def text(most: int, *kinds: str, least: int = 1) -> Check:
    """A text object of one of the kinds (plain_text when none is named)."""
    allowed = kinds or ("plain_text",)
    shapes = {
        "plain_text": shape({"type": anything, "text": string(most, least)}, {"emoji": boolean}),
        "mrkdwn": shape({"type": anything, "text": string(most, least)}, {"verbatim": boolean}),
    }
    return tagged({kind: shapes[kind] for kind in allowed}, "text object")


def number(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield problem(f"must be an integer from {least} to {most}", at)

    return check


def quantity(value: Any, at: str) -> Iterator[str]:
    """A number, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield problem("must provide a number", at)


def boolean(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must be a boolean", at)


def anything(_value: Any, _at: str) -> Iterator[str]:
    yield from ()


def one_of(*values: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield problem(f"must be one of {', '.join(values)}", at)

    return check


def items(inner: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` things."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", at)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            yield from inner(item, f"{at}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others: Slack refuses properties it does not know."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
            return
        yield from (problem(f"missing required field: {name}", at) for name in required if name not in value)
        for name, inner in value.items():
            if name in known:
                yield from known[name](inner, f"{at}/{name}")
            else:
                yield problem(f"invalid additional property: {name}", at)

    return check


def tagged(table: Mapping[str, Check], what: str) -> Check:
    """An object that its `type` selects a check for."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = str(value.get("type")) if isinstance(value, dict) else "none"
        if kind in table:
            yield from table[kind](value, at)
        else:
            yield problem(f"unsupported {what} type: {kind}", at)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, at)

    return check
