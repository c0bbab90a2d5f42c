"""A file that is deleted or replaced while it is open: nothing is acknowledged that nobody would find again."""
# ruff: noqa: ASYNC240 - names of files, nobody waits

import shutil
from pathlib import Path

import pytest

from storage.errors import ReplacedError
from storage.sqlite import SqliteHistory, open_history
from tests.storage.samples import an_entry


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
async def test_what_would_be_lost_with_a_deleted_file_is_not_acknowledged(sqlite: SqliteHistory, path: Path, ending):
    await sqlite.add(an_entry("kept"))
    lost = Path(f"{path}{ending}")
    lost.unlink()
    for name in ("e1", "e2"):
        with pytest.raises(ReplacedError, match=f"{lost.name} was deleted or replaced"):
            await sqlite.add(an_entry(name))


async def test_what_would_be_lost_beside_a_restored_backup_is_not_acknowledged(sqlite: SqliteHistory, path: Path):
    await sqlite.add(an_entry("kept"))
    await sqlite.backup(path.with_name("backup"))
    path.with_name("backup").replace(path)
    with pytest.raises(ReplacedError, match="Start Portero again"):
        await sqlite.add(an_entry("e1"))
    with pytest.raises(ReplacedError):
        await sqlite.watches.note("digest:C1", {"n": 1})


async def test_a_folder_that_is_gone_is_noticed(tmp_path: Path):
    history = await open_history(tmp_path / "deep" / "history.db")
    shutil.rmtree(tmp_path / "deep")
    (tmp_path / "deep").touch()
    with pytest.raises(ReplacedError):
        await history.add(an_entry())
    await history.close()


async def test_a_file_that_was_put_back_goes_on(sqlite: SqliteHistory, path: Path):
    away = path.with_name("away")
    path.rename(away)
    with pytest.raises(ReplacedError):
        await sqlite.add(an_entry("e1"))
    away.rename(path)
    await sqlite.add(an_entry("e2"))
    assert {each.id for each in await sqlite.recent()} == {"e1", "e2"}


@pytest.mark.parametrize("other", [None, b""], ids=["deleted", "an empty file"])
async def test_who_reads_is_told_so_too_and_not_what_sqlite_says_of_the_other_file(tmp_path: Path, other):
    history = await open_history(tmp_path / "history.db")
    history.path.unlink()
    if other is not None:
        history.path.write_bytes(other)
    with pytest.raises(ReplacedError, match="Start Portero again"):
        await history.recent()
    with pytest.raises(ReplacedError):
        await history.watches.all()
    await history.close()
