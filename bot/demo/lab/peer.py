"""A scripted SMTP server on one loopback port, and ports that refuse or swallow connections."""

import asyncio
import socket
from typing import Self

from bot.demo.lab.script import Script, perform
from bot.demo.lab.steps import Close, Send
from bot.demo.lab.wire import Wire

Address = tuple[str, int]
BACKLOG = 1024
TOO_MANY: Script = (Send(b"421 4.7.0 lab: too many connections at once\r\n"), Close())


class Peer:
    """Plays a script on every connection and keeps what each client sent.

    With several scripts the connections take them in turn. `sessions` holds one Wire per connection in order of
    arrival: `heard` (bytes with times), `lines`, `secure` (the TLS session), `end` (how the script ended).
    With `one_at_a_time`, a connection made while another is open gets 421.
    """

    def __init__(self, *scripts: Script, host: str = "127.0.0.1", one_at_a_time: bool = False) -> None:
        self.scripts = scripts
        self.sessions: list[Wire] = []
        self.most_at_once = 0
        self._host = host
        self._one_at_a_time = one_at_a_time
        self._tasks: set[asyncio.Task[None]] = set()
        self._faults: list[BaseException] = []
        self._server: asyncio.Server | None = None
        self._address: Address | None = None

    @property
    def address(self) -> Address:
        """Where it listens on loopback; known once started."""
        if self._address is None:
            raise RuntimeError("the peer is not started")
        return self._address

    @property
    def connections(self) -> int:
        return len(self.sessions)

    @property
    def lines(self) -> list[bytes]:
        """Every line that any client sent, connection after connection."""
        return [line for wire in self.sessions for line in wire.lines]

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Wire(self._opened), self._host, 0, backlog=BACKLOG)
        self._address = self._server.sockets[0].getsockname()[:2]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Ends every connection; raises what a script raised besides the ends that scripts may have."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for wire in self.sessions:
            wire.abort()
        await asyncio.sleep(0)  # the transports close in the loop's next round
        if self._faults:
            raise self._faults[0]

    def _opened(self, wire: Wire) -> None:
        script = self.scripts[len(self.sessions) % len(self.scripts)]
        if self._one_at_a_time and self._tasks:
            script = TOO_MANY
        self.sessions.append(wire)
        task = asyncio.get_running_loop().create_task(perform(script, wire))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        self.most_at_once = max(self.most_at_once, len(self._tasks))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            self._faults.append(fault)


class RefusedPort:
    """A port where nothing listens. The socket stays bound, so that nothing else can take the port meanwhile."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._socket: socket.socket | None = None

    @property
    def address(self) -> Address:
        return _address_of(self._socket)

    async def __aenter__(self) -> Self:
        self._socket = _bound(self._host)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._socket is not None:
            self._socket.close()


class FilteredPort:
    """A port that never answers a SYN: listen(0) with its one place taken by a connection nobody accepts.

    Linux drops further SYNs then; needs no privileges.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._sockets: list[socket.socket] = []

    @property
    def address(self) -> Address:
        return _address_of(self._sockets[0] if self._sockets else None)

    async def __aenter__(self) -> Self:
        listener = _bound(self._host)
        listener.listen(0)
        filler = socket.socket(listener.family)
        filler.setblocking(False)
        self._sockets = [listener, filler]
        await asyncio.get_running_loop().sock_connect(filler, listener.getsockname())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        for held in self._sockets:
            held.close()


def _bound(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.bind((host, 0))
    except OSError:
        made.close()
        raise
    return made


def _address_of(held: socket.socket | None) -> Address:
    if held is None:
        raise RuntimeError("the port is not started")
    host, port = held.getsockname()[:2]
    return str(host), int(port)
