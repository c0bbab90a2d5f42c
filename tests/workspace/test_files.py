import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.workspace.model import FileUpload


async def test_the_sdk_uploads_to_a_direct_message_and_a_channel(ws, client):
    dm = (await client.conversations_open(users=ws.user("ana").id))["channel"]["id"]
    await client.files_upload_v2(channel=dm, filename="report.txt", content="all open", initial_comment="Report")
    (message,) = ws.messages(ws.dm("ana"), viewer="ana")
    assert message.text == "Report"
    assert (message.files[0].name, message.files[0].content) == ("report.txt", b"all open")


async def test_sharing_a_file_needs_membership_even_in_public_channels(ws, client):
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.files_upload_v2(channel=ws.channel("general").id, filename="x.txt", content="x")


async def test_an_upload_is_completed_once_and_only_with_contents(ws, client, session):
    given = await client.files_getUploadURLExternal(filename="x.txt", length=1)
    item = {"id": given["file_id"], "title": "x"}
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[item])
    async with session.post(given["upload_url"], data=b"x") as answer:
        assert answer.status == 200
    await client.files_completeUploadExternal(files=[item])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[item])
    assert ws.files[given["file_id"]].content == b"x"


async def test_files_of_channels_that_the_bot_cannot_read_are_a_login_page(ws, session):
    headers = {"Authorization": f"Bearer {ws.bot_token}"}
    answers = {}
    for channel in ("board", "delivery"):
        message = ws.say("ana", channel, "", attached=[FileUpload("config", b"smtp-port 25")])
        async with session.get(message.files[0].url, headers=headers) as answer:
            answers[channel] = (answer.content_type, await answer.read() == b"smtp-port 25")
    assert answers == {"board": ("text/html", False), "delivery": ("text/plain", True)}
