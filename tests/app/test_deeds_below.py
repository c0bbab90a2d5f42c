"""What is written below an alert, clause by clause: all that is plain is done, all else that orders is asked back.

The tables are read as what happens: what was written, and what is typed for it, or the buttons of what is asked back.
"""

import re
from datetime import timedelta

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.below.deeds_below import each_of_them, requested_below, told_below
from bot.slack.conversation.below.wanted_below import without_second_thoughts
from commands.contract import Reply
from commands.watch.state.rows import of_row
from storage.history import OPERATOR
from tests.every import every
from tests.watch.samples import NOON, a_watch

from .test_alert_threads import below
from .test_watch_alerts import broken
from .watchers import TARGET

ONE = [a_watch(id="w-aaaaa", target="mail.example.com")]
TWO = [*ONE, a_watch(id="w-bbbbb", target="mx2.example.com")]

DONE = {
    "on it. mute 1h": ["ack w-aaaaa", "mute w-aaaaa 1h"],
    "ack, mute 2h": ["ack w-aaaaa", "mute w-aaaaa 2h"],
    "ack and mute for 2 hours": ["ack w-aaaaa", "mute w-aaaaa 2h"],
    "lo tengo yo, silencia 1h": ["ack w-aaaaa", "mute w-aaaaa 1h"],
    "lo cojo yo y pospón 2 horas": ["ack w-aaaaa", "snooze w-aaaaa 2h"],
    "no wait, unmute": ["unmute w-aaaaa"],
    "hm no wait, unmute, I want to hear it": ["unmute w-aaaaa"],
    "unmute, quiero enterarme": ["unmute w-aaaaa"],
    "the vendor called, mira otra vez; it was the reboot": [
        "note w-aaaaa the vendor called, mira otra vez; it was the reboot",
        "run w-aaaaa",
    ],
    "mute it for a couple of hours": ["mute w-aaaaa 2h"],
    "calla un par de horas": ["mute w-aaaaa 2h"],
    "no des la lata hasta las siete y media de la mañana": ["mute w-aaaaa until las siete y media de la mañana"],
    "no nos molestes hasta las 8": ["mute w-aaaaa until las 8"],
    "stop bugging us til tomorrow morning": ["mute w-aaaaa til tomorrow morning"],
    "shut up until quarter past nine tonight": ["mute w-aaaaa until quarter past nine tonight"],
    "mute this for the rest of the day": ["mute w-aaaaa rest of the day"],
    "it's back, close it": ["run w-aaaaa"],
    "cierra esto, ya funciona": ["run w-aaaaa"],
    "I restarted postfix, check again": ["note w-aaaaa I restarted postfix", "run w-aaaaa"],
    "he reiniciado postfix, mira otra vez": ["note w-aaaaa he reiniciado postfix", "run w-aaaaa"],
    "check again, the disk is new": ["note w-aaaaa the disk is new", "run w-aaaaa"],
    "ack + mute 1h": ["ack w-aaaaa", "mute w-aaaaa 1h"],
    "we fixed it, ack": ["ack w-aaaaa - we fixed it"],
    "resolved, please re-check": ["run w-aaaaa"],
    "unmute and check again": ["unmute w-aaaaa", "run w-aaaaa"],
    "silencia una horita": ["mute w-aaaaa 1h"],
    "on it, gimme 10": ["ack w-aaaaa - on it, gimme 10"],
    "don't worry, I'll look at it": ["ack w-aaaaa"],
    "ya está arreglado, puedes cerrarlo": ["run w-aaaaa"],
    "it's fixed now, you can close this": ["run w-aaaaa"],
    "ack, I'm on it, back in 20": ["ack w-aaaaa - ack, I'm on it, back in 20"],
    "reconocido, lo mira ana": ["ack w-aaaaa - reconocido, lo mira ana"],
}
"""What is typed behind `/smtpwatch`, one after the other."""

OF_BOTH = {
    "mute both for 45 mins": ["mute w-aaaaa w-bbbbb 45m"],
    "silencia ambas 45 minutos": ["mute w-aaaaa w-bbbbb 45m"],
    "on it. mute 1h": ["ack w-aaaaa w-bbbbb", "mute w-aaaaa w-bbbbb 1h"],
    "mute them both til noon": ["mute w-aaaaa w-bbbbb til noon"],
    "silencia las dos hasta mañana": ["mute w-aaaaa w-bbbbb until mañana"],
    "run both again": ["run w-aaaaa w-bbbbb"],
    "mute all of them until noon": ["mute w-aaaaa w-bbbbb until noon"],
}

