import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from storage.sqlite import SqliteHistory, open_history
from tests.storage.samples import DAY, NOON
from tests.storage.scribe import PORTS

ROOT = Path(__file__).parents[2]


async def killed_after(path: Path, acknowledged: int) -> list[str]:
    """Every id that the scribe was told is stored; it is killed once that many have been."""
    scribe = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.scribe", str(path)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert scribe.stdout is not None
    lines = [await scribe.stdout.readline() for _ in range(acknowledged)]
    scribe.kill()
    lines += (await scribe.stdout.read()).splitlines(keepends=True)
    assert await scribe.wait() == -9
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


async def test_every_acknowledged_result_survives_a_kill_in_the_middle_of_writing(path: Path):
    acknowledged = await killed_after(path, 500)
    history = await open_history(path)
    try:
        assert len(acknowledged) >= 500
        for id_ in acknowledged:
            assert await history.get(id_) is not None, id_
            assert [each.port for each in await history.readings(id_)] == list(PORTS)
        counted = await history.availability("mail.example.com", since=NOON - DAY)
        assert {each.checks for each in counted} == {await history.count()}  # no half transaction either
    finally:
        await history.close()


async def test_a_commit_reaches_the_disk_before_it_is_acknowledged(sqlite: SqliteHistory):
    asked = ("journal_mode", "synchronous", "foreign_keys")
    found = await sqlite._writer.run(lambda db: [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in asked])
    assert found == ["wal", 2, 1]  # 2 is FULL


async def test_after_closing_one_file_holds_everything(path: Path):
    history = await open_history(path)
    assert await history.claim("key", NOON, DAY)
    await history.close()
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT key FROM claims").fetchall() == [("key",)]


async def test_a_claim_survives_a_restart(path: Path):
    for expected in (True, False):
        history = await open_history(path)
        assert await history.claim("delivery:1", NOON, DAY) is expected
        await history.close()


async def test_expired_claims_are_pruned(sqlite: SqliteHistory):
    for number in range(10):
        await sqlite.claim(f"key{number}", NOON, DAY)
    await sqlite.claim("last", NOON + DAY, DAY)
    assert await sqlite._readers.run(lambda db: db.table("claims").count) == 1
