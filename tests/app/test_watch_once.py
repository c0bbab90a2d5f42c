"""An alert is posted once, also when the process ends between a post and its mark, as far as Slack lets us look."""

import asyncio

import pytest

from bot.demo.workspace.model import Message
from bot.slack.alerts.posts import REPEAT

from .watchers import TARGET, watchers_on

READS = frozenset({"channels:history", "groups:history"})
WRITES = frozenset({"chat:write", "users:read", "channels:read", "groups:read", "commands"})


class Ending:
    """The store of a process that ends before it can mark its next delivery."""

    def __init__(self, watches):
        self._watches, self.ends = watches, 1

    def __getattr__(self, name):
        return getattr(self._watches, name)

    async def delivered(self, *arguments):
        if self.ends:
            self.ends -= 1
            raise asyncio.CancelledError
        return await self._watches.delivered(*arguments)


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        await made.type(f"add {TARGET} 25 notify <@{ws.user('bruno').id}|bruno>")
        await made.tick()
        yield made


def ends_between_post_and_mark(w):
    w.delivery.watches = Ending(w.delivery.watches)


def alerts(w):
    return [message for message in w.posted() if "25 no answer" in message.text and not message.thread_ts]


async def test_a_post_that_was_not_marked_is_found_and_adopted(w, ws):
    ws.state.scopes = READS | WRITES
    ends_between_post_and_mark(w)
    w.world.breaks()
    await w.pass_by(minutes=30)
    [alert] = alerts(w)
    assert len([one for one in w.posted() if one.thread_ts == alert.ts]) == 1
    w.world.heals()
    ends_between_post_and_mark(w)
    await w.pass_by(minutes=30)
    assert " recovered" in alert.text
    assert len([one for one in w.posted() if one.text.startswith(":large_green_circle: Recovered after")]) == 1


async def test_a_post_that_never_arrived_is_made_with_its_mention(w, ws):
    ws.state.scopes = READS | WRITES
    ws.fail("chat.postMessage", "fatal_error")
    w.world.breaks()
    await w.pass_by(minutes=30)
    [alert] = alerts(w)
    assert REPEAT not in alert.text
    assert [ws.user("bruno").id in str(call.args) for call in ws.calls("chat.postMessage")][-2]


@pytest.mark.parametrize("without", ["scope", "answer"])
async def test_where_slack_does_not_say_the_post_is_repeated_and_mentions_nobody(w, ws, without):
    ws.state.scopes = WRITES if without == "scope" else READS | WRITES
    if without == "answer":
        ws.fail("conversations.history", "fatal_error")
    ends_between_post_and_mark(w)
    w.world.breaks()
    await w.pass_by(minutes=30)
    first, again = alerts(w)
    assert REPEAT not in first.text
    assert REPEAT in again.text
    assert ws.user("bruno").id not in again.text
    w.world.heals()
    await w.pass_by(minutes=30)
    assert " recovered" in again.text


@pytest.mark.parametrize("code", ["ratelimited", "service_unavailable"])
async def test_a_refusal_is_no_doubt(w, ws, code):
    ws.state.scopes = WRITES
    ws.fail("chat.postMessage", code)
    w.world.breaks()
    await w.pass_by(minutes=30)
    [alert] = alerts(w)
    assert REPEAT not in alert.text
    assert not ws.calls("conversations.history")


async def test_somebody_elses_message_with_the_key_is_not_ours(w, ws):
    ws.state.scopes = READS | WRITES
    ws.fail("chat.postMessage", "fatal_error")
    w.world.breaks()
    watch = await w.the_watch()
    await w.pass_by(minutes=10)
    key = {"event_type": "portero_alert", "event_payload": {"key": f"{watch.id}.1.1/alert"}}
    where, who = ws.channel("mailops").id, ws.user("ana").id
    ws.state.messages.append(Message(ws.state.new_ts(), where, who, "no alert", bot_id="B404", metadata=key))
    await w.pass_by(minutes=20)
    assert len(alerts(w)) == 1


async def test_metadata_holds_the_key_and_nothing_else(w, ws):
    w.world.breaks()
    await w.pass_by(minutes=30)
    watch = await w.the_watch()
    keys = [
        call.args["metadata"]["event_payload"] for call in ws.calls("chat.postMessage") if call.args.get("metadata")
    ]
    assert keys == [{"key": f"{watch.id}.1.1/alert"}, {"key": f"{watch.id}.1.1/details"}]
