"""What Slack says of tokens, scopes, app and clock, from the strict local workspace."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.workspace.oddities import Raw
from bot.demo.workspace.workspace import Workspace
from bot.doctor.checks import slack_app
from bot.doctor.checks.slack_app import AuthTest, compared
from bot.doctor.result.codes import Code
from bot.doctor.view import says, todo
from bot.settings import Settings
from bot.slack.client.session import slack_session
from bot.slack.client.web_client import make_client
from bot.slack.manifest import BOT_SCOPES, OPTIONAL_SCOPES, manifest
from bot.slack.scopes import COSTS

ALL = [*BOT_SCOPES, *OPTIONAL_SCOPES]


@pytest.fixture
async def ws():
    async with Workspace(scopes=ALL) as workspace:
        yield workspace


@asynccontextmanager
async def asking(ws, *, ahead=0.0, **more):
    """Settings, client and auth.test of an installation in this workspace; `ahead` is our clock's error in seconds."""
    settings = replace(Settings(bot_token=ws.bot_token, app_token=ws.app_token, api_url=ws.api_url), **more)
    async with slack_session(settings.api_url) as session:
        client = make_client(settings, session)
        client.retry_handlers = []
        yield settings, client, AuthTest(client, lambda: datetime.now(UTC) + timedelta(seconds=ahead))


def codes(found):
    return [one.code for one in found]


async def test_a_token_that_slack_takes_is_told_with_its_team(ws):
    async with asking(ws) as (settings, _, asked):
        [found] = await slack_app.bot_token(settings.bot_token, asked, settings.api_url)
    assert (found.code, found.params) == (Code.TOKEN_FINE, {"user": "portero", "team": "mailops"})


async def test_slack_is_asked_once_for_all_who_want_to_know(ws):
    async with asking(ws) as (settings, _, asked):
        await slack_app.bot_token(settings.bot_token, asked, settings.api_url)
        await slack_app.scopes(asked, BOT_SCOPES, OPTIONAL_SCOPES)
        await slack_app.clock(asked)
    assert len(ws.calls("auth.test")) == 1


async def test_what_slack_refuses_is_told_in_its_line_and_nowhere_else(ws, tmp_path):
    values = {"SLACK_API_URL": ws.api_url, "SLACK_BOT_TOKEN": "xoxb-none", "PORTERO_DATABASE": str(tmp_path / "it.db")}
    values |= {"PORTERO_NAMESERVERS": "127.0.0.1:9", "PORTERO_CONTROL_HOSTS": "127.0.0.1", "PORTERO_PORT": "0"}
    doctor = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", env=values, stdout=PIPE, stderr=PIPE
    )
    out, err = await doctor.communicate()
    assert b"Slack refuses SLACK_BOT_TOKEN (invalid_auth)." in out
    assert err == b""


async def test_without_a_token_slack_is_not_asked(ws):
    async with asking(ws, bot_token="") as (_, _, asked):
        assert codes(await slack_app.bot_token("", asked, ws.api_url)) == [Code.TOKEN_NONE]
    assert ws.log == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("invalid_auth", Code.TOKEN_REFUSED),
        ("token_revoked", Code.TOKEN_REFUSED),
        ("account_inactive", Code.TOKEN_REFUSED),
        ("not_allowed_token_type", Code.TOKEN_REFUSED),
        ("internal_error", Code.SLACK_TROUBLE),
        ("ratelimited", Code.SLACK_TROUBLE),
    ],
)
async def test_what_slack_says_of_a_token_is_told_by_its_code(ws, error, code):
    ws.fail("auth.test", error, times=9)
    async with asking(ws) as (settings, _, asked):
        [found] = await slack_app.bot_token(settings.bot_token, asked, settings.api_url)
    assert (found.code, found.params["code"]) == (code, error)
    assert ws.bot_token not in says(found) + todo(found)


async def test_a_server_that_is_not_slack_is_told(ws):
    ws.answer_oddly("auth.test", Raw(b"<html>a proxy</html>", 502, "text/html"), times=9)
    async with asking(ws) as (settings, _, asked):
        assert codes(await slack_app.bot_token(settings.bot_token, asked, settings.api_url)) == [Code.NOT_SLACK]


async def test_a_slack_that_is_out_of_reach_is_told(ws):
    async with asking(ws, api_url="http://127.0.0.1:9/api/") as (settings, _, asked):
        [found] = await slack_app.bot_token(settings.bot_token, asked, settings.api_url)
    assert (found.code, found.params["place"]) == (Code.SLACK_UNREACHABLE, "http://127.0.0.1:9/api/")


async def test_a_token_that_is_no_bots_is_told(ws):
    ws.state.bot_id = ""
    async with asking(ws) as (settings, _, asked):
        assert codes(await slack_app.bot_token(settings.bot_token, asked, settings.api_url)) == [Code.TOKEN_NO_BOT]


def test_each_scope_of_the_manifest_says_what_it_is_for():
    assert {*BOT_SCOPES, *OPTIONAL_SCOPES} <= COSTS.keys()


async def test_all_scopes_granted_is_one_line(ws):
    async with asking(ws) as (_, _, asked):
        [found] = await slack_app.scopes(asked, BOT_SCOPES, OPTIONAL_SCOPES)
    assert (found.code, found.params["count"]) == (Code.SCOPES_FINE, len(ALL))


