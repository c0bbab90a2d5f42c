"""One request over HTTPS to addresses that the guard has passed, and to no other.

Policy: the name is resolved once, every address judged, and the connection goes to exactly one of those that are open;
an owner's objection closes the name. The certificate is verified for the name before a byte of the request leaves. No
redirects, no proxy, no cookies, no retries; time and size are bounded. Carries what the caller gives it and nothing
else; nothing of it is logged.

The usual clients would resolve the name again, follow redirects and read proxies from the environment.

Sources: RFC 9110, RFC 9112 (HTTP/1.1), RFC 8461 section 3.3 (no redirects, the certificate is for the policy host).
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.address.public_addresses import DENIED_BY_OWNER, Guard
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.https.response import MALFORMED, Response, ResponseParser
from commands.smtpcheck.lookup.question import Answer
from commands.smtpcheck.tls.certificate_findings import analyse, peer_chain_der
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Route, direct, open_socket
from commands.smtpcheck.wire.record import Connect

Ask: TypeAlias = Callable[[str, str], Awaitable[Answer]]
"""Asks a name server for a name and a type. Never raises."""

WhyNot: TypeAlias = Literal["no_host", "host_unknown", "forbidden", "denied"]
"""Why nobody is connected to: no address, DNS did not say, an address that is not public, an owner who objects."""

EACH = 2
"""Addresses that are tried of each family."""


async def judged_addresses(host: str, ask: Ask, guard: Guard) -> tuple[tuple[str, ...], WhyNot | None]:
    """Those that may be connected to, in the order in which they are tried; else why there is none.

    `host` may be an address itself.
    """
    if is_address(host):
        v4, v6, certain = [host], [], True
        names: tuple[str, ...] = (host,)
    else:
        families = await asyncio.gather(ask(host, "A"), ask(host, "AAAA"))
        v4, v6 = (sorted(record.address for record in answer.records) for answer in families)
        names = (host, *(name for answer in families for name in answer.aliases))
        certain = all(answer.is_certain for answer in families)
    verdict = guard.judge_host(names, v4 + v6)
    if verdict.reason == "no_address":
        return (), "no_host" if certain else "host_unknown"
    if not verdict.allowed:
        return (), "denied" if verdict.reason == DENIED_BY_OWNER else "forbidden"
    v4, v6 = (list(guard.open_addresses(family)) for family in (v4, v6))
    return _in_turn(v4[:EACH], v6[:EACH]), None


def _in_turn(v4: list[str], v6: list[str]) -> tuple[str, ...]:
    """IPv4 first, then the families in turn."""
    pairs = [pair for at in range(EACH) for pair in (v4[at : at + 1], v6[at : at + 1])]
    return tuple(address for pair in pairs for address in pair)


PORT = 443
CONNECT_S, CONNECTS_S = 3.0, 5.0
"""Seconds that one address has to take the connection, and that all of them have; then the next one is tried."""
MAX_BODY = 64 * 1024
MAX_HEAD = 16 * 1024
_CHUNK = 16 * 1024

_WORD, _LINE = re.compile(r"[!-~]+"), re.compile(r"[ -~]*")
_TARGET = re.compile(r"/[!-~]*")

Failure: TypeAlias = Connect | WhyNot | Literal["", "tls", "certificate", "closed", "malformed", "too_large", "timeout"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `target` is path and query; `most` is how much of the answer's body is read, in bytes.

    With 0 the answer ends with its head. ValueError for what could be read as more than one request.
    """

    host: str
    target: str
    port: int = PORT
    method: Literal["GET", "POST"] = "GET"
    fields: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    most: int = MAX_BODY

    def __post_init__(self) -> None:
        words = all(_WORD.fullmatch(word) for word in (self.host, *self.fields))
        if not (words and _TARGET.fullmatch(self.target) and all(map(_LINE.fullmatch, self.fields.values()))):
            raise ValueError("a request is made of lines of printable ASCII")

    def data(self) -> bytes:
        """The request as it goes over the wire."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        fields = {"Host": host if self.port == PORT else f"{host}:{self.port}", "User-Agent": "portero", **self.fields}
        if self.content:
            fields["Content-Length"] = str(len(self.content))
        lines = (f"{name}: {value}" for name, value in {**fields, "Connection": "close"}.items())
        head = "".join(f"{line}\r\n" for line in (f"{self.method} {self.target} HTTP/1.1", *lines, ""))
        return head.encode("ascii") + self.content


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response; else why there is none, and `detail` says more: of `certificate` the code of a finding."""

    response: Response | None = None
    failure: Failure = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HttpsClient:
    """Sends messages to hosts that `ask` finds, `guard` lets through and `store` vouches for."""

    ask: Ask
    guard: Guard
    store: TrustStore
    route: Route = direct

    async def send(self, message: Message, *, at: datetime, within: float) -> Fetched:
        """What came of it within so many seconds. Never raises for what DNS, networks and servers do.

        Without a connection the failure is that of the first address.
        """
        try:
            async with asyncio.timeout(within):
                return await self._send(message, at)
        except TimeoutError:
            return Fetched(failure="timeout")
        except ssl.SSLError as error:
            return Fetched(failure="tls", detail=clean((error.reason or str(error)).replace("_", " ").lower()))
        except (OSError, EOFError) as error:
            return Fetched(failure="closed", detail=clean(str(error)))

    async def _send(self, message: Message, at: datetime) -> Fetched:
        addresses, why_not = await judged_addresses(message.host, self.ask, self.guard)
        if why_not:
            return Fetched(failure=why_not)
        outcome, sock = await self._connect(addresses, message.port)
        if sock is None:
            return Fetched(failure=outcome)
        return await _converse(sock, message, lambda tls: _objection(tls, message.host, at, self.store))

    async def _connect(self, addresses: Sequence[str], port: int) -> tuple[Connect, socket.socket | None]:
        """The outcome of the first address, or a socket to the first one that takes the connection."""
        seconds = min(CONNECT_S, CONNECTS_S / len(addresses))
        outcomes = []
        for address in addresses:
            outcome, sock = await open_socket(*self.route(address, port), seconds)
            if sock is not None:
                return outcome, sock
            outcomes.append(outcome)
        return outcomes[0], None


