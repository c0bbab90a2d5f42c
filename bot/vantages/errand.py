"""`portero.errand/1`: what the bot asks of a worker, and what that answers. Pure.

What is not of the first version stands in an errand only where it is wanted, with its name among the needs: a worker
that does not know it is not asked (`abilities`), and leaves whatever else it does not know alone.

Two kinds and nothing else: a check, and a look at the worker's own network. The first line of an answer is a word, the
worker that says it, and arguments; below it may stand bytes. What a port was is told as a record of one connection, the
end is the record of the whole (`portero.record/1`): the worker judges nothing, and says no sentence.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal, Self, get_args

from bot.vantages.abilities import FIRST, MOST, Ability
from bot.vantages.abilities import NAME as ABILITY
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.record_file.later import known
from commands.smtpcheck.record_file.reader import parsed
from commands.smtpcheck.record_file.schema import NAME, OptionalAddress
from commands.smtpcheck.record_file.shapes import PORT, Flag, Items, Members, OneOf, RecordError, Text

SCHEMA = "portero.errand/1"
MOST_ERRAND = 16 * 1024
MOST_PORTS = 64
PART = 256 * 1024
"""Bytes of a record in one message: a server takes 1 MB unless it is told otherwise."""

MOST_ANSWERED = 8 * 1024 * 1024
"""Bytes of all answers to one errand: the records of its ports, and the whole again."""

Kind = Literal["check", "network"]
Lane = Literal["people", "watch"]
KINDS: tuple[Kind, ...] = get_args(Kind)

ID = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be looked at. `source` is the address to connect from; empty for the worker's choice.

    `target_kind` is that of `Target`; both are empty where the worker's own network is asked about. What people ask
    for goes before what watches do (`lane`). `patient`: a server that was slow is waited for longer.
    """

    id: str
    kind: Kind
    ports: tuple[int, ...]
    target: str = ""
    target_kind: str = ""
    deep: bool = False
    source: str = ""
    lane: Lane = "people"
    patient: bool = False

    @property
    def needs(self) -> frozenset[Ability]:
        """What who does it has to be able to."""
        wanted = {Ability.DEEP: self.deep, Ability.SOURCE: self.source, Ability.PATIENT: self.patient}
        return frozenset({Ability(self.kind), *(one for one, is_wanted in wanted.items() if is_wanted)})

    def to_bytes(self) -> bytes:
        document = {"schema": SCHEMA, **asdict(self)}
        later = sorted(self.needs - FIRST)
        return json.dumps({**_without_later(document), **({"needs": later} if later else {})}).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The errand in these bytes. Raises `RecordError`; `NotAbleError` for one of a later version."""
        if len(data) > MOST_ERRAND:
            raise RecordError("", "It is larger than an errand")
        document = parsed(data)
        for name in _NEEDS.read(known(_NEEDS, document), "").get("needs", ()):
            if name not in set(Ability):
                raise NotAbleError(name)
        members = _ERRAND.read(known(_ERRAND, document), "")
        del members["schema"]
        return cls(**members)


class NotAbleError(Exception):
    """An errand that needs an ability of a later version. `name` is what that calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


LATER = frozenset({"patient"})
"""Members of an errand that workers of the first version do not know, and refuse."""


def _without_later(document: dict[str, Any]) -> dict[str, Any]:
    """The same without the members of later versions that are not wanted."""
    return {name: value for name, value in document.items() if name not in LATER or value}


_ERRAND = Members(
    {
        "schema": OneOf((SCHEMA,), "schema"),
        "id": Text(64, ID, "id"),
        "kind": OneOf(KINDS, "kind of errand"),
        "ports": Items(PORT, MOST_PORTS),
        "target": NAME,
        "target_kind": OneOf(("", "name", "domain", "address"), "kind of target"),
        "deep": Flag(),
        "source": OptionalAddress(),
        "lane": OneOf(get_args(Lane), "lane"),
    },
    {"patient": Flag()},
)
_NEEDS = Members({"schema": _ERRAND.always["schema"]}, {"needs": Items(Text(32, ABILITY, "ability"), MOST)})


def check_of(target: Target, ports: tuple[int, ...], **how: Any) -> Errand:
    """The errand of a check."""
    return Errand(kind="check", ports=ports, target=target.name, target_kind=target.kind, **how)


class Word(StrEnum):
    """What an answer says.

    `alive`: the errand goes on. `waiting PORT AHEAD`: others of the worker's connections are before it. `deeper PORT
    PURPOSE`: a further connection is made. `heard`: the record of one connection. `part NUMBER OF`: a piece of the
    record of the whole. `refused WHY ...`: it is not done.
    """

    ALIVE = "alive"
    WAITING = "waiting"
    DEEPER = "deeper"
    HEARD = "heard"
    PART = "part"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a worker does not do what it is asked."""

    NOT_UNDERSTOOD = "not_understood"
    NOT_ABLE = "not_able"
    PORT_NOT_ALLOWED = "port_not_allowed"
    SOURCE_NOT_SET = "source_not_set"
    SOURCE_MISSING = "source_missing"
    TOO_OFTEN = "too_often"
    BUSY = "busy"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """One message of a worker, read."""

    worker: str
    word: Word
    arguments: tuple[str, ...] = ()
    body: bytes = b""

    def numbers(self) -> tuple[int, ...]:
        """The arguments that are numbers of at most five digits, in their order."""
        return tuple(int(one) for one in self.arguments if re.fullmatch(r"[0-9]{1,5}", one))

    def to_bytes(self) -> bytes:
        return " ".join((self.word, self.worker, *self.arguments)).encode() + b"\n" + self.body


HEAD = re.compile(rb"([a-z]+) ([0-9a-f]{8})((?: [0-9A-Za-z_.:]{1,64}){0,3})\n")


def read_answer(data: bytes) -> Answer | None:
    """The answer in these bytes; None for what is none."""
    head = HEAD.match(data)
    if head is None or head[1].decode() not in set(Word):
        return None
    arguments = tuple(head[3].decode().split())
    return Answer(head[2].decode(), Word(head[1].decode()), arguments, data[head.end() :])


def parts(record: bytes) -> Iterator[tuple[str, str, bytes]]:
    """The pieces of a record with number and count, as a `part` carries them."""
    pieces = [record[at : at + PART] for at in range(0, len(record), PART)]
    for number, piece in enumerate(pieces):
        yield str(number), str(len(pieces)), piece


@dataclass(slots=True)
class Pieces:
    """The pieces of a record, put together again in whatever order they come."""

    most: int
    _found: dict[int, bytes]

    @classmethod
    def of(cls, most: int) -> Self:
        return cls(most, {})

    def add(self, answer: Answer) -> bytes | None:
        """The record when this was the last of its pieces. Raises `RecordError` for what can be none of it."""
        numbers = answer.numbers()
        if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1] <= self.most // PART + 1:
            raise RecordError("", "a piece of it has no number")
        self._found[numbers[0]] = answer.body
        if len(self._found) < numbers[1]:
            return None
        return b"".join(self._found[number] for number in sorted(self._found))
