import pytest

from bot.demo.workspace.workspace import Workspace

from .conftest import client_of, refusal


@pytest.fixture
def thread(ws):
    return ws.say("ana", "mailops", "hello")


def task(title, status="in_progress"):
    return {"type": "task_update", "id": "1", "title": title, "status": status}


async def test_a_status_stands_until_the_app_writes_in_its_thread(ws, client, thread):
    where = {"channel_id": thread.channel, "thread_ts": thread.ts}
    await client.assistant_threads_setStatus(**where, status="is checking")
    assert ws.state.statuses == {(thread.channel, thread.ts): "is checking"}
    await client.chat_postMessage(channel=thread.channel, text="elsewhere")
    assert ws.state.statuses
    await client.chat_postMessage(channel=thread.channel, text="done", thread_ts=thread.ts)
    assert ws.state.statuses == {}
    missing = {**where, "thread_ts": "1.000001"}
    assert await refusal(client.assistant_threads_setStatus(**missing, status="x")) == "invalid_thread_ts"


async def test_a_stream_is_written_along_and_stopped_before_it_is_edited(ws, client, thread):
    whom = {"recipient_user_id": ws.user("ana").id, "recipient_team_id": ws.state.team}
    begun = await client.chat_startStream(channel=thread.channel, thread_ts=thread.ts, chunks=[task("one")], **whom)
    where = {"channel": thread.channel, "ts": begun["ts"]}
    await client.chat_appendStream(**where, chunks=[task("two")])
    message = ws.messages("mailops")[-1]
    assert [(block["title"], block["status"]) for block in message.blocks] == [("two", "in_progress")]
    assert await refusal(client.chat_update(**where, text="x")) == "streaming_state_conflict"
    await client.chat_stopStream(**where, chunks=[task("two", "complete")])
    await client.chat_update(**where, text="the answer")
    assert (message.text, message.blocks) == ("the answer", [])
    assert await refusal(client.chat_appendStream(**where, chunks=[task("x")])) == "message_not_in_streaming_state"


async def test_a_stream_ends_by_itself_after_five_minutes(ws, client, thread):
    whom = {"recipient_user_id": ws.user("ana").id, "recipient_team_id": ws.state.team}
    begun = await client.chat_startStream(channel=thread.channel, thread_ts=thread.ts, **whom)
    ws.clock.advance(301)
    where = {"channel": thread.channel, "ts": begun["ts"]}
    assert await refusal(client.chat_stopStream(**where)) == "message_not_in_streaming_state"


@pytest.mark.parametrize("left_out", ["recipient_user_id", "recipient_team_id"])
async def test_a_stream_needs_to_know_whom_it_is_for(ws, client, thread, left_out):
    whom = {"recipient_user_id": "U1", "recipient_team_id": "T1", left_out: None}
    assert await refusal(client.chat_startStream(channel=thread.channel, thread_ts=thread.ts, **whom)) == (
        f"missing_{left_out}"
    )


@pytest.mark.parametrize("chunk", [{"type": "x"}, task("x" * 257), task("x", "doing"), {"type": "task_update"}, "x"])
async def test_chunks_of_another_shape_are_refused(ws, client, thread, chunk):
    whom = {"recipient_user_id": "U1", "recipient_team_id": "T1"}
    begun = await client.chat_startStream(channel=thread.channel, thread_ts=thread.ts, **whom)
    called = client.api_call(
        "chat.appendStream", json={"channel": thread.channel, "ts": begun["ts"], "chunks": [chunk]}
    )
    assert await refusal(called) == "invalid_chunks"


async def test_prompts_are_shown_unless_a_thread_is_named_which_nobody_is_told(ws, client):
    dm = ws.dm("ana").id
    prompts = [{"title": "Check", "message": "check mail.example.com"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts, thread_ts="1.000001")
    assert ws.state.prompts == {}
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)
    assert ws.state.prompts == {dm: prompts}
    assert await refusal(client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5))


async def test_a_workspace_may_not_know_a_method(session):
    async with Workspace(unknown_methods=["chat.startStream"]) as ws:
        client = client_of(ws, session)
        assert await refusal(client.chat_startStream(channel="C1", thread_ts="1.1")) == "unknown_method"


async def test_the_app_hears_of_what_is_written_to_it_and_of_nothing_else(ws):
    mention = await ws.write("ana", "mailops", "@portero look at mail.example.com <b> `a.example.com`")
    assert mention.text == (
        f"<@{ws.bot.id}> look at <http://mail.example.com|mail.example.com> &lt;b&gt; `a.example.com`"
    )
    told = await ws.tell_of(mention)
    assert [one.payload["event"]["type"] for one in told] == ["app_mention"]
    assert await ws.tell_of(await ws.write("ana", "mailops", "hello")) == []
    assert await ws.tell_of(await ws.write("ana", "general", "@portero hello")) == []  # the app is not in it
    [direct] = await ws.tell_of(await ws.write("ana", ws.dm("ana"), "hello @portero"))
    assert (direct.payload["event"]["type"], direct.payload["event"]["channel_type"]) == ("message", "im")


async def test_an_edit_brings_the_mention_again_under_another_event(ws):
    mention = await ws.write("ana", "mailops", "@portero hello")
    [first] = await ws.tell_of(mention)
    [again] = await ws.edit(mention, "@portero bye")
    assert again.payload["event"]["edited"]
    assert again.payload["event"]["ts"] == first.payload["event"]["ts"]
    assert again.payload["event_id"] != first.payload["event_id"]


async def test_edits_and_deletions_are_told_of_direct_messages_alone(ws):
    dm = ws.dm("ana")
    said = await ws.write("ana", dm, "hello")
    [changed] = await ws.edit(said, "bye")
    [deleted] = await ws.remove(said)
    subtypes = [one.payload["event"]["subtype"] for one in (changed, deleted)]
    assert subtypes == ["message_changed", "message_deleted"]
    assert changed.payload["event"]["previous_message"]["text"] == "hello"
    assert await ws.remove(await ws.write("ana", "mailops", "hello")) == []
