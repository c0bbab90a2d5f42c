"""A process that stores results without end, twenty at a time, and prints each id once it is acknowledged.

The durability test kills it.
"""

import asyncio
import os
import sys
from itertools import count

from storage.sqlite import SqliteHistory, open_history
from tests.storage.samples import a_reading, an_entry

AT_ONCE = 20
PORTS = (25, 465, 587, 2525)


async def write(history: SqliteHistory, lane: int) -> None:
    for number in count(lane, AT_ONCE):
        await history.add(an_entry(f"e{number}"), [a_reading(port) for port in PORTS])
        os.write(1, f"e{number}\n".encode())  # one call per line: what was written whole was acknowledged


async def main(path: str) -> None:
    history = await open_history(path)
    await asyncio.gather(*(write(history, lane) for lane in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
