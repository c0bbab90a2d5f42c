"""What is written below an alert: a note on its incident, unless it is an order."""

import re

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from storage.history import OPERATOR

from .test_watch_alerts import broken
from .watchers import TARGET


async def below(w, alert, text, user="ana"):
    await w.ws.write(user, "mailops", f"@portero {text}", thread_ts=alert.ts)
    await w.stage.bot.dispatcher.idle()
    await w.tick()


async def test_a_mention_below_an_alert_is_a_note_on_its_incident(w, ws):
    alert = await broken(w)
    await below(w, alert, f"we replaced the disk of {TARGET}", "bruno")
    entries = [one.text for one in w.posted() if one.thread_ts == alert.ts and one.bot_id]
    assert entries[-1].startswith(f":memo: <@{ws.user('bruno').id}>")
    assert entries[-1].endswith(f"we replaced the disk of {TARGET}")
    private = [one for one in w.stage.seen("bruno") if one.ephemeral_to]
    assert private[-1].text.startswith(":memo: The note is in the thread")
    assert private[-1].thread_ts == alert.ts


async def test_an_order_below_an_alert_is_no_note_and_means_its_watch(w, ws):
    alert = await broken(w)
    await below(w, alert, "snooze 2h")
    assert any(":zzz: Snoozed by" in one.text for one in w.posted() if one.thread_ts == alert.ts)
    assert not any(":memo:" in one.text for one in w.posted())


async def test_what_everybody_reads_below_an_alert_names_who_did_it_and_asks_for_nothing_that_is_known(w, ws):
    alert, ana = await broken(w), f"<@{ws.user('ana').id}>"
    said = {}
    for text in ("ack", "ack ", "mute 1h", "note: the disk was replaced", "note"):
        await below(w, alert, text)
        said[text] = "\n".join(one.text for one in w.stage.seen() if one.thread_ts == alert.ts and one.bot_id)
    assert f":eyes: {ana} acknowledged *{TARGET}*; " in said["ack"]
    assert f":eyes: {ana} acknowledged *{TARGET}* already" in said["ack "]
    assert f":zzz: *{TARGET}* is muted until " in said["mute 1h"]
    assert f":memo: {ana}: the disk was replaced" in said["note: the disk was replaced"]
    assert "What is the note?" in said["note"]
    assert not re.search(r"\b[Yy]ou(?:r)?\b", "\n".join(one.text for one in w.posted()))


async def test_help_below_an_alert_is_help(w):
    alert = await broken(w)
    await below(w, alert, "help")
    assert "/smtpcheck" in [one for one in w.posted() if one.thread_ts == alert.ts][-1].text


async def test_below_an_incident_that_is_over_there_is_nothing_to_note(w):
    alert = await broken(w)
    w.world.heals()
    await w.pass_by(minutes=30)
    for text in ("that was the disk", "note: the disk was full", "root cause: the disk"):
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.ephemeral_to][-1]
        assert told.text.startswith(f"The incident of *{TARGET}* is over, so nothing is noted any more")
        assert [one.label for one in numbered_buttons(told)] == ["Its story", "As Markdown"]


async def test_below_an_incident_that_is_over_its_story_answers_and_orders_mean_its_watch(w, ws):
    alert = await broken(w)
    await below(w, alert, "ack", "bruno")
    w.world.heals()
    await w.pass_by(minutes=30)
    for text in ("total downtime?", "since when?", "who had it?", "why?", "how long was it down?", "timeline"):
        await below(w, alert, text)
        answer = [one for one in w.posted() if one.thread_ts == alert.ts][-1].text
        assert "Acknowledged by" in answer and "Recovered" in answer, (text, answer)
    await below(w, alert, "mute 1h")
    assert f"*{TARGET}* is muted until" in [one for one in w.posted() if one.thread_ts == alert.ts][-1].text


async def test_a_link_to_a_page_is_a_note_and_no_host(w):
    alert = await broken(w)
    await below(w, alert, "https://status.hoster.example/incidents/123")
    assert any(":memo:" in one.text and "status.hoster.example" in one.text for one in w.posted())


async def test_a_bare_order_below_an_alert_is_about_the_alert_whatever_else_was_asked_there(w):
    alert = await broken(w)
    await below(w, alert, "is mx.alpha.example ok?")
    await below(w, alert, "has this happened before?")
    answer = [one for one in w.posted() if one.thread_ts == alert.ts][-1].text
    assert TARGET in answer and "mx.alpha" not in answer


async def test_a_question_below_an_alert_is_no_note_whether_it_is_understood_or_not(w):
    alert = await broken(w)
    told = {}
    for text in ("since when?", "who else is affected?", "does Jim play chess?", "¿alguien come?"):
        await below(w, alert, text)
        told[text] = [one for one in w.posted() if one.thread_ts == alert.ts][-1].text
    assert not any(":memo:" in one.text for one in w.posted())
    assert TARGET in told["since when?"]
    assert TARGET in told["who else is affected?"]
    for text in ("does Jim play chess?", "¿alguien come?"):
        assert told[text].startswith("I did not understand that, and noted nothing. Ask `why?`")


