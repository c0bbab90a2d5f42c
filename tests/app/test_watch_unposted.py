"""A channel that takes no posts: the watch goes on, who is concerned hears directly, the channel afterwards."""

import re
from dataclasses import replace

import pytest

from commands.watch.state.routes import SLACK
from storage.queries import OPERATOR
from storage.watches import Change

from .test_watch_alerts import broken, told
from .watchers import TARGET, watchers_on


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        await made.type(f"add {TARGET} 25 notify <@{ws.user('bruno').id}|bruno>")
        await made.tick()
        yield made
    assert not [call for call in ws.log if call.error == "invalid_blocks" or call.warnings]


def direct(ws, who):
    return [told(message) for message in ws.messages(ws.dm(who))]


@pytest.mark.parametrize("trouble", ["removed", "archived", "account_inactive"])
async def test_what_cannot_be_posted_is_told_by_direct_message_to_the_owner_and_to_whom_it_names(w, ws, trouble):
    if trouble == "removed":
        ws.channel("mailops").members.discard(ws.bot.id)
    elif trouble == "archived":
        ws.channel("mailops").is_archived = True
    else:
        ws.fail("chat.postMessage", "account_inactive")
    w.world.breaks()
    await w.pass_by(minutes=30)
    for who in ("ana", "bruno"):
        [words] = direct(ws, who)
        assert f"*Portero goes on looking at {TARGET}*" in words and f":red_circle: *{TARGET}: 25 no answer*" in words
        people = ", ".join(f"<@{ws.user(one).id}>" for one in ("ana", "bruno"))
        assert words.endswith(f"Told this way: {people}.")
        ways = {
            "removed": "Type `/invite @portero` there: what is still bad then is told there",
            "archived": "Unarchive it, then type",
        }
        assert ways.get(trouble, "has to install Portero again, then type `/smtpwatch resume") in words
    watch = (await w.the_watch()).document
    assert (watch["paused"], watch["unposted"]["who"]) == (None, "portero")
    listed = (await w.type("list all", channel="delivery")).text
    assert "down since" in listed and "Portero cannot post in its channel: it tells by direct message" in listed


async def test_an_outage_in_an_archived_channel_is_told_to_its_end_and_lasts_as_long_as_it_was(w, ws):
    await w.type(f"edit {TARGET} then <@{ws.user('greta').id}> after 30m")
    there = ws.channel("mailops")
    there.is_archived = True
    w.world.breaks()
    await w.pass_by(minutes=30)
    w.world.breaks(failing=(f"no_answer {TARGET}:25", f"refused {TARGET}:587"))
    await w.pass_by(minutes=40)
    [greta] = direct(ws, "greta")
    assert greta.startswith(f":red_circle: *{TARGET}: ") and "that channel is archived" in greta, (
        "nobody acknowledged it"
    )
    w.world.heals()
    await w.pass_by(minutes=60)
    _, grew, over = direct(ws, "bruno")
    assert "587 refused" in grew and re.match(
        rf":large_green_circle: \*{TARGET} recovered\*\nDown for (1h|[45]\dm)", over
    )
    there.is_archived = False
    w.ws.clock.advance(1)
    await ws.event("channel_unarchive", channel=there.id, user=ws.user("ana").id)
    await w.stage.bot.dispatcher.idle()
    await w.pass_by(minutes=20)
    line, row = told(w.posted()[-1]).split("What was down meanwhile and is over:\n")
    assert line == f":eyes: Portero can post here again. The watch on {TARGET} goes on.\n"
    assert re.fullmatch(
        rf"• :large_green_circle: TIME \*{TARGET}\*: 25 no answer; 587 refused, (1h|[45]\dm)[ \dm]* · `ID.1`", row
    )
    assert (await w.the_watch()).document["unposted"] is None
    await w.type("incidents")
    told_to = [f"<@{ws.user(one).id}>" for one in ("bruno", "ana", "greta")]
    watch = await w.the_watch()
    await w.press(w.stage.last(), "smtpwatch.incident", f"{watch.id}.1")
    assert set(re.findall(r"<@\w+>", told(w.stage.last()).partition("Told: ")[2].partition("\n")[0])) <= {*told_to}


async def test_a_channel_that_takes_posts_again_unheard_of_is_noticed_by_the_next_alert(w, ws):
    ws.channel("mailops").is_archived = True
    w.world.breaks()
    await w.pass_by(minutes=30)
    ws.channel("mailops").is_archived = False
    w.world.heals()
    await w.pass_by(minutes=40)
    [end] = [message for message in w.posted() if " recovered" in message.text]
    bruno, ana = ws.user("bruno").id, ws.user("ana").id
    assert told(end).endswith(f":mega: Told: <@{bruno}>, <@{ana}>"), "by direct message"
    assert (await w.the_watch()).document["unposted"] is None


async def test_whoever_runs_portero_is_told_of_a_watch_that_nobody_owns(w, ws):
    row = await w.the_watch()
    await w.services.watches.change(row.id, lambda one, _sight: Change(replace(one, owner="")), OPERATOR)
    [slack] = [one for one in w.delivery.notifiers if one.route == SLACK]
    slack.admins = {ws.user("bruno").id}
    ws.channel("mailops").members.discard(ws.bot.id)
    w.world.breaks()
    await w.pass_by(minutes=30)
    assert [f"{TARGET}: 25 no answer" in words for words in direct(ws, "bruno")] == [True]


