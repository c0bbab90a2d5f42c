"""A connection: to what, in which TLS mode, how long each part may take; the socket, and what errors say of it.

Policy: only addresses that the guard has passed come in here, as literals, and the connection goes to exactly that one.
Nothing is resolved, nothing is sent, no proxy is asked. Who calls it says what the connection carries: the probe an
SMTP dialogue without a login or a mail, the controls nothing but QUIT.

Rule 1: every wait has an end; `Limits` names them all.
Rule 2: what servers and networks do never raises; what is no network outcome does, for it is a bug.
Rule 3: the cause decides, not the wrapper that aiosmtplib put round it.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import aiosmtplib

from commands.smtpcheck.wire.icmp import expect, heard
from commands.smtpcheck.wire.neighbours import is_neighbour_over_six
from commands.smtpcheck.wire.record import Connect, Icmp, Mode, Purpose
from commands.smtpcheck.wire.tcp_info import never_left

AddressPort: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What to speak to: a name, a literal address that the guard has passed, a port and the TLS mode.

    Without `sni` the name is left out of the ClientHello (RFC 6066 section 3). `purpose` and `newest` (the highest TLS
    version to offer) are of a deep check: see `Record`. `hello` is sent in the place of a TLS handshake, and nothing
    behind the answer to it.
    """

    host: str
    address: str
    port: int
    mode: Mode
    sni: bool = True
    purpose: Purpose = ""
    newest: str = ""
    hello: bytes = b""


IMPLICIT_TLS_PORTS = frozenset({465, 2465, 8465})


def mode_of(port: int) -> Mode:
    """The TLS mode that a port has by registration or custom (RFC 8314 section 7.3 for 465)."""
    return "implicit" if port in IMPLICIT_TLS_PORTS else "starttls"


CONNECT_SECONDS = 8.0
"""Until a host that does not answer counts as silent: the checked ones and the control hosts alike."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that each part of a probe may take. RFC 5321 section 4.5.3.2 lets a greeting take 300.

    A reply that has begun is waited for as long as a piece comes every `piece` seconds, `reply` in all: that is how a
    tarpit is told from a server that hangs. `gap` is the pause that counts as dripping. `turn` is how long a check
    waits for other checks of ours, which is no part of `check`.
    """

    connect: float = CONNECT_SECONDS
    greeting: float = 15.0
    command: float = 10.0
    piece: float = 12.0
    reply: float = 35.0
    gap: float = 1.0
    handshake: float = 10.0
    quit: float = 2.0
    check: float = 60.0
    turn: float = 300.0


DEEP = {"greeting": 35.0, "command": 35.0, "check": 120.0}
"""What a deep check waits longer: postscreen, greet_pause and delays at EHLO take up to 30 s."""

PATIENT = {"greeting": 45.0, "command": 20.0, "reply": 50.0, "check": 75.0}
"""What a watch waits longer for a server that was slow the last time; it ends before its run does."""


CONNECTION_LIMIT = 6
"""Of one check to the first address of each host; a deep one makes more (`deep.further_connections`)."""

POOL_LIMIT = 24
"""Of one check in all, where hosts have several addresses."""


def tls_context() -> ssl.SSLContext:
    """The context of every probe. It verifies nothing (the verdict does) and offers what old servers still speak.

    Made once and shared: with SECLEVEL 0 and the lowest version OpenSSL has, so that a server with TLS 1.0 alone is
    seen and reported as such instead of failing for a reason of ours.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


CONNECT_OUTCOMES: Mapping[int, Connect] = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "no_route",
    errno.EADDRNOTAVAIL: "no_route",
    errno.EAFNOSUPPORT: "no_route",
    errno.ETIMEDOUT: "no_answer",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
}

_ROUTES_THAT_FORBID = frozenset({errno.EHOSTUNREACH, errno.EINVAL})
"""What connect(2) says of a route of the kind `unreachable` or `blackhole`. Of `prohibit` it says EACCES."""

Route = Callable[[str, int], tuple[str, int]]
"""Where a connection to (address, port) really goes. The lab of the demo and the tests listens elsewhere."""


def direct(address: str, port: int) -> tuple[str, int]:
    return address, port


def through(lab: Mapping[tuple[str, int], tuple[str, int]]) -> Route:
    """A route that sends the lab's addresses to where the lab listens, and every other where it says."""
    return lambda address, port: lab.get((address, port), (address, port))


SMALL_SEGMENT = 536
"""Octets of TCP in a packet that every IPv4 network takes (RFC 9293 section 3.7.1); far below IPv6's least."""


class SourceError(Exception):
    """This machine does not have the address that it was to connect from."""


@dataclass(slots=True)
class Told:
    """What is known of a connect beside its outcome: the ICMP message that ended it, and the address that we came from.

    `source` is "" where none was chosen: nothing was sent then.
    """

    icmp: Icmp | None = None
    source: str = ""


