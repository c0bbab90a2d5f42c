"""A process that stores results without end, twenty at a time, and prints each id once it is acknowledged.

The durability test kills it. With `pruning` it also deletes all but the last hundred all the time.
"""

import asyncio
import os
import sys
from itertools import count

from storage.history import OPERATOR, Query
from storage.sqlite.history import SqliteHistory, open_history
from tests.storage.samples import MINUTE, NOON, a_reading, an_entry

AT_ONCE = 20
PORTS = (25, 465, 587, 2525)


async def write(history: SqliteHistory, lane: int) -> None:
    for number in count(lane, AT_ONCE):
        ends = a_reading(465, certificate="aa", certificate_ends=NOON + number * MINUTE)
        entry = an_entry(f"e{number}", started_at=NOON + number * MINUTE)
        await history.add(entry, [ends if port == 465 else a_reading(port) for port in PORTS])
        os.write(1, f"e{number}\n".encode())  # one call per line: what was written whole was acknowledged


async def prune(history: SqliteHistory) -> None:
    while True:
        newest = await history.page(Query(OPERATOR), limit=100)
        await history.prune(newest[-1].started_at if newest else NOON, batch=7)


async def main(path: str, *how: str) -> None:
    history = await open_history(path)
    pruning = [prune(history)] if how else []
    await asyncio.gather(*(write(history, lane) for lane in range(AT_ONCE)), *pruning)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