async def test_an_alert_that_could_not_be_posted_is_posted_once_the_watch_goes_on(w, ws):
    ws.channel("mailops").members.discard(ws.bot.id)
    w.world.breaks()
    await w.pass_by(minutes=30)
    assert not [message for message in w.posted() if "no answer" in message.text]
    ws.channel("mailops").members.add(ws.bot.id)
    await w.type(f"resume {TARGET}")
    await w.tick()
    [alert] = [message for message in w.posted() if "no answer" in message.text]
    assert ws.user("bruno").id in alert.text
    await w.pass_by(minutes=60)
    assert len([message for message in w.posted() if "no answer" in message.text]) == 1


async def test_a_channel_that_comes_back_is_tried_again_and_what_is_still_bad_is_told(w, ws):
    there = ws.channel("mailops")
    there.members.discard(ws.bot.id)
    there.is_archived = True
    w.world.breaks()
    await w.pass_by(minutes=30)

    async def hears(event, **more):
        before = len(w.posted())
        await ws.event(event, channel=there.id, **more)
        await w.stage.bot.dispatcher.idle()
        await w.pass_by(minutes=20)
        runs = (await w.the_watch()).document["unposted"] is None
        return [message.text for message in w.posted()[before:]], runs

    assert await hears("member_joined_channel", user=ws.user("bruno").id) == ([], False)
    there.is_archived = False
    assert await hears("channel_unarchive", user=ws.user("ana").id) == ([], False)
    there.members.add(ws.bot.id)
    assert await hears("member_joined_channel", user=ws.user("bruno").id) == ([], False)
    [line, alert, *_], runs = await hears("member_joined_channel", user=ws.bot.id)
    assert line == f":eyes: Portero can post here again. The watch on {TARGET} goes on."
    assert ("25 no answer" in alert, ws.user("bruno").id in alert, runs) == (True, True, True)
    assert await hears("member_joined_channel", user=ws.bot.id) == ([], True)


async def test_an_alert_that_could_not_be_brought_up_to_date_is_so_once_the_watch_goes_on(w, ws):
    alert = await broken(w)
    ws.channel("mailops").is_archived = True
    w.world.breaks(failing=(f"refused {TARGET}:25",))
    await w.pass_by(minutes=30)
    ws.channel("mailops").is_archived = False
    await w.type(f"resume {TARGET}")
    w.world.heals()
    await w.pass_by(minutes=30)
    assert " recovered" in alert.text


async def test_an_open_alert_follows_its_watch_out_of_a_channel_that_was_archived(w, ws):
    await broken(w)
    ws.channel("mailops").is_archived = True
    w.world.breaks(failing=(f"refused {TARGET}:25",))
    await w.pass_by(minutes=30)
    assert (await w.the_watch()).document["unposted"]["why"] == "is_inactive"
    there = ws.channel("delivery")
    await w.type(f"edit {TARGET} in <#{there.id}|delivery>", channel="delivery")
    await w.tick()
    [alert] = [message for message in w.posted("delivery") if "25 refused" in message.text]
    w.world.heals()
    await w.pass_by(minutes=30)
    assert " recovered" in alert.text
    assert (await w.the_watch()).document["unposted"] is None


async def test_an_alert_whose_watch_moved_is_posted_where_it_is_now_when_the_old_channel_is_closed(w, ws):
    await broken(w)
    there = ws.channel("delivery")
    await w.type(f"edit {TARGET} in <#{there.id}|delivery>", channel="delivery")
    ws.channel("mailops").is_archived = True
    w.world.heals()
    await w.pass_by(minutes=30)
    assert len([message for message in w.posted("delivery") if " recovered" in message.text]) == 1
    assert (await w.the_watch()).document["unposted"] is None


async def test_a_mention_of_who_has_left_is_said_to_reach_nobody_and_whose_watch_it_is_hears_of_it(w, ws):
    ana, bruno = ws.user("ana"), ws.user("bruno")
    bruno.deleted = True
    alert = await broken(w)
    [said] = [one for one in w.posted() if one.text.startswith(":warning:")]
    assert said.thread_ts == alert.ts and told(said) == (
        f":warning: <@{bruno.id}> has left the workspace, so this mention reaches nobody. "
        f"`/smtpwatch edit ID notify @somebody` names somebody else. <@{ana.id}>"
    )
    posts = [call.args for call in ws.calls("chat.postMessage") if "has left" in str(call.args)]
    assert [one["reply_broadcast"] for one in posts] == [True]
    w.world.heals()
    await w.pass_by(minutes=30)
    assert "recovered" in alert.text and "Told:" not in alert.text


async def test_whoever_runs_portero_is_told_where_all_who_would_be_have_left(w, ws):
    [slack] = [one for one in w.delivery.notifiers if one.route == SLACK]
    slack.admins = {ws.user("greta").id}
    for name in ("ana", "bruno"):
        ws.user(name).deleted = True
    ws.channel("mailops").members.discard(ws.bot.id)
    w.world.breaks()
    await w.pass_by(minutes=30)
    [words] = direct(ws, "greta")
    people = ", ".join(f"<@{ws.user(one).id}>" for one in ("ana", "bruno"))
    assert words.endswith(f"{people} would be told, and have left the workspace.")
    assert direct(ws, "ana") == direct(ws, "bruno") == []
