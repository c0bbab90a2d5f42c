"""The clock of the machine is set wrong and mended: what had not come yet is forgotten, and nothing waits for it."""

from datetime import time

import pytest

from bot.watches.digests import Digests
from commands.uptime import uptimes
from commands.watch.state.digest import to_note
from commands.watch.state.windows import Digest
from storage.queries import OPERATOR, Viewer

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

DOWN = NOON + HOUR, NOON + 5 * HOUR


def look(watch, at):
    return seen("bad" if DOWN[0] <= at < DOWN[1] else "good", watch)


async def spends(here, until, digests=None):
    """A quarter of an hour after the other, whatever is due."""
    while here.clock.at < until:
        here.clock.at += 15 * MINUTE
        await here.scheduler.run_due()
        if digests is not None:
            await digests.tell_due()
        await here.delivery.deliver_waiting()


async def runs_ahead(here, by, digests=None):
    """For a quarter of an hour the clock is `by` ahead; then it is right again."""
    here.clock.at += by
    await spends(here, here.clock.at + 15 * MINUTE, digests)
    here.clock.at -= by


@pytest.mark.parametrize("by", [DAY, 30 * DAY])
async def test_what_a_clock_saw_that_was_ahead_is_no_downtime_of_days_that_are_to_come(tmp_path, by):
    """A look in the future saw it well, and had it down until then."""
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await spends(here, NOON + 2 * HOUR)
        await runs_ahead(here, by)
        await spends(here, NOON + 3 * DAY)
        found = await here.store.spans(OPERATOR, since=NOON, until=here.clock.at)
        down = uptimes(found, NOON, here.clock.at)["mail.example.com"].of("down")
        assert abs(down - (DOWN[1] - DOWN[0])) <= 15 * MINUTE
        assert not [one for one in here.messages() if "recovered" not in one]


@pytest.mark.parametrize("by", [DAY, 30 * DAY])
async def test_a_digest_waits_for_no_day_that_a_clock_was_ahead_of_and_comes_once_a_day(tmp_path, by):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        digests = Digests(here.store, here.clock)
        note = to_note(Digest(time(9), "UTC"), "U1", NOON)
        await here.store.set_digest("C1", note, Viewer("T1", admin=True))
        await spends(here, NOON + 2 * HOUR, digests)
        await runs_ahead(here, by, digests)
        await spends(here, NOON + 5 * DAY, digests)
        told = [one for one in here.messages() if "Daily digest" in one]
        assert len(told) == 5, told
        assert "healthy since 2026-11-28 09:00 UTC" in told[-1]
