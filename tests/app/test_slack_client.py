"""Slack's client: whatever answers is a fault of Slack's, and nothing is posted twice."""

from datetime import UTC, datetime

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.workspace.oddities import End, Raw
from bot.settings import Settings
from bot.slack.client import web_client
from bot.slack.client.session import LastKnown
from bot.slack.client.web_client import (
    FAULTS,
    LONGEST_WAIT,
    READS,
    UNTOLD_WAIT,
    OddAnswerError,
    make_client,
    passes,
    read,
    seconds_to_wait,
    word_of,
)

from .odd_answers import JSON, RAWS

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SERVER_ERRORS = (500, 502, 503, 504, 520)


@pytest.fixture
async def client(ws):
    async with aiohttp.ClientSession() as session:
        yield make_client(Settings(bot_token=ws.bot_token, api_url=ws.api_url), session)


async def posted(ws, client):
    await client.chat_postMessage(channel=ws.channel("mailops").id, text="x")


@pytest.mark.parametrize("name", [name for name in RAWS if name not in {"bare", "retry after"}])
async def test_whatever_answers_is_a_fault_that_passes(ws, client, name):
    ws.answer_oddly("chat.postMessage", RAWS[name], times=9)
    with pytest.raises(FAULTS) as caught:
        await posted(ws, client)
    assert passes(word_of(caught.value))
    assert "hunter2" not in word_of(caught.value)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (RAWS["html"], "not_json"),
        (RAWS["html 502"], "HTTP 502"),
        (RAWS["no json"], "not_json"),
        (Raw(b"x", 504, JSON), "HTTP 504"),
        (RAWS["a list"], "not_json"),
        (RAWS["bytes"], "not_json"),
        (RAWS["error with words"], "HTTP 200"),
        (RAWS["retry for ever"], "HTTP 429"),
    ],
)
async def test_an_answer_without_a_word_of_slack_has_one_of_ours(ws, client, raw, word):
    ws.answer_oddly("chat.postMessage", raw)
    with pytest.raises(SlackApiError) as caught:
        await posted(ws, client)
    assert word_of(caught.value) == word


async def test_an_answer_that_lacks_what_belongs_in_it_is_a_fault_too(ws, client):
    ws.answer_oddly("users.info", RAWS["bare"])
    answer = await client.users_info(user="U1")
    with pytest.raises(OddAnswerError) as caught:
        read(answer).record("user").needed("id")
    assert word_of(caught.value) == "odd_answer"
    assert passes("odd_answer")


@pytest.mark.parametrize("status", SERVER_ERRORS)
async def test_a_server_error_of_what_only_reads_is_asked_again_once(ws, client, status):
    ws.fail("users.info", "fatal_error", status=status)
    assert (await client.users_info(user=ws.user("ana").id))["ok"]
    assert [call.status for call in ws.calls("users.info")] == [status, 200]
    ws.fail("users.info", "fatal_error", status=status, times=9)
    with pytest.raises(SlackApiError):
        await client.users_info(user=ws.user("ana").id)
    assert len(ws.calls("users.info")) == 4


@pytest.mark.parametrize("status", SERVER_ERRORS)
async def test_a_post_is_not_made_again_after_a_server_error(ws, client, status):
    ws.fail("chat.postMessage", "fatal_error", status=status, times=9)
    with pytest.raises(SlackApiError):
        await posted(ws, client)
    assert len(ws.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("end", [End.RESET, End.CUT])
async def test_a_post_whose_answer_was_lost_stands_there_once(ws, client, end):
    ws.answer_oddly("chat.postMessage", Raw(b"{", end=end, done=True))
    with pytest.raises(aiohttp.ClientError):
        await posted(ws, client)
    assert len(ws.messages("mailops")) == 1


async def test_what_comes_to_the_same_is_done_again_when_its_answer_was_lost(ws, client):
    channel = ws.channel("mailops").id
    message = await client.chat_postMessage(channel=channel, text="x")
    for method in ("users.info", "chat.update"):
        ws.answer_oddly(method, Raw(end=End.RESET, done=True))
    assert (await client.users_info(user=ws.user("ana").id))["ok"]
    assert (await client.chat_update(channel=channel, ts=message["ts"], text="y"))["ok"]
    assert [found.text for found in ws.messages("mailops")] == ["y"]


def test_nothing_that_posts_counts_as_a_read():
    assert not [name for name in READS if any(verb in name for verb in ("post", "update", "publish", "delete"))]


@pytest.mark.parametrize("header", ["-5", "soon", "", None, "1e3", "٣"])
async def test_an_odd_retry_after_is_waited_for_briefly(ws, client, monkeypatch, header):
    monkeypatch.setattr("bot.slack.client.web_client.UNTOLD_WAIT", 0.0)
    ws.rate_limit("chat.postMessage", retry_after=header)
    await posted(ws, client)
    assert [call.status for call in ws.calls("chat.postMessage")] == [429, 200]


@pytest.mark.parametrize("header", ["31", "9" * 400, "Fri, 31 Dec 2100 23:59:59 GMT"])
async def test_nobody_waits_for_longer_than_half_a_minute(ws, client, header):
    ws.rate_limit("chat.postMessage", retry_after=header)
    with pytest.raises(SlackApiError) as caught:
        await posted(ws, client)
    assert word_of(caught.value) == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == str(int(LONGEST_WAIT))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        ("9" * 400, float("inf")),
        ("Sat, 28 Nov 2026 12:00:07 GMT", 7),
        ("Sat, 28 Nov 2026 12:00:07 -0000", 7),
        ("Sat, 28 Nov 2026 13:00:07 +0100", 7),
        ("Fri, 27 Nov 2026 12:00:00 GMT", 0),
        ("-1", UNTOLD_WAIT),
        ("1.5", UNTOLD_WAIT),
        ("", UNTOLD_WAIT),
        ("soon", UNTOLD_WAIT),
        ("Sat, 99 Nov 2026 12:00:07 GMT", UNTOLD_WAIT),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds, monkeypatch):
    monkeypatch.setattr(web_client, "UNTOLD_WAIT", UNTOLD_WAIT)
    assert seconds_to_wait(header, NOW) == seconds


async def test_a_client_whose_session_is_closed_opens_no_other(ws, client):
    await client.session.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await posted(ws, client)
    assert ws.calls("chat.postMessage") == []


@pytest.mark.parametrize("host", [f"{'a' * 64}.slack.com", f"xn--{'a' * 60}.slack.com", "h..x"])
async def test_a_name_that_idna_refuses_is_a_host_that_is_not_there(host):
    with pytest.raises(OSError, match="no name of a host"):
        await LastKnown().resolve(host, 443)
