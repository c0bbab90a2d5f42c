"""What somebody wants below an alert in words of their own, and that nothing of it becomes a note for all to read."""

from datetime import timedelta

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.below.wanted_below import reads_as_order, without_second_thoughts
from commands.watch.state.rows import of_row
from storage.history import OPERATOR
from tests.every import every

from .test_alert_threads import below
from .test_watch_alerts import broken
from .watchers import TARGET


async def watched(w):
    [row] = await w.stage.services.watches.visible_to(OPERATOR)
    return of_row(row)


def noted(w):
    return [one.text for one in w.posted() if ":memo: <@" in one.text]


async def test_another_end_of_what_is_quiet_is_set_and_an_extension_is_counted_from_its_end(w):
    alert = await broken(w)
    await below(w, alert, "mute 90m, disk swap", "bruno")
    for text in (
        "make that until half past six",
        "mejor hasta las seis y media",
        "no, keep it quiet until 18:30 instead",
    ):
        await below(w, alert, text, "bruno")
        muted = (await watched(w)).muted
        assert (f"{muted.until:%H:%M}", muted.why) == ("17:30", "disk swap"), text
    for text in ("extend it by an hour", "keep it quiet for another half hour", "alárgalo hora y media"):
        before = (await watched(w)).muted.until
        await below(w, alert, text, "bruno")
        assert (await watched(w)).muted.until > before + timedelta(minutes=29), text
    assert f"{(await watched(w)).muted.until:%H:%M}" == "20:30"
    assert not noted(w)


async def test_a_length_of_what_is_quiet_already_and_an_end_of_what_is_not_are_asked_back(w):
    alert = await broken(w)
    offered = {
        "make it 2 hours": ["Mute 2h", "Snooze 2h"],
        "extend it until monday at 8": ["Mute until monday at 8", "Snooze until monday at 8"],
        "déjalo en silencio hasta las 9": ["Mute hasta las 9", "Snooze hasta las 9"],
    }
    for text, labels in offered.items():
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.ephemeral_to][-1]
        assert [one.label for one in numbered_buttons(told)] == labels
    await below(w, alert, "mute 1h", "bruno")
    until = (await watched(w)).muted.until
    await w.pass_by(minutes=20)
    await below(w, alert, "make it 30 minutes", "bruno")
    told = [one for one in w.stage.seen("bruno") if one.ephemeral_to][-1]
    assert [one.label for one in numbered_buttons(told)] == ["Mute 30m"]
    assert (await watched(w)).muted.until == until
    assert not noted(w)


@pytest.mark.parametrize(
    "text", ["mejor quítale el silencio", "unmute please", "wait, don't mute it", "no la silencies"]
)
async def test_a_quiet_that_is_taken_back_is_over(w, text):
    alert = await broken(w)
    await below(w, alert, "mute 2h", "bruno")
    await below(w, alert, text, "bruno")
    assert (await watched(w)).muted is None
    assert not noted(w)


async def test_a_quiet_that_never_was_is_not_said_to_be_over(w):
    alert = await broken(w)
    await below(w, alert, "don't mute it", "bruno")
    assert "is not muted: nothing was done" in [one for one in w.posted() if one.thread_ts == alert.ts][-1].text


FOR_OTHERS = (
    "give me two lines for the status page",
    "write a summary for the customer",
    "can I get a short summary?",
    "dame dos líneas para la página de estado",
    "escribe un resumen para el cliente",
    "resume la incidencia",
)


async def test_a_short_text_for_others_says_what_is_known_without_names_of_people(w):
    alert = await broken(w)
    await below(w, alert, "ack", "bruno")
    for text in FOR_OTHERS:
        await below(w, alert, text)
        told = [one for one in w.posted() if one.thread_ts == alert.ts][-1]
        assert f"```{TARGET} has had a problem since " in told.text, text
        assert "25 no answer. We have been working on it since " in told.text
        assert "<@" not in told.text
        assert [one.label for one in numbered_buttons(told)] == ["Whole story"]
    assert not noted(w)


ORDERS = (
    *("reassign to @ben", "hand it over to ana", "put ana on it", "stop reminding me", "call the provider"),
    *("tell the customers that we are on it", "restart postfix", "send me the log", "shorten it a bit", "and cc ana"),
    *("avisa a ana", "llama al proveedor", "reinicia postfix", "no la cierres", "give it ten minutes"),
)


async def test_what_reads_like_an_order_and_is_none_that_is_known_is_asked_back(w):
    alert = await broken(w)
    for text in ORDERS:
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.bot_id][-1]
        assert told.ephemeral_to and told.text.startswith("Nothing is noted."), text
        assert numbered_buttons(told)[-1].label.startswith("Note "), text
    assert not noted(w)


SOME = (
    "ack the first one",
    "ack the first one, second is not mine",
    "ack mail, not mx2",
    "ack this one only",
    "ack one of them",
    f"ack {TARGET} only",
    "reconoce solo la primera",
    "snooze 1h, just mail",
    "mute 2h, not mx2",
)
"""Below an alert of `mail` and `mx2`: what is done to one of them is done to both."""


async def test_an_order_about_one_of_several_is_asked_back_and_nothing_is_done(w):
    await w.type("add mx2.example.com 25 every 1m")
    await w.type(f"edit {TARGET} every 1m")
    w.world.breaks("mx2.example.com")
    alert = await broken(w)
    assert "2 watches are down" in alert.text
    for text in SOME:
        await below(w, alert, text, "bruno")
        told = [one for one in w.stage.seen("bruno") if one.bot_id][-1]
        assert told.ephemeral_to and told.text.startswith("Nothing is done: this message is of 2"), text
    assert not noted(w)
    await below(w, alert, "ack, the first disk died, not mx7", "bruno")
    [note] = noted(w)
    assert note.endswith("the first disk died, not mx7")


async def test_a_note_stands_as_it_was_typed(w):
    alert = await broken(w)
    for text, kept in (
        ("anota el ticket 4411", "el ticket 4411"),
        ("nota: see the note of ana", "see the note of ana"),
        ("the keynote starts at 9", "the keynote starts at 9"),
    ):
        await below(w, alert, text, "bruno")
        assert noted(w)[-1].endswith(f": {kept}"), text


@every(
    (
        *("root cause was the disk", "we told the customers", "checking the firewall now", "provider says 20 minutes"),
        *(
            "call with the provider at 5",
            "let's wait for the provider",
            "summary: disk full, replaced",
            "disk replaced",
        ),
        *(
            "they said: stop sending to gmail",
            "stop sending to gmail, they said",
            "reinicié postfix",
            "postfix reiniciado",
        ),
    )
)
def test_what_is_told_does_not_read_like_an_order(text):
    assert not reads_as_order(text)


@every(
    [
        ("actually snooze it", "snooze it"),
        ("wait, don't mute it", "don't mute it"),
        ("no, mejor hasta las ocho", "hasta las ocho"),
        ("snooze it for 2h instead", "snooze it for 2h"),
        ("no la silencies", "no la silencies"),
        ("waiting for ana", "waiting for ana"),
        ("better", "better"),
    ]
)
def test_second_thoughts_are_left_out(said, meant):
    assert without_second_thoughts(said) == meant
