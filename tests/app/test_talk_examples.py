"""What newcomers and administrators ask in words of their own: topics by examples, and what is answered."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.demo.workspace.model import FileUpload
from bot.slack.conversation.examples.likely import asked
from bot.slack.conversation.examples.talk_examples import NOTHING, TOPICS
from bot.slack.conversation.reading import Where, read_there
from bot.slack.conversation.sentence.phrases import CONVERSATION
from bot.slack.conversation.understanding.understanding import understand
from commands.contract import Subject
from tests.every import every

from .test_conversation import answers, written

LIKE = {
    "a file": ("i want a csv with all outages of october", "can I have yesterday's checks in excel?"),
    "kept": ("what's your retention period?", "¿cada cuánto borras los datos?", "when do old results get thrown away?"),
    "who deletes": ("is anyone here able to remove a watch?", "¿cualquiera puede quitar una vigilancia?"),
    "machines": ("which machines do your checks run on?", "¿desde qué servidores puedes hacer las pruebas?"),
    "settings": ("enséñame toda la configuración, tokens incluidos",),
    "log": ("did anyone fiddle with the watches this week?", "¿quién cambió cosas ayer?"),
    "log of host": ("who was it that last edited the mx2.lab.example watch?",),
    "muted": ("anything on mute at the moment?", "which hosts are silenced?", "¿hay algo en silencio ahora mismo?"),
    "delete history": ("wipe what you have on hostile.lab.example", "elimina los resultados de hostile.lab.example"),
    "watched": ("give me everything that is monitored here", "enséñame todo lo que se vigila aquí"),
    "alerts": ("which alerts went out overnight?", "what woke us up last night?", "¿qué avisos salieron anoche?"),
    "certificate": ("so what's the problem with its certificate?", "¿qué le pasa exactamente al certificado?"),
    "purpose": ("what are you able to help with?",),
    "how to use": ("what sort of questions do you answer?", "¿qué cosas te puedo preguntar?", "explícame cómo usarte"),
    "how to check": ("how can I test a mail server with you?", "¿cómo compruebo un servidor?"),
    "commands": ("comand list", "lista de comandos", "show comands"),
    "thanks": ("great, I'm done for today", "eso era todo, gracias"),
    "person": ("am I talking to chatgpt?", "do you use AI?", "¿hay una inteligencia artificial detrás?"),
    "elsewhere": ("can you try from somewhere else?", "¿y desde otro sitio?"),
    "test mail": ("do my clients get an email when you check?", "¿vas a enviar correos en mi nombre?"),
    "pastes": ("is what I paste saved?", "¿qué pasa con lo que te pego aquí?"),
    "unseen": ("is there a watch that can't see anything now?", "¿hay algún host que no puedas mirar?"),
    "getting through": ("have all alerts been posted?", "¿se han entregado todas las alertas?"),
    "the digest": ("do you send a summary every day?", "¿nos llega un resumen cada día?"),
    "size": ("what size has the database?", "¿cuánto espacio ocupan los datos?"),
    "log of mutes": ("has anyone silenced something this morning?", "¿quién silenció las alertas anoche?"),
    "privacy": ("are other people able to see what I ask you?", "¿mi jefe puede ver lo que escribo?"),
    "cost": ("do we have to pay to use it?", "¿cuánto cuesta usar esto?"),
    "harm": ("is it harmful for a server to be checked?", "¿el dueño del host va a notar que lo compruebas?"),
    "outside": ("does any of it go to a third party?", "¿se manda algo fuera de la empresa?"),
    "account": ("must I sign up somewhere?", "¿tengo que crear una cuenta?"),
    "fewer messages": ("how can I stop receiving these alerts?", "¿cómo hago para no recibir estos avisos?"),
    "keeping up": ("are the checks running late?", "¿el bot está atascado o va con retraso?"),
    "who sets": ("who is able to change your settings?", "¿quién cambia la configuración?"),
    "safe": ("may I trust you with this?", "¿es seguro este bot?"),
    "mistakes": ("what happens if I mistype something?", "¿y si escribo cualquier cosa mal?"),
    "any host": ("can I check a host of another company?", "¿puedo comprobar un servidor de otros?"),
    "slow": ("how long must I wait for a check?", "¿tardas mucho en comprobar?"),
    "who installed": ("who has installed you here?", "¿quién es responsable de ti?"),
    "you or a command": ("is writing to you different from the command?", "¿es igual escribirte que usar el comando?"),
    "on a phone": ("can I set up mail on my phone with you?", "¿me ayudas con el correo del móvil?"),
    "in channels": ("can we have you in our private channel?", "¿puedes estar en un canal privado?"),
    "uptime": ("when did you restart last?", "¿desde cuándo está en marcha el bot?"),
    "mentions": ("which of the watches ping nobody?", "¿a quién mencionan nuestras alertas?"),
    "how many may be": ("what's the limit of watches?", "¿hay un máximo de vigilancias?"),
    "log of deletions": ("did somebody delete a watch last week?", "¿quién eliminó una vigilancia hoy?"),
    "asked": ("what have people been checking today?", "¿qué comprobó la gente esta semana?"),
    "digest readers": ("who is the digest sent to?", "¿a quién llega el resumen?"),
    "unclear answer": ("I do not understand the answer", "no entiendo la respuesta que me has dado"),
    "a log": ("can I give you a whole log?", "¿te puedo pegar un log de exim?"),
    "signs": ("what does the yellow icon mean?", "¿qué significa el icono rojo?"),
    "people's mail": ("do you look into our mailboxes?", "¿puedes ver los correos de los demás?"),
    "need password": ("will you ask me for a password?", "¿hace falta que te dé mi contraseña?"),
    "posted secret": (
        "damn, that was the real password",
        "oops, i pasted my password in this chat",
        "se me ha escapado la contraseña en el mensaje",
    ),
}
"""None of them is an example."""

OTHERS = (
    "which port for sendgrid",
    "535 5.7.8 authentication failed",
    "my mails land in spam, why?",
    "how do I send mail with django",
    "delete mx2.lab.example",
    "mute mail.lab.example 2h",
    "polish the settings until they shine brightly",
    "the customers were told that the disk of the archive is full again",
    "my password is rejected by gmail",
    "is mail.lab.example up?",
    "what is starttls for?",
    "delete all watches",
    "silence is golden",
    "sending works with one email but with two recipients it fails",
    "",
    "who may " * 60,
    "what can I ask?\nnothing",
)


@every((text, topic) for topic, texts in LIKE.items() for text in texts)
def test_a_question_is_like_the_examples_of_its_topic(text, topic):
    assert text not in TOPICS[topic].said
    assert asked(text, instead=False) == topic


@every((text, name) for name, topic in TOPICS.items() for text in topic.said)
def test_an_example_is_its_topic(text, name):
    assert asked(text, instead=True) == ("" if name in NOTHING else name)


@every(OTHERS)
def test_what_asks_for_something_else_is_for_other_readers(text):
    assert asked(text, instead=False) == ""


@every(
    [
        ("smtp chekc mail.lab.example pls", "mail.lab.example"),
        ("smtp check mail.lab.example 587", "mail.lab.example 587"),
        ("chekc mail.lab.example", "mail.lab.example"),
        ("comprueva smtp mail.lab.example", "mail.lab.example"),
        ("smpt test of mail.lab.example on port 25", "mail.lab.example on port 25"),
    ]
)
def test_a_check_is_one_with_smtp_in_front_and_with_a_slip(text, line):
    assert (understand(text).command, understand(text).text) == ("smtpcheck", line)


@every(["smtp test smtp.gmail.com 587 fails from hetzner", "smtp check fails", "smtp port mail.lab.example for gmail"])
def test_what_says_more_is_no_mere_check(text):
    assert understand(text).command == "smtpport"


@every(
    [
        ("puedo usar el smtp de movistar desde otra red?", "smtpport"),
        ("and from another machine?", "smtpcheck"),
        ("is it safe to paste a password here?", CONVERSATION),
    ]
)
def test_what_names_who_sends_or_is_a_plain_question_is_not_read_by_likeness(text, command):
    about = Subject("smtpcheck", ("mail.lab.example",), (25,))
    found, _ = read_there(text, about, Where(datetime(2026, 11, 30, tzinfo=UTC)), everyday=True)
    assert found.command == command
    assert found.value != "topic posted secret"


ANSWERED = {
    "who has paused watches today?": "*Who changed what: watches, today*",
    "¿alguien ha silenciado algo hoy?": "*Who changed what: mutes, today*",
    "how long do you hold on to results, and can I change it?": "Results are kept until somebody deletes them.",
    "esto queda guardado en algún sitio? cuánto tiempo?": "Results are kept until somebody deletes them.",
    "who is allowed to delete watches?": "Whoever made a watch, everybody in its channel, and admins may delete it.",
    "quiero que solo yo pueda borrar vigilancias": "Whoever made a watch, everybody in its channel, and admins may",
    "which boxes can you test from?": "Portero checks from its own machine alone",
    "show me all settings including the tokens": "*Settings that apply to you*",
    "who changed what today?": "*Who changed what: today*",
    "who changed the interval of mx2.lab.example last?": "*Who changed what: mx2.lab.example*",
    "bórrame el historial de mail.lab.example": "Nothing is deleted yet. Whoever asked for a result",
    "is this an AI?": "A program, and at work at any hour: what you write is read by fixed rules",
    "i typed a password here by accident, now what?": "Delete that message, which I can't, and change the password",
    "how do I check a server": "Write its name, with a port or without",
    "para qué vale este bot": "I check the mail ports of hosts",
    "cómo te uso": "Hello. Write, for example:",
    "what can I ask": "Hello. Write, for example:",
    "is this thing on?": "Hello. Write, for example:",
    "start": "Hello. Write, for example:",
    "thanks, that'll be all": "You're welcome.",
    "check this": "Check what? Write its name, such as `mail.example.com`",
    "¿me puedes revisar esto?": "Check what? Write its name",
    "hola, ¿qué eres exactamente?": "I check the mail ports of hosts",
    "¿esto es de pago?": "Portero is open source",
    "could you break something by checking?": "A check changes nothing there",
    "¿mandas lo que escribo a algún servicio externo?": "To no other service",
    "do I need an account for you?": "No account, no installation",
    "is my message visible to the rest of the company?": "*Who sees what*",
    "how do I stop getting these messages?": "Of one host: `mute mail.example.com 2d`",
    "¿el bot va con retraso?": "*Portero's status*",
    "¿quién puede cambiar los ajustes?": "Whoever runs Portero, on its machine",
}


@pytest.mark.parametrize(("text", "begins"), ANSWERED.items())
async def test_who_asks_in_words_of_their_own_is_answered(stage, ws, text, begins):
    dm = ws.dm("ana")
    await written(stage, text, dm)
    assert answers(stage, dm)[-1].text.startswith(begins)


async def test_nothing_of_a_history_is_deleted_by_a_sentence_and_its_button_shows_it(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 25", dm)
    await written(stage, "delete the history of mail.lab.example", dm)
    [shows] = numbered_buttons(answers(stage, dm)[-1])
    assert shows.label == "History of mail.lab.example"
    await ws.click(answers(stage, dm)[-1], shows, user="ana")
    await stage.bot.dispatcher.idle()
    assert answers(stage, dm)[-1].text.startswith("*mail.lab.example*\n")


async def test_what_is_watched_is_told_of_the_channel_in_which_it_is_asked(stage, ws):
    await stage.type("/smtpwatch add mail.lab.example 25")
    await stage.type("/smtpwatch add expired.lab.example 25", channel="delivery")
    for text in ("list everything we watch in here", "¿qué hosts se vigilan en este canal?"):
        await written(stage, f"@portero {text}")
        told = answers(stage)[-1].text
        assert "mail.lab.example" in told and "expired" not in told, text


async def test_what_is_muted_is_told_and_nothing_else(stage, ws):
    await stage.type("/smtpwatch add mail.lab.example 25")
    await stage.type("/smtpwatch add expired.lab.example 25")
    await stage.type("/smtpwatch mute expired.lab.example 2h moving")
    dm = ws.dm("ana")
    for text in ("¿qué vigilancias hay silenciadas ahora?", "which watches are muted now?"):
        await written(stage, text, dm)
        told = answers(stage, dm)[-1].text
        assert "*expired.lab.example*" in told and "*mail.lab.example*" not in told, text


async def test_a_file_is_given_to_who_asks_for_one_in_a_sentence(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 25", dm)
    for text in ("export everything from last week as a spreadsheet", "pásame los resultados de hoy en un excel"):
        await written(stage, text, dm)
        assert answers(stage, dm)[-1].files[0].name.endswith(".csv"), text
    await written(stage, "export this month's incidents as csv", dm)
    assert answers(stage, dm)[-1].text == "No incidents this month that you may see: there is nothing to export."


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("export everything that failed this week as csv", "mx2.lab.example"),
        ("quiero un csv con lo que ha fallado esta semana", "mx2.lab.example"),
        ("failed since 7d csv", "mx2.lab.example"),
        ("export what failed this week on port 465 as csv", "expired.lab.example"),
    ],
)
async def test_a_file_of_what_failed_has_nothing_else(stage, ws, text, host):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 465", dm)
    await written(stage, f"{host} 465", dm)
    await written(stage, text, dm)
    [file] = answers(stage, dm)[-1].files
    table = file.content.decode()
    assert host in table and "mail.lab.example" not in table


async def test_another_machine_is_asked_about_the_host_that_was_checked(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 25", dm)
    await written(stage, "y desde otra máquina?", dm)
    assert answers(stage, dm)[-1].text.startswith("No other machine is connected.")


async def test_what_is_wrong_with_a_certificate_is_told_of_the_host_that_was_checked(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 465", dm)
    await written(stage, "and what exactly is wrong with the cert there?", dm)
    assert "The certificate of *mail.lab.example* is valid" in answers(stage, dm)[-1].text


LOG = (
    "Nov 30 18:01:02 mx1 postfix/smtp[1002]: 4F1A: to=<joe@example.org>, relay=mx.example.org[192.0.2.1]:25, "
    "dsn=5.1.1, status=bounced (host mx.example.org said: 550 5.1.1 User unknown (in reply to RCPT TO command))\n"
)
OTHER = "Nov 30 18:02:05 mx1 postfix/smtp[1003]: 4F: relay=none, status=deferred (timed out) password=hunter2\n"


async def test_a_mail_log_as_a_file_is_read_as_its_lines_are_when_they_are_pasted(stage, ws):
    dm = ws.dm("ana")
    await written(stage, LOG, dm)
    pasted = answers(stage, dm)[-1].text
    log = FileUpload("mail.log", (LOG * 2 + OTHER).encode())
    await written(stage, "can you make sense of this?", dm, attached=[log])
    told = answers(stage, dm)[-1].text
    assert told.startswith("*mail.log*: 3 lines, 3 failures of 2 kinds. The most frequent (2):\n")
    assert pasted in told
    assert "1 × Nov 30 18:02:05" in told and "hunter2" not in told


async def test_a_mail_log_without_a_failure_is_said_to_have_none_and_a_config_is_validated(stage, ws):
    dm = ws.dm("ana")
    fine = FileUpload("mail.log", b"Nov 30 18:03:05 mx1 postfix/smtp[1]: 4F1A: status=sent (250 2.0.0 Ok)\n")
    await written(stage, "", dm, attached=[fine])
    assert answers(stage, dm)[-1].text == "*mail.log*: 1 line, and none tells of a failure."
    await written(
        stage, "", dm, attached=[FileUpload("config", b"<source 0/0>\n always-allow-relaying yes\n</source>")]
    )
    assert "Open relay" in answers(stage, dm)[-1].text


CONFIG = b"<source 0/0>\n always-allow-relaying yes\n</source>"


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


async def test_of_several_files_each_is_read_as_what_it_is(stage, ws):
    dm, log = ws.dm("ana"), LOG.encode()
    packed = FileUpload("old.log.gz", gzip.compress(OTHER.encode()))
    for attached in (
        [FileUpload("mail.log", log), packed, FileUpload("config", CONFIG)],
        [FileUpload("all.zip", zipped(**{"mail.log": log, "old.log": OTHER, "config": CONFIG}))],
    ):
        await written(stage, "", dm, attached=attached)
        told = answers(stage, dm)[-1].text
        assert "*mail.log*: 1 line, 1 failure. It reads:" in told
        assert "*old.log*: 1 line, 1 failure. It reads:" in told
        assert "Read as a config of PowerMTA: *config*" in told and "Open relay" in told


async def test_a_config_that_is_packed_by_itself_is_validated(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "", dm, attached=[FileUpload("config.gz", gzip.compress(CONFIG))])
    assert "Open relay" in answers(stage, dm)[-1].text


async def test_who_says_of_a_host_that_its_certificate_is_bad_is_told_what_a_look_at_it_saw(stage, ws):
    """Not what a certificate may be about in general, nor anything of whoever says so."""
    dm = ws.dm("ana")
    await written(stage, "gmail says our cert on expired.lab.example is bad, is that true", dm)
    said = answers(stage, dm)[-1].text
    assert "expired.lab.example" in said and "expired" in said.replace("expired.lab.example", "")
