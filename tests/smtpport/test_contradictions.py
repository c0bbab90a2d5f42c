"""An answer says one thing: no port goes against its first line, against what was tried, or to a host of others."""

import re

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.reader import read
from commands.smtpport.text import headline, printed
from tests.every import every
from tests.smtpport.test_first_lines import FIRST_LINES
from tests.smtpport.test_situations import ROWS

QUESTIONS = [text for text, _ in FIRST_LINES] + [text for texts in ROWS["seen"].values() for text in texts]

_SETTLED = ("Another port does not help", "The port is right", "It stays on 25")
_EXCHANGERS = re.compile(r"aspmx|gmail-smtp-in|\.protection\.outlook\.com|yahoodns|^smtp\.google\.com")
_ADVISED = re.compile(r"\b(?:Use|Try) \d{2,5} with\b")


@every(QUESTIONS)
def test_no_port_follows_where_the_first_line_settles_it(text):
    made = document(advise(read(text)))
    line = headline(made)
    if any(said in line for said in _SETTLED):
        assert _ADVISED.search(line) is None
        assert made["recommended"] is None


@every(QUESTIONS)
def test_no_exchanger_is_a_host_to_submit_to(text):
    made = document(advise(read(text)))
    best = made["recommended"]
    assert not (best and best["port"] != 25 and _EXCHANGERS.search(made["host"] or ""))


@every(QUESTIONS)
def test_a_client_without_a_mode_is_not_told_to_use_it(text):
    made = document(advise(read(text)))
    code = (made.get("diagnosis") or {}).get("code")
    assert not (code == "no_implicit_tls" and made["recommended"] and made["recommended"]["tls"] == "implicit")


NEVER_SAID = [
    # a recipient is no provider, and a listener no peer
    ("swaks --to ann@gmail.com --server 127.0.0.1:587: connection refused, haraka runs here", "for Gmail"),
    ("to=<bo@yahoo.com>, relay=localhost[127.0.0.1]:587: Connection refused, our postfix", "Yahoo"),
    ("api box: connect ECONNREFUSED 10.9.0.2:2525, pmta config: smtp-listener 0.0.0.0:25", "own machine"),
    ("python app to powermta: STARTTLS extension not supported by server, smtp-listener 0.0.0.0:587", "loopback"),
    ("impresora con gmail: the mail server responded 535 5.7.8 BadCredentials", "mail exchangers"),
    # ports that fail
    ("digitalocean droplet, neither 587 nor 465 connects to our provider", "Use 587"),
    ("desde digitalocean no va ni 465 ni 587", "587 works"),
    ("timeout to mail.ourown.example:587, 465 and 25 the same", "465 with"),
    ("¿El 2525 me sirve para entregar directo a gmail? el 25 está cerrado", "works for you"),
    # delivery, and what comes in
    ("two postfix servers, mail between us has to be encrypted, 587 instead of 25?", "with STARTTLS through"),
    ("our isp closes incoming 25, can the mx be on another port like 2525", "relay service"),
    ("mi proveedor cierra el 25 de entrada, ¿pongo el MX en otro puerto?", "Try "),
    # what account, and which client
    ("free proton account, which smtp port for my nas", "Use 587"),
    ("nas with my personal @hotmail.com account refuses my password on 587", "app password"),
    ("zoho mail, organisation with our own domain, port for gitea", "smtp.zoho.com"),
    ('new SmtpClient("smtp.ionos.de", 465) { EnableSsl = true }: The operation has timed out', "465 with SSL/TLS for"),
    (
        "cloudflare workers connect() to smtp.resend.com port 25 fails, works on my machine",
        "account and port are right",
    ),
]


def test_what_is_asked_of_two_ports_is_no_failure_of_them():
    for text in ("is 465 the same as 587", "are 465 and 587 the same?", "¿465 y 587 es lo mismo?"):
        assert read(text).tried == (), text


@every(NEVER_SAID)
def test_what_would_send_somebody_to_the_wrong_place_is_never_said(text, never):
    assert never not in printed(document(advise(read(text))))


FIRST_SAID = [
    ("is 25 inbound needed if I only send with sendgrid", "A server that only sends can have it closed"),
    (
        "everybody sends on 465, can I close port 25 on our mail server? less attack surface",
        "25 inbound has to be open",
    ),
    (
        "admins want to drop outgoing 25 from the office, we use google workspace, breaks anything?",
        "usual and sensible",
    ),
    ("secure.emailsrvr.com 587, python: SMTP AUTH extension not supported by server", "only inside TLS"),
    ("home assistant with icloud, which port? wrong password all the time", "587 with STARTTLS for Apple iCloud"),
    (
        "shared hosting: Unable to connect to smtp.gmail.com:587 (Connection refused) [/home/0k/public_html/SMTP.php]",
        "bar",
    ),
    ("to=<al@hotmial.con>, Name service error for name=hotmial.con type=A: Host not found", "does not exist"),
    ("to=<al@x.example>, Name service error for name=smtp.sendgrid.net type=A: Host not found, try again", "resolver"),
    ("msmtp: cannot get initial OK message from server, port 465", "On 465 the server waits"),
    ("n8n with smtp.titan.email 465, SSL/TLS toggle off: Greeting never received", "On 465 the server waits"),
    (
        "host aspmx.l.google.com[192.0.2.27] said: 550-5.7.1 The IP is not authorized to 550-5.7.1 send email directly",
        "relay",
    ),
    ("grafana smtp.google.com:587 i/o timeout, ping works", "takes mail from other servers on 25, and no logins"),
    ("hetzner cloud: nc smtp.ionos.de 465 timed out", "Hetzner Cloud blocks 465"),
    (
        "gitea container, postfix on the host listens on 127.0.0.1 only: 172.17.0.1:25 connection refused",
        "listens on loopback alone",
    ),
    ("digitalocean droplet, neither 587 nor 465 connects to our provider", "2525"),
    ("553 Sender is not allowed to relay emails, zoho, login is fine", "sender address does not belong"),
    ("two postfix servers, mail between us has to be encrypted, 587 instead of 25?", "It stays on 25"),
    ("our isp closes incoming 25, can the mx be on another port like 2525", "no record can name another port"),
    ("nas with my personal @hotmail.com account refuses my password on 587", "no longer takes passwords"),
    ("cloudflare workers connect() to smtp.resend.com port 25 fails, works on my machine", "Workers blocks 25"),
]


@pytest.mark.parametrize(("text", "said"), FIRST_SAID)
def test_the_first_line_says_it_instead(text, said):
    assert said in headline(document(advise(read(text))))
