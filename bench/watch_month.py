"""A simulated month of watches, with crashes, restarts, clock changes and snoozes: what had to be told and what was.

    python bench/watch_month.py [--watches 1000] [--days 30] [--every MINUTES] [--seed 1]

The real scheduler, delivery and notifier on a real SQLite file; time, targets and Slack are simulated
(`tests/watch/month.py`). It is played twice: with the scope that lets Portero look whether a post arrived before the
process was killed, and without it. Fails when an alert was lost, came twice or without cause, or when a message was
posted twice although Portero could look.

    python bench/watch_month.py --weeks 4 [--behind 100] [--others 30] [--every 60] [--seed 1]

The weeks of a team by a script instead (`tests/watch/script.py`): a dead switch under a hundred watches, a dead
resolver for a day, 421 for a day, logins that go, renewals that break, flapping, mutes and maintenance over incidents,
a channel that is archived, watches that are moved while they are down, a change that is accepted, kill -9. Fails for
each difference between what was told (alerts, digests, availability, the list of incidents) and what was true, to the
minute, and for more than three messages of one cause in a channel.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.watch.lived import Lived
from tests.watch.month import BAD, Month
from tests.watch.script import a_team


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


async def lived(weeks, behind, others, every, seed):
    logging.disable()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        team = Lived(Path(folder), a_team(weeks, behind, others, every, seed), weeks, seed)
        wrong = await team.play()
    told = Counter(event.kind for event in team.slack.events)
    counted = f"{team.counts['runs']} runs, {len(team.rooms.log)} posts"
    print(f"{weeks} weeks, {len(team.hosts)} watches, seed {seed}: {counted}")
    print(f"  {', '.join(f'{count} {kind}' for kind, count in sorted(told.items()))}")
    print(f"  {len(wrong)} differences, {time.perf_counter() - began:.0f} s")
    for each in wrong[:50]:
        print("  ", *each)
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--watches", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--every", type=int, help="minutes; 240, with --weeks 60")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=0, help="play these by a script instead")
    parser.add_argument("--behind", type=int, default=100, help="watches behind one switch")
    parser.add_argument("--others", type=int, default=30, help="watches that break by chance")
    asked = parser.parse_args()
    every = timedelta(minutes=asked.every or (60 if asked.weeks else 240))
    if asked.weeks:
        sys.exit(asyncio.run(lived(asked.weeks, asked.behind, asked.others, every, asked.seed)))
    sys.exit(asyncio.run(main(asked.watches, asked.days, every, asked.seed)))
