"""`portero demo`: the only place outside the demo that loads it."""

import argparse
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.console.process import run_loop
from bot.console.screen import PIPED_WIDTH, coloured
from bot.settings import Settings
from commands.contract import UserError
from commands.smtpcheck.probe.prober import Prober

DEMO = "portero check --demo mail.lab.example"


def add(subs: Any) -> None:
    demo = subs.add_parser("demo", help="the bot on a local Slack and lab hosts, without credentials")
    how = demo.add_mutually_exclusive_group()
    how.add_argument("--tour", action="store_true", help="a fixed tour instead of a prompt")
    how.add_argument("--web", action="store_true", help="the workspace as a page in your browser")
    demo.add_argument(
        "--port", type=int, default=0, metavar="N", help="where the page listens on 127.0.0.1 (any free port)"
    )
    demo.set_defaults(act=_demo)


def _demo(arguments: argparse.Namespace, _settings: Settings) -> int:
    console = coloured(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    if arguments.web:
        from bot.demo.web import web  # noqa: PLC0415

        return run_loop(web(console, arguments.port), fast=False)
    from bot.demo.prompt import prompt  # noqa: PLC0415
    from bot.demo.tour import tour  # noqa: PLC0415

    act = tour if arguments.tour or not sys.stdin.isatty() else prompt
    return run_loop(act(console), fast=False)


@asynccontextmanager
async def lab_prober(name: str) -> AsyncIterator[Prober]:
    """What checks the lab hosts, which run meanwhile, and nothing else; `UserError` for any other name."""
    from bot.demo.lab.hosts import HOSTS, ZONE  # noqa: PLC0415 - a check seldom wants it
    from bot.demo.stage import lab_prober as prober  # noqa: PLC0415

    hosts = [host.name for host in HOSTS]
    if name not in {*hosts, *ZONE}:
        raise UserError(f"{name} is no host of the demo. These are: {', '.join(hosts)}.", DEMO)
    async with prober() as made:
        yield made
