"""While the storage fails the loops go on and the log stays readable."""

import asyncio
import logging

import pytest

from bot.watches.delivery import DeliveryLoop
from bot.watches.fault_log import FaultLog
from bot.watches.scheduler import Scheduler
from storage.errors import DiskFullError, LockedError
from tests import moving

from .samples import NOON


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def failing(complaint, *errors):
    for error in errors:
        with pytest.raises(type(error)), complaint.noted():
            raise error


def test_each_kind_of_trouble_is_told_once_and_again_after_it_worked(caplog):
    complaint = FaultLog("reading")
    locked, full = LockedError("the file is locked"), DiskFullError("no space")
    failing(complaint, locked, locked, full, locked)
    for _ in range(2):
        with complaint.noted():
            pass
    failing(complaint, locked)
    told = ["reading fails: the file is locked", "reading fails: no space", "reading works again"]
    assert lines(caplog) == [*told, told[0]]
    assert not [record for record in caplog.records if record.exc_info]


class Broken:
    """Watches that cannot be read until the hundredth time."""

    def __init__(self):
        self.asked, self.well = 0, asyncio.Event()

    async def claim_deliveries(self, *_args, **_more):
        return await self.next_due() or []

    async def next_due(self, _places=()):
        self.asked += 1
        if self.asked < 100:
            raise LockedError("the file is locked")
        self.well.set()

    async def visible_to(self, _viewer):
        return []

    async def purge(self, _before):
        return 0

    async def release(self, _owner):
        return None


@pytest.mark.parametrize(
    ("loop", "what"),
    [
        (lambda watches: Scheduler(watches, None, lambda: NOON), "reading due watches"),
        (lambda watches: DeliveryLoop(watches, (), lambda: NOON), "reading waiting alerts"),
    ],
)
def test_a_loop_outlives_the_trouble_and_says_so_twice(caplog, loop, what):
    async def outlived():
        watches = Broken()
        task = asyncio.ensure_future(loop(watches).run())
        well = asyncio.ensure_future(watches.well.wait())
        await asyncio.wait([well, task], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), task.exception()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    moving.run(outlived())
    assert lines(caplog) == [f"{what} fails: the file is locked", f"{what} works again"]
