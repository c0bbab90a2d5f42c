import asyncio
import time
from types import SimpleNamespace

import uvloop

from bot.demo.lab import relay as relay_module
from bot.demo.lab.peer import Peer
from bot.demo.lab.relay import Delayed, DelayRelay
from bot.demo.lab.steps import Close, Hang, Read, Send, Wait
from tests.lab.clients import everything

RTT_MS = 40


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
    assert greeting >= RTT_MS / 2
    assert answer >= RTT_MS


async def test_pieces_are_due_each_from_its_own_arrival_and_do_not_queue(monkeypatch):
    delivered, now = [], [0.0]
    monkeypatch.setattr(relay_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    way = Delayed(0.02, SimpleNamespace(send=delivered.append))
    for arrival, piece in ((0.0, b"first"), (0.005, b"second"), (0.005, b"third")):
        now[0] = arrival
        way.put(piece)
    assert [due for due, _ in way._pieces] == [0.02, 0.025, 0.025]
    now[0] = 0.025
    way._arm()
    assert delivered == [b"first", b"second", b"third"]


async def test_pieces_arrive_as_they_were_sent():
    pieces = [step for n in range(10) for step in (Send(b"%d" % n), Wait(0.005))]
    async with Peer((*pieces, Close())) as peer, DelayRelay(peer.address, RTT_MS) as relay:
        assert await everything(relay.address) == (b"0123456789", "closed")


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
