"""Plain questions of newcomers and administrators: what a word means, what Portero is and does. English and Spanish."""

import re

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.examples import talk_examples
from bot.slack.conversation.plain_answers import OF_HOST, OFFERS
from bot.slack.conversation.questions import everyday_topics
from bot.slack.conversation.questions.plain_questions import LONGEST, TOPICS, meaning_asked, topic_asked, topic_of
from bot.slack.conversation.questions.terms import TERMS
from bot.slack.conversation.understanding.understanding import understand
from bot.slack.scopes import COSTS
from commands.smtpcheck.result.states import State
from tests.every import every

from .test_conversation import answers, written

MEANINGS = {
    "starttls": (
        "what is starttls?",
        "what's STARTTLS",
        "¿Qué es STARTTLS?",
        "explain starttls",
        "what does starttls mean",
        "what does starttls mean there?",
        "¿qué significa starttls ahí?",
    ),
    "mta-sts": ("what is mta-sts", "whats MTA STS?", "¿para qué sirve mta-sts?"),
    "filtered": ('what does "filtered" mean?', "¿qué significa filtrado?"),
    "degraded": ("what does degraded mean", "what does `works, with faults` mean?"),
    "vantage": ("what is a vantage?", "what are vantages?"),
    "mx": ("what is an MX record?", "¿qué es un registro mx?"),
    "quiet": (
        "what does snooze mean?",
        "difference between mute and snooze",
        "what's the difference between pause and mute?",
    ),
    "starttls + tls": ("what is the difference between starttls and tls?", "diferencia entre starttls y ssl"),
    "tarpit": ("what does tarpit mean?",),
    "no answer": ("what does 'no answer' mean?",),
}
QUESTIONS = {
    "check this": ("check this", "can you check this for me?", "¿me puedes revisar esto?", "échale un vistazo a esto"),
    "test mail": ("can you send a test mail?", "send a test email", "manda un correo de prueba"),
    "test mail mail.example.com": ("send a test mail through mail.example.com",),
    "test mail example.com": ("can you send a test email to bob@example.com",),
    "open relay mail.example.com": ("is mail.example.com an open relay?",),
    "open relay": ("can you test for open relays?",),
    "login mail.example.com": ("can you log in to mail.example.com with user bob and see if it works",),
    "login": ("does it log in to the server?", "do you send any mail when you check"),
    "secrets": ("is it safe to paste a password here", "what if I paste an api key here?"),
    "files": ("can I download the log as csv?", "export the history to a file", "¿puedo exportar el historial?"),
    "reads": (
        "do you read our messages?",
        "can you see my emails?",
        "can it see everything in this channel",
        "¿lees nuestros mensajes?",
    ),
    "how long": (
        "what is the retention period",
        "how do I change the retention",
        "how long do you keep my results?",
        "keep only the last 90 days",
        "¿cuánto tiempo guardas los datos?",
    ),
    "kept": ("privacy policy", "what do you store about me?", "do you keep our messages?", "¿qué datos guardas?"),
    "sees": ("who can see what I ask?", "can bruno see my checks?", "can my boss see my results", "¿Quién ve esto?"),
    "private": ("is this private?", "who sees what?"),
    "from where": ("who may check from mta-03?", "¿quién puede comprobar desde mta-03?"),
    "who": ("who can use this bot?", "who is allowed to use it", "¿quién puede usarte?"),
    "guests": ("let guests in", "are guests served?", "can guests use it?"),
    "admins": ("how do I add an admin?", "who are the admins?"),
    "machine": (
        "how do I hook up another server as a vantage point?",
        "connect another server",
        "¿cómo añado otra máquina?",
    ),
    "stop alerts": ("how do I stop the alerts?", "too many alerts, how do I get fewer?"),
    "where alerts go": ("how do I change the channel alerts go to?", "can I send alerts to another channel"),
    "get alerts": ("how do I get told when my server goes down", "how do I set up an alert?", "¿cómo recibo avisos?"),
    "invite": ("how do I invite you to a channel?", "can I use it in private channels?"),
    "other protocols": ("can you check imap?", "do you monitor https", "¿puedes comprobar pop3?"),
    "sender records example.com": ("does example.com have spf?", "does example.com have dmarc"),
    "blocklists 198.51.100.25": ("is 198.51.100.25 blacklisted?",),
    "other protocols mail.example.com": ("pop3 mail.example.com",),
    "blocklists": ("are we on a blacklist?", "can you check spamhaus", "¿estamos en alguna lista negra?"),
    "language": ("do you speak spanish?", "¿hablas español?"),
    "licence": ("is it open source?", "who made you?", "what does it cost?", "how much does portero cost"),
    "bug": ("how do I report a bug?", "support"),
    "documentation": ("where is the documentation?", "is there a manual"),
    "upgrade": ("how do I upgrade you?", "upgrade"),
    "be quiet": ("how do I make you shut up",),
    "owners": ("make me the owner of bruno's watches", "watches by bruno", "who owns the watches?"),
    "move all": ("move all the watches from #mailops to #delivery",),
    "who left": ("bruno left the company, what happens to his watches?",),
    "rights": (
        "can I stop bruno from adding watches?",
        "disable portero for bruno",
        "can I prevent people from checking hosts",
    ),
    "uninstall": ("if we uninstall you what happens with the data?",),
    "newer": ("is there a newer release of you?", "changelog", "what's new?"),
    "ports allowed": (
        "can people probe any port they like?",
        "which ports do you allow",
        "can I allow port 2526",
        "¿qué puertos compruebas?",
    ),
    "restart": ("restart", "how do I restart you?"),
    "logs": ("where are the logs", "where do I find your logs?"),
    "metrics": ("metrics", "do you have prometheus metrics?"),
    "programs": ("api?", "do you have an api?"),
    "elsewhere": ("pagerduty", "is there a webhook", "send alerts to teams", "can you send alerts by mail?"),
    "elsewhere example.com": ("alerts by mail to ops@example.com",),
    "whose digest": ("who gets the digest",),
    "own address": ("what's your ip address", "from which ip do you connect", "ehlo name?"),
    "firewall": ("what do I need to open in the firewall",),
    "scopes": ("scopes", "which permissions do you have"),
    "internal": ("can it check internal hosts", "allow 10.0.0.0/8"),
    "deny mail.example.com": ("block mail.example.com", "how do I stop it probing mail.example.com"),
    "backup": ("backup", "how do I make a backup?", "how do i back you up?", "¿hay copias de seguridad?"),
    "database": ("where is the database", "¿dónde están los datos?"),
    "settings": ("how do I change the limits?",),
}
LINES = {
    "help": ("which commands are there?", "¿qué comandos hay?"),
    "status": (
        "what version of portero is this",
        "¿qué versión eres?",
        "everything ok with you?",
        "uptime",
        "how long have you been running",
        "is portero healthy?",
    ),
    "delete": (
        "how do I delete the data of a user?",
        "¿cómo borro los datos de un usuario?",
        "delete the whole history",
        "wipe everything you know about mail.example.com",
        "delete everything @bruno ever checked",
    ),
    "vantages": ("from which servers do you check?", "machines", "list vantages", "is mta-03 connected"),
    "revoke": ("remove mta-03", "how do I revoke mta-03?"),
    "settings": ("show me how you're configured", "am I an admin?"),
    "limits": ("how many checks can I run a minute?", "how often may I check a host?"),
}
OTHERS = (
    "what is the certificate of it?",
    "what is retry-after?",
    "what is muted?",
    "what is down?",
    "we keep the messages in the queue for five days",
    "the guests use our wifi",
    "they read the log yesterday",
    "where are the logs of postfix",
    "block port 25",
    "does my provider block mail.example.com?",
    "which ports do I need to open in the firewall for ses?",
    "do I need to open 25 in the firewall",
    "can I use teams with office 365 smtp",
    "error: api key invalid",
    "how do I restart postfix",
    "what permissions does a gmail smtp account need",
    "which api does sendgrid have",
    "is mx-01 down",
    "remove mx-01",
    "check 10.0.0.5",
    "allow relay from 10.0.0.0/8",
    "can I test our internal relay at relay.example.com",
    "does gmail see my ip?",
    "what does gmail see of my mail",
    "what ip do you see for mail.example.com",
    "is 2525 allowed",
    "what is new at mail.example.com",
    "the backup mx is down",
    "support for starttls?",
    "550 SPF check failed",
    "why does spf fail for example.com",
    "do I need spf",
    "how long is the retention of the queue in postfix?",
    "can I stop you from alerting?",
    "be quiet",
    "the owner of the watch is on holiday",
    "delete the watch on mail.example.com",
    "what do you watch?",
    "who has been deleting results this week?",
    "I send mail from my printer",
    "how do I send a mail from wordpress",
    "who checked mail.example.com",
    "does it offer a login?",
    "how do I get delisted from spamhaus",
    "550 5.7.1 blocked using spamhaus",
    "export the incidents",
    "who else sees this problem?",
    "lunch at 12?",
)


