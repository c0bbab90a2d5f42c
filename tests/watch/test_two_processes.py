"""Two processes on one database, killed at random: nothing runs twice at once or is told twice, nothing is lost."""

import asyncio
import random
import sys
import time
from collections import defaultdict
from datetime import timedelta

from bot.watches.delivery import LEASE, DeliveryLoop
from commands.watch.state.rows import to_row
from commands.watch.state.story import OF_MESSAGE
from storage.queries import OPERATOR
from storage.sqlite.history import open_history

from .samples import a_watch
from .second import FastClock, FileSlack, Log

WATCHES, KILLS = 20, 4
PATIENCE = 240.0  # seconds: it takes some ten; a child that died must not hang the suite


class Process:
    """A second process, and how far its lines have got."""

    def __init__(self, *arguments):
        self._arguments = arguments
        self.running = None

    async def start(self):
        command = (sys.executable, "-m", "tests.watch.second", *self._arguments)
        self.running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert await self.running.stdout.readline(), "the process ended before it was ready"

    async def kill(self):
        """SIGKILL; its id."""
        self.running.kill()
        await self.running.wait()
        return str(self.running.pid)


async def lines_more(path, count):
    """Until the log has so many more lines: the processes are at work meanwhile."""
    loop = asyncio.get_running_loop()
    wanted = len(read(path)) + count
    while len(read(path)) < wanted:
        await loop.run_in_executor(None, time.sleep, 0.002)


async def posts_in(path, count):
    """Until so many different events were posted."""
    while len({words[2] for words in read(path) if words[1] == "posted"}) < count:
        await lines_more(path, 1)


def read(path):
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


async def test_nothing_runs_twice_and_nothing_is_told_twice_or_lost_when_processes_are_killed(tmp_path):
    async with asyncio.timeout(PATIENCE):
        await kill_and_compare(tmp_path)


async def kill_and_compare(tmp_path):
    database, log, chance = tmp_path / "portero.db", tmp_path / "log", random.Random(7)
    t0, killed = str(time.time()), []
    clock = FastClock(float(t0))
    history = await open_history(database)
    for number in range(WATCHES):
        watch = a_watch(id=f"w-{number}", every=timedelta(seconds=30), fail_after=1, recover_after=1)
        await history.watches.add(to_row(watch), WATCHES, OPERATOR)
    processes = [Process(str(database), str(log), t0) for _ in range(2)]
    await asyncio.gather(*(process.start() for process in processes))
    for _ in range(KILLS):
        await lines_more(log, chance.randrange(20, 160))
        process = chance.choice(processes)
        killed.append(await process.kill())
        await process.start()
    await posts_in(log, WATCHES)
    killed += [await process.kill() for process in processes]
    await drain(history, clock, log)
    check_runs(read(log), set(killed))
    check_posts(read(log), await history.watches.events(OPERATOR), set(killed))
    await history.close()


async def drain(history, clock, log):
    """What was left by those that were killed, once their leases have ended."""
    later = lambda: clock() + LEASE  # noqa: E731 - a clock
    await DeliveryLoop(history.watches, [FileSlack(Log(log))], later).deliver_waiting()


def check_runs(lines, killed):
    """No run of a watch begins before the last one ended, unless its process was killed."""
    running = {}
    for process, what, *words in lines:
        if what == "begin":
            assert running.get(words[0]) in {None, *killed}, f"{words[0]} ran twice at once"
            running[words[0]] = process
        elif what == "end" and running.get(words[0]) == process:
            running[words[0]] = None


def check_posts(lines, events, killed):
    posted = [(process, words) for process, what, *words in lines if what == "posted"]
    first = list(dict.fromkeys(words[0] for _, words in posted))
    assert sorted(first) == sorted(event.id for event in events)
    assert len(first) >= WATCHES
    makers = defaultdict(list)
    for process, (event_id, _, unsure) in posted:
        assert (unsure == "False") or set(makers[event_id]) <= killed, f"{event_id} was told twice without a kill"
        makers[event_id].append(process)
    by_watch = defaultdict(list)
    for event in events:
        by_watch[event.watch].append(event)
    for told in by_watch.values():
        of_its_own = [event.kind for event in told if event.document["facts"].get("why") not in OF_MESSAGE]
        assert of_its_own == (ORDER * len(told))[: len(of_its_own)]
        assert len({event.id for event in told}) == len(told)
    incidents = {event.id: event.incident for event in events}
    assert in_order(first, incidents) == in_order([event.id for event in events], incidents)


def in_order(event_ids, incidents):
    """By incident: one that was in the hands of a killed process holds up its own, and no later one."""
    found = defaultdict(list)
    for event_id in event_ids:
        found[incidents[event_id]].append(event_id)
    return found


ORDER = ["opened", "recovered"]
