import pytest

from bot.slack.replies.answers import NO_SCOPE
from commands.blocks import actions, button, section, table
from commands.contract import Action, Attachment, Reply

from .stage import content, echo

TABLE = [section("*head*"), table([("Port", "State"), ("25", "open")])]


async def tabular(_request, _services):
    yield Reply("the answer", TABLE)


async def public(_request, _services):
    yield Reply("the answer", TABLE, public=True)


async def bearer(_request, _services):
    yield Reply("press", [actions(button("Go", "echo.go", "7"))])


async def test_a_spent_response_url_leads_to_a_private_message_in_the_channel(serving, ws):
    async with serving() as stage:
        ws.fail("response_url", "used_url", status=404)
        await stage.type("/echo hello")
    assert [call.method for call in ws.log[-2:]] == ["response_url", "chat.postEphemeral"]
    assert stage.last().text == "echo hello"


async def test_and_where_the_bot_is_no_member_to_a_direct_message(serving, ws):
    async with serving() as stage:
        ws.fail("response_url", "expired_url", status=404)
        await stage.type("/echo hello", channel="board")
    assert ws.messages(ws.dm("ana"))[-1].text == "echo hello"


async def test_a_url_that_expired_while_the_check_ran_is_no_loss(serving, ws):
    async def slow(_request, _services):
        ws.clock.advance(1801)
        yield Reply("late")

    async with serving(slow) as stage:
        await stage.type("/echo")
    assert stage.last().text == "late"


async def test_a_public_answer_that_no_public_door_takes_reaches_the_asker(serving, ws):
    async with serving(public) as stage:
        ws.fail("response_url", "expired_url", times=2, status=404)
        await stage.type("/echo", channel="board")
    assert ws.messages(ws.dm("ana"))[-1].text.endswith("then ask again.\nthe answer")
    assert "`/invite @portero`" in content(ws.messages(ws.dm("ana"))[-1])


async def test_what_could_not_be_shared_says_how_to_invite_the_bot(serving, ws):
    async def sharing(_request, _services):
        yield Reply("the answer\nShared by somebody", TABLE, public=True, instead="Not shared: /invite @portero")

    async with serving(sharing) as stage:
        ws.fail("response_url", "expired_url", times=2, status=404)
        await stage.type("/echo", channel="board")
    assert ws.messages(ws.dm("ana"))[-1].text == "Not shared: /invite @portero"


@pytest.mark.parametrize("channel", ["mailops", "general"])
async def test_what_was_asked_in_a_thread_is_answered_there(serving, ws, channel):
    async with serving(shortcuts={"ask": public}) as stage:
        first = ws.say("ana", channel, "a question")
        message = ws.say("bruno", channel, "an answer", thread_ts=first.ts)
        await ws.shortcut("ask", "ana", message)
        await stage.bot.dispatcher.idle()
    assert (stage.last(channel=channel).thread_ts, stage.last("bruno", channel).text) == (first.ts, "the answer")


async def test_a_private_answer_in_a_thread_stays_there_and_its_buttons_too(serving, ws):
    async with serving(bearer, shortcuts={"ask": bearer}, actions={"go": Action(public)}) as stage:
        first = ws.say("ana", "mailops", "a question")
        await ws.shortcut("ask", "ana", ws.say("bruno", "mailops", "an answer", thread_ts=first.ts))
        await stage.bot.dispatcher.idle()
        assert (stage.last().thread_ts, stage.last().ephemeral_to) == (first.ts, ws.user("ana").id)
        await stage.press("echo.go")
    assert (stage.last("bruno").thread_ts, stage.last("bruno").text) == (first.ts, "the answer")


async def test_what_is_asked_at_the_message_that_a_thread_hangs_on_is_answered_in_that_thread(serving, ws):
    async with serving(shortcuts={"ask": public}) as stage:
        first = ws.say("ana", "mailops", "a question")
        first.thread_ts = first.ts
        await ws.shortcut("ask", "ana", first)
        await stage.bot.dispatcher.idle()
    assert stage.last("bruno").thread_ts == first.ts


async def test_a_refused_table_becomes_preformatted_text(serving, ws):
    async with serving(tabular) as stage:
        ws.fail("response_url", "invalid_blocks", status=400)
        await stage.type("/echo")
    [message] = stage.seen()
    assert [block["type"] for block in message.blocks] == ["section", "rich_text"]
    assert "Port  State\\n25    open" in content(message)


async def test_refused_blocks_leave_the_text(serving, ws):
    async with serving(tabular) as stage:
        ws.fail("response_url", "invalid_blocks", times=2, status=400)
        await stage.type("/echo")
    [message] = stage.seen()
    assert (message.text, message.blocks) == ("the answer", [])
    assert {call.method for call in ws.log[-3:]} == {"response_url"}


async def test_chat_post_message_is_tried_with_less_as_well(serving, ws):
    async with serving(public) as stage:
        ws.fail("chat.postMessage", "invalid_blocks", times=2)
        await stage.type("/echo")
    [message] = stage.seen(user="bruno")
    assert (message.text, message.blocks) == ("the answer", [])