async def open_socket(
    address: str, port: int, timeout: float, told: Told | None = None, segment: int = 0, source: str = ""
) -> tuple[Connect, socket.socket | None]:
    """Connect to a literal address within `timeout` seconds: the outcome, and the socket if there is one.

    `segment`: the most octets that a segment may have in either direction; 0 for what the system chooses. `source` is
    the address to connect from: raises `SourceError` where this machine does not have it, and there is no way from it
    to an address of the other family. `told` is filled in.
    """
    told = told or Told()
    if source and (":" in source) != (":" in address):
        return "no_route", None
    try:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        return _outcome(error), None
    _prepare(sock, segment, source)
    try:
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except TimeoutError:
        if not _stands(sock):
            stayed, told.source = never_left(sock), _source_of(sock)
            sock.close()
            return "not_permitted" if stayed else "no_answer", None
    except ConnectionResetError:
        pass  # accepted, and reset before we looked: a port that is closed refuses. Whoever reads sees the end
    except OSError as error:
        told.icmp, told.source = heard(sock, address), _source_of(sock)
        sock.close()
        if told.icmp is not None and told.icmp.sender != address:
            told.icmp = replace(told.icmp, beside=_is_neighbour(told.icmp.sender))
        return _outcome(error, told.icmp, stayed=not told.source), None
    except BaseException:
        sock.close()
        raise
    expect(sock, on=False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    told.source = _source_of(sock)
    return "connected", sock


BIND_WITHOUT_PORT = getattr(socket, "IP_BIND_ADDRESS_NO_PORT", 24)
"""Linux: the port is chosen at the connect, so that there are enough for many servers. Source: ip(7)."""


def _prepare(sock: socket.socket, segment: int, source: str) -> None:
    sock.setblocking(False)
    if source:
        _bind(sock, source)
    expect(sock)
    if segment:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)


def _bind(sock: socket.socket, source: str) -> None:
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_IP, BIND_WITHOUT_PORT, 1)
    try:
        sock.bind((source, 0))
    except OSError as error:
        sock.close()
        if is_our_own(error):
            raise
        raise SourceError(source) from error


def _stands(sock: socket.socket) -> bool:
    """Whether the connection came about all the same: the process may have slept over its time."""
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


UNSPECIFIED = frozenset({"0.0.0.0", "::"})


def _source_of(sock: socket.socket) -> str:
    """The address that we come from; "" where none was chosen: the routing table ended the connect, unsent."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return "" if address in UNSPECIFIED else address


DISCARD = 9
"""A port is needed to look for a way (RFC 863); nothing goes there."""


def _is_neighbour(address: str) -> bool:
    """Whether an address stands in a network of this machine's own: no router is needed on the way there.

    Nothing is sent: the connect of a datagram only looks for a way. Over IPv6 the system does not tell so.
    """
    if not address or ":" in address:
        return bool(address) and is_neighbour_over_six(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looking:
        try:
            looking.setsockopt(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)
            looking.connect((address, DISCARD))
        except OSError:
            return False
    return True


def _outcome(error: OSError, message: Icmp | None = None, *, stayed: bool = False) -> Connect:
    """What an error says of the network. When it is this process that ran out of something, it says nothing: a bug.

    Linux says EACCES, too, when a firewall far away prohibits a connection over IPv6.
    """
    if is_our_own(error):
        raise error
    outcome = CONNECT_OUTCOMES.get(error.errno or 0, "unreachable")
    if message is not None and outcome in {"not_permitted", "no_route"}:
        return "unreachable"  # somebody else said so
    if stayed and error.errno in _ROUTES_THAT_FORBID:
        return "not_permitted"
    return outcome


OUR_OWN = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Too many open files and the like."""


def is_our_own(error: object) -> bool:
    return isinstance(error, OSError) and error.errno in OUR_OWN


async def outcome(act: Callable[[], Awaitable[Any]]) -> tuple[int | None, str, str, str]:
    """Run one aiosmtplib call: (code, text, error, detail) as in `Step`.

    aiosmtplib wraps the same event differently by step (bad TLS is an SMTPConnectError on connect and a bare SSLError
    on STARTTLS), so the whole chain of causes is read.
    """
    try:
        reply = await act()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _failure(error)
    return reply.code, reply.message, "", ""


def _failure(error: BaseException) -> tuple[int | None, str, str, str]:
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return None, "", "tls", cause.reason or type(cause).__name__
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _bad_reply(error)
    for kinds, name in _ERRORS:
        if any(isinstance(cause, kinds) for cause in causes):
            return None, "", name, str(causes[-1])
    return None, "", "closed", str(causes[-1])


def _bad_reply(error: aiosmtplib.SMTPResponseException) -> tuple[int | None, str, str, str]:
    if error.code > 0:
        return error.code, error.message, "", ""
    return None, "", "too_long" if "too long" in error.message else "malformed", error.message


_ERRORS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((aiosmtplib.SMTPTimeoutError, TimeoutError, asyncio.TimeoutError), "timeout"),
    (ConnectionResetError, "reset"),
    (BrokenPipeError, "closed"),
    (aiosmtplib.SMTPServerDisconnected, "closed"),
    (OSError, "os"),
    (ValueError, "local"),
)
