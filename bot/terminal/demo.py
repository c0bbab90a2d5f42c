"""`portero demo`: the only place outside the demo that loads it."""

import argparse
import sys
from typing import Any

from bot.console.process import run_loop
from bot.console.screen import PIPED_WIDTH, coloured
from bot.settings import Settings


def add(subs: Any) -> None:
    demo = subs.add_parser("demo", help="the bot on a local Slack and lab hosts, without credentials")
    demo.add_argument("--tour", action="store_true", help="a fixed tour instead of a prompt")
    demo.set_defaults(act=_demo)


def _demo(arguments: argparse.Namespace, _settings: Settings) -> int:
    from bot.demo.prompt import prompt  # noqa: PLC0415
    from bot.demo.tour import tour  # noqa: PLC0415

    console = coloured(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    act = tour if arguments.tour or not sys.stdin.isatty() else prompt
    return run_loop(act(console), fast=False)
