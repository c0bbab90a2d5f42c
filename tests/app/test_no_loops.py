"""What Portero has to be silent about, however Slack tells of it."""

from itertools import product

import pytest

from bot.demo.workspace.writing import as_sent
from bot.slack.conversation.heard import heard
from tests.every import every

from .stage import bot_on
from .test_conversation import CHECK, answers, written

BOT, ANA = "U0000000001", "U0000000002"
DIRECT = {"type": "message", "channel_type": "im", "channel": "D1", "user": ANA, "ts": "1.000001", "text": "hello"}
MENTION = {"type": "app_mention", "channel": "C1", "user": ANA, "ts": "1.000001", "text": f"<@{BOT}> hello"}
SILENT = {
    "its own post": {"user": BOT, "bot_id": "B1"},
    "its own post without a bot id": {"user": BOT},
    "another bot": {"bot_id": "B2"},
    "a workflow": {"bot_profile": {"id": "B3"}},
    "slackbot": {"user": "USLACKBOT"},
    "a late edit": {"edited": {"user": ANA, "ts": "700.0"}},
    "an edit at no time": {"edited": {"user": ANA, "ts": "x"}},
    "a hidden message": {"hidden": True},
    "nobody": {"user": None},
    "no channel": {"channel": None},
    "no time": {"ts": None},
    **{
        name: {"subtype": name}
        for name in ("bot_message", "message_changed", "message_deleted", "message_replied", "channel_join", "bot_add")
    },
}


@every(product([DIRECT, MENTION], SILENT))
def test_it_is_silent_about(event, why):
    assert heard({"event": event, "team_id": "T1"}, BOT) is not None
    assert heard({"event": {**event, **SILENT[why]}, "team_id": "T1"}, BOT) is None


@pytest.mark.parametrize("kind", ["channel", "group", "mpim", None])
def test_messages_of_channels_are_none_of_its_business(kind):
    assert heard({"event": {**DIRECT, "channel_type": kind}, "team_id": "T1"}, BOT) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", None])
def test_a_message_of_a_person_is_heard_with_its_files_and_when_it_is_broadcast(subtype):
    said = heard({"event": {**DIRECT, "subtype": subtype, "files": [{"id": "F1"}]}, "team_id": "T1"}, BOT)
    assert (said.text, said.files, said.direct) == ("hello", [{"id": "F1"}], True)


@pytest.mark.parametrize(
    "text", [f"<@{BOT}> hello", f"hello <@{BOT}|portero>", f"<@{BOT}>: hello", f" <@{BOT}>, hello"]
)
def test_its_own_mention_is_taken_out_wherever_it_stands(text):
    assert heard({"event": {**MENTION, "text": text}, "team_id": "T1"}, BOT).text == "hello"


SHARED = {"text": "mail.example.com is slow", "fallback": "[Dec 1st, 2026] bruno: mail.example.com is slow"}


@every(
    [
        ("check this", SHARED, "check this\nmail.example.com is slow"),
        ("", SHARED, "mail.example.com is slow"),
        (
            "what does this mean?",
            {"fallback": "550 5.1.1 User unknown"},
            "what does this mean?\n550 5.1.1 User unknown",
        ),
        ("check mx.example.net, whose admin wrote the following to us today", SHARED, None),
        ("check this", {}, "check this"),
        ("check this", {"text": 7, "fallback": None}, "check this"),
    ]
)
def test_a_message_that_is_forwarded_is_read_where_little_is_said_of_it(text, forwarded, heard_as):
    event = {**DIRECT, "text": text, "attachments": [forwarded]}
    assert heard({"event": event, "team_id": "T1"}, BOT).text == (heard_as or text)


def test_mentions_of_others_stay():
    text = f"<@{BOT}> watch add mail.example.com notify <@{ANA}>"
    said = heard({"event": {**MENTION, "text": text}, "team_id": "T1"}, BOT)
    assert said.text == f"watch add mail.example.com notify <@{ANA}>"


