import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.history import OPERATOR, Query
from storage.sqlite import history
from storage.sqlite.file import integrity
from storage.sqlite.file.connections import BATCH, Readers, Writer
from storage.sqlite.file.errors import translated
from storage.sqlite.file.opening import connect_reader, prepare
from storage.sqlite.history import SqliteHistory, open_history
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


async def test_all_who_share_a_commit_are_woken_at_once(path: Path):
    writer = Writer(prepare(path, busy_timeout=5), translated(path))
    loop, wakings = asyncio.get_running_loop(), []
    wake, gate = loop.call_soon_threadsafe, threading.Event()
    loop.call_soon_threadsafe = lambda *given, **how: (wakings.append(given), wake(*given, **how))[1]
    first = asyncio.create_task(writer.run(lambda _db: gate.wait()))
    others = [asyncio.create_task(writer.run(lambda _db, n=n: n)) for n in range(100)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(first, *others) == [True, *range(100)]
    assert len(wakings) <= 2
    del loop.call_soon_threadsafe
    await writer.close()


def test_who_is_gone_with_their_event_loop_stops_no_thread(path: Path):
    async def leave(gate: threading.Event) -> tuple[Writer, Readers]:
        writer = Writer(prepare(path, busy_timeout=5), translated(path))
        readers = Readers(lambda: connect_reader(path, 5), translated(path))
        for each in (writer, readers):
            asyncio.create_task(each.run(lambda _db: gate.wait()))  # noqa: RUF006 - it is left behind
        await asyncio.sleep(0)
        return writer, readers

    async def ask(writer: Writer, readers: Readers) -> list[str]:
        answers = [await each.run(lambda _db: "answered") for each in (writer, readers)]
        await readers.close()
        await writer.close()
        return answers

    gate = threading.Event()
    left = asyncio.run(leave(gate))
    gate.set()
    assert asyncio.run(ask(*left)) == ["answered", "answered"]


async def test_who_asks_one_question_after_another_has_one_connection(sqlite: SqliteHistory):
    for _ in range(50):
        await sqlite.count(Query(OPERATOR))
    assert len(sqlite._readers._opened) == 1


async def test_questions_at_one_time_have_at_most_four_connections(sqlite: SqliteHistory):
    barrier = threading.Barrier(4)
    await asyncio.gather(*(sqlite._readers.run(lambda _db: barrier.wait(60)) for _ in range(8)))
    assert len(sqlite._readers._opened) == 4


async def test_endinglets_questions_finish(path: Path):
    prepare(path, busy_timeout=5).close()
    readers = Readers(lambda: connect_reader(path, 5), translated(path))
    asked = [asyncio.create_task(readers.run(lambda _db, n=n: n)) for n in range(20)]
    await asyncio.sleep(0)
    await readers.close()
    assert await asyncio.gather(*asked) == list(range(20))


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


async def test_endingfinishes_what_is_queued(path: Path):
    writer = Writer(prepare(path, busy_timeout=5), translated(path))
    ran = []
    queued = [asyncio.create_task(writer.run(lambda _db, n=n: ran.append(n))) for n in range(200)]
    await asyncio.sleep(0)
    await writer.close()
    assert await asyncio.gather(*queued) == [None] * 200
    assert ran == list(range(200))


@pytest.mark.parametrize(
    ("module", "opener", "ask"),
    [
        (history, "prepare", open_history),
        (integrity, "connect_reader", lambda path: integrity.verify(path, 60, time.monotonic)),
    ],
    ids=["open_history", "verify"],
)
async def test_who_is_cancelled_while_a_connection_is_being_opened_leaves_none_open(
    path: Path, monkeypatch, module, opener, ask
):
    prepare(path, busy_timeout=1).close()
    loop, reached, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    really, opened = getattr(module, opener), []

    def slowly(*args):
        opened.append(really(*args))
        loop.call_soon_threadsafe(reached.set)
        go_on.wait()
        return opened[0]

    monkeypatch.setattr(module, opener, slowly)
    asking = asyncio.ensure_future(ask(path))
    await reached.wait()
    asking.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await loop.shutdown_default_executor()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


async def test_who_is_cancelled_while_readers_end_leaves_no_connection_open(path: Path):
    prepare(path, busy_timeout=1).close()
    opened, go_on, loop, reached = [], threading.Event(), asyncio.get_running_loop(), asyncio.Event()

    def connect() -> Database:
        opened.append(connect_reader(path, busy_timeout=1))
        return opened[0]

    def wait(_db: Database) -> None:
        loop.call_soon_threadsafe(reached.set)
        go_on.wait()

    readers = Readers(connect, translated(path))
    asking = asyncio.ensure_future(readers.run(wait))
    await reached.wait()
    ending = asyncio.ensure_future(readers.close())
    await asyncio.sleep(0)
    ending.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await ending
    await asking
    await loop.shutdown_default_executor()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
