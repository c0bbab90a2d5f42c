"""Is it us? The control probe: can this machine reach the same port of hosts that are known to answer?

A port that does not answer proves nothing about the target: many networks drop outgoing mail ports. So the port is
tried on known-good hosts of different operators, only when it is needed, and what came of it is kept for minutes. Only
TCP connects are made, and nothing is said; where somebody else may answer in the target's place, the greeting is heard,
too, to its end, and thanked with QUIT: never a byte before it is complete, nor to a host that did not finish one. Never
a customer's host (they would pay for our doubts).
"""

import asyncio
import re
import socket
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from commands.slack_text import clean
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.address.target import is_address, site
from commands.smtpcheck.lookup.resolve import HostAddresses, Resolver
from commands.smtpcheck.tls.cipher_suites import GROUPS
from commands.smtpcheck.tls.hello import CLOSE_NOTIFY, client_hello
from commands.smtpcheck.wire.connection import CONNECT_SECONDS, Route, Told, direct, mode_of, open_socket
from commands.smtpcheck.wire.record import Connect
from commands.smtpcheck.wire.recorder import LATE

KEEP_SECONDS = 300.0
TWO = 2

DEFAULT_HOSTS: Mapping[int, tuple[str, ...]] = {
    25: ("gmail-smtp-in.l.google.com", "mx1.mail.icloud.com", "mta5.am0.yahoodns.net"),
    465: ("smtp.gmail.com", "smtp.mail.yahoo.com", "smtp.fastmail.com"),
    587: ("smtp.gmail.com", "smtp.mail.yahoo.com", "smtp.office365.com"),
    2525: ("smtp.sendgrid.net", "smtp.mailgun.org", "smtp.sparkpostmail.com"),
}
"""Hosts of different operators that answer on these ports (providers.tsv of the research, November 2026)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One control connect: how it ended, after how many milliseconds, and how many seconds ago it was made.

    `address` is where it went, `named` the name that the host is an alias of, `source` the address that we came from;
    "" where there is none.
    """

    host: str
    port: int
    outcome: Connect | None
    elapsed_ms: float
    ago_s: float = field(default=0.0, compare=False)
    address: str = ""
    named: str = ""
    source: str = ""


How: TypeAlias = Literal["", "greeted", "tls", "silent", "closed", "other"]
"""What came of a connection: a greeting, TLS where that comes first, no word, the end without one, other words; ""
where there was none."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a control host greets with on a port: the whole reply, or "" when none was heard.

    `instead` are the first words of what is no greeting.
    """

    host: str
    port: int
    text: str
    address: str = ""
    named: str = ""
    how: How = ""
    instead: str = ""


def operators_of(answers: Iterable[Attempt | Greeting]) -> int:
    """How many operators control hosts are of, as far as it shows: hosts of one domain or one network are one's.

    A name says it, and the one that it is an alias of; a network is 256 addresses of IPv4, or a /48 of IPv6. Pure.
    """
    operators: list[set[str]] = []
    for it in answers:
        marks = {site(it.host), site(it.named or it.host), _network(it.address)} - {""}
        same = [operator for operator in operators if operator & marks]
        operators = [*(operator for operator in operators if operator not in same), marks.union(*same)]
    return len(operators)


def share_one_address(answers: Sequence[Attempt | Greeting]) -> bool:
    """Whether hosts of different domains all have one address here, and no such alias: nobody runs them like that."""
    sites = {site(it.host) for it in answers if it.address and not it.named}
    return len(sites) >= TWO and len({it.address for it in answers if it.address}) == 1


def _network(address: str) -> str:
    return str(ip_network(f"{address}/{48 if ':' in address else 24}", strict=False)) if address else ""


