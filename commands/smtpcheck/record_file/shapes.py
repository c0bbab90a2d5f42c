"""What a value of a foreign JSON document may be: small shapes, of which `schema` is made. Pure.

Every shape reads a value and gives what stands for it here (base64 becomes bytes, a list a tuple), or raises
`RecordError` with the place of the first thing that does not fit. Every shape has a bound.
"""

import binascii
import math
import re
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from commands.contract import UserError
from commands.slack_text import clean

HOW_TO_MAKE_ONE = "Make one with: portero check HOST --record FILE"
SHOWN = 40
"""Characters of a wrong value that are repeated."""


class RecordError(UserError):
    """A record that is not taken: `place` says where (`records[2].port`), `problem` what is wrong there."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}." if place else f"{problem}.", HOW_TO_MAKE_ONE)
        self.place = place
        self.problem = problem


class Repeating(dict[str, Any]):
    """A JSON object that has names twice: `repeated` are these."""

    repeated: tuple[str, ...] = ()


class Shape(Protocol):
    """What a value may be."""

    def read(self, value: Any, place: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Text:
    """At most so many characters; all of `form`, where there is one, which is what is `called` so."""

    most: int
    form: re.Pattern[str] | None = None
    called: str = "text"

    def read(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise RecordError(place, f"{shown(value)} is no {self.called}")
        if len(value) > self.most:
            raise RecordError(place, f"{len(value):,} characters are more than the {self.most:,} that may stand here")
        if self.form is not None and not self.form.fullmatch(value):
            raise RecordError(place, f"{shown(value)} is no {self.called}")
        return value


@dataclass(frozen=True, slots=True)
class Line:
    """At most so many characters, none of which is without a picture of its own, as control characters are."""

    most: int
    called: str = "name"

    def read(self, value: Any, place: str) -> str:
        text = Text(self.most, called=self.called).read(value, place)
        if not text.isprintable():
            raise RecordError(place, f"{shown(value)} holds characters that cannot be shown")
        return text


@dataclass(frozen=True, slots=True)
class Number:
    """From `low` to `high`, both included; `whole` numbers are written without a point."""

    low: float
    high: float
    called: str = "number"
    whole: bool = False

    def read(self, value: Any, place: str) -> Any:
        is_number = isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:  # neither is true of NaN
            raise RecordError(place, f"{shown(value)} is no {self.called}")
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            raise RecordError(place, f"{shown(value)} is neither true nor false")
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word of a closed set."""

    words: Collection[str]
    called: str

    def read(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise RecordError(place, f"{shown(value)} is no {self.called} that this version of Portero knows")
        return value


@dataclass(frozen=True, slots=True)
class Bytes:
    """Base64 of `least` to `most` bytes (RFC 4648 section 4)."""

    most: int
    least: int = 1

    def read(self, value: Any, place: str) -> bytes:
        try:
            data = b64decode(value, validate=True) if isinstance(value, str) else None
        except (binascii.Error, ValueError):
            data = None
        if data is None:
            raise RecordError(place, f"{shown(value)} is no base64")
        if not self.least <= len(data) <= self.most:
            raise RecordError(place, f"{len(data):,} bytes are not {self.least} to {self.most:,}")
        return data


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with its zone (RFC 3339), in years that a check can be of."""

    years: range

    def read(self, value: Any, place: str) -> datetime:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= SHOWN else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or moment.year not in self.years:
            raise RecordError(place, f"{shown(value)} is no time of a check, such as 2026-11-24T10:00:00+00:00")
        return moment


@dataclass(frozen=True, slots=True)
class OrNull:
    """null, or a value of the shape."""

    shape: Shape

    def read(self, value: Any, place: str) -> Any:
        return None if value is None else self.shape.read(value, place)


@dataclass(frozen=True, slots=True)
class Either:
    """A value of one of two shapes; what the second says of it is told."""

    first: Shape
    second: Shape

    def read(self, value: Any, place: str) -> Any:
        try:
            return self.first.read(value, place)
        except RecordError:
            return self.second.read(value, place)


@dataclass(frozen=True, slots=True)
class Items:
    """A list of at most so many values of one shape."""

    shape: Shape
    most: int

    def read(self, value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise RecordError(place, f"{shown(value)} is no list")
        if len(value) > self.most:
            raise RecordError(place, f"{len(value):,} are more than the {self.most:,} that may stand here")
        return tuple(self.shape.read(one, f"{place}[{number}]") for number, one in enumerate(value))


@dataclass(frozen=True, slots=True)
class Row:
    """A list of one value for each of the shapes."""

    shapes: tuple[Shape, ...]

    def read(self, value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(self.shapes):
            raise RecordError(place, f"{shown(value)} is no list of {len(self.shapes)}")
        return tuple(shape.read(value[number], f"{place}[{number}]") for number, shape in enumerate(self.shapes))


@dataclass(frozen=True, slots=True)
class Members:
    """An object with these members and no others; what is made of them takes their names."""

    always: Mapping[str, Shape]
    sometimes: Mapping[str, Shape] = field(default_factory=dict)
    make: Callable[..., Any] = dict

    def read(self, value: Any, place: str) -> Any:
        known = {**self.always, **self.sometimes}
        for name in _names_of(value, place):
            if name not in known:
                raise RecordError(_within(place, name), "this version of Portero knows nothing of that name")
        missing = next((name for name in self.always if name not in value), None)
        if missing is not None:
            raise RecordError(place, f"{missing} is missing")
        return self.make(**{name: known[name].read(value[name], _within(place, name)) for name in value})


@dataclass(frozen=True, slots=True)
class ByPort:
    """An object whose names are ports, at most so many."""

    shape: Shape
    most: int

    def read(self, value: Any, place: str) -> dict[int, Any]:
        names = _names_of(value, place)
        if len(names) > self.most:
            raise RecordError(place, f"{len(names):,} are more than the {self.most:,} that may stand here")
        return {self._port(name, place): self.shape.read(value[name], _within(place, name)) for name in names}

    def _port(self, name: str, place: str) -> int:
        number = int(name) if name.isascii() and name.isdecimal() and len(name) <= 5 else 0
        if str(number) != name:  # 025 and 25 would be one port
            raise RecordError(place, f"{shown(name)} is no port")
        return int(PORT.read(number, place))


PORT = Number(1, 65_535, "port", whole=True)


def shown(value: Any) -> str:
    """A wrong value as it is told, in few characters whatever it is."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return repr(clean(value, SHOWN))
    if isinstance(value, int | float):
        return str(value) if math.isfinite(value) else "a number without end"
    return "a list" if isinstance(value, list) else "an object"


def _names_of(value: Any, place: str) -> Collection[str]:
    """The names of an object, none of which stands there twice: two readers would take two different values."""
    if not isinstance(value, dict):
        raise RecordError(place, f"{shown(value)} is no object")
    if isinstance(value, Repeating):
        raise RecordError(_within(place, value.repeated[0]), "this stands there twice")
    return value.keys()


def _within(place: str, name: str) -> str:
    told = clean(name, SHOWN) or ascii(name[:SHOWN])  # a name of control characters alone is told by their numbers
    return f"{place}.{told}" if place else told
