import asyncio
from dataclasses import replace

import pytest

from bot.wakeup import PATIENCE_S, Wakeup, after_next_run
from commands.watch.state.rows import to_row
from storage.queries import OPERATOR
from tests import moving

from .samples import NOON, a_watch


class Store:
    """One watch, in memory."""

    def __init__(self):
        self.row = to_row(a_watch())

    async def get(self, _id, _viewer):
        return self.row

    def runs(self):
        watch = a_watch()
        self.row = to_row(replace(watch, state=replace(watch.state, last_at=NOON, last_verdict="ok")))


def test_a_run_of_this_process_is_heard_at_once_and_one_of_another_within_a_second():
    async def main():
        loop = asyncio.get_running_loop()
        for rings in (True, False):
            store, ran = Store(), Wakeup()
            began = loop.time()
            waiting = asyncio.ensure_future(after_next_run(store, OPERATOR, ran, a_watch()))
            await asyncio.sleep(0.25)
            store.runs()
            if rings:
                ran.wake()
            assert (await waiting).state.last_at == NOON
            assert loop.time() - began == pytest.approx(0.25 if rings else 1.0)
            assert ran.listeners == []

    moving.run(main())


def test_nobody_waits_for_ever():
    async def main():
        began = asyncio.get_running_loop().time()
        assert await after_next_run(Store(), OPERATOR, Wakeup(), a_watch()) is None
        assert asyncio.get_running_loop().time() - began == pytest.approx(PATIENCE_S)

    moving.run(main())


def test_a_watch_that_is_gone_is_not_waited_for():
    async def main():
        store = Store()
        store.row = None
        assert await after_next_run(store, OPERATOR, Wakeup(), a_watch()) is None

    moving.run(main())
