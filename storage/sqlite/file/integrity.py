"""Whether the file of a history is whole, by SQLite's own checks, beside those who use it.

A check reads the whole file through a connection of its own, of one moment: it hinders nobody, but the WAL grows while
it lasts. Letters that changed within a text are seen by the checksums of documents alone (`read_everything`).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from storage.entries import IsDocument, anything
from storage.errors import StorageError, damaged
from storage.sqlite.file.errors import FILE_ERRORS, translated
from storage.sqlite.file.opening import connect_reader
from storage.sqlite.tables.audit_table import AUDIT_COLUMNS, audit_of
from storage.sqlite.tables.damaged_rows import found, only_shaped, text_or_bytes
from storage.sqlite.tables.entry_rows import ENTRY_COLUMNS, READING_COLUMNS, entry_of, reading_of
from storage.sqlite.tables.share_table import SHARE_COLUMNS, share_of
from storage.sqlite.tables.watch_rows import EVENT_COLUMNS, SPAN_COLUMNS, WATCH_COLUMNS, event_of, span_of, watch_of

STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: some 0.1 ms."""

ROWS: dict[str, tuple[str, Callable[[Sequence[Any]], object]]] = {
    "entries": (ENTRY_COLUMNS, entry_of),
    "readings": (READING_COLUMNS, reading_of),
    "watches": (WATCH_COLUMNS, watch_of),
    "watch_events": (EVENT_COLUMNS, event_of),
    "watch_spans": (SPAN_COLUMNS, span_of),
    "shares": (SHARE_COLUMNS, share_of),
    "audit": (AUDIT_COLUMNS, audit_of),
}
"""Tables, and how their rows are read."""


async def verify(path: Path, seconds: float, clock: Callable[[], float], busy_timeout: float = 5.0) -> bool:
    """Look through the structure of the whole file. False: the seconds did not suffice, and no damage was found so far.

    `clock` counts seconds. Raises `StorageError`: `CorruptError` with what was found first. A task that is cancelled
    leaves no thread behind that goes on reading.
    """
    end = clock() + seconds
    stop, opened = threading.Event(), list[Database]()

    def look() -> bool:
        with closing(_connected(path, busy_timeout)) as db:  # closed where no cancellation can lose it
            db.conn.set_progress_handler(lambda: stop.is_set() or clock() > end, STEPS)
            opened.append(db)
            return not stop.is_set() and _quick_check(db, path)

    looking = asyncio.get_running_loop().run_in_executor(None, look)
    try:
        await asyncio.wait({looking}, timeout=seconds)
    finally:
        stop.set()
        for db in opened:
            with suppress(sqlite3.ProgrammingError):  # it is closed already
                db.conn.interrupt()  # beside the handler, which older versions of SQLite call seldom
        with suppress(StorageError):
            await looking
    return looking.result()


def _connected(path: Path, busy_timeout: float) -> Database:
    try:
        return connect_reader(path, busy_timeout)
    except FILE_ERRORS as error:
        raise translated(path)(error) from error


def _quick_check(db: Database, path: Path) -> bool:
    try:
        first = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except FILE_ERRORS as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            return False
        raise translated(path)(error) from error
    if first != "ok":
        raise damaged(path, f"SQLite: {first}")
    return True


def findings(
    path: Path, most: int = 20, busy_timeout: float = 5.0, is_document: IsDocument = anything
) -> Iterator[str]:
    """All that is wrong with a file, by the longest check there is and by reading every row; nothing for a sound one.

    Raises `StorageError` for a file that cannot be looked at.
    """
    with closing(_connected(path, busy_timeout)) as db:
        db.conn.text_factory = text_or_bytes
        try:
            lines = db.execute(f"PRAGMA integrity_check({most})").fetchall()
            yield from (str(line) for (line,) in lines if line != "ok")
            yield from _unreadable(db, is_document)
        except FILE_ERRORS as error:
            raise translated(path)(error) from error


def _unreadable(db: Database, is_document: IsDocument) -> Iterator[str]:
    readers = ROWS | {"entries": (ENTRY_COLUMNS, lambda row: only_shaped(entry_of(row), is_document))}
    for table, (columns, decode) in readers.items():
        if not set(columns.split(", ")) <= {each.name for each in db.table(table).columns}:
            continue  # of an older version
        rows = db.execute(f"SELECT {columns} FROM {table} NOT INDEXED")  # noqa: S608 - constants
        if number := sum(found(decode, [row]).damaged for row in rows):
            yield f"{table}: {number:,} row{'s' * (number > 1)} that nobody wrote so"
