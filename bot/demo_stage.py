"""What the demo stands on: lab, local Slack, services and bot, and how what is new is shown."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import dns.resolver
from rich.console import Console
from rich.markup import escape

from bot.lab.hosts import CONTROL_HOSTS, HOSTS, ZONE
from bot.lab.lab import NETWORKS, Lab
from bot.services import open_services
from bot.settings import Settings
from bot.transports import Bot, running
from bot.workspace import render
from bot.workspace.buttons import numbered_buttons
from bot.workspace.model import Impossible, Message, View
from bot.workspace.workspace import Workspace
from commands.smtpcheck.session import Limits
from commands.smtpcheck.trust import TrustStore

ANA, CHANNEL = "ana", "mailops"
LIMITS = Limits()


@dataclass
class Stage:
    """Everything that runs, and what has been shown of it."""

    workspace: Workspace
    bot: Bot
    console: Console
    shown: dict[str, int] = field(default_factory=dict)
    view_shown: str = ""

    async def type(self, line: str) -> None:
        interaction = await self.workspace.command(ANA, CHANNEL, line)
        await self._settle(interaction.error)

    async def press(self, button: int | str) -> None:
        target = self._holder(button)
        number = button if isinstance(button, int) else _number(target, button)
        self.view_shown = ""
        interaction = await self.workspace.click(target, number, user=ANA)
        await self._settle(interaction.error)

    async def _settle(self, error: str) -> None:
        """Wait until the bot is done, then print what is new."""
        if error:
            self.console.print(f"[red]Slack would say: {escape(error)}[/]")
        await self.bot.bridge.idle()
        state = self.workspace.state
        ana = self.workspace.user(ANA)
        for message in self.workspace.messages(CHANNEL, viewer=ANA):
            edits = len(message.versions)
            if self.shown.get(message.ts) != edits:
                self.shown[message.ts] = edits
                self.console.print(render.message(state, message, ana), "")
        view = self.workspace.view_of(ANA)
        if view is not None and view.hash != self.view_shown:
            self.view_shown = view.hash
            self.console.print(render.view(state, view), "")
            await self.workspace.close(view)

    def _holder(self, button: int | str) -> Message:
        for message in reversed(self.workspace.messages(CHANNEL, viewer=ANA)):
            buttons = numbered_buttons(message)
            if any(button in {one.number, one.label} for one in buttons):
                return message
        raise Impossible(f"there is no button {button}")


def _number(shown: Message | View, label: str) -> int:
    return next(one.number for one in numbered_buttons(shown) if one.label == label)


@asynccontextmanager
async def stage(console: Console, *, outside: bool = False) -> AsyncIterator[Stage]:
    """Lab, workspace, services and bot; the database is a temporary file."""
    with tempfile.TemporaryDirectory(prefix="portero-demo-") as folder:
        async with (
            Lab(HOSTS, zone=ZONE, forward_to=_system_nameserver() if outside else None) as lab,
            Workspace() as workspace,
        ):
            settings = Settings(
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=workspace.api_url,
                port=0,
                database=str(Path(folder) / "portero.db"),
                ehlo_name="portero.lab.example",
                allow_networks=tuple(ip_network(network) for network in NETWORKS),
                nameservers=(lab.nameserver,),
                control_hosts=",".join(CONTROL_HOSTS),
            )
            store = TrustStore.from_system(lab.roots_pem.encode())
            async with (
                open_services(settings, lab=lab.endpoints, store=store, limits=LIMITS) as services,
                running(settings, services) as bot,
            ):
                yield Stage(workspace, bot, console)


def _system_nameserver() -> tuple[str, int] | None:
    """Where names outside the lab are asked for, so that real hosts can be typed."""
    with suppress(dns.resolver.NoResolverConfiguration, OSError):
        first = dns.resolver.Resolver().nameservers[0]
        return (first, 53) if isinstance(first, str) else None
    return None
