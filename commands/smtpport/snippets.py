"""The lines to paste for an advice: configuration for PowerMTA, Postfix and Python, and tests from a shell.

Templates have {host}, {port} and {user} to fill in; passwords are placeholders or asked for. PowerMTA directives as in
`/pmta`'s own table; Postfix 3 parameters; swaks asks for the password itself.
"""

from collections.abc import Callable

from commands.smtpport.answer import Advice, Choice
from commands.smtpport.catalogue.lookup import has_host
from commands.smtpport.evidence.symptoms import Symptom

MX_FOR_TESTS = "gmail-smtp-in.l.google.com"
"""A mail exchanger that answers everybody on 25: what a test of one's own network connects to."""

POWERMTA_RELAY = """\
<domain *>
    smtp-hosts {host}:{port}
    use-starttls yes
    require-starttls yes
    auth-username {user}
    auth-password YOUR-PASSWORD
</domain>
"""

POWERMTA_RECEIVE = """\
# /etc/pmta/config (Windows: C:\\pmta\\config.dat)
smtp-listener 0/0:25
relay-domain bounces.example.com
relay-domain fbl.example.com
<source 0/0>
    allow-starttls yes
</source>
"""

POWERMTA_LISTENER = """\
# /etc/pmta/config (Windows: C:\\pmta\\config.dat)
smtp-listener 0/0:25
smtp-listener 0/0:587 source=apps
<source apps>
    allow-starttls yes
    require-starttls-before-auth yes
    require-auth yes
</source>
<smtp-user app1>
    password YOUR-PASSWORD
    source apps
</smtp-user>
"""

POWERMTA_DELIVERY = """\
<domain *>
    use-starttls yes
</domain>
"""

_POSTFIX_LOGIN = """\
smtp_sasl_auth_enable = yes
smtp_sasl_security_options = noanonymous
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
# in /etc/postfix/sasl_passwd, then postmap it:
# [{host}]:{port} {user}:YOUR-PASSWORD
"""

POSTFIX_RELAY = {
    "starttls": "relayhost = [{host}]:{port}\nsmtp_tls_security_level = encrypt\n" + _POSTFIX_LOGIN,
    "implicit": "relayhost = [{host}]:{port}\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n"
    + _POSTFIX_LOGIN,
}

POSTFIX_DELIVERY = "relayhost =\nsmtp_tls_security_level = may\n"

POSTFIX_LISTENER = """\
# in master.cf
smtp       inet  n  -  y  -  -  smtpd
submission inet  n  -  y  -  -  smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
"""

POSTFIX_LMTP = "mailbox_transport = lmtp:unix:private/dovecot-lmtp\n"

PYTHON = {
    "starttls": """\
import os, smtplib, ssl

with smtplib.SMTP("{host}", {port}, timeout=30) as smtp:
    smtp.starttls(context=ssl.create_default_context())
    smtp.login("{user}", os.environ["SMTP_PASSWORD"])
    smtp.send_message(message)
""",
    "implicit": """\
import os, smtplib, ssl

with smtplib.SMTP_SSL("{host}", {port}, timeout=30, context=ssl.create_default_context()) as smtp:
    smtp.login("{user}", os.environ["SMTP_PASSWORD"])
    smtp.send_message(message)
""",
    "none": """\
import smtplib

with smtplib.SMTP("{host}", {port}, timeout=5) as smtp:
    smtp.send_message(message)
""",
}

SWAKS = {
    "starttls": "swaks --server {host} --port {port} --tls --auth --auth-user '{user}' --to you@example.com\n",
    "implicit": "swaks --server {host} --port {port} --tls-on-connect --auth --auth-user '{user}' "
    "--to you@example.com\n",
    "none": "swaks --server {host} --port {port} --to you@example.com\n",
    "delivery": "swaks --server {host} --port {port} --tls-optional --to you@example.com --quit-after RCPT\n",
}

DIRECT_SEND = """\
# direct send: no login, recipients of your own tenant only
swaks --server {host} --port {port} --tls-optional --to you@YOUR-TENANT.example
"""

OPENSSL = {
    "starttls": "openssl s_client -starttls smtp -crlf -connect {host}:{port} -servername {host}\n",
    "implicit": "openssl s_client -crlf -connect {host}:{port} -servername {host}\n",
}

TESTS = {
    "telnet": "telnet {host} {port}\n",
    "nc": "nc -vz -w 10 {host} {port}\n",
    "powershell": "Test-NetConnection {host} -Port {port}\n",
}


_UNKNOWN_HOST = "smtp.example.com"
Snippets = dict[str, str]


