import pytest

from bot.demo.workspace.workspace import Workspace

from .conftest import client_of, refusal

KEY = {"event_type": "portero_alert", "event_payload": {"key": "w-1.1.1/alert"}}


async def test_history_leaves_threads_out_and_replies_have_them(ws, client):
    channel = ws.channel("mailops").id
    first = (await client.chat_postMessage(channel=channel, text="one", metadata=KEY))["ts"]
    await client.chat_postMessage(channel=channel, text="below", thread_ts=first, metadata=KEY)
    await client.chat_postMessage(channel=channel, text="two")
    told = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert [message["text"] for message in told["messages"]] == ["two", "one"]
    assert told["messages"][1]["metadata"] == KEY
    thread = await client.conversations_replies(channel=channel, ts=first, include_all_metadata=True)
    assert [message["text"] for message in thread["messages"]] == ["one", "below"]
    assert await refusal(client.conversations_replies(channel=channel, ts="1.000001")) == "thread_not_found"


async def test_metadata_is_whole_only_when_it_is_asked_for(ws, client):
    channel = ws.channel("mailops").id
    await client.chat_postMessage(channel=channel, text="one", metadata=KEY)
    [message] = (await client.conversations_history(channel=channel))["messages"]
    assert message["metadata"] == {"event_type": "portero_alert"}


async def test_from_an_oldest_on_pages_begin_at_the_oldest(ws, client):
    channel = ws.channel("mailops").id
    stamps = [(await client.chat_postMessage(channel=channel, text=str(number)))["ts"] for number in range(5)]
    asked = {"channel": channel, "oldest": stamps[0], "limit": 2}
    page = await client.conversations_history(**asked)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    assert page["has_more"]
    rest = await client.conversations_history(**asked, cursor=page["response_metadata"]["next_cursor"])
    assert [message["text"] for message in rest["messages"]] == ["4", "3"]
    assert not rest["has_more"]
    newest = await client.conversations_history(channel=channel, limit=2)
    assert [message["text"] for message in newest["messages"]] == ["4", "3"]


@pytest.mark.parametrize(("channel", "scope"), [("mailops", "groups:history"), ("general", "channels:history")])
async def test_each_kind_of_conversation_needs_its_scope_and_membership(session, channel, scope):
    async with Workspace(scopes=[scope]) as ws:
        client, where = client_of(ws, session), ws.channel(channel)
        kind = {"groups:history": "private", "channels:history": "public"}[scope]
        where.kind = kind
        where.members.add(ws.bot.id)
        await client.conversations_history(channel=where.id)
        where.kind = {"private": "public", "public": "private"}[kind]
        assert await refusal(client.conversations_history(channel=where.id)) == "missing_scope"
        where.kind = "public"
        ws.state.scopes = frozenset({"channels:history"})
        where.members.discard(ws.bot.id)
        assert await refusal(client.conversations_history(channel=where.id)) == "not_in_channel"


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"event_type": "a"}, "invalid_metadata_schema"),
        ({"event_type": "with blanks", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {}, "more": 1}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"deep": {"er": {}}}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"long": "x" * 8_000}}, "metadata_too_large"),
        (["a"], "invalid_metadata_format"),
    ],
)
async def test_metadata_is_a_name_and_an_object(ws, client, metadata, code):
    where = ws.channel("mailops").id
    assert await refusal(client.chat_postMessage(channel=where, text="x", metadata=metadata)) == code
