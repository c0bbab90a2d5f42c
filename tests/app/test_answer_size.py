"""No answer of Slack, or of what stands in its place, is read without an end."""

import gzip
import json
import tracemalloc

import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.workspace.oddities import Raw
from bot.settings import Settings
from bot.slack.client.session import API_BYTES, OTHER_BYTES, slack_session
from bot.slack.client.web_client import make_client, passes, word_of

from .odd_answers import JSON
from .stage import echo

MB = 1024 * 1024
LARGE = b'{"ok":true,"user":{"team_id":"T1"},"more":"' + b"a" * (24 * MB) + b'"}'
LARGE_ANSWERS = {
    "plain": Raw(LARGE, 200, JSON),
    "packed": Raw(gzip.compress(LARGE, 9), 200, JSON, {"Content-Encoding": "gzip"}),
    "an error": Raw(LARGE, 500, JSON),
    "text": Raw(LARGE, 200, "text/plain"),
}


@pytest.fixture
async def client(ws):
    async with slack_session(ws.api_url) as session:
        yield make_client(Settings(bot_token=ws.bot_token, api_url=ws.api_url), session)


@pytest.mark.parametrize("name", LARGE_ANSWERS)
async def test_an_answer_of_the_web_api_that_is_too_large_is_a_fault_of_slacks(ws, client, name):
    ws.answer_oddly("users.info", LARGE_ANSWERS[name], times=9)
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user="U1")
    assert word_of(caught.value) == "too_large"
    assert passes("too_large")


async def test_a_small_answer_that_unpacks_to_a_large_one_takes_little_memory(ws, client):
    ws.answer_oddly("users.info", LARGE_ANSWERS["packed"])
    tracemalloc.start()
    try:
        with pytest.raises(SlackApiError):
            await client.users_info(user="U1")
        assert tracemalloc.get_traced_memory()[1] < 2.5 * API_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_within_the_bound_is_read_whole(ws, client, packed):
    body = json.dumps({"ok": True, "more": "a" * (API_BYTES - 100)}).encode()
    sent = Raw(gzip.compress(body), 200, JSON, {"Content-Encoding": "gzip"}) if packed else Raw(body, 200, JSON)
    ws.answer_oddly("users.info", sent)
    assert len((await client.users_info(user="U1"))["more"]) == API_BYTES - 100


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_a_response_url_that_answers_at_length_is_given_up_for_the_next_door(serving, ws, status):
    async with serving(echo) as stage:
        ws.answer_oddly("response_url", Raw(b"ok" + b" " * OTHER_BYTES, status, "text/plain"), times=3)
        await stage.type("/echo x")
        assert [message.text for message in stage.seen()] == ["echo x"]
    assert ws.calls("chat.postEphemeral")