def snippets(advice: Advice) -> Snippets:
    """Snippets by tool, those of the tool that was named first. No real secret is ever in them."""
    if advice.diagnosis and not advice.diagnosis.advises:
        return _tests(advice)
    make = _BY_ROLE.get(advice.question.role, _submission)
    if advice.question.role == "device" and advice.provider and advice.provider.kind == "exchanger":
        make = _exchange
    if make is _delivery and not _delivers(advice):
        make = _submission
    found = {**make(advice), **_tests(advice)}
    named = advice.question.software or ""
    return {tool: found[tool] for tool in sorted(found, key=lambda tool: tool != named)}


def host_of(advice: Advice) -> str | None:
    """The host that the answer is about, if it is known."""
    service, given = advice.provider, advice.question.host
    return service.hosts[0] if service and not (given and has_host(service, given)) else given


def checkable(advice: Advice) -> bool:
    """Whether the host can be probed as it stands."""
    host = host_of(advice)
    return host is not None and host == host.lower()


def _delivers(advice: Advice) -> bool:
    return advice.question.role == "relay" and advice.recommended is not None and advice.recommended.port == 25


def _submission(advice: Advice) -> Snippets:
    best = advice.recommended
    if best is None:
        return {}
    found = {"postfix": POSTFIX_RELAY, "python": PYTHON, "swaks": SWAKS, "openssl": OPENSSL}
    filled = {tool: _fill(advice, best, modes[best.tls]) for tool, modes in found.items() if best.tls in modes}
    explicit = next((it for it in (best, *advice.fallbacks) if it.tls == "starttls" and it.host is None), None)
    powermta = {"powermta": _fill(advice, explicit, POWERMTA_RELAY)} if explicit else {}
    away = next((it for it in advice.fallbacks if it.host and it.port == 25), None)
    direct = {"direct_send": DIRECT_SEND.format(host=away.host, port=away.port)} if away else {}
    return {**powermta, **filled, **direct}


def _delivery(advice: Advice) -> Snippets:
    host = host_of(advice) or MX_FOR_TESTS
    return {
        "powermta": POWERMTA_DELIVERY,
        "postfix": POSTFIX_DELIVERY,
        "swaks": SWAKS["delivery"].format(host=host, port=25),
        "openssl": OPENSSL["starttls"].format(host=host, port=25),
    }


def _exchange(advice: Advice) -> Snippets:
    """Mail straight to the exchanger of one's own tenant: no login, no relay in between."""
    values = {"host": host_of(advice), "port": 25}
    return {"swaks": SWAKS["delivery"].format(**values), "openssl": OPENSSL["starttls"].format(**values)}


def _receive(_advice: Advice) -> Snippets:
    openssl = OPENSSL["starttls"].format(host="mx.example.com", port=25)
    return {"powermta": POWERMTA_RECEIVE, "postfix": POSTFIX_LISTENER, "openssl": openssl}


def _listener(_advice: Advice) -> Snippets:
    openssl = OPENSSL["starttls"].format(host="mx.example.com", port=587)
    return {"powermta": POWERMTA_LISTENER, "postfix": POSTFIX_LISTENER, "openssl": openssl}


def _local(advice: Advice) -> Snippets:
    if advice.provider:
        return _submission(advice)
    values = {"host": "localhost", "port": 1025}
    return {"python": PYTHON["none"].format(**values), "swaks": SWAKS["none"].format(**values)}


def _lmtp(_advice: Advice) -> Snippets:
    return {"postfix": POSTFIX_LMTP}


def _reading(_advice: Advice) -> Snippets:
    return {"openssl": OPENSSL["implicit"].format(host="imap.example.com", port=993)}


def _tests(advice: Advice) -> Snippets:
    """How to see from a shell whether one's own network lets a port out."""
    question, found = advice.question, advice.diagnosis
    if found and not (found.port_problem or _delivery_fails(advice)):
        return {}
    asked = (question.port, *question.also, *question.tried)
    if question.topic == "test" or 25 in asked or advice.recommended is None or _delivers(advice):
        port = 25 if 25 in asked or _delivers(advice) else question.port or (question.tried or (587,))[0]
        host = MX_FOR_TESTS if port == 25 else host_of(advice) or _UNKNOWN_HOST
        return {tool: line.format(host=host, port=port) for tool, line in TESTS.items()}
    return {}


def _delivery_fails(advice: Advice) -> bool:
    """Whether nothing but the way to other servers is at fault, which a test from a shell shows."""
    found = advice.diagnosis
    return found is not None and found.code in {Symptom.DELIVERY_BLOCKED, Symptom.DELIVERY_REFUSED}


def _fill(advice: Advice, choice: Choice, template: str) -> str:
    service = advice.provider
    user = service.user if service else "YOUR-USER"
    return template.format(host=host_of(advice) or _UNKNOWN_HOST, port=choice.port, user=user)


_BY_ROLE: dict[str, Callable[[Advice], Snippets]] = {
    "relay": _delivery,
    "receive": _receive,
    "listener": _listener,
    "local": _local,
    "lmtp": _lmtp,
    "reading": _reading,
}
