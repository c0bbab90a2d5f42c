"""What can be read of a damaged file comes into a new one, and the damaged file stays as it is."""
# ruff: noqa: ASYNC240 - names of files, nobody waits

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import StorageError
from storage.history import OPERATOR, Asker, Query
from storage.sqlite.file import integrity as soundness
from storage.sqlite.file.rescue import rescue
from storage.sqlite.history import open_history, open_history_to_read
from storage.sqlite.tables.schema import known_steps
from tests.storage.damage import ENTRIES, KINDS, READS, damage, fill, overwrite
from tests.storage.old_file import FIXTURES
from tests.storage.samples import NOON, a_reading, an_entry

SEEDS = range(int(os.environ.get("DAMAGE_SEEDS", "5")))


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "history.db"

    async def make() -> None:
        history = await open_history(path)
        await fill(history)
        await history.close()

    asyncio.run(make())
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new.db"


def table(path: Path, name: str) -> set[tuple]:
    with closing(sqlite3.connect(path)) as plain:
        return set(plain.execute(f"SELECT * FROM {name}"))


def page_of(path: Path, name: str) -> int:
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]


def zero(path: Path, page: int) -> None:
    content = path.read_bytes()
    overwrite(path, content[: (page - 1) * 4096] + bytes(4096) + content[page * 4096 :])


async def answers(path: Path) -> dict[str, object]:
    history = await open_history_to_read(path)
    found = {name: await question(history) for name, question in READS.items()}
    await history.close()
    return found


async def test_who_asked_together_is_rescued_and_counted_as_before(tmp_path: Path, new: Path):
    history = await open_history(tmp_path / "history.db")
    shown = a_reading(certificate="aa", certificate_ends=NOON)
    for number, others in enumerate([(Asker("U2", "C2"), Asker("U3", "")), ()]):
        await history.add(an_entry(f"e{number}", others=others), [shown, a_reading(25, ok=False)])
    await history.close()
    assert rescue(tmp_path / "history.db", new).rows["entry_askers"] == 3
    for name in ("entries", "entry_askers", "tallies", "certificates"):
        assert table(new, name) == table(tmp_path / "history.db", name), name


async def test_of_a_sound_file_everything_is_rescued(sound: Path, new: Path):
    told = rescue(sound, new)
    assert not any(told.lost.values())
    assert told.rows["entries"] == ENTRIES
    assert await answers(new) == await answers(sound)
    with closing(sqlite3.connect(sound)) as plain:
        tables = {name for (name,) in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for name in tables - {"_sqlite_migrations"}:
        assert table(new, name) == table(sound, name), name
    assert [each.name for each in new.parent.iterdir()] == ["new.db"]
    assert new.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name", ["sqlite_schema", "entries", "readings", "entries_newest", "watches", "watch_events", "watch_deliveries"]
)
async def test_a_root_or_an_index_that_is_lost_hides_no_row(sound: Path, path: Path, new: Path, name):
    shutil.copy(sound, path)
    zero(path, 1 if name == "sqlite_schema" else page_of(path, name))
    before = path.read_bytes()
    told = rescue(path, new)
    assert path.read_bytes() == before
    assert told.rows["entries"] == ENTRIES
    assert told.lost["entries"] == 0
    assert (await answers(new))["entries"] == (await answers(sound))["entries"]
    assert list(soundness.findings(new)) == []


