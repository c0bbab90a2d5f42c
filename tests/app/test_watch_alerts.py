"""An alert's life in the strict workspace: failure, acknowledgement, snooze, re-fire, recovery; and what fails."""

import re
from dataclasses import replace
from functools import partial

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.alerts.channels import SlackChannels
from bot.slack.alerts.notifier import SlackAlerts
from commands.contract import Actor, Request
from commands.watch.state.actions import acknowledge, decided
from commands.watch.state.routes import SLACK
from commands.watch.verbs.quieting import noted_below
from storage.queries import OPERATOR, Viewer

from .stage import content
from .watchers import TARGET, watchers_on


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        await made.type(f"add {TARGET} 25 notify <@{ws.user('bruno').id}|bruno>")
        await made.tick()
        yield made
    assert not [call for call in ws.log if call.error == "invalid_blocks" or call.warnings]


def told(message):
    """The text of a message, with times as TIME and ids as ID."""
    text = re.sub(r"<!date\^[^>]*>", "TIME", message.text)
    return re.sub(r"w-[a-z0-9]{5}", "ID", text)


def threads(w, message):
    return [told(one) for one in w.posted() if one.thread_ts == message.ts]


async def broken(w):
    w.world.breaks()
    await w.pass_by(minutes=30)
    return next(message for message in reversed(w.posted()) if not message.thread_ts)


async def test_one_incident_is_one_message_from_failure_to_recovery(w, ws):
    bruno = ws.user("bruno").id
    alert = await broken(w)
    opened = f":red_circle: *{TARGET}: 25 no answer*"
    assert told(alert) == f"{opened} <@{bruno}>\nSince TIME, confirmed by 2 runs in a row"
    assert threads(w, alert) == [
        "The check said: 25 does not answer\nIt is not our own network: other mail hosts answer on that port from here."
    ]
    await w.press(alert, "smtpwatch.ack", user="bruno")
    care = f":eyes: Acknowledged by <@{bruno}> TIME"
    assert told(alert) == f"{opened}\nSince TIME, confirmed by 2 runs in a row\n{care}"
    assert '"Acknowledge"' not in content(alert)
    await w.press(alert, "smtpwatch.snooze1", user="ana")
    assert told(alert).endswith(f":zzz: snoozed by <@{ws.user('ana').id}> until TIME")
    await w.tick()
    assert threads(w, alert)[-2:] == [care, f":zzz: Snoozed by <@{ws.user('ana').id}> until TIME"]
    count = len(w.posted())
    await w.pass_by(minutes=50)
    assert len(w.posted()) == count
    await w.pass_by(minutes=12)
    again = w.posted()[-2]
    assert told(again).startswith(f"{opened} <@{bruno}>\nSince TIME")
    assert "The snooze is over and it is *still bad*." in told(again)
    assert told(alert).startswith(":white_circle:")
    assert told(alert).endswith("It continues in a newer message below.")
    w.world.heals()
    await w.pass_by(minutes=30)
    assert re.fullmatch(
        rf":large_green_circle: \*{TARGET} recovered\*\nDown for \S+ \S+: from TIME to TIME\nWas: 25 no answer\n"
        rf":eyes: It was acknowledged by <@{bruno}> TIME\n"
        rf":mega: Told: <@{bruno}>",
        told(again),
    )
    assert re.fullmatch(r":large_green_circle: Recovered after \d+h \d+m\.", threads(w, again)[-1])
    assert "Snooze" not in content(again)
    listed = await w.type("incidents")
    assert "*1 incident in the last 7 days in this channel*" in listed.text
    watch = await w.the_watch()
    await w.press(listed, "smtpwatch.incident", f"{watch.id}.1")
    assert f"Acknowledged by <@{bruno}> TIME" in told(w.stage.last())
    await w.press(w.stage.last(), "smtpwatch.incidents_markdown")
    await w.stage.bot.dispatcher.idle()
    assert any(f"portero-incidents-{watch.id}.1.md" in str(message.files) for message in ws.messages(ws.dm("ana")))
    await w.press(again, "smtpwatch.history")
    assert "*1 incident in 90 days" in told(w.stage.last()).replace(f"{TARGET}*: ", "*")


