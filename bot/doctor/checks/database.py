"""The file of the history: whether it is there, opens, has room, and lies where SQLite can keep it."""

import asyncio
import pwd
from pathlib import Path

from bot.doctor.result.codes import Code, Found, Value
from bot.settings import DATABASE
from storage.databases.registry import opened
from storage.errors import OlderSchemaError, StorageError
from storage.sqlite.file.outside import REMOTE, Outside, file_system, room, seen

LOW, GONE = 1e9, 1e8
"""Bytes."""

ROOT = 0


async def database_opens(path: str, user: int) -> list[Found]:
    """Opened to be read, beside a bot that runs. Only for a process of this user that has it open nowhere else."""
    there = await asyncio.to_thread(_looked_at, Path(path), user)
    return [there] if isinstance(there, Found) else [await _opened(path, there), *_lies_elsewhere(path)]


def _looked_at(path: Path, user: int) -> Outside | Found:
    """The file, or why it is not opened. Of the usual place `portero run` makes the folder, too."""
    if not path.absolute().parent.is_dir() and str(path) != DATABASE:
        return Found(Code.DATABASE_NO_FOLDER, {"folder": str(path.absolute().parent)})
    try:
        there = seen(path)
    except OSError as error:
        return Found(Code.DATABASE_TROUBLE, {"error": f"{path} cannot be looked at: {error.strerror}."})
    if there is None:
        return Found(Code.DATABASE_NEW, {"path": str(path)})
    if user not in {ROOT, there.owner}:
        whose: dict[str, Value] = {"path": str(path), "owner": _name(there.owner), "user": _name(user)}
        return Found(Code.DATABASE_NOT_OURS, whose)
    return there


async def _opened(path: str, there: Outside) -> Found:
    params: dict[str, Value] = {"path": path, "size": f"{there.size / 2**20:,.1f}", "journal": there.journal or "none"}
    try:
        async with opened(path, to_read=True):
            pass
    except OlderSchemaError as error:
        return Found(Code.DATABASE_OLDER, {"error": str(error)})
    except StorageError as error:
        return Found(Code.DATABASE_TROUBLE, {"error": str(error)})
    return Found(Code.DATABASE_FINE if there.journal == "wal" else Code.DATABASE_JOURNAL, params)


def _lies_elsewhere(path: str) -> list[Found]:
    kind = file_system(Path(path))
    return [Found(Code.DATABASE_REMOTE, {"path": path, "kind": kind})] if kind in REMOTE else []


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


async def room_left(path: str) -> list[Found]:
    """What is free on the disk of the history; the file itself is not touched."""
    return [room_told(*await asyncio.to_thread(room, Path(path)))]


def room_told(folder: Path, free: int | None) -> Found:
    """What so many free bytes mean. Pure."""
    if free is None:
        return Found(Code.SPACE_UNKNOWN, {"folder": str(folder)})
    code = Code.SPACE_GONE if free < GONE else Code.SPACE_LOW if free < LOW else Code.SPACE_FINE
    return Found(code, {"free": f"{free / 1e9:,.1f}", "folder": str(folder)})
