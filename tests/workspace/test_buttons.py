import pytest

from bot.workspace import FileUpload, Impossible, numbered_buttons

from .conftest import actions, plain, section


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


async def test_a_menu_sends_the_chosen_option(ws, client, socket_app):
    chosen = []

    @socket_app.action("port")
    async def port(ack, action):
        chosen.append(action["selected_option"]["value"])
        await ack()

    options = [{"text": plain("587"), "value": "587"}, {"text": plain("465"), "value": "465"}]
    menu = {"type": "static_select", "action_id": "port", "options": options}
    await client.chat_postMessage(
        channel=ws.channel("mailops").id, text="port?", blocks=[{"type": "actions", "elements": [menu]}]
    )
    (message,) = ws.messages("mailops")
    await ws.click(message, "port", choice="465")
    assert chosen == ["465"]
    with pytest.raises(Impossible, match="no option"):
        await ws.click(message, "port", choice="25")


async def test_inputs_beside_a_button_arrive_in_the_state(ws, client, socket_app):
    seen = {}

    @socket_app.action("go")
    async def go(ack, body):
        seen.update(body["state"]["values"])
        await ack()

    field = {"type": "plain_text_input", "action_id": "host"}
    blocks = [{"type": "input", "block_id": "host", "label": plain("Host"), "element": field}, actions("go")]
    await client.chat_postMessage(channel=ws.channel("mailops").id, text="host?", blocks=blocks)
    await ws.click(ws.messages("mailops")[0], "go", form={"host": "mail.example.com"})
    assert seen == {"host": {"host": {"type": "plain_text_input", "value": "mail.example.com"}}}


async def test_a_message_shortcut_carries_the_message_and_its_files(ws, socket_app):
    seen = {}

    @socket_app.shortcut("validate_pmta")
    async def validate(ack, shortcut):
        seen.update(shortcut)
        await ack()

    message = ws.say("ana", "mailops", "<domain gmail.com> & more", attached=[FileUpload("config", b"relay-address")])
    done = await ws.shortcut("validate_pmta", "bruno", message)

    assert done.error == ""
    assert seen["message"]["text"] == "&lt;domain gmail.com&gt; &amp; more"
    assert seen["message"]["files"][0]["name"] == "config"
    assert seen["response_url"] and seen["trigger_id"]
    assert seen["user"]["id"] == ws.user("bruno").id


async def test_a_global_shortcut_has_no_channel_and_no_response_url(ws, socket_app):
    @socket_app.global_shortcut("new_check")
    async def new_check(ack):
        await ack()

    done = await ws.shortcut("new_check", "ana")
    assert done.error == ""
    assert not {"channel", "response_url"} & set(done.payload)
