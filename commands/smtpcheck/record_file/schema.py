"""The schema `portero.record/1` as data: every member with its shape, its bound, its closed set.

A bound is what a check can come to, with room; the file as a whole has at most 1 MiB (`json_text`). Members under
`sometimes` were added later, so older files lack them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from commands.smtpcheck.address.public_addresses import REASONS
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.deep.tls_versions import VERSIONS
from commands.smtpcheck.egress.control_hosts import GREETING_BYTES, INSTEAD, Attempt, Greeting, How
from commands.smtpcheck.egress.own_name import OwnName
from commands.smtpcheck.lookup.question import MAX_NAMES, Reverse
from commands.smtpcheck.lookup.resolve import MAX_ADDRESSES, MAX_MX, OF_MX, Dns, HostAddresses, Source
from commands.smtpcheck.policy.mail_policy import CODES as POLICY_CODES
from commands.smtpcheck.record_file.shapes import (
    PORT,
    ByPort,
    Bytes,
    Either,
    Flag,
    Items,
    Line,
    Members,
    Moment,
    Number,
    OneOf,
    OrNull,
    RecordError,
    Row,
    Shape,
    Text,
    shown,
)
from commands.smtpcheck.report.model import DENIED, Finding, finding
from commands.smtpcheck.result.findings import Code, row_of
from commands.smtpcheck.tls.certificate_findings import MAX_CERTIFICATE_BYTES
from commands.smtpcheck.wire.connection import POOL_LIMIT
from commands.smtpcheck.wire.record import (
    STEP_ENDS,
    STEP_NAMES,
    Chunk,
    Connect,
    Ended,
    Further,
    Handshake,
    Icmp,
    Mode,
    Purpose,
    Record,
    Sender,
    Step,
)

SCHEMA = "portero.record/1"

MOST_SAID = 8_000
"""Characters of one reply: `record_file.writer` saves no more."""

MOST_CHUNKS = 2_000
MOST_CHUNK = 64 * 1024
MOST_ANSWERS = 6_000
"""Records that fit into one DNS message of 64 KiB, and what can be said of them."""

MOST_ROOTS = 64
MOST_PORTS = 64
MOST_CONTROLS = 64
MOST_NUMBER = 10**12

DNS_CODES = frozenset(
    {
        *OF_MX,
        *OF_MX.values(),
        *(Code.NULL_MX, Code.IMPLICIT_MX, Code.MIXED_NULL_MX, Code.TOO_MANY_MX, Code.TOO_MANY_ADDRESSES),
        *(
            Code.MX_IS_CNAME,
            Code.MX_IS_ADDRESS,
            Code.MX_IS_LOCALHOST,
            Code.MX_BAD_NAME,
            Code.MX_UNDERSCORE,
            Code.MX_IPV6_ONLY,
            Code.MX_UNKNOWN,
            Code.ADDRESS_UNUSABLE,
            Code.DNS_INVENTED,
            Code.ADDRESS_NOT_PUBLIC,
            Code.DNS_FAMILY_FAILED,
            Code.DNS_CONTRADICTS,
        ),
    }
)


class Address:
    """An IPv4 or IPv6 address. What stands behind `%` is a scope id, which is no business of others."""

    def read(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or "%" in value or not is_address(value):
            raise RecordError(place, f"{shown(value)} is no address")
        return value


class OptionalAddress(Address):
    """The same, or nothing."""

    def read(self, value: Any, place: str) -> str:
        return "" if value == "" else super().read(value, place)


NAME = Line(255)
WORDS = Text(1_000)
"""What a stranger wrote, cleaned and cut when it was looked up; it is escaped where it is shown."""

MS = Number(0, 24 * 3600 * 1000, "number of milliseconds of a check")
REPLY_CODE = Number(-99, 999, "reply code", whole=True)
"""aiosmtplib takes `-22` for a code, too."""

OF_TYPE: Mapping[type, Shape] = {
    str: Either(Number(0, 999, whole=True), WORDS),  # a status of HTTP stands where a text may
    int: Number(-MOST_NUMBER, MOST_NUMBER, whole=True),
    float: Number(-MOST_NUMBER, MOST_NUMBER),
    bool: Flag(),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding on DNS or mail policy: one of these codes, with parameters that its row in the table of findings has.

    Of all other findings none is saved: they follow from the rest.
    """

    codes: Collection[str]

    def read(self, value: Any, place: str) -> tuple[Code, dict[str, Any]]:
        if not isinstance(value, list) or len(value) != len(("code", "parameters")):
            raise RecordError(place, f"{shown(value)} is no list of a code and its parameters")
        code = row_of(OneOf(self.codes, "code").read(value[0], f"{place}[0]"))
        params = Members({}, {name: OF_TYPE[kind] for name, kind in code.params.items()})
        return code, params.read(value[1], f"{place}[1]")


ADDRESSES = Items(Address(), MAX_ADDRESSES)
ALIASES = Items(NAME, 64)

HOST = Members(
    {"name": NAME, "addresses": ADDRESSES, "source": OneOf(get_args(Source), "source of a host")},
    {"aliases": ALIASES},
    HostAddresses,
)
DNS = Members(
    {
        "name": NAME,
        "kind": OneOf(("host", "domain", "address"), "kind of target"),
        "mx": Items(Row((Number(0, 65_535, "preference", whole=True), NAME)), MOST_ANSWERS),
        "null_mx": Flag(),
        "implicit_mx": Flag(),
        "hosts": Items(HOST, MAX_MX),
        "own_addresses": ADDRESSES,
        "findings": Items(Found(DNS_CODES), MOST_ANSWERS),
    },
    {"aliases": ALIASES},
    Dns,
)