@dataclass
class Control:
    """Tries ports on control hosts, each at most once in `keep` seconds, from the address `source`.

    `hosts` replaces the table.
    """

    resolver: Resolver
    guard: Guard
    hosts: Mapping[int, Sequence[str]] = field(default_factory=lambda: DEFAULT_HOSTS)
    route: Route = direct
    source: str = ""
    connect_seconds: float = CONNECT_SECONDS
    keep: float = KEEP_SECONDS
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._attempts = Kept(self._reach, self.keep, self.clock)
        self._greetings = Kept(self._greet, self.keep, self.clock)

    async def reach(self, port: int, within: float | None = None) -> tuple[Attempt, ...]:
        """What came of this port on the control hosts, now or within so many seconds; empty without hosts for it."""
        attempts, ago_s = await self._attempts.get(port, within)
        return tuple(replace(attempt, ago_s=ago_s) for attempt in attempts)

    async def greetings(self, port: int, within: float | None = None) -> tuple[Greeting, ...]:
        """What the control hosts greet with on this port, now or within so many seconds."""
        return (await self._greetings.get(port, within))[0]

    async def _reach(self, port: int) -> tuple[Attempt, ...]:
        return tuple(await asyncio.gather(*(self._attempt(host, port) for host in self.hosts.get(port, ()))))

    async def _greet(self, port: int) -> tuple[Greeting, ...]:
        return tuple(await asyncio.gather(*(self._greeting(host, port) for host in self.hosts.get(port, ()))))

    async def _attempt(self, host: str, port: int) -> Attempt:
        """Connect and close."""
        attempt, sock = await self._connect(host, port)
        if sock is not None:
            sock.close()
        return attempt

    async def _greeting(self, host: str, port: int) -> Greeting:
        made, sock = await self._connect(host, port)
        begins = Greeting(host, port, "", made.address, made.named)
        if sock is None:
            return begins
        heard = await (tls_of(sock, host) if mode_of(port) == "implicit" else greeting_of(sock))
        return replace(begins, text=heard.text, how=heard.how, instead=heard.instead)

    async def _connect(self, host: str, port: int) -> tuple[Attempt, socket.socket | None]:
        """`outcome` is None where DNS or the guard stood in the way, or where we were held up: that is no evidence."""
        began = self.clock()
        found = await self._found(host)
        if not self.guard.judge_host((host, *found.aliases), found.addresses).allowed:
            return Attempt(host, port, None, (self.clock() - began) * 1000), None
        began = self.clock()
        for address in one_of_each_family(self.guard.open_addresses(found.addresses)):
            told = Told()
            there = self.route(address, port)
            outcome, sock = await open_socket(*there, self.connect_seconds, told, source=self.source)
            if outcome != "no_route":  # this machine has the other family alone
                break
        took = self.clock() - began
        overslept = outcome == "no_answer" and took >= self.connect_seconds + LATE
        named = found.aliases[-1] if found.aliases else ""
        ended = None if overslept else outcome
        return Attempt(host, port, ended, took * 1000, 0.0, address, named, told.source), sock

    async def _found(self, host: str) -> HostAddresses:
        if is_address(host):
            return HostAddresses(host, (host,), "address")
        return (await self.resolver.addresses_of(host))[0]


def one_of_each_family(addresses: Sequence[str]) -> list[str]:
    """The first IPv4 address, then the first IPv6 address."""
    first = {":" in address: address for address in reversed(addresses)}
    return [first[six] for six in (False, True) if six in first]


ALIKE: Mapping[str, tuple[Connect, ...]] = {"rejected": ("unreachable", "not_permitted", "refused")}
"""How a port ends on a control host when it ends as on the target; what is not here ends in the same word."""


def whose_side(state: str, attempts: Sequence[Attempt]) -> Literal["blocked_here", "target", "unknown"]:
    """`blocked_here`, `target` or `unknown` for a port that gave `state` on the target.

    Blocked here: at least two operators' hosts end the same way and none answers. The target: a control answers.
    Some do, some do not: per-destination rules or throttling, so nothing can be said. Pure.
    """
    tried = [attempt for attempt in attempts if attempt.outcome is not None]
    seen = [attempt.outcome for attempt in tried]
    alike = [outcome for outcome in seen if outcome in ALIKE.get(state, (state,))]
    if operators_of(tried) >= TWO and len(alike) == len(seen):
        return "blocked_here"
    if "connected" in seen and not alike:
        return "target"
    return "unknown"


