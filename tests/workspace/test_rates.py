"""Slack's documented rates, kept by the workspace."""

from .conftest import refusal


async def test_one_message_a_second_is_taken_in_each_channel(ws, client):
    here, there = ws.channel("mailops").id, ws.dm("ana").id
    await client.chat_postMessage(channel=here, text="before")
    await client.chat_postMessage(channel=here, text="nobody counts yet")
    ws.clock.stop()
    ws.keep_rates()
    await client.chat_postMessage(channel=here, text="1")
    assert await refusal(client.chat_postMessage(channel=here, text="2")) == "ratelimited"
    assert (ws.log[-1].status, ws.log[-1].error) == (429, "ratelimited")
    await client.chat_postMessage(channel=there, text="1")
    ws.clock.advance(1)
    await client.chat_postMessage(channel=here, text="2")


async def test_edits_are_counted_by_the_minute(ws, client):
    channel = ws.channel("mailops").id
    ws.clock.stop()
    ws.keep_rates()
    ts = (await client.chat_postMessage(channel=channel, text="1"))["ts"]
    for number in range(50):
        await client.chat_update(channel=channel, ts=ts, text=f"{number}")
    ws.clock.advance(20)
    assert await refusal(client.chat_update(channel=channel, ts=ts, text="x")) == "ratelimited"
    ws.clock.advance(40)
    await client.chat_update(channel=channel, ts=ts, text="x")