async def test_an_alert_has_four_buttons_and_an_overflow(w):
    alert = await broken(w)
    [row] = [block for block in alert.blocks if block["type"] == "actions"]
    kinds = [element["type"] for element in row["elements"]]
    assert kinds == ["button"] * 4 + ["overflow"]
    labels = [element["text"]["text"] for element in row["elements"][:4]]
    assert labels == ["Acknowledge", "Snooze 1 h", "Mute", "Run now"]


async def test_nobody_is_mentioned_by_an_edit(w, ws):
    await broken(w)
    w.world.breaks(failing=(f"refused {TARGET}:25",))
    await w.pass_by(minutes=30)
    w.world.heals()
    await w.pass_by(minutes=30)
    bruno = ws.user("bruno").id
    posts = [call for call in ws.calls("chat.postMessage") if bruno in str(call.args)]
    assert len(posts) == 1
    *before, last = [str(call.args["text"]) for call in ws.calls("chat.update")]
    assert not [text for text in before if bruno in text]
    assert last.endswith(f":mega: Told: <@{bruno}>"), "an edit alerts nobody: the end says whom it told"


async def test_a_note_and_what_a_run_saw_that_somebody_asked_for_stand_in_the_thread_without_secrets(w, ws):
    alert, ana = await broken(w), ws.user("ana").id
    said = await w.type(f"note {TARGET} relay rebooted, password: hunter2hunter2")
    assert "The note is in the thread" in said.text
    await w.press(alert, "smtpwatch.mute", user="ana")
    await w.tick()
    assert threads(w, alert)[-1].startswith(f":memo: <@{ana}>: relay ")
    assert not [one for one in w.posted() if "hunter2" in one.text]
    actor, stranger = Actor(ana, ws.state.team), Viewer(ws.state.team, "U0STRANGER")
    below = Request("smtpwatch", actor, w.clock(), text="it was the <!here> switch", channel=alert.channel)
    client = AsyncWebClient(token=ws.bot_token, base_url=ws.api_url)
    here = replace(w.services, channel_posts=SlackChannels(client, w.services.watches, w.clock))
    for ts, viewer, found in ((alert.ts, stranger, False), ("1.2", OPERATOR, False), (alert.ts, OPERATOR, True)):
        said = await noted_below(ts, below, replace(here, viewer=partial(_of, viewer)))
        assert (said is not None) is found
    await w.tick()
    assert threads(w, alert)[-1] == f":memo: <@{ana}>: it was the &lt;!here&gt; switch"


async def _of(viewer):
    return viewer


async def test_it_changes_in_place_when_something_else_is_broken_and_its_thread_tells_of_it_once(w, ws):
    alert = await broken(w)
    count = len(w.posted())
    w.world.breaks(failing=(f"refused {TARGET}:25", f"tls_not_offered {TARGET}:587"))
    await w.pass_by(minutes=30)
    assert f"{TARGET}: 25 refused; 587 TLS not offered" in alert.text
    await w.pass_by(minutes=60)
    assert len(w.posted()) == count + 2
    mentioned = f" <@{ws.user('bruno').id}>"
    assert [one.splitlines()[0] for one in threads(w, alert)[-2:]] == [
        ":red_circle: Broken otherwise now: 25 refused, since TIME",
        f":red_circle: Also broken now: 587 TLS not offered, since TIME{mentioned}",
    ]


async def test_the_thread_says_what_is_broken_now_and_leads_to_its_check_and_each_entry_stays(w):
    await w.type("edit mail.example.com after 1 failures")
    first = {"summary": "25 refuses us. See the findings.", "findings": ("The server answers 554.",), "entry": "e1"}
    w.world.breaks(failing=(f"refused_by_policy {TARGET}:25",), **first)
    await w.pass_by(minutes=30)
    alert = next(message for message in reversed(w.posted()) if not message.thread_ts)
    assert threads(w, alert) == ["The check said: 25 refuses us. See the findings.\n• The server answers 554."]
    later = {"summary": "25 resets.", "findings": ("Port 25 resets <!channel>.",), "entry": "e2"}
    w.world.breaks(failing=(f"reset_before_greeting {TARGET}:25",), **later)
    await w.pass_by(minutes=30)
    assert threads(w, alert)[1:] == [
        (
            ":red_circle: Broken otherwise now: 25 reset, no word, since TIME\n"
            "The check said: 25 resets.\n• Port 25 resets &lt;!channel&gt;."
        )
    ]
    first, second = [message for message in w.posted() if message.thread_ts == alert.ts]
    assert '"value": "e1"' in content(first)
    assert '"value": "e2"' in content(second)


