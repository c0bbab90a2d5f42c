"""The connection itself, and the tap that remembers every byte of it.

aiosmtplib speaks over one end of a socket pair; this module pumps the bytes between the other end and the real
socket and notes each chunk with its time. So only public API is used and nothing is lost: half a greeting, bytes sent
before their turn, plain text behind the STARTTLS reply, a raw TLS alert.

Rule 1: only addresses that the guard has passed come in here, as literals. Nothing is resolved.
Rule 2: what a server may make us hold is bounded (`SESSION_LIMIT`).
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping
from typing import cast

from commands.smtpcheck.record import Chunk, Connect, Sender

SESSION_LIMIT = 512 * 1024
"""Bytes that one server may send in one session; EHLO replies and certificate chains need a tenth of it."""

CONNECT_OUTCOMES: Mapping[int, Connect] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.EADDRNOTAVAIL: "unreachable",
    errno.EAFNOSUPPORT: "unreachable",
    errno.ETIMEDOUT: "no_answer",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
}

Route = Callable[[str, int], tuple[str, int]]
"""Where a connection to (address, port) really goes. The lab of the demo and the tests listens elsewhere."""


def direct(address: str, port: int) -> tuple[str, int]:
    return address, port


def through(lab: Mapping[tuple[str, int], tuple[str, int]]) -> Route:
    """A route that sends the lab's addresses to where the lab listens, and every other where it says."""
    return lambda address, port: lab.get((address, port), (address, port))


async def open_socket(address: str, port: int, timeout: float) -> tuple[Connect, socket.socket | None]:
    """Connect to a literal address within `timeout` seconds: the outcome, and the socket if there is one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return _outcome(error), None
    sock.setblocking(False)
    try:
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except TimeoutError:
        sock.close()
        return "no_answer", None
    except OSError as error:
        sock.close()
        return _outcome(error), None
    except BaseException:
        sock.close()
        raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return "connected", sock


def _outcome(error: OSError) -> Connect:
    return CONNECT_OUTCOMES.get(error.errno or 0, "unreachable")


class Tap:
    """Stands between aiosmtplib and the server. `now` gives milliseconds since the probe began."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.chunks: list[Chunk] = []
        self.ended: str = ""
        self.flooded = False
        self._now = now
        self._from_server = 0
        self._server = _End(self, "server")
        self._client = _End(self, "client")

    async def splice(self, real: socket.socket) -> socket.socket:
        """Put the tap on a connected socket; returns the socket that the SMTP client gets instead."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        await loop.create_connection(lambda: self._client, sock=ours)
        await loop.create_connection(lambda: self._server, sock=real)
        return theirs

    def received(self, sender: Sender, data: bytes) -> None:
        self.chunks.append(Chunk(self._now(), sender, data))
        if sender == "client":
            self._server.write(data)
            return
        self._from_server += len(data)
        if self._from_server > SESSION_LIMIT:
            self.flooded = True
            self.close()
        else:
            self._client.write(data)

    def lost(self, side: Sender, error: Exception | None) -> None:
        """One side is gone: note how, and let the other side have what is still on its way to it."""
        if side == "server":
            self.ended = self.ended or ("reset" if isinstance(error, ConnectionError) else "fin")
            self._client.close()
        else:
            self._server.close()

    def close(self) -> None:
        self._server.abort()
        self._client.abort()


class _End(asyncio.Protocol):
    """One end of the tap; tells the tap what its socket says."""

    def __init__(self, tap: Tap, side: Sender) -> None:
        self._tap = tap
        self._side = side
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._tap.received(self._side, data)

    def eof_received(self) -> bool:
        self._tap.lost(self._side, None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._tap.lost(self._side, exc)

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
