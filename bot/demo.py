"""`portero demo`: the real bot on a local Slack, checking lab hosts, without credentials.

The tour asks nobody outside. At the prompt, names that the lab does not know are asked of the system's resolver, so
that real hosts can be typed. What is made up says so: the workspace and the hosts.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import dns.resolver
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

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

INTRO = """[bold]Portero demo[/]: the real bot in a local Slack, on lab hosts.
The workspace and the hosts are made up and live on this machine's loopback.
The bot, the SMTP sessions, TLS, DNS and the SQLite history are real. You are [bold]{user}[/] in [bold]#{channel}[/].
"""

HELP = """Type a slash command as in Slack, or the number of a button.
  [cyan]/smtpcheck mail.lab.example[/]   [cyan]/smtpcheck filtered.lab.example[/]   [cyan]/smtpcheck lab.example here[/]
  [cyan]/smtpport sparkpost from google cloud[/]   [cyan]/pmta smtp-listener 0/0:465[/]
  [cyan]hosts[/] lists the lab hosts, [cyan]quit[/] leaves. Real hosts work too where this machine has a network.
"""


@dataclass(frozen=True)
class Type:
    """Type a line in the channel."""

    line: str
    why: str


@dataclass(frozen=True)
class Press:
    """Press a button of the last message that has it."""

    label: str
    why: str


PASTE = (
    "/pmta <smtp-user foo> password barbaz authentication-method password</smtp-user>"
    "<source 0/0> always-allow-relaying yes</source>"
)

TOUR: tuple[Type | Press, ...] = (
    Type("/smtpcheck", "Without a target it says what it takes."),
    Type("/smtpcheck mail.lab.example", "A healthy relay. The answer is private."),
    Press("Details", "Transcript, certificate and timings."),
    Press("Share in channel", "Everybody in the channel sees the stored result."),
    Type(
        "/smtpcheck filtered.lab.example",
        "25 is filtered, 465 refused: whose side is it? The filter costs 8 s.",
    ),
    Press("Run again", "A button edits its own message in place."),
    Type("/smtpcheck expired.lab.example 465 587", "An expired certificate; two ports alone."),
    Type("/smtpcheck plain.lab.example", "A host that hides STARTTLS."),
    Type("/smtpcheck hostile.lab.example 25", "A banner that tries to alert the channel: it stays text."),
    Type("/smtpcheck <http://lab.example|lab.example> 25 here", "A domain as Slack mangles it; a public answer."),
    Type("/smtpport sparkpost from google cloud", "Which port fits a provider and a network, and why."),
    Type(PASTE, "A PowerMTA stanza, pasted with its line breaks lost and a password in it."),
    Type("/smtpcheck 10.0.0.5", "An address inside: refused."),
    Type("/smtpcheck mail.lab.example 22", "A port that is none of a mail checker's business."),
)


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


async def tour(console: Console) -> int:
    """The fixed tour: every step printed as Slack would show it."""
    console.print(INTRO.format(user=ANA, channel=CHANNEL))
    async with stage(console) as here:
        for step in TOUR:
            console.print(Rule(style="dim"), f"[dim]{escape(step.why)}[/]")
            if isinstance(step, Type):
                console.print(f"[bold]ana[/]  {escape(step.line)}", "")
                await here.type(step.line)
            else:
                console.print(f"[bold]ana[/]  presses {escape('[' + step.label + ']')}", "")
                await here.press(step.label)
        console.print(Rule(style="dim"), "That was the tour. In a terminal, [bold]portero demo[/] gives a prompt.")
    return 0


async def prompt(console: Console) -> int:
    """Type commands, press buttons by number, until end of input."""
    console.print(INTRO.format(user=ANA, channel=CHANNEL), HELP)
    async with stage(console, outside=True) as here:
        while (line := await asyncio.to_thread(_read)) is not None:
            try:
                if not await _obey(here, line, console):
                    break
            except Impossible as error:
                console.print(f"[yellow]{escape(str(error))}[/]")
    return 0


async def _obey(here: Stage, line: str, console: Console) -> bool:
    """Do what one line says; False to leave."""
    if line in {"quit", "exit", "q"}:
        return False
    if line == "hosts":
        for host in HOSTS:
            console.print(f"  [cyan]{host.name:24}[/] {escape(host.shows)}")
    elif line.isdecimal():
        await here.press(int(line))
    elif line.startswith("/"):
        await here.type(line)
    elif line:
        console.print(HELP)
    return True


def _read() -> str | None:
    try:
        return input("#mailops> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None