def denied(host: str, reason: str, code: str = Code.FORBIDDEN) -> Finding:
    """A host that nobody may connect to."""
    return finding(row_of(code), {"host": host, "reason": reason, "by_address": is_address(host)})


DENIED_HOST = Members({"host": NAME, "reason": OneOf(REASONS, "reason")}, {"code": OneOf(DENIED, "code")}, denied)
OUTCOME = OneOf(get_args(Connect), "outcome of a connect")
CONTROL = Members(
    {"host": NAME, "port": PORT, "outcome": OrNull(OUTCOME), "elapsed_ms": MS},
    {
        "ago_s": Number(0, 24 * 3600, "age in seconds"),
        "address": OptionalAddress(),
        "named": NAME,
        "source": OptionalAddress(),
    },
    Attempt,
)
GREETING = Members(
    {"host": NAME, "port": PORT, "text": Text(GREETING_BYTES)},
    {
        "address": OptionalAddress(),
        "named": NAME,
        "how": OneOf(get_args(How), "end of a connection to a control host"),
        "instead": Text(INSTEAD),
    },
    Greeting,
)

STEP = Members(
    {
        "name": OneOf(STEP_NAMES, "step"),
        "started_ms": MS,
        "ended_ms": MS,
        "code": OrNull(REPLY_CODE),
        "text": Text(MOST_SAID),
        "error": OneOf(STEP_ENDS, "end of a step"),
        "detail": Text(MOST_SAID),
    },
    make=Step,
)
CHUNK = Members(
    {"at_ms": MS, "from": OneOf(get_args(Sender), "sender"), "data": Bytes(MOST_CHUNK)},
    make=lambda **chunk: Chunk(chunk["at_ms"], chunk["from"], chunk["data"]),
)
HANDSHAKE = Members(
    {
        "version": OneOf(("", "SSLv3", *VERSIONS), "TLS version"),
        "cipher": Text(80, re.compile(r"[A-Za-z0-9_-]*"), "cipher suite"),
        "chain": Items(Bytes(MAX_CERTIFICATE_BYTES), 100),
    },
    {"alpn": Text(40, re.compile(r"[!-~]*"), "name of a protocol")},
    Handshake,
)


ICMP = Members(
    {
        "type": Number(0, 255, "type of ICMP", whole=True),
        "code": Number(0, 255, "code of ICMP", whole=True),
        "sender": OptionalAddress(),
        "own": Flag(),
    },
    {"beside": Flag()},
    Icmp,
)


def record(**members: Any) -> Record:
    """A connection. `left_out` is for people: how many bytes of a flood were not saved."""
    members.pop("left_out", None)
    return Record(**members)


RECORD = Members(
    {
        "host": NAME,
        "address": Address(),
        "port": PORT,
        "mode": OneOf(get_args(Mode), "TLS mode"),
        "connect": OUTCOME,
        "connect_ms": MS,
        "ended": OneOf(get_args(Ended), "end of a connection"),
        "elapsed_ms": MS,
        "ehlo_name": NAME,
        "sni": Flag(),
        "steps": Items(STEP, len(STEP_NAMES)),
        "chunks": Items(CHUNK, MOST_CHUNKS),
        "handshake": OrNull(HANDSHAKE),
    },
    {
        "purpose": OneOf(get_args(Purpose), "purpose of a connection"),
        "newest": OneOf(("", *VERSIONS), "TLS version"),
        "icmp": ICMP,
        "source": Either(OneOf(("",), "address"), Address()),
        "left_out": Number(0, MOST_NUMBER, "number of bytes", whole=True),
    },
    record,
)
RECORDS = Items(RECORD, POOL_LIMIT)
FURTHER = Members({"offerable": Items(OneOf(VERSIONS, "TLS version"), len(VERSIONS)), "records": RECORDS}, make=Further)

REVERSE = Members(
    {
        "address": Address(),
        "state": OneOf(("confirmed", "not_confirmed", "missing", "unknown"), "state of reverse DNS"),
        "names": Items(NAME, MAX_NAMES),
        "confirmed_by": NAME,
    },
    make=Reverse,
)
OWN_NAME = Members({"name": NAME, "addresses": ADDRESSES, "certain": Flag()}, make=OwnName)
POLICY = Items(Found(POLICY_CODES), MOST_ANSWERS)

CHECK = Members(
    {
        "schema": OneOf((SCHEMA,), "schema"),
        "id": Text(64, re.compile(r"[0-9A-Za-z_-]+"), "id"),
        "target": NAME,
        "vantage": Line(64),
        "started_at": Moment(range(2000, 2200)),
        "elapsed_ms": MS,
        "dns": DNS,
        "denied": Items(DENIED_HOST, MAX_MX + 1),
        "controls": ByPort(Items(CONTROL, MOST_CONTROLS), MOST_PORTS),
        "records": RECORDS,
    },
    {
        "greetings": ByPort(Items(GREETING, MOST_CONTROLS), MOST_PORTS),
        "policy": POLICY,
        "further": OrNull(FURTHER),
        "experiments": RECORDS,
        "own_name": OrNull(OWN_NAME),
        "own_addresses": Items(REVERSE, MAX_ADDRESSES),
        "roots": Items(Bytes(MAX_CERTIFICATE_BYTES), MOST_ROOTS),
    },
)
