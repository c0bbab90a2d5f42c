"""Seeded damage to a file, and a history with something of everything that can be damaged."""

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage.audit import AuditEntry, AuditQuery
from storage.history import OPERATOR, Query, Viewer
from storage.shares import SharedResult
from storage.sqlite.history import SqliteHistory
from storage.sqlite.tables.recording import add_entry
from storage.watches import Change, StoredEvent, StoredWatch
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

PAGE = 4096
HOST = "mail.example.com"
ME = Viewer("T1", "U1", frozenset({"C1"}))
ENTRIES = 120


def flip(content: bytearray, chance: random.Random) -> None:
    """A few bytes, each to any other; half the time one bit of one."""
    for _ in range(chance.choice((1, 1, 4, 40))):
        place = chance.randrange(len(content))
        content[place] ^= chance.choice((1 << chance.randrange(8), chance.randrange(1, 256)))


def flip_at_an_edge(content: bytearray, chance: random.Random) -> None:
    """Where a page has its header, its cell pointers, its first cells."""
    page = chance.randrange(len(content) // PAGE) * PAGE
    for _ in range(3):
        place = min(page + chance.randrange(160), len(content) - 1)
        content[place] ^= chance.randrange(1, 256)


def zero(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 2, 5))):
        page = chance.randrange(len(content) // PAGE) * PAGE
        content[page : page + PAGE] = bytes(PAGE)


def swap(content: bytearray, chance: random.Random) -> None:
    """A page in the place of another."""
    one, other = (chance.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    content[one : one + PAGE] = content[other : other + PAGE]


def cut(content: bytearray, chance: random.Random) -> None:
    pages = len(content) // PAGE
    del content[chance.choice((0, 50, chance.randrange(pages) * PAGE, chance.randrange(len(content)))) :]


KINDS: Mapping[str, Callable[[bytearray, random.Random], None]] = {
    "flip": flip,
    "edge": flip_at_an_edge,
    "zero": zero,
    "swap": swap,
    "cut": cut,
}


def damaged(content: bytes, kind: str, seed: int) -> bytes:
    changed = bytearray(content)
    KINDS[kind](changed, random.Random(seed))
    return bytes(changed)


def overwrite(path: Path, content: bytes) -> None:
    """As a failing disk would: in place, under whoever has the file open."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)
        file.truncate()


def damage(path: Path, kind: str, seed: int) -> None:
    overwrite(path, damaged(path.read_bytes(), kind, seed))


async def fill(history: SqliteHistory) -> None:
    """Results, watches, events and what was posted; documents of all sizes, so that some lie on pages of their own."""
    made = [_result(number) for number in range(ENTRIES)]
    await history._writer.run(lambda db: [add_entry(db, *each) for each in made])
    for number in range(12):
        watch = StoredWatch(f"w{number}", "T1", "C1", "U1", "check", HOST, {"n": number, "text": "x" * 300}, NOON)
        await history.watches.add(watch, 50, OPERATOR)
    for number in range(20):
        event = StoredEvent(f"v{number}", "w1", f"w1.{number % 5}", "down", NOON, {"n": number}, ("slack", "mail"))
        await history.watches.tell(event)
    await history.watches.note("digest:C1", {"n": 1})
    await history.watches.tag("w1", OPERATOR, add=["prod", "eu-west"])
    [delivery, *_] = await history.watches.claim_deliveries(NOON, NOON + MINUTE, 1, ["slack"])
    await history.watches.delivered(delivery, NOON, {"ts": "1.2"})
    noted = [AuditEntry(NOON + n * MINUTE, "muted", HOST, "T1", "U1", "C1", {"watch": f"w{n}"}) for n in range(30)]
    await history.watches.keep_audit(noted)
    for number in range(30):
        await history.keep_share(SharedResult(f"e{number:03}", "C1", "", "U1", NOON, posted=True, ts="1.2"), ME)
    await history.watches.change("w1", lambda watch, _: Change(watch, sight={"seen": 1}), OPERATOR)


def _result(number: int) -> tuple[Any, Any]:
    kind = "check" if number % 5 else "pmta"
    document = {"schema": f"portero.{kind}/1", "number": number, "text": "é" * (number * 61 % 2500)}
    changes = {"kind": kind, "started_at": NOON + number * MINUTE, "document": document, "outcome": f"o{number // 40}"}
    entry = an_entry(f"e{number:03}", scope="all", verdict="ok" if number % 4 else "failed", **changes)
    ends = {"certificate": "aa", "certificate_ends": NOON + 10 * DAY}
    return entry, [a_reading(587, ok=number % 4 > 0, **ends), a_reading(25, latency_ms=None)]


Ask = Callable[[SqliteHistory], Awaitable[Any]]


async def _streak(history: SqliteHistory) -> Any:
    [line, *_] = await history.page(Query(OPERATOR, kind="check"), limit=1) or [None]
    return line and await history.streak(line, OPERATOR)


LISTS: Mapping[str, Ask] = {
    "entries": lambda it: it.entries(Query(ME), limit=500),
    "entries of a host": lambda it: it.entries(Query(OPERATOR, target=HOST), limit=500),
}
"""Rows whose documents have checksums: each is right or is not in the list."""

READS: Mapping[str, Ask] = {
    **LISTS,
    "newest": lambda it: it.page(Query(ME), limit=11),
    "host": lambda it: it.page(Query(ME, target=HOST), limit=500),
    "failed": lambda it: it.page(Query(OPERATOR, failed=True, watched=False, since=NOON), limit=50),
    "port": lambda it: it.page(Query(OPERATOR, target=HOST, port=587, failed=True), limit=50),
    "kind": lambda it: it.page(Query(OPERATOR, kind="pmta", actor="U1"), limit=50),
    "count": lambda it: it.count(Query(OPERATOR, target=HOST)),
    "open": lambda it: it.get("e007", ME),
    "open a long one": lambda it: it.get("e040", ME),
    "readings": lambda it: it.readings("e007", OPERATOR),
    "last readings": lambda it: it.last_readings(HOST, NOON),
    "availability": lambda it: it.availability(HOST, since=NOON - DAY, viewer=OPERATOR),
    "availability seen": lambda it: it.availability(HOST, since=NOON + timedelta(hours=1), viewer=ME),
    "trend": lambda it: it.trend(HOST, 587, since=NOON - DAY, until=NOON + DAY, viewer=ME),
    "streak": _streak,
    "certificates": lambda it: it.certificates(ends_before=NOON + 20 * DAY, ends_after=NOON, viewer=ME),
    "watches": lambda it: it.watches.visible_to(Viewer("T1", admin=True), deleted=True),
    "watch": lambda it: it.watches.get("w3", OPERATOR),
    "events": lambda it: it.watches.events(OPERATOR, watch="w1"),
    "notes": lambda it: it.watches.notes("digest:"),
    "shared": lambda it: it.shared("e007", "C1", "", ME),
    "audit": lambda it: it.watches.audit(AuditQuery(ME), limit=50),
    "audit of a watch": lambda it: it.watches.count_audit(AuditQuery(ME, target="w7")),
    "tagged": lambda it: it.watches.tagged("eu-west", ME),
    "posted": lambda it: it.watches.posted("w1.0", "slack"),
    "next due": lambda it: it.watches.next_due(),
    "backlog": lambda it: it.watches.backlog(NOON + DAY),
}
"""Every question that is asked of a history."""

LATER: datetime = NOON + DAY

WRITES: Mapping[str, Ask] = {
    "claim": lambda it: it.claim("event:1", NOON, DAY),
    "claim due": lambda it: it.watches.claim_due("me", LATER, LATER + MINUTE, quick=5, slow=5),
    "claim deliveries": lambda it: it.watches.claim_deliveries(LATER, LATER + MINUTE, 5, ["slack", "mail"], owner="me"),
    "change": lambda it: it.watches.change("w2", lambda watch, _: Change(watch), OPERATOR),
    "add": lambda it: it.add(an_entry("fresh", started_at=LATER), [a_reading()]),
    "delete": lambda it: it.delete("e011", OPERATOR),
    "disown": lambda it: it.forget("T1", "U1", shared=["C"]),
    "prune": lambda it: it.prune(NOON + 5 * MINUTE),
    "purge": lambda it: it.watches.purge(LATER),
}
