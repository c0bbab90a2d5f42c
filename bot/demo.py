"""`portero demo`: the real bot on a local Slack, checking lab hosts, without credentials.

The tour asks nobody outside. At the prompt, names that the lab does not know are asked of the system's resolver, so
that real hosts can be typed. What is made up says so: the workspace and the hosts.
"""

import asyncio
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from bot.demo_stage import ANA, CHANNEL, Stage, stage
from bot.lab.hosts import HOSTS
from bot.registry import COMMANDS
from bot.workspace.model import Impossible

INTRO = """[bold]Portero demo[/]: the real bot in a local Slack, on lab hosts.
The workspace and the hosts are made up and live on this machine's loopback.
The bot, the SMTP sessions, TLS, DNS and the SQLite history are real. You are [bold]{user}[/] in [bold]#{channel}[/].
"""

HELP = """Type a slash command as in Slack, or the number of a button (of the dialogue, when one is open).
  [cyan]/smtpcheck mail.lab.example[/]   [cyan]/smtpcheck filtered.lab.example[/]   [cyan]/smtpcheck lab.example here[/]
  [cyan]/smtpport sparkpost from google cloud[/]   [cyan]/pmta smtp-listener 0/0:465[/]   [cyan]/smtphistory failed[/]
  [cyan]hosts[/] lists the lab hosts, [cyan]home[/] opens the app's Home, [cyan]quit[/] leaves.
  Real hosts work too where this machine has a network.
"""


CLOSE_ENOUGH = 70
"""Percent: how near a slash command must be to one that is meant."""


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
    Type("/smtphistory mail.lab.example", "What the team knows of a host."),
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
            await here.leave()
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
    number, _, text = line.partition(" ")
    words = {"send": here.send, "close": here.leave, "home": here.open_home}
    if line in {"quit", "exit", "q"}:
        return False
    if line in words:
        await words[line]()
    elif line == "hosts":
        for host in HOSTS:
            console.print(f"  [cyan]{host.name:24}[/] {escape(host.shows)}")
    elif number.isdecimal():
        here.fill(int(number), text.strip()) if text.strip() else await here.press(int(number))
    elif line.startswith("/") and (unknown := _unknown(line)):
        console.print(f"[yellow]{escape(unknown)}[/]")
    elif line.startswith("/"):
        await here.type(line)
    elif line:
        console.print(HELP)
    return True


def _unknown(line: str) -> str:
    """What Slack would say of a slash command that no app has, and what may have been meant; nothing of a known one."""
    typed, names = line.split(maxsplit=1)[0], [f"/{command.name}" for command in COMMANDS]
    if typed in names:
        return ""
    near = process.extractOne(typed.lower(), names, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    meant = f"Did you mean {near[0]}?" if near else f"There are {', '.join(names)}."
    return f"{typed} is not a command here. {meant}"


def _read() -> str | None:
    try:
        return input("#mailops> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None
