"""A stored result is private until somebody shares it; then the channel sees it as it is stored, and who shared it."""

from datetime import UTC, datetime, timedelta

from storage.history import OPERATOR, Query
from tests.history.documents import HOST
from tests.history.made import stored_check

from .stage import bot_on, content

NOW = datetime.now(UTC)
CONFIG = "<source 0/0>\nalways-allow-relaying yes\n</source>"


async def keep(services, ws, channel="mailops", by="ana"):
    """One result; its id."""
    kept, readings = stored_check(
        7, NOW - timedelta(hours=3), NOW + timedelta(days=9), actor=ws.user(by).id, channel=ws.channel(channel).id
    )
    await services.history.add(kept, readings)
    return kept.id


async def test_a_private_result_stays_private_until_it_is_shared(ws, services):
    await keep(services, ws)
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
        assert stage.seen("bruno") == []
        await stage.press("smtpcheck.share_beside")
        [shared] = stage.seen("bruno")
    assert f"Shared by <@{ws.user('ana').id}>" in shared.text
    assert HOST in content(shared)
    assert await services.history.count(Query(OPERATOR)) == 1


async def test_who_shares_what_another_asked_says_both(ws, services):
    await keep(services, ws, by="bruno")
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
        await stage.press("smtpcheck.share_beside")
        shared = stage.last("bruno")
    assert f"Shared by <@{ws.user('ana').id}>; asked by <@{ws.user('bruno').id}>" in shared.text


async def test_what_was_asked_in_a_thread_is_shared_in_the_thread(ws, services):
    async with bot_on(ws, services, pace=()) as stage:
        first = ws.say("bruno", "mailops", "is this right?")
        await ws.shortcut("pmta_validate", "ana", ws.say("bruno", "mailops", CONFIG, thread_ts=first.ts))
        await stage.bot.dispatcher.idle()
        private = stage.last()
        assert (private.ephemeral_to, private.thread_ts) == (ws.user("ana").id, first.ts)
        await stage.press("pmta.share")
        shared = stage.last("bruno")
    assert "Shared by" in shared.text
    assert (shared.thread_ts, shared.ephemeral_to) == (first.ts, "")


async def test_where_the_bot_is_no_member_it_says_how_to_invite_it_and_shows_nothing(ws, services):
    """It shares through the response_url there; once that is used up nothing but an invitation helps."""
    await keep(services, ws, "board")
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}", channel="board")
        ws.channel("board").members.add(ws.user("bruno").id)
        ws.fail("response_url", "used_url", status=404, times=9)
        await stage.press("smtpcheck.share_beside", channel="board")
        told = ws.messages(ws.dm("ana"))[-1].text
        assert stage.seen("bruno", "board") == []
    assert "Not shared" in told
    assert "`/invite @portero`" in told


async def test_a_result_that_is_gone_is_shared_by_nobody(ws, services):
    kept = await keep(services, ws)
    async with bot_on(ws, services, pace=()) as stage:
        await stage.type(f"/smtphistory {HOST}")
        await services.history.delete(kept, OPERATOR)
        await stage.press("smtpcheck.share_beside")
        assert "not in the history any more" in stage.last().text
        assert stage.seen("bruno") == []
