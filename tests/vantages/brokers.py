"""A real NATS server, the bot's connection to it, and workers in the lab."""

import asyncio
import random
import socket
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.rate_limits import Limiter
from bot.vantages.asking import Remote
from bot.vantages.keys import new_seed, public_key
from bot.vantages.link import Link, connect
from bot.vantages.managed import Place, binary, running
from bot.vantages.server import Key
from bot.vantages.subjects import Subjects
from bot.vantages.worker import Worker
from commands.contract import DeclinedError
from commands.smtpcheck.address.target import parse_target

PORTS = (25, 465, 587, 2525)
SPACE = "T1"


CONNECT_SECONDS = 60
"""A server whose port somebody took meanwhile is never there: a test fails then, and does not wait for ever."""


def free_port():
    """One below those that Linux gives to whoever connects: nobody takes it before it is listened on."""
    while True:
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", random.randrange(10_000, 32_000)))
            return trial.getsockname()[1]


def now():
    return datetime.now(UTC)


@dataclass
class Broker:
    """`seeds` are those of the workers that may connect, by name."""

    place: Place
    stack: AsyncExitStack
    seeds: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def admit(self, *names):
        self.seeds |= {name: new_seed() for name in names if name not in self.seeds}
        self.write()

    def write(self):
        self.place.write(Key(SPACE, name, public_key(seed)) for name, seed in self.seeds.items())

    def credentials(self, name):
        return self.place.credentials(SPACE, name, self.seeds[name])

    async def link(self, credentials=None, **how) -> Link:
        connecting = connect(credentials or self.place.bot(), told=self.told.append, **how)
        link = await asyncio.wait_for(connecting, CONNECT_SECONDS)
        self.stack.push_async_callback(link.close)
        return link

    async def worker(self, name, prober, *, probers=None, ports=PORTS, clock=time.monotonic):
        made = Worker(Subjects(SPACE, name), probers or {"": prober}, frozenset(ports), Limiter(clock), "0.1.0", now)
        link = await self.link(self.credentials(name))
        await made.serve(link)
        await link.flush()
        self.stack.push_async_callback(made.close)
        return made


@asynccontextmanager
async def brokering(folder, *names):
    """A server that admits workers of these names, on a port of its own."""
    place = Place(folder / "nats", ("127.0.0.1", free_port()))
    place.prepare(now())
    async with AsyncExitStack() as stack:
        broker = Broker(place, stack)
        broker.admit(*names)
        await stack.enter_async_context(running(place, binary()))
        yield broker


async def nobody(vantage):
    return DeclinedError(f"{vantage} is not connected.")


def remote(link, name, store, **how):
    said = {"nobody": nobody, "source": "", **how}
    return Remote(link=link, subjects=Subjects(SPACE, name), store=store, now=now, **said)


async def ask(place, text="mail.lab.example", ports=PORTS, *, heard=lambda _news: None, deep=False):
    return await place.check(parse_target(text), ports, check_id="c1", heard=heard, deep=deep)
