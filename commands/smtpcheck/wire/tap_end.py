"""One end of the tap: a non-blocking socket on the loop's readers and writers.

Rule: what a socket does never raises here; it is told as the end that it is, `fin` or `reset`.
"""

import asyncio
import socket
from collections.abc import Callable

from commands.smtpcheck.wire.record import Ended, Sender

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
