import asyncio
import sys

import pytest

from bot.watches.liveness import ProcessLock, Takeover
from commands.watch.state.rows import to_row
from storage.queries import OPERATOR
from storage.sqlite.history import open_history

from .samples import MINUTE, NOON, a_watch

ALIVE = """
import sys
from pathlib import Path
from bot.watches.liveness import ProcessLock
one = ProcessLock(Path(sys.argv[1]))
one.acquire()
print(one.owner, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    return tmp_path / "portero.db"


@pytest.fixture
def here(database):
    process = ProcessLock(database)
    process.acquire()
    yield process
    process.release()


async def another(database):
    """A process that is alive, and its owner's name."""
    command = (sys.executable, "-c", ALIVE, str(database))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    return process, (await process.stdout.readline()).decode().strip()


async def test_a_killed_process_is_known_to_be_dead_and_a_living_one_is_not(database, here):
    process, owner = await another(database)
    assert here.dead() == []
    process.kill()
    await process.wait()
    assert here.dead() == [owner]
    here.forget(owner)
    assert here.dead() == []


async def test_the_heir_takes_over_watches_and_deliveries_at_once(database, here):
    process, owner = await another(database)
    history = await open_history(database)
    await history.watches.add(to_row(a_watch(due_at=NOON)), 9, OPERATOR)
    await history.watches.claim_due(owner, NOON, NOON + 2 * MINUTE, quick=1)
    told = []
    takeover = Takeover(here, history.watches, lambda: told.append(1))
    assert await takeover.take_over() == 0
    process.kill()
    await process.wait()
    assert await takeover.take_over() == 1
    assert len(await history.watches.claim_due(here.owner, NOON, NOON + MINUTE, quick=1)) == 1
    assert (await takeover.take_over(), told) == (0, [1])
    await history.close()


def test_an_orderly_end_leaves_nothing_behind(database, here):
    other = ProcessLock(database)
    other.acquire()
    assert here.dead() == []
    other.release()
    assert here.dead() == []
    assert len(list(database.parent.iterdir())) == 1


@pytest.mark.parametrize("place", [None, "nowhere/portero.db"])
def test_without_a_place_for_locks_nobody_is_taken_for_dead(tmp_path, place):
    one = ProcessLock(tmp_path / place if place else None)
    one.acquire()
    assert one.dead() == []
    one.release()
