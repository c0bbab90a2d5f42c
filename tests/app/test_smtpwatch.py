"""/smtpwatch as its people use it: typed, pressed and filled in, through the real Bolt app on the strict workspace."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from commands.watch.state.rows import to_row
from storage.queries import OPERATOR
from tests.history.documents import entry
from tests.watch.samples import a_watch

from .stage import content
from .watchers import TARGET, watchers_on


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        yield made
    assert not [call for call in ws.log if call.error == "invalid_blocks" or call.warnings]


async def fill(w, values, user="ana"):
    done = await w.ws.submit(w.ws.view_of(user), values)
    await w.stage.bot.dispatcher.idle()
    return done


async def test_without_words_it_shows_this_channels_watches_and_how_to_add_one(w):
    assert "No watches in this channel" in (await w.type("")).text
    await w.type(f"add {TARGET}")
    shown = await w.type("")
    assert "*1 watch in this channel*: 1 waiting for a run" in shown.text
    assert "Add a watch" in content(shown)
    assert "/smtpwatch add mail.example.com every 15m" in (await w.type("help")).text


async def test_a_new_watch_introduces_itself_and_its_maker(w):
    card = await w.type(f"add {TARGET} 25 587 every 5m after 3 failures")
    [line] = w.posted()
    assert f"<@{w.ws.user('ana').id}> watches *{TARGET}* here: mail ports 25, 587, every 5m" in line.text
    assert "is watched from now on" in card.text
    assert "3 failed runs in a row" in card.text


async def test_the_same_watch_is_not_made_twice(w):
    await w.type(f"add {TARGET}")
    assert "watched already" in (await w.type(f"add {TARGET}")).text
    assert len(w.posted()) == 1


async def test_what_is_said_anew_of_a_watch_that_there_is_is_asked_back_and_done_by_its_button(w):
    await w.type(f"add {TARGET} every 5m tag prod")
    bruno = f"<@{w.ws.user('bruno').id}|bruno>"
    asked = {
        f"add {TARGET} every 2m": ("every 5m. Nothing is changed yet. Shall it be: every 2m?", "Every 2m"),
        f"add {TARGET} notify {bruno}": ("its alerts mention nobody. Nothing is changed yet.", "Mention them"),
        f"add {TARGET} every 2m tag core": ("Shall it be: every 2m, tags core prod?", "Every 2m, tags core prod"),
    }
    for text, (said, label) in asked.items():
        told = await w.type(text)
        assert said in told.text
        assert [one.label for one in numbered_buttons(told)] == [label, "Its watch"]
    await w.press(told, numbered_buttons(told)[0])
    card = await w.type(f"show {TARGET}")
    assert "every 2m" in card.text and "core" in card.text and "prod" in card.text


@pytest.mark.parametrize(("channel", "why"), [("general", "is not in <#"), ("delivery", "is archived")])
async def test_a_channel_that_takes_no_post_is_told_and_the_watch_waits(w, channel, why):
    there = w.ws.channel(channel)
    there.is_archived = why == "is archived"
    said = await w.type(f"add {TARGET} in <#{there.id}|{channel}>")
    assert why in said.text
    assert "/invite @portero" in said.text or "another channel" in said.text
    await w.tick()
    assert (await w.the_watch()).document["state"]["last_at"] is None
    there.is_archived = False
    there.members.add(w.ws.bot.id)
    await w.press(said, "smtpwatch.resume")
    await w.tick()
    assert (await w.the_watch()).document["state"]["phase"] == "up"


async def test_nobody_makes_it_talk_in_a_channel_they_are_not_in(w):
    board = w.ws.channel("board")
    board.members.add(w.ws.bot.id)
    said = await w.stage.type(f"/smtpwatch add {TARGET} in <#{board.id}|board>", "bruno")
    assert said.error == ""
    assert "You are not in that channel" in w.stage.last("bruno").text
    assert not w.posted("board")


async def test_others_see_and_change_watches_of_their_channels_alone(w):
    w.ws.channel("board").members.add(w.ws.bot.id)
    await w.type(f"add {TARGET}", channel="board")
    watch = await w.the_watch()
    for line in ("list all", f"show {watch.id}", f"mute {watch.id} noise", f"delete {watch.id}"):
        assert f"*{TARGET}*" not in (await w.type(line, "bruno")).text
    assert (await w.the_watch()).document["muted"] is None
    await w.type(f"add {TARGET} 25")
    assert "*1 watch that you may see*" in (await w.type("list all", "bruno")).text


async def test_the_dialogue_makes_a_watch(w):
    await w.type("add")
    view = w.ws.view_of("ana")
    done = await fill(w, {"target": "not a host!", "ports": "22", "channel": w.ws.channel("mailops").id})
    assert set(done.errors) == {"target", "ports"}
    values = {"target": TARGET, "ports": "25, 587", "channel": w.ws.channel("mailops").id, "mail": "ops@example.com"}
    done = await fill(w, {**values, "maintenance": "sun 02:00-04:00 Europe/Madrid, 12:00-12:30"})
    assert (done.error, done.errors) == ("", {})
    document = (await w.the_watch()).document
    assert view.body["title"]["text"] == "Watch a mail host"
    assert (document["ports"], document["routes"]) == ([25, 587], {"mail": ["ops@example.com"]})
    assert len(document["windows"]) == 2


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("target", "10.0.0.5", "that address is not public"),
        ("ports", "25 banana", "banana is not a port. Allowed ports: 25, 465, 587, 2525."),
        ("maintenance", "sun 02:00-04:00 Europe/Nowhere", "Europe/Nowhere is not a time zone. Type sun 02:00-04:00 "),
        ("maintenance", "sun 02:00-04:00 blue", "blue is not a time zone."),
        ("maintenance", "sun 2-4", "Type sun 02:00-04:00 Europe/Madrid or none."),
        ("mail", "ops@example.com blue", "blue is one word too many. Type ops@example.com or none."),
        ("webhook", "http://a.example.com", "Type https://hooks.example.com/portero."),
    ],
)
async def test_what_is_wrong_in_the_dialogue_is_said_at_its_field_in_words_that_the_field_takes(w, field, typed, error):
    await w.type("add")
    done = await fill(w, {"target": TARGET, "channel": w.ws.channel("mailops").id, field: typed})
    assert error in done.errors[field]
    assert done.errors.keys() == {field}
    assert w.ws.view_of("ana") is not None


async def test_a_name_that_dns_does_not_know_is_asked_back_also_in_the_dialogue(ws, services):
    async def missing(name):
        return "dns_nxdomain" if name.startswith("gone") else ""

    async with watchers_on(ws, replace(services, name_missing=missing)) as w:
        assert "does not exist in DNS" in (await w.type("add gone.example.com:25 every 5m")).text
        assert (await w.type("list")).text.startswith("*No watches")
        await w.type("add")
        values = {"target": "gone.example.com", "channel": w.ws.channel("mailops").id}
        assert "does not exist in DNS" in (await fill(w, values)).errors["target"]
        assert (await fill(w, {**values, "target": "gone.example.com anyway"})).errors == {}
        assert await w.the_watch("gone.example.com")


async def test_what_was_meant_in_the_dialogue_stands_there_then(w):
    await w.type("add")
    values = {"channel": w.ws.channel("mailops").id}
    done = await fill(w, {**values, "target": "mail.lab.example:25:587"})
    assert "one by one" in done.errors["target"]
    done = await fill(w, {**values, "target": "my_mail.lab.example"})
    assert (done.error, done.errors) == ("", {})
    await fill(w, {})
    watch = await w.the_watch("my-mail.lab.example")
    assert watch.channel == values["channel"]


async def test_a_field_may_begin_with_the_name_of_its_option(w):
    await w.type("add")
    values = {"target": TARGET, "channel": w.ws.channel("mailops").id, "mail": "mail ops@example.com"}
    done = await fill(w, {**values, "maintenance": "maintenance sun 02:00-04:00 Europe/Madrid"})
    assert done.errors == {}
    document = (await w.the_watch()).document
    assert (document["routes"]["mail"], len(document["windows"])) == (["ops@example.com"], 1)


async def test_the_dialogue_wants_a_host_but_for_our_own_network(w):
    await w.type("add")
    channel = {"channel": w.ws.channel("mailops").id}
    done = await fill(w, {**channel, "kind": "certificate"})
    assert set(done.errors) == {"target"}
    await fill(w, {**channel, "kind": "network", "ports": "25"})
    assert (await w.the_watch("network")).kind == "network"


async def test_the_dialogue_offers_user_groups_where_they_are_known(w):
    group = w.ws.add_group(["bruno"], "mail-ops")
    await w.type("add")
    assert "@mail-ops" in json.dumps(w.ws.view_of("ana").body)
    await fill(w, {"target": TARGET, "channel": w.ws.channel("mailops").id, "group": group})
    assert (await w.the_watch()).document["notify"] == group
    await w.type(f"edit {TARGET}")
    await fill(w, {"every": "1h"})
    assert (await w.the_watch()).document["notify"] == group
    await w.type(f"edit {TARGET}")
    await fill(w, {"group": "none", "notify": w.ws.user("ana").id})
    assert (await w.the_watch()).document["notify"] == w.ws.user("ana").id


async def test_without_the_scope_the_dialogue_takes_the_id_of_a_group(w):
    group = w.ws.add_group(["bruno"], "mail-ops")
    w.ws.state.scopes = frozenset({"chat:write", "users:read", "channels:read", "groups:read"})
    await w.type("add")
    assert "mail-ops" not in json.dumps(w.ws.view_of("ana").body)
    values = {"target": TARGET, "channel": w.ws.channel("mailops").id}
    for wrong, words in (("@mail-ops", "nobody whom I can mention"), (w.ws.user("ana").id, "That is a person")):
        done = await fill(w, {**values, "group": wrong})
        assert words in done.errors["group"]
    await fill(w, {**values, "group": group})
    assert (await w.the_watch()).document["notify"] == group


async def test_the_dialogue_edits_a_watch(w):
    await w.type(f"add {TARGET} notify <@{w.ws.user('bruno').id}|bruno>")
    await w.type(f"edit {TARGET}")
    assert TARGET not in json.dumps(w.ws.view_of("ana").body["title"])
    await fill(w, {"every": "1h"})
    document = (await w.the_watch()).document
    assert (document["every_s"], document["notify"]) == (3600, w.ws.user("bruno").id)


async def test_a_deleted_watch_comes_back_within_ten_minutes(w):
    await w.type(f"add {TARGET}")
    asked = await w.type(f"delete {TARGET}")
    assert "Delete the watch" in asked.text
    await w.press(asked, "smtpwatch.delete")
    assert "No watches" in (await w.type("list")).text
    await w.press(w.stage.last(), "smtpwatch.new")
    await w.type("add other.example.com")
    which = await w.type("undo")
    assert (f"Bring back {TARGET}" in content(which), "other.example.com" in content(which)) == (True, False)
    gone = await w.type(f"undo {TARGET}")
    assert "is watched again" in gone.text
    assert "`/portero delete` says how a result is deleted" in (await w.type("delete mx3.example.com")).text


async def test_who_was_asked_whether_a_watch_shall_go_its_owner_and_admins_answer_that(w):
    await w.type(f"add {TARGET}")
    await w.ws.write("ana", "mailops", f"@portero delete the watch on {TARGET}")
    await w.stage.bot.dispatcher.idle()
    asked = w.posted()[-1]
    await w.press(asked, "smtpwatch.delete", user="bruno")
    refused = w.stage.seen("bruno")[-1].text
    assert "Somebody else was asked that" in refused
    assert TARGET in (await w.type("list", "bruno")).text
    await w.press(asked, "smtpwatch.delete")
    assert "No watches" in (await w.type("list")).text


async def test_a_mail_address_makes_a_watch_on_its_domain_that_stays_one(w):
    await w.type("add ops@example.com 25")
    assert (await w.the_watch("example.com")).document["state"]["baseline"] == {"kind": "domain"}
    await w.type("edit example.com ports 25 587")
    assert (await w.the_watch("example.com")).document["state"]["baseline"] == {"kind": "domain"}


async def test_a_button_of_a_watch_that_is_gone_says_so_without_a_usage(w):
    card = await w.type(f"add {TARGET}")
    await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
    await w.press(card, "smtpwatch.snooze1")
    assert "That watch is not there any more" in w.stage.last().text
    assert "[PORTS]" not in w.stage.last().text


async def test_undo_is_refused_after_ten_minutes(w):
    await w.type(f"add {TARGET}")
    await w.press(await w.type(f"delete {TARGET}"), "smtpwatch.delete")
    w.clock.advance(601)
    assert "more than ten minutes ago" in (await w.type(f"undo {TARGET}")).text


async def test_a_test_alert_shows_what_one_looks_like_and_mentions_nobody(w):
    await w.type(f"add {TARGET} 25 587 notify <@{w.ws.user('bruno').id}|bruno>")
    await w.type(f"test {TARGET}")
    message = w.posted()[-1]
    assert "A test" in message.text
    assert f"{TARGET}: 25, 587 no answer" in message.text
    assert w.ws.user("bruno").id not in content(message) + message.text


@pytest.mark.parametrize(
    ("action", "value"),
    [("ack", None), ("snooze1", None), ("run", None), ("more", "snooze8 test"), ("more", "show test")],
)
async def test_the_buttons_of_a_test_alert_do_nothing_and_say_so(w, action, value):
    await w.type(f"add {TARGET}")
    await w.type(f"test {TARGET}")
    before = await w.the_watch()
    await w.press(w.posted()[-1], f"smtpwatch.{action}", value)
    assert "its buttons do nothing" in w.stage.last().text
    assert await w.the_watch() == before


async def test_mute_on_a_test_alert_opens_no_form(w):
    await w.type(f"add {TARGET}")
    await w.type(f"test {TARGET}")
    await w.press(w.posted()[-1], "smtpwatch.mute")
    assert "its buttons do nothing" in json.dumps(w.ws.view_of("ana").body)


async def run_again(w, message):
    """Press the button, let the watch run meanwhile, and read the answer."""
    came = w.services.watch_ran.listeners.came
    came.clear()
    await w.ws.click(message, "smtpwatch.run", user="ana")
    await came.wait()
    await w.tick()
    await w.stage.bot.dispatcher.idle()
    return next(one for one in reversed(w.stage.seen()) if one.ephemeral_to)


async def test_run_again_tells_what_came_of_it(w):
    await w.type(f"add {TARGET} 25")
    await w.tick()
    w.world.breaks()
    await w.pass_by(minutes=30)
    alert = next(message for message in w.posted() if "no answer" in message.text)
    assert "was checked again: down since" in (await run_again(w, alert)).text
    w.world.heals()
    said = await run_again(w, alert)
    assert "answers again, waiting for confirmation" in said.text
    assert "2 good runs in a row end the incident" in said.text
    assert said.ephemeral_to


async def test_what_is_done_on_a_card_or_a_list_is_answered_beside_it(w):
    card = await w.type(f"add {TARGET} 25")
    await run_again(w, card)
    listed = await w.type("list")
    await w.press(listed, "smtpwatch.open", w.menu_of(listed)[0]["value"])
    shown = w.stage.last()
    for choice in ("history", "test", "delete"):
        await w.press(shown, "smtpwatch.more", f"{choice} {(await w.the_watch()).id}")
    asked = w.stage.last()
    assert [message.versions for message in (card, listed, shown)] == [[], [], []]
    await w.press(asked, "smtpwatch.delete")
    assert "is deleted" in asked.text


async def test_run_of_a_paused_watch_is_declined(w):
    await w.type(f"add {TARGET} 25")
    await w.type(f"pause {TARGET}")
    assert "That watch is paused" in (await w.type(f"run {TARGET}")).text


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("lst", "Did you mean `/smtpwatch list`?"),
        (TARGET, f"Did you mean `/smtpwatch add {TARGET}`?"),
        ("shw w-1", "Did you mean `/smtpwatch show w-1`?"),
    ],
)
async def test_a_slip_is_answered_with_what_was_meant(w, typed, hint):
    assert hint in (await w.type(typed)).text


async def test_who_is_never_mentioned_is_everybody(w):
    assert "never mentions everybody" in (await w.type(f"add {TARGET} notify <!channel>")).text


async def test_an_edit_cannot_make_it_talk_where_one_is_not_and_a_closed_channel_is_put_back(w):
    board, general = w.ws.channel("board"), w.ws.channel("general")
    board.members.add(w.ws.bot.id)
    await w.type(f"add {TARGET}", "bruno")
    said = await w.type(f"edit {TARGET} in <#{board.id}|board>", "bruno")
    assert "You are not in that channel" in said.text
    assert not w.posted("board")
    said = await w.type(f"edit {TARGET} in <#{general.id}|general>", "bruno")
    assert "Alerts still go to" in said.text
    assert (await w.the_watch()).channel == w.ws.channel("mailops").id
    general.members.add(w.ws.bot.id)
    said = await w.type(f"edit {TARGET} in <#{general.id}|general>", "bruno")
    assert "Changed" in said.text
    who = f"<@{w.ws.user('bruno').id}> moved the watch on *{TARGET}*"
    assert w.posted("general")[-1].text.startswith(f":eyes: {who} here from <#{w.ws.channel('mailops').id}>: ")
    assert f"{who} to <#{general.id}>: nothing alerts here any more." in w.posted()[-1].text


async def test_a_channel_is_told_who_ended_or_paused_what_it_was_told_is_watched(w):
    bruno = f"<@{w.ws.user('bruno').id}>"
    await w.type(f"add {TARGET}")
    await w.type(f"pause {TARGET} works on the rack", "bruno")
    assert f"{bruno} paused the watch on *{TARGET}*: works on the rack. Nothing is looked at" in w.posted()[-1].text
    await w.type(f"resume {TARGET}", "bruno")
    await w.press(await w.type(f"delete {TARGET}", "bruno"), "smtpwatch.delete", user="bruno")
    assert f"{bruno} deleted the watch on *{TARGET}*: nothing alerts here any more." in w.posted()[-1].text
    await w.type(f"undo {TARGET}", "bruno")
    assert f"<@{w.ws.user('ana').id}> watches *{TARGET}* here" in w.posted()[-1].text


async def test_what_cannot_be_read_comes_with_the_usage_of_its_verb(w):
    assert "`/smtpwatch show WATCH`" in (await w.type("show")).text
    said = await w.type("mute nothing.example.com 2d noise")
    assert "`/smtpwatch mute WATCHES [2d|until monday|forever] REASON`" in said.text
    assert "`/smtpwatch digest daily|weekly|monday|off" in (await w.type("digest hourly")).text


async def test_digest_alone_says_which_there_is_and_sets_nothing(w):
    said = await w.type("digest")
    assert said.text.startswith("No digest of the watches is posted in <#")
    await w.press(said, "smtpwatch.instead")
    there = await w.type("digest")
    assert "daily at 09:00 Europe/Madrid, next" in there.text
    assert f"set by <@{w.ws.user('ana').id}>" in there.text
    await w.press(there, "smtpwatch.instead")
    assert (await w.type("digest")).text.startswith("No digest")


async def test_what_no_run_could_ever_connect_to_is_not_watched(w):
    for line in ("add 10.0.0.5", "add certificate 127.0.0.1 465", "add [::1] 25"):
        assert "that address is not public" in (await w.type(line)).text
    assert w.posted() == []
    assert "No watches" in (await w.type("list all")).text


async def test_the_dialogue_of_a_mute_keeps_the_end_that_was_typed(w):
    await w.type(f"add {TARGET}")
    for typed, shown in (("2d", "2d"), ("for 2 days", "2 days"), ("until monday", "monday"), ("7d", "7d"), ("", "7d")):
        await w.type(f"mute {TARGET} {typed}")
        [until] = [block for block in w.ws.view_of("ana").body["blocks"] if block["block_id"] == "until"]
        assert until["element"]["initial_option"]["value"] == shown
    await w.type(f"mute {TARGET} 2d")
    await fill(w, {"why": "moving house"})
    document = (await w.the_watch()).document
    assert round((datetime.fromisoformat(document["muted"]["until"]) - w.clock()) / timedelta(days=2), 3) == 1


async def test_the_end_of_a_snooze_promises_no_alert_that_a_mute_or_a_pause_keeps_back(w):
    await w.type(f"add {TARGET}")
    assert "it alerts again" in (await w.type(f"snooze {TARGET} 1h")).text
    await w.type(f"mute {TARGET} 2d moving")
    said = await w.type(f"snooze {TARGET} 1h")
    assert "It stays quiet after that: :no_bell: muted by" in said.text
    await w.press(said, "smtpwatch.unsnooze")
    assert "The snooze of *mail.example.com* is over. It stays quiet: :no_bell: muted by" in w.stage.last().text
    document = (await w.the_watch()).document
    assert document["muted"]["why"] == "moving"
    await w.type(f"pause {TARGET}")
    assert "stays quiet after that: :double_vertical_bar: paused" in (await w.type(f"snooze {TARGET} 1h")).text
    assert "It is paused, too, and so not checked" in (await w.type(f"mute {TARGET} 2d moving")).text


async def test_several_watches_on_one_host_are_told_apart(w):
    for line in (f"add {TARGET} 25", f"add {TARGET} 25 587", f"add certificate {TARGET}"):
        await w.type(line)
    listed = await w.type("list")
    labels = [option["text"]["text"] for option in w.menu_of(listed)]
    assert len({label.partition(" ")[2] for label in labels}) == len(labels)
    asked = (await w.type(f"show {TARGET}")).text
    for words in ("(mail port 25)", "(mail ports 25, 587)", "(certificates of the ports that answer)"):
        assert words in asked
    assert "Watches mail port 25 every 15m\n" in (await w.type(f"show {TARGET} 25")).text
    assert "Watches mail ports 25, 587" in (await w.type(f"show {TARGET} 587, 25")).text
    assert "Watches certificates" in (await w.type(f"show {TARGET} certificates")).text
    assert "one word too many" in (await w.type(f"show {TARGET} please")).text


async def test_of_several_watches_on_one_host_those_that_are_down_are_meant(w):
    for line in (f"add {TARGET} 25", f"add {TARGET} 25 587"):
        await w.type(line)
    assert "Several watches look at" in (await w.type(f"ack {TARGET}")).text
    await w.tick()
    w.world.breaks()
    await w.pass_by(minutes=40)
    said = (await w.type(f"ack {TARGET} the disk is full, cleaning up")).text
    assert "acknowledged *" in said and "and the other watch of the same message" in said
    assert said.endswith("Your note is in the thread.")
    await w.tick()
    threads = [message.text for message in w.posted() if message.thread_ts]
    assert any(text.endswith("the disk is full, cleaning up") for text in threads)
    assert ":red_circle:" in (await w.type(f"show {TARGET}")).text
    assert "The note is in the thread" in (await w.type(f"note {TARGET} nearly done")).text
    assert "has nothing to resume" not in (await w.type(f"resume {TARGET}")).text


async def test_a_quiet_for_one_watch_of_an_incident_says_that_the_others_alert_and_takes_them_along(w):
    for name in ("mx1.example.com", "mx2.example.com", "mx3.example.com"):
        await w.type(f"add {name} 25")
        await w.type(f"tag {name} dc1")
        w.world.breaks(name)
    await w.pass_by(minutes=40)
    told = await w.type("mute mx2.example.com 3h new switch")
    assert told.text.endswith("The 2 other watches of the same message alert as before.")
    await w.press(told, "smtpwatch.others")
    muted = [row.document["muted"] for row in await w.services.watches.visible_to(OPERATOR)]
    assert len({(one["until"], one["why"]) for one in muted}) == 1 and muted[0]["why"] == "new switch"
    await w.press(told, "smtpwatch.others")
    assert "There is nothing left to do" in w.stage.last().text
    assert "alert as before" not in (await w.type("snooze mx1.example.com 1h")).text


async def test_why_a_run_could_tell_nothing_is_shown(w):
    await w.type(f"add {TARGET} 25")
    w.world.of[TARGET] = ("unknown", {"why": "rate_limited"})
    await w.tick()
    words = "nothing known yet; the last run was inconclusive: 421"
    assert words in (await w.type("list")).text
    assert words in (await w.type(f"show {TARGET}")).text


async def test_a_watch_on_a_certificate_that_expired_is_down_wherever_it_is_shown(w):
    await w.type(f"add certificate {TARGET}")
    ends = (w.clock() - timedelta(days=12)).isoformat()
    shown = {f"{TARGET}:465": {"not_after": ends, "subject": "CN=mail"}}
    w.world.breaks(failing=(f"cert_expired {TARGET}:465",), certificates=shown)
    await w.tick()
    await w.pass_by(minutes=3)
    row = "465 certificate expired, certificate ended 2"
    await w.ws.open_home("ana")
    await w.stage.bot.dispatcher.idle()
    home = json.dumps(w.ws.home_of("ana").body)
    for text in ((await w.type("list")).text, (await w.type(f"show {TARGET}")).text, home):
        assert row in text
        assert ":red_circle:" in text
    assert "*1 watch in this channel*: 1 down" in (await w.type("list")).text
    assert f":red_circle: *{TARGET}: 465 certificate expired*" in w.posted()[-2].text


@pytest.mark.parametrize(
    "why",
    ["pwd=zanahoria", "clave: zanahoria", "zanahoria was the old password", "bob:zanahoria", "swaks --ap=zanahoria"],
)
@pytest.mark.parametrize("line", ["mute {target} 2d {why}", "pause {target} {why}"])
async def test_a_secret_in_a_reason_is_neither_kept_nor_shown(w, line, why):
    await w.type(f"add {TARGET}")
    said = await w.type(line.format(target=TARGET, why=why))
    listed = [content(await w.type(words)) for words in ("list", f"show {TARGET}")]
    kept = json.dumps((await w.the_watch()).document)
    assert "********" in kept
    assert "zanahoria" not in kept + content(said) + "".join(listed)


async def test_a_secret_in_the_reason_of_a_dialogue_is_not_kept(w):
    await w.type(f"add {TARGET}")
    await w.type(f"mute {TARGET}")
    await fill(w, {"why": "password zanahoria", "until": "7d"})
    kept = json.dumps((await w.the_watch()).document)
    assert "password ********" in kept
    assert "zanahoria" not in kept


@pytest.mark.parametrize("line", ["show smtp://bob:zanahoria@mail.example.com", "history password=zanahoria"])
async def test_a_secret_that_was_typed_in_place_of_a_watch_is_not_repeated(w, line):
    assert "zanahoria" not in content(await w.type(line))


async def test_of_another_channel_it_says_what_one_may_see_and_not_that_there_is_nothing(w):
    """Who is not there is told neither of its watches nor that it has none."""
    board = w.ws.channel("board")
    assert f"No watches in <#{board.id}> that you may see" in (await w.type(f"list <#{board.id}|board>")).text


async def test_tags_choose_what_is_listed_and_muted_of_what_one_may_see(w):
    for number in (10, 2, 1):
        await w.type(f"add mx{number}.example.com")
    w.ws.channel("board").members.add(w.ws.bot.id)
    await w.type("add mx1.example.com 25", channel="board")
    assert "*mx10.example.com*: `eu`, `prod`" in (await w.type("tag mx10.example.com prod eu")).text
    assert "3 watches" not in (await w.type("tag *.example.com prod", "bruno")).text  # of three targets
    listed = (await w.type("list tag:prod", "bruno")).text
    assert "watches that you may see* (`tag:prod`)" in listed
    assert listed.index("mx1.") < listed.index("mx2.") < listed.index("mx10.")
    assert "`tag:eu`" in (await w.type("list tag:eu")).text
    muted = (await w.type("mute tag:prod until monday new racks", "bruno")).text
    assert "*3 watches* of `tag:prod` are muted until" in muted
    quiet = {row.channel: row.document["muted"] for row in await w.services.watches.visible_to(OPERATOR)}
    assert quiet[w.ws.channel("board").id] is None
    assert quiet[w.ws.channel("mailops").id]["why"] == "new racks"
    here = [one.text for one in w.posted() if ":no_bell:" in one.text]
    assert here == [], "typed here, it is answered here"
    muted = (await w.type("mute all 2h racks", channel="delivery")).text
    assert re.search(r"\(3 in <#\w+>, 1 in <#\w+>\)", muted)
    [told] = [one.text for one in w.posted() if ":no_bell:" in one.text]
    assert re.search(r"muted 3 watches of this channel until .*\(racks\): mx1.*, mx2.*, mx10", told)
    assert sum(":no_bell:" in one.text for one in w.posted("board")) == 1
    await w.type("unmute all", channel="delivery")
    await w.type("mute tag:prod until monday new racks", "bruno")
    assert "*3 watches* of `all` are not muted any more" in (await w.type("unmute all", "bruno")).text
    two = (await w.type("mute mx1.example.com, mx2.example.com 2h")).text
    assert "*2 watches* are muted until" in two
    assert "/smtpwatch unmute mx1.example.com mx2.example.com" in two
    assert "There is no watch `mx3.example.com`." in (await w.type("mute mx1.example.com mx3.example.com 2h")).text
    assert "No watch that you may see fits `tag:nope`." in (await w.type("pause tag:nope")).text
    assert "no tags" in (await w.type("untag mx10.example.com prod eu")).text
    await w.type("add mx1.example.com 25")
    two = (await w.type("mute mx1.example.com mx2.example.com 2h")).text
    assert "*3 watches* are muted until" in two, "all of this channel that look at the host"
    listed = (await w.type("list mx1.example.com")).text
    assert listed.count("*mx1.example.com*") == 3 and "mx2." not in listed


async def test_a_long_list_has_pages_and_tags_can_be_filled_in(w):
    await w.type("add mx1.example.com")
    known = await w.the_watch("mx1.example.com")
    for number in range(2, 28):
        watch = a_watch(
            id=f"w-{number}",
            target=f"mx{number}.example.com",
            owner=known.owner,
            team=known.team,
            channel=known.channel,
            due_at=None,
        )
        await w.services.watches.add(to_row(watch), 99, OPERATOR)
    first = await w.type("list *.example.com")
    assert "mx25.example.com" in content(first)
    assert "mx26.example.com" not in content(first)
    await w.press(first, "smtpwatch.page")
    second = next(reversed(w.stage.seen("ana", "mailops")))
    assert "26 to 27 of 27" in content(second)
    assert "mx26.example.com" in content(second)
    card = await w.type("show mx3.example.com")
    await w.press(card, "smtpwatch.edit")
    await fill(w, {"tags": "Prod, eu"})
    assert "Tags `eu`, `prod`" in (await w.type("show mx3.example.com")).text


async def test_the_history_knows_the_tags_of_what_is_watched(w):
    """`nope` is no word that everybody knows: behind a colon it could be a secret."""
    await w.type("add mx2.example.com")
    await w.type("tag mx2.example.com nope")
    known = await w.the_watch("mx2.example.com")
    for target in ("mx1.example.com", "mx2.example.com"):
        whose = {"actor": known.owner, "team": known.team, "channel": known.channel}
        await w.services.history.add(replace(entry(target, target=target, **whose), outcome="x", scope="587"))
    await w.stage.type("/smtphistory tag:nope", "ana", "mailops")
    found = next(reversed(w.stage.seen("ana", "mailops"))).text
    assert "tag:nope" in found
    assert "mx2.example.com" in found
    assert "mx1.example.com" not in found
    await w.stage.type("/smtphistory certificates tag:nope", "ana", "mailops")
    assert "says nothing to the question of certificates" in next(reversed(w.stage.seen("ana", "mailops"))).text
