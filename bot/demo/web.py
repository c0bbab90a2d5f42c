"""`portero demo --web`: the strict workspace as a page in the browser, with the real bot behind it."""

import asyncio
from datetime import timedelta

from rich.console import Console

from bot.demo.lab.hosts import HOSTS
from bot.demo.page.server import Demo, serving
from bot.demo.stage import ANA, ESCAPES, Ground, ground
from bot.registry import COMMANDS
from bot.slack.manifest import SHORTCUT_NAMES

INTRO = """[bold]Portero demo[/]: the real bot in a local Slack, on lab hosts. Open this address in a browser:

  [cyan]{url}[/]

The workspace and the hosts are made up and live on this machine's loopback; whoever has the address may use it.
Ctrl-C ends it.
"""


async def web(console: Console, port: int = 0) -> int:
    """Serve the page until Ctrl-C."""
    async with ground(outside=True) as here, serving(demo_on(here), port) as url:
        console.print(INTRO.format(url=url), soft_wrap=True)
        await asyncio.Event().wait()
    return 0


def demo_on(here: Ground) -> Demo:
    """What the page shows of it."""
    lab = here.lab
    zone = timedelta(seconds=here.workspace.user(ANA).tz_offset)
    return Demo(
        workspace=here.workspace,
        commands=[
            {"name": f"/{command.name}", "usage": command.usage, "summary": command.summary} for command in COMMANDS
        ],
        escapes=ESCAPES,
        message_shortcuts={name: words for name, (words, _) in SHORTCUT_NAMES.items()},
        shortcuts={},
        hosts=[{"name": host.name, "shows": host.shows} for host in HOSTS],
        wait=here.time.wait,
        set_host=lambda name, up: lab.start(name) if up else lab.stop(name),
        now=lambda: f"{here.time.now() + zone:%a %d %b %H:%M}",
    )