ASKED = {
    "i'd rather you muted it til noon": ["Mute mail.example.com til noon"],
    "I think we should mute it for 2h": ["Mute mail.example.com 2h"],
    "habría que silenciarla una hora": ["Mute mail.example.com 1h"],
    "they said: mute it 1h": ["Mute mail.example.com 1h"],
    "if it is still down at 9, mute it 1h": ["Mute mail.example.com 1h"],
    "on it, but slow today": ["Acknowledge mail.example.com"],
    "on it. mute 1h, unmute": ["Acknowledge mail.example.com", "Mute mail.example.com 1h", "Unmute mail.example.com"],
    "mine, muting 1h": ["Acknowledge mail.example.com", "Mute mail.example.com 1h"],
    "delete it, mute 1h": ["Mute mail.example.com 1h"],
    "ana: on it": ["Acknowledge mail.example.com"],
    "no one is on it, mute it": ["Mute mail.example.com"],
    "wake me up in an hour": ["Snooze mail.example.com 1h"],
    "ping me again in 30 minutes": ["Snooze mail.example.com 30m"],
    "recuérdame mañana por la mañana": ["Snooze mail.example.com until mañana por la mañana"],
    "dame media hora": ["Snooze mail.example.com 30m"],
    "gimme 20 minutes": ["Snooze mail.example.com 20m"],
    "olvida lo que he dicho": [],
    "leave it as it was": [],
    "I take that back": [],
    "perdón, me equivoqué, quítalo": [],
    "actually not me": [],
    "drop it": [],
    "no la silencies todavía": [],
    "nobody should mute it": [],
    "ya puedes avisar otra vez": [],
    "keep alerting": [],
}
"""The buttons before the one that notes it."""

OF_ONE = {
    "mx2 is mine, ack it": ["Acknowledge mx2.example.com", "Acknowledge both"],
    "on it. mute mx2 1h": [
        *("Acknowledge mx2.example.com", "Mute mx2.example.com 1h"),
        *("Acknowledge both", "Mute both 1h"),
    ],
    "don't mute mx2": [],
    "no silencies mx2.example.com": [],
}
"""The same below a message of two."""

OF_EACH = {
    "ack mx2 and mute mail 1h": ["ack w-bbbbb only", "mute w-aaaaa 1h"],
    "reconoce las dos y silencia mx2 una hora": ["ack w-aaaaa w-bbbbb", "mute w-bbbbb 1h"],
    "ack mx2 and mute it": None,
    "ack mx2 and don't mute mail": None,
    "mute mx2 1h": None,
    "ack both and mute both 1h": None,
}
"""Below a message of two what is typed where each order says for whom it is; None: that is for others to read."""

BEGINS = ("mute tomorrow", "mute it monday", "silencia mañana", "mute 18:00", "mute tomorrow morning")
"""What may as well begin then is for the command to ask back."""

TOLD = (
    *("page", "notify us", "works again", "back up", "20 minutes", "try again tomorrow", "close ticket 55"),
    *("we muted the switch", "they paused the queue", "the provider will resume service at 9", "it's back", "fixed"),
    *("waiting for the vendor to acknowledge the ticket", "stop sending to gmail, they said", "se cayó el disco, otro"),
    *("the cert was renewed, and the disk replaced", "disk full, replaced", "root cause: the disk"),
)


def typed(text, alert):
    found = told_below(without_second_thoughts(text), alert, NOON, text)
    return found if found is None or isinstance(found, Reply) else [one.text for one in found]


@every([(text, ONE, lines) for text, lines in DONE.items()] + [(text, TWO, lines) for text, lines in OF_BOTH.items()])
def test_what_is_plain_is_done_all_of_it(text, alert, lines):
    assert typed(text, alert) == lines


@every(
    [(text, ONE, labels) for text, labels in ASKED.items()] + [(text, TWO, labels) for text, labels in OF_ONE.items()]
)
def test_what_is_an_order_and_not_plain_is_asked_back_with_what_was_said(text, alert, labels):
    reply = typed(text, alert)
    assert reply.private
    offered = [one["text"]["text"] for one in reply.blocks[1]["elements"]]
    assert offered[:-1] == labels
    assert offered[-1].startswith("Note “")