POINTING = [
    {"code": "verdict.failed_from_here", "params": {"target": TARGET}},
    {"code": "states", "params": {"states": [{"port": 25, "state": "refused", "usable": False}]}},
    {"code": "see_findings", "params": {}},
]


WORKING = [
    {"code": "verdict.degraded", "params": {"target": TARGET}},
    {"code": "no_client_port", "params": {}},
    {"code": "see_findings", "params": {}},
]


ELSEWHERE = [
    {"code": "verdict.degraded", "params": {"target": TARGET}},
    *({"code": "use.starttls", "params": {"port": port, "host": "", "tls": "starttls"}} for port in (25, 587)),
]
"""To a port that is broken nobody is sent."""


@pytest.mark.parametrize(
    ("summary", "findings", "lines"),
    [
        (POINTING, (), "The check that saw it:"),
        ("x is refused. DNS has no MX.", ("DNS has no MX.",), "The check said: x is refused. DNS has no MX."),
        ("Use port 587.", (), "The check said: Use port 587."),
        ([{"code": "verdict.degraded", "params": {"target": TARGET}}], (), "The check that saw it:"),
        (ELSEWHERE, (), "Meanwhile: Use port 587 with STARTTLS: login is offered; set the client to require TLS."),
        (WORKING, ("DNS has no MX.",), "Meanwhile: No port for clients was seen to work.\n• DNS has no MX."),
    ],
)
async def test_the_thread_repeats_no_sentence_nor_says_what_its_alert_denies_or_points_to_what_is_not_there(
    w, summary, findings, lines
):
    await w.type("edit mail.example.com after 1 failures")
    w.world.breaks(failing=(f"refused {TARGET}:25",), summary=summary, findings=findings, entry="e1")
    await w.pass_by(minutes=30)
    alert = next(message for message in reversed(w.posted()) if not message.thread_ts)
    assert threads(w, alert) == [lines]


async def test_mute_asks_for_a_reason_and_everybody_sees_who_why_and_until_when(w, ws):
    alert = await broken(w)
    await w.press(alert, "smtpwatch.mute", user="bruno")
    await ws.submit(ws.view_of("bruno"), {"why": "moving <!channel> house", "until": "7d"})
    await w.stage.bot.dispatcher.idle()
    words = f":no_bell: muted by <@{ws.user('bruno').id}> until TIME (moving &lt;!channel&gt; house)"
    assert told(alert).endswith(words)
    assert words in told(await w.type("list"))
    w.world.heals()
    await w.pass_by(minutes=30)
    assert "recovered" in told(alert)
    ending = threads(w, alert)[-1]
    assert "Recovered after" in ending and ending.endswith(", during the mute.") and "<@" not in ending


@pytest.mark.parametrize(
    ("choice", "answer"),
    [("snooze8", "is snoozed until TIME"), ("tomorrow", "is snoozed until TIME"), ("history", "*goes on*, ")],
)
async def test_the_overflow_has_the_rest(w, choice, answer):
    alert = await broken(w)
    watch = await w.the_watch()
    await w.press(alert, "smtpwatch.more", f"{choice} {watch.id}+")
    assert answer in told(w.stage.last())


async def test_hostile_words_alert_nobody_and_stay_text(w, ws):
    w.world.breaks(summary="<!channel> <@U1> `rm` *x* \u202e", failing=("<!here> <!everyone>:25",))
    await w.pass_by(minutes=30)
    sent = [str(call.args) for call in ws.log if call.method.startswith("chat.")]
    assert not [args for args in sent if "<!channel>" in args or "<!here>" in args or "<!everyone>" in args]
    assert not [args for args in sent if "<@U1>" in args]


async def test_a_rate_limit_delays_an_alert_and_loses_none(w, ws):
    ws.fail("chat.postMessage", "ratelimited", 3)
    alert = await broken(w)
    assert "25 no answer" in alert.text
    assert (await w.the_watch()).document["paused"] is None


async def test_an_alert_that_somebody_deleted_ends_with_a_new_message(w):
    alert = await broken(w)
    alert.deleted = True
    w.world.heals()
    await w.pass_by(minutes=30)
    assert " recovered" in [told(one) for one in w.posted() if not one.thread_ts][-1]


