import pytest

from bot.demo.workspace.model import Impossible

from .conftest import actions, plain


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


async def test_an_input_speaks_only_when_it_dispatches(ws, client, socket_app):
    hosts = []

    @socket_app.action("host")
    async def host(ack, action):
        hosts.append(action["value"])
        await ack()

    field = {"type": "plain_text_input", "action_id": "host"}
    block = {"type": "input", "block_id": "one", "label": plain("Host"), "element": field}
    channel = ws.channel("mailops").id
    await client.chat_postMessage(channel=channel, text="silent", blocks=[block])
    await client.chat_postMessage(channel=channel, text="speaking", blocks=[block | {"dispatch_action": True}])
    silent, speaking = ws.messages("mailops")
    done = await ws.click(speaking, "host", choice="mail.example.com")
    assert hosts == ["mail.example.com"]
    assert done.payload["state"]["values"]["one"]["host"]["value"] == "mail.example.com"
    with pytest.raises(Impossible):
        await ws.click(silent, "host", choice="mail.example.com")


async def test_several_menus_of_one_block_are_named_by_action_id(ws, client, socket_app):
    @socket_app.action("go")
    async def go(ack):
        await ack()

    options = [{"text": plain("25"), "value": "25"}, {"text": plain("587"), "value": "587"}]
    menus = [{"type": "static_select", "action_id": name, "options": options} for name in ("from", "to")]
    row = {"type": "actions", "block_id": "row", "elements": menus}
    await client.chat_postMessage(channel=ws.channel("mailops").id, text="x", blocks=[row, actions("go")])
    done = await ws.click(ws.pressable("mailops", "ana"), "go", form={"to": "587"})
    values = done.payload["state"]["values"]["row"]
    assert values["from"]["selected_option"] is None
    assert values["to"]["selected_option"]["value"] == "587"
