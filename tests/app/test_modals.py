import asyncio

from commands.blocks import actions, button, section, table
from commands.contract import Action, Modal, Reply, UserError

WINDOW = Modal("Details", [section("the *details*")])


async def bearer(_request, _services):
    yield Reply("press", [actions(button("Go", "echo.go", "7"))])


async def window(_request, _services):
    yield WINDOW


def going(handle, *, modal=True):
    return {"handle": bearer, "actions": {"go": Action(handle, modal=modal)}}


async def test_a_dialogue_says_loading_before_the_work_begins(serving, ws):
    gate = asyncio.Event()

    async def slow(_request, _services):
        await gate.wait()
        yield WINDOW

    async with serving(**going(slow)) as stage:
        await stage.type("/echo")
        await ws.click(stage.last(), "echo.go", user="ana")
        view = await ws.wait_for(lambda: ws.view_of("ana"))
        assert "Loading" in str(view.blocks)
        ws.clock.advance(60)
        gate.set()
        await stage.bot.dispatcher.idle()
        assert "the *details*" in str(ws.view_of("ana").blocks)


async def test_a_command_may_open_a_dialogue(serving, ws):
    async with serving(window, wants_modal=lambda text: not text) as stage:
        await stage.type("/echo")
    assert "the *details*" in str(ws.view_of("ana").blocks)


async def test_an_expired_trigger_is_told_to_the_asker(serving, ws):
    async with serving(**going(window)) as stage:
        await stage.type("/echo")
        ws.fail("views.open", "expired_trigger_id")
        await stage.press("echo.go")
    assert "Please try again" in stage.last().text
    assert stage.last().ephemeral_to


async def test_also_when_the_handler_itself_was_too_slow(serving, ws):
    async def dawdling(_request, _services):
        ws.clock.advance(4)
        yield WINDOW

    async with serving(**going(dawdling, modal=False)) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert "Please try again" in stage.last().text


async def test_errors_are_shown_in_the_dialogue(serving, ws):
    async def picky(_request, _services):
        raise UserError("That is gone.", "Run it again.")
        yield

    async with serving(**going(picky)) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert "That is gone." in str(ws.view_of("ana").blocks)
    assert len(stage.seen()) == 1


async def test_a_bug_is_shown_in_the_dialogue_with_its_id(serving, ws, caplog):
    async def broken(_request, _services):
        raise KeyError("x")
        yield

    async with serving(**going(broken)) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert "request id" in str(ws.view_of("ana").blocks)


async def test_a_dialogue_that_slack_refuses_ends_in_words(serving, ws, caplog):
    async def wrong(_request, _services):
        yield Modal("Details", [table([("a", "b")])] * 3)

    async with serving(**going(wrong)) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert "request id" in str(ws.view_of("ana").blocks)


async def test_a_dialogue_that_was_closed_meanwhile_is_no_error(serving, ws, caplog):
    gate = asyncio.Event()

    async def slow(_request, _services):
        await gate.wait()
        yield WINDOW

    async with serving(**going(slow)) as stage:
        await stage.type("/echo")
        await ws.click(stage.last(), "echo.go", user="ana")
        await ws.close(await ws.wait_for(lambda: ws.view_of("ana")))
        gate.set()
        await stage.bot.dispatcher.idle()
    assert [call.error for call in ws.calls("views.update")] == ["not_found"]
    assert "failed" not in caplog.text


async def test_nothing_in_a_dialogue_mentions_the_channel(serving, ws):
    async def loud(_request, _services):
        yield Modal("x" * 60, [section("<!channel> hello")])

    async with serving(**going(loud)) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    view = ws.view_of("ana")
    assert "<!channel>" not in str(view.blocks)
    assert len(view.body["title"]["text"]) == 24
