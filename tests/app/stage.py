"""The real bot on the strict local Slack and the SMTP lab: what every test of the application stands on."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from bot.demo.lab.certificates import Authority
from bot.demo.lab.hosts import HOSTS, ZONE, relay
from bot.demo.lab.lab import NETWORKS, Host, Lab
from bot.demo.lab.scripts import well_behaved
from bot.demo.workspace.model import Message
from bot.demo.workspace.workspace import Workspace
from bot.operations.run import Bot, running
from bot.services import Services, open_services
from bot.settings import Settings
from commands.contract import Command, Reply
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits
from commands.watch.verbs.needs import INSTALLATION
from storage.history import DiskFullError, StorageError
from tests.histories import begun

AUTHORITY = Authority()
LIMITS = Limits(connect=2.0)
MODES = ("socket", "http")
USED = [host for host in HOSTS if host.name.split(".")[0] in {"mail", "expired", "hostile"}]


class Clock:
    """The time that requests carry: real time, moved on by tests."""

    def __init__(self):
        self._ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds):
        self._ahead += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Held:
    """A step of a script that waits for the test."""

    gate: asyncio.Event
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, _wire):
        self.reached.set()
        await self.gate.wait()


def held_host(gate: asyncio.Event) -> Host:
    """Port 25 answers at once, 587 when the gate opens."""
    name = "held.lab.example"
    ports = {25: relay(name), 587: lambda _authority: (Held(gate), *well_behaved(name))}
    return Host(name, ("198.51.100.60",), "587 waits for a test.", ports)


@dataclass
class Stage:
    """A running bot. `type` and `press` come back when the bot has nothing left to do."""

    ws: Workspace
    bot: Bot
    services: Services

    async def type(self, line, user="ana", channel="mailops"):
        done = await self.ws.command(user, channel, line)
        await self.bot.dispatcher.idle()
        return done

    async def press(self, action, user="ana", channel="mailops"):
        done = await self.ws.click(self.ws.pressable(channel, user), action, user=user)
        await self.bot.dispatcher.idle()
        return done

    def seen(self, user="ana", channel="mailops") -> list[Message]:
        return self.ws.messages(channel, viewer=user)

    def last(self, user="ana", channel="mailops") -> Message:
        return self.seen(user, channel)[-1]


@asynccontextmanager
async def bot_on(ws, services, mode="socket", admins=frozenset(), *, new=False, **options):
    """The bot, connected in this mode; `options` are those of `bot.operations.run.running`.

    `new`: it has just been installed. Otherwise it was there before, and nobody has to be greeted for that.
    """
    if not new:
        with suppress(StorageError):
            await services.watches.note(INSTALLATION, {"team": ws.state.team})
    socket = mode == "socket"
    settings = Settings(
        bot_token=ws.bot_token,
        app_token=ws.app_token if socket else "",
        signing_secret="" if socket else ws.signing_secret,
        api_url=ws.api_url,
        port=0,
        admins=admins,
    )
    async with running(settings, services, **options) as bot:
        ws.http.url = "" if socket else f"{bot.url}/slack/events"
        yield Stage(ws, bot, services)


@asynccontextmanager
async def lab_services(folder, *more_hosts):
    """Services whose prober knows the lab hosts only, and never waits for long."""
    async with Lab((*USED, *more_hosts), zone=ZONE, authority=AUTHORITY) as lab:
        settings = Settings(
            database=str(begun(folder / "portero.db")),
            ehlo_name="portero.lab.example",
            allow_networks=tuple(ip_network(network) for network in NETWORKS),
            nameservers=(lab.nameserver,),
        )
        store = TrustStore.from_pem(lab.roots_pem.encode())
        async with open_services(settings, lab=lab.endpoints, store=store, limits=LIMITS) as services:
            yield replace(services, now=Clock())


def fake(handle, name="echo", **more) -> Command:
    """A command for tests of the dispatcher."""
    return Command(name, "A fake.", "WORD", (), handle, **more)


async def echo(request, _services):
    yield Reply(f"echo {request.text}")


def content(message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


class FullDisk:
    """A history that reads and claims, and cannot keep results."""

    def __init__(self, history):
        self._history = history

    def __getattr__(self, name):
        return getattr(self._history, name)

    async def add(self, entry, readings=()):
        raise DiskFullError("no space left on device")


async def asked(ws, method):
    """Until the bot has made this call; a held call is no change that `wait_for` would hear of."""
    loop = asyncio.get_running_loop()
    while not ws.calls(method):
        await loop.run_in_executor(None, int)