@every(OF_EACH.items())
def test_orders_that_each_say_for_whom_they_are_are_all_done(text, lines):
    found = each_of_them(text, TWO, NOON)
    assert (found and [one.text for one in found]) == lines


@every(BEGINS)
def test_an_order_with_a_day_that_may_begin_or_end_it_is_not_done(text):
    assert typed(text, ONE) is None


@every(TOLD)
def test_what_is_told_is_left_to_be_a_note(text):
    assert typed(text, ONE) is None


def test_a_look_that_is_asked_for_is_taken_and_anything_else_is_asked_back():
    text = "restarted it, can you look again?"
    assert [one.text for one in requested_below(text, ONE, NOON)] == ["note w-aaaaa restarted it", "run w-aaaaa"]
    reply = requested_below("vendor works on it, can you mute it 2h?", ONE, NOON)
    assert reply.blocks[1]["elements"][0]["text"]["text"] == "Mute mail.example.com 2h"
    assert requested_below("can you mute it for 2h?", ONE, NOON) is None


async def watched(w):
    [row] = await w.stage.services.watches.visible_to(OPERATOR)
    return of_row(row)


def noted(w):
    return [one.text for one in w.posted() if ":memo: <@" in one.text]


async def test_two_orders_in_one_message_are_both_done_and_answered_once(w):
    alert = await broken(w)
    before = len(w.stage.seen("bruno"))
    await below(w, alert, "on it. mute 1h", "bruno")
    watch = await watched(w)
    assert watch.state.incident.acked_by and watch.muted
    [answer] = [one for one in w.stage.seen("bruno")[before:] if " is muted until" in one.text]
    assert "acknowledged" in answer.text
    assert not noted(w)


async def test_what_was_done_to_it_is_kept_as_a_note_and_it_is_looked_at_again(w, monkeypatch):
    monkeypatch.setattr("bot.wakeup.PATIENCE_S", 0)  # no run comes while it is waited for
    alert = await broken(w)
    await below(w, alert, "he reiniciado postfix, mira otra vez", "bruno")
    [note] = noted(w)
    assert note.endswith(": he reiniciado postfix")
    assert "is about to be checked" in "\n".join(one.text for one in w.stage.seen("bruno"))


CHANGED = (
    "hmm make it till 18:00",
    "till 6pm",
    "make it 18:00",
    "extend to 18:00",
    "hasta las 18:00 mejor",
)
LONGER = ("una hora más", "one more hour", "ponle una hora más", "give it another hour", "+1h")


async def test_another_end_changes_the_mute_and_more_time_is_counted_from_its_end(w):
    alert = await broken(w)
    for text in CHANGED:
        await below(w, alert, "mute 1h, disk swap", "bruno")
        await below(w, alert, text, "bruno")
        assert f"{(await watched(w)).muted.until:%H:%M}" == "17:00", text
    for text in ("no, 18:00", "18:00", "tomorrow"):
        await below(w, alert, text, "bruno")
        offered = [one.label for one in numbered_buttons(private(w))]
        assert offered == [f"Mute until {text.removeprefix('no, ')}"], text
    for text in LONGER:
        await below(w, alert, "mute 1h, disk swap", "bruno")
        until = (await watched(w)).muted.until
        await below(w, alert, text, "bruno")
        assert (await watched(w)).muted.until - until > timedelta(minutes=59), text
    assert not noted(w)


async def test_what_is_taken_back_is_asked_back_by_what_is_so(w):
    alert = await broken(w)
    for text in ("perdón, me equivoqué, quítalo", "I take that back", "cancel that"):
        for order, label in (("mute 1h", "Unmute"), ("snooze 1h", "End the snooze of")):
            await below(w, alert, order, "bruno")
            await below(w, alert, text, "bruno")
            asked = private(w)
            assert numbered_buttons(asked)[0].label == f"{label} {TARGET}", text
            await w.press(asked, numbered_buttons(asked)[0], user="bruno")
        assert (await watched(w)).silence(w.clock()) is None
        await below(w, alert, text, "bruno")
        assert "neither muted, snoozed, paused nor acknowledged" in private(w).text
    await below(w, alert, "ack", "bruno")
    await below(w, alert, "actually not me", "bruno")
    assert "is not taken back" in private(w).text
    assert not noted(w)


