import pytest
from slack_sdk.errors import SlackApiError

from .conftest import actions, refusal, section


def table(rows, columns, cell="x"):
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell}] * columns for _ in range(rows)]}


async def test_posting_needs_membership(ws, client):
    assert await refusal(client.chat_postMessage(channel=ws.channel("general").id, text="x")) == "not_in_channel"
    assert await refusal(client.chat_postMessage(channel=ws.channel("board").id, text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel=ws.dm("ana", "bruno").id, text="x")) == "channel_not_found"
    ws.channel("mailops").is_archived = True
    assert await refusal(client.chat_postMessage(channel=ws.channel("mailops").id, text="x")) == "is_archived"
    assert (await client.chat_postMessage(channel=ws.user("ana").id, text="x"))["channel"] == ws.dm("ana").id


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3001)],
        [section("x")] * 51,
        [actions(*(f"b{number}" for number in range(26)))],
        [actions("x" * 76)],
        [table(101, 2)],
        [table(2, 21)],
        [table(100, 10, "x" * 11)],
        [table(1, 1), table(1, 1)],
        [{"type": "alert", "text": {"type": "plain_text", "text": "x"}}],
        [{"type": "hologram"}],
    ],
)
async def test_blocks_that_are_too_large_or_out_of_place_are_refused(ws, client, blocks):
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ws.channel("mailops").id, text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert "json-pointer" in caught.value.response["errors"][0]


async def test_a_message_without_contents_is_refused(ws, client):
    channel = ws.channel("mailops").id
    assert await refusal(client.chat_postMessage(channel=channel, text=" ", blocks=[], attachments=[])) == "no_text"


async def test_long_texts_are_cut_when_posted_and_refused_when_edited(ws, client):
    channel = ws.channel("mailops").id
    posted = await client.chat_postMessage(channel=channel, text="x" * 40_001)
    assert len(ws.messages("mailops")[0].text) == 40_000
    assert await refusal(client.chat_update(channel=channel, ts=posted["ts"], text="x" * 4_001)) == "msg_too_long"
    await client.chat_update(channel=channel, ts=posted["ts"], text="x" * 4_000)


async def test_edits_keep_the_history_and_text_alone_removes_the_blocks(ws, client):
    channel = ws.channel("mailops").id
    posted = await client.chat_postMessage(channel=channel, text="one", blocks=[section("one")])
    (message,) = ws.messages("mailops")
    await client.chat_update(channel=channel, ts=posted["ts"], text="two", blocks=[section("two")])
    assert not message.edited
    await client.chat_update(channel=channel, ts=posted["ts"], text="three")
    assert (message.text, message.blocks, message.edited) == ("three", [], True)
    assert [version.text for version in message.versions] == ["one", "two"]


async def test_only_own_and_stored_messages_can_be_edited(ws, client):
    channel, ana = ws.channel("mailops").id, ws.user("ana").id
    hers = ws.say("ana", "mailops", "hello")
    shown = await client.chat_postEphemeral(channel=channel, user=ana, text="only you")
    assert await refusal(client.chat_update(channel=channel, ts=hers.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=channel, ts=hers.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel=channel, ts=shown["message_ts"], text="x")) == "message_not_found"


async def test_an_ephemeral_is_for_a_member_and_seen_by_nobody_else(ws, client):
    channel = ws.channel("mailops").id
    stranger = ws.add_user("zoe")
    assert await refusal(client.chat_postEphemeral(channel=channel, user=stranger.id, text="x")) == (
        "user_not_in_channel"
    )
    await client.chat_postEphemeral(channel=channel, user=ws.user("ana").id, text="x")
    assert len(ws.messages("mailops", viewer="ana")) == 1
    assert ws.messages("mailops", viewer="bruno") == []


async def test_a_message_in_an_archived_channel_cannot_be_edited(ws, client):
    channel = ws.channel("mailops")
    ts = (await client.chat_postMessage(channel=channel.id, text="x"))["ts"]
    channel.is_archived = True
    assert await refusal(client.chat_update(channel=channel.id, ts=ts, text="y")) == "is_inactive"
