"""What people tell Portero to do with a host, in sentences: as a command, or asked back. English and Spanish."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.orders import order_words
from bot.slack.conversation.orders.implied_orders import order_about
from bot.slack.conversation.orders.orders import order_in, question_in
from bot.slack.conversation.orders.what_to_do import ANSWERS, OFFERS
from bot.slack.conversation.sentence.understood import WHAT_TO_DO
from bot.slack.conversation.understanding.understanding import understand
from commands.contract import Subject
from commands.spanish import folded
from commands.watch.state.rows import of_row
from storage.history import OPERATOR
from tests.every import every

from .test_conversation import answers, written
from .watchers import TARGET, watchers_on

HOST = "mail.example.com"
ORDERS = {
    f"smtpwatch delete {HOST}": (
        f"delete the watch on {HOST}",
        f"remove {HOST} from the watches",
        f"could you take {HOST} off the watch list?",
        f"don't check {HOST} any more",
        f"we don't need the watch on {HOST} any longer",
        f"ya no vigiles {HOST}",
        f"quita {HOST} de las vigilancias",
        f"puedes eliminar {HOST} de las vigilancias?",
    ),
    f"smtpwatch mute {HOST} until monday": (
        f"stop alerting on {HOST} until monday",
        f"{HOST} is noisy, mute it until monday",
    ),
    f"smtpwatch mute {HOST} until lunes": (f"no avises de {HOST} hasta el lunes",),
    f"smtpwatch mute {HOST} for the weekend": (f"mute the watch on {HOST} for the weekend",),
    f"smtpwatch mute {HOST} the weekend": (f"no avises de {HOST} durante el fin de semana",),
    f"smtpwatch mute {HOST} today": (f"no more alerts for {HOST} today",),
    f"smtpwatch mute {HOST} hoy": (f"silencia los avisos de {HOST} por hoy",),
    f"smtpwatch mute {HOST} tonight": (f"mute {HOST} tonight", f"no avises de {HOST} esta noche"),
    f"smtpwatch mute {HOST}": (
        f"please no more messages about {HOST}",
        f"stop sending me alerts about {HOST}",
        f"turn off notifications for {HOST}",
        f"pon {HOST} en silencio",
        f"deja de avisar de {HOST}",
    ),
    f"smtpwatch resume {HOST}": (f"turn the alerts of {HOST} back on", f"quita el silencio de {HOST}"),
    f"smtpwatch ack {HOST} I reboot it": (f"ack the incident on {HOST}, I reboot it",),
    f"smtpwatch snooze {HOST} for 1h": (f"snooze the alerts for {HOST} for 1h",),
    f"smtpwatch add certificate {HOST}": (
        f"watch the certificate of {HOST}",
        f"tell me when the certificate of {HOST} is about to expire",
        f"alert us 14 days before the certificate of {HOST} expires",
        f"avísame cuando caduque el certificado de {HOST}",
    ),
    f"smtpwatch add dns {HOST}": (f"notify us when the MX of {HOST} changes",),
    f"smtpwatch add {HOST}": (
        f"let me know when {HOST} is up again",
        f"alert me about {HOST}",
        f"dime cuando {HOST} vuelva a funcionar",
        f"añade {HOST} a las vigilancias",
    ),
    f"smtpwatch add {HOST} notify @U12345678": (
        f"ping <@U12345678> when {HOST} fails",
        f"avisa a <@U12345678|bo> si cae {HOST}",
        f"let <@U12345678|bo> know when {HOST} goes down",
    ),
    f"smtpwatch edit {HOST} every 5m": (f"set the interval of {HOST} to 5m", f"cambia el intervalo de {HOST} a 5m"),
    f"smtpwatch edit {HOST} in #C12345678": (
        f"move the {HOST} watch to <#C12345678|ops>",
        f"move {HOST} to <#C12345678|ops>",
        f"send the alerts of {HOST} to <#C12345678|ops>",
    ),
    f"smtpwatch edit {HOST} runbook https://wiki.example.org/a": (
        f"set the runbook of {HOST} to <https://wiki.example.org/a>",
    ),
    f"smtpwatch tag {HOST} prod": (f"tag {HOST} as prod", f"add the tag prod to {HOST}"),
    f"smtpwatch untag {HOST} prod": (f"remove the tag prod from {HOST}",),
    f"smtpwatch undo {HOST}": (f"bring back the watch on {HOST}",),
    f"smtpwatch show {HOST}": (
        f"show me the watch on {HOST}",
        f"is {HOST} being watched?",
        f"why is {HOST} muted?",
        f"who gets the alerts for {HOST}?",
        f"check the watch on {HOST}",
        f"¿se vigila {HOST}?",
    ),
    f"smtpwatch incidents {HOST}": (f"why was <@U1234567> paged for {HOST}", f"¿por qué avisaste a ana de {HOST}?"),
    "portero log deletions": ("who deleted bruno's check?",),
    f"portero log acknowledgements {HOST} today": (f"who acknowledged {HOST} this morning?",),
    f"portero log mutes {HOST}": (f"who muted {HOST}", f"when was {HOST} muted?", f"quién silenció {HOST}"),
    f"portero log deletions {HOST}": (
        f"who deleted the watch on {HOST}",
        f"¿quién ha borrado la vigilancia de {HOST}?",
    ),
    f"portero log {HOST} yesterday": (f"who changed the watch on {HOST} yesterday?",),
}
BESIDE = {
    f"smtpwatch delete {HOST}": (
        f"deja de vigilar {HOST}, ya no existe",
        f"stop watching {HOST} because we retired it",
    ),
    f"smtpwatch pause {HOST}": (f"pause {HOST} until further notice",),
    f"smtpwatch mute {HOST} forever": (f"mute {HOST} until further notice",),
    f"smtpwatch edit {HOST}": (f"move {HOST} to another channel",),
    "smtpwatch resume all": ("resume all watches", "reanuda todas las vigilancias"),
    "smtpwatch mute all 1h": ("mute all the hosts 1h",),
}
"""What is said beside an order and changes nothing of it."""

SETTINGS = {
    f"smtpwatch add {HOST} every 2m": (
        f"add {HOST} to the watch list and check it every 2 minutes",
        f"could you start monitoring {HOST} every 2 mins please, it's our new MX",
    ),
    f"smtpwatch add {HOST}": (f"watch {HOST} and tell us here", f"vigílame {HOST} porfa", f"vigila {HOST} y avísanos"),
    f"smtpwatch add {HOST} notify @U12345678": (
        f"vigila {HOST} y avisa a <@U12345678|bo> si se cae",
        f"avisa a <@U12345678> si {HOST} no responde en 10 minutos",
    ),
    f"smtpwatch add {HOST} 587 notify @U12345678": (f"watch {HOST} on 587 and if it goes down ping <@U12345678>",),
    f"smtpwatch add {HOST} every 5m in #C12345678": (f"vigila {HOST} cada 5 minutos y avisa en <#C12345678|ops>",),
    f"smtpwatch add {HOST} in #C12345678 notify @U12345678 then @U87654321 after 30m": (
        f"watch {HOST}, alerts to <#C12345678|ops>, ping <@U12345678> and then <@U87654321> after 30m",
    ),
    f"smtpwatch edit {HOST} every 10m": (f"please keep watching {HOST} but every 10 min is enough",),
    f"smtpwatch edit {HOST} every 10m notify @U12345678": (
        f"change {HOST} to every 10 minutes and mention <@U12345678>",
    ),
    f"smtpwatch edit {HOST} in #C12345678": (f"send alerts of {HOST} to <#C12345678|ops> from now on",),
    f"smtpwatch edit {HOST} notify @U12345678 then @U87654321 after 30m": (
        f"for {HOST} mention <@U12345678>, then <@U87654321> after 30m",
    ),
    f"smtpwatch edit {HOST} runbook https://wiki.example.org/a": (
        f"add runbook https://wiki.example.org/a to {HOST}",
        f"el runbook de {HOST} es https://wiki.example.org/a",
    ),
    f"smtpwatch edit {HOST} after 3": (f"on {HOST} alert after 3 failures instead of 2",),
    f"smtpwatch edit {HOST} mail ops@example.com": (f"email ops@example.com when {HOST} goes down",),
}
"""Sentences that say how a watch is to be."""

NO_SETTINGS = (
    f"{HOST} fails every 5 minutes",
    f"{HOST} every 5 minutes",
    f"is {HOST} checked every 5m?",
    f"mail to ops@example.com from {HOST} bounces",
    f"don't mention <@U12345678> for {HOST}",
    f"should we change {HOST} to every 5m",
    f"they changed {HOST} to every 5m",
    f"{HOST}: mail fails at 8 instead of 9",
)
"""What tells, asks or denies."""

ASKED_BACK = {
    "unack": (f"unack {HOST}", f"remove the ack from {HOST}"),
    "resolve": (f"resolve {HOST}", f"close the incident on {HOST}", f"marca {HOST} como resuelto"),
    "assign": (f"assign {HOST} to <@U12345678>", f"escala {HOST}", f"page <@U12345678> about {HOST}"),
    "notify": (f"notify <@U12345678> about {HOST}",),
    "unnotify": (
        f"stop pinging <@U12345678> about {HOST}",
        f"no avises más a <@U12345678> de {HOST}",
        f"don't mention <@U12345678> for {HOST} any more",
    ),
    "tags": (f"untag {HOST}", f"remove the tags of {HOST}", f"quita la etiqueta de {HOST}"),
    "move": (
        f"rename {HOST} to mx.example.org",
        f"renombra {HOST} a mx.example.org",
        f"rename the watch on {HOST} to mx.example.org",
        f"move the watch from {HOST} to mx.example.org",
    ),
    "pause": (
        f"disable the watch on {HOST} for a week",
        f"pause the watch on {HOST} for half an hour",
        f"pausa la vigilancia de {HOST} hora y media",
        f"pausa la vigilancia de {HOST} hasta el lunes",
    ),
    "owner": (
        f"transfer the watch on {HOST} to <@U12345678>",
        f"change the owner of the watch on {HOST} to <@U12345678>",
        f"hand over the watch on {HOST} to <@U12345678>",
    ),
    "operate": (f"restart {HOST}", f"flush the queue on {HOST}", f"reinicia {HOST} por favor", f"stop {HOST}"),
    "unclear": (f"delete the MX of {HOST}", f"change {HOST} to 587", f"the watch on {HOST} is a mess"),
    "offer": (
        f"how do I mute {HOST}?",
        f"should I mute {HOST} for 2h?",
        f"should we mute {HOST} for 2h?",
        f"can I delete the watch on {HOST}",
    ),
}
CHECKS = (
    f"is {HOST} up?",
    f"I restarted {HOST} and it still does not answer",
    f"does {HOST} accept mail from us?",
    f"{HOST} closed the connection after RCPT",
    f"{HOST} stopped answering",
    f"set up a connection to {HOST} fails with a timeout",
    f"we got an alert for {HOST}",
    f"the watch on {HOST} says it is down, is it?",
    f"show me the certificate of {HOST}",
    f"run a check on {HOST}",
    f"what about {HOST}",
    f"tell me if {HOST} is up",
    f"tell me about {HOST}",
    f"dime cuándo caduca el certificado de {HOST}",
    f"mira si {HOST} responde en el 587",
)


@every([(line, text) for line, texts in ORDERS.items() for text in texts])
def test_a_sentence_with_an_order_is_that_command(line, text):
    found = understand(text)
    assert f"{found.command} {found.text}" == line
    assert found.ordered


@every([(line, text) for line, texts in (*SETTINGS.items(), *BESIDE.items()) for text in texts])
def test_what_is_said_of_a_watch_is_read_to_its_end_as_its_options(line, text):
    found = understand(text)
    assert f"{found.command} {found.text}" == line


CHOICES = {
    f"email ops@example.com too when {HOST} goes down": ["instead", f"edit {HOST} mail ops@example.com"],
    f"also mention <@U12345678> for {HOST}": ["instead", f"edit {HOST} notify @U12345678"],
    "warn me before certificates run out": ["certificates", "add", "list"],
    "let us know when our certs are about to expire": ["certificates", "add", "list"],
    "avísame antes de que caduquen los certificados": ["certificates", "add", "list"],
    "don't wake me between 10pm and 6am": ["quiet hours", "mute all until 06:00", "list"],
    "no me molestes entre las 22 y las 7": ["quiet hours", "mute all until 07:00", "list"],
    "don't page us at night": ["quiet hours", "list"],
    "post the digest at 8 instead of 9": ["digest time", "digest daily 08:00", "digest weekly 08:00"],
}


@every(CHOICES.items())
def test_what_cannot_be_done_so_says_what_can(text, value):
    assert understand(text).value.split("\n") == value


@every(NO_SETTINGS)
def test_what_tells_asks_or_denies_how_a_watch_is_changes_none(text):
    found = understand(text)
    assert found is None or not found.text.startswith("edit")


def test_a_watch_from_several_machines_is_asked_back_with_what_there_is():
    found = understand(f"watch {HOST} from mta-03 and from fra-1")
    name, *lines = found.value.split("\n")
    assert (name, lines) == ("places", [f"add {HOST} from {place}" for place in ("mta-03", "fra-1", "any 2")])


@every([(name, text) for name, texts in ASKED_BACK.items() for text in texts])
def test_what_nobody_can_do_and_what_is_not_clear_is_asked_back_and_never_checked(name, text):
    found = understand(text)
    assert (found.text, found.value.split()[:2]) == (WHAT_TO_DO, [name, HOST])


@every(CHECKS)
def test_what_asks_how_a_host_is_still_checks_it(text):
    assert understand(text).command == "smtpcheck"


ORDERED = [one for act in order_words.ACTS.values() for one in act.orders.split("|")]
WORDS = st.sampled_from([*ORDERED, HOST, "it", "the", "watch", "on", order_words.HOST, ","])


@given(st.lists(WORDS, max_size=12).map(" ".join))
@example("⌂ " * 100)
@example("stop " + "sending me " * 18 + HOST)
@example(f"turn {'on ' * 70} {HOST}")
def test_any_mixture_of_words_is_read_or_not_and_none_raises(text):
    for found in (order_in(text), question_in(text)):
        assert found is None or HOST in found.hosts


def test_words_are_written_as_they_are_looked_for():
    patterns = [*(act.orders + act.done for act in order_words.ACTS.values()), *order_words.NOUNS.values()]
    assert [one for one in patterns if folded(one) != one] == []


def test_each_shape_is_of_acts_and_nouns_that_there_are():
    for shape in order_words.SHAPES:
        assert set(shape.acts.split("|")) <= set(order_words.ACTS)
        assert set(shape.nouns.split("|")) <= {"", "*", *order_words.NOUNS}
        if shape.line.startswith("?"):
            assert shape.line[1:].split()[0] in ANSWERS
    assert {one for answer in ANSWERS.values() for one in answer.offers} <= {"watch", *OFFERS}


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        yield made


async def asked(w, text, channel="mailops", user="ana", **more):
    mention = "" if channel == w.ws.dm(user) else "@portero "
    await written(w.stage, f"{mention}{text}", channel, user, **more)
    return answers(w.stage, channel, user)[-1]


ABOUT_IT = {
    "stop watching it": f"smtpwatch delete {HOST}",
    "don't check it any more": f"smtpwatch delete {HOST}",
    "extend it to 2h": "?extend 2h",
    "restart it": "?operate",
    "tag it as prod": f"smtpwatch tag {HOST} prod",
}


@every(ABOUT_IT.items())
def test_an_it_means_the_host_that_was_spoken_of(text, line):
    assert order_about(text, Subject("smtpcheck", (HOST,)), below_alert=False).line == line


@every(["is it up", "check it", "delete", "the disk of it", "mute mail2.example.com", "show it"])
def test_what_is_no_order_about_it_is_none(text):
    assert order_about(text, Subject("smtpcheck", (HOST,)), below_alert=False) is None


async def test_what_is_asked_back_says_what_was_understood_in_one_line_with_buttons(w):
    await w.type(f"add {TARGET} 25")
    said = {}
    for text in (
        f"delete the MX of {TARGET}",
        f"restart {TARGET}",
        f"unack {TARGET}",
        f"rename {TARGET} to mx.example.org",
    ):
        answer = await asked(w, text, w.ws.dm("ana"))
        said[answer.text] = [one.label for one in numbered_buttons(answer)]
    assert said == {
        f"I can't tell what to do with the watch on *{TARGET}*.": [
            f"Check {TARGET}",
            "Its watch",
            f"History of {TARGET}",
        ],
        f"I only look at *{TARGET}* from outside: I change nothing there, nor at whoever blocks it.": [
            f"Check {TARGET}",
            "Its watch",
            f"History of {TARGET}",
        ],
        f"An acknowledgement is not taken back: whoever takes over acknowledges *{TARGET}*, and its alert says since "
        "when.": ["Acknowledge", "Its watch"],
        f"A watch keeps its host: watch the new one, then delete the watch on *{TARGET}*.": [
            "Watch mx.example.org",
            f"Delete the watch on {TARGET}",
        ],
    }


async def test_of_a_host_that_nobody_watches_it_says_so_and_offers_a_watch(w):
    answer = await asked(w, f"unack {TARGET}")
    assert answer.text.startswith(f"I can't tell what to do with *{TARGET}*: nothing watches it here.")
    assert f"Watch {TARGET}" in [one.label for one in numbered_buttons(answer)]


@pytest.mark.parametrize("where", ["channel", "thread", "dm"])
async def test_its_buttons_do_it_wherever_it_was_asked_and_for_others(w, ws, where):
    channel, user = (ws.dm("ana"), "ana") if where == "dm" else ("mailops", "bruno")
    more = {"thread_ts": ws.say("bruno", "mailops", "mail is slow").ts} if where == "thread" else {}
    answer = await asked(w, f"unack {TARGET}", channel, **more)
    watch = next(one for one in numbered_buttons(answer) if one.label == f"Watch {TARGET}")
    await w.press(answer, watch, user=user)
    assert [one.target for one in await w.services.watches.visible_to(OPERATOR)] == [TARGET]


async def test_who_asks_how_it_is_done_gets_the_command_and_a_button_for_it(w):
    await w.type(f"add {TARGET} 25")
    answer = await asked(w, f"how do I pause the watch on {TARGET}?")
    assert answer.text.startswith(f"That is `/smtpwatch pause {TARGET}`.")
    await w.press(answer, numbered_buttons(answer)[0], user="bruno")
    [watch] = await w.services.watches.visible_to(OPERATOR)
    assert of_row(watch).paused is not None


@pytest.mark.parametrize("where", ["channel", "dm"])
async def test_an_order_to_delete_asks_first_and_its_button_stands_there(w, ws, where):
    channel = ws.dm("ana") if where == "dm" else "mailops"
    await w.type(f"add {TARGET} 25")
    answer = await asked(w, f"remove {TARGET} from the watches", channel)
    assert answer.text.startswith(f"Delete the watch on *{TARGET}*")
    assert len(await w.services.watches.visible_to(OPERATOR)) == 1
    await w.press(answer, "smtpwatch.delete")
    assert await w.services.watches.visible_to(OPERATOR) == []


async def test_whether_a_host_is_muted_is_answered_as_asked(w):
    await w.type(f"add {TARGET} 25")
    told = await asked(w, f"is {TARGET} muted?")
    assert told.text.startswith(f"*{TARGET}* is neither muted, snoozed nor paused: its watch alerts.")
    await asked(w, f"mute {TARGET} 2h because of a move")
    told = await asked(w, f"is {TARGET} muted?")
    assert re.match(rf"\*{re.escape(TARGET)}\*: .*[Mm]uted", told.text)


async def test_an_order_that_reads_as_a_sentence_does_it(w):
    await w.type(f"add {TARGET} 25")
    muted = await asked(w, f"no avises de {TARGET} hasta el lunes")
    assert re.match(rf":zzz: \*{re.escape(TARGET)}\* is muted until", muted.text)
    log = await asked(w, f"quién silenció {TARGET}?")
    assert "muted" in log.text
    assert "Who changed what" in log.text


async def test_a_mute_ends_when_its_reason_says_so(w):
    await w.type(f"add {TARGET} 25")
    await asked(w, f"mute {TARGET}, we are patching it until 6pm")
    [watch] = await w.services.watches.visible_to(OPERATOR)
    assert f"{of_row(watch).muted.until:%H:%M}" == "17:00"


LATER = {
    "tonight from 22:00 to 6:00": ["maintenance 22:00-06:00", "until 06:00"],
    "every night from 22:00 to 06:00": ["maintenance 22:00-06:00"],
    "on sundays between 2 and 4am": ["maintenance sun 02:00-04:00"],
    "los domingos de 2 a 4": ["maintenance sun 02:00-04:00"],
}


async def test_a_mute_that_begins_later_or_comes_again_offers_hours_of_the_watch(w):
    await w.type(f"add {TARGET} 25")
    for text, ends in LATER.items():
        told = await asked(w, f"mute {TARGET} {text}")
        assert "a mute begins now" in told.text, text
        labels = [one.label for one in numbered_buttons(told)]
        wanted = [f"Edit {TARGET} {one} Europe/Madrid" if "maint" in one else f"Mute {TARGET} {one}" for one in ends]
        assert labels == wanted, text
    [watch] = await w.services.watches.visible_to(OPERATOR)
    assert of_row(watch).muted is None


async def test_what_ends_a_mute_of_several_names_hosts(w):
    hosts = (TARGET, "mx2.example.com")
    for host in hosts:
        await w.type(f"add {host} 25")
    ids = " ".join(row.id for row in await w.services.watches.visible_to(OPERATOR))
    told = await w.type(f"mute {ids} 1h")
    assert re.search(r"`/smtpwatch unmute (?:mail|mx2)\.example\.com (?:mail|mx2)\.example\.com` ends it", told.text)


async def test_several_that_are_to_be_deleted_have_a_button_each(w):
    for host in (TARGET, "mx2.example.com"):
        await w.type(f"add {host} 25")
    told = await asked(w, f"stop watching {TARGET} and mx2.example.com")
    assert [one.label for one in numbered_buttons(told)] == [f"Delete {TARGET}", "Delete mx2.example.com"]


async def test_an_end_that_is_not_clear_has_a_button_for_each_that_may_be_meant(w):
    await w.type(f"add {TARGET} 25")
    for text, ends in {
        "45": ["45m", "45h"],
        "until after lunch": ["until 14:00", "until 15:00"],
        "till the end of my shift": ["until 18:00", "until midnight"],
    }.items():
        told = await asked(w, f"snooze {TARGET} {text}")
        assert [one.label for one in numbered_buttons(told)] == [f"Snooze {TARGET} {end}" for end in ends], text