NOBODY = f"Nobody has acknowledged *{TARGET}* yet."
ASKED = {
    NOBODY: (
        "who has this",
        "who's handling it?",
        f"who has {TARGET}?",
        "is anyone on this",
        "has anyone picked this up?",
        "can somebody take this",
        "¿quién lo lleva?",
        "alguien está mirando esto",
    ),
    "It was told in this channel and mentioned nobody": (
        "who got paged",
        "who did you notify",
        "was anyone notified?",
        "a quién se avisó",
    ),
    "From outside I can't tell when it works again": (
        "eta?",
        "when will it be fixed?",
        "how much longer?",
        "cuánto falta",
    ),
    f"*{TARGET}: down since ": ("when did it start", "desde cuándo?", "how long is it down", "cuándo empezó"),
    f"*{TARGET}: down*": ("total downtime?", "how long were we down?", "how much downtime", "cuánto lleva caído"),
    "*1 incident": (
        "resumen de la noche",
        "summary of last night",
        "has this happened before",
        "how often does it fail",
        "recap of today",
        "give me something for the postmortem",
    ),
    "*1 of 1 watch that you may see*": ("does it affect others", "what else is down", "any other hosts affected?"),
    f":red_circle: *{TARGET}*: down since": ("how bad is it", "what's the impact"),
}


async def test_what_the_incident_or_the_history_knows_is_answered_below_its_alert_and_is_no_note(w):
    alert = await broken(w)
    for told, texts in ASKED.items():
        for text in texts:
            await below(w, alert, text)
            answer = [one for one in w.posted() if one.thread_ts == alert.ts][-1].text
            assert answer.startswith(told), (text, answer)
    assert not any(":memo:" in one.text for one in w.posted())


async def test_who_acknowledged_it_is_told_with_the_time(w, ws):
    alert = await broken(w)
    await below(w, alert, "ack", "bruno")
    await below(w, alert, "who has this?")
    answer = [one for one in w.posted() if one.thread_ts == alert.ts][-1]
    assert answer.text.startswith(f":eyes: <@{ws.user('bruno').id}> acknowledged *{TARGET}*, <!date^")
    assert not numbered_buttons(answer)


async def test_who_takes_what_nobody_has_presses_a_button_below_the_answer(w):
    alert = await broken(w)
    await below(w, alert, "is anyone on this?")
    answer = [one for one in w.posted() if one.thread_ts == alert.ts][-1]
    await w.press(answer, numbered_buttons(answer)[0], user="bruno")
    await w.tick()
    assert any(":eyes: Acknowledged by <@U0000000003>" in one.text for one in w.posted())


async def test_a_question_that_nobody_understands_is_no_note_also_without_its_mark(w):
    alert = await broken(w)
    for text in ("is the disk full", "where is bruno", "cuál es la causa raíz del switch", "has the provider answered"):
        await below(w, alert, text)
        assert [one for one in w.posted() if one.thread_ts == alert.ts][-1].text.startswith("I did not understand that")


@pytest.mark.parametrize("text", ["why?", "¿por qué?", "details"])
async def test_what_is_asked_below_an_alert_is_answered_from_its_last_run_and_no_note(w, text):
    w.world.breaks(entry="0198f000-0000-7000-8000-000000000000")
    await w.pass_by(minutes=30)
    alert = next(message for message in reversed(w.posted()) if not message.thread_ts)
    await below(w, alert, text)
    told = [one for one in w.posted() if one.thread_ts == alert.ts]
    assert not any(":memo:" in one.text for one in told)
    assert "That result is not in the history" in told[-1].text  # the run was made up


