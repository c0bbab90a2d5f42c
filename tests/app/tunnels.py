"""A proxy on loopback that makes tunnels (CONNECT), and the local Slack behind TLS, which only that proxy leads to."""

import asyncio
import base64
import ssl
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .stage import AUTHORITY

NAME = "slack.lab.invalid"
"""Nobody's: whatever does not go by the proxy finds no address."""


@dataclass
class Proxy:
    """`leads` has the port on loopback for each name. `login` is wanted of whoever asks."""

    leads: dict[str, int] = field(default_factory=dict)
    login: str = ""
    port: int = 0
    tunnels: Counter = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    heard: bytes = b""

    @property
    def url(self):
        return f"http://{self.login}@127.0.0.1:{self.port}" if self.login else f"http://127.0.0.1:{self.port}"

    async def serve(self, reader, writer):
        with suppress(OSError, EOFError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heard += head
            method, target, *_ = head.decode("latin-1").split()
            if refusal := self._refusal(method, target.rpartition(":")[0], head):
                self.refused.append(target)
                writer.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                self.tunnels[target] += 1
                there = await asyncio.open_connection("127.0.0.1", self.leads[target.rpartition(":")[0]])
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await joined((reader, writer), there)

    def _refusal(self, method, name, head):
        wanted = f"Proxy-Authorization: Basic {base64.b64encode(self.login.encode()).decode()}".encode()
        if self.login and wanted not in head:
            return "407 Proxy Authentication Required"
        if method != "CONNECT":
            return "501 Not Implemented"
        return "" if name in self.leads else "502 Bad Gateway"


async def joined(one, other):
    """Bytes of either go to the other, until one of them ends."""
    both = {asyncio.ensure_future(piped(one[0], other[1])), asyncio.ensure_future(piped(other[0], one[1]))}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in both:
            each.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        other[1].transport.abort()


async def piped(reader, writer):
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()


@asynccontextmanager
async def accepting(serve, context=None):
    """A server on loopback: its port. What it still serves at the end is dropped."""
    tasks = set()

    async def taken(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            with suppress(asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(taken, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def behind_proxy(ws, login=""):
    """The workspace says that it is https://slack.lab.invalid, and the proxy knows where that is."""
    inside = urlsplit(ws.api_url).port

    async def decrypted(reader, writer):
        await joined((reader, writer), await asyncio.open_connection("127.0.0.1", inside))

    proxy = Proxy(login=login)
    async with accepting(decrypted, AUTHORITY.context(NAME)) as front, accepting(proxy.serve) as proxy.port:
        proxy.leads[NAME] = front
        ws.state.origin = f"https://{NAME}"
        yield proxy


def trusting():
    """What a client trusts that knows the lab's authority alone."""
    return ssl.create_default_context(cadata=AUTHORITY.pem)
