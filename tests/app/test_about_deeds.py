"""Sentences about what can be done to a host: answered or asked back, never done, and never a check of it."""

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.orders.about_deeds import about_deed
from bot.slack.conversation.orders.deed_answers import ANSWERS, COMES
from bot.slack.conversation.sentence.understood import WHAT_TO_DO
from bot.slack.conversation.understanding.understanding import understand
from commands.watch.state.rows import of_row
from storage.history import OPERATOR
from tests.every import every

from .test_orders import HOST, asked
from .watchers import TARGET, watchers_on

SPOKEN_OF = {
    f"kept {HOST} pause {HOST}": (f"please don't pause {HOST}", f"nobody should pause {HOST}", f"no pauses {HOST}"),
    f"kept {HOST} mute {HOST}": (
        f"never mute {HOST}",
        f"no quiero silenciar {HOST}",
        f"we can't mute {HOST}",
        f"nadie debe silenciar {HOST}",
    ),
    f"kept {HOST} delete {HOST}": (
        f"don't delete {HOST}",
        f"please do not remove {HOST}",
        f"no borres {HOST} todavía",
        f"don't delete the watch on {HOST}",
    ),
    f"kept {HOST} tag {HOST}": (f"no etiquetes {HOST}", f"don't tag {HOST}"),
    f"done {HOST} mute {HOST}": (
        f"I muted {HOST} 2h ago",
        f"ana muted {HOST}",
        f"has anyone muted {HOST}?",
        f"¿has silenciado {HOST}?",
    ),
    f"kept {HOST} snooze {HOST}": (f"stop snoozing {HOST}",),
    f"deed {HOST} mute {HOST} mx2.example.com 2h": (
        f"mx1.example.com is fine, ana will mute {HOST} and mx2.example.com 2h",
    ),
    f"offer {HOST} smtpwatch mute {HOST} mx2.example.com 2h": (f"mute {HOST} and mx2.example.com 2h?",),
    f"done {HOST} mute {HOST} 2h": (f"did you mute {HOST} for 2h?", f"he silenciado {HOST} 2h"),
    f"deed {HOST} mute {HOST} 2h": (
        f"ana will mute {HOST} for 2h",
        f"remind me to mute {HOST} for 2h",
        f"if {HOST} fails mute it for 2h",
        f"I think we should mute {HOST} for 2h",
        f"they said: mute {HOST} 2h",
        f"ana va a silenciar {HOST} 2h",
    ),
    f"comes {HOST} pause {HOST}": (f"what happens if I pause {HOST}", f"¿qué pasa si pauso {HOST}?"),
    f"comes {HOST} delete {HOST}": (f"what would happen if we delete {HOST}?",),
    f"offer {HOST} smtpwatch mute {HOST} 2h": (f"mute {HOST} 2h?", f"¿silencio {HOST} 2h?"),
    f"except {HOST} pause - {HOST}": (f"pause all, except {HOST}", f"pausa todo menos {HOST}"),
    f"except {HOST} mute 2h {HOST}": (f"mute everything but {HOST} for 2h", f"mute all 2h, except {HOST}"),
}
"""What is asked back: its name, the host, and the deed as it is typed."""

ORDERED = {
    f"mute {HOST} 2h": (
        f"mute {HOST} 2h",
        f"can you mute {HOST} 2h?",
        f"mute {HOST} 2h please?",
        f"the disk dies, mute {HOST} 2h",
    ),
    f"mute {HOST} until monday": (f"{HOST} is noisy, mute it until monday",),
    f"unmute {HOST}": (f"stop muting {HOST}", f"deja de silenciar {HOST}"),
    f"show {HOST}": (f"why did you mute {HOST}?", f"¿por qué has silenciado {HOST}?"),
    f"delete {HOST}": (f"don't check {HOST} any more", f"ya no vigiles {HOST}"),
}
CHECKED = (
    f"I deleted the MX of {HOST}",
    f"my mail was deleted by {HOST}",
    f"I paused {HOST} in the load balancer, is it still up?",
    f"I muted {HOST} and it still does not answer",
    f"I restarted {HOST} and it still does not answer",
)


