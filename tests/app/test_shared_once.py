"""A result stands in a conversation once; the private answer says where, and whoever shared it can take it back."""

import asyncio
import json
import re

import pytest

from tests.history.documents import HOST

from .stage import bot_on, content
from .test_sharing import CONFIG, keep

QUESTION = "/smtpport sparkpost from google cloud"
WAYS = {"smtpport": QUESTION, "pmta": f"/pmta {CONFIG}"}


@pytest.fixture
async def stage(ws, services):
    async with bot_on(ws, services, pace=()) as running:
        yield running


def shared_in(stage, channel="mailops"):
    """The posts that everybody sees."""
    return [message for message in stage.seen("bruno", channel) if "Shared by" in message.text]


async def click(stage, message, action, user="ana"):
    await stage.ws.click(message, action, user=user)
    await stage.bot.dispatcher.idle()


def bare(message):
    """What is said, without buttons and the ids that Slack gives."""
    shown = [block for block in message.blocks if block["type"] != "actions"]
    return [{name: value for name, value in block.items() if name != "block_id"} for block in shown]


async def share(stage, line=QUESTION, user="ana"):
    """Ask and share; the private answer."""
    command = line.split()[0][1:]
    await stage.type(line, user)
    private = stage.last(user)
    await click(stage, private, f"{command}.share", user)
    return private


@pytest.mark.parametrize("command", WAYS)
async def test_the_private_answer_says_where_it_is_shared_and_offers_to_take_it_back(stage, command):
    await stage.type(WAYS[command])
    private = stage.last()
    before = bare(private)
    await click(stage, private, f"{command}.share")
    link = re.search(r"Shared in <#C\d+>, <!date\^\d+\^{time}\^(\S+)\|\d\d:\d\d>\.", private.text)[1]
    [post] = shared_in(stage)
    assert link.endswith(post.ts.replace(".", ""))
    assert bare(private)[: len(before)] == before
    assert f'{command}.share"' not in content(private)
    await click(stage, private, f"{command}.take_back")
    assert shared_in(stage) == []
    assert "Taken back from <#" in private.text
    assert "Shared in" not in content(private)
    await click(stage, private, f"{command}.share")
    assert len(shared_in(stage)) == 1


async def test_pressed_twice_at_the_same_moment_it_is_posted_once(stage):
    await stage.type(QUESTION)
    private = stage.last()
    await asyncio.gather(*(stage.ws.click(private, "smtpport.share", user="ana") for _ in range(2)))
    await stage.bot.dispatcher.idle()
    assert len(shared_in(stage)) == 1
    assert private.text.count("Shared in") == 1


async def test_who_comes_second_is_told_who_shared_it_and_cannot_take_it_back(ws, stage, services):
    await keep(services, ws)
    for user in ("bruno", "ana"):
        await stage.type(f"/smtphistory {HOST}", user)
        await click(stage, stage.last(user), "smtpcheck.share_beside", user)
    assert len(shared_in(stage)) == 1
    theirs = next(message for message in reversed(stage.seen("ana")) if message.ephemeral_to == ws.user("ana").id)
    assert f"by <@{ws.user('bruno').id}>, <!date^" in theirs.text
    assert "take_back" not in content(theirs)
    assert "Export CSV" in content(theirs), "the page of the history is still that"


async def test_what_somebody_deleted_can_be_shared_again(stage):
    private = await share(stage)
    shared_in(stage)[0].deleted = True
    await click(stage, private, "smtpport.take_back")
    assert "It was gone from <#" in private.text
    await click(stage, private, "smtpport.share")
    shared_in(stage)[0].deleted = True
    other = await share(stage, user="bruno")
    assert "Shared in" in other.text
    assert len(shared_in(stage)) == 1


async def test_what_was_deleted_meanwhile_is_posted_anew_by_another_press(ws, stage, services):
    await keep(services, ws)
    for _ in range(2):
        await stage.type(f"/smtphistory {HOST}")
        page = stage.last()
        await click(stage, page, "smtpcheck.share_beside")
        [post] = shared_in(stage)
        post.deleted = True
    assert "Shared in" in page.text


@pytest.mark.parametrize(
    ("line", "copied"), [(QUESTION, True), (f"/pmta {CONFIG}", False)], ids=["what is stored", "what quotes a config"]
)
async def test_a_restart_forgets_nothing(ws, services, line, copied):
    command = line.split()[0][1:]
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(line)
        private = stage.last()
    async with bot_on(ws, services, pace=()) as stage:
        await click(stage, private, f"{command}.share")
        shown = private if copied else stage.last()
        assert "Shared in" in shown.text
    async with bot_on(ws, services, pace=()) as stage:
        await click(stage, private, f"{command}.take_back" if copied else f"{command}.share")
        assert len(shared_in(stage)) == (0 if copied else 1)
        await click(stage, shown, f"{command}.share" if copied else f"{command}.take_back")
        assert len(shared_in(stage)) == (1 if copied else 0)
    assert ("Shared in" in private.text) is copied


