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

from commands.smtpcheck.record import Chunk, Connect, Ended, Sender

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

OUR_OWN = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Too many open files and the like."""

CHUNK = 64 * 1024
FIN: Ended = "fin"
RESET: Ended = "reset"

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
    """What an error says of the network. When it is this process that ran out of something, it says nothing: a bug."""
    if error.errno in OUR_OWN:
        raise error
    return CONNECT_OUTCOMES.get(error.errno or 0, "unreachable")


class Tap:
    """Stands between aiosmtplib and the server.

    `now` gives milliseconds since the probe began; `heard` is called at every chunk that the server sends.
    Two sockets and the loop's readers rather than two transports: a third of the cost, and an end is seen as it came.
    """

    def __init__(self, now: Callable[[], float], heard: Callable[[], None] = lambda: None) -> None:
        self.chunks: list[Chunk] = []
        self.ended: Ended = ""
        self.flooded = False
        self._now = now
        self._heard = heard
        self._news = asyncio.Event()
        self._from_server = 0
        self._ends: tuple[_End, ...] = ()

    def splice(self, real: socket.socket) -> socket.socket:
        """Put the tap on a connected socket; returns the socket that the SMTP client gets instead."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        server, client = _End(real, "server", self._received), _End(ours, "client", self._received)
        server.other, client.other = client, server
        self._ends = (server, client)
        return theirs

    async def say(self, data: bytes) -> None:
        """Send something past the SMTP client, and wait until the server answers or ends the connection."""
        if self._ends and not self.ended:
            self._news.clear()
            self.chunks.append(Chunk(self._now(), "client", data))
            self._ends[0].send(data)
            await self._news.wait()

    def close(self) -> None:
        for end in self._ends:
            end.close()

    def _received(self, end: "_End", data: bytes, ended: Ended) -> None:
        """Bytes of one side, or its end: noted first, then passed on.

        When the client hangs up the server's side stays open until `close`: aiosmtplib does so on a refused greeting,
        and QUIT is still to be said.
        """
        if data:
            self.chunks.append(Chunk(self._now(), end.side, data))
            end.other.send(data)
        else:
            end.close()
        if end.side == "server":
            self._from(data, ended)

    def _from(self, data: bytes, ended: Ended) -> None:
        """What the server sent last, or how it ended the connection."""
        self._news.set()
        if data:
            self._heard()
        else:
            self.ended = ended
            self._ends[1].finish()
        self._from_server += len(data)
        if self._from_server > SESSION_LIMIT:
            self.flooded = True
            self.close()


class _End:
    """One end of the tap: a non-blocking socket, what it could not send yet, and whom it tells what it reads."""

    other: "_End"

    def __init__(self, sock: socket.socket, side: Sender, tell: Callable[["_End", bytes, Ended], None]) -> None:
        self.side = side
        self._sock = sock
        self._tell = tell
        self._unsent = bytearray()
        self._finishing = False
        self._end: Ended = FIN
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._readable)

    def send(self, data: bytes) -> None:
        """Pass bytes on now, or as soon as the socket takes them."""
        if self._sock.fileno() == -1:
            return
        if not self._unsent:
            data = data[self._send(data) :]
        if data:
            if not self._unsent:
                self._loop.add_writer(self._sock, self._writable)
            self._unsent += data

    def finish(self) -> None:
        """Close once everything has been sent."""
        self._finishing = True
        if not self._unsent:
            self.close()

    def close(self) -> None:
        if self._sock.fileno() != -1:
            self._loop.remove_reader(self._sock)
            self._loop.remove_writer(self._sock)
            self._sock.close()

    def _readable(self) -> None:
        try:
            data = self._sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, self._end = b"", RESET
        self._tell(self, data, self._end)

    def _writable(self) -> None:
        del self._unsent[: self._send(bytes(self._unsent))]
        if not self._unsent and self._sock.fileno() != -1:
            self._loop.remove_writer(self._sock)
            if self._finishing:
                self.close()

    def _send(self, data: bytes) -> int:
        try:
            return self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._end = RESET  # the system tells this once: the reader would see a plain end
            return len(data)
