import asyncio

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.demo.workspace.model import Impossible
from bot.demo.workspace.workspace import Workspace

from .conftest import client_of, connected


async def test_a_slash_command_reaches_bolt_over_socket_mode_with_slacks_fields(ws, socket_app):
    seen = {}

    @socket_app.command("/smtpcheck")
    async def check(ack, command):
        seen.update(command)
        await ack()

    done = await ws.command("ana", "mailops", "/smtpcheck mail.example.com 25")

    assert done.error == ""
    assert done.ack_ms < 1000
    assert (seen["command"], seen["text"]) == ("/smtpcheck", "mail.example.com 25")
    assert seen["user_id"] == ws.user("ana").id
    assert seen["channel_name"] == "mailops"
    assert not {"locale", "thread_ts", "tz"} & set(seen)


async def test_a_slash_command_reaches_bolt_as_a_signed_request(ws, http_app):
    @http_app.command("/smtpcheck")
    async def check(ack, command):
        await ack(f"checking {command['text']}")

    done = await ws.command("ana", "mailops", "/smtpcheck mail.example.com")

    assert (done.status, done.ack) == (200, {"text": "checking mail.example.com"})
    (message,) = ws.messages("mailops", viewer="ana")
    assert message.text == "checking mail.example.com"
    assert ws.messages("mailops", viewer="bruno") == []


async def test_an_in_channel_ack_shows_everybody_what_was_typed(ws, socket_app):
    @socket_app.command("/smtpport")
    async def port(ack):
        await ack(response_type="in_channel", text="587")

    await ws.command("ana", "mailops", "/smtpport relay")

    assert [message.text for message in ws.messages("mailops", viewer="bruno")] == ["/smtpport relay", "587"]


async def test_a_command_nobody_listens_for_is_a_failed_dispatch_over_http(ws, http_app):
    done = await ws.command("ana", "mailops", "/nothing")
    assert (done.status, done.error) == (404, "dispatch_failed")
    assert done.shown == '/nothing failed with the error "dispatch_failed"'


async def test_a_command_nobody_listens_for_is_never_acknowledged_over_a_socket(session):
    async with Workspace(ack_seconds=0.1) as ws, connected(ws, AsyncApp(name="tests", client=client_of(ws, session))):
        done = await ws.command("ana", "mailops", "/nothing")
    assert done.error == "operation_timeout"


async def test_text_on_further_lines_belongs_to_the_command(ws, socket_app):
    texts = []

    @socket_app.command("/pmta")
    async def pmta(ack, command):
        texts.append(command["text"])
        await ack()

    await ws.command("ana", "mailops", "/pmta\n<domain gmail.com>\n</domain>")
    assert texts == ["<domain gmail.com>\n</domain>"]


async def test_an_ack_after_three_seconds_is_too_late(ws, socket_app):
    release = asyncio.Event()

    @socket_app.command("/slow")
    async def slow(ack):
        ws.clock.advance(3)
        await release.wait()
        await ack("late")

    done = await ws.command("ana", "mailops", "/slow")
    release.set()
    await ws.wait_for(lambda: ws.sockets.strays)

    assert (done.error, done.ack_ms, done.ack) == ("operation_timeout", None, {})
    assert ws.messages("mailops") == []


async def test_the_channel_name_of_direct_and_private_channels_is_generic(ws, socket_app):
    names = []

    @socket_app.command("/where")
    async def where(ack, command):
        names.append(command["channel_name"])
        await ack()

    await ws.command("ana", ws.dm("ana"), "/where")
    await ws.command("ana", "board", "/where")
    assert names == ["directmessage", "privategroup"]


async def test_nobody_can_type_where_they_are_not(ws):
    with pytest.raises(Impossible, match="cannot write"):
        await ws.command("bruno", "board", "/smtpcheck x")


async def test_an_ack_with_broken_blocks_is_an_error_for_the_user(ws, socket_app):
    @socket_app.command("/broken")
    async def broken(ack):
        await ack(text="x", blocks=[{"type": "section"}])

    done = await ws.command("ana", "mailops", "/broken")
    assert done.error == "invalid_blocks"
    assert "text or fields" in done.problems[0]
