"""`portero doctor`: looks at everything that an installation needs, and says what to do."""

import argparse
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.console.formats import add_formats
from bot.console.process import BAD_NEWS, FINE, run_loop
from bot.console.screen import coloured, one_line, say_json
from bot.settings import Found as Settings

if TYPE_CHECKING:
    from rich.table import Table

    from bot.doctor.destinations import Destination
    from bot.doctor.examination import Examined

STYLES = {"fine": "green", "note": "yellow", "unknown": "magenta", "bad": "bold red"}
OPEN_THESE = "A firewall has to let these out:"


def add(subs: Any) -> None:
    doctor = subs.add_parser("doctor", help="look whether all that Portero needs is there, and say what to do")
    add_formats(doctor, "json")
    doctor.set_defaults(act=act, own_settings=True)


def act(arguments: argparse.Namespace, found: Settings) -> int:
    return run_loop(_examined(found, as_json=arguments.format == "json"), fast=False)


async def _examined(found: Settings, *, as_json: bool) -> int:
    from bot.doctor.destinations import destinations  # noqa: PLC0415 - most subcommands need none of it
    from bot.doctor.examination import examine  # noqa: PLC0415
    from bot.doctor.opening import installation  # noqa: PLC0415
    from bot.doctor.table import CHECKS  # noqa: PLC0415
    from bot.doctor.view import document  # noqa: PLC0415

    logging.getLogger("bot.slack").addHandler(logging.NullHandler())  # what Slack refuses is told in its line
    async with installation(found, os.environ) as it:
        examined = await examine(CHECKS, it)
        open_these = destinations(it.settings, it.servers)
    if as_json:
        say_json(document(examined, [asdict(one) for one in open_these]))
    else:
        _show(examined, open_these)
    return BAD_NEWS if any(each.is_bad for each in examined) else FINE


def _show(examined: "Sequence[Examined]", open_these: "Sequence[Destination]") -> None:
    from rich.text import Text  # noqa: PLC0415

    from bot.doctor.view import MARKS, rows, summary  # noqa: PLC0415

    console = coloured()
    bad = any(each.is_bad for each in examined)
    console.print(Text(summary(examined), STYLES["bad"] if bad else "bold"))
    if console.is_terminal:
        console.print(_table(examined))
    else:  # whoever reads a pipe wraps for himself
        for state, title, says, todo in rows(examined):
            console.print(Text(one_line(f"{MARKS[state]} {title:18} {says} {todo}".rstrip())))
    console.print(Text(f"\n{OPEN_THESE}"))
    for line in _lines(open_these):
        console.print(Text(line))


def _table(examined: "Sequence[Examined]") -> "Table":
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from bot.doctor.view import MARKS, rows  # noqa: PLC0415

    table = Table.grid(padding=(0, 1))
    for state, title, says, todo in rows(examined):
        what = Text.assemble(one_line(says), (f" {one_line(todo)}", "bold") if todo else "")
        table.add_row(Text(MARKS[state], STYLES[state]), Text(title, "bold"), what)
    return table


def _lines(open_these: "Sequence[Destination]") -> Iterator[str]:
    for one in open_these:
        ports = ", ".join(map(str, one.ports))
        yield f"  {one_line(', '.join(one.hosts))}  {one.protocol} {ports}  ({one.reason})"
