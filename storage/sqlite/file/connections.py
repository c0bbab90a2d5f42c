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
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.errors import ReadOnlyError, StorageError, damaged
from storage.history import Failure, Found
from storage.sqlite.file.errors import NO_TEXT
from storage.sqlite.file.jobs import Job, Outcome, give_back
from storage.sqlite.tables.damaged_rows import text_or_bytes

T = TypeVar("T")

BATCH = 256  # transactions in one commit: enough to hide an fsync and to share pages, few enough to answer early
LEFT_OUT = "it holds rows that nobody wrote so; they were left out of a list"
CLOSED = "The history is closed: Portero is shutting down. Ask again when it runs."


class Failures:
    """Who hears of what the questions to a file came to: every question passes here, whoever asks it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.listeners: list[Callable[[Failure], None]] = []

    @contextmanager
    def told(self, *, lost: bool = False) -> Iterator[None]:
        try:
            yield
        except StorageError as error:
            self.tell(error, lost=lost)
            raise

    def look_at(self, answer: object) -> None:
        if isinstance(answer, Found) and answer.damaged:
            self.tell(damaged(self._path, LEFT_OUT))

    def tell(self, error: StorageError, *, lost: bool = False) -> None:
        for listener in self.listeners:
            listener(Failure(error, lost))


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
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._closed = False
        # A daemon: what was not acknowledged may be lost, and a forgotten close must not keep the process alive.
        self._thread = threading.Thread(target=self._serve, name="history-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Database], T], *, keeps: bool = False) -> T:
        """What `work` returns, once its transaction is on disk. `work` may be run twice and must not mind.

        `keeps`: a result is lost when it fails.
        """
        try:
            return await self._put(work)
        except StorageError as error:
            self._failures.tell(error, lost=keeps)
            raise

    def _put(self, work: Callable[[Database], T]) -> Job[T]:
        if self._closed:
            raise StorageError(CLOSED)
        job = Job(work)
        self._jobs.put(job)
        return job

    async def close(self) -> None:
        """Finish what is queued and close the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        while jobs := self._next_batch():
            # A caller that was cancelled while its job waited is skipped.
            self._settle([job for job in jobs if not job.given_up])
        self._db.close()

    def _next_batch(self) -> list[Job[Any]]:
        """At least one job, or none at all when the end has been reached."""
        jobs: list[Job[Any]] = []
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

    def _settle(self, jobs: list[Job[Any]]) -> None:
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

    def _acknowledge(self, jobs: list[Job[Any]], answers: list[Any]) -> None:
        if error := self._standing():
            self._fail(jobs, error)
            return
        give_back([Outcome(job, answer) for job, answer in zip(jobs, answers, strict=True)])

    def _fail_or_retry(self, jobs: list[Job[Any]], error: Exception) -> None:
        if len(jobs) == 1:
            self._fail(jobs, error)
            return
        for job in jobs:
            self._settle([job])

    def _fail(self, jobs: list[Job[Any]], error: Exception) -> None:
        give_back([Outcome(job, error=self._translated(error)) for job in jobs])


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
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._idle: SimpleQueue[None] = SimpleQueue()  # one for each thread that waits for a job
        self._threads: list[threading.Thread] = []
        self._mine = threading.local()
        self._opened: list[Database] = []
        self._closed = False

    async def run(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, computed off the event loop. It sees everything that was acknowledged before."""
        try:
            answer = await self._put(work)
        except StorageError as error:
            self.failures.tell(error)
            raise
        self.failures.look_at(answer)
        return answer

    async def close(self) -> None:
        """Let running questions finish, then close the connections."""
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        await asyncio.to_thread(self._end)  # goes on to its end, whatever becomes of who waits

    def _end(self) -> None:
        for thread in self._threads:
            thread.join()
        while self._opened:
            self._opened.pop().close()

    def _put(self, work: Callable[[Database], T]) -> Job[T]:
        if self._closed:
            raise StorageError(CLOSED)
        job = Job(work)
        self._jobs.put(job)
        self._have_a_thread()
        return job

    def _have_a_thread(self) -> None:
        """Those that are there go first: what a connection has read it need not read again."""
        try:
            self._idle.get_nowait()
        except Empty:
            if len(self._threads) < READERS:
                self._threads.append(threading.Thread(target=self._serve, name="history-reader", daemon=True))
                self._threads[-1].start()

    def _serve(self) -> None:
        while job := self._jobs.get():
            outcome = None if job.given_up else self._outcome(job)
            self._idle.put(None)  # first, or who is woken and asks again would find nobody
            if outcome:
                give_back([outcome])
            del job, outcome  # a thread that waits keeps no answer

    def _outcome(self, job: Job[Any]) -> Outcome:
        try:
            return Outcome(job, self._answer(job.work))
        except Exception as error:  # noqa: BLE001 - handed to the caller
            return Outcome(job, error=self._translated(error))

    def _answer(self, work: Callable[[Database], T]) -> T:
        db = self._connection()
        try:
            return _at_one_moment(db, work)
        except sqlite3.OperationalError as error:
            if not str(error).startswith(NO_TEXT):
                raise
        db.conn.text_factory = text_or_bytes  # the row that holds it is told from the others
        try:
            return _at_one_moment(db, work)
        finally:
            db.conn.text_factory = str

    def _connection(self) -> Database:
        db: Database | None = getattr(self._mine, "db", None)
        if db is None:
            db = self._mine.db = self._connect()
            self._opened.append(db)
        return db


def _at_one_moment(db: Database, work: Callable[[Database], T]) -> T:
    """The answer; all that one question reads is of one moment."""
    db.conn.execute("BEGIN")
    try:
        return work(db)
    finally:
        db.conn.rollback()
