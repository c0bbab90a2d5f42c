import asyncio
import statistics
import time

import pytest
import uvloop

from bot.demo.lab.peer import Peer
from bot.demo.lab.relay import DelayRelay
from bot.demo.lab.steps import Close, Hang, Read, Send, Wait
from tests.lab.clients import everything

RTT_MS = 40
BUSY_MS = 15  # a loaded machine adds a little; a fault of the relay adds half a round trip


async def lap(address):
    """Milliseconds from now to the first line, and from a sent line to the second line."""
    reader, writer = await asyncio.open_connection(*address)
    began = time.monotonic()
    await reader.readline()
    greeted = time.monotonic()
    writer.write(b"EHLO x\r\n")
    await reader.readline()
    answered = time.monotonic()
    writer.close()
    await writer.wait_closed()
    return (greeted - began) * 1000, (answered - greeted) * 1000


async def test_a_greeting_takes_half_a_round_trip_and_an_answer_a_whole_one():
    script = (Send(b"220 x\r\n"), Read(), Send(b"250 x\r\n"), Close())
    async with Peer(script) as peer, DelayRelay(peer.address, RTT_MS) as relay:
        laps = [await lap(relay.address) for _ in range(3)]
    greeting, answer = (min(times) for times in zip(*laps, strict=True))
    assert greeting == pytest.approx(RTT_MS / 2, abs=BUSY_MS)
    assert RTT_MS <= answer < RTT_MS + BUSY_MS


async def test_pieces_are_delayed_each_from_its_own_arrival_and_do_not_queue():
    pieces = [step for n in range(10) for step in (Send(b"%d" % n), Wait(0.005))]
    async with Peer((*pieces, Close())) as peer, DelayRelay(peer.address, RTT_MS) as relay:
        began = time.monotonic()
        got, end = await everything(relay.address)
        took = (time.monotonic() - began) * 1000
    assert (got, end) == (b"0123456789", "closed")
    assert took < 10 * RTT_MS / 2  # a queue of sleeps would take 10 half round trips


async def test_many_connections_at_once_keep_their_time():
    script = (Send(b"220 x\r\n"), Read(), Send(b"250 x\r\n"), Close())
    async with Peer(script) as peer, DelayRelay(peer.address, RTT_MS) as relay:
        laps = await asyncio.gather(*(lap(relay.address) for _ in range(20)))
    assert statistics.median(answer for _, answer in laps) < 10 * RTT_MS  # one after another: 20 round trips and more


async def test_an_upstream_that_refuses_ends_the_connection():
    async with DelayRelay(("127.0.0.1", 1), RTT_MS) as relay:
        assert (await everything(relay.address))[0] == b""


async def test_leaving_the_relay_ends_open_connections():
    async with Peer((Send(b"220 x\r\n"), Hang())) as peer, DelayRelay(peer.address, RTT_MS) as relay:
        reader, writer = await asyncio.open_connection(*relay.address)
        await reader.readline()
        assert len(relay.sides) == 2
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


def test_a_piece_that_is_due_after_its_side_has_closed_is_dropped():
    async def late():
        async with Peer((Send(b"220 x\r\n"), Hang())) as peer, DelayRelay(peer.address, RTT_MS) as relay:
            reader, writer = await asyncio.open_connection(*relay.address)
            await reader.readline()
            sides = tuple(relay.sides)
            for side in sides:
                side.abort()
            await reader.read()
            writer.close()
            for side in sides:
                side.send(b"250 x\r\n")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(late())