async def test_blocks_that_break_slacks_rules_do_not_cost_the_answer(serving, ws):
    async def wrong(_request, _services):
        yield Reply("the answer", [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 4000}}])

    async with serving(wrong) as stage:
        await stage.type("/echo")
    assert stage.last().text == "the answer"


@pytest.mark.parametrize(("handler", "method"), [(tabular, "response_url"), (public, "chat.postMessage")])
async def test_a_429_is_tried_again_when_slack_says(serving, ws, handler, method):
    async with serving(handler) as stage:
        ws.rate_limit(method, retry_after=0)
        await stage.type("/echo")
    assert [call.status for call in ws.calls(method)] == [429, 200]
    assert len(stage.seen()) == 1


async def test_an_answer_replaces_the_private_message_whose_button_was_pressed(serving):
    async def replacing(_request, _services):
        yield Reply("pressed", replace=True)

    async with serving(bearer, actions={"go": Action(replacing)}) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert [message.text for message in stage.seen()] == ["pressed"]


async def test_a_public_message_is_not_replaced_by_a_private_answer(serving, ws):
    async def replacing(_request, _services):
        yield Reply("pressed", replace=True)

    async def posting(_request, _services):
        yield Reply("press", [actions(button("Go", "echo.go", "7"))], public=True)

    async with serving(posting, actions={"go": Action(replacing)}) as stage:
        await stage.type("/echo")
        await stage.press("echo.go", user="bruno")
    assert [message.text for message in stage.seen(user="bruno")] == ["press", "pressed"]
    assert stage.last(user="bruno").ephemeral_to == ws.user("bruno").id


async def test_an_action_without_a_replacement_leaves_the_message(serving):
    async with serving(bearer, actions={"go": Action(echo)}) as stage:
        await stage.type("/echo")
        await stage.press("echo.go")
    assert [message.text for message in stage.seen()] == ["press", "echo "]


async def test_files_go_to_the_asker_directly(serving, ws):
    async def exporting(_request, _services):
        yield Reply("exported", files=(Attachment("history.csv", b"a,b\n"),))

    async with serving(exporting) as stage:
        await stage.type("/echo")
    [message] = ws.messages(ws.dm("ana"))
    assert [file.content for file in message.files] == [b"a,b\n"]
    assert stage.last().text == "exported"


async def test_a_large_file_is_sent_in_pieces(serving, ws):
    """aiohttp warns of more than 1 MB that is handed over at once, and a warning is an error here."""
    content = b"0123456789abcdef" * 200_000

    async def exporting(_request, _services):
        yield Reply("exported", files=(Attachment("history.csv", content),))

    async with serving(exporting) as stage:
        await stage.type("/echo")
    [message] = ws.messages(ws.dm("ana"))
    assert [file.content for file in message.files] == [content]
    assert [each.text for each in stage.seen()] == ["exported"]


async def test_a_file_that_slack_does_not_take_is_mentioned_beside_the_answer(serving, ws):
    async def exporting(_request, _services):
        yield Reply("exported", files=(Attachment("history.csv", b"a,b\n"),))

    async with serving(exporting) as stage:
        ws.state.origin += "/nowhere"
        await stage.type("/echo")
    assert [each.text for each in stage.seen()][1] == ":warning: Portero could not send the file history.csv."


@pytest.mark.parametrize(
    ("method", "code", "reason"),
    [
        ("files.getUploadURLExternal", "storage_limit_reached", ""),
        ("files.getUploadURLExternal", "missing_scope", NO_SCOPE),
        ("conversations.open", "missing_scope", NO_SCOPE),
    ],
)
async def test_a_file_that_cannot_be_sent_is_mentioned_beside_the_answer(serving, ws, method, code, reason):
    async def exporting(_request, _services):
        yield Reply("exported", files=(Attachment("history.csv", b"a,b\n"),))

    async with serving(exporting) as stage:
        ws.fail(method, code)
        await stage.type("/echo")
    answer, note = stage.seen()
    assert answer.text == "exported"
    assert note.text == f":warning: Portero could not send the file history.csv{reason}."


async def test_nothing_unfurls(serving, ws):
    async with serving(public) as stage:
        await stage.type("/echo")
        await stage.type("/echo", channel="board")
    posts = [*ws.calls("chat.postMessage"), *ws.calls("response_url")]
    assert {str(call.args["unfurl_links"]).lower() for call in posts} == {"false"}


async def test_a_proxys_page_instead_of_an_answer_closes_the_door(serving, ws):
    async with serving(public) as stage:
        await stage.bot.dispatcher.access.sees_all(ws.user("ana").id)  # who she is, is known from here on
        stage.bot.dispatcher._answering.base_url = ws.api_url.replace("/api/", "/nothing/")
        await stage.type("/echo")
    [message] = stage.seen(user="bruno")
    assert message.text == "the answer"
    assert [call.args["response_type"] for call in ws.calls("response_url")] == ["in_channel"]
