"""What the demo stands on: lab, local Slack, services and bot, and how what is new is shown."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.demo import form
from bot.demo.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.demo.lab.lab import NETWORKS, Lab
from bot.demo.passing import Passing
from bot.demo.vantages import lab_vantages
from bot.demo.workspace import render
from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import Channel, Impossible, Message, View
from bot.demo.workspace.workspace import Workspace
from bot.operations.run import Bot, running
from bot.probers import make_prober
from bot.registry import COMMANDS
from bot.services import open_services
from bot.settings import Settings
from commands.smtpcheck.lookup.question import stub_resolver
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits, through

ANA, CHANNEL = "ana", "mailops"
ESCAPES = frozenset(f"/{command.name}" for command in COMMANDS if command.mentions)
"""The commands to which Slack sends names as links."""

LIMITS = Limits()
INTRO = """[bold]Portero demo[/]: the real bot in a local Slack, on lab hosts.
The workspace and the hosts are made up and live on this machine's loopback.
The bot, the SMTP sessions, TLS, DNS and the SQLite history are real. You are [bold]{user}[/] in [bold]#{channel}[/].
"""


@dataclass
class Stage:
    """Everything that runs, what has been shown of it, and what stands in the inputs of an open form."""

    workspace: Workspace
    bot: Bot
    console: Console
    lab: Lab
    time: Passing
    shown: dict[str, int] = field(default_factory=dict)
    view_shown: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def view(self) -> View | None:
        """The dialogue on top."""
        return self.workspace.view_of(ANA)

    async def type(self, line: str) -> None:
        await self.leave()
        sent = self.workspace.picked(line) if line.split(maxsplit=1)[0] in ESCAPES else line
        interaction = await self.workspace.command(ANA, CHANNEL, sent)
        await self._settle(interaction.error)

    async def write(self, text: str, *, direct: bool = False) -> None:
        """A message in the channel, which Portero hears of where it is mentioned, or a direct message to it."""
        await self.leave()
        await self.workspace.write(ANA, self.workspace.dm(ANA) if direct else CHANNEL, text)
        await self._settle("")

    async def press(self, button: int | str) -> None:
        target = self._holder(button)
        number = button if isinstance(button, int) else _number(target, button)
        interaction = await self.workspace.click(target, number, user=ANA)
        await self._settle(interaction.error)

    async def pass_by(self, hours: float) -> None:
        """Time passes, in which watches run, alert and end."""
        await self.leave()
        await self.time.wait(hours)
        await self._settle("")

    async def open_home(self) -> None:
        await self.leave()
        await self.workspace.open_home(ANA)
        await self.bot.dispatcher.idle()
        if (home := self.workspace.home_of(ANA)) is not None:
            self.console.print(render.view(self.workspace.state, home, numbers=False), "")

    def fill(self, number: int, text: str) -> None:
        """Put text into an input of the open form; raises Impossible."""
        view = self._form()
        one = form.filled(view, number)
        form.value_of(self.workspace, one.element, text)
        self.typed[one.block_id] = text
        self._show_inputs(view)

    async def send(self) -> None:
        """Submit the open form; what is wrong with it is shown at its inputs."""
        view = self._form()
        inputs = [one for one in form.inputs(view) if one.block_id in self.typed]
        values = {one.block_id: form.value_of(self.workspace, one.element, self.typed[one.block_id]) for one in inputs}
        done = await self.workspace.submit(view, values, user=ANA)
        for block_id, words in done.errors.items():
            label = next((one.label for one in form.inputs(view) if one.block_id == block_id), block_id)
            self.console.print(f"[red]{escape(label)}: {escape(words)}[/]")
        await self._settle(done.error)

    async def leave(self) -> None:
        """Close the dialogues that are open."""
        while (view := self.view) is not None:
            await self.workspace.close(view)
        self.view_shown, self.typed = "", {}

    async def _settle(self, error: str) -> None:
        """Wait until the bot is done, then print what is new."""
        if error:
            self.console.print(f"[red]Slack would say: {escape(error)}[/]")
        await self.bot.dispatcher.idle()
        for place in self._places():
            self._show_messages(place)
        self._show_view()

    def _places(self) -> tuple[str | Channel, ...]:
        return CHANNEL, self.workspace.dm(ANA)

    def _messages(self, place: str | Channel) -> list[Message]:
        return self.workspace.messages(place, viewer=ANA)

    def _show_messages(self, place: str | Channel) -> None:
        for message in self._messages(place):
            edits = len(message.versions)
            if self.shown.get(message.ts) != edits:
                self.shown.pop(message.ts, None)  # what is shown again is the newest to see
                self.shown[message.ts] = edits
                self.console.print(render.message(self.workspace.state, message, self.workspace.user(ANA)), "")

    def _show_view(self) -> None:
        view = self.view
        if view is None or view.hash == self.view_shown:
            return
        self.view_shown, self.typed = view.hash, {}
        self.console.print(render.view(self.workspace.state, view), "")
        self._show_inputs(view)

    def _show_inputs(self, view: View) -> None:
        if "submit" in view.body:
            self.console.print(*map(escape, form.legend(view, self.typed)), form.HOW, "", sep="\n")

    def _form(self) -> View:
        if self.view is None or "submit" not in self.view.body:
            raise Impossible("there is no form; the number of a button presses it")
        return self.view

    def _holder(self, button: int | str) -> Message | View:
        """The dialogue, else what was shown last of the messages that have such a button; raises Impossible."""
        holders: list[Message | View] = [*self._shown_last_first()]
        for holder in [self.view, *holders] if self.view is not None else holders:
            if any(button in {one.number, one.label} for one in numbered_buttons(holder)):
                return holder
        raise Impossible(f"there is no button {button}")

    def _shown_last_first(self) -> list[Message]:
        here = {message.ts: message for place in self._places() for message in self._messages(place)}
        return [here[ts] for ts in reversed(self.shown) if ts in here]


def _number(shown: Message | View, label: str) -> int:
    return next(one.number for one in numbered_buttons(shown) if one.label == label)


@dataclass(frozen=True)
class Ground:
    """What a demo stands on: a local Slack, lab hosts, the bot, and the clock of both."""

    workspace: Workspace
    lab: Lab
    bot: Bot
    time: Passing


@asynccontextmanager
async def ground(*, outside: bool = False, limits: Limits = LIMITS) -> AsyncIterator[Ground]:
    """Lab, workspace, services and bot; the database is a temporary file."""
    with tempfile.TemporaryDirectory(prefix="portero-demo-") as folder:
        async with (
            Lab(HOSTS, zone=ZONE, forward_to=_system_nameserver() if outside else None) as lab,
            Workspace() as workspace,
        ):
            settings = _settings(folder, lab, workspace)
            store, time = TrustStore.from_system(lab.roots_pem.encode()), Passing(workspace.clock)
            async with open_services(settings, lab=lab.endpoints, store=store, limits=limits) as services:
                services.prober.now = time.now  # what is checked in a time that passed was checked then
                services.prober.control = replace(services.prober.control, clock=time.seconds)
                more = replace(services, vantages=lab_vantages(services.prober), now=time.now)
                async with running(settings, more, loops=time.loops) as bot:
                    yield Ground(workspace, lab, bot, time)


@asynccontextmanager
async def lab_prober() -> AsyncIterator[Prober]:
    """A prober for the lab hosts alone, without a workspace: what the terminal checks."""
    async with Lab(HOSTS, zone=ZONE) as lab:
        store = TrustStore.from_system(lab.roots_pem.encode())
        prober = make_prober(_lab_settings(lab), store=store, route=through(lab.endpoints))
        try:
            yield prober
        finally:
            await prober.close()


def _settings(folder: str, lab: Lab, workspace: Workspace) -> Settings:
    return replace(
        _lab_settings(lab),
        bot_token=workspace.bot_token,
        app_token=workspace.app_token,
        api_url=workspace.api_url,
        port=0,
        database=str(Path(folder) / "portero.db"),
    )


def _lab_settings(lab: Lab) -> Settings:
    return Settings(
        ehlo_name="portero.lab.example",
        allow_networks=tuple(ip_network(network) for network in NETWORKS),
        nameservers=(lab.nameserver,),
        control_hosts=",".join(CONTROL_HOSTS),
    )


@asynccontextmanager
async def stage(console: Console, *, outside: bool = False, limits: Limits = LIMITS) -> AsyncIterator[Stage]:
    """The same, shown in a terminal."""
    async with ground(outside=outside, limits=limits) as here:
        yield Stage(here.workspace, here.bot, console, here.lab, here.time)


def _system_nameserver() -> tuple[str, int] | None:
    """Where names outside the lab are asked for, so that real hosts can be typed."""
    first = next(iter(stub_resolver(None, 1.0).nameservers), None)
    return (first, 53) if isinstance(first, str) else None
