"""What SQLite says, put into words that say what to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from storage.errors import CorruptError, DiskFullError, LockedError, ReadOnlyError, StorageError

_TREE: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_READONLY: (ReadOnlyError, "may not be written: give this user write access to it and its folder"),
    sqlite3.SQLITE_CANTOPEN: (ReadOnlyError, "cannot be opened: give this user access to it and its folder"),
    sqlite3.SQLITE_PERM: (ReadOnlyError, "may not be opened: give this user access to it"),
    sqlite3.SQLITE_FULL: (DiskFullError, "has no room: free space on its disk. What was logged before is safe"),
    sqlite3.SQLITE_IOERR_SHMSIZE: (DiskFullError, "has no room: free space on its disk. Nothing was lost"),
    sqlite3.SQLITE_IOERR: (StorageError, "cannot be read or written: look at its disk, its quota and the system log"),
    sqlite3.SQLITE_BUSY: (LockedError, "is locked by another process: end that process's transaction, then ask again"),
    sqlite3.SQLITE_LOCKED: (LockedError, "is locked: end the other transaction, then ask again"),
    sqlite3.SQLITE_CORRUPT: (CorruptError, "is damaged: move it away and restore the newest backup"),
    sqlite3.SQLITE_NOTADB: (CorruptError, "is not a SQLite database: name another file, or restore a backup"),
}


def translated(
    path: Path, standing: Callable[[], StorageError | None] = lambda: None
) -> Callable[[Exception], Exception]:
    """A function from what SQLite raised to its `StorageError`; every other exception is a bug and stays what it is.

    `standing` is asked first: of a file that was taken away SQLite says anything, such as that it lacks a table.
    """

    def translate(error: Exception) -> Exception:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return error
        if lost := standing():
            return lost
        kind, words = _TREE.get(code) or _TREE.get(code & 0xFF) or (StorageError, "refused: please report this")
        told = kind(f"The history {path} {words} (SQLite: {error}).")
        told.__cause__ = error
        return told

    return translate
