"""`portero history`: what was checked."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from bot.settings import Settings
from bot.terminal.common import FINE, complain, positive, run_loop
from commands.contract import UserError
from commands.slack_text import clean


def add(subs: Any) -> None:
    history = subs.add_parser("history", help="list what was checked")
    history.add_argument("target", metavar="TARGET", nargs="?", help="only this target")
    history.add_argument("--limit", type=positive, default=20, metavar="N", help="how many, newest first (20)")
    history.add_argument("--format", choices=("text", "json", "csv"), default="text")
    history.set_defaults(act=act)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    return run_loop(_listed(arguments, settings))


async def _listed(arguments: argparse.Namespace, settings: Settings) -> int:
    from storage.interface import StorageError  # noqa: PLC0415
    from storage.sqlite import open_history  # noqa: PLC0415

    if not os.path.exists(settings.database):  # noqa: ASYNC240, PTH110 - once, before anything else runs
        raise UserError(f"There is no history yet at {settings.database}.", "Set PORTERO_DATABASE, or check something.")
    try:
        history = await open_history(settings.database)
        try:
            entries = await history.recent(target=arguments.target, limit=arguments.limit)
        finally:
            await history.close()
    except StorageError as error:
        raise UserError(str(error)) from error
    WRITERS[arguments.format](entries, sys.stdout)
    if not entries:
        complain("Nothing was checked yet." if arguments.target is None else f"No check of {clean(arguments.target)}.")
    return FINE


def _as_text(entries: Sequence[Any], out: TextIO) -> None:
    for entry in entries:
        who = f" by {clean(entry.actor)}" if entry.actor else ""
        print(f"{entry.started_at:%Y-%m-%d %H:%M:%S}Z  {entry.verdict:12} {clean(entry.target)}{who}", file=out)
        print(f"    {clean(entry.summary, 1000)}", file=out)


def _as_json(entries: Sequence[Any], out: TextIO) -> None:
    for entry in entries:
        print(json.dumps(entry.document, ensure_ascii=False), file=out)


def _as_csv(entries: Sequence[Any], out: TextIO) -> None:
    writer = csv.writer(out)
    writer.writerow(CSV_FIELDS)
    for entry in entries:
        writer.writerow([csv_cell(str(getattr(entry, field))) for field in CSV_FIELDS])


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


CSV_FIELDS = ("started_at", "kind", "target", "verdict", "summary", "elapsed_ms", "vantage", "actor", "channel", "id")
WRITERS: dict[str, Callable[[Sequence[Any], TextIO], None]] = {"text": _as_text, "json": _as_json, "csv": _as_csv}
