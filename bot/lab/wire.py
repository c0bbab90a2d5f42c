"""One accepted connection of the lab: bytes with their times, TLS, FIN and RST at will."""

import asyncio
import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from bot.lab.tls import ServerTls

LINGER_ZERO = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN (socket(7), SO_LINGER)
HANDSHAKE_RECORD = b"\x16"


class ClientGoneError(ConnectionError):
    """The client has ended its side while the script still waited for something."""


@dataclass(frozen=True)
class Heard:
    """What the client sent in one piece: `at` is seconds of time.monotonic(), `data` is in clear."""

    at: float
    data: bytes
    secure: bool


class Wire(asyncio.Protocol):
    """Server's end of a connection; everything that arrives is kept in `heard`, in clear, when it arrives."""

    def __init__(self, opened: Callable[["Wire"], None]) -> None:
        self.heard: list[Heard] = []
        self.opened_at = time.monotonic()
        self.closing = False
        self.ended = False
        self.end: str | None = None
        self._opened = opened
        self._tls: ServerTls | None = None
        self._buffer = bytearray()
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        if self._tls is None:
            self._hear(data)
        else:
            self._tls.feed(data)
            self._decrypt()
        self._news.set()

    def eof_received(self) -> bool:
        """True keeps our side open: a script decides when to close."""
        self.ended = True
        self._news.set()
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self.ended = self.closing = True
        self._news.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # what scripts and tests call

    @property
    def secure(self) -> ssl.SSLObject | None:
        """The TLS session once it is up."""
        return self._tls.session if self._tls and self._tls.established else None

    @property
    def lines(self) -> list[bytes]:
        """The lines that the client sent, without their line ends."""
        return b"".join(piece.data for piece in self.heard).replace(b"\r\n", b"\n").split(b"\n")[:-1]

    async def line(self) -> bytes:
        """The next line with its end; raises ClientGoneError when the client leaves before it is whole."""
        while b"\n" not in self._buffer:
            await self.news()
        return self._take(self._buffer.index(b"\n") + 1)

    async def some(self, count: int) -> bytes:
        """The next `count` bytes; raises ClientGoneError when the client leaves before."""
        while len(self._buffer) < count:
            await self.news()
        return self._take(count)

    async def news(self) -> None:
        """Returns when more has arrived; raises ClientGoneError at the client's end of file."""
        if self.ended:
            raise ClientGoneError("the client closed")
        self._news.clear()
        await self._news.wait()

    async def heard_within(self, seconds: float) -> bool:
        """Whether something to read is there, or comes within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not self._buffer:
                    await self.news()
        except TimeoutError:
            return False
        return True

    async def send(self, data: bytes) -> None:
        """Sends through TLS when it is up, and waits while the client does not read."""
        await self.send_raw(self._tls.encrypt(data) if self._tls else data)

    async def send_raw(self, data: bytes) -> None:
        """Sends past TLS, straight to the socket; raises ClientGoneError when the connection is no more."""
        await self._writable.wait()
        if self.closing or self._transport is None:
            raise ClientGoneError("the connection is closed")
        self._transport.write(data)

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """The server's side of a handshake; raises ssl.SSLError or ClientGoneError.

        Plaintext that came before its turn is dropped, as a careful server does.
        """
        early = self._take(len(self._buffer))
        self._tls = tls = ServerTls(context)
        if early.startswith(HANDSHAKE_RECORD) or not self.lines:
            tls.feed(early)
        while not await self._shake(tls):
            await self.news()
        self._decrypt()

    def close(self, *, notify: bool = True) -> None:
        """FIN after what was sent; with `notify`, a TLS close_notify before it."""
        if self.closing or self._transport is None:
            return
        if self.secure and self._tls and notify:
            self._transport.write(self._tls.goodbye())
        self.closing = True
        self._transport.close()

    def reset(self) -> None:
        """RST at once; what was not yet sent is lost."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.abort()

    def abort(self) -> None:
        self.closing = True
        if self._transport is not None:
            self._transport.abort()

    # parts

    async def _shake(self, tls: ServerTls) -> bool:
        try:
            return tls.shake()
        finally:
            if flight := tls.pending():
                await self.send_raw(flight)

    def _decrypt(self) -> None:
        if self._tls and self._tls.established and (clear := self._tls.decrypt()):
            self._hear(clear)
        self.ended = self.ended or bool(self._tls and self._tls.ended)

    def _hear(self, data: bytes) -> None:
        self.heard.append(Heard(time.monotonic(), data, secure=self.secure is not None))
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
