"""A recorder on a connection, which remembers every byte of it.

aiosmtplib speaks over one end of a socket pair; this module pumps the bytes between the other end and the real
socket and notes each chunk with its time. So only public API is used and nothing is lost: half a greeting, bytes sent
before their turn, plain text behind the STARTTLS reply, a raw TLS alert.

Rule 1: what a server may make us hold is bounded (`SESSION_LIMIT`).
Rule 2: what a socket does never raises here; it is told as the end that it is, `fin` or `reset`.
"""

import asyncio
import socket
from collections.abc import Callable

from commands.smtpcheck.wire.record import Chunk, Ended, Sender

CHUNK = 64 * 1024
FIN: Ended = "fin"
RESET: Ended = "reset"


class End:
    """A socket, what it could not send yet, and whom it tells what it reads; `other` is the end that it is tied to."""

    other: "End"

    def __init__(self, sock: socket.socket, side: Sender, tell: Callable[["End", bytes, Ended], None]) -> None:
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

    @property
    def has_unread(self) -> bool:
        """Whether something lies in the socket; its end is nothing."""
        try:
            return self._sock.fileno() != -1 and bool(self._sock.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

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


SESSION_LIMIT = 512 * 1024
"""Bytes that one server may send in one session; EHLO replies and certificate chains need a tenth of it."""


class Recorder:
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
        self._ends: tuple[End, ...] = ()

    def splice(self, real: socket.socket) -> socket.socket:
        """Stand between a connected socket and the client; returns the socket that the SMTP client gets instead."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        server, client = End(real, "server", self._received), End(ours, "client", self._received)
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

    @property
    def is_behind(self) -> bool:
        """Whether the server has said something that was not read yet."""
        return bool(self._ends) and self._ends[0].has_unread

    def close(self) -> None:
        for end in self._ends:
            end.close()

    def _received(self, end: End, data: bytes, ended: Ended) -> None:
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