async def test_it_is_told_about_how_many_are_lost(sound: Path, path: Path, new: Path):
    shutil.copy(sound, path)
    zero(path, path.read_bytes().index(b"e023check") // 4096 + 1)
    told = rescue(path, new)
    assert 0 < told.lost["entries"] < 20
    assert told.lost["entries"] + told.rows["entries"] == ENTRIES
    assert told.rows["readings"] == 2 * told.rows["entries"]
    right = (await answers(sound))["entries"]
    assert all(entry in right for entry in (await answers(new))["entries"])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_is_damaged_what_is_rescued_is_right_and_opens(sound: Path, path: Path, new: Path, kind, seed):
    shutil.copy(sound, path)
    damage(path, kind, seed)
    before = path.read_bytes()
    try:
        rescue(path, new)
    except StorageError as error:
        assert "Nothing in" in str(error)
        assert len(before) < 40_000
        assert not new.exists()
        return
    assert path.read_bytes() == before
    assert list(soundness.findings(new)) == []
    right, found = await answers(sound), await answers(new)
    assert [each for each in found["entries"] if each not in right["entries"]] == []
    history = await open_history(new)
    await history.add(an_entry("fresh"))
    await history.close()


async def test_what_stands_in_the_wal_alone_is_rescued_but_for_what_was_not_committed(path: Path, new: Path):
    history = await open_history(path)
    await fill(history)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE entries SET verdict = 'never'")
        for each in (path, Path(f"{path}-wal")):
            shutil.copy(each, new.parent / each.name.replace("history", "killed"))
        other.rollback()
    await history.close()
    killed = new.parent / "killed.db"
    damaged_frame = bytearray(Path(f"{killed}-wal").read_bytes())
    assert rescue(killed, new).rows["entries"] == ENTRIES
    damaged_frame[32 + 24 + 100] ^= 1  # of the oldest state of a page
    overwrite(Path(f"{killed}-wal"), damaged_frame)
    assert rescue(killed, new.with_name("other.db")).rows["entries"] == ENTRIES


async def test_what_was_deleted_does_not_come_back(path: Path, new: Path):
    history = await open_history(path)
    await fill(history)
    assert (await history.forget("T1", "U1")).deleted == ENTRIES
    await history.add(an_entry("later", started_at=NOON))
    await history.close()
    assert rescue(path, new).rows["entries"] == 1


@pytest.mark.parametrize("step", sorted(step for step in known_steps() if step >= "0002"))
async def test_a_file_of_an_older_version_is_rescued(new: Path, step):
    assert rescue(FIXTURES / f"{step}.sqlite", new).rows["entries"] == 3
    history = await open_history_to_read(new)
    assert [entry.id for entry in await history.entries(Query(OPERATOR))] == ["third", "second", "first"]
    await history.close()


@pytest.mark.parametrize("size", ["0200", "0400", "0800", "2000", "8000", "0001", "0000", "1234"])
def test_a_header_that_tells_a_wrong_size_of_pages_hides_nothing(sound: Path, new: Path, size):
    damaged = new.with_name("damaged.db")
    content = sound.read_bytes()
    overwrite(damaged, content[:16] + bytes.fromhex(size) + content[18:])
    assert rescue(damaged, new).rows == rescue(sound, new.with_name("whole.db")).rows


def test_nothing_is_replaced_and_of_what_is_no_history_nothing_is_made(sound: Path, new: Path):
    new.write_bytes(b"mine")
    with pytest.raises(StorageError, match="exists already"):
        rescue(sound, new)
    assert new.read_bytes() == b"mine"
    letter = new.with_name("letter")
    letter.write_bytes(os.urandom(100_000))
    with pytest.raises(StorageError, match=r"Nothing in .* can be read as a history"):
        rescue(letter, new.with_name("other.db"))
    assert sorted(each.name for each in new.parent.iterdir()) == ["letter", "new.db"]


SMALL_FILES_ONLY = """
import resource, signal, sys
from pathlib import Path
from storage.errors import StorageError
from storage.sqlite.file.rescue import rescue

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))
try:
    rescue(Path(sys.argv[1]), Path(sys.argv[2]))
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 4096, 65_536])
def test_where_there_is_no_room_the_new_file_is_told_by_its_own_name(sound: Path, new: Path, room):
    command = [sys.executable, "-c", SMALL_FILES_ONLY, str(sound), str(new), str(room)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert str(new) in told
    assert ".part" not in told
    assert list(new.parent.iterdir()) == []
