"""Several questions in one message: each is answered, all in one, and nothing is done."""

from bot.slack.conversation.below.asked_of_alert import composed
from bot.slack.conversation.questions.parts import LONGEST, questions_in
from commands.watch.state.rows import of_row
from tests.every import every

from .test_alert_questions import answered, both_broken
from .test_alert_threads import below
from .test_conversation import answers, written
from .test_watch_alerts import broken
from .watchers import TARGET


@every(
    [
        ("since when and why?", ["since when?", "why?"]),
        ("desde cuándo y por qué", ["desde cuándo?", "por qué?"]),
        ("what is broken, since when, and who has it?", ["what is broken?", "since when?", "who has it?"]),
        ("who is on it? and since when?", ["who is on it?", "since when?"]),
        ("¿Quién lo lleva?, ¿y desde cuándo?", ["Quién lo lleva?", "desde cuándo?"]),
        ("hi, was it told and is anyone on it", ["was it told?", "is anyone on it?"]),
    ]
)
def test_each_question_of_a_message_stands_by_itself(text, parts):
    assert questions_in(text) == parts


@every(
    [
        "who has it?",
        "is it us or them?",
        "which port for gmail and outlook?",
        "my password is wrong, can you test it?",
        "the disk was full, who is on it?",
        "is it up and running?",
        "why\nand since when",
        "why, " * LONGEST,
        "why, " * 5,
        "",
        "?",
        "and?",
    ]
)
def test_what_is_one_question_or_tells_something_is_not_parted(text):
    assert questions_in(text) == [text]


@every(
    [
        ("is it only us or everybody?", ["is it us or them?", "from all?"]),
        ("what do we know so far?", ["what is broken?", "since when?", "who has it?"]),
        ("acabo de llegar, ¿qué pasa?", ["what is broken?", "since when?", "who has it?"]),
        ("who has it?", ["who has it?"]),
    ]
)
def test_what_asks_for_several_things_below_an_alert_comes_to_their_questions(text, parts):
    assert questions_in(composed(text, asks=True)) == parts


BELOW = {
    "who is on it and since when?": ("Nobody has acknowledged", f"*{TARGET}: down since "),
    "when did this start and is anyone on it": (f"*{TARGET}: down since ", "Nobody has acknowledged"),
    "¿a quién se avisó y desde cuándo?": ("It was told in this channel", f"*{TARGET}: down since "),
    "how long, how bad, and what should I check first?": (
        f"*{TARGET}: down since ",
        f":red_circle: *{TARGET}*: down",
        "look at whether it is up",
    ),
    "how long already, and who's on the case?": (f"*{TARGET}: down since ", "Nobody has acknowledged"),
    "¿lleva mucho así y quién lo mira?": (f"*{TARGET}: down since ", "Nobody has acknowledged"),
    "is it muted and has anyone acked it?": ("is neither muted, snoozed nor paused", "Nobody has acknowledged"),
    "¿se ha caído más veces este mes y qué digo a los clientes?": ("*1 incident* this month", "For those who do not"),
}


async def test_below_an_alert_each_half_is_answered_in_one_message(w):
    alert = await broken(w)
    for text, told in BELOW.items():
        before = len([one for one in w.posted() if one.bot_id])
        answer = await answered(w, alert, text)
        assert len([one for one in w.posted() if one.bot_id]) == before + 1, text
        places = [answer.text.find(one) for one in told]
        assert -1 not in places and places == sorted(places), (text, answer.text)
    assert not any(":memo:" in one.text for one in w.posted())


async def test_what_two_answers_say_both_is_said_once(w):
    alert = await broken(w)
    for text in ("who was told and who is on it?", "who is on it and who was told?"):
        told = await answered(w, alert, text)
        assert told.text.count("Nobody has acknowledged") == 1, text
        assert str(told.blocks).count("'Acknowledge'") == 1, text


async def test_of_several_hosts_each_half_is_answered_too(w):
    told = await answered(w, await both_broken(w), "which one went first and is anyone on it?")
    assert told.text.startswith("First seen down:\n• *") and "Nobody has acknowledged" in told.text


async def test_a_half_that_would_do_something_is_not_done_beside_an_answer(w):
    alert = await broken(w)
    await below(w, alert, "who is on it and can you delete the watch?")
    [row] = [of_row(row) for row in [await w.the_watch()]]
    assert row.deleted_at is None and row.silence(w.clock()) is None


async def test_below_an_incident_that_is_over_its_story_answers_all_of_it(w):
    alert = await broken(w)
    w.world.heals()
    await w.pass_by(minutes=45)
    told = await answered(w, alert, "who had it and how long was it down?")
    assert "Opened: 25 no answer" in told.text


async def test_below_a_check_and_of_portero_each_half_is_answered(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 465", dm)
    before = len(answers(stage, dm))
    await written(stage, "is the certificate ok and who checked it?", dm)
    [told] = answers(stage, dm)[before:]
    assert (
        "The certificate of *mail.lab.example* is valid" in told.text
        and "Who asked about *mail.lab.example*" in told.text
    )
    await written(stage, "do you read our messages and does it cost anything?", dm)
    told = answers(stage, dm)[-1].text
    assert "I see nobody's mail" in told and "open source" in told
