"""The lines to paste for an advice: configuration for PowerMTA, Postfix and Python, and tests from a shell."""

from collections.abc import Callable

from commands.smtpport import templates as t
from commands.smtpport.advice import Advice, Choice
from commands.smtpport.catalogue.lookup import has_host

_UNKNOWN_HOST = "smtp.example.com"
Snippets = dict[str, str]


def snippets(advice: Advice) -> Snippets:
    """Snippets by tool, those of the tool that was named first. No real secret is ever in them."""
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
    found = {"postfix": t.POSTFIX_RELAY, "python": t.PYTHON, "swaks": t.SWAKS, "openssl": t.OPENSSL}
    filled = {tool: _fill(advice, best, modes[best.tls]) for tool, modes in found.items() if best.tls in modes}
    explicit = next((it for it in (best, *advice.fallbacks) if it.tls == "starttls" and it.host is None), None)
    powermta = {"powermta": _fill(advice, explicit, t.POWERMTA_RELAY)} if explicit else {}
    away = next((it for it in advice.fallbacks if it.host and it.port == 25), None)
    direct = {"direct_send": t.DIRECT_SEND.format(host=away.host, port=away.port)} if away else {}
    return {**powermta, **filled, **direct}


def _delivery(advice: Advice) -> Snippets:
    host = host_of(advice) or t.MX_FOR_TESTS
    return {
        "powermta": t.POWERMTA_DELIVERY,
        "postfix": t.POSTFIX_DELIVERY,
        "swaks": t.SWAKS["delivery"].format(host=host, port=25),
        "openssl": t.OPENSSL["starttls"].format(host=host, port=25),
    }


def _exchange(advice: Advice) -> Snippets:
    """Mail straight to the exchanger of one's own tenant: no login, no relay in between."""
    values = {"host": host_of(advice), "port": 25}
    return {"swaks": t.SWAKS["delivery"].format(**values), "openssl": t.OPENSSL["starttls"].format(**values)}


def _receive(_advice: Advice) -> Snippets:
    openssl = t.OPENSSL["starttls"].format(host="mx.example.com", port=25)
    return {"powermta": t.POWERMTA_RECEIVE, "postfix": t.POSTFIX_LISTENER, "openssl": openssl}


def _listener(_advice: Advice) -> Snippets:
    openssl = t.OPENSSL["starttls"].format(host="mx.example.com", port=587)
    return {"powermta": t.POWERMTA_LISTENER, "postfix": t.POSTFIX_LISTENER, "openssl": openssl}


def _local(advice: Advice) -> Snippets:
    if advice.provider:
        return _submission(advice)
    values = {"host": "localhost", "port": 1025}
    return {"python": t.PYTHON["none"].format(**values), "swaks": t.SWAKS["none"].format(**values)}


def _lmtp(_advice: Advice) -> Snippets:
    return {"postfix": t.POSTFIX_LMTP}


def _reading(_advice: Advice) -> Snippets:
    return {"openssl": t.OPENSSL["implicit"].format(host="imap.example.com", port=993)}


def _tests(advice: Advice) -> Snippets:
    """How to see from a shell whether one's own network lets a port out."""
    question = advice.question
    asked = (question.port, *question.also, *question.tried)
    if question.topic == "test" or 25 in asked or advice.recommended is None or _delivers(advice):
        port = 25 if 25 in asked or _delivers(advice) else question.port or (question.tried or (587,))[0]
        host = t.MX_FOR_TESTS if port == 25 else host_of(advice) or _UNKNOWN_HOST
        return {tool: line.format(host=host, port=port) for tool, line in t.TESTS.items()}
    return {}


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
