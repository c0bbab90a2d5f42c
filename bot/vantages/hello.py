"""What a worker says of itself when it is asked who is there (`portero.vantage/1`). Pure; nothing in it is believed."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Self

from bot.vantages.abilities import FIRST, MOST, NAME, Ability
from commands.smtpcheck.record_file.later import known
from commands.smtpcheck.record_file.reader import parsed
from commands.smtpcheck.record_file.schema import OptionalAddress
from commands.smtpcheck.record_file.shapes import PORT, Items, Members, Moment, OneOf, OrNull, RecordError, Text

SCHEMA = "portero.vantage/1"
MOST_BYTES = 64 * 1024
MOST_SOURCES = 256
EHLO_NAME = re.compile(r"[0-9A-Za-z._:\[\]-]*")
"""A host name, or an address in brackets (RFC 5321 section 4.1.3)."""

YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Source:
    """An address to connect from ("" for the machine's choice) and its name in EHLO."""

    address: str
    ehlo_name: str


def canonical(address: str) -> str:
    """One spelling of each address: two machines that announce one are known by it. ValueError for none."""
    literal = ip_address(address)
    return str(getattr(literal, "ipv4_mapped", None) or literal)


def _source(address: str, ehlo_name: str) -> Source:
    return Source(canonical(address) if address else "", ehlo_name)


@dataclass(frozen=True, slots=True)
class Hello:
    """One worker: since when it runs, its version, what it may connect from and to, and when it last did an errand.

    `abilities` are the names of those that it has, also of a later version than ours.
    """

    worker: str
    version: str
    since: datetime
    sources: tuple[Source, ...]
    ports: tuple[int, ...]
    last: datetime | None
    abilities: frozenset[str] = frozenset(Ability)

    def to_bytes(self) -> bytes:
        return json.dumps(
            {
                "schema": SCHEMA,
                "worker": self.worker,
                "version": self.version,
                "since": self.since.isoformat(),
                "sources": [{"address": one.address, "ehlo_name": one.ehlo_name} for one in self.sources],
                "ports": list(self.ports),
                "last": self.last.isoformat() if self.last else None,
                "abilities": sorted(self.abilities),
            }
        ).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """What is said in these bytes, as far as this version knows it. Raises `RecordError`."""
        if len(data) > MOST_BYTES:
            raise RecordError("", "It is larger than what a worker says of itself")
        members = _HELLO.read(known(_HELLO, parsed(data)), "")
        del members["schema"]
        return cls(**{**members, "abilities": frozenset(members.get("abilities", FIRST))})


_HELLO = Members(
    {
        "schema": OneOf((SCHEMA,), "schema"),
        "worker": Text(8, re.compile(r"[0-9a-f]{8}"), "worker"),
        "version": Text(32, re.compile(r"[0-9A-Za-z.+-]{1,32}"), "version"),
        "since": Moment(YEARS),
        "sources": Items(
            Members({"address": OptionalAddress(), "ehlo_name": Text(255, EHLO_NAME, "name")}, make=_source),
            MOST_SOURCES,
        ),
        "ports": Items(PORT, 64),
        "last": OrNull(Moment(YEARS)),
    },
    {"abilities": Items(Text(32, NAME, "ability"), MOST)},
)
