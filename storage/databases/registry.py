"""Which database holds the history and the watches, and how it is opened.

`PORTERO_DATABASE` names it: a path is an SQLite file, a URL is of the kind that its scheme says. Another kind is a
folder beside `storage/sqlite/` that answers `storage.history` and `storage.watches`, and its row in `KINDS`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.entries import IsDocument, anything
from storage.file_maintenance import HistoryFile
from storage.history import History
from storage.watches import Watches


@dataclass(frozen=True, slots=True)
class Database:
    """An open one. `file` is None for one on a server, which has its own tools for backups and the like."""

    history: History
    watches: Watches
    file: HistoryFile | None = None


Open = Callable[[str, IsDocument], Awaitable[Database]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`open` makes what is not there and brings it up to date; `open_to_read` does neither and hinders nobody.

    `is_there` raises `StorageError` for something else in its place.
    """

    open: Open
    open_to_read: Open
    is_there: Callable[[str], bool]


async def _open_sqlite(path: str, is_document: IsDocument) -> Database:
    from storage.sqlite.history import open_history  # noqa: PLC0415 - settings ask for schemes alone

    history = await open_history(path, is_document=is_document)
    return Database(history, history.watches, history)


async def _open_sqlite_to_read(path: str, is_document: IsDocument) -> Database:
    from storage.sqlite.history import open_history_to_read  # noqa: PLC0415

    history = await open_history_to_read(path, is_document=is_document)
    return Database(history, history.watches, history)


def _is_file(path: str) -> bool:
    from storage.sqlite.file.opening import refuse_irregular  # noqa: PLC0415

    refuse_irregular(Path(path))
    return Path(path).exists()


KINDS: Mapping[str, Kind] = {"": Kind(_open_sqlite, _open_sqlite_to_read, _is_file)}
"""By the scheme of the URL; a path has none."""


def kind_of(name: str) -> Kind:
    """The kind of database that a path or a URL means. ValueError for a scheme that there is not."""
    scheme, is_url, _ = name.partition("://")
    kind = KINDS.get(scheme if is_url else "")
    if kind is None:
        raise ValueError("databases on a server are not supported yet; give the path of an SQLite file")
    return kind


@asynccontextmanager
async def opened(name: str, *, is_document: IsDocument = anything, to_read: bool = False) -> AsyncIterator[Database]:
    """The database of a path or a URL, closed at the end. Raises `StorageError` when it cannot be opened.

    An entry whose document has no checksum and is none for `is_document` is a damaged row.
    """
    kind = kind_of(name)
    database = await (kind.open_to_read if to_read else kind.open)(name, is_document)
    try:
        yield database
    finally:
        await database.history.close()
