"""What SQLite says, and what a damaged row does to those who decode it, put into words that say what to do."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from storage.errors import DiskFullError, LockedError, ReadOnlyError, StorageError, damaged
from storage.sqlite.tables.damaged_rows import DamagedRowError
from storage.sqlite.tables.schema import known_names

_TREE: Mapping[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_READONLY: (ReadOnlyError, "may not be written: give this user write access to it and its folder"),
    sqlite3.SQLITE_CANTOPEN: (ReadOnlyError, "cannot be opened: give this user access to it and its folder"),
    sqlite3.SQLITE_PERM: (ReadOnlyError, "may not be opened: give this user access to it"),
    sqlite3.SQLITE_FULL: (DiskFullError, "has no room: free space on its disk. What was logged before is safe"),
    sqlite3.SQLITE_IOERR_SHMSIZE: (DiskFullError, "has no room: free space on its disk. Nothing was lost"),
    sqlite3.SQLITE_IOERR: (StorageError, "cannot be read or written: look at its disk, its quota and the system log"),
    sqlite3.SQLITE_BUSY: (LockedError, "is locked by another process: end that process's transaction, then ask again"),
    sqlite3.SQLITE_LOCKED: (LockedError, "is locked: end the other transaction, then ask again"),
}
_DAMAGED = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_TOOBIG,  # of what is read: nothing so large is ever written
        sqlite3.SQLITE_IOERR_SHORT_READ,
        sqlite3.SQLITE_IOERR_CORRUPTFS,
    }
)
"""Result codes, and the codes that they extend, of a file that is damaged or no database at all."""

_BAD_VALUES = re.compile(r"malformed JSON|JSON cannot hold|no query solution|datatype mismatch|unable to use function")
FILE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the sqlite3 module raises on a file: SQLite's own words may quote it, and are no UTF-8 then."""

NO_TEXT = "Could not decode to UTF-8"
"""How the sqlite3 module begins when a text is none. It has no code, and goes on to quote the bytes."""


def translated(
    path: Path, standing: Callable[[], StorageError | None] = lambda: None
) -> Callable[[Exception], Exception]:
    """A function from what was raised to its `StorageError`; what the file has no part in is a bug and stays as it is.

    `standing` is asked first: of a file that was taken away SQLite says anything, such as that it lacks a table.
    """

    def translate(error: Exception) -> Exception:
        code = getattr(error, "sqlite_errorcode", None)
        why = _damage(error, code)
        if code is None and not why:
            return error
        told = standing() or (damaged(path, why) if why else _trouble(path, error, code or 0))
        told.__cause__ = error
        return told

    return translate


def _trouble(path: Path, error: Exception, code: int) -> StorageError:
    kind, words = _TREE.get(code) or _TREE.get(code & 0xFF) or (StorageError, "refused: please report this")
    return kind(f"The history {path} {words} (SQLite: {error}).")


def _damage(error: Exception, code: int | None) -> str:
    """What of this error tells of a damaged file; "" for nothing."""
    if isinstance(error, DamagedRowError):
        return str(error)
    if isinstance(error, UnicodeDecodeError) or str(error).startswith(NO_TEXT):
        return "a text in it is none"
    if code in _DAMAGED or (code or 0) & 0xFF in _DAMAGED or (code == sqlite3.SQLITE_ERROR and _lost(str(error))):
        return f"SQLite: {error}"
    return ""


def _lost(words: str) -> bool:
    """A general error: our statements are constant, so what they miss of our schema was there once."""
    missing = set(re.findall(r"\w+", words)) & known_names()
    return bool(missing or _BAD_VALUES.search(words)) and "syntax error" not in words
