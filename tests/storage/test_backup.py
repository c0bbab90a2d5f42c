"""A copy is whole, private, appears at once under its name, and replaces nothing."""

import asyncio
import errno
import os
import sqlite3
from contextlib import closing
from stat import S_IMODE

import pytest

from storage.errors import CorruptError, DiskFullError, StorageError
from storage.history import OPERATOR, Query
from storage.sqlite.file import backup
from storage.sqlite.history import SqliteHistory, open_history, open_history_to_read
from tests.storage.samples import NOON, a_reading, an_entry


@pytest.fixture
def target(tmp_path):
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies" / "history copy.db"


def ids(path) -> set[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {row[0] for row in plain.execute("SELECT id FROM entries")}


async def test_a_copy_is_made_while_results_arrive_and_is_of_one_moment(sqlite: SqliteHistory, target):
    for number in range(300):
        await sqlite.add(an_entry(f"e{number}", document={"text": "x" * 4000}), [a_reading()])
    adding = asyncio.gather(*(sqlite.add(an_entry(f"late{number}"), [a_reading()]) for number in range(300)))
    await sqlite.backup(target)
    await adding
    copied = ids(target)
    assert {f"e{number}" for number in range(300)} <= copied
    with closing(sqlite3.connect(target)) as plain:  # the roll-up agrees with the rows: no half transaction
        assert plain.execute("SELECT sum(checks) FROM tallies").fetchone() == (len(copied),)


async def test_a_copy_is_one_private_file_that_opens_as_a_history(sqlite: SqliteHistory, target):
    await sqlite.add(an_entry("e1"), [a_reading()])
    await sqlite.backup(target)
    assert {each.name: S_IMODE(each.stat().st_mode) for each in target.parent.iterdir()} == {target.name: 0o600}
    for opening in (open_history_to_read, open_history):
        restored = await opening(target)
        assert [line.id for line in await restored.page(Query(OPERATOR))] == ["e1"]
        await restored.close()


@pytest.mark.parametrize("there", ["file", "folder", "link", "itself"])
async def test_nothing_is_replaced(sqlite: SqliteHistory, path, target, there):
    make = {"file": target.touch, "folder": target.mkdir, "link": lambda: target.symlink_to("nowhere")}
    make.get(there, lambda: None)()
    with pytest.raises(StorageError, match="exists already"):
        await sqlite.backup(path if there == "itself" else target)
    assert len(list(target.parent.iterdir())) == (there != "itself")


async def test_of_two_copies_at_once_one_gets_the_name(sqlite: SqliteHistory, target):
    await sqlite.add(an_entry("e1"))
    outcomes = await asyncio.gather(*(sqlite.backup(target) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == [
        "NoneType",
        "StorageError",
        "StorageError",
        "StorageError",
    ]
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert ids(target) == {"e1"}


async def test_a_file_system_without_links_gets_a_copy_too(sqlite: SqliteHistory, target, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    await sqlite.add(an_entry("e1"))
    await sqlite.backup(target)
    assert ids(target) == {"e1"}
    with pytest.raises(StorageError, match="exists already"):
        await sqlite.backup(target)
    assert [each.name for each in target.parent.iterdir()] == [target.name]


async def test_a_copy_that_finds_no_room_leaves_nothing_behind(sqlite: SqliteHistory, target, monkeypatch):
    real = sqlite3.connect

    def cramped(*args, **options):
        made = real(*args, **options)
        made.execute("PRAGMA max_page_count = 8")
        return made

    monkeypatch.setattr(backup.sqlite3, "connect", cramped)
    for number in range(50):
        await sqlite.add(an_entry(f"e{number}", document={"text": "x" * 4000}))
    with pytest.raises(DiskFullError, match=r"history copy\.db has no room"):
        await sqlite.backup(target)
    assert list(target.parent.iterdir()) == []


async def test_a_folder_that_is_not_there_is_told(sqlite: SqliteHistory, target):
    with pytest.raises(StorageError, match="cannot be written: No such file"):
        await sqlite.backup(target.parent / "deeper" / "history.db")


async def test_what_is_no_database_is_not_copied(tmp_path, target):
    (tmp_path / "letter.db").write_text("this is a letter, not a database " * 200)
    with pytest.raises(CorruptError, match=r"letter\.db"):  # what is wrong is the source, not the copy
        await asyncio.to_thread(backup.write_backup, tmp_path / "letter.db", target)
    assert list(target.parent.iterdir()) == []


async def test_a_history_that_is_only_read_answers_and_refuses_to_change(sqlite: SqliteHistory, path):
    await sqlite.add(an_entry("e1"), [a_reading()])
    reading = await open_history_to_read(path)
    assert [line.id for line in await reading.page(Query(OPERATOR))] == ["e1"]
    await sqlite.add(an_entry("e2"))
    assert await reading.count(Query(OPERATOR)) == 2
    for change in (
        reading.add(an_entry("e3")),
        reading.delete("e1", OPERATOR),
        reading.prune(NOON),
        reading.forget("T1", "U1"),
    ):
        with pytest.raises(StorageError, match="reading only"):
            await change
    await reading.close()


async def test_to_read_what_is_not_there_makes_nothing(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        await open_history_to_read(tmp_path / "nothing.db")
    assert list(tmp_path.iterdir()) == []
