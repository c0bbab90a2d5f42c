"""What the history costs on many checks, each figure beside raw sqlite3 on the same file in the same run.

    python bench/history.py [CHECKS] [--document BYTES]

CHECKS (default 100,000; issue-sized is 1,000,000) are spread over 90 days, 25,000 of them per host if there are as
many, each with four endpoints, two of them with a certificate. 99 of 100 are those of one person's watches, in the
channel of the host; the others are asked by 40 people in 30 channels, 7 of 29 of them by two at once (a prime, so that
each host has its share). One in 50 failed.
"raw" is the sqlite3 module in the calling thread with the same SQL and flushes; it makes no dataclasses, parses no
JSON and keeps nobody's event loop free. "plain" is the SQL that one would write without the indexes and tables that
are there for it. Times are in milliseconds, on uvloop; CPU is that of the process for each call, which is what a busy
machine leaves comparable.
What watches saw of a host is asked of 1,000 that each keep 5 KB and 60 days of spans. Reading the 671 spans of the two
that looked there is a third of its time; the rest is finding those: the end of each document, a seek in its spans.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice, pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import uvloop

from storage.history import Asker, Entry, Query, Reading, Viewer, instant
from storage.sqlite.file.opening import prepare
from storage.sqlite.history import SqliteHistory, open_history
from storage.sqlite.tables import availability, outcome_changes, recording
from storage.sqlite.tables.entry_rows import entry_row, reading_row
from storage.watches import Change, StoredWatch, WatchSpan

END = datetime(2026, 11, 24, 12, tzinfo=UTC)
SPAN = timedelta(days=90)
PORTS = (25, 465, 587, 2525)
Checks = Iterator[tuple[Entry, list[Reading]]]
ADMIN = Viewer("T1", admin=True)
INSERTS, READS, WATCHES = 2000, 1000, 1000
VIEWER = Viewer(
    "T1", "U1", frozenset({f"C{number}" for number in range(26)} | {f"Cmx{n}.example.com" for n in range(4)})
)
FAILURES = (
    "SELECT * FROM entries NOT INDEXED WHERE (actor = ? OR channel IN ({})) AND verdict IN ('failed', 'error')"
    " ORDER BY started_at DESC, id DESC LIMIT 10"
)
PAGE = "SELECT * FROM entries WHERE team = 'T1' AND target = ? ORDER BY started_at DESC, id DESC LIMIT 20"
FROM_ENDPOINTS = (
    "SELECT port, count(*), sum(ok) FROM readings WHERE host = ? AND started_at >= ? GROUP BY port ORDER BY port"
)


def check(number: int, checks: int, padding: int) -> tuple[Entry, list[Reading]]:
    host = f"mx{number % max(1, checks // 25_000)}.example.com"
    document = {"schema": "portero.check/1", "endpoints": [], "transcript": "x" * padding}
    at = END - SPAN + SPAN * (number / checks)
    verdict = "ok" if number % 50 else "failed"
    asked, by_watch = divmod(number, 101)
    names = ("U1", "T1", f"C{host}", "watch") if by_watch else (f"U{asked % 40}", "T1", f"C{asked % 30}", "slash")
    outcome = "a" if number < checks * 0.9 else "b"
    entry = Entry(
        f"{number:032x}", "check", host, "local", verdict, "587 answers", at, 312.0, *names, document, "all", outcome
    )
    if not by_watch and asked % 29 < 7:
        entry.others = (Asker(f"U{(asked + 1) % 40}", f"C{(asked + 1) % 30}"),)
    return entry, [reading(host, port, number) for port in PORTS]


def reading(host: str, port: int, number: int) -> Reading:
    certificate = ("f" * 64, END + timedelta(days=number % 80)) if port in {465, 587} else ("", None)
    return Reading(host, "192.0.2.25", port, "open", bool(number % 50), "ok", 12.5, *certificate)


def insertion(table: str, row: dict[str, object]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"


def insert_raw(conn: sqlite3.Connection, entry: Entry, readings: list[Reading]) -> None:
    row = entry_row(entry)
    newest = outcome_changes.newest_before(conn, row)
    seq = conn.execute(insertion("entries", row), row).lastrowid or 0
    outcome_changes.note_added(conn, row, seq, newest)
    who = {"id": entry.id, "team": entry.team, "actor": entry.actor, "channel": entry.channel, "counted_as": 0}
    rows = [reading_row(seq, place, row["started_at"], each) | who for place, each in enumerate(readings)]
    conn.executemany(recording.ADD_READING, rows)
    conn.executemany(recording.COUNT_READING, rows)
    conn.executemany(recording.KEEP_CERTIFICATE, recording.soonest_ends(rows))


class Took(NamedTuple):
    """How long each call took, and how much CPU on average, in milliseconds."""

    each: list[float]
    cpu: float


def timed(work: Callable[[], object], times: int) -> Took:
    moments, began = [perf_counter()], process_time()
    for _ in range(times):
        work()
        moments.append(perf_counter())
    return took(moments, began)


async def awaited(work: Callable[[], Awaitable[object]], times: int) -> Took:
    moments, began = [perf_counter()], process_time()
    for _ in range(times):
        await work()
        moments.append(perf_counter())
    return took(moments, began)


def took(moments: list[float], began: float) -> Took:
    each = [(after - before) * 1000 for before, after in pairwise(moments)]
    return Took(each, (process_time() - began) * 1000 / len(each))


def show(what: str, took: Took, limit: str = "") -> None:
    middle, high = statistics.median(took.each), statistics.quantiles(took.each, n=20)[-1]
    rate = 1000 / statistics.fmean(took.each)
    print(f"{what:<62}{middle:>9.3f}{high:>9.3f}{took.cpu:>9.3f}{rate:>9,.0f}  {limit}", flush=True)


async def inserts(history: SqliteHistory, conn: sqlite3.Connection, fresh: Checks) -> None:
    def raw() -> None:
        with conn:
            conn.execute("BEGIN IMMEDIATE")
            entry, readings = next(fresh)
            insert_raw(conn, replace(entry, others=()), readings)

    show("insert a check, durable, one after another: raw", timed(raw, INSERTS))
    alone = await awaited(lambda: history.add(*next(fresh)), INSERTS)
    show("insert a check, durable, one after another: history", alone)
    for callers in (64, 256):
        took = await awaited(lambda n=callers: asyncio.gather(*(lane(history, fresh, 32) for _ in range(n))), 1)
        each = Took([took.each[0] / callers / 32] * 2, took.cpu / callers / 32)
        show(f"insert a check, durable, {callers} callers: history, per check", each, ">= 1,500 a second")
    show("claim a delivery, durable, one after another: history", await awaited(claims(history), INSERTS))


async def lane(history: SqliteHistory, fresh: Checks, times: int) -> None:
    for added in islice(fresh, times):
        await history.add(*added)


async def questions(history: SqliteHistory, conn: sqlite3.Connection) -> None:
    host = "mx0.example.com"
    show("last 20 of a host: raw", timed(lambda: conn.execute(PAGE, (host,)).fetchall(), READS))
    last = Query(ADMIN, target=host)
    show("last 20 of a host, as lines: history", await awaited(lambda: history.page(last), READS), "p95 < 0.5")
    seen = replace(last, viewer=VIEWER)
    show("last 20 of a host that one may see: history", await awaited(lambda: history.page(seen), READS), "p95 < 0.5")
    show("last 20 of a host, with documents: history", await awaited(lambda: history.entries(last), READS), "p95 < 0.5")
    await shares(history, conn, host)


async def shares(history: SqliteHistory, conn: sqlite3.Connection, host: str) -> None:
    """Availability from a midnight on, as `/smtphistory` asks for 90 days, and from within a day."""
    midnight = (END - SPAN).replace(hour=0)
    since = END - SPAN + timedelta(hours=1)
    indexed = timed(lambda: conn.execute(FROM_ENDPOINTS, (host, instant(since))).fetchall(), 20)
    show("availability over 90 days: raw, from a covering index", indexed)
    asked = {"host": host, "port": 587, "first_day": instant(since + timedelta(days=1))[:10], "last_day": "9999"}
    days = timed(lambda: conn.execute(availability.DAYS.format(port=":port", seen="true"), asked).fetchall(), READS)
    show("availability over 90 days: raw, whole days of one port of four", days)
    for viewer, whose in ((ADMIN, "of all"), (VIEWER, "of what one may see")):
        took = await awaited(lambda v=viewer: history.availability(host, since=midnight, viewer=v), READS)
        show(f"availability over 90 days, {whose}: history", took, "p95 < 1")
        took = await awaited(lambda v=viewer: history.availability(host, since=since, viewer=v), READS)
        show(f"availability from within a day on, {whose}: history", took)


async def home(history: SqliteHistory, conn: sqlite3.Connection) -> None:
    """The three questions of App Home, as an admin and as somebody in 30 channels."""
    channels = sorted(VIEWER.channels)
    failures = FAILURES.format(", ".join("?" * len(channels)))
    plain = timed(lambda: conn.execute(failures, (VIEWER.user, *channels)).fetchall(), 20)
    show("Home, failures that one may see: raw, plain", plain)
    for viewer, who in ((ADMIN, "an admin"), (VIEWER, "somebody in 30 channels")):
        show(
            f"Home, all questions together, for {who}: history",
            await awaited(asked_by_home(history, viewer), 200),
            "< 20",
        )


def asked_by_home(history: SqliteHistory, viewer: Viewer) -> Callable[[], Awaitable[object]]:
    month = timedelta(days=30)
    return lambda: asyncio.gather(
        history.page(Query(viewer, actor=VIEWER.user, watched=False), limit=10),
        history.page(Query(viewer, failed=True, watched=False, since=END - month), limit=10),
        history.certificates(ends_before=END + month, ends_after=END - month, viewer=viewer),
    )


async def looking_back(history: SqliteHistory) -> None:
    host, [last] = "mx0.example.com", await history.page(Query(ADMIN, target="mx0.example.com"), limit=1)
    for days in (1, 90):
        took = await awaited(
            lambda d=days: history.trend(host, 587, since=END - timedelta(days=d), until=END, viewer=VIEWER), 100
        )
        show(f"trend of a port over {days} days: history", took)
    for viewer, whose in ((ADMIN, "of all"), (VIEWER, "of what one may see")):
        asked = Query(viewer, target=host, since=END - SPAN)
        took = await awaited(lambda q=asked: history.runs(q), 100)
        show(f"changes of a host over 90 days, {whose}: history", took, "p95 < 10")
    show("what has results, for all changes: history", await awaited(lambda: history.targets(Query(VIEWER)), 20))
    show("since when, what before: history", await awaited(lambda: history.streak(last, VIEWER), 100))
    rare = Query(VIEWER, kind="pmta")
    show("a list of what is not there, in 30 channels: history", await awaited(lambda: history.page(rare), 5))
    show("a count of all that one may see: history", await awaited(lambda: history.count(Query(VIEWER)), 20))


async def watched(history: SqliteHistory) -> None:
    """What watches saw of a host and of a domain: of a thousand watches, as many as there may be."""
    for number in range(WATCHES):
        row = a_watch(number)
        await history.watches.add(row, WATCHES, ADMIN)
        known = [
            (place, END - SPAN + timedelta(days=day)) for place in row.document["spans"]["open"] for day in range(60)
        ]
        ended = tuple(WatchSpan(row.id, place, at, at + timedelta(days=1), "up") for place, at in known)
        await history.watches.change(row.id, lambda kept, _, spans=ended: Change(kept, spans=spans), ADMIN)
    for target in ("mx11.example.com", "10.example"):
        for viewer, whose in ((ADMIN, "of all"), (VIEWER, "of what one may see")):
            took = await awaited(
                lambda t=target, v=viewer: history.watches.spans(v, since=END - SPAN, until=END, target=t), 100
            )
            show(f"what {WATCHES:,} watches saw of {target}, {whose}: history", took)


def a_watch(number: int) -> StoredWatch:
    """Of a host; every fifth of a domain with the two hosts that come next."""
    hosts = [f"mx{number + more}.example.com" for more in ([0] if number % 5 else [1, 2])]
    target = hosts[0] if number % 5 else f"{number}.example"
    places = [target, *(f"{host}:{port}" for host in hosts for port in PORTS[:3])]
    lasting = {place: ["up", instant(END - timedelta(days=1))] for place in places}
    document = {"notes": "x" * 4000, "spans": {"until": instant(END), "lasting": "down", "open": lasting}}
    return StoredWatch(f"w-{number}", "T1", f"C{number % 30}", f"U{number % 40}", "check", target, document)


async def care(history: SqliteHistory, path: Path) -> None:
    """What goes on in the background, and what it costs those who write meanwhile."""
    writing = asyncio.ensure_future(latencies(history))
    began = perf_counter()
    gone = await history.prune(END - SPAN + timedelta(days=1))
    rate = gone / (perf_counter() - began)
    writing.cancel()
    show(f"insert while {gone:,} results are pruned at {rate:,.0f} a second", await writing)
    began = perf_counter()
    await history.backup(path.with_name("copy.db"))
    print(f"backup: {perf_counter() - began:.1f} s; ", end="")
    began, before = perf_counter(), None
    for number in range(50):  # noqa: B007 - pages of an export
        page = await history.entries(Query(ADMIN), limit=500, before=before)
        before = page[-1].cursor
    print(f"export: {25_000 / (perf_counter() - began):,.0f} documents a second; ", end="")


async def latencies(history: SqliteHistory) -> Took:
    each: list[float] = []
    with suppress(asyncio.CancelledError):
        for number in count(10**9):
            each += (await awaited(lambda n=number: history.add(*check(n, 10**9, 1000)), 1)).each
    return Took(each, 0)


def claims(history: SqliteHistory) -> Callable[[], Awaitable[bool]]:
    keys = count()
    return lambda: history.claim(f"delivery:{next(keys)}", END, timedelta(hours=1))


def make(checks: int, padding: int, path: Path) -> None:
    with closing(prepare(path, 5)) as db:
        db.conn.execute("PRAGMA cache_size = -500000")
        db.conn.execute("PRAGMA synchronous = OFF")
        for first in range(0, checks, 10_000):
            with db.atomic():
                for number in range(first, min(first + 10_000, checks)):
                    recording.add_entry(db, *check(number, checks, padding))
    print(f"{checks:,} checks, documents of {padding:,} bytes and a little, {path.stat().st_size / 2**20:,.0f} MiB")
    print(f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL\n")
    print(f"{'':<62}{'p50':>9}{'p95':>9}{'CPU':>9}{'a second':>9}  limit")


async def main(checks: int, padding: int, path: Path) -> None:
    history = await open_history(path)
    fresh = (check(number, checks, padding) for number in count(checks))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA synchronous = FULL")
        await inserts(history, conn, fresh)
        await questions(history, conn)
        await home(history, conn)
    await looking_back(history)
    await watched(history)
    await care(history, path)
    await history.close()
    began = perf_counter()
    await (await open_history(path)).close()
    print(f"opening: {perf_counter() - began:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="?", type=int, default=100_000)
    parser.add_argument("--document", type=int, default=1000, metavar="BYTES")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "history.db"
        make(given.checks, given.document, place)
        uvloop.run(main(given.checks, given.document, place))
