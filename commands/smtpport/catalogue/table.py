"""A table of a data file, field by field. A mistake is told with file, row and field, and with what belongs there."""

import re
from collections.abc import Sequence
from typing import TypeVar

_Value = TypeVar("_Value")
_Member = TypeVar("_Member", bound=str)

_KINDS = {str: "a text in quotes", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}


class CatalogueError(ValueError):
    """A mistake in a file of the catalogue."""


class Table:
    """Hands out fields by their types; `close` complains of those that nobody asked for.

    `where` is the file and the row: "providers.toml, provider.ses".
    """

    def __init__(self, where: str, fields: object) -> None:
        self.where = where
        if not isinstance(fields, dict):
            raise CatalogueError(f"{where}: must be a table, not {fields!r}")
        self._fields: dict[str, object] = fields
        self._asked: dict[str, None] = {}

    def wrong(self, field: str, problem: str) -> CatalogueError:
        return CatalogueError(f"{self.where}, {field}: {problem}")

    def close(self) -> None:
        """Every field has been asked for. Raises `CatalogueError` where one is left: it is misspelt or has no place."""
        for field in self._fields:
            if field not in self._asked:
                raise self.wrong(field, f"unknown; there are {', '.join(self._asked)}")

    def text(self, field: str, default: str | None = None) -> str:
        """A text of one line without blanks to spare; empty only by default."""
        value = self._take(field, str, default)
        return self._line(field, value) if field in self._fields else value

    def matching(self, field: str, pattern: re.Pattern[str], like: str) -> str:
        """A text of a given form."""
        value = self.text(field)
        if not pattern.fullmatch(value):
            raise self.wrong(field, f"must be {like}, not {value!r}")
        return value

    def number(self, name: str) -> int:
        """The port that a row is named after, `[port.25]`."""
        return self._port("the name of the row", _number(name))

    def flag(self, field: str) -> bool:
        return self._take(field, bool, default=False)

    def choice(self, field: str, allowed: Sequence[_Member], default: _Member | None = None) -> _Member:
        """One word of a closed set."""
        return self._member(field, self._take(field, str, default), allowed)

    def port(self, field: str) -> int:
        """A port number, 0 where there is none."""
        number = self._take(field, int, 0)
        return self._port(field, number) if field in self._fields else number

    def texts(self, field: str, *, required: bool = False) -> tuple[str, ...]:
        return tuple(self._line(field, item) for item in self._list(field, required=required))

    def ports(self, field: str) -> tuple[int, ...]:
        return tuple(self._port(field, item) for item in self._list(field))

    def tables(self, field: str) -> tuple["Table", ...]:
        """The tables of a list, `[[port.25.story]]`."""
        found = enumerate(self._list(field, required=True), 1)
        return tuple(Table(f"{self.where}.{field} {place}", item) for place, item in found)

    def by_port(self, field: str, allowed: Sequence[_Member], others: int | None = None) -> dict[int, _Member]:
        """`{ 25 = "open", others = "blocked" }`: a word for each port; `others` is the number for all the rest."""
        found: dict[int, _Member] = {}
        for name, word in self._take(field, dict).items():
            number = others if name == "others" and others is not None else self._port(field, _number(name))
            found[number] = self._member(f"{field}.{name}", word, allowed)
        if not found:
            raise self.wrong(field, "must not be empty")
        return found

    def blocks(self, field: str, allowed: Sequence[str]) -> dict[str, str]:
        """`lines.starttls = ...`: texts of several lines by name, without the line break they begin with."""
        found: dict[str, str] = {}
        for name, text in self._take(field, dict).items():
            if not isinstance(text, str) or not text.endswith("\n") or not text.strip():
                raise self.wrong(f"{field}.{name}", f"must be lines, each ended, not {text!r}")
            found[self._member(f"{field}.{name}", name, allowed)] = text.removeprefix("\n")
        return found

    def lists(self, field: str) -> dict[str, tuple[str, ...]]:
        """`evidence.465 = [...]`: texts by name."""
        named = Table(f"{self.where}, {field}", self._take(field, dict, {}))
        return {name: named.texts(name, required=True) for name in named._fields}

    def _take(self, field: str, kind: type[_Value], default: _Value | None = None) -> _Value:
        self._asked[field] = None
        value = self._fields.get(field, default)
        if value is None:
            raise self.wrong(field, "is missing")
        if type(value) is not kind:
            raise self.wrong(field, f"must be {_KINDS[kind]}, not {value!r}")
        return value

    def _list(self, field: str, *, required: bool = False) -> list[object]:
        items = self._take(field, list, None if required else [])
        if not items and (required or field in self._fields):
            raise self.wrong(field, "must not be empty")
        if any(items.count(item) > 1 for item in items):
            raise self.wrong(field, "names something twice")
        return items

    def _line(self, field: str, value: object) -> str:
        if not isinstance(value, str) or not value or value != " ".join(value.split()):
            raise self.wrong(field, f"must be a text of one line, without blanks to spare, not {value!r}")
        return value

    def _port(self, field: str, value: object) -> int:
        if type(value) is not int or not 0 < value < 65536:
            raise self.wrong(field, f"must be a port from 1 to 65535, not {value!r}")
        return value

    def _member(self, field: str, value: object, allowed: Sequence[_Member]) -> _Member:
        member = next((one for one in allowed if one == value), None)
        if member is None:
            raise self.wrong(field, f"must be one of {', '.join(allowed)}, not {value!r}")
        return member


def _number(name: str) -> int | str:
    return int(name) if name.isascii() and name.isdigit() else name
