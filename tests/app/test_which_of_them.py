"""An order below a message of several watches that is not for all of them: nothing is done before it is clear."""

from datetime import timedelta

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from commands.watch.state import grouping
from commands.watch.state.rows import of_row
from storage.history import OPERATOR

from .test_alert_threads import below
from .watchers import watchers_on

MAIL, MX2 = "mail.example.com", "mx2.example.com"


@pytest.fixture
async def w(ws, services, monkeypatch):
    monkeypatch.setattr(grouping, "TOGETHER", timedelta(hours=1))  # whichever minute of the five each is looked at
    async with watchers_on(ws, services) as made:
        for target in (MAIL, MX2):
            await made.type(f"add {target} 25 every 5m")
        await made.tick()
        yield made


async def broken(w):
    """The message that tells of both."""
    for target in (MAIL, MX2):
        w.world.breaks(target)
        await w.pass_by(minutes=15)
    alert = next(message for message in reversed(w.posted()) if not message.thread_ts)
    assert "2 watches are down" in alert.text
    return alert


async def watches(w):
    found = map(of_row, await w.stage.services.watches.visible_to(OPERATOR))
    return {watch.target: watch for watch in found}


def acked(found):
    return {target for target, watch in found.items() if watch.state.incident.acked_by}


def quiet(found):
    return {target for target, watch in found.items() if watch.muted or watch.snoozed or watch.paused}


def noted(w):
    return [one.text for one in w.posted() if ":memo: <@" in one.text]


ACK = ["Acknowledge mail.example.com", "Acknowledge mx2.example.com", "Both"]
MUTE = ["Mute mail.example.com 1h", "Mute mx2.example.com 1h", "Both"]
SNOOZE = ["Snooze mail.example.com 1h", "Snooze mx2.example.com 1h", "Both"]
LIMITED = {
    **dict.fromkeys(
        (
            "ack the first one, second is not mine",
            "ack the first one",
            "ack mail, not mx2",
            "ack mx2 not mail",
            "ack this one only",
            "ack one of them",
            "ack just the mx2 one",
            "ack only mx2.example.com",
            "only ack mx2",
            "can you ack only the second?",
            "ack all but mx2",
            "ack it, except the second",
            "ack the last",
            "ack the other one",
            "ack mail only",
            "ack: only the first",
            "reconoce solo la primera",
            "reconoce la segunda",
            "reconoce mail, no mx2",
            "reconoce todas menos mx2",
            "reconoce una de ellas",
            "please acknowledge the 2nd host",
        ),
        ACK,
    ),
    **dict.fromkeys(("mute the second one for 1h", "mute for 1h, only the second", "mute 1h but not mail"), MUTE),
    **dict.fromkeys(("snooze all 1h, mx2 2h", "snooze both 1h; but mx2.example.com 2h"), SNOOZE),
    **dict.fromkeys(("silencia la segunda una hora", "mute mail 1h, I take mx2"), MUTE),
    "mute mx2 only": ["Mute mail.example.com", "Mute mx2.example.com", "Both"],
    "silencia solo la segunda hasta las 20:00": [
        "Mute mail.example.com hasta las 20:00",
        "Mute mx2.example.com hasta las 20:00",
        "Both",
    ],
    "snooze the first 2h": ["Snooze mail.example.com 2h", "Snooze mx2.example.com 2h", "Both"],
    "pospon la primera": ["Snooze mail.example.com 1h", "Snooze mx2.example.com 1h", "Both"],
    "pause only the second one": ["Pause mail.example.com", "Pause mx2.example.com", "Both"],
    "unmute the first one": ["Unmute mail.example.com", "Unmute mx2.example.com", "Both"],
    "resume just mx2": ["Resume mail.example.com", "Resume mx2.example.com", "Both"],
    "delete the second one": ["Delete the watch on mail.example.com", "Delete the watch on mx2.example.com"],
    "borra la segunda": ["Delete the watch on mail.example.com", "Delete the watch on mx2.example.com"],
    "note for the second one: the disk is dead": ["Note for mail.example.com", "Note for mx2.example.com"],
}


