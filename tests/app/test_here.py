from .stage import content


async def test_here_posts_in_the_channel_as_the_bot(stage):
    await stage.type("/smtpcheck mail.lab.example 25 here")
    message = stage.last(user="bruno")
    assert message.ephemeral_to == ""
    assert "mail.lab.example" in message.text
    assert stage.ws.calls("response_url") == []
    assert "smtpcheck.share" not in content(message)


async def test_here_answers_through_the_response_url_where_the_bot_is_no_member(stage):
    await stage.type("/smtpcheck mail.lab.example 25 here", channel="general")
    message = stage.last(user="bruno", channel="general")
    assert message.ephemeral_to == ""
    assert [call.error for call in stage.ws.calls("chat.postMessage")] == ["not_in_channel"]
    assert [call.args["response_type"] for call in stage.ws.calls("response_url")] == ["in_channel"]


async def test_here_works_in_a_private_channel_that_the_bot_does_not_see(stage):
    await stage.type("/smtpcheck mail.lab.example 25 here", channel="board")
    assert "mail.lab.example" in stage.last(channel="board").text


async def test_wrong_input_with_here_is_still_private(stage):
    await stage.type("/smtpcheck mail.lab.example 22 here")
    assert stage.seen(user="bruno") == []
    assert stage.last().ephemeral_to
