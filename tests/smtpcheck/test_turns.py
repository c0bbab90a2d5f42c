"""Three at a time for each endpoint."""

import asyncio

import pytest

from commands.smtpcheck.probe.concurrent_connections import AT_ONE_ENDPOINT, Queues

KEY, OTHER = ("198.51.100.1", 25), ("198.51.100.1", 587)


async def full():
    turns = Queues()
    for _ in range(AT_ONE_ENDPOINT):
        await turns.take(KEY)
    return turns


def emptied(turns):
    for _ in range(AT_ONE_ENDPOINT):
        turns.give(KEY)
    return len(turns) == 0


async def test_who_comes_fourth_waits_until_one_of_three_gives_its_turn_back():
    turns = await full()
    fourth = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    assert (fourth.done(), turns.at(KEY)) == (False, 4)
    turns.give(KEY)
    await fourth
    assert emptied(turns)


async def test_who_comes_while_a_turn_changes_hands_waits_too():
    turns = await full()
    fourth = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    turns.give(KEY)  # the fourth has it, but has not run yet
    fifth = asyncio.ensure_future(turns.take(KEY))
    await fourth
    await asyncio.sleep(0)
    assert not fifth.done()
    turns.give(KEY)
    await fifth
    assert emptied(turns)


async def test_other_endpoints_do_not_wait():
    turns = await full()
    await turns.take(OTHER)
    turns.give(OTHER)
    assert emptied(turns)


async def test_who_gives_up_waiting_holds_nobody_back_and_leaves_nothing():
    turns = await full()
    fourth = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    fourth.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fourth
    assert emptied(turns)
    await turns.take(KEY)
    turns.give(KEY)


async def test_who_wants_to_be_alone_waits_for_all_and_others_wait_for_them():
    turns = Queues()
    await turns.take(KEY)
    alone = [asyncio.ensure_future(turns.take(KEY, AT_ONE_ENDPOINT)) for _ in range(2)]
    await asyncio.sleep(0)
    assert [each.done() for each in alone] == [False, False]
    turns.give(KEY)
    await alone[0]
    third = asyncio.ensure_future(turns.take(KEY))
    await asyncio.sleep(0)
    assert not third.done()
    turns.give(KEY, AT_ONE_ENDPOINT)
    await third
    turns.give(KEY)
    await alone[1]
    turns.give(KEY, AT_ONE_ENDPOINT)
    assert len(turns) == 0


async def test_who_gives_up_being_alone_gives_back_what_he_had():
    turns = Queues()
    await turns.take(KEY)
    alone = asyncio.ensure_future(turns.take(KEY, AT_ONE_ENDPOINT))
    await asyncio.sleep(0)
    alone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await alone
    for _ in range(2):
        await turns.take(KEY)
    assert emptied(turns)
