"""The team's memory in one SQLite file: WAL, every write flushed to disk before it is acknowledged.

One thread writes (`storage.writer`), four read (`storage.readers`); the event loop only waits.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from storage import statements
from storage.interface import Availability, Entry, History, LastReading, Reading
from storage.readers import Readers
from storage.sqlite_errors import translated
from storage.sqlite_file import connect_reader, prepare
from storage.sqlite_watches import SqliteWatches
from storage.writer import Writer


async def open_history(path: Path | str, *, busy_timeout: float = 5.0) -> "SqliteHistory":
    """The history in this file, which is created with its folders when it is not there.

    `busy_timeout` (seconds) is how long a write waits for another process. Raises `StorageError`, with the file
    untouched if it is damaged or of a newer schema; ValueError for `:memory:`, which only one thread could see.
    """
    if str(path) == ":memory:":
        raise ValueError("the history needs a file: several threads read it")
    place = _placed(path)
    writer = Writer(await asyncio.to_thread(prepare, place, busy_timeout), translated(place))
    readers = Readers(lambda: connect_reader(place, busy_timeout), translated(place))
    return SqliteHistory(place, writer, readers)


def _placed(path: Path | str) -> Path:
    return Path(path).expanduser().absolute()


class SqliteHistory(History):
    """`History` on a file that `open_history` has prepared."""

    def __init__(self, path: Path, writer: Writer, readers: Readers) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers
        self.watches = SqliteWatches(writer, readers)

    async def add(self, entry: Entry, readings: Iterable[Reading] = ()) -> None:
        endpoints = tuple(readings)
        await self._writer.run(lambda db: statements.add_entry(db, entry, endpoints))

    async def claim(self, key: str, now: datetime, keep: timedelta) -> bool:
        return await self._writer.run(lambda db: statements.claim_key(db, key, now, keep))

    async def get(self, id: str) -> Entry | None:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: statements.find_entry(db, id))

    async def recent(
        self, *, target: str | None = None, kind: str | None = None, limit: int = 20, before: str | None = None
    ) -> list[Entry]:
        return await self._readers.run(lambda db: statements.recent_entries(db, target, kind, limit, before))

    async def last_of(self, target: str, kind: str = "check") -> Entry | None:
        newest = await self.recent(target=target, kind=kind, limit=1)
        return newest[0] if newest else None

    async def readings(self, id: str) -> list[Reading]:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: statements.readings_of_entry(db, id))

    async def last_readings(self, host: str, since: datetime) -> list[LastReading]:
        return await self._readers.run(lambda db: statements.last_readings_of_host(db, host, since))

    async def availability(self, host: str, since: datetime) -> list[Availability]:
        return await self._readers.run(lambda db: statements.availability_of_host(db, host, since))

    async def count(self) -> int:
        return await self._readers.run(lambda db: db.table("entries").count)

    async def close(self) -> None:
        # Readers first: the last connection to close folds the WAL into the file and removes it.
        await self._readers.close()
        await self._writer.close()