async def test_a_page_of_the_history_is_not_replaced_by_one_of_its_results(ws, services):
    await keep(services, ws)
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
        page = stage.last()
    async with bot_on(ws, services, pace=()) as stage:
        await click(stage, page, "smtpcheck.share_beside")
        beside = stage.last()
        await click(stage, beside, "smtpcheck.take_back")
    assert page.versions == []
    assert "Taken back" in beside.text
    assert shared_in(stage) == []


async def test_where_the_private_answer_cannot_be_edited_any_more_it_is_said_beside(stage):
    await stage.type(QUESTION)
    private = stage.last()
    stage.ws.fail("response_url", "used_url", status=404, times=2)
    await click(stage, private, "smtpport.share")
    beside = stage.last()
    assert (private.versions, beside.ephemeral_to) == ([], stage.ws.user("ana").id)
    assert beside.text.startswith(":white_check_mark: Shared in <#")
    await click(stage, beside, "smtpport.take_back")
    assert "Taken back" in beside.text
    assert shared_in(stage) == []


async def test_where_the_bot_is_no_member_it_is_shared_once_and_says_that_it_stays(stage):
    await stage.type(QUESTION, channel="general")
    private = stage.last(channel="general")
    for _ in range(2):
        await click(stage, private, "smtpport.share" if "smtpport.share" in content(private) else "smtpport.why")
    assert len(shared_in(stage, "general")) == 1
    assert "Portero cannot take it back" in private.text
    assert "take_back" not in content(private)


async def test_in_a_dialogue_the_dialogue_says_it(ws, stage, services):
    kept = await keep(services, ws)
    await stage.type(f"/smtphistory {HOST}")
    page = stage.last()
    await click(stage, page, "smtpcheck.details")
    await click(stage, ws.view_of("ana"), "smtpcheck.share")
    assert "Shared in <#" in json.dumps(ws.view_of("ana").blocks)
    assert kept in json.dumps(ws.view_of("ana").blocks)
    await click(stage, ws.view_of("ana"), "smtpcheck.take_back")
    assert "Taken back" in json.dumps(ws.view_of("ana").blocks)
    assert (shared_in(stage), page.versions) == ([], [])


async def test_from_home_it_is_shared_where_one_chooses_and_said_there(ws, stage, services):
    await keep(services, ws)
    await ws.open_home("ana")
    await stage.bot.dispatcher.idle()
    await click(stage, ws.home_of("ana"), "smtpcheck.details")
    await click(stage, ws.view_of("ana"), "smtpcheck.share")
    for _ in range(2):
        await ws.submit(ws.view_of("ana"), {"channel": ws.channel("delivery").id})
        await stage.bot.dispatcher.idle()
        told = stage.last(channel="delivery")
        assert f"Shared in <#{ws.channel('delivery').id}>" in told.text
        await click(stage, ws.home_of("ana"), "smtpcheck.details")
        await click(stage, ws.view_of("ana"), "smtpcheck.share")
    assert len(shared_in(stage, "delivery")) == 1
    await click(stage, told, "smtpcheck.take_back")
    assert shared_in(stage, "delivery") == []


async def test_what_slack_does_not_delete_is_still_shared_and_it_says_why(stage):
    private = await share(stage)
    stage.ws.fail("chat.delete", "compliance_exports_prevent_deletion")
    await click(stage, private, "smtpport.take_back")
    assert "(`compliance_exports_prevent_deletion`)" in private.text
    await click(stage, private, "smtpport.take_back")
    assert "Taken back" in private.text


async def test_what_could_not_be_posted_is_not_taken_for_shared(stage):
    await stage.type(QUESTION)
    private = stage.last()
    stage.ws.fail("chat.postMessage", "internal_error", times=9)
    stage.ws.fail("response_url", "used_url", status=404)
    await click(stage, private, "smtpport.share")
    assert "Slack did not take it in the channel" in stage.last().text
    stage.ws.state.faults.clear()
    await click(stage, private, "smtpport.share")
    assert len(shared_in(stage)) == 1


async def test_nobody_takes_back_what_another_shared(stage):
    private = await share(stage)
    value = next(
        one["value"]
        for block in private.blocks
        for one in block.get("elements", [])
        if "value" in one and "C0" in one["value"]
    )
    await stage.type(QUESTION, "bruno")
    theirs = stage.last("bruno")
    button = next(
        one for block in theirs.blocks for one in block.get("elements", []) if one.get("action_id") == "smtpport.share"
    )
    button |= {"action_id": "smtpport.take_back", "value": value}
    await click(stage, theirs, "smtpport.take_back", "bruno")
    assert "Only who shared a result takes it back" in stage.last("bruno").text
    assert len(shared_in(stage)) == 1
