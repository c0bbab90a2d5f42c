"""One accepted TCP connection: its events, and FIN and RST at will."""

import asyncio
import socket
import struct
from typing import cast

LINGER_ZERO = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN (socket(7), SO_LINGER)


class ClientGoneError(ConnectionError):
    """The client has ended its side while the script still waited for something."""


class Connection(asyncio.Protocol):
    """What a TCP connection can do; what its bytes mean is known above.

    `ended`: the client sends no more. `closing`: we have closed, or the connection is lost.
    """

    def __init__(self) -> None:
        self.opened_at = asyncio.get_running_loop().time()
        self.closing = False
        self.ended = False
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, _data: bytes) -> None:
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

    async def news(self) -> None:
        """Returns when more has arrived; raises ClientGoneError at the client's end of file."""
        if self.ended:
            raise ClientGoneError("the client closed")
        self._news.clear()
        await self._news.wait()

    async def send_raw(self, data: bytes) -> None:
        """Sends to the socket, and waits while the client does not read. Raises ClientGoneError when it is closed."""
        await self._writable.wait()
        if self.closing or self._transport is None:
            raise ClientGoneError("the connection is closed")
        self._transport.write(data)

    def finish(self, last: bytes = b"") -> None:
        """FIN after what was sent and these last bytes."""
        if self.closing or self._transport is None:
            return
        self._transport.write(last)
        self.closing = True
        self._transport.close()

    def reset(self) -> None:
        """RST at once; what was not yet sent is lost."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.abort()

    def abort(self) -> None:
        """Ends the connection without sending what is left."""
        self.closing = True
        if self._transport is not None:
            self._transport.abort()
