"""What is asked and wanted below an alert in words of whoever writes, and what the alert answers."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.below.alert_answers import ANSWERS
from bot.slack.conversation.below.asked_of_alert import OF_STORY, asked_of_alert
from bot.slack.conversation.below.on_the_machine import ELSE, hints
from bot.slack.conversation.examples.alert_examples import NOTES, NOTHING, ON_REQUEST, TOPICS
from bot.slack.conversation.examples.likely import below_alert
from bot.slack.conversation.sentence.said_times import time_in
from commands.watch.state.rows import of_row
from commands.watch.state.windows import Window
from storage.history import OPERATOR
from tests.every import every
from tests.watch.samples import a_watch

from .test_alert_threads import below
from .test_watch_alerts import broken
from .watchers import TARGET

OTHER = "mx2.example.com"
LIKE = {
    "summary": (
        "i need a short recap for the boss",
        "brief the boss in a sentence or two",
        "hazme un resumen breve para dirección",
    ),
    "timeline": ("walk me through what happened, step by step", "list the events in order", "la secuencia de todo"),
    "ports": ("just 25 or the other ports as well?", "¿falla solo el 25 o también los otros?"),
    "told": ("was the person on duty informed?", "is it worth waking someone?", "¿se ha enterado el de guardia?"),
    "care": ("has this been acked?", "¿lo está llevando alguien ya?"),
    "first": (
        "was it mx2 or mail that died first?",
        "which one broke earlier?",
        "did they fail at the same moment?",
        "¿cuál de los dos se cayó antes?",
    ),
    "how long": ("how many minutes has mail.example.com been failing?", "¿cuánto tiempo llevamos sin servicio?"),
    "before": ("did it go down last week as well?", "¿ya se cayó ayer?", "¿cuántas caídas lleva este mes?"),
    "quiet": ("when does the silence end?", "¿cuándo se acaba el silencio?"),
    "what to check": (
        "what should the sysadmin look into?",
        "what do I look at on the server itself?",
        "¿por dónde empiezo a mirar en la máquina?",
    ),
    "changed": ("was something altered shortly before that?", "¿hubo cambios antes de la caída?"),
    "else": ("are there more servers that went down?", "¿hay más servidores afectados?"),
    "reach": ("is it down for all the world or just for us?", "¿nos pasa a nosotros solos o a todos?"),
    "meanwhile": (
        "what other port can our clients use until then?",
        "¿qué otro puerto pueden usar ahora?",
    ),
    "lost": ("will mail get lost?", "¿se van a perder correos?"),
    "reminders": ("what if nobody acks this?", "¿y si nadie lo reconoce?"),
    "runbook": ("have we got a runbook?", "¿dónde tenemos el procedimiento?"),
    "next look": ("when will you check it next?", "¿cada cuánto tiempo lo compruebas?"),
    "so far": ("what do we know of this so far?", "bring us up to speed"),
    "which cause": ("is it a dns problem?", "¿es cosa de la red o del certificado?"),
    "restart": ("is it worth restarting postfix?", "¿deberíamos reiniciar el servidor?"),
    "other mx": ("do the other mx still take mail?", "¿los otros mx están bien?"),
    "false alarm": ("could this be a false alarm?", "¿es una falsa alarma?"),
    "from where": ("where did you check it from?", "¿desde qué sitio lo miras?"),
    "last good": ("when was it working last?", "¿cuándo respondió por última vez?"),
    "now": ("how does it look right now?", "¿y ahora cómo está?"),
    "what failed": ("what's the actual failure?", "¿qué está fallando exactamente?"),
    "who set it": (
        "whose idea was it to alert in here?",
        "why are you posting in this channel?",
        "who set this alert up?",
        "¿quién puso esta alerta aquí?",
    ),
}
"""None of them is an example."""

TOLD = (
    "support knows about it",
    "the timeline in the ticket is wrong",
    "only the backup MX is left",
    "customer says it is only the newsletter",
    "told the on-call, he is driving in",
    "it went down right after the deploy",
    "we had the same yesterday with mx2",
    "the cert was renewed at noon",
    "summary: disk full, replaced",
    "first we check the firewall",
    "el resumen del proveedor: 20 minutos",
    "",
    "who knows " * 40,
    "who has this?\nnobody",
)


async def answered(w, alert, text, user="bruno"):
    await below(w, alert, text, user)
    return [one for one in w.posted() if one.thread_ts == alert.ts][-1]


async def both_broken(w):
    await w.type(f"add {OTHER} 25 every 1m")
    await w.type(f"edit {TARGET} every 1m")
    await w.tick()
    w.world.breaks(OTHER)
    alert = await broken(w)
    assert "2 watches are down" in alert.text
    return alert


@every((text, topic) for topic, texts in LIKE.items() for text in texts)
def test_a_question_is_like_the_examples_of_its_topic(text, topic):
    asks = topic not in ON_REQUEST
    assert text not in TOPICS[topic].said
    assert below_alert(text, asks=asks) == topic


@every((text, name) for name, topic in TOPICS.items() for text in topic.said)
def test_an_example_is_its_topic(text, name):
    assert below_alert(text, asks=name not in NOTES) == ("" if name in NOTHING else name)


@every(TOLD)
def test_what_is_told_is_no_question_and_no_request(text):
    assert below_alert(text, asks=False) == ""


def test_the_topics_that_are_named_are_there():
    assert set(TOPICS) >= OF_STORY | ON_REQUEST | NOTHING


async def test_an_alert_knows_when_each_of_its_hosts_broke(w):
    alert = await both_broken(w)
    told = await answered(w, alert, "which of the two went first?")
    assert told.text.startswith("First seen down:\n• *") and told.text.count("* <!date^") == 2
    told = await answered(w, alert, "¿cuánto llevamos caídos?")
    assert told.text.startswith("Down so far:\n• *") and told.text.count(", since <!date^") == 2


async def test_what_was_seen_closer_together_than_runs_are_may_have_broken_in_another_order(w):
    await both_broken(w)
    one, other = [of_row(row) for row in await w.services.watches.visible_to(OPERATOR)]
    for apart, said in ((timedelta(seconds=59), True), (timedelta(minutes=1), False)):
        since = replace(one.state.incident, since=other.state.incident.since - apart)
        told = ANSWERS["first"]([replace(one, state=replace(one.state, incident=since)), other], w.clock())
        assert told.text.startswith(f"First seen down:\n• *{one.target}* <!date^")
        assert told.text.endswith("\nEach is looked at every 1m, so the order may have been another.") is said


async def test_of_one_host_alone_nothing_was_first(w):
    told = await answered(w, await broken(w), "what went down first?")
    assert told.text.startswith(f"This alert tells of *{TARGET}* alone: down since <!date^")
    assert [one.label for one in numbered_buttons(told)] == ["What else is down"]


async def test_an_alert_says_until_when_it_is_quiet_and_offers_to_end_it(w):
    alert = await broken(w)
    told = await answered(w, alert, "is it muted?")
    assert told.text.startswith(f"*{TARGET}* is neither muted, snoozed nor paused. Nobody has acknowledged")
    assert [one.label for one in numbered_buttons(told)] == ["Mute 2 h"]
    await below(w, alert, "mute 90m, disk swap", "bruno")
    told = await answered(w, alert, "¿hasta cuándo está silenciado?")
    assert told.text.startswith(f"*{TARGET}*: :no_bell: muted by <@U0000000003> until <!date^")
    await w.press(told, numbered_buttons(told)[0], user="bruno")
    assert of_row(await w.the_watch()).silence(w.clock()) is None


async def test_what_is_quiet_by_a_window_of_maintenance_is_not_offered_to_be_resumed(w):
    await both_broken(w)
    one, *_ = [of_row(row) for row in await w.services.watches.visible_to(OPERATOR)]
    told = ANSWERS["quiet"]([replace(one, windows=(Window(time(), time(23, 59), "UTC"),))], w.clock())
    assert told.text.startswith(f"*{one.target}*: :construction: in maintenance until")
    assert "Its watch" in str(told.blocks) and "Resume" not in str(told.blocks)


async def test_an_alert_says_who_has_its_host_watched(w, ws):
    told = await answered(w, await broken(w), "who told you to alert here?")
    assert told.text.startswith(f"This alert comes of the watch of <@{ws.user('ana').id}> on *{TARGET}*, made <!date^")
    assert [one.label for one in numbered_buttons(told)] == ["Its watch"]


async def test_an_alert_says_what_to_look_at_on_the_machine(w):
    alert = await broken(w)
    told = await answered(w, alert, "what should I check on the box?")
    assert told.text.startswith(f"*{TARGET}*, 25 no answer: look at whether it is up and on the network")
    await w.type(f"edit {TARGET} runbook https://wiki.example.com/mail")
    told = await answered(w, alert, "¿qué miro en el servidor?")
    assert told.text.endswith("Its runbook: <https://wiki.example.com/mail>")


@every(
    [
        (("refused a.example:25", "refused a.example:587"), 1, "listens"),
        (("cert_expired a.example:465", "no_greeting a.example:25"), 2, "renewed"),
        (("frobnicated a.example:25",), 1, ELSE),
        ((), 1, ELSE),
    ]
)
def test_what_was_seen_says_what_to_look_at(failing, count, says):
    found = hints(failing)
    assert len(found) == count and says in found[0]


async def test_the_story_so_far_and_a_short_text_are_given_on_request_and_are_no_note(w):
    alert = await broken(w)
    for text in ("give me the timeline", "dame la cronología"):
        assert ":red_circle: Opened: 25 no answer" in (await answered(w, alert, text)).text, text
    for text in ("can someone sum this up for my manager, 3 lines", "resúmelo en dos líneas para el jefe"):
        assert (await answered(w, alert, text)).text.startswith("For those who do not read along:"), text
    assert not any(":memo: <@" in one.text for one in w.posted())


async def test_an_alert_says_who_is_told_next_when_it_is_looked_at_and_whether_it_has_a_runbook(w, ws):
    alert = await broken(w)
    told = await answered(w, alert, "will anybody be reminded if nobody acks?")
    assert told.text.startswith(f"*{TARGET}*: its alert is told again <!date^")
    assert [one.label for one in numbered_buttons(told)] == ["Acknowledge"]
    told = await answered(w, alert, "¿cada cuánto lo miras?")
    assert told.text.startswith(f"*{TARGET}* is looked at every 15m, last <!date^") and ", next <!date^" in told.text
    told = await answered(w, alert, "is there a runbook?")
    assert told.text.startswith(f"No runbook is set for *{TARGET}*.")
    await w.type(f"edit {TARGET} runbook https://wiki.example.com/mail")
    told = await answered(w, alert, "¿dónde está el runbook?")
    assert told.text == f"The runbook of *{TARGET}*: <https://wiki.example.com/mail>"
    await below(w, alert, "ack", "bruno")
    told = await answered(w, alert, "¿qué pasa si nadie lo reconoce?")
    assert told.text == f"*{TARGET}*: <@{ws.user('bruno').id}> acknowledged it, so nobody is told again."


async def test_an_alert_says_from_where_it_is_looked_at_and_that_no_restart_can_be_judged(w):
    alert = await broken(w)
    told = await answered(w, alert, "¿desde dónde lo has comprobado?")
    assert told.text == f"*{TARGET}* is looked at from Portero's own machine."
    told = await answered(w, alert, "should I restart the server?")
    assert told.text.startswith(
        "From outside I can't tell whether a restart helps. Before one:\n*mail.example.com*, 25 no"
    )


async def test_when_it_worked_last_its_history_has(w):
    told = await answered(w, await broken(w), "when did we last see it working?")
    assert told.text.startswith(f"*{TARGET}* was first seen down <!date^") and "every 15m" in told.text
    assert [one.label for one in numbered_buttons(told)] == ["History"]


async def test_whether_mail_is_lost_is_not_known_and_what_senders_do_is_said(w):
    told = await answered(w, await broken(w), "is mail being lost?")
    assert told.text.startswith("I see no mail, so I can't tell.") and "Nobody has acknowledged" in told.text


@every(["did mx2 break too?", "is mx-1 down as well?", "¿también se cayó smtp2?"])
def test_a_host_that_the_message_does_not_tell_is_not_taken_for_its_own(text):
    alert = a_watch(target="mx7.example.com")
    assert asked_of_alert(text, [alert], NOW, asks=True) is None


async def test_how_often_it_was_down_is_asked_for_a_time(w):
    alert = await broken(w)
    told = await answered(w, alert, "was this down yesterday too?")
    assert told.text.startswith(f"*No incidents* yesterday of `{TARGET}`")
    told = await answered(w, alert, "how often did this happen this month?")
    assert told.text.startswith(f"*1 incident* this month of `{TARGET}`")


async def test_below_an_incident_that_is_over_its_story_answers(w):
    alert = await broken(w)
    w.world.heals()
    await w.pass_by(minutes=45)
    for text in ("give me the timeline", "who had it?", "sum it up for the boss"):
        assert "Opened: 25 no answer" in (await answered(w, alert, text)).text, text


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@every(
    [
        ("all outages of october", "since 2026-10-01 until 2026-10-31"),
        ("las caídas de noviembre", "since 2026-11-01"),
        ("the results of the past seven days", "since 7d"),
        ("yesterday's checks", "yesterday"),
        ("lo de la semana pasada", "since 1w"),
        ("the alerts since monday", "since monday"),
        ("what was it last night", "since yesterdayT18:00"),
        ("this month's incidents", "since this-month"),
        ("desde el 3 de noviembre", "since 11-03"),
        ("on nov 1", "11-01"),
        ("since 9am", "since 09:00"),
        ("who was the second", ""),
        ("may I ask 25 things", ""),
        ("in may", "since 2026-05-01 until 2026-05-31"),
        ("", ""),
    ]
)
def test_the_time_in_a_sentence_is_read_as_it_is_typed(text, typed):
    assert time_in(text, NOW) == typed
