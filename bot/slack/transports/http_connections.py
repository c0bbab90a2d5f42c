"""Connections to the HTTP side: how many there may be, how long one may wait, how much is held of half a request.

A request counts once it is whole. Until then, and between two requests, a connection waits, and only so long: it makes
no difference whether a client says nothing, drips a header or drips a body. When there are too many, those that have
waited longest go first, so that whoever speaks at once is served.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias, cast

from aiohttp import web

SECONDS = 15.0
MOST = 200
BODY = 4 * 1024 * 1024
"""Bytes of a request."""
HELD = 64 * 1024 * 1024
"""Bytes of all requests that are not whole yet."""

FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

Next: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connections:
    """All of one server. `protocols` makes what speaks HTTP on a connection."""

    def __init__(self, protocols: Callable[[], asyncio.Protocol]) -> None:
        self._protocols = protocols
        self._open: dict[asyncio.BaseProtocol, Connection] = {}  # those that began to wait first come first

    def __len__(self) -> int:
        return len(self._open)

    def __call__(self) -> asyncio.Protocol:
        return Connection(self, self._protocols())

    def admit(self, one: "Connection") -> bool:
        """Whether there is place, or one that waits makes place."""
        if len(self._open) >= MOST:
            oldest = next(self._waiting(), None)
            if oldest is None:
                return False
            oldest.close()
        self._open[one.inner] = one
        return True

    def weigh(self) -> None:
        """Too much is held of requests that are not whole: the oldest go."""
        waiting = [one for one in self._waiting() if one.held]
        held = sum(one.held for one in waiting)
        for one in waiting:
            if held <= HELD:
                return
            held -= one.held
            one.close()

    def wait(self, one: "Connection") -> None:
        """It waits from now on: the last in the row."""
        if self._open.pop(one.inner, None):
            self._open[one.inner] = one

    def forget(self, one: "Connection") -> None:
        self._open.pop(one.inner, None)

    def close(self) -> None:
        for one in list(self._open.values()):
            one.close()

    def _waiting(self) -> "Iterator[Connection]":
        return (one for one in self._open.values() if not one.is_served)

    @web.middleware
    async def serve(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Reads the request to its end before anything is done for it; from then on it may take its time."""
        one = self._open.get(request.protocol)
        if (request.content_length or 0) > BODY:
            raise web.HTTPRequestEntityTooLarge(BODY, request.content_length or 0)
        await request.read()  # not more than the application's `client_max_size`
        if one is None:
            return await handler(request)
        one.begin()
        try:
            return await handler(request)
        finally:
            one.rest()


class Connection(asyncio.Protocol):
    """One connection, in front of what speaks HTTP on it."""

    def __init__(self, among: Connections, inner: asyncio.Protocol) -> None:
        self.inner = inner
        self.is_served = False
        self.held = 0
        self._among = among
        self._is_admitted = False
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        self._is_admitted = self._among.admit(self)
        if not self._is_admitted:
            transport.write(FULL)
            transport.close()
            return
        self.inner.connection_made(transport)
        self._set_timer()

    def data_received(self, data: bytes) -> None:
        if not self._is_admitted:
            return
        if not self.is_served:
            self.held += len(data)
            self._among.weigh()
        self.inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self.inner.eof_received() if self._is_admitted else None

    def pause_writing(self) -> None:
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        self.inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._stop_timer()
        self._among.forget(self)
        if self._is_admitted:
            self.inner.connection_lost(error)

    def begin(self) -> None:
        """Its request is whole."""
        self.is_served, self.held = True, 0
        self._stop_timer()

    def rest(self) -> None:
        """Its answer is made: it waits for the next request, or for its client to take the answer."""
        self.is_served = False
        self._among.wait(self)
        self._set_timer()

    def close(self) -> None:
        """Closed and forgotten; what was not taken of an answer is given up."""
        self._stop_timer()
        self._among.forget(self)
        if self._transport is not None:
            self._transport.abort() if self._transport.get_write_buffer_size() else self._transport.close()

    def _set_timer(self) -> None:
        self._stop_timer()
        if self._transport is not None and not self._transport.is_closing():
            self._timer = asyncio.get_running_loop().call_later(SECONDS, self.close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
