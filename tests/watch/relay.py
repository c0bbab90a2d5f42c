"""A relay on loopback that speaks STARTTLS (or TLS at once) and asks for a login: it keeps what it was given."""

import asyncio
import base64
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

NAME = "relay.lab.example"


@dataclass
class Given:
    """What a relay heard: logins, whether anything but EHLO came in clear, and the mails."""

    port: int = 0
    logins: list[str] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


class Session:
    """One session. `refuse` maps a verb to the reply that it gets."""

    def __init__(self, reader, writer, given, context, *, implicit, starttls, refuse, pause):
        self.reader, self.writer, self.given, self.context = reader, writer, given, context
        self.secure, self.starttls, self.refuse = implicit, starttls, refuse
        self.pause = pause

    async def say(self, *lines):
        await asyncio.sleep(self.pause)
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()

    async def serve(self):
        await self.say(f"220 {NAME} ESMTP")
        while line := (await self.reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if not self.secure and verb not in {"EHLO", "STARTTLS", "QUIT"}:
                self.given.in_clear.append(line)
            if verb in self.refuse:
                await self.say(self.refuse[verb])
            elif verb == "QUIT":
                await self.say("221 bye")
                return
            else:
                await getattr(self, f"on_{verb.lower()}")(rest)

    async def on_ehlo(self, _rest):
        extra = ["AUTH PLAIN"] if self.secure else ["STARTTLS"] if self.starttls else ["SIZE 1000000"]
        await self.say(f"250-{NAME}", f"250 {extra[0]}")

    async def on_starttls(self, _rest):
        await self.say("220 go ahead")
        await self.writer.start_tls(self.context)
        self.secure = True

    async def on_auth(self, rest):
        self.given.logins.append(base64.b64decode(rest.split()[1]).decode())
        await self.say("235 welcome")

    async def on_mail(self, _rest):
        await self.say("250 ok")

    async def on_rcpt(self, rest):
        self.given.recipients.append(rest)
        await self.say("250 ok")

    async def on_rset(self, _rest):
        await self.say("250 ok")

    async def on_data(self, _rest):
        await self.say("354 go ahead")
        lines = []
        while (line := (await self.reader.readline()).decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.given.mails.append("\n".join(lines))
        await self.say("250 kept")


@asynccontextmanager
async def relay(context, *, implicit=False, starttls=True, refuse=None, pause=0.0):
    given = Given()

    async def serve(reader, writer):
        options = {"implicit": implicit, "starttls": starttls, "refuse": refuse or {}, "pause": pause}
        session = Session(reader, writer, given, context, **options)
        try:
            await session.serve()
        except (ConnectionError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context if implicit else None)
    given.port = server.sockets[0].getsockname()[1]
    async with server:
        yield given
