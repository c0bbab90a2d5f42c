import asyncio

from bot.demo.workspace.clock import Clock


async def test_sleepers_wake_when_the_clock_is_moved():
    clock = Clock(start=1000)
    sleeper = asyncio.ensure_future(clock.sleep(60))
    await asyncio.sleep(0)
    clock.advance(59)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1)
    await sleeper
    assert 1060 <= clock.now() < 1061


async def test_a_held_method_answers_after_its_gate_is_opened(ws, client):
    gate = ws.hold("auth.test")
    call = asyncio.ensure_future(client.auth_test())
    await client.users_info(user=ws.bot.id)
    assert not call.done()
    gate.set()
    assert (await call)["ok"]


def test_a_stopped_clock_moves_only_when_it_is_moved(monkeypatch):
    clock = Clock()
    clock.stop()
    stood = clock.now()
    monkeypatch.setattr("time.time", lambda: stood + 60)
    assert clock.now() == stood
    clock.advance(3)
    assert clock.now() == stood + 3