ANOTHER = {
    "actually no, make it two hours": 120,
    "mejor solo media hora": 30,
    "30 min mejor": 30,
    "only 20 minutes": 20,
}


async def test_another_length_right_behind_the_order_counts_from_now(w):
    alert = await broken(w)
    for text, minutes in ANOTHER.items():
        await below(w, alert, "mute 1h, disk swap", "bruno")
        await below(w, alert, text, "bruno")
        left = (await watched(w)).muted.until - w.clock()
        assert abs(left - timedelta(minutes=minutes)) < timedelta(minutes=1), text
    assert not noted(w)


async def test_an_hour_later_another_length_is_asked_back(w):
    alert = await broken(w)
    await below(w, alert, "mute 3h, disk swap", "bruno")
    await w.pass_by(hours=1)
    await below(w, alert, "make it two hours", "bruno")
    assert private(w).text.startswith("Nothing is done")


TAKEN = ("I'll take this one", "yo me ocupo", "me pongo con ello", "lo estoy mirando")


@pytest.mark.parametrize("text", TAKEN)
async def test_whoever_takes_it_acknowledges_it(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    assert (await watched(w)).state.incident.acked_by
    assert not noted(w)


async def test_whom_its_alerts_mention_is_asked_back_with_what_the_watch_can(w):
    alert = await broken(w)
    for text, labels in {
        "escalate to @ana": ["Mention them from now on", "After 30m without an ack"],
        "escalate to @ana if nobody acks in 45m": ["Mention them from now on", "After 45m without an ack"],
        "pásaselo a @ana": ["Mention them from now on", "After 30m without an ack"],
        "stop mentioning me for this": ["Mention nobody"],
    }.items():
        await below(w, alert, text, "bruno")
        assert [one.label for one in numbered_buttons(private(w))] == labels, text
    asked = private(w)
    await w.press(asked, numbered_buttons(asked)[0], user="bruno")
    assert not (await watched(w)).notify
    assert not noted(w)


async def test_how_its_watch_is_to_be_is_set(w):
    alert = await broken(w)
    await below(w, alert, "put the runbook at https://wiki.example.org/mx", "bruno")
    await below(w, alert, "check it every minute", "bruno")
    watch = await watched(w)
    assert (watch.runbook, watch.every) == ("https://wiki.example.org/mx", timedelta(minutes=1))
    await below(w, alert, "it fails every 5 minutes", "bruno")
    assert (await watched(w)).every == timedelta(minutes=1)


async def test_what_is_to_be_noted_is_noted_without_the_order(w):
    alert = await broken(w)
    for text in ("add a note: rebooted", "apunta: rebooted", "note that rebooted", "deja una nota: rebooted"):
        await below(w, alert, text, "bruno")
        assert noted(w)[-1].endswith(">: rebooted"), text


def private(w):
    return [one for one in w.stage.seen("bruno") if one.ephemeral_to][-1]


async def test_that_it_may_alert_again_ends_its_quiet(w):
    alert = await broken(w)
    for text in ("ya puedes avisar otra vez", "you can alert again", "keep alerting"):
        await below(w, alert, "mute 1h", "bruno")
        await below(w, alert, text, "bruno")
        assert (await watched(w)).muted is None, text
    assert not noted(w)


async def test_buttons_of_what_cannot_be_read_name_the_host_and_not_its_id(w):
    alert = await broken(w)
    for text in ("mute til the weekend", "mute it blue", "resume the blue"):
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.bot_id][-1]
        assert not re.search(r"w-[a-z0-9]{5}", told.text), text
        assert all(TARGET in one.label for one in numbered_buttons(told)), text


async def test_whoever_unmutes_what_is_snoozed_hears_of_it_again(w):
    alert = await broken(w)
    await below(w, alert, "snooze 1h", "bruno")
    await below(w, alert, "hm no wait, unmute, I want to hear it", "bruno")
    threads = [one.text for one in w.posted() if one.thread_ts == alert.ts]
    assert any("Snooze ended by" in text for text in threads) and not any(":memo:" in text for text in threads)
