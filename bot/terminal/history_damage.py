"""`portero history check` and `rescue`: whether the file is whole, and what can still be read of one that is not."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console.process import BAD_NEWS, FINE
from bot.console.screen import say
from bot.settings import Settings

if TYPE_CHECKING:
    from storage.sqlite.file.rescue import Rescued

MOST = 20
"""Findings that are printed."""

RESTORE = (
    "What to do: stop Portero. If there is a backup from before the damage, move the file away with its -wal and -shm, "
    "and put the backup in its place."
)
RESCUE = "Else, or for what is newer: `portero history rescue NEW` copies what can be read into a new file."
NAMES = {"entries": "results", "readings": "endpoints", "watches": "watches", "watch_events": "events of watches"}


async def check(_: str, _days: int | None, settings: Settings) -> int:
    """Everything is looked at, however long it takes; Portero may run meanwhile."""
    found = await asyncio.to_thread(_findings, settings.database)
    if not found:
        say(f"{settings.database} is whole.")
        return FINE
    say(f"{settings.database} is damaged:", *(f"  {line}" for line in found[:MOST]))
    if len(found) > MOST:
        say(f"  and {len(found) - MOST:,} more")
    say(RESTORE, RESCUE)
    return BAD_NEWS


def _findings(database: str) -> list[str]:
    from commands.stored_shapes import is_document  # noqa: PLC0415
    from storage.errors import CorruptError  # noqa: PLC0415
    from storage.sqlite.file.integrity import findings  # noqa: PLC0415
    from storage.sqlite.file.opening import refuse_wrong_header  # noqa: PLC0415

    path, found = Path(database).absolute(), list[str]()
    try:
        refuse_wrong_header(path)
        for line in findings(path, is_document=is_document):
            found += line.splitlines()
    except CorruptError as error:
        found.append(error.why)
    return found


async def rescue(file: str, _days: int | None, settings: Settings) -> int:
    """The damaged file is read as it is and not changed."""
    told = await asyncio.to_thread(_rescued, settings.database, file)
    say(f"{file}: {', '.join(f'{told.rows[table]:,} {name}' for table, name in NAMES.items())} rescued.")
    lost = [f"about {number:,} of the {NAMES[table]}" for table, number in told.lost.items() if number]
    say(f"Not rescued, as far as is known: {', '.join(lost) or 'nothing'}.")
    say(f"To use it: stop Portero, move {settings.database} away with its -wal and -shm, put {file} in its place.")
    return BAD_NEWS if lost else FINE


def _rescued(database: str, file: str) -> "Rescued":
    from storage.sqlite.file.rescue import rescue  # noqa: PLC0415

    return rescue(Path(database).absolute(), Path(file).expanduser().absolute())
