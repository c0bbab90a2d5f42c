"""The pitfalls of Bolt and of Slack's SDK that the bot works around, each as it would show."""

import asyncio
import logging

import aiohttp
import pytest
from prometheus_client import REGISTRY
from slack_sdk.errors import SlackApiError

from commands.contract import Reply

from .stage import bot_on, echo, fake

PASTED = "password hunter2"


async def test_a_spent_socket_mode_ticket_is_taken_away(serving, ws, caplog):
    async with serving(watch=0.1) as stage:
        ws.refuse_upgrades()
        await ws.drop_sockets()
        await ws.wait_for(lambda: ws.connections == 1, timeout=10)
        await stage.type("/echo hello")
        assert stage.last().text == "echo hello"
    assert ws.sockets.refused >= 1


async def test_also_when_the_very_first_upgrade_is_refused(serving, ws, caplog):
    ws.refuse_upgrades()
    async with serving(watch=0.1) as stage:
        await stage.type("/echo hello")
        assert stage.last().text == "echo hello"
    assert "asking for a new ticket" in caplog.text


async def test_a_wrong_app_token_ends_the_start_instead_of_being_tried_for_ever(serving, ws):
    ws.fail("apps.connections.open", "invalid_auth", times=99)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        async with serving():
            pass


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
async def test_the_body_of_a_badly_signed_request_is_not_logged(serving, ws, caplog, level):
    caplog.set_level(level, logger="slack_bolt.RequestVerification")
    async with serving(mode="http"):
        caplog.set_level(level, logger="slack_bolt.RequestVerification")
        forged = ws.http.signed("slash_commands", {"command": "/echo", "text": PASTED}, secret="guess")
        assert (await ws.http.send(forged))[0] == 401
    assert "its signature is wrong or stale" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_is_typed_is_not_logged_at_info(serving, ws, caplog, mode):
    caplog.set_level(logging.INFO)
    async with serving(mode=mode) as stage:
        await stage.type(f"/echo {PASTED}")
        await ws.event("message", text=PASTED)
    assert "hunter2" not in caplog.text


async def test_a_failed_response_url_is_noticed(serving, ws, caplog):
    async with serving() as stage:
        ws.fail("response_url", "expired_url", status=404)
        await stage.type("/echo hello")
    assert "response_url answered 404" in caplog.text
    assert stage.last().text == "echo hello"


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_nobody_listens_to_is_answered_200(serving, ws, mode):
    async with serving(mode=mode) as stage:
        done = [
            await ws.event("team_join"),
            await ws.event("message", subtype="message_changed", text="x"),
            await ws.command("ana", "mailops", "/unknown"),
            await ws.shortcut("unknown", "ana"),
            await ws.shortcut("unknown", "ana", ws.say("ana", "mailops", "hello")),
            await ws.open_home("ana"),
        ]
        await stage.bot.dispatcher.idle()
    assert [one.error for one in done] == [""] * 6


async def test_a_button_that_no_command_has_is_acknowledged(serving, ws):
    async def old(_request, _services):
        element = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}
        buttons = [{**element, "action_id": action} for action in ("gone.away", "echo.gone", "nonsense")]
        yield Reply("press", [{"type": "actions", "elements": buttons}])

    async with serving(old) as stage:
        await stage.type("/echo")
        done = [await stage.press(action) for action in ("gone.away", "echo.gone", "nonsense")]
    assert [one.error for one in done] == [""] * 3


async def test_fifty_first_commands_at_once_ask_auth_test_no_more(serving, ws):
    async with serving() as stage:
        before = len(ws.calls("auth.test"))
        people = [ws.add_user(f"user{number}") for number in range(50)]
        ws.channel("mailops").members.update(person.id for person in people)
        done = await asyncio.gather(*(ws.command(person, "mailops", "/echo") for person in people))
        await stage.bot.dispatcher.idle()
        after = len(ws.calls("auth.test"))
    assert [one.error for one in done] == [""] * 50
    assert before <= 2
    assert after == before
    assert len(ws.messages("mailops")) == 50


async def test_one_session_serves_every_request(ws, services, monkeypatch):
    made = []
    make = aiohttp.ClientSession.__init__

    def counted(self, *args, **options):
        made.append(self)
        make(self, *args, **options)

    monkeypatch.setattr(aiohttp.ClientSession, "__init__", counted)
    async with bot_on(ws, services, commands=(fake(echo),)) as stage:
        started = len(made)
        assert all(session._middlewares for session in made if not session.closed)  # each knows where it may go
        for number in range(5):
            await stage.type(f"/echo {number}")
    assert started == 3  # the bot's own, the one for the socket, and that which the SDK made and which was closed
    assert len(made) == started
    assert all(session.closed for session in made)


async def test_a_bug_is_counted(serving, caplog):
    async def broken(_request, _services):
        raise KeyError("x")
        yield

    before = REGISTRY.get_sample_value("portero_request_failures_total")
    async with serving(broken) as stage:
        await stage.type("/echo")
    assert REGISTRY.get_sample_value("portero_request_failures_total") == before + 1
