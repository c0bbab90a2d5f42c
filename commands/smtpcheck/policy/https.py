"""One small GET over HTTPS to addresses that the guard has passed, and to no other.

The standard library's clients would resolve the name again, follow redirects and read proxies from the environment;
this does none of that. The certificate is verified before a byte of the request leaves.

Sources: RFC 9112 (HTTP/1.1), RFC 8461 section 3.3 (no redirects, the certificate is for the policy host).
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.policy.http_response import MALFORMED, Response, parse_response
from commands.smtpcheck.tls.certificate import TrustStore, analyse, peer_chain_der
from commands.smtpcheck.wire.connection import Route, open_socket
from commands.smtpcheck.wire.record import Connect

PORT = 443
CONNECT_S = 3.0
"""Seconds that an address has to take the connection; then the next one is tried."""
MAX_BODY = 64 * 1024
MAX_HEAD = 16 * 1024
_CHUNK = 16 * 1024


Failure: TypeAlias = Connect | Literal["", "tls", "certificate", "closed", "malformed", "too_large", "timeout"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response; else why there is none, and `detail` says more: of `certificate` the code of a finding."""

    response: Response | None = None
    failure: Failure = ""
    detail: str = ""


@lru_cache(maxsize=1)
def client_context() -> ssl.SSLContext:
    """Verifies nothing by itself: `_objection` does, against the roots that it is given. TLS 1.2 at least."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def fetch(
    host: str, addresses: Sequence[str], path: str, *, store: TrustStore, route: Route, at: datetime, within: float
) -> Fetched:
    """GET `https://host/path` within so many seconds, at the first of the addresses that takes the connection.

    Never raises for what servers do. Without a connection the failure is that of the first address.
    """
    try:
        async with asyncio.timeout(within):
            outcome, sock = await _connect(addresses, route, min(CONNECT_S, within / len(addresses)))
            if sock is None:
                return Fetched(failure=outcome)
            return await _converse(sock, host, path, lambda tls: _objection(tls, host, at, store))
    except TimeoutError:
        return Fetched(failure="timeout")
    except ssl.SSLError as error:
        return Fetched(failure="tls", detail=clean((error.reason or str(error)).replace("_", " ").lower()))
    except (OSError, EOFError) as error:
        return Fetched(failure="closed", detail=clean(str(error)))


async def _connect(addresses: Sequence[str], route: Route, seconds: float) -> tuple[Connect, socket.socket | None]:
    """The outcome of the first address, or a socket to the first one that takes the connection in so many seconds."""
    outcomes = []
    for address in addresses:
        outcome, sock = await open_socket(*route(address, PORT), seconds)
        if sock is not None:
            return outcome, sock
        outcomes.append(outcome)
    return outcomes[0], None


async def _converse(sock: socket.socket, host: str, path: str, objection: Callable[[ssl.SSLObject], str]) -> Fetched:
    try:
        reader, writer = await asyncio.open_connection(sock=sock, ssl=client_context(), server_hostname=host)
    except BaseException:
        sock.close()
        raise
    try:
        why = objection(writer.get_extra_info("ssl_object"))
        if why:
            return Fetched(failure="certificate", detail=why)
        writer.write(_request(host, path))
        return await _read(reader)
    finally:
        writer.transport.abort()


def _objection(tls: ssl.SSLObject, host: str, at: datetime, store: TrustStore) -> str:
    """The code of why the certificate is not to be believed for this host, or nothing."""
    report = analyse(peer_chain_der(tls), host=host, at=at, store=store)
    if not report.trusted:
        return report.why_not or "cert_untrusted"
    return "" if report.name_matches else "cert_name_mismatch"


def _request(host: str, path: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}", "User-Agent: portero", "Accept: text/plain", "Connection: close")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


async def _read(reader: asyncio.StreamReader) -> Fetched:
    """Read until the response is whole, the server ends it, or it is larger than a policy may be."""
    data = b""
    while len(data) <= MAX_HEAD + MAX_BODY:
        piece = await reader.read(_CHUNK)
        data += piece
        response = parse_response(data, ended=not piece)
        if response is MALFORMED:
            return Fetched(failure="malformed", detail=clean(data[:200].decode("utf-8", "replace")))
        if response is not None:
            return Fetched(response) if len(response.body) <= MAX_BODY else Fetched(failure="too_large")
    return Fetched(failure="too_large")
