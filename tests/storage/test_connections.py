import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.history import OPERATOR, Query
from storage.sqlite.file.connections import BATCH, Readers, Writer
from storage.sqlite.file.errors import translated
from storage.sqlite.file.opening import prepare
from storage.sqlite.history import SqliteHistory
from tests.storage.samples import an_entry


async def test_one_bad_job_fails_alone_and_its_neighbours_are_stored(sqlite: SqliteHistory):
    await sqlite.add(an_entry("taken"))
    ids = ["a", "taken", "b", "c"]
    unprintable = an_entry("d", document={"no": object()})
    entries = [*map(an_entry, ids), unprintable]
    outcomes = await asyncio.gather(*map(sqlite.add, entries), return_exceptions=True)
    assert [type(each).__name__ for each in outcomes] == [
        "NoneType",
        "StorageError",
        "NoneType",
        "NoneType",
        "TypeError",
    ]
    assert {each.id for each in await sqlite.entries(Query(OPERATOR))} == {"taken", "a", "b", "c"}


async def test_waiting_jobs_share_commits(sqlite: SqliteHistory, path: Path):
    commits = []
    await sqlite._writer.run(lambda db: db.conn.set_trace_callback(lambda sql: commits.append(sql == "COMMIT")))
    await asyncio.gather(*(sqlite.add(an_entry(f"e{number}")) for number in range(10 * BATCH)))
    assert await sqlite.count(Query(OPERATOR)) == 10 * BATCH
    assert sum(commits) < 5 * BATCH


async def test_the_event_loop_goes_on_while_500_results_wait_for_a_lock_and_are_stored(path: Path):
    writer = Writer(prepare(path, busy_timeout=60), translated(path))
    history = SqliteHistory(path, writer, Readers(Database, translated(path)))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        adding = asyncio.gather(*(history.add(an_entry(f"e{number}")) for number in range(500)))
        for _tick in range(1000):  # each one would wait for the lock if an add held the loop
            await asyncio.sleep(0)
        assert not adding.done()
        other.execute("ROLLBACK")
        assert await adding == [None] * 500
        await writer.close()
        assert other.execute("SELECT count(*) FROM entries").fetchone() == (500,)


async def test_the_event_loop_ticks_at_least_once_per_result(sqlite: SqliteHistory):
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    for number in range(500):
        await sqlite.add(an_entry(f"e{number}"))
    ticking.cancel()
    assert ticks >= 500


async def test_a_caller_that_gave_up_while_waiting_is_skipped(path: Path):
    writer = Writer(prepare(path, busy_timeout=5), translated(path))
    ran, working, gate = [], threading.Event(), threading.Event()
    first = asyncio.create_task(writer.run(lambda _db: (working.set(), gate.wait(), ran.append("first"))))
    await asyncio.to_thread(working.wait)
    second = asyncio.create_task(writer.run(lambda _db: ran.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.set()
    await first
    await writer.close()
    assert ran == ["first"]


async def test_closing_finishes_what_is_queued(path: Path):
    writer = Writer(prepare(path, busy_timeout=5), translated(path))
    ran = []
    queued = [asyncio.create_task(writer.run(lambda _db, n=n: ran.append(n))) for n in range(200)]
    await asyncio.sleep(0)
    await writer.close()
    assert await asyncio.gather(*queued) == [None] * 200
    assert ran == list(range(200))
