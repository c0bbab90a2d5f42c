"""One at a time for each endpoint."""

import asyncio

import pytest

from commands.smtpcheck.probe.concurrent_connections import Queues

KEY, OTHER = ("198.51.100.1", 25), ("198.51.100.1", 587)


async def test_who_comes_second_waits_until_the_first_gives_its_turn_back():
    turns = Queues()
    await turns.take(KEY)
    second = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    assert not second.done()
    turns.give(KEY)
    await second
    turns.give(KEY)


async def test_who_comes_while_a_turn_changes_hands_waits_too():
    turns = Queues()
    await turns.take(KEY)
    second = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    turns.give(KEY)  # the second has it, but has not run yet
    third = asyncio.ensure_future(turns.take(KEY))
    await second
    await asyncio.sleep(0)
    assert not third.done()
    turns.give(KEY)
    await third
    turns.give(KEY)


async def test_other_endpoints_do_not_wait():
    turns = Queues()
    await turns.take(KEY)
    await turns.take(OTHER)
    turns.give(KEY)
    turns.give(OTHER)
    assert len(turns) == 0


async def test_who_gives_up_waiting_holds_nobody_back_and_leaves_nothing():
    turns = Queues()
    await turns.take(KEY)
    second = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    turns.give(KEY)
    assert len(turns) == 0
    await turns.take(KEY)
    turns.give(KEY)
