"""A loopback TCP relay that adds a round-trip time, for benchmarks."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Self, cast

EARLY = 0.0015  # seconds: event loops round timers up to whole milliseconds, so the last stretch is waited in rounds
BACKLOG = 1024


class DelayRelay:
    """Passes bytes on after half a round trip in each direction; connecting itself is not delayed.

    Every piece is due so long after its own arrival, however much came before it, to about 0.1 ms.
    """

    def __init__(self, upstream: tuple[str, int], rtt_ms: float, *, host: str = "127.0.0.1") -> None:
        self.address = ("", 0)
        self.sides: set[_Side] = set()
        self._upstream = upstream
        self._delay = rtt_ms / 2000
        self._host = host
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accepted, self._host, 0, backlog=BACKLOG)
        self.address = self._server.sockets[0].getsockname()[:2]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for side in self.sides.copy():
            side.abort()
        await asyncio.sleep(0)  # the transports close in the loop's next round

    def _accepted(self) -> asyncio.Protocol:
        near, far = _Side(self), _Side(self)
        near.towards, far.towards = Delayed(self._delay, far), Delayed(self._delay, near)
        task = asyncio.get_running_loop().create_task(self._connect(near, far))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return near

    async def _connect(self, near: "_Side", far: "_Side") -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: far, *self._upstream)
        except OSError:
            near.abort()


class _Side(asyncio.Protocol):
    """One of a connection's two sockets; what it receives goes to `towards`, the other one."""

    towards: "Delayed"

    def __init__(self, relay: DelayRelay) -> None:
        self._relay = relay
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes | None] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._relay.sides.add(self)
        for piece in self._early:
            self.send(piece)

    def data_received(self, data: bytes) -> None:
        self.towards.put(data)

    def eof_received(self) -> bool:
        self.towards.put(None)
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self._relay.sides.discard(self)
        self.towards.put(None)

    def send(self, piece: bytes | None) -> None:
        """Sends bytes; None is the end of file, and ends the connection when the other way has ended too."""
        if self._transport is None:
            self._early.append(piece)
        elif self._transport.is_closing():
            return
        elif piece is not None:
            self._transport.write(piece)
        elif self.towards.ended:
            self._transport.close()
        else:
            self._transport.write_eof()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class Delayed:
    """Pieces on their way to a side, each due `delay` seconds after it was put."""

    def __init__(self, delay: float, side: _Side) -> None:
        self.ended = False
        self._delay = delay
        self._deliver: Callable[[bytes | None], None] = side.send
        self._pieces: deque[tuple[float, bytes | None]] = deque()

    def put(self, piece: bytes | None) -> None:
        if self.ended:
            return
        self.ended = piece is None
        self._pieces.append((time.monotonic() + self._delay, piece))
        if len(self._pieces) == 1:
            self._arm()

    def _arm(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._pieces[0][0] - time.monotonic()
        if left > EARLY:
            loop.call_at(loop.time() + left - EARLY, self._arm)
        elif left > 0:
            loop.call_soon(self._arm)
        else:
            self._deliver(self._pieces.popleft()[1])
            if self._pieces:
                self._arm()