@lru_cache(maxsize=1)
def client_context() -> ssl.SSLContext:
    """Verifies nothing by itself: `_objection` does, against the roots that it is given. TLS 1.2 at least."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _converse(sock: socket.socket, message: Message, objection: Callable[[ssl.SSLObject], str]) -> Fetched:
    try:
        reader, writer = await asyncio.open_connection(sock=sock, ssl=client_context(), server_hostname=message.host)
    except BaseException:
        sock.close()
        raise
    try:
        why = objection(writer.get_extra_info("ssl_object"))
        if why:
            return Fetched(failure="certificate", detail=why)
        writer.write(message.data())
        return await _read(reader, message.most)
    finally:
        writer.transport.abort()


def _objection(tls: ssl.SSLObject, host: str, at: datetime, store: TrustStore) -> str:
    """The code of why the certificate is not to be believed for this host, or nothing."""
    report = analyse(peer_chain_der(tls), host=host, at=at, store=store)
    if not report.trusted:
        return report.why_not or "cert_untrusted"
    return "" if report.name_matches else "cert_name_mismatch"


async def _read(reader: asyncio.StreamReader, most: int) -> Fetched:
    """Read until the response is whole, the server ends it, or it is larger than it may be."""
    parser, begin, size = ResponseParser(head_only=most == 0), b"", 0
    while size <= MAX_HEAD + most:
        piece = await reader.read(_CHUNK)
        begin, size = begin or piece[:200], size + len(piece)
        response = parser.feed(piece, ended=not piece)
        if response is MALFORMED:
            return Fetched(failure="malformed", detail=clean(begin.decode("utf-8", "replace")))
        if response is not None:
            return Fetched(response) if len(response.body) <= most else Fetched(failure="too_large")
    return Fetched(failure="too_large")
