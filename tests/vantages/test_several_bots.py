"""Two bots as real processes on one database and one NATS server that is neither's, with a worker."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from bot.demo.workspace.workspace import Workspace
from bot.vantages.keys import new_seed, public_key
from bot.vantages.registry import add
from bot.vantages.subjects import NO_SPACE
from commands.watch.state.rows import of_row, to_row
from storage.queries import OPERATOR
from tests.histories import history_at
from tests.vantages.brokers import now
from tests.vantages.processes import Installation, bot_of, ended, own_server, working
from tests.watch.samples import a_watch

EVERY = timedelta(seconds=2)
TARGETS = [f"127.0.0.{number}" for number in range(1, 5)]
PATIENCE = 60.0
"""Seconds, half of what a lease is good for: a watch whose bot was killed runs long before that."""


@pytest.fixture
async def home(tmp_path):
    async with Peer(*[well_behaved("mail.example")] * 500, host="0.0.0.0") as peer, Workspace() as ws:
        home = Installation(tmp_path, peer.address[1])
        home.ws = ws
        yield home


class Runs:
    """The watches of the database, each on an address of its own from mta-03, and what became of them."""

    def __init__(self, history, ws, port):
        self.watches, self.history = history.watches, history
        self._team, self._channel, self._port = ws.state.team, ws.channel("mailops").id, port

    async def begin(self, seed):
        await add(self.watches, NO_SPACE, "mta-03", public_key(seed), by="tests", at=now())
        for number, target in enumerate(TARGETS):
            place = {
                "team": self._team,
                "channel": self._channel,
                "target": target,
                "ports": (self._port,),
                "fail_after": 99,
            }
            watch = a_watch(id=f"w-{number}", vantage="mta-03", every=EVERY, due_at=now(), created_at=now(), **place)
            await self.watches.add(to_row(watch), 99, OPERATOR)

    async def last(self):
        return {row.id: of_row(row).state.last_at for row in await self.watches.visible_to(OPERATOR)}

    async def go_on(self, after):
        """Until every watch has run later than this; the verdicts. Without TLS they fail, which is no matter here."""
        began = time.monotonic()
        while not all(at is not None and at > after for at in (await self.last()).values()):
            assert time.monotonic() - began < PATIENCE, await self.last()
            await asyncio.to_thread(time.sleep, 0.05)
        return {of_row(row).state.last_verdict for row in await self.watches.visible_to(OPERATOR)}


@pytest.fixture
async def runs(home):
    history = await history_at(home.folder / "portero.db")
    yield Runs(history, home.ws, home.port)
    await history.close()


async def test_watches_go_on_from_their_machine_when_the_bot_that_ran_them_is_killed(home, runs):
    seed = new_seed()
    async with own_server(home, **{"mta-03": seed}), bot_of(home, home.ws) as first, bot_of(home, home.ws):
        await runs.begin(seed)
        async with working(home, "mta-03"):
            assert await runs.go_on(now()) == {"failed"}
            await ended(first)
            assert await runs.go_on(now()) == {"failed"}


async def test_a_bot_without_a_way_to_the_server_leaves_its_watches_to_the_other_one(home, runs):
    """It would say of each that nobody is there."""
    seed = new_seed()
    async with own_server(home, **{"mta-03": seed}):
        await runs.begin(seed)
        async with (
            bot_of(home, home.ws, PORTERO_NATS="nats://127.0.0.1:1"),
            bot_of(home, home.ws),
            working(home, "mta-03"),
        ):
            assert await runs.go_on(now()) == {"failed"}
    events = await runs.watches.events(OPERATOR)
    assert events == []
