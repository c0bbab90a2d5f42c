"""A hundred people write at the same moment, fifty in a channel and fifty to the bot: each is answered, once."""

import asyncio

import pytest

from bot.slack.client.web_client import RateLimited, api_retries
from storage.history import OPERATOR, Query

from .test_conversation import answers

PEOPLE = 50
TRIES = 1 + next(one.max_retry_count for one in api_retries() if isinstance(one, RateLimited))
"""How often one message is posted; chance alone would say whether one is refused more often than that."""

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


@pytest.mark.parametrize("refusals", [0, TRIES - 1])
async def test_fifty_mentions_and_fifty_direct_messages_at_once_are_answered_each_once(stage, ws, people, refusals):
    ws.rate_limit("chat.postMessage", times=refusals, retry_after=0)
    mentions, direct, lines = await all_at_once(stage, people)
    threads = {}
    for answer in answers(stage, "incident", people[0]):
        threads.setdefault(answer.thread_ts, []).append(answer.text)
    assert {message.ts: 1 for message in mentions} == {ts: len(found) for ts, found in threads.items()}
    for message, line in zip(mentions, lines, strict=True):
        assert is_answer_to(line, threads[message.ts][0])
    for message, line in zip(direct, lines, strict=True):
        [answer] = answers(stage, ws.channels[message.channel], message.user)
        assert is_answer_to(line, answer.text)
    assert await stage.services.history.count(Query(OPERATOR, kind="check")) == 1  # who asks the same shares a check
