import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import Impossible

from .conftest import actions, section


async def post(client, ws, channel="mailops", **more):
    answer = await client.chat_postMessage(
        channel=ws.channel(channel).id, text="done", blocks=[section("done"), actions("share", "again")], **more
    )
    return next(message for message in ws.messages(channel) if message.ts == answer["ts"])


async def test_a_click_arrives_with_the_message_the_container_and_the_state(ws, client, socket_app):
    seen = {}

    @socket_app.action("again")
    async def again(ack, body):
        seen.update(body)
        await ack()

    message = await post(client, ws)
    done = await ws.click(message, "again", user="bruno")

    assert done.error == ""
    assert seen["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": False,
    }
    assert seen["message"]["blocks"] == message.blocks
    assert seen["actions"][0]["value"] == "again"
    assert seen["state"] == {"values": {}}
    assert seen["user"]["id"] == ws.user("bruno").id


async def test_an_ephemeral_is_clicked_by_its_addressee_only_and_comes_without_its_message(ws, client, socket_app):
    seen = {}

    @socket_app.action("share")
    async def share(ack, body):
        seen.update(body)
        await ack()

    ana = ws.user("ana")
    await client.chat_postEphemeral(
        channel=ws.channel("mailops").id, user=ana.id, text="done", blocks=[actions("share")]
    )
    (message,) = ws.messages("mailops", viewer=ana)
    await ws.click(message, "share")

    assert seen["container"]["is_ephemeral"] is True
    assert "message" not in seen
    with pytest.raises(Impossible, match="does not see"):
        await ws.click(message, "share", user="bruno")


async def test_buttons_can_be_pressed_by_the_number_that_is_shown(ws, client, socket_app):
    pressed = []

    @socket_app.action("again")
    async def again(ack, action):
        pressed.append(action["action_id"])
        await ack()

    message = await post(client, ws)
    assert [(button.number, button.label) for button in numbered_buttons(message)] == [(1, "share"), (2, "again")]
    await ws.click(message, 2)
    await ws.click(message, numbered_buttons(message)[1])
    assert pressed == ["again", "again"]


async def test_a_button_that_is_not_there_cannot_be_pressed(ws, client):
    message = await post(client, ws)
    with pytest.raises(Impossible, match="0 components"):
        await ws.click(message, "nothing")
    with pytest.raises(Impossible, match="no button 3"):
        await ws.click(message, 3)
    await client.chat_delete(channel=message.channel, ts=message.ts)
    with pytest.raises(Impossible, match="does not see"):
        await ws.click(message, "share")
