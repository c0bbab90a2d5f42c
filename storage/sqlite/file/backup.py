"""A copy of the SQLite history with SQLite's online backup, while others go on writing.

The copy is made beside its final name, flushed, and then given that name, which it never takes from another file: a
backup that can be seen is whole, and an older one is still there.
"""

import errno
import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from storage.errors import StorageError
from storage.sqlite.file.errors import FILE_ERRORS, translated
from storage.sqlite.file.opening import connect_reader

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def write_backup(source: Path, target: Path, busy_timeout: float = 5.0) -> None:
    """Copy the database in one go, so that writers cannot make it begin again. `StorageError`, also if it exists."""
    refuse_taken(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with closing(_readable(source, busy_timeout)) as reading:
            _copy(reading, part, target)
        give_name(part, target)
    except OSError as error:
        raise StorageError(f"The backup {target} cannot be written: {error.strerror}.") from error
    finally:
        for name in (part, f"{part}-journal"):
            with suppress(OSError):  # what went wrong before is what is told
                Path(name).unlink()


def refuse_taken(target: Path) -> None:
    """Raises `StorageError` where something is there already."""
    if os.path.lexists(target):
        raise StorageError(f"{target} exists already and is not replaced. Name another file.")


def _readable(source: Path, busy_timeout: float) -> Database:
    """What is wrong with the source is told of the source: in a folder that nobody may write a WAL cannot be read."""
    reading = None
    try:
        reading = connect_reader(source, busy_timeout)
        reading.conn.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except FILE_ERRORS as error:
        if reading is not None:
            reading.close()
        raise translated(source)(error) from error
    return reading


def _copy(reading: Database, part: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(part)) as writing:
            reading.conn.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, which may lie where nobody can write
    except FILE_ERRORS as error:
        raise translated(target)(error) from error


def give_name(part: Path, target: Path) -> None:
    """The part, flushed, under its name.

    A link is refused where the name is taken; some file systems know no links, there an empty file reserves it.
    """
    _flush(part)
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
