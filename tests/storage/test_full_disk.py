"""A disk that is really full: a file system of one megabyte, where this machine lets us make one."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import DiskFullError, StorageError
from storage.history import OPERATOR, Query
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.samples import DAY, NOON, a_reading, an_entry

PADDING = {"text": "x" * 3000}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets us mount nothing; `max_page_count` stands in for it in test_faults")
    yield place
    subprocess.run(["umount", str(place)], check=True)


async def fill(history: SqliteHistory) -> list[str]:
    """Add results until there is no room, several at once; the ids of those that were acknowledged."""
    stored: list[str] = []
    for first in range(0, 1000, 5):
        ids = [f"e{number}" for number in range(first, first + 5)]
        adding = (history.add(an_entry(id_, document=PADDING), [a_reading()]) for id_ in ids)
        outcomes = await asyncio.gather(*adding, return_exceptions=True)
        assert {type(each) for each in outcomes} <= {type(None), DiskFullError}
        stored += [id_ for id_, outcome in zip(ids, outcomes, strict=True) if outcome is None]
        if any(outcomes):
            return stored
    raise AssertionError("the disk never filled")


async def test_nothing_acknowledged_is_lost_and_it_goes_on_when_there_is_room(disk: Path):
    ballast = disk / "ballast"
    await asyncio.to_thread(ballast.write_bytes, b"\0" * 300_000)
    history = await open_history(disk / "history.db")
    stored = await fill(history)
    assert len(stored) > 10
    kept = await history.entries(Query(OPERATOR), limit=1000)
    assert sorted(entry.id for entry in kept) == sorted(stored)
    assert {len(await history.readings(id_, OPERATOR)) for id_ in stored} == {1}
    await asyncio.to_thread(ballast.unlink)
    await history.add(an_entry("later"), [a_reading()])
    counted = await history.availability("mail.example.com", since=NOON - DAY, viewer=OPERATOR)
    assert [each.checks for each in counted] == [len(stored) + 1]
    await history.close()
    again = await open_history(disk / "history.db")
    assert await again.count(Query(OPERATOR)) == len(stored) + 1
    await again.close()


async def test_a_history_does_not_begin_on_a_full_disk_and_says_why(disk: Path):
    with pytest.raises(OSError, match="No space left"):
        await asyncio.to_thread((disk / "ballast").write_bytes, b"\0" * 2_000_000)
    with pytest.raises(DiskFullError, match="free space"):
        await open_history(disk / "history.db")


async def test_a_backup_that_does_not_fit_is_told_and_leaves_nothing(sqlite: SqliteHistory, disk: Path):
    for number in range(400):
        await sqlite.add(an_entry(f"e{number}", document=PADDING))
    with pytest.raises(StorageError, match=r"no room|No space"):
        await sqlite.backup(disk / "copy.db")
    assert await asyncio.to_thread(lambda: list(disk.iterdir())) == []
