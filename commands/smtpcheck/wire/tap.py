"""The tap on a connection, which remembers every byte of it.

aiosmtplib speaks over one end of a socket pair; this module pumps the bytes between the other end and the real
socket and notes each chunk with its time. So only public API is used and nothing is lost: half a greeting, bytes sent
before their turn, plain text behind the STARTTLS reply, a raw TLS alert.

Rule: what a server may make us hold is bounded (`SESSION_LIMIT`).
"""

import asyncio
import socket
from collections.abc import Callable

from commands.smtpcheck.wire.record import Chunk, Ended
from commands.smtpcheck.wire.tap_end import End

SESSION_LIMIT = 512 * 1024
"""Bytes that one server may send in one session; EHLO replies and certificate chains need a tenth of it."""


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
        self._ends: tuple[End, ...] = ()

    def splice(self, real: socket.socket) -> socket.socket:
        """Put the tap on a connected socket; returns the socket that the SMTP client gets instead."""
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
