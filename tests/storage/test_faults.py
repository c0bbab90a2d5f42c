import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.errors import CorruptError, DiskFullError, LockedError, NewerSchemaError, ReadOnlyError, StorageError
from storage.history import OPERATOR, Failure, Query
from storage.sqlite.file.errors import translated
from storage.sqlite.history import SqliteHistory, open_history
from storage.sqlite.tables.schema import schema
from tests.storage.samples import NOON, a_reading, an_entry


@contextmanager
def a_lock_on(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def read_only(name: str) -> sqlite3.Connection:
    """What SQLite falls back to when it may not write to a file: this works for root too."""
    return sqlite3.connect(f"file:{name}?mode=ro", uri=True)


async def limit_pages(history: SqliteHistory, pages: int) -> None:
    await history._writer.run(lambda db: db.conn.execute(f"PRAGMA max_page_count = {pages}").fetchone())


async def test_a_locked_database_is_told_and_what_follows_is_stored(sqlite: SqliteHistory, path: Path):
    with a_lock_on(path):
        outcomes = await asyncio.gather(*(sqlite.add(an_entry(f"e{n}")) for n in range(5)), return_exceptions=True)
        assert await sqlite.entries(Query(OPERATOR)) == []  # reading goes on
    assert {type(each) for each in outcomes} == {LockedError}
    assert "locked by another process" in str(outcomes[0])
    await sqlite.add(an_entry("later"))
    assert [each.id for each in await sqlite.entries(Query(OPERATOR))] == ["later"]


async def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(sqlite: SqliteHistory):
    await limit_pages(sqlite, 70)
    stored = []
    with pytest.raises(DiskFullError, match="free space"):
        for number in range(1000):
            await sqlite.add(an_entry(f"e{number}", document={"text": "x" * 2000}), [a_reading()])
            stored.append(f"e{number}")
    assert len(stored) > 5
    assert sorted(each.id for each in await sqlite.entries(Query(OPERATOR), limit=1000)) == sorted(stored)
    assert [len(await sqlite.readings(each, OPERATOR)) for each in stored] == [1] * len(stored)
    await limit_pages(sqlite, 1_000_000)
    await sqlite.add(an_entry("later"))
    assert await sqlite.count(Query(OPERATOR)) == len(stored) + 1


async def test_on_a_full_disk_each_caller_of_a_batch_gets_the_true_answer(sqlite: SqliteHistory):
    await limit_pages(sqlite, 70)
    adding = (sqlite.add(an_entry(f"e{number}", document={"text": "x" * 2000})) for number in range(100))
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    assert {type(each) for each in outcomes} == {type(None), DiskFullError}
    stored = {each.id for each in await sqlite.entries(Query(OPERATOR), limit=1000)}
    assert stored == {f"e{number}" for number, outcome in enumerate(outcomes) if outcome is None}


async def test_a_database_that_became_read_only_is_told_and_can_still_be_read(sqlite: SqliteHistory):
    await sqlite.add(an_entry("e1"))
    sqlite._writer._db.conn.execute("PRAGMA query_only = ON")
    with pytest.raises(ReadOnlyError, match="write access"):
        await sqlite.add(an_entry("e2"))
    assert [each.id for each in await sqlite.entries(Query(OPERATOR))] == ["e1"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
async def test_a_file_without_write_permission_is_refused_at_the_start(path):
    await (await open_history(path)).close()
    path.chmod(0o400)
    with pytest.raises(ReadOnlyError, match="write access"):
        await open_history(path)


async def test_a_file_that_sqlite_may_only_read_is_refused_at_the_start(path: Path, monkeypatch: pytest.MonkeyPatch):
    await (await open_history(path)).close()
    monkeypatch.setattr("storage.sqlite.file.opening._connect", lambda name, _wait: Database(read_only(name)))
    with pytest.raises(ReadOnlyError, match="write access"):
        await open_history(path)


async def test_a_path_that_cannot_be_a_file_is_refused_at_the_start(tmp_path: Path):
    for impossible in (tmp_path, tmp_path / "file" / "history.db"):
        (tmp_path / "file").touch()
        with pytest.raises(StorageError, match="cannot be opened"):
            await open_history(impossible)


async def test_a_newer_schema_is_refused_with_the_file_untouched(path):
    await (await open_history(path)).close()
    with closing(Database(path)) as newer:
        schema._record_applied(newer, "0999_tomorrow")
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match=r"newer Portero \(it has 0999_tomorrow\)"):
        await open_history(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"this is a letter, not a database" * 200, b"SQLite format 3\x00" + b"\xff" * 5000]
)
async def test_a_file_that_is_no_database_is_refused_with_the_file_untouched(path, content):
    path.write_bytes(content)
    with pytest.raises(CorruptError, match=r"restore|name another file"):
        await open_history(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("checked_whole", [0, 1 << 20])
async def test_a_damaged_file_is_refused(path: Path, checked_whole, monkeypatch: pytest.MonkeyPatch):
    history = await open_history(path)
    for number in range(50):
        await history.add(an_entry(f"e{number}"), [a_reading()])
        await history.claim(f"key{number}", an_entry().started_at, an_entry().started_at - an_entry().started_at)
    await history.close()
    with closing(sqlite3.connect(path)) as plain:
        page = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'tallies'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x55" * 4096)
    monkeypatch.setattr("storage.sqlite.file.opening.CHECKED_WHOLE", checked_whole)
    with pytest.raises(CorruptError, match="damaged"):
        await open_history(path)


async def test_an_error_that_nobody_foresaw_still_names_the_file(sqlite: SqliteHistory):
    with pytest.raises(
        StorageError, match=r"history\.db refused: please report this \(SQLite: no such table: nowhere\)"
    ):
        await sqlite._readers.run(lambda db: db.execute("SELECT * FROM nowhere"))


async def test_a_field_of_a_wrong_type_is_a_bug_and_no_fault_of_the_storage(sqlite: SqliteHistory):
    with pytest.raises(sqlite3.ProgrammingError, match="not supported"):
        await sqlite.add(an_entry(verdict=object()))
    with pytest.raises(StorageError, match="NOT NULL"):
        await sqlite.add(an_entry(verdict=None))


def test_a_disk_that_fills_while_the_index_of_the_wal_grows_is_told_as_full():
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert isinstance(translated(Path("history.db"))(error), DiskFullError)
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    assert "look at its disk" in str(translated(Path("history.db"))(error))


async def test_who_listens_hears_of_what_failed_whoever_asked_and_whether_a_result_was_lost(
    sqlite: SqliteHistory, path: Path
):
    heard: list[Failure] = []
    with sqlite.listening(heard.append):
        with a_lock_on(path):
            for question in (sqlite.add(an_entry("lost")), sqlite.watches.note("a", {}), sqlite.prune(NOON)):
                with pytest.raises(LockedError):
                    await question
        with pytest.raises(StorageError):
            await sqlite.backup(path)
        assert await sqlite.get("lost", OPERATOR) is None
    assert [(type(each.error), each.lost) for each in heard] == [
        (LockedError, True),
        *[(LockedError, False)] * 2,
        (StorageError, False),
    ]
    with a_lock_on(path), pytest.raises(LockedError):
        await sqlite.prune(NOON)
    assert len(heard) == 4


async def test_who_listens_hears_of_a_row_that_was_left_out_of_a_list(sqlite: SqliteHistory):
    await sqlite.add(an_entry("sound"))
    await sqlite.add(an_entry("odd"))
    await sqlite._writer.run(lambda db: db.execute("UPDATE entries SET started_at = 'x' WHERE id = 'odd'").fetchone())
    heard: list[Failure] = []
    with sqlite.listening(heard.append):
        assert [each.id for each in await sqlite.page(Query(OPERATOR))] == ["sound"]
    assert [type(each.error) for each in heard] == [CorruptError]
    assert "left out of a list" in str(heard[0].error)
