"""`portero demo`: the same at a prompt. What is made up says so: the workspace and the hosts.

Names that the lab does not know are asked of the system's resolver, so that real hosts can be typed.
"""

import asyncio

from rapidfuzz import fuzz, process
from rich.console import Console
from rich.markup import escape

from bot.demo.lab.hosts import HOSTS
from bot.demo.stage import ANA, CHANNEL, INTRO, Stage, stage
from bot.demo.workspace.model import Impossible
from bot.registry import COMMANDS
from bot.slack.conversation.understanding.understanding import understand

HELP = """Type a slash command as in Slack, or the number of a button (of the dialogue, when one is open).
  [cyan]/smtpcheck mail.lab.example[/]   [cyan]/smtpcheck filtered.lab.example[/]   [cyan]/smtpcheck lab.example here[/]
  [cyan]/smtpport sparkpost from google cloud[/]   [cyan]/pmta smtp-listener 0/0:465[/]   [cyan]/smtphistory failed[/]
  Or write to it: [cyan]@portero is mail.lab.example up?[/] in the channel, [cyan]dm mail.lab.example[/] to it alone.
  [cyan]/portero help[/] lists the commands, [cyan]hosts[/] the lab hosts, [cyan]home[/] opens the app's Home,
  [cyan]help[/] shows this again, [cyan]quit[/] leaves.
  Real hosts work too where this machine has a network.
"""


ALONE = ("help", "hosts", "home", "send", "close", "quit")
MENTION, DIRECT = "@portero", "dm"
"""What a line begins with that is written and no command."""
TO_IT_ALONE = "In a channel Portero reads only what mentions it, so this goes to it as a direct message."

CLOSE_ENOUGH = 70
"""Percent: how near a slash command must be to one that is meant."""


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
    elif line in {"help", "?"}:
        console.print(HELP)
    elif line == "hosts":
        for host in HOSTS:
            console.print(f"  [cyan]{host.name:24}[/] {escape(host.shows)}")
    elif number.isdecimal():
        here.fill(int(number), text.strip()) if text.strip() else await here.press(int(number))
    elif line.startswith("/") and (unknown := _unknown(line)):
        console.print(f"[yellow]{escape(unknown)}[/]")
    elif line.startswith("/"):
        await here.type(line)
    elif line and not await _write(here, line):
        await _write_or_ask(here, line, console)
    return True


async def _write_or_ask(here: Stage, line: str, console: Console) -> None:
    """What is nothing here: misspelt, or said to the bot without its name; else the help."""
    if meant := _meant(line):
        console.print(f"[yellow]{escape(f'Did you mean {meant}?')}[/]")
    elif understand(line):
        console.print(TO_IT_ALONE)
        await here.write(line, direct=True)
    else:
        console.print(HELP)


async def _write(here: Stage, line: str) -> bool:
    """Whether the line is something that one writes to the bot."""
    first, _, text = line.partition(" ")
    if first.lower() == MENTION:
        await here.write(f"{MENTION} {text}")
    elif first == DIRECT and text.strip():
        await here.write(text.strip(), direct=True)
    else:
        return False
    return True


def _meant(line: str) -> str:
    """What may have been meant by a line that is nothing here: with a slash, or spelt right."""
    first, _, rest = line.partition(" ")
    known = [*(f"/{command.name}" for command in COMMANDS), MENTION, *ALONE]
    near = process.extractOne(first.lower(), known, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return f"{near[0]} {rest}".strip() if near else ""


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