@every((text, name) for name, texts in MEANINGS.items() for text in texts)
def test_what_a_word_means_is_said(text, name):
    assert meaning_asked(text) == f"term {name}"
    assert understand(text).value == f"term {name}"


@every((text, name) for name, texts in QUESTIONS.items() for text in texts)
def test_a_question_about_portero_is_one(text, name):
    assert understand(text).value == f"topic {name}"


@every((text, name) for name, texts in LINES.items() for text in texts)
def test_what_a_command_answers_is_for_it(text, name):
    assert (understand(text).command, understand(text).text) == ("portero", name)


@every(OTHERS)
def test_what_is_no_plain_question_is_for_others(text):
    assert meaning_asked(text) + topic_asked(text) == ""


@every(State)
def test_every_state_of_a_port_that_stands_in_a_table_has_a_meaning(state):
    assert meaning_asked(f"what does {state} mean?".replace("_", " "))


@every([*TERMS.items(), *TOPICS.items()])
def test_an_answer_is_short_and_its_buttons_are_known(name, row):
    assert 0 < len(row.said) < 420 or row.line, name
    assert set(row.offers) <= set(OFFERS) | set(OF_HOST)
    assert len(row.offers) <= 3


BLANK = dict.fromkeys(("time", "here", "form", "ports", "listed", "quieted"), "")


