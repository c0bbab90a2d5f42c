"""A simulated month of watches, with crashes, restarts, clock changes and snoozes: what had to be told and what was.

    python bench/watch_month.py [--watches 1000] [--days 30] [--every MINUTES] [--seed 1]

The real scheduler, delivery and notifier on a real SQLite file; time, targets and Slack are simulated
(`tests/watch/month.py`). It is played twice: with the scope that lets Portero look whether a post arrived before the
process was killed, and without it. Fails when an alert was lost, came twice or without cause, or when a message was
posted twice although Portero could look.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.watch.month import BAD, Month


async def main(watches, days, every, seed):
    logging.disable()
    print(f"{watches} watches, {days} days, every {every} or twice that, seed {seed}")
    found = {reads: await month(watches, days, every, seed, reads) for reads in (True, False)}
    print(f"  {'channels:history granted':32} {'yes':>10} {'no':>10}")
    for name in dict.fromkeys((*found[True], *found[False])):
        print(f"  {name:32} {found[True].get(name, 0):>10} {found[False].get(name, 0):>10}")
    bad = [name for result in found.values() for name in BAD if result[name]]
    return 1 if bad or found[True]["messages posted twice"] else 0


async def month(watches, days, every, seed, reads):
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        result = await Month(Path(folder), watches, days, every, seed, reads=reads).play()
    return {**result, "seconds": round(time.perf_counter() - began, 1)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--watches", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--every", type=int, default=240, help="minutes")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(asyncio.run(main(asked.watches, asked.days, timedelta(minutes=asked.every), asked.seed)))
