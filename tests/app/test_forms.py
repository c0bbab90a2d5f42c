import asyncio

from commands.blocks import file_input, text_input
from commands.contract import FormErrors, Modal, Reply

from .test_modals import WINDOW

FORM = Modal("Ask", [text_input("host", "Host"), file_input("config", "File")], "Check", "ask", "kept-1")


async def opening(_request, _services):
    yield FORM


async def answer(request, _services):
    if request.form["host"] == "nowhere":
        yield FormErrors({"host": "There is no such host."})
    else:
        names = [file.name for file in request.attachments]
        yield Reply(f"{request.form['host']} {request.private} {names}")


def asking(form=answer):
    return {"handle": opening, "wants_modal": lambda _text: False, "forms": {"ask": form}}


async def filled_in(stage, ws, values):
    await stage.type("/echo")
    done = await ws.submit(ws.view_of("ana"), values)
    await stage.bot.dispatcher.idle()
    return done


async def test_a_form_is_answered_in_the_channel_it_was_opened_from(serving, ws):
    async with serving(**asking()) as stage:
        done = await filled_in(stage, ws, {"host": "mail.example.com"})
    assert (done.error, done.errors) == ("", {})
    assert stage.last().text == "mail.example.com kept-1 []"
    assert stage.last().ephemeral_to == ws.user("ana").id


async def test_errors_come_with_the_ack_and_the_form_can_be_sent_again(serving, ws):
    async with serving(**asking()) as stage:
        wrong = await filled_in(stage, ws, {"host": "nowhere"})
        assert wrong.errors == {"host": "There is no such host."}
        assert stage.seen() == []
        right = await ws.submit(ws.view_of("ana"), {"host": "mail.example.com"})
        await stage.bot.dispatcher.idle()
    assert right.errors == {}
    assert stage.last().text.startswith("mail.example.com")


async def test_what_was_probably_meant_stands_in_the_field_then(serving, ws):
    form = Modal("Ask", [text_input("host", "Host"), text_input("why", "Why", optional=True)], "Check", "ask", "kept-1")

    async def opens(_request, _services):
        yield form

    async def check(request, _services):
        host = request.form["host"]
        if host.endswith(".example"):
            yield Reply(f"{host} because {request.form['why']} {request.private}")
        else:
            meant = {"host": f"{host}.example"} if host != "?" else {}
            yield FormErrors({"host": "<Not> full."}, meant)

    async with serving(handle=opens, wants_modal=lambda _text: False, forms={"ask": check}) as stage:
        await stage.type("/echo")
        for typed, meant in (("a", "a.example"), ("b", "b.example")):
            done = await ws.submit(ws.view_of("ana"), {"host": typed, "why": "so"})
            note, field, other = ws.view_of("ana").blocks
            assert (done.error, done.errors) == ("", {})
            said = ":grey_exclamation: &lt;Not&gt; full. It is in the field now: press *Check*."
            assert note["elements"][0]["text"] == said
            assert [one["element"]["initial_value"] for one in (field, other)] == [meant, "so"]
        wrong = await ws.submit(ws.view_of("ana"), {"host": "?"})
        assert wrong.errors == {ws.view_of("ana").blocks[1]["block_id"]: "<Not> full."}
        await ws.submit(ws.view_of("ana"), {"host": "b.example"})
        await stage.bot.dispatcher.idle()
    assert stage.last().text == "b.example because so kept-1"


async def test_a_repeated_form_is_handled_once(serving, ws):
    async with serving(**asking()) as stage:
        done = await filled_in(stage, ws, {"host": "mail.example.com"})
        await ws.deliver("interactive", done.payload)
        await stage.bot.dispatcher.idle()
    assert len(stage.seen()) == 1


async def test_a_slow_form_is_acknowledged_in_time_and_its_errors_follow(serving, ws):
    gate = asyncio.Event()

    async def slow(_request, _services):
        await gate.wait()
        yield FormErrors({"host": "Nobody <there>."})

    async with serving(**asking(slow)) as stage:
        stage.bot.dispatcher.form_ack_seconds = 0.0
        await stage.type("/echo")
        done = await ws.submit(ws.view_of("ana"), {"host": "x"})
        assert (done.error, done.errors, ws.view_of("ana")) == ("", {}, None)
        gate.set()
        await stage.bot.dispatcher.idle()
    assert stage.last().text == ":grey_exclamation: Nobody &lt;there&gt;."


async def test_a_bug_in_a_form_is_acknowledged_and_told(serving, ws, caplog):
    async def broken(_request, _services):
        raise KeyError("x")
        yield

    async with serving(**asking(broken)) as stage:
        done = await filled_in(stage, ws, {"host": "x"})
    assert done.error == ""
    assert "request id" in stage.last().text


async def test_a_form_may_lead_to_another_dialogue(serving, ws):
    async def next_one(_request, _services):
        yield WINDOW

    async with serving(**asking(next_one)) as stage:
        await filled_in(stage, ws, {"host": "x"})
    assert "the *details*" in str(ws.view_of("ana").blocks)


async def test_a_form_of_an_older_version_is_acknowledged(serving, ws):
    async with serving(**{**asking(), "forms": {}}) as stage:
        done = await filled_in(stage, ws, {"host": "x"})
    assert done.error == ""
    assert stage.seen() == []


async def test_a_form_opened_where_the_bot_is_no_member_is_answered_directly(serving, ws):
    async with serving(**asking()) as stage:
        await stage.type("/echo", channel="board")
        await ws.submit(ws.view_of("ana"), {"host": "x"})
        await stage.bot.dispatcher.idle()
    assert ws.messages(ws.dm("ana"))[-1].text == "x kept-1 []"
