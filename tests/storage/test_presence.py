"""A file that is deleted, replaced, cut or overwritten while it is open: nothing is acknowledged that would be lost."""
# ruff: noqa: ASYNC240 - names of files, nobody waits

import asyncio
import os
import random
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.errors import CorruptError, ReplacedError
from storage.history import OPERATOR, Query
from storage.sqlite.file import presence as held
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.damage import overwrite
from tests.storage.samples import MINUTE, NOON, a_reading, an_entry

LARGE = {"text": "x" * 9000}


def checkpoint(path: Path, mode: str = "TRUNCATE") -> None:
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute(f"PRAGMA wal_checkpoint({mode})")


async def grown(history: SqliteHistory, name: str, results: int = 30) -> None:
    for number in range(results):
        await history.add(an_entry(f"{name}{number}", document=LARGE), [a_reading()])


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
    assert {each.id for each in await sqlite.entries(Query(OPERATOR))} == {"e1", "e2"}


@pytest.mark.parametrize("other", [None, b""], ids=["deleted", "an empty file"])
async def test_who_reads_is_told_so_too_and_not_what_sqlite_says_of_the_other_file(tmp_path: Path, other):
    history = await open_history(tmp_path / "history.db")
    history.path.unlink()
    if other is not None:
        history.path.write_bytes(other)
    with pytest.raises(ReplacedError, match="Start Portero again"):
        await history.entries(Query(OPERATOR))
    with pytest.raises(ReplacedError):
        await history.watches.visible_to(OPERATOR)
    await history.close()


@pytest.mark.parametrize("left", [0, 50, 4096, 3 * 4096, -1])
@pytest.mark.parametrize("logged", [0, 30])
async def test_behind_a_file_that_was_cut_nothing_is_acknowledged(sqlite: SqliteHistory, path: Path, left, logged):
    await grown(sqlite, "old")
    checkpoint(path)
    await grown(sqlite, "new", logged)  # more pages than the file has stand in the WAL now
    await sqlite.add(an_entry("seen"))
    size = path.stat().st_size
    os.truncate(path, size + left if left < 0 else left)
    for name in ("e1", "e2"):
        with pytest.raises(CorruptError, match=r"is damaged \(it (has only|was cut to)"):
            await sqlite.add(an_entry(name))


async def test_behind_a_wal_that_was_cut_nothing_is_acknowledged(sqlite: SqliteHistory, path: Path):
    await grown(sqlite, "old")
    os.truncate(f"{path}-wal", 40_000)
    assert "-wal was cut to 40,000 bytes" in str(sqlite._standing())


@pytest.mark.parametrize(
    "place", [0, 10, 16, 17, 18, 19, 21, 22, 23, 44, 56, 72, 91], ids=lambda place: f"byte {place}"
)
async def test_behind_a_header_that_was_overwritten_nothing_is_acknowledged(sqlite: SqliteHistory, path: Path, place):
    await sqlite.add(an_entry("kept"))
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[place] ^= 0x5A
    overwrite(path, changed)
    with pytest.raises(CorruptError, match=r"its header|does not begin"):
        await sqlite.add(an_entry("e1"))
    overwrite(path, whole)
    assert sqlite._standing() is None


def after_a_crash(path: Path) -> int:
    """Results in what a killed process leaves: the file and its WAL, without the index."""
    copy = path.with_name("crashed.db")
    for ending in ("", "-wal"):
        shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
    with closing(sqlite3.connect(copy)) as crashed:
        return crashed.execute("SELECT count(*) FROM entries").fetchone()[0]


def flip(path: Path, *places: int) -> None:
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 0xFF]))


FRAME = 24 + 4096


@pytest.mark.parametrize("place", range(32), ids=lambda place: f"byte {place}")
async def test_behind_a_wal_whose_header_was_overwritten_nothing_is_acknowledged(sqlite, path: Path, place):
    await sqlite.add(an_entry("kept"))
    flip(Path(f"{path}-wal"), place)
    for name in ("e1", "e2"):
        with pytest.raises(CorruptError, match="-wal"):
            await sqlite.add(an_entry(name))
    flip(Path(f"{path}-wal"), place)
    assert sqlite._standing() is None


