"""A few threads that read, each with its own read-only connection, so that nobody who asks waits for a write."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlite_utils import Database

from storage.errors import StorageError
from storage.found import text_or_bytes
from storage.sqlite_errors import NO_TEXT
from storage.writer import CLOSED

T = TypeVar("T")

READERS = 4  # threads; they mostly wait for pages, and SQLite lets go of the interpreter while it searches


class Readers:
    """`connect` opens a connection that the pool closes; it is called at most `READERS` times."""

    def __init__(self, connect: Callable[[], Database], translated: Callable[[Exception], Exception]) -> None:
        self._connect = connect
        self._translated = translated
        self._pool = ThreadPoolExecutor(READERS, "history-reader")
        self._mine = threading.local()
        self._opened: list[Database] = []
        self._closed = False

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, computed off the event loop. It sees everything that was acknowledged before."""
        if self._closed:
            raise StorageError(CLOSED)
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, work)

    async def close(self) -> None:
        """Let running questions finish, then close the connections."""
        self._closed = True
        await asyncio.to_thread(self._pool.shutdown)
        while self._opened:
            self._opened.pop().close()

    def _answer(self, work: Callable[[Database], T]) -> T:
        try:
            db = self._connection()
            try:
                return _at_one_moment(db, work)
            except sqlite3.OperationalError as error:
                if not str(error).startswith(NO_TEXT):
                    raise
                return _at_one_moment(db, work, text_or_bytes)  # the row that holds it is told from the others
        except Exception as error:
            told = self._translated(error)
            if told is error:
                raise
            raise told from error

    def _connection(self) -> Database:
        db: Database | None = getattr(self._mine, "db", None)
        if db is None:
            db = self._mine.db = self._connect()
            self._opened.append(db)
        return db


def _at_one_moment(db: Database, work: Callable[[Database], T], text: Callable[[bytes], object] = str) -> T:
    """The answer; all that one question reads is of one moment. `text` makes what a column of text holds."""
    db.conn.text_factory = text
    db.execute("BEGIN")
    try:
        return work(db)
    finally:
        db.rollback()