async def test_an_order_for_some_of_them_is_asked_back_with_a_button_for_each(w):
    alert = await broken(w)
    wrong = {}
    for text, labels in LIMITED.items():
        await below(w, alert, text, "bruno")
        asked = w.stage.seen("bruno")[-1]
        offered = [one.label for one in numbered_buttons(asked)]
        if offered[:-1] != labels or not asked.text.startswith("Nothing is done: this message is of 2 watches."):
            wrong[text] = (asked.text, offered)
    assert not wrong
    found = await watches(w)
    assert not acked(found) and not quiet(found) and not noted(w)


PRESSED = (
    ("ack the first one", 0, {MAIL}, set()),
    ("ack the first one", 1, {MX2}, set()),
    ("ack the first one", 2, {MAIL, MX2}, set()),
    ("mute the second one for 1h", 2, set(), {MAIL, MX2}),
    ("snooze only mx2", 1, set(), {MX2}),
    ("pause just the mx2 one", 1, set(), {MX2}),
)


@pytest.mark.parametrize(("text", "number", "are_acked", "are_quiet"), PRESSED)
async def test_its_button_does_it_to_that_one_alone(w, text, number, are_acked, are_quiet):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    asked = w.stage.seen("bruno")[-1]
    await w.press(asked, numbered_buttons(asked)[number], user="bruno")
    found = await watches(w)
    assert (acked(found), quiet(found)) == (are_acked, are_quiet)
    assert not noted(w)


@pytest.mark.parametrize("text", ["mute mx2 only", "mute the second one for 1h"])
async def test_a_mute_of_one_has_its_dialogue_and_is_of_that_one(w, ws, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    asked = w.stage.seen("bruno")[-1]
    await w.press(asked, numbered_buttons(asked)[1], user="bruno")
    await ws.submit(ws.view_of("bruno"), {"why": "works", "until": "7d"})
    await w.stage.bot.dispatcher.idle()
    assert quiet(await watches(w)) == {MX2}


async def test_what_was_asked_in_the_thread_before_changes_no_word_of_a_note(w):
    alert = await broken(w)
    await below(w, alert, "why?")
    await below(w, alert, "what about mx2.example.com?")
    text = "ack the first one, second is not mine"
    await below(w, alert, text, "bruno")
    asked = w.stage.seen("bruno")[-1]
    await w.press(asked, numbered_buttons(asked)[-1], user="bruno")
    await w.tick()
    assert [one.endswith(f": {text}") for one in noted(w)] == [True]
    assert not acked(await watches(w))


ONE_ALONE = (
    ("ack mx2", {MX2}, ""),
    ("ack mx2: disk is full", {MX2}, "disk is full"),
    (f"reconoce {MAIL}, lo mira el proveedor", {MAIL}, "lo mira el proveedor"),
    ("ack the mail one - looking, not sure", {MAIL}, "looking, not sure"),
)


@pytest.mark.parametrize(("text", "are_acked", "note"), ONE_ALONE)
async def test_one_that_is_named_is_acknowledged_alone_with_what_stands_behind_it_as_its_note(w, text, are_acked, note):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    assert acked(await watches(w)) == are_acked
    assert [one.rpartition(": ")[2] for one in noted(w)] == [note] * bool(note)


MEANT = ("ack", "ack for the second time today", "mute 1h because only ben knows it")


@pytest.mark.parametrize("text", MEANT)
async def test_an_order_that_limits_nothing_is_for_all_of_them(w, text):
    alert = await broken(w)
    await below(w, alert, text, "bruno")
    found = await watches(w)
    assert (acked(found) or quiet(found)) == {MAIL, MX2}


async def test_typed_with_only_behind_it_an_acknowledgement_is_of_that_one(w):
    await broken(w)
    for limit in ("except mx2.example.com", "not mx2.example.com", "but not the second"):
        asked = await w.type(f"ack {MAIL} {limit}", "bruno")
        assert "Nothing is done: " in asked.text, limit
        assert [one.label for one in numbered_buttons(asked)] == [f"Acknowledge {MAIL} only", f"Acknowledge {MAIL}"]
    assert not acked(await watches(w))
    await w.type(f"ack {MAIL} only", "bruno")
    assert acked(await watches(w)) == {MAIL}
