"""The steps that scripts are made of."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass

from bot.demo.lab.script import OffScriptError, Script, play
from bot.demo.lab.wire import Wire


@dataclass(frozen=True)
class Send:
    """Sends bytes, through TLS when it is up."""

    data: bytes

    async def play(self, wire: Wire) -> None:
        await wire.send(self.data)


@dataclass(frozen=True)
class Raw:
    """Sends bytes past TLS: alerts, plaintext in a TLS session."""

    data: bytes

    async def play(self, wire: Wire) -> None:
        await wire.send_raw(self.data)


@dataclass(frozen=True)
class Wait:
    """Pauses; what the client sends meanwhile is recorded with its time and stays to be read."""

    seconds: float

    async def play(self, wire: Wire) -> None:  # noqa: ARG002 (the shape of a step)
        await asyncio.sleep(self.seconds)


@dataclass(frozen=True)
class Drip:
    """Sends `piece` bytes at a time with a gap of so many seconds after each."""

    data: bytes
    gap: float
    piece: int = 1

    async def play(self, wire: Wire) -> None:
        for start in range(0, len(self.data), self.piece):
            await wire.send(self.data[start : start + self.piece])
            await asyncio.sleep(self.gap)


@dataclass(frozen=True)
class Flood:
    """Sends the same bytes until the client leaves."""

    data: bytes

    async def play(self, wire: Wire) -> None:
        while True:
            await wire.send(self.data)
            await asyncio.sleep(0)


@dataclass(frozen=True)
class Read:
    """Takes one line, whatever it says."""

    async def play(self, wire: Wire) -> None:
        await wire.line()


@dataclass(frozen=True)
class ReadBytes:
    """Takes so many bytes, for instance a ClientHello's header that is answered in plain text."""

    count: int

    async def play(self, wire: Wire) -> None:
        await wire.some(self.count)


@dataclass(frozen=True)
class Expect:
    """Takes one line that begins with `prefix` in any case; otherwise the script ends."""

    prefix: str

    async def play(self, wire: Wire) -> None:
        line = await wire.line()
        if not line.upper().startswith(self.prefix.upper().encode()):
            raise OffScriptError(f"expected {self.prefix}, got {line!r}")


@dataclass(frozen=True)
class StartTls:
    """The server's side of a TLS handshake. As first step of a script it makes the port implicit TLS."""

    context: ssl.SSLContext

    async def play(self, wire: Wire) -> None:
        await wire.start_tls(self.context)


@dataclass(frozen=True)
class IfHeard:
    """Plays `then` when the client says something within so many seconds; what it said stays to be read."""

    seconds: float
    then: Script

    async def play(self, wire: Wire) -> None:
        if await wire.heard_within(self.seconds):
            await play(self.then, wire)


@dataclass(frozen=True)
class Close:
    """FIN; with TLS up a close_notify goes before it unless `notify` is off."""

    notify: bool = True

    async def play(self, wire: Wire) -> None:
        wire.close(notify=self.notify)


@dataclass(frozen=True)
class Reset:
    """RST (SO_LINGER 0)."""

    async def play(self, wire: Wire) -> None:
        wire.reset()


@dataclass(frozen=True)
class Hang:
    """Says nothing until the client leaves or so many seconds have passed."""

    seconds: float = 3600.0

    async def play(self, wire: Wire) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.seconds):
                while True:
                    await wire.news()
