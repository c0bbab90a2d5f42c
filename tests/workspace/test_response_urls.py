import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from .conftest import actions, section


@pytest.fixture
async def command(ws, socket_app):
    """Types a command and returns a client for its response URL."""

    @socket_app.command("/smtpcheck")
    async def check(ack):
        await ack()

    async def typed(channel="mailops"):
        done = await ws.command("ana", channel, "/smtpcheck x")
        return AsyncWebhookClient(done.response_url)

    return typed


@pytest.fixture
async def click(ws, socket_app):
    """Presses the first button of a message and returns a client for its response URL."""

    @socket_app.action("share")
    async def share(ack):
        await ack()

    async def pressed(message):
        return AsyncWebhookClient((await ws.click(message, "share")).response_url)

    return pressed


async def test_an_answer_is_ephemeral_by_default_and_the_reply_is_ok(ws, command):
    respond = await command()
    answer = await respond.send_dict({"text": "open"})

    assert (answer.status_code, answer.body) == (200, "ok")
    assert [message.text for message in ws.messages("mailops", viewer="ana")] == ["open"]
    assert ws.messages("mailops", viewer="bruno") == []


async def test_the_sixth_answer_is_refused(ws, command):
    respond = await command()
    statuses = [(await respond.send_dict({"text": str(number)})).status_code for number in range(6)]
    last = await respond.send_dict({"text": "7"})

    assert statuses == [200] * 5 + [404]
    assert last.body == '{"ok": false, "error": "expired_url"}'
    assert len(ws.messages("mailops")) == 5


async def test_after_thirty_minutes_an_answer_is_refused(ws, command):
    respond = await command()
    ws.clock.advance(1801)
    assert (await respond.send_dict({"text": "late"})).status_code == 404


async def test_the_response_url_of_a_command_replaces_nothing_and_posts_again(ws, command):
    respond = await command()
    await respond.send_dict({"text": "checking"})
    await respond.send_dict({"text": "open", "replace_original": True})
    assert [message.text for message in ws.messages("mailops", viewer="ana")] == ["checking", "open"]


async def test_it_works_where_the_bot_is_no_member(ws, command):
    for channel in ("general", "board"):
        respond = await command(channel)
        await respond.send_dict({"text": "open", "response_type": "in_channel"})
        assert [message.text for message in ws.messages(channel, viewer="ana")] == ["open"]


async def test_a_button_replaces_its_own_message(ws, client, click):
    channel = ws.channel("mailops").id
    await client.chat_postMessage(channel=channel, text="first", blocks=[section("first"), actions("share")])
    (message,) = ws.messages("mailops")
    respond = await click(message)
    await respond.send_dict({"text": "second", "replace_original": "true"})

    assert [message.text for message in ws.messages("mailops")] == ["second"]
    assert [version.text for version in message.versions] == ["first"]
    assert message.edited


async def test_an_ephemeral_stays_ephemeral_when_it_is_replaced(ws, command, click):
    respond = await command()
    await respond.send_dict({"text": "result", "blocks": [actions("share")]})
    (message,) = ws.messages("mailops", viewer="ana")
    respond = await click(message)
    await respond.send_dict({"text": "shared", "response_type": "in_channel", "replace_original": True})
    assert ws.messages("mailops", viewer="bruno") == []

    await respond.send_dict({"text": "for all", "response_type": "in_channel"})
    assert [message.text for message in ws.messages("mailops", viewer="bruno")] == ["for all"]


async def test_a_button_deletes_its_own_message(ws, command, click):
    respond = await command()
    await respond.send_dict({"text": "result", "blocks": [actions("share")]})
    respond = await click(ws.messages("mailops")[0])
    await respond.send_dict({"delete_original": True})
    assert ws.messages("mailops") == []


async def test_what_comes_with_a_deletion_is_posted_anew(ws, command, click):
    respond = await command()
    await respond.send_dict({"text": "result", "blocks": [actions("share")]})
    respond = await click(ws.messages("mailops")[0])
    await respond.send_dict({"delete_original": True, "text": "shared", "response_type": "in_channel"})
    assert [(message.text, message.ephemeral_to) for message in ws.messages("mailops")] == [("shared", "")]


async def test_an_unclear_choice_between_replacing_and_posting_is_noted(ws, command, click):
    respond = await command()
    await respond.send_dict({"text": "result", "blocks": [actions("share")], "replace_original": True})
    assert "no original" in ws.log[-1].warnings[0]
    respond = await click(ws.messages("mailops")[0])
    await respond.send_dict({"text": "more"})
    assert ws.log[-1].warnings == ["say replace_original: false beside a component"]
    await respond.send_dict({"text": "more", "replace_original": False})
    assert ws.log[-1].warnings == []


async def test_refused_contents_are_a_400_with_slacks_word(ws, command):
    respond = await command()
    nothing = await respond.send_dict({"text": ""})
    broken = await respond.send_dict({"text": "x", "blocks": [section("x" * 3001)]})

    assert (nothing.status_code, nothing.body) == (400, '{"ok": false, "error": "no_text"}')
    assert broken.status_code == 400
    assert "invalid_blocks" in broken.body


async def test_it_can_be_rate_limited(ws, command):
    respond = await command()
    ws.rate_limit("response_url", retry_after=7)
    limited = await respond.send_dict({"text": "x"})
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    assert (await respond.send_dict({"text": "x"})).status_code == 200


async def test_blocks_without_text_are_noted_in_the_log(ws, command):
    respond = await command()
    await respond.send_dict({"blocks": [section("x")]})
    assert ws.log[-1].warnings == ["no text beside the blocks"]
