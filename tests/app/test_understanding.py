"""What people write, and which command that is: one row each. English and Spanish."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.registry import COMMANDS
from bot.slack.conversation.below.follow_ups import follow_up
from bot.slack.conversation.sentence import phrases
from bot.slack.conversation.sentence.phrasing import MOST_WORDS, is_question
from bot.slack.conversation.sentence.understood import Understood
from bot.slack.conversation.understanding.understanding import understand
from bot.slack.conversation.words import CAN_BE_WRITTEN, which_host
from commands.contract import Subject
from commands.smtpport.catalogue.lookup import providers
from commands.spanish import folded
from tests.every import every

HOST = "mail.example.com"
LINK = f"<http://{HOST}|{HOST}>"
CONFIG = "&lt;virtual-mta a&gt;\nsmtp-source-host 192.0.2.4 mail.example.com\n&lt;/virtual-mta&gt;"
LOG = "connect to mx.example.org[192.0.2.7]:25: Connection timed out"

CHECKS = {
    HOST: HOST,
    f"{HOST}?": HOST,
    LINK: LINK,
    f"check {LINK}": LINK,
    f"Check {HOST} 587": f"{HOST} 587",
    **dict.fromkeys((f"check these: {HOST} 587", f"mira estos hosts: {HOST} 587"), f"{HOST} 587"),
    **dict.fromkeys((f"check this: {HOST}", f"mira esto: {HOST}", f"check this\n&gt; {HOST}"), HOST),
    f"{HOST}:587": f"{HOST}:587",
    "198.51.100.7": "198.51.100.7",
    "[2001:db8::25]:587": "[2001:db8::25]:587",
    "<mailto:bob@example.com|bob@example.com>": "<mailto:bob@example.com|bob@example.com>",
    f"<https://{HOST}/path?x=1>": f"<https://{HOST}/path?x=1>",
    f"https://{HOST}/path": f"https://{HOST}/path",
    f"Could you please check {HOST} on port 587?": f"{HOST} on port 587",
    f"hey portero, check {HOST} please": HOST,
    f"is {HOST} up?": HOST,
    f"I can't connect to the smtp server {HOST}": HOST,
    f'hola, me dice "no se puede conectar al servidor smtp", el servidor es {HOST}': HOST,
    f"telnet {HOST} 25": f"{HOST} 25",
    f"openssl s_client -starttls smtp -connect {HOST}:587": f"{HOST} 587",
    "198.51.100.0/24": "198.51.100.0/24",
    "2001:db8::/32": "2001:db8::/32",
    f"tell me if {HOST} is up": HOST,
    "is smtp.gmail.com up on 587?": "smtp.gmail.com 587",
    f"can you look at {HOST} and tell me why it is so slow": HOST,
    f"{HOST} does not answer on 465 and 587": f"{HOST} 465 587",
    f"does {HOST} work from mta-03?": f"{HOST} from mta-03",
    **dict.fromkeys(("is it us?", "is it only us?", "¿es solo cosa nuestra?"), "network"),
    "is 25 blocked here?": "network 25",
    "¿está bloqueado el puerto 25 aquí?": "network 25",
    "can we get out on 465 from our network": "network 465",
    **dict.fromkeys(
        ("is our 25 blocked?", "do we have 25 blocked?", "does our isp block port 25?", "¿nos bloquean el puerto 25?"),
        "network 25",
    ),
    **dict.fromkeys(
        ("which ports are blocked for us", "¿qué puertos tenemos bloqueados?", "are any ports blocked here?"), "network"
    ),
    **dict.fromkeys(
        (f"check {HOST} from two places", f"revisa {HOST} desde dos sitios", f"is {HOST} up from everywhere?"),
        f"{HOST} from all",
    ),
    **dict.fromkeys(
        (
            f"$ openssl s_client -connect {HOST}:25 -starttls smtp\nconnect:errno=111",
            f"bob@mx1:~$ telnet {HOST} 25\nTrying 192.0.2.1...\ntelnet: Unable to connect: Connection refused",
            f"PS C:\\> Test-NetConnection {HOST} -Port 25\nTcpTestSucceeded : False",
        ),
        f"{HOST} 25",
    ),
    "mail[.]example[.]com": HOST,
    f"our app cant connect to {HOST} it just hangs": HOST,
    f"can't reach {HOST} on 587": f"{HOST} 587",
    f"pls test {HOST} and mx.example.org port 25": f"{HOST} and mx.example.org port 25",
    f"does {HOST} work from mta-03 and from fra-1?": f"{HOST} from all",
    f"recheck {HOST}": f"again {HOST}",
    "Received: from mail.example.com ([192.0.2.9]) by mx.example.org with ESMTPS": "mail.example.com mx.example.org",
    "check our network": "network",
    "check network 25": "network 25",
    f"check all of {HOST}": f"all {HOST}",
    f"revisa {HOST}": HOST,
    f"revisa {HOST} puertos 25 y 587 desde mta-03": f"{HOST} ports 25 and 587 from mta-03",
    f"¿está caído {HOST}?": HOST,
    f"¿Puedes comprobar {HOST}, por favor?": HOST,
    "comprueba nuestra red": "network",
    f"check {HOST} depe": f"{HOST} depe",  # one word may be a slip: the command says which was meant
    "check mailserver1": "mailserver1",
    **{name: name for name in ("mail", "mx1", "mx1 587", "mta-03")},  # the command says what a full name is
    **dict.fromkeys(("is mail up?", "is the mail server down?", "¿funciona mail?"), "mail"),
    "smtp://bob:hunter2@mail.example.com": "smtp://bob:hunter2@mail.example.com",  # the command refuses it
    f"/smtpcheck {HOST} 25": f"{HOST} 25",
    f"smtpcheck {HOST}": HOST,
}
SIX = " ".join(f"{letter}.example.com" for letter in "abcdef")
CHECKS |= {f"{HOST} and mx.example.org": f"{HOST} and mx.example.org", SIX: SIX}  # that six are too many it says itself
PORTS = (
    f"SMTP Error: Could not connect to SMTP host {HOST}. Connection timed out",
    f"cannot connect to {HOST}: connection refused",
    f"could not connect to {HOST} from aws",
    "can't connect to smtp.gmail.com",
    f"$ openssl s_client -connect {HOST}:587\n140:error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
    "which port for ses from hetzner",
    "What port should I use for gmail?",
    "587?",
    "explain 465",
    "why not 25",
    "¿Qué puerto para gmail?",
    "por qué no 25",
    "587 times out from linode with ses",
    LOG,
    "535 5.7.8 Username and Password not accepted",
    "check this: 550 5.1.1 &lt;ana@example.com&gt;: Recipient address rejected: User unknown",
    "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
    "sendgrid from google cloud",
    "how do I send mail from my printer?",
    "como envío correo desde una impresora",
)
HISTORY = {
    **dict.fromkeys((f"when was {HOST} last checked?", f"last result of {HOST}"), HOST),
    f"has anybody checked {HOST}?": f"who asked {HOST}",
    f"was {HOST} ok this morning?": f"{HOST} today",
    f"compare {HOST} now with an hour ago": f"compare {HOST} since 1h",
    "my last checks": "mine",
    "show everything since yesterday": "since yesterday",
    "certs expiring soon?": "certificates",
    "what did I check so far": "mine",
    "what did I check today?": "mine today",
    "what has <@U12345678|bruno> been up to today?": "by <@U12345678|bruno> today",
    "what did <@U12345678> check yesterday": "by <@U12345678> yesterday",
    "anything changed since yesterday?": "changes since yesterday",
    "how many checks did we run this week?": "this week",
    f"¿cuánto estuvo caído {HOST} hoy?": f"down {HOST} today",
    f"historia de {HOST}": HOST,
    f"history {HOST}": HOST,
    f"history of {HOST} since monday": f"{HOST} since monday",
    f"what changed at {HOST} since yesterday": f"changes {HOST} since yesterday",
    f"¿Qué ha cambiado en {HOST} desde ayer?": f"changes {HOST} since yesterday",
    f"how was {HOST} yesterday": f"{HOST} since yesterday",
    f"desde cuando está caído {HOST}": f"since when is down {HOST}",
    f"since when is 465 refused on {HOST}": f"since when is 465 refused on {HOST}",
    "what failed since 7d": "failed since 7d",
    **dict.fromkeys(
        ("which hosts have expired certs?", "any expired certificates?", "¿qué certificados han caducado?"),
        "cert_expired",
    ),
    "smtphistory by <@U123456789>": "by <@U123456789>",
    "certificados": "certificates",
    "certificados que caducan este mes": "certificates this month",
    "¿Qué certificados vencen esta semana?": "certificates this week",
    "which certs expire in 14 days?": "certificates in 14 days",
    **dict.fromkeys(
        (
            "which hosts have certificates ending soon?",
            "do we have any certs that expire",
            "¿hay certificados a punto de caducar?",
        ),
        "certificates",
    ),
    "are there any certificates expiring in the next 14 days?": "certificates in 14 days",
    "which of our hosts have certificates that end this month": "certificates this month",
    "show me what failed this week": "failed this week",
    "give me the history of mail.example.com": "mail.example.com",
    "export": "",
    f"export {HOST} since 7d": f"{HOST} since 7d",
    f"how long was {HOST} down?": f"{HOST} down",
    f"¿cuánto tiempo estuvo caído {HOST}?": f"down {HOST}",
    f"was {HOST} up on december 2?": f"{HOST} up on december 2",
    f"what happened to {HOST} last week?": f"changes {HOST} last week",
    f"¿qué pasó con {HOST} el 5 de diciembre?": f"changes {HOST} 5 december",
    f"compara {HOST} el lunes y el miércoles": f"compare {HOST} monday and wednesday",
}
WATCHES = {
    "where do I see my watches?": "list mine",
    "who is watching what": "list",
    "what happened yesterday?": "incidents yesterday",
    "¿qué ha fallado esta semana?": "incidents this week",
    f"watch {HOST} every 15m": f"add {HOST} every 15m",
    f"vigila {HOST} cada 15m": f"add {HOST} every 15m",
    f"mute {HOST} until monday new certificates": f"mute {HOST} until monday new certificates",
    "mute tag:prod 2h": "mute tag:prod 2h",
    "mute for 2 hours": "mute for 2 hours",
    f"stop watching {HOST}": f"delete {HOST}",
    **dict.fromkeys(("what is down?", "down", "what's broken?", "is everything ok?", "¿hay algo caído?"), "list down"),
    **dict.fromkeys(
        ("todo bien?", "is our mail ok?", "are all our hosts up", "are we ok?", "¿funciona nuestro correo?"),
        "list down",
    ),
    **dict.fromkeys(("watches", "lista"), "list"),
    "watch": "add",
    **dict.fromkeys(("what are you watching?", "¿qué vigilamos?", "show me all watches"), "list"),
    **dict.fromkeys(
        (
            f"add a watch on {HOST}",
            f"put a watch on {HOST}",
            f"set up a watch for {HOST}",
            f"pon una vigilancia en {HOST}",
        ),
        f"add {HOST}",
    ),
    **dict.fromkeys((f"alert me when {HOST} goes down", f"avísame si {HOST} se cae"), f"add {HOST}"),
    f"check {HOST} on 587 every 5 minutes": f"add {HOST} 587 every 5m",
    f"check {HOST} every hour": f"add {HOST} every 1h",
    **dict.fromkeys(("delete everything with tag:prod", "delete everything tagged prod"), "delete tag:prod"),
    **dict.fromkeys(
        (
            "mute everything with tag:prod 2h",
            "mute all watches with the tag prod 2h",
            "silencia todo con la etiqueta prod 2h",
        ),
        "mute tag:prod 2h",
    ),
    f"watch {HOST} every 15m notify <@U12345678>": f"add {HOST} every 15m notify @U12345678",
    f"watch {HOST} and tell <@U12345678>": f"add {HOST} notify @U12345678",
    "show me my watches": "list",
    "incidents since monday": "incidents since monday",
    **dict.fromkeys(("show incidents today", "incidentes de hoy"), "incidents today"),
    "mute everything for 1h": "mute all for 1h",
    "silencia todo 1h": "mute all 1h",
    "note down el disco en obras": "note down el disco en obras",
    f"ack {HOST}": f"ack {HOST}",
    "ack": "ack",
    "note: I called the provider": "note I called the provider",
    "nota: llamé al proveedor": "note llamé al proveedor",
    "what is muted?": "list quiet",
    "what broke on saturday?": "incidents saturday",
    "show me the incidents of december 1": "incidents of december 1",
    **dict.fromkeys(
        ("how many incidents did we have last week?", "¿cuántos incidentes hubo la semana pasada?"),
        "incidents last week",
    ),
    f"¿quién reconoció el incidente de {HOST}?": f"incidents el incidente de {HOST}",
    **dict.fromkeys((f"who acked {HOST}?", f"postmortem of {HOST}"), f"incidents {HOST}"),
    **dict.fromkeys(
        ("what happened last night?", "¿qué pasó anoche?", "what went wrong overnight?", "resumen de la noche"),
        "incidents last night",
    ),
    "recap of this week": "incidents this week",
    "what went wrong yesterday?": "incidents yesterday",
    **dict.fromkeys(("how many watches are there and whose are they?", "list all watches"), "list all"),
    "show watches in #mailops": "list #mailops",
    f"who owns {HOST}?": f"show {HOST}",
    f"move {HOST} to #mailops": f"edit {HOST} in #mailops",
    "set a daily digest at 9 in #mailops": "digest daily 09:00 in #mailops",
    **dict.fromkeys(("digest every morning", "send us a daily digest at 9 am"), "digest daily 09:00"),
    "weekly digest at 6:30 pm": "digest weekly 18:30",
    **dict.fromkeys(("turn off the digest", "stop the daily digest"), "digest off"),
    **dict.fromkeys(("incidents tonight", "what happened tonight?"), "incidents tonight"),
    "smtpwatch list all": "list all",
}
CONFIGS = {
    CONFIG: CONFIG,
    f"```\n{CONFIG}\n```": f"```\n{CONFIG}\n```",
    "smtp-listener 0/0:465": "smtp-listener 0/0:465",
    f"pmta validate this:\n{CONFIG}": f"validate this:\n{CONFIG}",
    **{
        text: text for text in (f"check this pmta config:\n```{CONFIG}```", "check this pmta config: domain-key a,b,/x")
    },
    "validate this: smtp-listener 0/0:25": "validate this: smtp-listener 0/0:25",
    **dict.fromkeys(("validate this config", "check my pmta config:", "revisa esta configuración"), ""),
    f"hi, what is wrong with this?\n```{CONFIG}```": f"hi, what is wrong with this?\n```{CONFIG}```",
    f"&gt; {CONFIG}": f"&gt; {CONFIG}",
    "config:12:  max-smtp-out 20": "config:12:  max-smtp-out 20",
    "PMTA401": "explain PMTA401",
    "explain pmta401": "explain pmta401",
    "what is retry-after?": "explain retry-after",
    "explain retri-after": "explain retri-after",
    "explica retry-after": "explain retry-after",
    "pmta explain PMTA401": "explain PMTA401",
}
ABOUT = {
    **dict.fromkeys(("¿qué versión eres?", "which version are you", "is portero healthy?"), "status"),
    "show me the log": "log",
    "log hoy": "log today",
    "who changed anything today?": "log today",
    "¿quién ha tocado algo desde ayer?": "log desde ayer",
    **dict.fromkeys(("what are the limits?", "how many checks can I run per minute?"), "limits"),
    "delete my history": "delete",
    "delete everything about bruno": "delete",
    "audit log please, since yesterday": "log since yesterday",
    **dict.fromkeys(
        ("who has been deleting results this week?", "what was deleted", "show deletions"), "log deletions"
    ),
    "log mutes since monday": "log mutes since monday",
    "who changed the settings": "log settings",
    "what did <@U12345678|bruno> change today?": "log by <@U12345678|bruno> today",
    "changes by <@U12345678|bruno>": "log by <@U12345678|bruno>",
    "what did bruno change": "log",
    "rate limits?": "limits",
    "": "help",
    "help": "help",
    "Ayuda!": "help",
    "help smtpcheck": "help smtpcheck",
    "ayuda con pmta": "help pmta",
    "status": "status",
    "version": "status",
    "log": "log",
    "log since monday": "log since monday",
    "settings": "settings",
}
SENTENCES = (
    "¿y desde mta-03?",
    "the weather is fine",
    "lunch at 12?",
    "see report.pdf",
    "check",
    "can you send me the report from yesterday",
    "who is on call today",
    "is it true that settings.py is broken?",
    "we replaced the disk",
    "😀",
    "...",
    "@",
    "watch out for the dog",
    "explain yourself",
    "note that we are closed on friday",
)
ROWS = [
    *(("smtpcheck", *row) for row in CHECKS.items()),
    *(("smtpport", text, text.strip("¿?") if "ué" in text[:4] else text) for text in PORTS),
    *(("smtphistory", *row) for row in HISTORY.items()),
    *(("smtpwatch", *row) for row in WATCHES.items()),
    *(("pmta", *row) for row in CONFIGS.items()),
    *(("portero", *row) for row in ABOUT.items()),
]


@every(ROWS)
def test_it_is_understood(command, text, typed):
    found = understand(text)
    assert found is not None
    assert (found.command, found.text.rstrip("?")) == (command, typed.rstrip("?"))


@every(SENTENCES)
def test_a_sentence_that_asks_nothing_of_it_is_not_understood(text):
    assert understand(text) is None


COURTESIES = {
    **dict.fromkeys(("how do i set up outlook", "¿Cómo configuro Outlook?"), "which outlook"),
    **dict.fromkeys(
        (
            "I can't send mail",
            "my emails dont arrive",
            "our mail is not getting through",
            "mis correos no llegan",
            "we cannot send emails",
            "no puedo enviar correo",
            "our mails are not going out",
            "the queue is growing",
            "everything times out",
            "no sale nada",
        ),
        "not sending",
    ),
    **dict.fromkeys(
        ("thanks", "gracias!", "Thank you.", "ok", "ok cheers, that's all", "thx, super useful!"), "thanks"
    ),
    **dict.fromkeys(("hi there", "Good morning!", "buenas tardes"), "hello"),
    **dict.fromkeys(
        (
            "hola",
            "hello portero",
            "what is this?",
            "¿para qué sirves?",
            "what can you do?",
            "¿Qué puedes hacer?",
            "are you there?",
        ),
        "hello",
    ),
}


@pytest.mark.parametrize(("text", "said"), COURTESIES.items())
def test_a_courtesy_is_one(text, said):
    assert (understand(text).command, understand(text).text) == (phrases.CONVERSATION, said)


PROVIDERS = {
    **dict.fromkeys(("is gmail down?", "gmail is slow", "check gmail", "¿está caído gmail?"), "gmail"),
    "test yahoo 587": "yahoo 587",
    "is outlook down": "outlook",
    "ses is not answering": "ses",
}
OF_PORTS = ("gmail 587 blocked", "why is gmail slow", "check ses from hetzner", "is 25 open at gmail", "sendgrid")


@pytest.mark.parametrize(("text", "asked"), PROVIDERS.items())
def test_of_a_provider_whose_state_is_asked_for_it_asks_which_host(text, asked):
    found = understand(text)
    assert (found.command, found.text, found.value) == (phrases.CONVERSATION, "which host", asked)


@pytest.mark.parametrize("text", OF_PORTS)
def test_a_provider_in_a_question_about_ports_is_for_the_guide(text):
    assert understand(text).command == "smtpport"


@every(providers())
def test_which_host_of_a_provider_has_a_button_where_all_use_the_same(provider):
    asked, row = which_host(provider, "587"), providers()[provider]
    assert row.hosts[0] in asked.text
    assert (f"Check {row.hosts[0]}" in str(asked.blocks)) is not bool(row.host_pattern)


@pytest.mark.parametrize("text", re.findall("`([^`]+)`", CAN_BE_WRITTEN))
def test_what_it_says_can_be_written_is_understood(text):
    assert understand(text) or follow_up(text, Subject("smtpcheck", (HOST,), entry="e"))


@pytest.mark.parametrize(("text", "typed"), [("", ""), ("what is wrong here?", ""), ("diff", "diff")])
def test_a_file_is_a_config(text, typed):
    assert (understand(text, files=True).command, understand(text, files=True).text) == ("pmta", typed)


@pytest.mark.parametrize("text", [HOST, f"check {HOST}", "help", CONFIG, f"mute {HOST} 2h"])
def test_an_order_is_told_from_a_sentence_in_which_a_host_stands(text):
    assert understand(text).ordered
    assert not understand(f"we replaced the certificate of {HOST}").ordered


@every(
    [
        "is anyone on it",
        "what's the status",
        "when did it break",
        "who is on call",
        "which are still down",
        "¿quién lo lleva",
        "alguien lo mira",
        "eta",
    ]
)
def test_a_short_question_needs_no_mark(text):
    assert is_question(text)


@every(
    ["the disk is full", "when we rebooted it came back", "on it", "what we saw: 25 was closed", "any host may be hit"]
)
def test_what_is_told_is_no_question(text):
    assert not is_question(text)


@pytest.mark.parametrize("text", ["our mails are not going out", "gmail is slow", "ses is not answering"])
def test_what_may_only_be_told_is_no_order(text):
    assert not understand(text).ordered


@given(st.text(max_size=300))
@example("\ud800")
@example("<@U1|" * 50)
@example("check " * 50)
@example("please " * 50)
def test_any_text_is_understood_or_not_and_none_raises(text):
    found = understand(text)
    assert found is None or found.command in {*phrases.NAMED, phrases.CONVERSATION}
    assert found == understand(text)


WORDS = st.sampled_from([*CHECKS, *PORTS, *HISTORY, *SENTENCES, "from", "25", "¿", "<", "&lt;", "```", "y", "again"])


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_nor_does_any_mixture_of_what_people_write(text):
    found = understand(text)
    assert found is None or found.command in {*phrases.NAMED, phrases.CONVERSATION}


def test_it_knows_every_command_by_its_name():
    assert {command.name for command in COMMANDS} == set(phrases.NAMED)


def test_phrases_are_written_as_they_are_looked_for():
    begun = [(phrase.fits, one) for phrase in phrases.PHRASES for one in phrase.begins.split("|")]
    assert len(begun) == len(set(begun))
    assert [one for _, one in begun if one != folded(one) or one != " ".join(one.split())] == []
    assert max(len(one.split()) for _, one in begun) <= MOST_WORDS


@given(st.text(max_size=50))
def test_folding_moves_no_character(text):
    assert len(folded(text)) == len(text)


@every(
    [
        f"tell me when the certificate of {HOST} expires",
        f"is the certificate of {HOST} renewed?",
        f"we replaced the cert of {HOST}",
        f"dime cuándo caduca el certificado de {HOST}",
    ]
)
def test_what_is_said_of_a_hosts_certificate_has_it_checked(said):
    assert understand(said) == Understood("smtpcheck", HOST)


def test_an_error_about_a_certificate_is_explained():
    assert understand(f"certificate verify failed: {HOST}:587").command == "smtpport"
