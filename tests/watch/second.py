"""A process that runs watches and delivers what they tell, on a clock that goes sixty times as fast.

    python -m tests.watch.second DATABASE LOG T0

The log is shared: a line for the begin and the end of every run and for every post, each written by one call, so that
what was written counts even when the process is killed the moment after.
"""

import asyncio
import hashlib
import logging
import os
import sys
import time
from datetime import timedelta

from bot.watches.delivery import DeliveryLoop
from bot.watches.scheduler import Scheduler
from storage.sqlite.history import open_history

from .samples import NOON
from .world import probe_result_of

FASTER = 60


class FastClock:
    def __init__(self, t0):
        self._t0 = t0

    def __call__(self):
        return NOON + timedelta(seconds=(time.time() - self._t0) * FASTER)


class Log:
    """Lines in a file that several processes write."""

    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._process = os.getpid()

    def line(self, *words):
        os.write(self._file, " ".join(map(str, (self._process, *words))).encode() + b"\n")


class FileSlack:
    """Every post is a line."""

    route = "slack"

    def __init__(self, log):
        self._log = log

    async def deliver(self, delivery):
        self._log.line("posted", delivery.event.id, delivery.event.kind, delivery.unsure)
        await asyncio.sleep(0)
        return {"channel": delivery.event.channel, "ts": delivery.event.id}


def outcome(watch, now):
    """Each target is bad for a third of the time, two minutes at a time."""
    key = f"{watch.id} {int(now.timestamp()) // 120}".encode()
    return "bad" if hashlib.blake2b(key).digest()[0] % 3 == 0 else "good"


async def main(database, log_path, t0):
    logging.disable()
    clock, log = FastClock(float(t0)), Log(log_path)
    history = await open_history(database, busy_timeout=30)

    async def look(watch, at):
        log.line("begin", watch.id)
        await asyncio.sleep(0)
        log.line("end", watch.id)
        return probe_result_of(watch, outcome(watch, at), at, os.urandom(6).hex())

    delivery = DeliveryLoop(history.watches, [FileSlack(log)], clock, poll=0.01)
    scheduler = Scheduler(history.watches, look, clock, told=delivery.wake, poll=0.01)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(scheduler.run(), delivery.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
