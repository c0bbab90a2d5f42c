"""A file is looked through for damage beside those who use it, for so long and no longer."""
# ruff: noqa: ASYNC240 - names of files, nobody waits

import asyncio
import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from storage.errors import CorruptError, LockedError
from storage.queries import OPERATOR
from storage.sqlite.file import integrity as soundness
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.damage import fill
from tests.storage.old_file import FIXTURES
from tests.storage.samples import an_entry


def damage(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x55" * 4096)


async def test_a_sound_file_is_found_sound_while_somebody_writes(sqlite: SqliteHistory, path: Path):
    await fill(sqlite)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await sqlite.verify(seconds=60)


async def test_after_damage_was_found_no_result_is_said_to_be_kept_and_watches_go_on(sqlite: SqliteHistory, path: Path):
    await fill(sqlite)
    damage(path, "entries_outcomes")
    with pytest.raises(CorruptError, match=r"is damaged \(SQLite: "):
        await sqlite.verify(seconds=60)
    with pytest.raises(CorruptError):
        await sqlite.add(an_entry("e1", outcome=""))
    assert await sqlite.watches.change("w1", lambda _watch, _sight: None, OPERATOR) is not None


async def test_a_look_that_takes_too_long_is_stopped(sqlite: SqliteHistory, monkeypatch: pytest.MonkeyPatch):
    await fill(sqlite)
    monkeypatch.setattr(soundness, "STEPS", 1)
    ticks = count()
    assert not await sqlite.verify(seconds=60, clock=lambda: next(ticks) * 50.0)
    await sqlite.add(an_entry("e1"))


async def test_a_look_that_is_cancelled_leaves_no_thread_that_reads(sqlite: SqliteHistory, monkeypatch):
    await fill(sqlite)
    monkeypatch.setattr(soundness, "STEPS", 1)
    reached, loop = asyncio.Event(), asyncio.get_running_loop()

    def clock() -> float:
        loop.call_soon_threadsafe(reached.set)
        return 0.0

    looking = asyncio.ensure_future(sqlite.verify(seconds=60, clock=clock))
    await reached.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    await sqlite.add(an_entry("e1"))


async def test_by_hand_every_row_is_read_too(path: Path):
    history = await open_history(path)
    await fill(history)
    await history.close()
    assert list(soundness.findings(path)) == []
    path.write_bytes(path.read_bytes().replace(b'"number":23,', b'"number":73,').replace(b'{"n":3,', b'{"n":4,'))
    assert list(soundness.findings(path)) == [
        "entries: 1 row that nobody wrote so",
        "watches: 1 row that nobody wrote so",
        "watch_events: 1 row that nobody wrote so",
    ]


def test_a_file_that_somebody_locks_for_good_is_not_called_damaged(path: Path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE entries (id)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LockedError):
            list(soundness.findings(path, busy_timeout=0))


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.sqlite")), ids=lambda fixture: fixture.stem)
def test_a_file_of_an_older_version_is_not_called_damaged(path: Path, fixture):
    shutil.copy(fixture, path)
    assert list(soundness.findings(path)) == []