@pytest.mark.parametrize("which", [range(32), *((place,) for place in range(8, 16))], ids=str)
async def test_behind_a_wal_whose_frames_were_overwritten_nothing_is_acknowledged(sqlite, path: Path, which):
    await grown(sqlite, "old", 5)
    wal = Path(f"{path}-wal")
    frames = range(32, wal.stat().st_size - 4096, FRAME)
    flip(wal, *(frame + place for frame in frames for place in which if place < 24))
    with pytest.raises(CorruptError, match="-wal"):
        await sqlite.add(an_entry("e1"))
    assert after_a_crash(path) == 0


async def test_a_wal_that_was_emptied_and_written_anew_is_looked_at_like_the_first(sqlite, path: Path):
    await grown(sqlite, "old", 5)
    checkpoint(path)
    await grown(sqlite, "new", 3)
    assert after_a_crash(path) == 8
    flip(Path(f"{path}-wal"), 20)
    with pytest.raises(CorruptError, match="-wal"):
        await sqlite.add(an_entry("e1"))


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_others_do_to_a_sound_file_is_no_alarm(path: Path, seed):
    """Checkpoints, VACUUM, backups, long readers, other writers, pruning, in any order: each result is acknowledged."""
    chance = random.Random(seed)
    history = await open_history(path, busy_timeout=0)
    readers: list[sqlite3.Connection] = []
    for number in range(80):
        with suppress(sqlite3.OperationalError):  # a checkpoint or VACUUM that somebody's reading hinders
            await chance.choice(OTHERS)(history, path, readers, number)
        await history.add(an_entry(f"e{number}", document=LARGE, started_at=NOON + number * MINUTE), [a_reading()])
    for each in readers:
        each.close()
    await history.close()


async def check_point(_history, path, _readers, number):
    checkpoint(path, ("PASSIVE", "FULL", "RESTART", "TRUNCATE")[number % 4])


async def vacuum(_history, path, _readers, _number):
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("VACUUM")


async def begin_reading(_history, path, readers, _number):
    readers.append(sqlite3.connect(path, isolation_level=None))
    readers[-1].execute("BEGIN")
    readers[-1].execute("SELECT count(*) FROM entries").fetchone()


async def end_reading(_history, _path, readers, _number):
    while readers:
        readers.pop().close()


async def write_beside(_history, path, _readers, number):
    with closing(sqlite3.connect(path, timeout=0)) as other, other:
        other.execute("CREATE TABLE IF NOT EXISTS theirs (text)")
        other.executemany("INSERT INTO theirs VALUES (?)", [("y" * 5000,)] * (number % 40))


async def empty_beside(_history, path, _readers, _number):
    with closing(sqlite3.connect(path, timeout=0)) as other, other:
        other.execute("DELETE FROM theirs")


async def prune(history, _path, _readers, number):
    await history.prune(NOON + (number - 5) * MINUTE)


async def back_up(history, path, _readers, number):
    await history.backup(path.with_name(f"backup{number}"))


OTHERS = (check_point, check_point, vacuum, begin_reading, end_reading, write_beside, empty_beside, prune, back_up)

BUSY = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
print("ready", flush=True)
while True:
    for what in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(PASSIVE)",
                 "CREATE TABLE IF NOT EXISTS theirs (text)", "INSERT INTO theirs VALUES (zeroblob(300000))",
                 "DELETE FROM theirs"):
        try:
            other.execute(what).fetchall()
        except sqlite3.OperationalError:
            pass
"""


async def test_another_process_that_checkpoints_and_vacuums_all_the_time_is_no_alarm(path: Path):
    history = await open_history(path, busy_timeout=30)
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", BUSY, str(path), stdout=asyncio.subprocess.PIPE)
    await other.stdout.readline()
    await grown(history, "e", 150)
    other.kill()
    await other.wait()
    assert await history.count(Query(OPERATOR)) == 150
    await history.close()


async def test_no_descriptor_is_left_open_and_none_is_closed_while_somebody_needs_it(path: Path):
    before = dict(held._users)
    one, other = await open_history(path), await open_history(path)
    await one.close()
    await other.add(an_entry())
    with closing(sqlite3.connect(path, timeout=0)) as third, pytest.raises(sqlite3.OperationalError, match="locked"):
        third.execute("PRAGMA journal_mode = DELETE")
    await other.close()
    assert held._users == before
