"""A token that Slack takes back: why is said, counted and shown to whoever asks whether the bot is ready."""

import asyncio

import pytest
from aiohttp import ClientSession
from prometheus_client import REGISTRY

from bot.slack.access.access import INSTALL, REFUSED
from bot.slack.client import tokens
from bot.slack.client.tokens import NAMED, REFUSALS, Token, Tokens, counted

from .process import PATIENCE
from .stage import asked


async def ready(stage):
    async with ClientSession() as session, session.get(stage.bot.url + "/readyz") as answer:
        return answer.status, await answer.json()


def metric(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


async def test_whoever_asks_hears_why_nothing_is_done(serving, ws):
    async with serving() as stage:
        ws.revoke()
        await stage.type("/echo hello")
    assert REFUSED in stage.last().text
    assert INSTALL in stage.last().text


@pytest.mark.parametrize("code", sorted(REFUSALS))
async def test_the_bot_is_not_ready_and_says_why_while_its_token_is_refused(serving, ws, code):
    async with serving() as stage:
        assert await ready(stage) == (200, {"ready": True})
        ws.revoke(code)
        await stage.type("/echo hello")
        assert await ready(stage) == (503, {"ready": False, "slack": code})


async def test_it_is_logged_once_with_the_code_and_counted(serving, ws, caplog):
    before = metric("portero_slack_errors_total", method="users.info", error="token_revoked")
    async with serving() as stage:
        ws.revoke()
        await stage.type("/echo hello")
        await stage.type("/echo hello", user="bruno")
        assert metric("portero_slack_token_refused", token="bot") == 1
    lines = [record for record in caplog.records if "SLACK_BOT_TOKEN (token_revoked)" in record.getMessage()]
    assert [record.levelname for record in lines] == ["ERROR"]
    assert metric("portero_slack_errors_total", method="users.info", error="token_revoked") >= before + 2


async def test_an_app_that_is_removed_is_found_out_before_anybody_asks(serving, ws):
    async with serving() as stage:
        ws.revoke("account_inactive")
        await ws.event("app_uninstalled")
        await stage.bot.dispatcher.idle()
        assert await ready(stage) == (503, {"ready": False, "slack": "account_inactive"})


async def test_that_slack_takes_it_again_is_found_out_without_anybody_asking(serving, ws, monkeypatch, caplog):
    caplog.set_level("WARNING")
    monkeypatch.setattr(tokens, "ASK_AGAIN_SECONDS", 0.01)
    async with serving() as stage:
        ws.revoke()
        await stage.type("/echo hello")
        asked_before = len(ws.calls("auth.test"))
        ws.revoke("")
        async with asyncio.timeout(10):
            while (await ready(stage))[0] != 200:
                await asked(ws, "auth.test")
        assert len(ws.calls("auth.test")) > asked_before
    assert "takes SLACK_BOT_TOKEN again" in caplog.text
    assert metric("portero_slack_token_refused", token="bot") == 0


async def test_nobody_is_asked_while_the_token_is_taken(serving, ws, monkeypatch):
    monkeypatch.setattr(tokens, "ASK_AGAIN_SECONDS", 0.0)
    async with serving() as stage:
        await stage.type("/echo hello")
        once = len(ws.calls("auth.test"))
        await stage.type("/echo hello", user="bruno")
        assert len(ws.calls("auth.test")) == once


async def test_an_app_token_that_is_taken_back_is_named_too(serving, ws, caplog):
    async with serving(watch=0.1) as stage:
        ws.fail("apps.connections.open", "invalid_auth", times=2)
        await ws.drop_sockets()
        await ws.wait_for(lambda: ws.calls("apps.connections.open")[-1].error, timeout=PATIENCE)
        assert await ready(stage) == (503, {"ready": False, "slack": "invalid_auth"})
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
        assert await ready(stage) == (200, {"ready": True})
    assert "SLACK_APP_TOKEN (invalid_auth)" in caplog.text


def test_what_is_said_of_one_token_says_nothing_of_the_other():
    both = Tokens()
    both.heard("apps.connections.open", "invalid_auth")
    assert (both.bot.refused, both.app.refused) == ("", "invalid_auth")
    both.heard("auth.test", "")
    both.heard("blocks.validate", "")
    assert both.refused == "invalid_auth"
    both.heard("apps.connections.open", "")
    assert both.refused == ""


def test_another_error_is_no_refusal():
    token = Token("bot")
    for code in ("ratelimited", "not_in_channel", "unnamed", "HTTP 502"):
        token.heard(code)
    assert token.refused == ""


def test_words_without_end_are_counted_as_one():
    for word in ("sprocket_1", "sprocket_2"):
        before = metric("portero_slack_errors_total", method="auth.test", error="other")
        counted("auth.test", word)
        assert metric("portero_slack_errors_total", method="auth.test", error="other") == before + 1
        assert word not in NAMED
