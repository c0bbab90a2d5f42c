"""The connections of a process to the file: one thread writes, four read, and whoever asks waits for none of them.

Callers of `Writer` queue functions; its thread runs all that are waiting in one transaction, so that one fsync serves
many, and answers each only after the commit. If anything fails, all is rolled back and each function is run again
alone: the guilty one gets its error, its neighbours get their commit. `Readers` have a read-only connection each, so
that nobody who asks waits for a write.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.errors import ReadOnlyError, StorageError, damaged
from storage.history import Failure, Found
from storage.sqlite.file.errors import NO_TEXT
from storage.sqlite.tables.damaged_rows import text_or_bytes

T = TypeVar("T")

BATCH = 256  # transactions in one commit: enough to hide an fsync and to share pages, few enough to answer early
CLOSED = "The history is closed: Portero is shutting down. Ask again when it runs."


LEFT_OUT = "it holds rows that nobody wrote so; they were left out of a list"


class Failures:
    """Who hears of what the questions to a file came to. Every question passes here, whoever asks it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.listeners: list[Callable[[Failure], None]] = []

    @contextmanager
    def told(self, *, lost: bool = False) -> Iterator[None]:
        try:
            yield
        except StorageError as error:
            self._tell(Failure(error, lost))
            raise

    def look_at(self, answer: object) -> None:
        if isinstance(answer, Found) and answer.damaged:
            self._tell(Failure(damaged(self._path, LEFT_OUT)))

    def _tell(self, failure: Failure) -> None:
        for listener in self.listeners:
            listener(failure)


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Database], Any]
    done: "Future[Any]" = field(default_factory=Future)


class Writer:
    """Takes over an open database. `translated` makes the exception that a caller sees from the one that happened.

    `failures` tells those who listen.

    `standing` is asked after every commit, before it is answered: an error when nobody would find again what it wrote.
    """

    def __init__(
        self,
        db: Database,
        translated: Callable[[Exception], Exception],
        standing: Callable[[], StorageError | None] = lambda: None,
        failures: Failures | None = None,
    ) -> None:
        self._db = db
        self._failures = failures or Failures(Path())
        self._translated = translated
        self._standing = standing
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        # A daemon: what was not acknowledged may be lost, and a forgotten close must not keep the process alive.
        self._thread = threading.Thread(target=self._serve, name="history-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Database], T], *, keeps: bool = False) -> T:
        """What `work` returns, once its transaction is on disk. `work` may be run twice and must not mind.

        `keeps`: a result is lost when it fails.
        """
        with self._failures.told(lost=keeps):
            if self._closed:
                raise StorageError(CLOSED)
            job = _Job(work)
            self._jobs.put(job)
            answer: T = await asyncio.wrap_future(job.done)
            return answer

    async def close(self) -> None:
        """Finish what is queued and close the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        while jobs := self._next_batch():
            # A caller that was cancelled while its job waited is skipped.
            self._settle([job for job in jobs if job.done.set_running_or_notify_cancel()])
        self._db.close()

    def _next_batch(self) -> list[_Job]:
        """At least one job, or none at all when the end has been reached."""
        jobs: list[_Job] = []
        try:
            while len(jobs) < BATCH:
                job = self._jobs.get(block=not jobs)
                if job is None:
                    self._jobs.put(None)  # seen again, alone, once these jobs are settled
                    break
                jobs.append(job)
        except Empty:
            pass
        return jobs

    def _settle(self, jobs: list[_Job]) -> None:
        try:
            self._db.conn.execute("BEGIN IMMEDIATE")
        except Exception as error:  # noqa: BLE001 - handed to the callers; nobody's job is guilty of a lock
            self._fail(jobs, error)
            return
        try:
            answers = [job.work(self._db) for job in jobs]
            self._db.conn.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - handed to the caller
            self._db.rollback()
            self._fail_or_retry(jobs, error)
        else:
            self._acknowledge(jobs, answers)

    def _acknowledge(self, jobs: list[_Job], answers: list[Any]) -> None:
        if error := self._standing():
            self._fail(jobs, error)
            return
        for job, answer in zip(jobs, answers, strict=True):
            job.done.set_result(answer)

    def _fail_or_retry(self, jobs: list[_Job], error: Exception) -> None:
        if len(jobs) == 1:
            self._fail(jobs, error)
            return
        for job in jobs:
            self._settle([job])

    def _fail(self, jobs: list[_Job], error: Exception) -> None:
        for job in jobs:
            job.done.set_exception(self._translated(error))


class NoWriter(Writer):
    """Stands where nothing is to be written."""

    def __init__(self) -> None:
        """Without a database and without a thread."""

    async def run(self, work: Callable[[Database], T], *, keeps: bool = False) -> T:  # noqa: ARG002 - it never runs
        raise ReadOnlyError("The history was opened for reading only.")

    async def close(self) -> None:
        """There is nothing to finish."""


READERS = 4  # threads; they mostly wait for pages, and SQLite lets go of the interpreter while it searches


class Readers:
    """`connect` opens a connection that the pool closes; it is called at most `READERS` times."""

    def __init__(
        self,
        connect: Callable[[], Database],
        translated: Callable[[Exception], Exception],
        failures: Failures | None = None,
    ) -> None:
        self._connect = connect
        self.failures = failures or Failures(Path())
        self._translated = translated
        self._pool = ThreadPoolExecutor(READERS, "history-reader")
        self._mine = threading.local()
        self._opened: list[Database] = []
        self._closed = False

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, computed off the event loop. It sees everything that was acknowledged before."""
        with self.failures.told():
            if self._closed:
                raise StorageError(CLOSED)
            answer = await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, work)
        self.failures.look_at(answer)
        return answer

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
