"""The team's memory in one SQLite file: WAL, every write flushed to disk before it is acknowledged.

One thread writes, four read (`file.connections`); the event loop only waits.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlite_utils import Database

from storage.audit import Noted
from storage.entries import LOCAL, IsDocument, anything
from storage.history import (
    MOST_COUNTED,
    Availability,
    Certificate,
    CorruptError,
    Entry,
    Failure,
    Forgotten,
    Found,
    History,
    LastReading,
    Line,
    Point,
    Query,
    Reading,
    Run,
    Streak,
    Viewer,
)
from storage.shares import SharedResult
from storage.sqlite.file.backup import write_backup
from storage.sqlite.file.connections import Failures, NoWriter, Readers, Writer
from storage.sqlite.file.errors import translated
from storage.sqlite.file.integrity import verify
from storage.sqlite.file.opening import connect_reader, empty_wal, prepare, refuse_other_schema
from storage.sqlite.file.presence import Standing
from storage.sqlite.tables import audit_table, availability, listing, lookups, recording, removal, runs, share_table
from storage.sqlite.tables.damaged_rows import DamagedRowError, only_shaped, shaped
from storage.sqlite.watches import SqliteWatches


async def open_history(
    path: Path | str, *, busy_timeout: float = 5.0, is_document: IsDocument = anything
) -> "SqliteHistory":
    """The history in this file, which is created with its folders when it is not there.

    An entry whose document has no checksum and is none for `is_document` is a damaged row.
    `busy_timeout` (seconds) is how long a write waits for another process. Raises `StorageError`, with the file
    untouched if it is damaged or of a newer schema; ValueError for `:memory:`, which only one thread could see.
    """
    if str(path) == ":memory:":
        raise ValueError("the history needs a file: several threads read it")
    place = _placed(path)
    db = await _opened(lambda: prepare(place, busy_timeout))
    standing = Standing(place)
    told = _noting(translated(place, standing), standing)
    failures = Failures(place)
    writer = Writer(db, told, standing, failures)
    return SqliteHistory(place, writer, _readers(busy_timeout, told, failures, place), standing, is_document)


async def open_history_to_read(
    path: Path | str, *, busy_timeout: float = 5.0, is_document: IsDocument = anything
) -> "SqliteHistory":
    """The history in a file that is there, without ever locking it against those who write.

    Raises `StorageError`, with the file untouched: also if another version of Portero wrote it.
    """
    place = _placed(path)
    await asyncio.to_thread(refuse_other_schema, place, busy_timeout)
    readers = _readers(busy_timeout, translated(place), Failures(place), place)
    return SqliteHistory(place, NoWriter(), readers, is_document=is_document)


async def _opened(connect: Callable[[], Database]) -> Database:
    """What `connect` opens, in a thread: it may have to migrate. Cancelling the wait leaves no connection open."""
    opening = asyncio.get_running_loop().run_in_executor(None, connect)
    try:
        await asyncio.wait({opening})
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        raise
    return opening.result()


def _close(opening: "asyncio.Future[Database]") -> None:
    if not opening.cancelled() and not opening.exception():
        opening.result().close()


def _noting(translate: Callable[[Exception], Exception], standing: Standing) -> Callable[[Exception], Exception]:
    """As `translate`. A damage of the file is kept in mind; a damaged row says nothing of others."""

    def told(error: Exception) -> Exception:
        made = translate(error)
        if isinstance(made, CorruptError) and not isinstance(error, DamagedRowError):
            standing.condemned = made
        return made

    return told


def _placed(path: Path | str) -> Path:
    return Path(path).expanduser().absolute()


def _readers(busy_timeout: float, told: Callable[[Exception], Exception], failures: Failures, path: Path) -> Readers:
    return Readers(lambda: connect_reader(path, busy_timeout), told, failures)


class SqliteHistory(History):
    """`History` and `HistoryFile` on a file that `open_history` has prepared."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        readers: Readers,
        standing: Standing | None = None,
        is_document: IsDocument = anything,
    ) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers
        self._standing = standing
        self._is_document = is_document
        self._failures = readers.failures
        self.watches = SqliteWatches(writer, readers)

    async def add(self, entry: Entry, readings: Iterable[Reading] = ()) -> None:
        endpoints = tuple(readings)
        await self._writer.run(lambda db: recording.add_entry(db, entry, endpoints), keeps=True)
        if self._standing and self._standing.condemned:
            with self._failures.told(lost=True):
                raise self._standing.condemned

    async def claim(self, key: str, now: datetime, keep: timedelta) -> bool:
        return await self._writer.run(lambda db: recording.claim_key(db, key, now, keep))

    async def get(self, id: str, viewer: Viewer) -> Entry | None:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: only_shaped(lookups.find_entry(db, id, viewer), self._is_document))

    async def page(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Line]:
        return await self._readers.run(lambda db: listing.list_lines(db, query, limit, before))

    async def entries(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Entry]:
        return await self._readers.run(
            lambda db: shaped(listing.list_entries(db, query, limit, before), self._is_document)
        )

    async def readings(self, id: str, viewer: Viewer) -> list[Reading]:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: lookups.readings_of_entry(db, id, viewer))

    async def last_readings(self, host: str, since: datetime, vantage: str = LOCAL) -> list[LastReading]:
        return await self._readers.run(lambda db: lookups.last_readings_of_host(db, host, since, vantage))

    async def count(self, query: Query, *, most: int = MOST_COUNTED) -> int:
        return await self._readers.run(lambda db: listing.count_entries(db, query, most))

    async def availability(
        self, *hosts: str, since: datetime, viewer: Viewer, until: datetime | None = None
    ) -> list[Availability]:
        return await self._readers.run(lambda db: availability.availability_of_hosts(db, hosts, since, viewer, until))

    async def trend(
        self, host: str, port: int, *, since: datetime, until: datetime, viewer: Viewer, points: int = 20
    ) -> list[Point]:
        span = (since, until)
        return await self._readers.run(lambda db: availability.trend_of_port(db, host, port, span, points, viewer))

    async def streak(self, of: Entry | Line, viewer: Viewer) -> Streak | None:
        return await self._readers.run(lambda db: lookups.streak_of(db, of.id, viewer))

    async def targets(self, query: Query, *, most: int = 1000) -> list[str]:
        return await self._readers.run(lambda db: runs.targets_of_query(db, query, most))

    async def runs(self, query: Query, *, most: int = 200) -> list[Run]:
        return await self._readers.run(lambda db: runs.runs_of_target(db, query, most))

    async def certificates(
        self, *, ends_before: datetime, ends_after: datetime, viewer: Viewer, limit: int = 50
    ) -> list[Certificate]:
        return await self._readers.run(
            lambda db: lookups.certificates_between(db, ends_after, ends_before, viewer, limit)
        )

    async def delete(self, id: str, viewer: Viewer, *, noted: Noted = ()) -> bool:  # noqa: A002 - the name of the field
        def delete(db: Database) -> bool:
            gone = removal.delete_entry(db, id, viewer)
            audit_table.keep_entries(db, noted if gone else (), viewer)
            return gone

        return await self._writer.run(delete)

    async def claim_share(self, wanted: SharedResult, viewer: Viewer, *, patience: timedelta) -> SharedResult | None:
        return await self._writer.run(lambda db: share_table.claim_share(db, wanted, viewer, patience))

    async def keep_share(self, posted: SharedResult, viewer: Viewer) -> None:
        await self._writer.run(lambda db: share_table.keep_share(db, posted, viewer))

    async def drop_share(self, gone: SharedResult, viewer: Viewer) -> None:
        await self._writer.run(lambda db: share_table.drop_share(db, gone, viewer))

    async def shared(self, entry: str, channel: str, thread: str, viewer: Viewer) -> SharedResult | None:
        return await self._readers.run(lambda db: share_table.find_share(db, entry, channel, thread, viewer))

    @contextmanager
    def listening(self, told: Callable[[Failure], None]) -> Iterator[None]:
        self._failures.listeners.append(told)
        try:
            yield
        finally:
            self._failures.listeners.remove(told)

    async def teams(self) -> list[str]:
        return await self._readers.run(listing.teams)

    async def prune(self, before: datetime, *, batch: int = 50) -> int:
        await self._writer.run(lambda db: share_table.prune_shares(db, before))
        await self._writer.run(lambda db: audit_table.prune_audit(db, before))
        return await self._in_batches(lambda db: removal.prune_batch(db, before, batch))

    async def forget(self, team: str, actor: str, *, shared: Sequence[str] = (), batch: int = 50) -> Forgotten:
        beginnings = tuple(shared)
        await self._writer.run(lambda db: share_table.forget_shares(db, team, actor))
        kept = await self._in_batches(lambda db: removal.disown_batch(db, team, actor, beginnings, batch))
        left = await self._in_batches(lambda db: removal.leave_batch(db, team, actor, batch))
        deleted = await self._in_batches(lambda db: removal.forget_batch(db, team, actor, batch))
        await asyncio.to_thread(empty_wal, self.path)
        return Forgotten(deleted, kept, left)

    async def _in_batches(self, remove: Callable[[Database], int]) -> int:
        """Each a transaction of its own, queued behind what others have asked meanwhile."""
        gone = 0
        while removed := await self._writer.run(remove):
            gone += removed
        return gone

    async def backup(self, path: Path | str) -> None:
        with self._failures.told():
            await asyncio.to_thread(write_backup, self.path, _placed(path))

    async def verify(self, *, seconds: float, clock: Callable[[], float] = monotonic) -> bool:
        with self._failures.told():
            try:
                return await verify(self.path, seconds, clock)
            except CorruptError as error:
                if self._standing:
                    self._standing.condemned = error
                raise

    async def close(self) -> None:
        # Readers first: the last connection to close folds the WAL into the file and removes it.
        await self._readers.close()
        await self._writer.close()
        if self._standing:
            self._standing.close()
