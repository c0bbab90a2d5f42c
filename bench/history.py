"""What the history costs on many checks, each figure beside raw sqlite3 on the same file in the same run.

    python bench/history.py [CHECKS] [--document BYTES]

CHECKS (default 100,000; issue-sized is 1,000,000) are spread over 90 days, 25,000 of them per host if there are as
many, each with four endpoints. "raw" is the sqlite3 module in the calling thread with the same SQL and flushes; it
makes no dataclasses, parses no JSON and keeps nobody's event loop free. Times are in milliseconds, on uvloop.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count, islice, pairwise
from pathlib import Path
from time import perf_counter

import uvloop

from storage import statements
from storage.interface import Entry, Reading, instant
from storage.rows import entry_row, reading_row
from storage.sqlite import SqliteHistory, open_history
from storage.sqlite_file import prepare

END = datetime(2026, 11, 24, 12, tzinfo=UTC)
SPAN = timedelta(days=90)
PORTS = (25, 465, 587, 2525)
Checks = Iterator[tuple[Entry, list[Reading]]]
INSERTS, READS = 2000, 1000
PAGE = "SELECT * FROM entries WHERE target = ? ORDER BY started_at DESC, id DESC LIMIT 20"
FROM_ENDPOINTS = (
    "SELECT port, count(*), sum(ok) FROM readings WHERE host = ? AND started_at >= ? GROUP BY port ORDER BY port"
)


def check(number: int, checks: int, padding: int) -> tuple[Entry, list[Reading]]:
    host = f"mx{number % max(1, checks // 25_000)}.example.com"
    document = {"schema": "portero.check/1", "endpoints": [], "transcript": "x" * padding}
    at = END - SPAN + SPAN * (number / checks)
    verdict = "ok" if number % 7 else "degraded"
    names = ("U1", "T1", "C1", "slash")
    entry = Entry(f"{number:032x}", "check", host, "local", verdict, "587 answers", at, 312.0, *names, document)
    return entry, [Reading(host, "192.0.2.25", port, "open", bool(number % 7), "ok", 12.5) for port in PORTS]


def insertion(table: str, row: dict[str, object]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"


def insert_raw(conn: sqlite3.Connection, entry: Entry, readings: list[Reading]) -> None:
    row = entry_row(entry)
    seq = conn.execute(insertion("entries", row), row).lastrowid or 0
    rows = [reading_row(seq, place, row["started_at"], each) for place, each in enumerate(readings)]
    conn.executemany(statements.ADD_READING, rows)
    conn.executemany(statements.COUNT_READING, rows)


def timed(work: Callable[[], object], times: int) -> list[float]:
    moments = [perf_counter()]
    for _ in range(times):
        work()
        moments.append(perf_counter())
    return [(after - before) * 1000 for before, after in pairwise(moments)]


async def awaited(work: Callable[[], Awaitable[object]], times: int) -> list[float]:
    moments = [perf_counter()]
    for _ in range(times):
        await work()
        moments.append(perf_counter())
    return [(after - before) * 1000 for before, after in pairwise(moments)]


def show(what: str, took: list[float], limit: str = "") -> None:
    middle, high = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(f"{what:<58}{middle:>9.3f}{high:>9.3f}{1000 / statistics.fmean(took):>11,.0f}  {limit}")


async def inserts(history: SqliteHistory, conn: sqlite3.Connection, fresh: Checks) -> None:
    def raw() -> None:
        with conn:
            conn.execute("BEGIN IMMEDIATE")
            insert_raw(conn, *next(fresh))

    show("insert a check, durable, one after another: raw", timed(raw, INSERTS))
    alone = await awaited(lambda: history.add(*next(fresh)), INSERTS)
    show("insert a check, durable, one after another: history", alone)
    began = perf_counter()
    await asyncio.gather(*(lane(history, fresh, INSERTS // 64) for _ in range(64)))
    each = (perf_counter() - began) * 1000 / (INSERTS // 64 * 64)
    show("insert a check, durable, 64 callers: history, per check", [each, each], ">= 1,500 a second")
    show("claim a delivery, durable, one after another: history", await awaited(claims(history), INSERTS))


async def lane(history: SqliteHistory, fresh: Checks, times: int) -> None:
    for added in islice(fresh, times):
        await history.add(*added)


async def questions(history: SqliteHistory, conn: sqlite3.Connection) -> None:
    host, since = "mx0.example.com", END - SPAN + timedelta(hours=1)
    show("last 20 of a host: raw", timed(lambda: conn.execute(PAGE, (host,)).fetchall(), READS))
    show("last 20 of a host: history", await awaited(lambda: history.recent(target=host), READS), "p95 < 0.5")
    indexed = timed(lambda: conn.execute(FROM_ENDPOINTS, (host, instant(since))).fetchall(), 20)
    show("availability over 90 days: raw, from a covering index", indexed)
    asked = {"host": host, "since": instant(since), "first_day": instant(since + timedelta(days=1))[:10]}
    days = timed(lambda: conn.execute(statements.AVAILABILITY, asked).fetchall(), READS)
    show("availability over 90 days: raw, from the daily roll-up", days)
    show("availability over 90 days: history", await awaited(lambda: history.availability(host, since), READS), "< 1")


def claims(history: SqliteHistory) -> Callable[[], Awaitable[bool]]:
    keys = count()
    return lambda: history.claim(f"delivery:{next(keys)}", END, timedelta(hours=1))


def make(checks: int, padding: int, path: Path) -> None:
    with closing(prepare(path, 5)) as db, db.atomic():
        for number in range(checks):
            insert_raw(db.conn, *check(number, checks, padding))
    print(f"{checks:,} checks, documents of {padding:,} bytes and a little, {path.stat().st_size / 2**20:,.0f} MiB")
    print(f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL\n")
    print(f"{'':<58}{'p50':>9}{'p95':>9}{'a second':>11}  limit")


async def main(checks: int, padding: int, path: Path) -> None:
    history = await open_history(path)
    fresh = (check(number, checks, padding) for number in count(checks))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA synchronous = FULL")
        await inserts(history, conn, fresh)
        await questions(history, conn)
    await history.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="?", type=int, default=100_000)
    parser.add_argument("--document", type=int, default=1000, metavar="BYTES")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "history.db"
        make(given.checks, given.document, place)
        uvloop.run(main(given.checks, given.document, place))
