"""A hundred people write at the same moment, fifty in a channel and fifty to the bot: each is answered, once."""

import asyncio
from functools import partial

import pytest

from bot.slack.client import web_client
from bot.slack.client.turns import Turns
from storage.history import OPERATOR, Query

from .test_conversation import answers

PEOPLE = 50
LINES = ("mail.lab.example 587", "which port for gmail", "help", "the weather is fine")


@pytest.fixture
async def people(stage, ws):
    users = [ws.add_user(f"p{number}") for number in range(2 * PEOPLE)]
    ws.add_channel("incident", users)
    return users


async def all_at_once(stage, people):
    """Every message by its author, once the bot has nothing left to do."""
    ws = stage.ws
    lines = [LINES[number % len(LINES)] for number in range(PEOPLE)]
    mentions = [ws.write(user, "incident", f"@portero {line}") for user, line in zip(people, lines, strict=False)]
    direct = [ws.write(user, ws.dm(user), line) for user, line in zip(people[PEOPLE:], lines, strict=True)]
    written = await asyncio.gather(*mentions, *direct)
    await stage.bot.dispatcher.idle()
    return written[:PEOPLE], written[PEOPLE:], lines


def is_answer_to(line, text):
    return {0: "587", 1: "587", 2: "/smtpcheck", 3: "did not understand"}[LINES.index(line)] in text


def is_each_answered(stage, people, written, lines):
    """Once, where it was written, and with what was asked for."""
    threads = {}
    for answer in answers(stage, "incident", people[0]):
        threads.setdefault(answer.thread_ts, []).append(answer.text)
    mentions, direct = written
    assert {message.ts: 1 for message in mentions} == {ts: len(found) for ts, found in threads.items()}
    for message, line in zip(mentions, lines, strict=True):
        assert is_answer_to(line, threads[message.ts][0])
    for message, line in zip(direct, lines, strict=True):
        [answer] = answers(stage, stage.ws.channels[message.channel], message.user)
        assert is_answer_to(line, answer.text)


@pytest.mark.parametrize("refusals", [0, 20])
async def test_fifty_mentions_and_fifty_direct_messages_at_once_are_answered_each_once(stage, ws, people, refusals):
    ws.rate_limit("chat.postMessage", times=refusals, retry_after=0)
    *written, lines = await all_at_once(stage, people)
    is_each_answered(stage, people, written, lines)
    assert await stage.services.history.count(Query(OPERATOR, kind="check")) == 1  # who asks the same shares a check


@pytest.fixture
def documented_rates(ws, monkeypatch):
    """Slack takes one message a second in a channel; whoever waits for the next second moves the clock on."""

    async def sleep(seconds):
        await asyncio.sleep(0)
        ws.clock.advance(seconds)

    ws.clock.stop()
    ws.keep_rates()
    monkeypatch.setattr(web_client, "Turns", partial(Turns, now=ws.clock.now, sleep=sleep))


async def test_at_the_rate_that_slack_documents_none_is_lost_and_none_is_asked_for_in_vain(
    documented_rates, stage, ws, people
):
    *written, lines = await all_at_once(stage, people)
    is_each_answered(stage, people, written, lines)
    there = ws.channels[written[0][0].channel].id
    posts = [call for call in ws.calls("chat.postMessage") if call.args["channel"] == there]
    refused = [call for call in posts if call.status == 429]
    assert len(posts) - len(refused) == PEOPLE
    assert len(refused) < PEOPLE  # each of the burst once, at most; in the line nobody again
    assert posts[-1].at - posts[0].at >= PEOPLE - 1