@every([(value, text) for value, texts in SPOKEN_OF.items() for text in texts])
def test_a_deed_that_is_spoken_of_is_asked_back_and_neither_done_nor_checked(value, text):
    found = understand(text)
    assert (found.text, found.value) == (WHAT_TO_DO, value)


@every([(line, text) for line, texts in ORDERED.items() for text in texts])
def test_a_deed_that_is_ordered_is_that_order(line, text):
    found = understand(text)
    assert (found.command, found.text) == ("smtpwatch", line)


@every(CHECKED)
def test_how_a_host_is_after_it_is_still_for_a_check_to_say(text):
    assert understand(text).command == "smtpcheck"


def test_each_name_has_an_answer_and_each_verb_what_comes_of_it():
    names = {value.split()[0] for value in SPOKEN_OF} - {"offer", "except"}
    assert names == set(ANSWERS)
    assert {value.split()[2] for value in SPOKEN_OF if value.startswith("comes")} <= set(COMES)


@every(["mute", "the mute", "", "x" * 5000, f"{HOST} " * 100, f"don't {HOST}"])
def test_what_speaks_of_no_deed_is_none(text):
    assert about_deed(text) is None


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        for target in (TARGET, "mx2.example.com", "mx3.example.com"):
            await made.type(f"add {target} 25")
        yield made


NEITHER = f"*{TARGET}* is neither muted, snoozed nor paused: its watch alerts."
ANSWERED = {
    f"please don't pause {TARGET}": (f"Nothing is done. {NEITHER}", ["Its watch"]),
    f"did you mute {TARGET}?": (NEITHER, ["Who changed what", "Its watch"]),
    f"ana will mute {TARGET} for 2h": (f"Nothing is done yet. {NEITHER}", [f"Mute {TARGET} 2h", "Its watch"]),
    f"what happens if I pause {TARGET}": (f"Paused, *{TARGET}* is not checked", [f"Pause {TARGET}", "Its watch"]),
    f"don't delete {TARGET}": (f"Nothing is done. *{TARGET}* is watched.", ["Its watch"]),
    f"no etiquetes {TARGET}": (f"Nothing is done. *{TARGET}* has no tags.", ["Its watch"]),
    "don't mute mx9.example.com": (
        "Nothing is done: nothing watches *mx9.example.com* here.",
        ["Watch mx9.example.com", "Check mx9.example.com"],
    ),
    f"pause all, except {TARGET}": (
        f"Nothing is done yet. All but *{TARGET}*?",
        ["Pause mx2.example.com mx3.example.com", "What is watched"],
    ),
}


async def test_it_says_how_it_is_with_buttons_that_say_what_they_do(w):
    for text, (said, labels) in ANSWERED.items():
        answer = await asked(w, text, w.ws.dm("ana"))
        assert answer.text.startswith(said), text
        assert [one.label for one in numbered_buttons(answer)] == labels
    watches = [of_row(row) for row in await w.services.watches.visible_to(OPERATOR)]
    assert len(watches) == 3
    assert not any(watch.paused or watch.muted for watch in watches)


async def test_what_is_so_already_can_be_ended_and_all_but_one_is_done_by_its_button(w):
    await w.type(f"mute {TARGET} 2h because of works")
    answer = await asked(w, f"nobody should mute {TARGET}")
    assert "muted by" in answer.text
    assert [one.label for one in numbered_buttons(answer)] == [f"Unmute {TARGET}", "Its watch"]
    answer = await asked(w, f"mute all but {TARGET} for 2h")
    await w.press(answer, numbered_buttons(answer)[0])
    watches = [of_row(row) for row in await w.services.watches.visible_to(OPERATOR)]
    assert {watch.target for watch in watches if watch.muted and watch.muted.why != "of works"} == {
        "mx2.example.com",
        "mx3.example.com",
    }
