import asyncio

from commands.blocks import actions, button
from commands.contract import Action, Modal, Progress, Reply

from .stage import asked


def endless(begun):
    async def handle(_request, _services):
        yield Progress("working")
        begun.set()
        await asyncio.Event().wait()

    return handle


async def test_what_is_running_may_finish(serving, ws):
    gate = asyncio.Event()

    async def slow(_request, _services):
        await gate.wait()
        yield Reply("done")

    async with serving(slow) as stage:
        await ws.command("ana", "mailops", "/echo")
        draining = asyncio.ensure_future(stage.bot.dispatcher.drain(5))
        gate.set()
        await draining
    assert [message.text for message in stage.seen()] == ["done"]


async def test_what_does_not_finish_is_told_as_cut_short(serving, ws):
    begun = asyncio.Event()
    async with serving(endless(begun)) as stage:
        await ws.command("ana", "mailops", "/echo")
        await begun.wait()
        await stage.bot.dispatcher.drain(0)
    assert "cut short" in stage.last().text


async def test_also_what_has_not_begun(serving, ws):
    async with serving(endless(asyncio.Event())) as stage:
        await asyncio.gather(*(ws.command("ana", "mailops", "/echo") for _ in range(5)))
        await stage.bot.dispatcher.drain(0)
    assert ["cut short" in message.text for message in stage.seen()] == [True] * 5


async def test_a_dialogue_is_told_so_too(serving, ws):
    begun = asyncio.Event()

    async def bearer(_request, _services):
        yield Reply("press", [actions(button("Go", "echo.go", "7"))])

    async def slow(_request, _services):
        begun.set()
        await asyncio.Event().wait()
        yield Modal("never", [])

    async with serving(bearer, actions={"go": Action(slow, modal=True)}) as stage:
        await stage.type("/echo")
        await ws.click(stage.last(), "echo.go", user="ana")
        await begun.wait()
        await stage.bot.dispatcher.drain(0)
    assert "cut short" in str(ws.view_of("ana").blocks)


async def test_a_public_progress_does_not_stand_for_ever(serving, ws):
    async def slow(_request, _services):
        yield Progress("Checking", public=True)
        await asyncio.Event().wait()

    async with serving(slow, pace=(0.0,)) as stage:
        await ws.command("ana", "mailops", "/echo")
        await ws.wait_for(lambda: stage.seen(user="bruno"))
        await stage.bot.dispatcher.drain(0)
    [message] = stage.seen(user="bruno")
    assert "cut short" in message.text


async def test_a_progress_on_its_way_is_waited_for(serving, ws):
    async def slow(_request, _services):
        yield Progress("Checking")
        await asyncio.Event().wait()

    async with serving(slow, pace=(0.0,)) as stage:
        gate = ws.hold("response_url")
        await ws.command("ana", "mailops", "/echo")
        await asked(ws, "response_url")
        draining = asyncio.ensure_future(stage.bot.dispatcher.drain(0))
        await asyncio.sleep(0)
        gate.set()
        await draining
    assert [message.text[:8] for message in stage.seen()] == ["Checking", ":warning"]


async def test_a_new_request_while_draining_is_served(serving, ws):
    gate = asyncio.Event()

    async def slow(request, _services):
        if request.text == "slow":
            await gate.wait()
        yield Reply(f"done {request.text}")

    async with serving(slow) as stage:
        await ws.command("ana", "mailops", "/echo slow")
        draining = asyncio.ensure_future(stage.bot.dispatcher.drain(5))
        await ws.command("ana", "mailops", "/echo quick")
        gate.set()
        await draining
    assert sorted(message.text for message in stage.seen()) == ["done quick", "done slow"]


async def test_who_waits_for_a_progress_to_arrive_is_told_too(serving, ws):
    async def quick(_request, _services):
        yield Progress("Checking")
        await asked(ws, "response_url")
        yield Reply("never seen")

    async with serving(quick, pace=(0.0,)) as stage:
        gate = ws.hold("response_url")
        await ws.command("ana", "mailops", "/echo")
        await asked(ws, "response_url")
        draining = asyncio.ensure_future(stage.bot.dispatcher.drain(0))
        for _ in range(10):
            await asyncio.sleep(0)
        gate.set()
        await draining
    assert [message.text[:8] for message in stage.seen()] == ["Checking", ":warning"]