def parse_hosts(text: str) -> dict[int, tuple[str, ...]]:
    """`mx.a.example, smtp.b.example:587, [2001:db8::1]:25`: for every port of the default table, or the one they name.

    Names or addresses. ValueError for what is neither.
    """
    hosts: dict[int, tuple[str, ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, port = split_port(part)
        if (port and not port.isdecimal()) or not name:
            raise ValueError(f"{part!r} is not a host or host:port")
        for number in [int(port)] if port else DEFAULT_HOSTS:
            hosts[number] = (*hosts.get(number, ()), name)
    return hosts


def split_port(text: str) -> tuple[str, str]:
    """A host and the text of its port, "" where there is none: an IPv6 address with a port stands in brackets."""
    if is_address(text):
        return text, ""
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
        return (name if is_address(name) else ""), port.removeprefix(":")
    name, _, port = text.partition(":")
    return name, port


GREETING_SECONDS = 5.0
QUIT_SECONDS = 2.0
GREETING_BYTES = 4096
"""Bytes that are read of one greeting."""

INSTEAD = 200
"""Characters that are kept of what is no greeting."""

_TLS_RECORDS = (b"\x15", b"\x16")
"""Records with which a server answers a ClientHello: an alert, a handshake."""

_ANYTHING = re.compile(rb"(?s).")
_COMPLETE = re.compile(rb"(?:^|\n)[0-9]{3}(?: [^\n]*)?\r?\n")


class Heard(NamedTuple):
    """The lines of a greeting, or "" when none was complete in time; how it ended, and what came instead."""

    text: str
    how: How
    instead: str = ""


async def greeting_of(sock: socket.socket, seconds: float = GREETING_SECONDS) -> Heard:
    """The greeting, thanked with QUIT. Closes the socket; never raises."""

    async def listen(heard: bytearray) -> None:
        await _hear(sock, heard, _COMPLETE)
        if _COMPLETE.search(heard):
            await _say_quit(sock)

    return await _heard_of(sock, listen, seconds)


async def tls_of(sock: socket.socket, host: str, seconds: float = GREETING_SECONDS) -> Heard:
    """Whether TLS answers, where it begins with the first byte. Closes the socket; never raises."""

    async def listen(heard: bytearray) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(sock, client_hello(GROUPS["sound"], name="" if is_address(host) else host))
        await _hear(sock, heard, _ANYTHING)
        await loop.sock_sendall(sock, CLOSE_NOTIFY)

    return await _heard_of(sock, listen, seconds)


async def _heard_of(
    sock: socket.socket, listen: Callable[[bytearray], Coroutine[Any, Any, None]], seconds: float
) -> Heard:
    heard, how = bytearray(), "closed"
    try:
        async with asyncio.timeout(seconds):
            await listen(heard)
    except TimeoutError:
        how = "silent"
    except OSError:
        pass
    finally:
        sock.close()
    if _COMPLETE.search(heard):
        return Heard(heard.decode("utf-8", "replace"), "greeted")
    if heard[:1] in _TLS_RECORDS:
        return Heard("", "tls")
    return Heard("", "other", first_words(heard)) if heard else Heard("", "silent" if how == "silent" else "closed")


def first_words(heard: bytes | bytearray) -> str:
    """The first line of what is no greeting, cleaned and cut."""
    return clean(bytes(heard).partition(b"\n")[0].decode("utf-8", "replace").strip(), INSTEAD)


async def _hear(sock: socket.socket, heard: bytearray, whole: re.Pattern[bytes]) -> None:
    loop = asyncio.get_running_loop()
    while len(heard) < GREETING_BYTES and not whole.search(heard):
        piece = await loop.sock_recv(sock, GREETING_BYTES - len(heard))
        if not piece:
            return
        heard += piece


async def _say_quit(sock: socket.socket) -> None:
    """QUIT, and a moment for the answer: who is hung up on writes it down."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(QUIT_SECONDS):
        await loop.sock_sendall(sock, b"QUIT\r\n")
        await loop.sock_recv(sock, GREETING_BYTES)


T = TypeVar("T")


class Kept(Generic[T]):
    """Answers by port, each asked for at most once in so many seconds.

    Callers at the same time share one answer; one that gives up does not end it for the others.
    """

    def __init__(self, ask: Callable[[int], Coroutine[Any, Any, T]], keep: float, clock: Callable[[], float]) -> None:
        self._ask, self._keep, self._clock = ask, keep, clock
        self._known: dict[int, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, port: int, within: float | None = None) -> tuple[T, float]:
        """The answer, and how many seconds ago it was asked for; one older than `within` seconds is asked for anew."""
        now, keep = self._clock(), self._keep if within is None else within
        made, task = self._known.get(port, (0.0, None))
        if task is None or now - made > keep or _has_failed(task):
            made, task = now, asyncio.ensure_future(self._ask(port))
            self._known[port] = (made, task)
        return await asyncio.shield(task), now - made


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