async def test_what_is_down_is_told_in_the_channel_to_which_its_watch_is_moved_with_buttons_to_its_end(w, ws):
    alert = await broken(w)
    await w.press(alert, "smtpwatch.ack", user="bruno")
    there, old = ws.channel("delivery"), ws.channel("mailops").id
    await w.type(f"edit {TARGET} in <#{there.id}|delivery>", channel="delivery")
    await w.tick()
    assert told(alert).endswith(f"It continues in <#{there.id}>.")
    moved, again, *_ = w.posted("delivery")
    assert told(moved).startswith(":eyes:") and told(again).startswith(f":red_circle: *{TARGET}: 25 no answer*")
    assert f"Its watch was moved here from <#{old}>, and it is *still bad*." in told(again)
    assert "Acknowledged by" in told(again) and "smtpwatch.mute" in content(again)
    w.world.heals()
    await w.pass_by(minutes=30)
    assert "recovered" in told(again) and "recovered" not in told(alert)


async def test_what_was_told_again_for_a_move_is_not_said_to_have_been_undeliverable_once_somebody_cares(w, ws):
    await broken(w)
    await w.type(f"edit {TARGET} in <#{ws.channel('delivery').id}|delivery>", channel="delivery")
    await w.tick()
    again = w.posted("delivery")[1]
    await w.press(again, "smtpwatch.ack", user="bruno")
    assert "Acknowledged by" in told(again)
    assert "could not be posted" not in told(again)


async def test_deleting_the_watch_closes_its_alert(w):
    alert = await broken(w)
    asked = await w.type(f"delete {TARGET}")
    assert told(asked).endswith("? Its incident, open since TIME, is closed with it.")
    await w.press(asked, "smtpwatch.delete")
    await w.tick()
    state, why = told(alert).split("\n")
    assert state == f":white_circle: *{TARGET}: no longer watched*"
    assert re.fullmatch(r"Not recovered: its watch was deleted by <@U\w+>\.", why)
    assert why.removeprefix("Not recovered: i") in w.posted()[-1].text and w.posted()[-1].thread_ts == alert.ts


async def test_our_own_network_is_one_notice_and_no_alarm(w, ws):
    await w.type("add mx2.example.com 25")
    await w.tick()
    before = len(w.posted())
    w.world.of = dict.fromkeys((TARGET, "mx2.example.com"), ("blind", {}))
    await w.pass_by(minutes=40)
    [notice] = w.posted()[before:]
    assert "Outbound port 25 is blocked on our network" in notice.text
    assert ws.user("bruno").id not in notice.text
    assert "on hold: they neither alert nor recover" in notice.text
    w.world.of = {}
    await w.pass_by(minutes=40)
    assert "Outbound port 25 is open again on our network" in notice.text


def test_the_notifier_is_that_of_slack():
    assert SlackAlerts(None, None).route == SLACK


async def test_a_second_mention_and_a_runbook_are_set_up_shown_and_followed(w, ws):
    bruno, ana = ws.user("bruno").id, ws.user("ana").id
    card = await w.type(f"edit {TARGET} then <@{ana}|ana> after 20m runbook <https://wiki.example.com/mx?a=1&amp;b=2>")
    link = "<https://wiki.example.com/mx?a=1&amp;b=2>"
    assert f"Runbook {link}" in content(card)
    assert f"When nobody has acknowledged it, <@{ana}> is mentioned after 20m." in card.text
    assert f"then <@{ana}> after 20m · <https://wiki.example.com/mx?a=1&amp;b=2|runbook>" in (await w.type("list")).text
    alert = await broken(w)
    assert f":notebook: Runbook: {link}" in told(alert)
    await w.pass_by(minutes=20)
    assert threads(w, alert)[-1] == (
        f":rotating_light: {TARGET}: 25 no answer. Nobody has acknowledged it for 20m. <@{ana}>"
    )
    assert told(alert).endswith(f":rotating_light: Nobody has acknowledged it: <@{ana}> was mentioned TIME")
    await w.type(f"edit {TARGET} every 6h")
    await w.pass_by(hours=24)
    assert "It has gone on for 1d" in threads(w, alert)[-1]
    daily = [call.args for call in ws.calls("chat.postMessage") if call.args.get("reply_broadcast")]
    assert [(one["thread_ts"], f"<@{bruno}>" in one["text"]) for one in daily] == [(alert.ts, True)]
    await w.press(alert, "smtpwatch.ack")
    assert "Nobody has acknowledged" not in told(alert)
    card = await w.type(f"show {TARGET}")
    await w.press(card, "smtpwatch.edit")
    await ws.submit(ws.view_of("ana"), {"runbook": "", "then_after": "1h"})
    await w.stage.bot.dispatcher.idle()
    document = (await w.the_watch()).document
    assert (document["then"], document["runbook"]) == ({"notify": ana, "after_s": 3600.0}, "")