@pytest.mark.parametrize("scope", ALL)
async def test_a_scope_that_is_missing_is_told_with_what_it_costs(scope):
    async with Workspace(scopes=[one for one in ALL if one != scope]) as ws, asking(ws) as (_, _, asked):
        [found] = await slack_app.scopes(asked, BOT_SCOPES, OPTIONAL_SCOPES)
    assert found.code is (Code.SCOPE_MISSING if scope in BOT_SCOPES else Code.SCOPE_DECLINED)
    assert found.params == {"scope": scope, "costs": COSTS[scope]}


async def test_an_answer_without_the_header_says_nothing_of_scopes(ws):
    ws.answer_oddly("auth.test", Raw(b'{"ok": true, "team_id": "T1", "bot_id": "B1"}'), times=9)
    async with asking(ws) as (_, _, asked):
        assert codes(await slack_app.scopes(asked, BOT_SCOPES, OPTIONAL_SCOPES)) == [Code.SCOPES_UNKNOWN]


async def test_the_app_token_is_tried_and_no_connection_is_opened(ws):
    async with asking(ws) as (settings, client, asked):
        assert codes(await slack_app.way_in(settings, asked, client)) == [Code.APP_TOKEN_FINE]
    assert ws.connections == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("missing_scope", Code.APP_TOKEN_SCOPE),
        ("invalid_auth", Code.APP_TOKEN_REFUSED),
        ("not_allowed_token_type", Code.APP_TOKEN_REFUSED),
        ("internal_error", Code.APP_TOKEN_UNKNOWN),
    ],
)
async def test_what_slack_says_of_the_app_token_is_told_apart(ws, error, code):
    ws.fail("apps.connections.open", error, times=9)
    async with asking(ws) as (settings, client, asked):
        assert codes(await slack_app.way_in(settings, asked, client)) == [code]


async def test_tokens_of_two_apps_are_told(ws):
    ws.state.app_id = "A0000000002"
    async with asking(ws) as (settings, client, asked):
        found = await slack_app.way_in(settings, asked, client)
    assert codes(found) == [Code.APP_TOKEN_FINE, Code.TOKENS_OF_TWO_APPS]
    assert found[1].params == {"app": "A0000000001", "other": "A0000000002"}


@pytest.mark.parametrize(
    ("secret", "code"),
    [("0123456789abcdef" * 2, Code.SIGNING_UNTOLD), ("0123456789abcdef", Code.SIGNING_ODD), ("", Code.WAY_IN_NONE)],
)
async def test_of_a_signing_secret_only_its_shape_can_be_seen(ws, secret, code):
    async with asking(ws, app_token="", signing_secret=secret) as (settings, client, asked):
        assert codes(await slack_app.way_in(settings, asked, client)) == [code]


@pytest.mark.parametrize(
    ("ahead", "code", "side"),
    [
        (0, Code.CLOCK_FINE, None),
        (30, Code.CLOCK_OFF, "ahead"),
        (-30, Code.CLOCK_OFF, "behind"),
        (3600, Code.CLOCK_BAD, "ahead"),
        (-400, Code.CLOCK_BAD, "behind"),
    ],
)
async def test_our_clock_is_held_against_slacks(ws, ahead, code, side):
    async with asking(ws, ahead=ahead) as (_, _, asked):
        [found] = await slack_app.clock(asked)
    assert found.code is code
    assert side in {None, found.params["side"]}


async def test_a_slack_that_does_not_answer_says_nothing_of_the_clock(ws):
    async with asking(ws, api_url="http://127.0.0.1:9/api/") as (_, _, asked):
        assert codes(await slack_app.clock(asked)) == [Code.CLOCK_UNKNOWN]
        assert codes(await slack_app.scopes(asked, BOT_SCOPES, OPTIONAL_SCOPES)) == [Code.SCOPES_UNKNOWN]


async def test_without_a_configuration_token_slack_does_not_tell_an_apps_commands(ws):
    async with asking(ws) as (settings, client, asked):
        assert codes(await slack_app.manifest_set(settings, client, manifest(), asked)) == [Code.MANIFEST_UNTOLD]


async def test_with_one_the_apps_manifest_is_compared_with_ours(ws):
    ws.state.manifest = manifest()
    async with asking(ws, config_token=ws.state.config_token) as (settings, client, asked):
        assert codes(await slack_app.manifest_set(settings, client, manifest(), asked)) == [Code.MANIFEST_FINE]
        ws.state.manifest["features"]["slash_commands"][0]["command"] = "/older"
        found = await slack_app.manifest_set(settings, client, manifest(), asked)
    first = manifest()["features"]["slash_commands"][0]["command"]
    assert [(one.code, one.params) for one in found] == [
        (Code.MANIFEST_LACKS, {"what": "commands", "names": first}),
        (Code.MANIFEST_STRANGE, {"names": "/older"}),
    ]


async def test_in_http_mode_slack_is_asked_which_app_the_bot_is_of(ws):
    ws.state.manifest = manifest()
    async with asking(ws, app_token="", config_token=ws.state.config_token) as (settings, client, asked):
        assert codes(await slack_app.manifest_set(settings, client, manifest(), asked)) == [Code.MANIFEST_FINE]


async def test_a_configuration_token_that_has_ended_says_so(ws):
    async with asking(ws, config_token="xoxe.xoxp-1-old") as (settings, client, asked):
        [found] = await slack_app.manifest_set(settings, client, manifest(), asked)
    assert (found.code, found.params["code"]) == (Code.MANIFEST_REFUSED, "invalid_auth")
    assert "old" not in says(found)


@pytest.mark.parametrize("theirs", [{}, {"features": None}, {"features": {"slash_commands": 5}, "settings": []}])
def test_a_manifest_of_an_odd_shape_lacks_everything(theirs):
    assert {one.code for one in compared(manifest(), theirs)} == {Code.MANIFEST_LACKS}
