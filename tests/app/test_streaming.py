"""What a thread shows while a check runs: a status, then a message that is written along; and without either."""

import pytest

from bot.demo.workspace.workspace import Workspace
from bot.slack.replies.streaming import as_status, plain
from commands.contract import Progress, Reply

from .stage import bot_on, fake
from .test_conversation import CHECK, answers, written

PACE = (0.0, 0.0, 0.0)
NEWS = ("Checking *a* …", "Checking *a*: 1 of 2 ports done", "Checking *a*: 2 of 2 ports done")


def telling(ws, *methods):
    """A check that says something more as soon as Slack was asked by each method."""

    async def slow(_request, _services):
        for text, method in zip(NEWS, methods, strict=False):
            yield Progress(f":hourglass_flowing_sand: {text}")
            await ws.wait_for(lambda method=method: ws.calls(method))
        yield Reply("found")

    return slow


STATUS, START, APPEND = "assistant.threads.setStatus", "chat.startStream", "chat.appendStream"


async def test_a_status_then_a_stream_then_the_answer_in_its_place(serving, ws):
    async with serving(telling(ws, STATUS, START, APPEND), name="smtpcheck", pace=PACE) as stage:
        asked = await written(stage, f"@portero {CHECK}")
    [answer] = answers(stage)
    assert (answer.text, answer.thread_ts, answer.blocks) == ("found", asked.ts, [])
    assert ws.calls(STATUS)[0].args["status"] == "is checking a …"
    titles = [call.args["chunks"][0]["title"] for call in ws.calls(START) + ws.calls(APPEND)]
    assert titles == ["Checking a: 1 of 2 ports done", "Checking a: 2 of 2 ports done"]
    assert ws.calls("chat.stopStream")[0].args["chunks"][0]["status"] == "complete"
    assert [call.error for call in ws.log if call.error] == []
    assert ws.state.streams == {}
    assert ws.state.statuses == {}


async def test_what_is_done_at_once_shows_its_status_and_no_more(serving, ws):
    async with serving(telling(ws, STATUS), name="smtpcheck", pace=PACE) as stage:
        await written(stage, f"@portero {CHECK}")
    assert [ws.calls(method) for method in (START, APPEND)] == [[], []]
    assert [message.text for message in answers(stage)] == ["found"]


@pytest.mark.parametrize("missing", [(START,), (STATUS, START), (STATUS,)])
async def test_where_the_workspace_has_it_not_a_message_is_edited(services, missing):
    async with Workspace(unknown_methods=missing) as ws:
        told = (STATUS, "chat.postMessage" if START in missing else START)
        handle = telling(ws, *told)
        async with bot_on(ws, services, commands=(fake(handle, "smtpcheck"),), pace=PACE) as stage:
            for _ in range(2):
                asked = await written(stage, f"@portero {CHECK}")
                assert (answers(stage)[-1].text, answers(stage)[-1].thread_ts) == ("found", asked.ts)
        refused = [call.method for call in ws.log if call.error]
    assert refused == [method for method in (STATUS, START) if method in missing]  # asked once, and never again


async def test_a_stream_that_slack_does_not_stop_is_left_and_the_answer_is_a_message_of_its_own(serving, ws):
    async with serving(telling(ws, STATUS, START), name="smtpcheck", pace=PACE) as stage:
        ws.fail("chat.stopStream", "internal_error")
        await written(stage, f"@portero {CHECK}")
    assert answers(stage)[-1].text == "found"
    assert len(answers(stage)) == 2


async def test_a_stream_that_slack_has_ended_is_edited_all_the_same(serving, ws):
    async with serving(telling(ws, STATUS, START, APPEND), name="smtpcheck", pace=PACE) as stage:
        ws.fail(APPEND, "message_not_in_streaming_state")
        await written(stage, f"@portero {CHECK}")
    assert [message.text for message in answers(stage)] == ["found"]


async def test_a_status_whose_answer_stands_elsewhere_is_taken_away(serving, ws):
    async def private(_request, _services):
        yield Progress("Checking …")
        await ws.wait_for(lambda: ws.calls(STATUS))
        yield Reply("for you alone", private=True)

    async with serving(private, name="smtpcheck", pace=PACE) as stage:
        await written(stage, f"@portero {CHECK}")
    assert [call.args["status"] for call in ws.calls(STATUS)] == ["is checking …", ""]


async def test_a_direct_message_beside_threads_is_edited(serving, ws):
    async with serving(telling(ws, "chat.postMessage"), name="smtpcheck", pace=PACE) as stage:
        await written(stage, CHECK, ws.dm("ana"))
    [answer] = answers(stage, ws.dm("ana"))
    assert (answer.text, len(answer.versions)) == ("found", 1)
    assert not ws.calls(STATUS)


async def test_an_answer_that_somebody_deleted_meanwhile_is_posted_anew(serving, ws):
    async def deleted(_request, _services):
        yield Progress("Checking …")
        await ws.wait_for(lambda: answers(stage, ws.dm("ana")))
        answers(stage, ws.dm("ana"))[-1].deleted = True
        yield Reply("found")

    async with serving(deleted, name="smtpcheck", pace=PACE) as stage:
        await written(stage, CHECK, ws.dm("ana"))
    assert [message.text for message in answers(stage, ws.dm("ana"))] == ["found"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (":hourglass_flowing_sand: Checking *a &amp; b* …", "is checking a & b …"),
        ("Waiting for `x`", "is waiting for x"),
        ("One moment", "is working on it …"),
    ],
)
def test_a_status_reads_on_from_the_name_of_the_app(text, status):
    assert as_status(text) == status


def test_what_shows_no_markup_gets_none():
    assert plain(":hourglass_flowing_sand: Checking *mail.example.com*: `25` &lt;open&gt;") == (
        "Checking mail.example.com: 25 <open>"
    )
