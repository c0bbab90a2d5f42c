import pytest

from bot.demo.workspace.model import FileUpload, Impossible

from .conftest import modal, plain, text_input


async def test_a_modal_is_opened_filled_in_and_submitted(ws, socket_app, opens):
    seen = {}

    @socket_app.view("check")
    async def check(ack, view, body):
        seen.update(view)
        await ack()

    options = [{"text": plain("587"), "value": "587"}]
    menu = {"type": "static_select", "action_id": "port", "options": options, "initial_option": options[0]}
    port = {"type": "input", "block_id": "port", "label": plain("Port"), "element": menu}
    view = await opens(modal(text_input("host"), port, callback_id="check", private_metadata="id-1"))
    done = await ws.submit(view, {"host": "mail.example.com"})

    assert (done.error, done.errors) == ("", {})
    assert seen["state"]["values"]["host"]["host"] == {"type": "plain_text_input", "value": "mail.example.com"}
    assert seen["state"]["values"]["port"]["port"]["selected_option"]["value"] == "587"
    assert seen["private_metadata"] == "id-1"
    assert ws.view_of("ana") is None


async def test_errors_of_the_app_keep_the_modal_open(ws, socket_app, opens):
    @socket_app.view("check")
    async def check(ack):
        await ack(response_action="errors", errors={"host": "no such host"})

    view = await opens(modal(text_input("host"), callback_id="check"))
    done = await ws.submit(view, {"host": "nowhere"})
    assert done.errors == {"host": "no such host"}
    assert ws.view_of("ana") is view


async def test_errors_for_anything_but_inputs_are_trouble(ws, socket_app, opens):
    @socket_app.view("check")
    async def check(ack):
        await ack(response_action="errors", errors={"nothing": "no"})

    view = await opens(modal(text_input("host"), callback_id="check"))
    done = await ws.submit(view, {"host": "x"})
    assert done.error == "invalid_arguments"
    assert done.shown == "We had some trouble connecting. Try again?"


async def test_the_client_refuses_empty_required_fields_by_itself(ws, opens):
    view = await opens(modal(text_input("host"), text_input("note", max_length=3), callback_id="check"))
    done = await ws.submit(view, {"note": "long"})
    assert done.attempts == 0
    assert set(done.errors) == {"host", "note"}


async def test_a_file_arrives_as_an_address_that_the_token_opens(ws, session, socket_app, opens):
    seen = {}

    @socket_app.view("paste")
    async def paste(ack, view):
        seen.update(view["state"]["values"]["config"]["config"]["files"][0])
        await ack()

    element = {"type": "file_input", "action_id": "config", "filetypes": ["txt"], "max_files": 1}
    block = {"type": "input", "block_id": "config", "label": plain("File"), "element": element}
    view = await opens(modal(block, callback_id="paste"))
    await ws.submit(view, {"config": FileUpload("pmta.txt", b"smtp-port 25")})

    async with session.get(seen["url_private_download"], headers={"Authorization": f"Bearer {ws.bot_token}"}) as got:
        assert await got.read() == b"smtp-port 25"
    async with session.get(seen["url_private_download"]) as got:
        assert (got.status, got.content_type) == (200, "text/html")


async def test_a_file_of_another_kind_cannot_be_chosen(ws, opens):
    element = {"type": "file_input", "action_id": "config", "filetypes": ["txt"]}
    block = {"type": "input", "block_id": "config", "label": plain("File"), "element": element}
    view = await opens(modal(block))
    with pytest.raises(Impossible, match="offers only"):
        await ws.submit(view, {"config": FileUpload("pmta.exe", b"x")})
