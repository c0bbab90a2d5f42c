"""A server that the bot has no business with. Whatever reaches it is kept, and it answers as whoever is asked would."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

BODY = b'{"ok": true, "inside": "the content of an internal address"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


@dataclass
class Stranger:
    origin: str = ""
    heard: list[bytes] = field(default_factory=list)

    async def take(self, reader, writer):
        self.heard.append(b"")
        try:
            self.heard[-1] = await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER % (len(BODY), BODY))
            await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def a_stranger():
    """Each connection is an entry of `heard`, even one on which nothing was said."""
    made = Stranger()
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    async with server:
        made.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made
