"""A sample of every view, made by the commands themselves, and whether Slack would take it."""

import pytest

from bot.demo.workspace import blockkit
from bot.demo.workspace.workspace import Workspace
from bot.doctor.checks.views import views_taken
from bot.doctor.result.codes import Code
from bot.doctor.sample.samples import Sample, samples
from bot.doctor.view import says
from bot.registry import COMMANDS

from .test_slack import asking, codes

LONG = Sample("a long one", "blocks", [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}])
FINE = Sample("a fine one", "blocks", [{"type": "divider"}])


@pytest.fixture
async def ws():
    async with Workspace() as workspace:
        yield workspace


async def test_every_command_and_home_have_samples_that_slack_would_take():
    made = await samples()
    told = {name for one in made for name in (one.name.split()[0].lstrip("/").partition(".")[0],)}
    assert told == {command.name for command in COMMANDS} | {"Home"}
    assert {one.kind for one in made} == {"blocks", "view"}
    for one in made:
        problems = blockkit.view_problems(one.value) if one.kind == "view" else blockkit.problems(one.value, "message")
        assert problems == [], one.name


async def test_a_sample_of_a_check_shows_a_real_one():
    [shown] = [one for one in await samples() if one.name == "/smtpcheck mail.lab.example"]
    assert "table" in {block["type"] for block in shown.value}


async def test_slack_is_asked_about_each_without_more_than_the_view(ws):
    async with asking(ws) as (_, client, _):
        [found] = await views_taken(client, samples)
    calls = ws.calls("blocks.validate")
    assert (found.code, found.params["count"]) == (Code.VIEWS_FINE, len(calls))
    assert all(call.args.keys() in ({"blocks"}, {"view"}) for call in calls)


async def made(*given):
    return given


async def test_what_slack_refuses_is_named_with_the_place(ws):
    async with asking(ws) as (_, client, _):
        [found] = await views_taken(client, lambda: made(FINE, LONG))
    assert found.code is Code.VIEW_REFUSED
    assert found.params["pointer"] == "/blocks/0/text/text"
    assert "a long one" in says(found)


@pytest.mark.parametrize("error", ["unknown_method", "ratelimited", "internal_error"])
async def test_a_slack_that_does_not_tell_ends_it_and_says_nothing_of_the_views(ws, error):
    ws.fail("blocks.validate", error)
    async with asking(ws) as (_, client, _):
        found = await views_taken(client, lambda: made(FINE, LONG))
    assert [(one.code, one.params) for one in found] == [(Code.VIEWS_UNTOLD, {"code": error})]
    assert len(ws.calls("blocks.validate")) == 1


async def test_a_slack_out_of_reach_says_nothing_of_the_views(ws):
    async with asking(ws, api_url="http://127.0.0.1:9/api/") as (_, client, _):
        assert codes(await views_taken(client, lambda: made(FINE))) == [Code.VIEWS_UNTOLD]


async def test_it_needs_no_token(ws):
    async with asking(ws, bot_token="") as (_, client, _):
        assert codes(await views_taken(client, lambda: made(FINE))) == [Code.VIEWS_FINE]
