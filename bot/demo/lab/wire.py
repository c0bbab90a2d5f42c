"""A connection as scripts use it: lines and bytes with their times, in clear or in TLS."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.lab.connection import Connection
from bot.demo.lab.tls import ServerTls

HANDSHAKE_RECORD = b"\x16"


@dataclass(frozen=True)
class Heard:
    """What the client sent in one piece: `at` is seconds of the loop's clock, `data` is in clear."""

    at: float
    data: bytes
    secure: bool


class Wire(Connection):
    """Everything that arrives is kept in `heard`, decrypted, at the moment when it arrives.

    `end` says how the script ended, once it has: "played", or the name of what stopped it.
    """

    def __init__(self, opened: Callable[["Wire"], None]) -> None:
        super().__init__()
        self.heard: list[Heard] = []
        self.end: str | None = None
        self._opened = opened
        self._tls: ServerTls | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        if self._tls is None:
            self._hear(data)
        else:
            self._tls.feed(data)
            self._decrypt()
        super().data_received(data)

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
        """Sends through TLS when it is up."""
        await self.send_raw(self._tls.encrypt(data) if self._tls else data)

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
        """FIN; with `notify`, a TLS close_notify before it."""
        self.finish(self._tls.goodbye() if self._tls and self.secure and notify and not self.closing else b"")

    async def _shake(self, tls: ServerTls) -> bool:
        try:
            return tls.shake()
        finally:
            if flight := tls.pending():
                await self.send_raw(flight)

    def _decrypt(self) -> None:
        if self._tls and self._tls.established:
            if clear := self._tls.decrypt():
                self._hear(clear)
            self.ended = self.ended or self._tls.ended

    def _hear(self, data: bytes) -> None:
        self.heard.append(Heard(asyncio.get_running_loop().time(), data, secure=self.secure is not None))
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