ASKED_BACK = {
    "ignore it": ["Snooze 1 h", "Mute", "Acknowledge", "Note “ignore it”"],
    "stop": ["Snooze 1 h", "Mute", "Acknowledge", "Note “stop”"],
    "ignorar": ["Snooze 1 h", "Mute", "Acknowledge", "Note “ignorar”"],
    "unack": ["Acknowledge", "Note “unack”"],
    "undo": ["Note “undo”"],
    "tell me when it is back": ["Note “tell me when it is back”"],
    "resolve": ["Run now", "Mute", "Note “resolve”"],
    "ok you can alert again": ["Note “ok you can alert again”"],
    "escalate to <@U0000000002>": ["Acknowledge", "Note it"],
    f"close the incident on {TARGET}": ["Run now", "Mute", f"Note “{f'close the incident on {TARGET}'[:40]}”"],
    f"unack {TARGET}": ["Acknowledge", f"Note “unack {TARGET}”"],
    "resolved": ["Run now", "Mute", "Note “resolved”"],
    "remind me in 1h": [f"Snooze {TARGET} 1h", "Note “remind me in 1h”"],
    "remind me later": ["Snooze 1 h", "Note “remind me later”"],
    "that's enough for today": ["Snooze 1 h", "Mute", "Acknowledge", "Note “that's enough for today”"],
    "change to 10m": ["Snooze 1 h", "Mute", "Acknowledge", "Note “change to 10m”"],
    "reopen": ["Snooze 1 h", "Mute", "Acknowledge", "Note “reopen”"],
    "stop alerting": ["Snooze 1 h", "Mute", "Acknowledge", "Note “stop alerting”"],
    "ackk": ["Ack", "Note “ackk”"],
    "unmtue it": ["Unmute it", "Note “unmtue it”"],
    "snoze 2h": ["Snooze 2h", "Note “snoze 2h”"],
}


async def test_a_word_of_command_below_an_alert_is_asked_back_and_never_noted_silently(w):
    alert = await broken(w)
    for text, labels in ASKED_BACK.items():
        await below(w, alert, text, "bruno")
        asked = w.stage.seen("bruno")[-1]
        assert asked.ephemeral_to and re.match(r"Nothing is (?:noted\.|done, and nothing is noted)", asked.text), text
        assert [one.label for one in numbered_buttons(asked)] == labels
    assert not any(":memo:" in one.text for one in w.posted())


@pytest.mark.parametrize(
    ("text", "number", "done"),
    [
        ("snoze 2h", 0, ":zzz: Snoozed by"),
        ("stop", 0, ":zzz: Snoozed by"),
        ("stop", 3, ":memo: <@U0000000003>: stop"),
        ("unack", 0, ":eyes: Acknowledged by <@U0000000003>"),
    ],
)
async def test_what_is_asked_back_is_done_by_its_button(w, text, number, done):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    asked = w.stage.seen("bruno")[-1]
    there = numbered_buttons(asked)[number]
    await w.press(asked, there, user="bruno")
    await w.tick()
    thread = "\n".join(one.text for one in w.posted() if one.thread_ts == alert.ts)
    assert done in thread


OBEYED = {
    "mute 1h": "Muted by",
    "quita el silencio": "checked now and alerts again",
    "quiet for 2 hours, we are replacing the disk": "Muted by",
    "cancel the snooze": "checked now and alerts again",
    "posponer 1h": "Snoozed by",
    "quítale el mute": "checked now and alerts again",
    "don't alert until tomorrow": "Muted by",
    "give us a break til 8am": "Muted by",
    "desilenciar": "is over",
    "stop checking it": "Delete the watch on",
}


async def test_an_order_in_a_sentence_below_an_alert_is_done_and_never_noted_silently(w):
    alert = await broken(w)
    for text, done in OBEYED.items():
        before = len(w.stage.seen("bruno"))
        await below(w, alert, text, "bruno")
        assert done in "\n".join(one.text for one in w.stage.seen("bruno")[before:] if one.bot_id), text
    assert not any(":memo:" in one.text for one in w.posted())


@pytest.mark.parametrize(
    "text", ["taking it", "I'm on it", "taking over from bo", "me lo quedo yo", "reconozco", "reconocido"]
)
async def test_who_says_that_they_look_after_it_acknowledges_it_and_their_words_are_kept_where_they_say_more(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    told = [one.text for one in w.posted() if one.thread_ts == alert.ts]
    assert any(":eyes: Acknowledged by <@U0000000003>" in one for one in told)
    assert any(":memo:" in one and f": {text}" in one for one in told) == ("over from" in text)


async def test_a_note_offers_to_acknowledge_what_nobody_has_acknowledged(w):
    alert = await broken(w)
    for text, offered in (("bo looks at it", ["Acknowledge"]), ("the disk is full", [])):
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.ephemeral_to][-1]
        assert [one.label for one in numbered_buttons(told)] == offered
        await below(w, alert, "ack", "bruno")


async def test_what_is_written_below_a_message_that_goes_on_in_a_newer_one_is_meant_for_the_incident(w):
    alert = await broken(w)
    for text in ("mute 2h", "unmute"):
        await below(w, alert, text)
    newer = next(one for one in reversed(w.posted()) if not one.thread_ts)
    assert newer.ts != alert.ts
    await below(w, alert, "the disk is full", "bruno")
    assert any(one.text.endswith(": the disk is full") for one in w.posted() if one.thread_ts == newer.ts)


async def test_what_only_begins_so_is_a_note(w):
    alert = await broken(w)
    for text in ("paused the queue", "stop sending to gmail, they said", "they are on it", "fixed", "reset mx1"):
        await below(w, alert, text, "bruno")
        told = [one.text for one in w.posted() if one.thread_ts == alert.ts]
        assert told[-1].endswith(f": {text}")


