"""The lines to paste for an advice: those of each framework (`frameworks`), and tests from a shell.

Lines hold placeholders for secrets and no host of an exchanger in place of one to submit to.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import quote

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.answer import Advice, Choice, Claim, Params
from commands.smtpport.catalogue.lookup import has_host
from commands.smtpport.evidence.peers import SMTP, is_exchanger
from commands.smtpport.evidence.symptoms import DELIVERY_FAILS, WRONG_HOST, Symptom
from commands.smtpport.frameworks.reader import Framework, framework, frameworks

MX_FOR_TESTS = "gmail-smtp-in.l.google.com"
"""A mail exchanger that answers everybody on 25: what a test of one's own network connects to."""

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

_UNKNOWN_HOST, _CATCHER, _OWN_MX = "smtp.example.com", "localhost", "mx.example.com"
CATCHER_PORT = 1025
_UNCONFIRMED = frozenset({"use_unconfirmed", "use_disputed"})
Snippets = dict[str, str]


def snippets(advice: Advice) -> Snippets:
    """Lines by framework, those of the one that was named first, then tests from a shell."""
    filled = _filling(advice)
    found = {row.key: text for row in _in_order(advice) if (text := filled(row))}
    return {**found, **_tests(advice)}


def _in_order(advice: Advice) -> Iterator[Framework]:
    named = framework(advice.question.software)
    yield from [named] if named else []
    yield from (row for row in frameworks().values() if row is not named)


def lines_of(advice: Advice, row: Framework) -> str | None:
    """The lines of a framework, for the first port of the answer that it can use; None where there are none."""
    return _filling(advice)(row)


def _filling(advice: Advice) -> Callable[[Framework], str | None]:
    """What fills in the lines of a framework. What is the same for all of them is found out once."""
    purpose = _purpose(advice)
    if purpose != "submission":
        host = {"none": _CATCHER, "delivery": _own_host(advice) or MX_FOR_TESTS}.get(purpose, "")
        port = CATCHER_PORT if purpose == "none" else SMTP
        return lambda row: _filled(row.lines[purpose], host, port, "") if purpose in row.lines else None
    host, user = _submission_host(advice), _user(advice)

    def submitting(row: Framework) -> str | None:
        choice = choice_for(advice, row)
        return _filled(row.lines[choice.tls], host, choice.port, user) if choice else None

    return submitting


def choice_for(advice: Advice, row: Framework) -> Choice | None:
    """The first choice of an answer that a framework can use. A fallback counts only where a page confirms it."""
    best = advice.recommended
    if best is not None and _can(row, best) and _stands(row, best, advice):
        return best
    return next((it for it in advice.fallbacks if _can(row, it) and _stands(row, it, advice)), None)


def _can(row: Framework, choice: Choice) -> bool:
    return choice.host is None and choice.tls in row.lines and not (row.only_465 and _is_elsewhere(choice))


def _is_elsewhere(choice: Choice) -> bool:
    return choice.tls == "implicit" and choice.port != 465


def _stands(row: Framework, choice: Choice, advice: Advice) -> bool:
    return choice.reason.code not in _UNCONFIRMED or (choice is advice.recommended and not row.confirmed_only)


def remark(advice: Advice, row: Framework) -> Claim | None:
    """Why the lines of a framework use another port than the answer names, or why there are none."""
    best = advice.recommended
    if best is None or _purpose(advice) != "submission":
        return None
    used = choice_for(advice, row)
    facts: Params = {"software": row.key, "port": best.port, "mode": best.tls}
    if used is best:
        return None
    sources = row.evidence.get("starttls", row.sources)
    if used:
        return Claim("lines_other_port", {**facts, "used": used.port, "used_mode": used.tls}, sources)
    return Claim("lines_unconfirmed" if _can(row, best) else "lines_no_mode", facts, sources)


def _purpose(advice: Advice) -> str:
    """What lines are for: `submission`, a purpose of the frameworks' lines, or a word that none has."""
    role, service = advice.question.role, advice.provider
    if advice.diagnosis and not advice.diagnosis.advises:
        return "nothing"
    if role == "relay":
        return "delivery" if _delivers(advice) else "submission"
    if service and service.kind == "exchanger":
        return "exchange"
    if role == "local" and not service:
        return "none"
    return role if role in {"receive", "listener", "lmtp", "reading"} else "submission"


UNREACHED = frozenset({*map(str, DELIVERY_FAILS), str(Meaning.DESTINATION_SILENT)})


def host_of(advice: Advice) -> str | None:
    """The host that the answer is about, if it is known: also a mail exchanger that is out of reach."""
    is_unreached = advice.diagnosis is not None and advice.diagnosis.code in UNREACHED
    return _own_host(advice) or (advice.question.peer_host if is_unreached else None)


def _own_host(advice: Advice) -> str | None:
    service, given = advice.provider, advice.question.host
    return service.hosts[0] if service and not (given and has_host(service, given)) else given


def checkable(advice: Advice) -> bool:
    """Whether the host can be probed as it stands."""
    host = host_of(advice)
    return host is not None and host == host.lower()


def _submission_host(advice: Advice) -> str:
    host = _own_host(advice)
    if host in _LOOPBACK and advice.diagnosis and advice.diagnosis.code in WRONG_HOST:
        return _UNKNOWN_HOST  # it is what has to be changed
    return host if host and not is_exchanger(host.lower()) else _UNKNOWN_HOST


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _user(advice: Advice) -> str:
    return advice.provider.user if advice.provider else "YOUR-USER"


@lru_cache(2048)
def _filled(template: str, host: str, port: int, user: str) -> str:
    text = template.replace("<host>", host).replace("<port>", str(port)).replace("<user>", user)
    return text.replace("<user_url>", quote(user, safe="")) if "<user_url>" in text else text


def _delivers(advice: Advice) -> bool:
    return advice.question.role == "relay" and advice.recommended is not None and advice.recommended.port == 25


def _tests(advice: Advice) -> Snippets:
    """Tests from a shell: of TLS, of the way out of one's own network, of direct send."""
    return {**_handshake(advice), **_direct_send(advice), **_reachable(advice)}


def _handshake(advice: Advice) -> Snippets:
    purpose, best = _purpose(advice), advice.recommended
    if purpose == "submission":
        shown = OPENSSL.get(best.tls) if best else None
        return {"openssl": shown.format(host=_submission_host(advice), port=best.port)} if shown and best else {}
    if purpose == "exchange":
        swaks = frameworks()["swaks"].lines["delivery"]
        host = _own_host(advice) or MX_FOR_TESTS
        return {"swaks": _filled(swaks, host, 25, ""), "openssl": OPENSSL["starttls"].format(host=host, port=25)}
    host, port, tls = {
        "delivery": (_own_host(advice) or MX_FOR_TESTS, 25, "starttls"),
        "receive": (_OWN_MX, 25, "starttls"),
        "listener": (_OWN_MX, 587, "starttls"),
        "reading": ("imap.example.com", 993, "implicit"),
    }.get(purpose, ("", 0, ""))
    return {"openssl": OPENSSL[tls].format(host=host, port=port)} if host else {}


def _direct_send(advice: Advice) -> Snippets:
    if _purpose(advice) != "submission":
        return {}
    away = next((it for it in advice.fallbacks if it.host and it.port == 25), None)
    return {"direct_send": DIRECT_SEND.format(host=away.host, port=away.port)} if away else {}


def _reachable(advice: Advice) -> Snippets:
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
