import asyncio

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.oddities import End, Raw
from bot.demo.workspace.workspace import Workspace
from bot.settings import Settings
from bot.slack.access.people import ASK_AGAIN, KEPT_SECONDS, STALE_SECONDS, AnswerCache, People
from bot.slack.client.web_client import FAULTS, make_client


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def people(ws, clock):
    return People(AsyncWebClient(token=ws.bot_token, base_url=ws.api_url), clock)


async def test_slack_is_asked_once_for_many_who_wait(ws, people):
    await asyncio.gather(*(people.person(ws.user("ana").id) for _ in range(50)))
    assert len(ws.calls("users.info")) == 1


async def test_what_slack_said_is_asked_again_after_minutes(ws, people, clock):
    greta = ws.user("greta")
    assert (await people.person(greta.id)).guest
    greta.is_restricted = False
    assert (await people.person(greta.id)).guest
    clock.now += KEPT_SECONDS
    assert not (await people.person(greta.id)).guest


async def test_channels_are_public_ones_and_private_ones_that_the_bot_shares(ws, people):
    named = {ws.state.channels[each].name for each in await people.channels(ws.user("ana").id)}
    assert named == {"mailops", "general", "delivery"}


async def test_channels_of_many_pages_are_all_there(ws, people):
    for number in range(450):
        ws.add_channel(f"c{number}", ["bruno"])
    assert len(await people.channels(ws.user("bruno").id)) == 453


@pytest.mark.parametrize(("scopes", "names"), [(["channels:read"], {"mailops", "general"}), ([], set())])
async def test_a_missing_scope_hides_channels_and_is_no_failure(scopes, names, clock):
    async with Workspace(scopes=scopes) as ws:
        people = People(AsyncWebClient(token=ws.bot_token, base_url=ws.api_url), clock)
        assert {ws.state.channels[each].name for each in await people.channels(ws.user("ana").id)} == names


async def test_the_least_recently_asked_is_forgotten_and_a_failure_is_not_kept(clock):
    asked = []

    async def ask(key):
        asked.append(key)
        if key == "bad" and asked.count("bad") == 1:
            raise LookupError(key)
        return key.upper()

    kept = AnswerCache(ask, clock, seconds=10, most=2)
    assert [await kept.get(key) for key in "abacab"] == list("ABACAB")
    assert asked == ["a", "b", "c", "b"]
    with pytest.raises(LookupError):
        await kept.get("bad")
    assert await kept.get("bad") == "BAD"


OUTAGES = {
    "500": Raw(b'{"ok": false, "error": "fatal_error"}', 500),
    "200 with an error": Raw(b'{"ok": false, "error": "internal_error"}'),
    "revoked": Raw(b'{"ok": false, "error": "token_revoked"}'),
    "html": Raw(b"<p>", 503, "text/html"),
    "no json": Raw(b"<p>"),
    "bare": Raw(b'{"ok": true}'),
    "reset": Raw(end=End.RESET),
    "429": Raw(b"{}", 429, headers={"Retry-After": "3600"}),
}


@pytest.fixture
async def slack(ws):
    async with ClientSession() as session:
        yield make_client(Settings(bot_token=ws.bot_token, api_url=ws.api_url), session)


@pytest.mark.parametrize("name", OUTAGES)
async def test_who_was_known_within_a_day_is_known_while_slack_fails(ws, slack, clock, name):
    people = People(slack, clock)
    ana = ws.user("ana").id
    known = await people.person(ana)
    ws.answer_oddly("users.info", OUTAGES[name], times=99)
    clock.now += STALE_SECONDS - 1
    assert await people.person(ana) == known
    asked = len(ws.calls("users.info"))
    assert await people.person(ana) == known
    assert len(ws.calls("users.info")) == asked  # it failed a moment ago
    clock.now += 1
    with pytest.raises(FAULTS):
        await people.person(ana)


async def test_what_slack_says_after_an_outage_is_taken(ws, slack, clock):
    people = People(slack, clock)
    greta = ws.user("greta")
    assert (await people.person(greta.id)).guest
    greta.is_restricted = False
    ws.fail("users.info", "internal_error")
    clock.now += KEPT_SECONDS
    assert (await people.person(greta.id)).guest
    clock.now += ASK_AGAIN
    assert not (await people.person(greta.id)).guest


async def test_that_there_is_no_such_person_is_an_answer(ws, slack, clock):
    people = People(slack, clock)
    await people.person(ws.user("ana").id)
    ws.fail("users.info", "user_not_found")
    clock.now += KEPT_SECONDS
    with pytest.raises(SlackApiError):
        await people.person(ws.user("ana").id)


async def test_who_is_known_does_not_wait_for_a_slack_that_hangs_and_its_answer_is_not_lost(ws, slack, clock):
    people = People(slack, clock)
    people._persons._hurry = 0.0
    greta = ws.user("greta")
    await people.person(greta.id)
    gate = ws.hold("users.info")
    greta.is_restricted = False
    clock.now += KEPT_SECONDS
    assert (await people.person(greta.id)).guest
    gate.set()
    await ws.wait_for(lambda: [call.answer for call in ws.calls("users.info")][-1])
    people._persons._hurry = None
    assert not (await people.person(greta.id)).guest


async def test_who_is_unknown_waits_so_long_and_no_longer(ws, slack, clock):
    people = People(slack, clock)
    people._persons._patience = 0.0
    gate = ws.hold("users.info")
    with pytest.raises(TimeoutError):
        await people.person(ws.user("ana").id)
    gate.set()