async def test_a_note_that_names_no_watch_is_offered_for_what_is_down(w):
    await broken(w)
    wrong = await w.type("note customers were told at 22:50")
    [there] = [one for one in numbered_buttons(wrong) if ".instead" in one.action_id]
    assert there.label == "Note down customers were told at 22:50"
    await w.press(wrong, there)
    await w.tick()
    assert any(one.text.endswith("customers were told at 22:50") for one in w.posted() if one.bot_id)


async def test_the_postmortem_as_a_file_has_the_names_of_people_and_channels(w, ws):
    ws.user("bruno").real_name = "Bruno *Gil* <b>"
    alert = await broken(w)
    await below(w, alert, "ack")
    await below(w, alert, "@ana has the disk", "bruno")
    assert any(one.text.endswith(": @Ana Ruiz has the disk") for one in w.posted() if one.thread_ts == alert.ts)
    [watch] = await w.stage.services.watches.visible_to(OPERATOR)
    await w.type(f"incidents {watch.id}.1 as markdown")
    [text] = [file.content.decode() for file in ws.state.files.values()]
    assert "Acknowledged by @Ana Ruiz" in text
    assert r"@Bruno \*Gil\* \<b\>: @Ana Ruiz has the disk" in text
    assert "in \\#mailops" in text
    assert not re.search(r"[UC]0000000", text)


async def test_where_slack_does_not_say_them_a_file_has_the_ids(w, ws):
    alert = await broken(w)
    await below(w, alert, "ack")
    [watch] = await w.stage.services.watches.visible_to(OPERATOR)
    ws.fail("users.info", "user_not_found", times=9)
    ws.fail("conversations.info", "internal_error", times=9, status=500)
    await w.type(f"incidents {watch.id}.1 as markdown")
    [text] = [file.content.decode() for file in ws.state.files.values()]
    assert f"Acknowledged by @{ws.user('ana').id}" in text


KEPT = {
    "ack - can someone look for me": "can someone look for me",
    "ack: looking.": "looking.",
    "ack: the second disk is dead, please": "the second disk is dead, please",
    "ack, the vendor needs 20 minutes for now": "the vendor needs 20 minutes for now",
    "please ack since friday it flaps": "since friday it flaps",
    "reconocer: lo mira el proveedor": "lo mira el proveedor",
    "ack it, disk is full of old logs": "disk is full of old logs",
}


@pytest.mark.parametrize("text", KEPT)
async def test_what_is_written_behind_an_acknowledgement_is_kept_letter_by_letter(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    told = [one.text for one in w.posted() if one.thread_ts == alert.ts]
    assert any(":eyes: Acknowledged by <@U0000000003>" in one for one in told)
    assert [one for one in told if ":memo: <@" in one][-1].endswith(f": {KEPT[text]}")


@pytest.mark.parametrize("text", ["ack for now", "ack —", "ack please", "ack this alert", "ack it now, thanks"])
async def test_a_courtesy_behind_an_acknowledgement_is_no_note(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    told = [one.text for one in w.posted() if one.thread_ts == alert.ts]
    assert any(":eyes: Acknowledged by <@U0000000003>" in one for one in told)
    assert not any(":memo: <@" in one for one in told)


@pytest.mark.parametrize("text", ["ack, but not for me", "ack - not yet", "ack, unless ana does"])
async def test_an_acknowledgement_that_takes_itself_back_is_asked_back(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    asked = w.stage.seen("bruno")[-1]
    assert asked.ephemeral_to and asked.text.startswith("Nothing is done: ")
    assert [one.label for one in numbered_buttons(asked)] == ["Acknowledge", f"Note “{text}”"]
    assert not any(":memo: <@" in one.text or "Acknowledged by" in one.text for one in w.posted())


@pytest.mark.parametrize(("order", "why"), [("snooze 1h", "snooze"), ("mute 1h because of a move", "mute")])
async def test_what_ends_while_it_is_quiet_has_its_end_in_the_thread_and_the_alert_says_in_whose(w, ws, order, why):
    """Nobody is mentioned, whoever made it quiet neither, and nothing is posted in the channel."""
    alert = await broken(w)
    await below(w, alert, order, "bruno")
    w.world.heals()
    await w.pass_by(minutes=30)
    during = f"during the {why}"
    *_, last = [one for one in w.posted() if one.thread_ts == alert.ts]
    assert re.fullmatch(rf":large_green_circle: Recovered after \d+m, {during}\.", last.text)
    now = next(one for one in w.posted() if one.ts == alert.ts)
    assert f"It ended {during} of <@{ws.user('bruno').id}>." in now.text
    assert [one for one in w.posted() if not one.thread_ts][-1].ts == alert.ts