async def test_the_name_of_a_user_group_is_kept_when_it_is_named(w, ws):
    group = ws.add_group(["bruno"], "mta-oncall")
    await w.type(f"edit {TARGET} notify <!subteam^{group}>")
    known = (await w.the_watch()).document["handles"]
    assert known == {group: "mta-oncall"} and "@mta-oncall" in (await w.type(f"show {TARGET}")).text


async def test_who_acknowledges_what_is_left_of_a_message_leaves_the_rest_to_whom_it_belongs(w, ws):
    ana, bruno = ws.user("ana").id, ws.user("bruno").id
    await w.type(f"add {TARGET} 465")
    await w.tick()
    alert = await broken(w)
    first = (await w.services.watches.visible_to(OPERATOR))[0]
    acks = decided(lambda one: acknowledge(one, bruno, w.clock()))
    await w.services.watches.change(first.id, acks, OPERATOR)
    await w.tick()
    await w.press(alert, "smtpwatch.ack", user="ana")
    assert re.search(rf"recovered. <@{bruno}> has the rest since <!date", w.stage.last().text)
    await w.tick()
    documents = [row.document for row in await w.services.watches.visible_to(OPERATOR)]
    assert sorted(one["state"]["incident"]["acked_by"] for one in documents) == sorted([ana, bruno])
    assert "smtpwatch.ack" not in str(alert.blocks)


async def test_what_is_pressed_on_a_message_of_several_is_done_to_each_and_said_so(w, ws):
    await w.type(f"add {TARGET} 465 notify <@{ws.user('bruno').id}|bruno>")
    await w.tick()
    alert = await broken(w)
    assert told(alert).startswith(":red_circle: *2 watches are down: no answer*")
    await w.press(alert, "smtpwatch.ack", user="bruno")
    assert "and the other watch of the same message" in w.stage.last("bruno").text
    told_once = len(threads(w, alert))
    await w.type(f"ack {TARGET} 465", "bruno")
    assert "already" in w.stage.last("bruno").text
    assert len(threads(w, alert)) == told_once
    await w.type(f"ack {TARGET} 465", "ana")
    assert f"recovered. <@{ws.user('bruno').id}> had it since <!date^" in w.stage.last().text
    await w.press(alert, "smtpwatch.mute", user="ana")
    await ws.submit(ws.view_of("ana"), {"why": "works", "until": "7d"})
    await w.stage.bot.dispatcher.idle()
    assert "So is the other watch of the same message." in w.stage.last().text
    await w.tick()
    documents = [row.document for row in await w.services.watches.visible_to(OPERATOR)]
    assert [one["muted"]["who"] for one in documents] == [ws.user("ana").id] * 2
    assert [one["state"]["incident"]["acked_by"] for one in documents] == [ws.user("ana").id] * 2
    assert next(line for line in threads(w, alert) if "Muted by" in line).endswith(", all 2 watches: works")
    for text in ("unmute", "snooze 1h", "who is on it?", "restarted by hand"):
        await ws.write("bruno", "mailops", f"@portero {text}", thread_ts=alert.ts)
        await w.stage.bot.dispatcher.idle()
        await w.tick()
    documents = [row.document for row in await w.services.watches.visible_to(OPERATOR)]
    assert [(one["muted"], one["snoozed"]["who"]) for one in documents] == [(None, ws.user("bruno").id)] * 2
    assert f":eyes: <@{ws.user('ana').id}> acknowledged *{TARGET}*, TIME." in threads(w, alert)
    await w.pass_by(minutes=70)
    assert told(alert).startswith(":white_circle:")
    await ws.write(
        "bruno", "mailops", "@portero the disk was full", thread_ts=alert.ts
    )  # it goes on in a newer message
    await w.stage.bot.dispatcher.idle()
    await w.tick()
    assert any(told(one).endswith("the disk was full") for one in w.posted() if one.bot_id)
