import asyncio

from bot.demo.workspace.workspace import Workspace
from commands.contract import Action, Reply

from .stage import bot_on, echo, fake


async def test_the_ack_does_not_wait_for_any_work(serving, ws):
    begun = asyncio.Event()

    async def endless(_request, _services):
        begun.set()
        await asyncio.Event().wait()
        yield Reply("never")

    async with serving(endless) as stage:
        done = await ws.command("ana", "mailops", "/echo")
        assert (done.error, done.ack) == ("", {})
        assert done.ack_ms < 1000
        await begun.wait()
        await stage.bot.dispatcher.drain(0)


async def test_a_repeated_command_is_handled_once(serving, ws):
    async with serving() as stage:
        done = await stage.type("/echo hello")
        for _ in range(2):
            again = await ws.deliver("slash_commands", done.payload)
            assert again.error == ""
        await stage.bot.dispatcher.idle()
    assert len(stage.seen()) == 1


async def test_a_repeated_button_is_handled_once(serving, ws):
    async with serving(button_bearer, actions={"go": Action(echo, modal=True)}) as stage:
        await stage.type("/echo")
        done = await stage.press("echo.go")
        await ws.deliver("interactive", done.payload)
        await stage.bot.dispatcher.idle()
    assert len(ws.calls("views.open")) == 1
    assert len(stage.seen()) == 1


async def test_a_second_process_on_the_same_database_leaves_it_to_the_first(serving, ws, services):
    async with serving() as stage:
        done = await stage.type("/echo hello")
    async with bot_on(ws, services, commands=(fake(echo),)) as second:
        await ws.deliver("slash_commands", done.payload)
        await second.bot.dispatcher.idle()
    assert len(stage.seen()) == 1


async def test_without_a_database_memory_decides(serving, ws, services):
    async with serving() as stage:
        await services.history.close()
        done = await stage.type("/echo hello")
        await ws.deliver("slash_commands", done.payload)
        await stage.bot.dispatcher.idle()
    assert [message.text for message in stage.seen()] == ["echo hello"]


async def test_two_people_may_say_the_same(serving):
    async with serving() as stage:
        await stage.type("/echo hello")
        await stage.type("/echo hello", user="bruno")
        assert len(stage.ws.messages("mailops")) == 2


async def test_two_workspaces_of_one_process_do_not_mix(services):
    async with Workspace() as one, Workspace() as two, bot_on(one, services, commands=(fake(echo),)) as first:
        async with bot_on(two, services, commands=(fake(echo),)) as second:
            await first.type("/echo 1")
            await second.type("/echo 2")
        assert [first.last().text, second.last().text] == ["echo 1", "echo 2"]


async def button_bearer(_request, _services):
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "echo.go", "value": "7"}
    yield Reply("press", [{"type": "actions", "elements": [button]}])