async def test_an_edit_of_a_mention_is_not_answered_again(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    told = await ws.edit(asked, f"@portero {CHECK} again")
    await stage.bot.dispatcher.idle()
    assert [one.error for one in told] == [""]
    assert len(answers(stage)) == 1


CHANGED = {"type": "message", "subtype": "message_changed", "channel_type": "im", "channel": "D1", "hidden": True}
NOW = {"user": ANA, "ts": "1.000001", "text": "hello", "edited": {"user": ANA, "ts": "9.0"}}
UNCHANGED = {
    "an unfurled link": {"message": NOW, "previous_message": NOW},
    "a reply in its thread": {"message": {**NOW, "edited": None}, "previous_message": {"text": "helo"}},
    "its own edit": {"message": {**NOW, "bot_id": "B1"}, "previous_message": {"text": "helo"}},
    "nothing": {},
}


def test_an_edit_of_a_direct_message_is_the_message_as_it_is_now():
    said = heard({"event": {**CHANGED, "message": NOW, "previous_message": {"text": "helo"}}, "team_id": "T1"}, BOT)
    assert (said.text, said.ts, said.edited, said.direct) == ("hello", "1.000001", "9.0", True)


@pytest.mark.parametrize(("channel", "direct"), [("D1", True), ("C1", False), ("G1", False)])
def test_where_an_edit_does_not_say_what_it_was_made_in_the_id_says_it(channel, direct):
    bare = {name: value for name, value in CHANGED.items() if name != "channel_type"}
    event = {**bare, "channel": channel, "message": NOW, "previous_message": {"text": "helo"}}
    assert (heard({"event": event, "team_id": "T1"}, BOT) is not None) is direct


@pytest.mark.parametrize("why", UNCHANGED)
def test_a_change_that_is_no_edit_of_a_person_is_none(why):
    assert heard({"event": {**CHANGED, **UNCHANGED[why]}, "team_id": "T1"}, BOT) is None


async def test_an_edit_of_what_was_not_understood_is_answered_once_and_so_is_a_mention_that_it_adds(stage, ws):
    dm = ws.dm("ana")
    wrong = [
        (dm, "", "check mail..lab.example"),
        (dm, "", "mial.lab.example 25"),
        ("mailops", "@portero ", "the wether"),
        ("mailops", "@portero ", ""),
    ]
    for where, mention, typed in wrong:
        before = len(answers(stage, where))
        asked = await written(stage, f"{mention}{typed}" if typed else CHECK, where)
        for text in (CHECK, f"{CHECK} again"):
            await ws.edit(asked, mention + text)
            await stage.bot.dispatcher.idle()
        told = [one.text for one in answers(stage, where)[before:]]
        assert len(told) == (2 if typed else 1), typed
        assert ["works" in one for one in told] == [False, True][-len(told) :]


async def test_an_edit_after_a_restart_is_answered_where_what_was_edited_was_not_understood(ws, lab):
    async with bot_on(ws, lab, pace=()) as stage:
        wrong, right = await written(stage, "@portero the wether"), await written(stage, f"@portero {CHECK}")
    async with bot_on(ws, lab, pace=()) as stage:
        before = len(answers(stage))
        for message in (wrong, right, wrong):
            await ws.edit(message, f"@portero {CHECK} again")
            await stage.bot.dispatcher.idle()
        [answer] = answers(stage)[before:]
        assert answer.thread_ts == wrong.ts


async def test_edits_and_deletions_of_direct_messages_are_taken_note_of_and_no_more(stage, ws):
    dm = ws.dm("ana")
    asked = await written(stage, CHECK, dm)
    told = [*await ws.edit(asked, "mail.lab.example"), *await ws.remove(asked)]
    await stage.bot.dispatcher.idle()
    assert [(one.payload["event"]["subtype"], one.error) for one in told] == [
        ("message_changed", ""),
        ("message_deleted", ""),
    ]
    assert len(answers(stage, dm)) == 1


async def test_its_own_answers_come_back_as_events_and_are_not_answered(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "the weather is fine", dm)
    for message in answers(stage, dm):
        assert [one.error for one in await ws.tell_of(message)] == [""]
    await stage.bot.dispatcher.idle()
    assert len(answers(stage, dm)) == 1


async def test_a_repeated_event_is_answered_once(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    await ws.tell_of(asked, event_id="Ev0000000001")
    await ws.tell_of(asked)
    await stage.bot.dispatcher.idle()
    assert len(answers(stage)) == 1


async def test_a_message_that_comes_by_two_events_is_answered_once(stage, ws):
    dm = ws.dm("ana")
    asked = await written(stage, "@portero the weather is fine", dm)
    await ws.event("app_mention", channel=dm.id, user=asked.user, ts=asked.ts, text=asked.text)
    await stage.bot.dispatcher.idle()
    assert len(answers(stage, dm)) == 1


async def test_two_bots_do_not_talk_to_each_other(stage, ws):
    other = ws.add_user("watchdog", is_bot=True)
    ws.channel("mailops").members.add(other.id)
    message = ws.say(other, "mailops", "x")
    message.text, message.bot_id = as_sent(ws.state, f"@portero {CHECK}"), "B0000000009"
    await ws.tell_of(message)
    await stage.bot.dispatcher.idle()
    assert answers(stage) == [message]
