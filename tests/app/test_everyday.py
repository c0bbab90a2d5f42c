"""Everyday sentences: what they are read as, and that no deed comes of what only sounds like an order."""

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.below.follow_ups import follow_up
from bot.slack.conversation.everyday.everyday import LONGEST, in_known_words, nearly_in_known_words
from bot.slack.conversation.everyday.everyday_sentences import IT_ALL, OF_ALERTS, SENTENCES
from bot.slack.conversation.everyday.signs import FREE, LITTLE, OFTEN, SIGNS, TIMES
from bot.slack.conversation.questions import everyday_topics
from bot.slack.conversation.questions.plain_questions import topic_asked, topic_of
from bot.slack.conversation.understanding.understanding import understand
from commands.contract import Subject
from tests.every import every

from .test_alert_threads import below
from .test_conversation import answers, written
from .test_watch_alerts import broken
from .watchers import TARGET

HOST = "mail.lab.example"
MEANS = {
    "your purpose": ("what is this bot for?", "so what's the point of this thing", "¿qué es esto?"),
    "thanks": ("great, that solved it, thank you so much", "mil gracias, me ha servido"),
    "never mind": ("oops, wrong channel", "perdón, me he equivocado"),
    "who sees what": (
        "does anyone else see what I ask",
        "will my boss find out what I typed",
        "how private is this",
        "¿quién ve lo que pregunto?",
    ),
    "limits": ("how many times can I ask you per minute", "¿hay un límite de preguntas?"),
    "do you store passwords": ("does it store passwords", "¿guardas contraseñas?"),
    f"test my posted login {HOST}": (f"my smtp password is hunter2, can you test the login on {HOST}?",),
    "smtphistory mine since yesterday": ("where do I see what I asked yesterday", "enséñame mis consultas de ayer"),
    "smtphistory since 7d": ("who has been using you this week?", "¿quién te ha usado esta semana?"),
    "where is the database": ("where is the database", "¿dónde está la base de datos?"),
    "where is the database and how do I back it up": ("where is the database and how do I back it up",),
    "how do I add another machine": ("add another machine to check from",),
    "where can you check from": ("¿desde dónde compruebas?", "from where do you check"),
    f"who checked {HOST}": (f"who has been asking about {HOST}",),
    "can I use you on my phone": ("does the bot work on android",),
    "shortest interval": ("can you check every minute?", "¿puedes mirar cada minuto?"),
    "delete all watches": ("remove all my watches", "borra todas las vigilancias"),
    "offer mute all 20m": ("stop everything for 20 minutes",),
    "offer mute all until tomorrow": ("stop all alerts till tomorrow", "silencia todas las alertas hasta mañana"),
    "offer digest monday 08:00": ("pásame un resumen cada lunes a las 8",),
    "offer digest monday 08:00 in #mailops": ("pásame un resumen cada lunes a las 8 en #mailops",),
    "offer digest weekly 17:00": ("send a summary every week at 5pm",),
    "what is down": ("what's down right now", "¿qué está caído ahora mismo?"),
    "smtpwatch list mine": ("which watches do I have",),
    f"offer add {HOST} every 1m": (f"¿puedes mirar {HOST} cada minuto?",),
    "list watches": ("what are we watching here", "¿qué vigilamos aquí?"),
    "show the watch on mail.lab.example": (f"when do you look at {HOST} again?", f"¿cada cuánto compruebas {HOST}?"),
    IT_ALL: ("is it just port 25 or the rest too", "¿es solo el 25 o todo?"),
    "which port": ("which of those should I put into my phone?", "¿y cuál pongo en el móvil?"),
    "who has it|what is down": ("did anyone look at it", "¿alguien lo está mirando?"),
    "who was told|what is down": ("who else got paged?", "¿a quién habéis avisado?"),
    "since when|what is down": ("since when is it like this", "¿desde cuándo está así?"),
}
"""What is read, and sentences that are read so."""

NEARLY = {
    "your purpose": "hi there, I just joined the mail team. what is this bot for?",
    "offer mute all 20m": "stop everything for 20 minutes, we're rebooting the firewall",
    "how do I add another machine": "add a machine to check from Frankfurt",
}
OTHERS = (
    "",
    HOST,
    f"check {HOST}",
    f"check {HOST} login",
    "stop all alerts in #delivery",
    f"is {HOST} an open relay?",
    "550 5.1.1 User unknown",
    "the disk is full",
    "what does frobnicate mean",
    "which port for ses from hetzner",
    f"what is this bot for? {'x' * LONGEST}",
)


@every((text, means) for means, texts in MEANS.items() for text in texts)
def test_an_everyday_sentence_is_read_in_words_that_are_known(text, means):
    assert in_known_words(text) == means


@every(NEARLY.items())
def test_a_sentence_that_nobody_understands_may_say_more(means, text):
    assert in_known_words(text) == ""
    assert nearly_in_known_words(text) == means


@every(OTHERS)
def test_what_says_something_else_is_for_others(text):
    assert in_known_words(text) == ""


