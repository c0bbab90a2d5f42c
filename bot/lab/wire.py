"""One accepted connection of the lab: bytes with their times, TLS over memory buffers, FIN and RST at will."""

import asyncio
import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

LINGER_ZERO = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN (socket(7), SO_LINGER)
TLS_RECORD_HANDSHAKE = 0x16


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
        self.raw: bytearray = bytearray()
        self.opened_at = time.monotonic()
        self.closing = False
        self.ended = False
        self.end: str | None = None
        self.secure: ssl.SSLObject | None = None
        self._opened = opened
        self._buffer = bytearray()
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._handshaking = False
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        self.raw += data
        if self._handshaking or self.secure:
            self._incoming.write(data)
            self._decrypt()
        else:
            self._hear(data)
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

    # what scripts call

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

    async def send(self, data: bytes) -> None:
        """Sends through TLS when it is up, and waits while the client does not read."""
        if self.secure:
            self.secure.write(data)
            data = self._outgoing.read()
        await self.send_raw(data)

    async def send_raw(self, data: bytes) -> None:
        """Sends past TLS, straight to the socket; raises ClientGoneError when the connection is no more."""
        await self._writable.wait()
        if self.closing or self._transport is None:
            raise ClientGoneError("the connection is closed")
        self._transport.write(data)

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """The server's side of a handshake; raises ssl.SSLError or ClientGoneError. Early plaintext is dropped."""
        early, self._buffer = self._buffer, bytearray()
        if early[:1] == bytes([TLS_RECORD_HANDSHAKE]) or not self.lines:
            self._incoming.write(early)
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._handshaking = True
        while not await self._shake(tls):
            await self.news()
        self._handshaking, self.secure = False, tls
        self._decrypt()

    def close(self, *, notify: bool = True) -> None:
        """FIN after what was sent; with `notify`, a TLS close_notify before it."""
        if self.closing or self._transport is None:
            return
        if self.secure and notify:
            self._say_goodbye(self.secure)
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

    async def _shake(self, tls: ssl.SSLObject) -> bool:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        finally:
            if alert_or_flight := self._outgoing.read():
                await self.send_raw(alert_or_flight)
        return True

    def _decrypt(self) -> None:
        while self.secure:
            try:
                data = self.secure.read(65536)
            except ssl.SSLWantReadError:
                return
            except ssl.SSLError:
                data = b""
            if not data:
                self.ended = True
                return
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        self.heard.append(Heard(time.monotonic(), data, secure=self.secure is not None))
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _say_goodbye(self, tls: ssl.SSLObject) -> None:
        with contextlib.suppress(ssl.SSLError):  # the client's own close_notify is not waited for
            tls.unwrap()
        if self._transport is not None:
            self._transport.write(self._outgoing.read())
