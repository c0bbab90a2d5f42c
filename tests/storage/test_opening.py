import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from storage.errors import ReadOnlyError
from storage.history import OPERATOR, Query
from storage.sqlite.history import SqliteHistory, open_history, open_history_to_read
from storage.sqlite.tables.schema import known_steps
from tests.storage.samples import DAY, NOON, a_reading, an_entry


@pytest.fixture
def generous_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {each.name: S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


async def test_everything_that_is_written_is_private_to_its_owner(tmp_path: Path, generous_umask):
    history = await open_history(tmp_path / "deep" / "down" / "history.db")
    await history.add(an_entry())
    assert modes(tmp_path / "deep" / "down") == dict.fromkeys(["history.db", "history.db-wal", "history.db-shm"], 0o600)
    assert S_IMODE((tmp_path / "deep" / "down").stat().st_mode) == 0o700
    await history.close()


async def test_a_file_that_others_could_read_is_made_private(path):
    await (await open_history(path)).close()
    path.chmod(0o664)
    await (await open_history(path)).close()
    assert modes(path.parent) == {"history.db": 0o600}


async def test_memory_is_refused_since_several_threads_read():
    with pytest.raises(ValueError, match="needs a file"):
        await open_history(":memory:")


def test_steps_that_were_released_stay_as_they_are():
    assert sorted(known_steps()) == [
        *("0001_entries", "0002_readings", "0003_claims", "0004_watches", "0005_outbox"),
        *("0006_audiences", "0007_certificates", "0008_tallies", "0009_asked", "0010_rare"),
        *("0011_words", "0012_unknown_providers", "0013_teams", "0014_changes", "0015_tags", "0016_spans"),
        *("0017_alerted", "0018_askers", "0019_places", "0020_shares", "0021_audit"),
    ]


async def test_opening_again_changes_nothing(path):
    await (await open_history(path)).close()
    before = path.read_bytes()
    await (await open_history(path)).close()
    assert path.read_bytes() == before


async def test_a_path_with_odd_characters_is_one_file(tmp_path):
    history = await open_history(tmp_path / "a?b#c%41 ñ.db")
    await history.add(an_entry())
    assert await history.count(Query(OPERATOR)) == 1
    await history.close()
    assert [each.name for each in tmp_path.iterdir()] == ["a?b#c%41 ñ.db"]


async def test_a_reader_cannot_write(sqlite: SqliteHistory):
    with pytest.raises(ReadOnlyError, match="write access"):
        await sqlite._readers.run(lambda db: db.table("entries").delete_where())


async def test_several_processes_may_open_a_new_file_at_once(path: Path):
    opened = await asyncio.gather(*(open_history(path) for _ in range(8)))
    await asyncio.gather(*(each.add(an_entry(f"e{number}")) for number, each in enumerate(opened)))
    assert await opened[0].count(Query(OPERATOR)) == 8
    for each in opened:
        await each.close()


async def test_deleting_an_entry_takes_its_readings_along(sqlite: SqliteHistory):
    await sqlite.add(an_entry("e1"), [a_reading()])
    await sqlite.add(an_entry("e2"), [a_reading()])
    await sqlite._writer.run(lambda db: db.table("entries").delete_where("id = ?", ["e1"]))
    assert await sqlite._readers.run(lambda db: db.table("readings").count) == 1


async def test_the_roll_up_is_one_row_per_host_day_and_port(sqlite: SqliteHistory, path: Path):
    for number, moment in enumerate([NOON, NOON, NOON + DAY]):
        await sqlite.add(an_entry(f"e{number}", started_at=moment), [a_reading(587, ok=number > 0), a_reading(25)])
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute("SELECT day, port, checks, ok FROM tallies ORDER BY day, port").fetchall()
    assert rows == [
        ("2026-11-24", 25, 2, 2),
        ("2026-11-24", 587, 2, 1),
        ("2026-11-25", 25, 1, 1),
        ("2026-11-25", 587, 1, 1),
    ]


async def test_a_folder_in_its_place_is_named_whoever_opens_it(tmp_path: Path):
    for opener in (open_history, open_history_to_read):
        with pytest.raises(ReadOnlyError, match="cannot be opened: Is a directory"):
            await opener(tmp_path)


def test_the_interface_alone_imports_no_database():
    code = "import sys, storage.history; sys.exit(bool({'sqlite3', 'sqlite_utils'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
