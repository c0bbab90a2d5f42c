import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from storage.history import OPERATOR, Query
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.samples import DAY, NOON
from tests.storage.scribe import PORTS

ROOT = Path(__file__).parents[2]
ROLL_UP = "SELECT substr(started_at, 1, 10), port, count(*), sum(ok) FROM readings GROUP BY 1, 2 ORDER BY 1, 2"


async def killed_after(path: Path, acknowledged: int, *how: str) -> list[str]:
    """Every id that the scribe was told is stored; it is killed once that many have been."""
    scribe = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.scribe", str(path), *how), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert scribe.stdout is not None
    lines = [await scribe.stdout.readline() for _ in range(acknowledged)]
    scribe.kill()
    lines += (await scribe.stdout.read()).splitlines(keepends=True)
    assert await scribe.wait() == -9
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


async def test_every_acknowledged_result_survives_a_kill_in_the_middle_of_writing(path: Path):
    acknowledged = await killed_after(path, 1000)
    history = await open_history(path)
    try:
        assert len(acknowledged) >= 1000
        for id_ in acknowledged:
            assert await history.get(id_, OPERATOR) is not None, id_
            assert [each.port for each in await history.readings(id_, OPERATOR)] == list(PORTS)
        counted = await history.availability("mail.example.com", since=NOON - DAY, viewer=OPERATOR)
        assert {each.checks for each in counted} == {
            await history.count(Query(OPERATOR), most=1_000_000)
        }  # no half transaction either
    finally:
        await history.close()


async def test_a_kill_while_results_are_deleted_leaves_no_half_of_any(path: Path):
    acknowledged = await killed_after(path, 1000, "pruning")
    await (await open_history(path)).close()
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        entries = plain.execute("SELECT count(*) FROM entries").fetchone()
        assert 0 < entries[0] < len(acknowledged)
        assert plain.execute("SELECT count(*) FROM readings").fetchone() == (entries[0] * len(PORTS),)
        counted = plain.execute(ROLL_UP).fetchall()
        assert plain.execute("SELECT day, port, checks, ok FROM tallies ORDER BY 1, 2").fetchall() == counted


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