def test_every_topic_is_asked_here():
    named = {topic_of(name)[0] for name in QUESTIONS}
    everyday = set(everyday_topics.TOPICS)  # by `test_everyday`
    by_example = {
        topic_of(row.means.format(host="mail.example.com", **BLANK))[0] for row in talk_examples.TOPICS.values()
    }
    assert named | everyday | by_example | {name for name, row in TOPICS.items() if row.line} >= set(TOPICS)


def test_the_scopes_that_are_named_are_those_of_the_app():
    assert set(re.findall(r"`([a-z_.]+(?::[a-z.]+)?)`", TOPICS["scopes"].said)) == set(COSTS)


def test_what_is_long_is_no_plain_question():
    assert topic_asked(f"do you keep our messages? {'x' * LONGEST}") == ""


async def test_a_word_is_explained_also_after_a_check(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 25", dm)
    await written(stage, "what is starttls?", dm)
    assert answers(stage, dm)[-1].text.startswith("*STARTTLS* turns TLS on")


async def test_an_answer_says_what_is_set_here(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "what do you keep about me?", dm)
    assert "Results are kept until somebody deletes them." in answers(stage, dm)[-1].text
    await written(stage, "can you check imap?", dm)
    assert "on these ports: 25, 465, 587, 2525" in answers(stage, dm)[-1].text


FACTS = {
    "what's the ip of mail.lab.example": "*mail.lab.example*: 198.51.100.25.",
    "does mail.lab.example support ipv6": "*mail.lab.example* has no IPv6 address.",
    "what software runs on mail.lab.example": "*mail.lab.example* greets with “mail.lab.example ESMTP lab” on",
    "who is the mx of lab.example?": "MX of *lab.example*: mail.lab.example (10), mx2.lab.example (20).",
    "what tls versions does mail.lab.example support": "*mail.lab.example*: TLS 1.3 on 25, 465, 587, 2525.",
    "who issued the certificate of mail.lab.example?": "The certificate of *mail.lab.example* was issued by CN=Portero",
    "does lab.example have spf?": "I look at servers and ports, not at SPF, DKIM and DMARC. `dig +short TXT lab",
}


async def test_one_fact_that_is_asked_for_stands_in_the_first_line(stage, ws):
    dm = ws.dm("ana")
    for asked, told in FACTS.items():
        await written(stage, asked, dm)
        first = answers(stage, dm)[-1].text.splitlines()[0]
        assert told in first, (asked, first)


async def test_no_test_mail_is_sent_and_its_host_can_be_checked(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "send a test mail through mail.lab.example", dm)
    answer = answers(stage, dm)[-1]
    assert answer.text.startswith("I send no mail and never log in")
    assert numbered_buttons(answer)[0].label == "Check mail.lab.example"


ASKED = {name: texts[0] for name, texts in QUESTIONS.items() if name in TOPICS}
ASKED |= {name: f"what is {name}?" for name in TERMS if meaning_asked(f"what is {name}?")}
ASKED["delete watches"] = "delete all watches"
PRESSED = {
    offer: next(text for name, text in ASKED.items() if offer in (TOPICS.get(name) or TERMS[name]).offers)
    for offer in OFFERS
}


@pytest.mark.parametrize("offer", OFFERS)
async def test_every_button_below_an_answer_does_something(stage, ws, offer):
    dm = ws.dm("ana")
    await written(stage, PRESSED[offer], dm)
    answer, before = answers(stage, dm)[-1], len(stage.seen("ana", dm))
    found = next(one for one in numbered_buttons(answer) if one.label == OFFERS[offer][0])
    done = await ws.click(answer, found, user="ana")
    await stage.bot.dispatcher.idle()
    assert done.error == ""
    assert ws.view_of("ana") is not None or len(stage.seen("ana", dm)) > before
    assert "went wrong" not in stage.seen("ana", dm)[-1].text
