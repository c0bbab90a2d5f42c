import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import KEPT_SECONDS, People
from bot.remembered import Remembered
from bot.workspace import Workspace


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

    kept = Remembered(ask, clock, seconds=10, most=2)
    assert [await kept.get(key) for key in "abacab"] == list("ABACAB")
    assert asked == ["a", "b", "c", "b"]
    with pytest.raises(LookupError):
        await kept.get("bad")
    assert await kept.get("bad") == "BAD"
