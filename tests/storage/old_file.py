"""What is in a file of an earlier version, and how one is made: `python -m tests.storage.old_file` when a step is new.

It writes `fixtures/<the newest step>.sqlite` with the code as it is, and never over a file that is there.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from storage.audit import AuditEntry
from storage.queries import OPERATOR, Viewer
from storage.shares import SharedResult
from storage.sqlite.history import open_history
from storage.sqlite.tables.schema import known_steps
from storage.watches import StoredEvent, StoredWatch
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

FIXTURES = Path(__file__).parent / "fixtures"

DOWN = a_reading(25, state="no_answer", ok=False, tls="", latency_ms=None)
FIRST = an_entry("first", started_at=NOON - DAY, scope="25,587", outcome="x")
SECOND = an_entry(
    "second", verdict="failed", actor="U2", channel="C2", summary="\u00f1 \u2603", scope="25,587", outcome="y"
)
THIRD = an_entry(
    "third",
    kind="pmta",
    target="config",
    verdict="ok",
    channel="",
    started_at=NOON + MINUTE,
    document={"schema": "portero.pmta/1", "findings": []},
)
READINGS = {
    "first": [a_reading(587, certificate="aa", certificate_ends=NOON + 10 * DAY), DOWN],
    "second": [a_reading(587, ok=False, state="refused"), DOWN],
    "third": [],
}
WATCH = StoredWatch("w1", "T1", "C1", "U1", "host", "mail.example.com", {"every": 300}, NOON)
SHARE = SharedResult("first", "C1", "", "U1", NOON, posted=True, ts="1.2")
DEED = AuditEntry(NOON, "muted", "mail.example.com", "T1", "U1", "C1", {"watch": "w1", "why": "works"})
EVENT = StoredEvent("v1", "w1", "i1", "down", NOON, {"port": 587}, ("slack",))


async def write(path: Path) -> None:
    history = await open_history(path)
    for entry in (FIRST, SECOND, THIRD):
        await history.add(entry, READINGS[entry.id])
    assert await history.claim("event:1", NOON, timedelta(days=365))
    await history.watches.add(WATCH, 5, OPERATOR)
    await history.watches.note("digest:C1", {"n": 1})
    assert await history.watches.tell(EVENT)
    assert await history.watches.tag("w1", OPERATOR, add=["prod"])
    await history.keep_share(SHARE, Viewer("T1"))
    await history.watches.note(
        "vantage:T1:mta-03", {"keys": ["k"], "events": [["2026-11-20T10:00:00+00:00", "root", "added"]]}
    )
    await history.watches.keep_audit([DEED])
    await history.close()
    with closing(sqlite3.connect(path)) as whole:
        whole.execute("PRAGMA journal_mode = DELETE")


if __name__ == "__main__":
    place = FIXTURES / f"{max(known_steps())}.sqlite"
    assert not place.exists(), f"{place} is there: what it was made by may not be edited any more"
    asyncio.run(write(place))
