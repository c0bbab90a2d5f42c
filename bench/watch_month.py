"""A simulated month of watches, with crashes, restarts, clock changes and snoozes: what had to be told and what was.

    python bench/watch_month.py [--watches 1000] [--days 30] [--every MINUTES] [--seed 1]

The real runner and courier on a real SQLite file; time, targets and Slack are simulated (`tests/watch/month.py`).
Fails when an alert was lost, came twice or without cause.
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
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        result = await Month(Path(folder), watches, days, every, seed).play()
    print(f"{watches} watches, {days} days, every {every} or twice that, seed {seed}")
    for name, value in result.items():
        print(f"  {name:32} {value:>9}")
    print(f"  {'seconds':32} {time.perf_counter() - began:>9.1f}")
    return 1 if any(result[name] for name in BAD) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--watches", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--every", type=int, default=240, help="minutes")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(asyncio.run(main(asked.watches, asked.days, timedelta(minutes=asked.every), asked.seed)))
