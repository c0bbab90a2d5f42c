"""A handshake that offers HTTP by name, and a request where the server takes that: for a port that is silent in TLS.

Policy: nothing is said behind the handshake unless the server chose `http/1.1` there (RFC 7301); then `HEAD /`, and
only the first line of the answer is read. Never raises for what servers do.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from functools import lru_cache

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.tls.certificate_findings import peer_chain_der
from commands.smtpcheck.wire.connection import Endpoint, tls_context
from commands.smtpcheck.wire.record import GREETING, Handshake, Step

HTTP = "http/1.1"
LINE = 512
"""Octets that are read of the answer at most."""


@lru_cache(maxsize=1)
def offering_http() -> ssl.SSLContext:
    """The context of every probe, with HTTP offered by name."""
    context = tls_context()
    context.set_alpn_protocols([HTTP])
    return context


async def asked_in_http(
    sock: socket.socket, endpoint: Endpoint, seconds: float, now: Callable[[], float]
) -> tuple[Handshake | None, Step]:
    """What was agreed on, None where nothing was; what was answered stands as a greeting that is none of SMTP."""
    began = now()
    agreed, line = await _asked(sock, endpoint, seconds)
    error, detail = ("malformed", f"HTTP: {line}") if line else ("timeout", "")
    return agreed, Step(GREETING, began, now(), error=error, detail=detail)


async def _asked(sock: socket.socket, endpoint: Endpoint, seconds: float) -> tuple[Handshake | None, str]:
    name = endpoint.host if endpoint.sni and not is_address(endpoint.host) else endpoint.address
    agreed, line = None, b""
    with suppress(OSError, EOFError), closing(sock):  # time-outs and what TLS says are among these
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(sock=sock, ssl=offering_http(), server_hostname=name)
            try:
                agreed = _agreed(writer.get_extra_info("ssl_object"))
                line = await _answer(reader, writer, name) if agreed.alpn == HTTP else b""
            finally:
                writer.transport.abort()
    return agreed, line.split(b"\n")[0].decode("utf-8", "replace").strip()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> bytes:
    writer.write(f"HEAD / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode("ascii", "ignore"))
    return await reader.read(LINE)


def _agreed(tls: ssl.SSLObject) -> Handshake:
    cipher = tls.cipher()
    chain = tuple(peer_chain_der(tls))
    return Handshake(tls.version() or "", cipher[0] if cipher else "", chain, tls.selected_alpn_protocol() or "")