@every(sorted({row.means for row in SENTENCES} | {row.without for row in SENTENCES} - {""}))
def test_whatever_is_read_is_understood(means):
    about = Subject("smtpcheck", (HOST,), (25,), entry="0198")
    said = means.format(host=HOST, time="yesterday", until="1h", often="daily", at="09:00", posted="", channel="")
    offered = said.removeprefix("offer ")
    each = [one for one in said.split("|") if one not in OF_ALERTS]
    assert offered != said or any(follow_up(one, about) or understand(one) for one in each), said


def test_every_topic_of_it_is_reached():
    blank = dict.fromkeys(("time", "until", "often", "at", "channel"), "")
    said = {row.means.format(host=HOST, posted=one, **blank) for row in SENTENCES for one in ("", "posted ")}
    assert {topic_of(topic_asked(one).removeprefix("topic "))[0] for one in said} >= set(everyday_topics.TOPICS)


def test_a_word_is_a_sign_of_one_thing():
    words = [word for table in (SIGNS, TIMES, OFTEN) for said in table.values() for word in said]
    assert len(words) == len(set(words))
    assert not LITTLE & set(words)
    assert set(SIGNS) >= FREE


async def test_what_sounds_like_an_order_for_all_watches_is_offered_and_not_done(stage, ws):
    await stage.type(f"/smtpwatch add {HOST} 25")
    for text in (
        "remove all watches",
        "stop all alerts till tomorrow",
        "para todas las alertas una hora",
        "turn everything off",
    ):
        await written(stage, f"@portero {text}")
        answer = answers(stage)[-1]
        assert answer.text.startswith("Nothing is"), text
        assert {"What is watched"} < {one.label for one in numbered_buttons(answer)}
    assert not any(":no_bell:" in one.text for one in answers(stage))
    await written(stage, "@portero list")
    assert "1 watch" in answers(stage)[-1].text


async def test_what_is_an_order_for_all_watches_is_done(stage, ws):
    await stage.type(f"/smtpwatch add {HOST} 25")
    await written(stage, "@portero mute all 2h")
    assert any("muted" in one.text for one in answers(stage)), [one.text for one in answers(stage)]
    assert not any("Nothing is" in one.text for one in answers(stage))


async def test_a_digest_that_is_asked_for_in_a_sentence_is_set_by_its_button(stage, ws):
    await written(stage, "@portero pásame un resumen cada lunes a las 8")
    answer = answers(stage)[-1]
    assert answer.text == "Nothing is done yet. Shall it be `/smtpwatch digest monday 08:00`?"
    await ws.click(answer, numbered_buttons(answer)[0], user="ana")
    await stage.bot.dispatcher.idle()
    assert any("every Monday at 08:00" in one.text for one in answers(stage))


async def test_who_asks_for_a_login_to_be_tested_hears_that_none_is_and_to_change_what_was_posted(stage, ws):
    dm = ws.dm("ana")
    await written(stage, f"my smtp password is hunter2, host {HOST} port 587, can you test the login?", dm)
    told = answers(stage, dm)[-1].text
    assert told.startswith("I never log in")
    assert "A password was just posted" in told
    assert "hunter2" not in told
    await written(stage, f"prueba si mi contraseña funciona en {HOST}", dm)
    told = answers(stage, dm)[-1].text
    assert told.startswith("I never log in")
    assert "posted" not in told


async def test_who_looks_after_something_is_asked_of_what_is_down_whatever_was_spoken_of(stage, ws):
    await written(stage, f"@portero {HOST} 25")
    await written(stage, "@portero did anyone look at it")
    assert HOST not in answers(stage)[-1].text


async def test_who_used_it_is_told_as_far_as_whoever_asks_may_see(stage, ws):
    await written(stage, f"{HOST} 25", ws.dm("ana"), user="ana")
    dm = ws.dm("bruno")
    await written(stage, "who has been using you this week?", dm, user="bruno")
    assert HOST not in answers(stage, dm, "bruno")[-1].text


async def test_what_is_not_understood_gets_buttons_for_what_it_is_about(stage, ws):
    dm = ws.dm("ana")
    for text, label in {
        "please juggle the watches sideways": "What is watched",
        "paint me yesterday in purple": "What I asked",
        "polish the settings until they shine brightly": "Settings",
        "blue bananas": "Which port?",
    }.items():
        await written(stage, text, dm)
        answer = answers(stage, dm)[-1]
        assert answer.text.startswith("I did not understand that"), text
        assert label in {one.label for one in numbered_buttons(answer)}, text


async def test_an_everyday_question_below_an_alert_is_no_note(w):
    alert = await broken(w)
    told = {}
    for text in (
        "who else got paged",
        "when do you look again",
        "is it just 25 or the rest too",
        "did anyone look at it",
    ):
        await below(w, alert, text)
        told[text] = [one for one in w.posted() if one.thread_ts == alert.ts][-1].text
    assert not any(":memo:" in one.text for one in w.posted())
    assert told["who else got paged"].startswith("It was told in this channel")
    assert "next" in told["when do you look again"]
    assert told["did anyone look at it"] == f"Nobody has acknowledged *{TARGET}* yet."
