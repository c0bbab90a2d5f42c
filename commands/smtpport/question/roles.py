"""What a question is about: handing mail in, delivering, receiving, listening. A grammar of clauses, not a ranking.

"I receive mail fine but sending times out" is about sending: what fails is what is asked. Words that only describe
where something runs ("docker compose", "dovecot") give way to those that say what it does.
"""

from collections.abc import Sequence
from itertools import pairwise

from commands.smtpport.catalogue.lookup import network, ports, provider
from commands.smtpport.catalogue.records import Provider
from commands.smtpport.question.spans import Span
from commands.smtpport.question.vocabulary import INCIDENTAL, ROLES, phrases

_INCIDENTAL = {role: frozenset(phrases(text)) for role, text in INCIDENTAL.items()}
_SMTP = frozenset({25, 465, 587, 2525})
_SUBMISSION = frozenset({465, 587})
_DELIVERY = 25
MAIL_SOFTWARE = frozenset({"postfix", "exim", "sendmail", "opensmtpd", "haraka"})
_NO_APPS = MAIL_SOFTWARE | {"powermta", "openssl", "telnet", "nc", "swaks", "curl", "python", "dotnet", "go", "php"}
"""Servers, and tools that somebody tries a server with."""


def roles_of(spans: Sequence[Span]) -> list[str]:
    """The roles that are said, in the order in which they win where several remain."""
    said = {meaning.value for span in spans for meaning in span.meanings if meaning.slot == "role"}
    return [role for role in ROLES if role in said and not _gives_way(role, spans, said)]


def role_of(spans: Sequence[Span], named: dict[str, str], asked: Sequence[int], topic: str) -> str:
    """The one role that a question is about."""
    if _is_of_reading(spans):
        return "reading"
    service = provider(named.get("provider"))
    roles = roles_of(spans)
    if service and service.kind != "sink":
        roles = [role for role in roles if role != "local"]
    if service and service.kind == "relay":
        roles = [role for role in roles if role != "relay"]
    if service is None and ((not roles and _opens(spans)) or (set(roles) <= {"submission"} and _is_handed_to(spans))):
        return "listener"
    to_mailboxes = service is not None and _is_recipient(spans, service) and not _is_submitting(spans)
    on_25 = any(span.port == _DELIVERY for span in spans)
    delivers = (
        _delivers(spans)
        or runs_server(spans, named, asked)
        or (to_mailboxes and (on_25 or _has_mail_software(spans) or _goes_out(spans, asked)))
    )
    if (
        roles in ([], ["submission"], *([["device"]] if to_mailboxes else []))
        and delivers
        and (service is None or to_mailboxes)
    ):
        return "relay"
    if roles:
        return roles[0]
    reads = bool(asked) and _of_port(asked[0], topic) == "reading" and not _sends(spans)
    if service and service.kind == "mailbox" and reads:
        return "reading"
    if service:
        return {"exchanger": "relay", "sink": "local"}.get(service.kind, "submission")
    if _any(spans, "weak_relay") and "network" not in named and not _SUBMISSION.intersection(asked):
        return "relay"
    is_client = has_app(spans) or any(span.port in _SUBMISSION for span in spans)
    return _of_port(asked[0], topic) if asked and not is_client else "submission"


def runs_server(spans: Sequence[Span], named: dict[str, str], asked: Sequence[int]) -> bool:
    """Whether somebody's own mail server is to send from a network, and neither a provider nor a client is named."""
    is_open = not (asked or "provider" in named or has_app(spans))
    is_client = any(span.text in _CLIENTS or span.means("send_as", "tls") or span.host for span in spans)
    return is_open and not is_client and "network" in named and _has_mail_software(spans)


def _is_of_reading(spans: Sequence[Span]) -> bool:
    """Whether every port that is named is one for reading mail, and so is a host."""
    named = [span.port for span in spans if span.port]
    hosts = any("." in span.text and span.text.startswith(("imap.", "imaps.", "pop.", "pop3.")) for span in spans)
    return hosts and not _sends(spans) and bool(named) and all(_of_port(port, "") == "reading" for port in named)


def _sends(spans: Sequence[Span]) -> bool:
    """Whether it is said that mail is to be sent, whatever host and port are named."""
    return any(_is_for_sending(span) or span.text in _VERBS for span in spans)


_VERBS = frozenset({"send", "sending", "sends", "outgoing", "enviar", "envia", "mandar", "saliente"})


def _is_submitting(spans: Sequence[Span]) -> bool:
    """Whether it is said that mail is handed in where a mailbox provider is named: `can postfix submit to gmail`."""
    return any(not _SUBMITTING.isdisjoint(span.text.split()) for span in spans)


_SUBMITTING = frozenset({"submit", "submits", "submitting", "submission", "submissions"})


def _opens(spans: Sequence[Span]) -> bool:
    """Whether it is asked which ports of a mail server of one's own are to be open towards it."""
    texts = {span.text for span in spans}
    is_open = not _OPEN.isdisjoint(texts) and not _DOORS.isdisjoint(texts) and texts.isdisjoint(_OUTWARD)
    return is_open and _any(spans, "mail_server") and not _any(spans, "failed")


def _is_handed_to(spans: Sequence[Span]) -> bool:
    """Whether apps hand mail to PowerMTA or log in there: its own listener is asked about."""
    return any(
        one.text in _INTO and any(it[:2] == ("software", "powermta") for it in other.meanings)
        for one, other in pairwise(spans)
    )


_INTO = frozenset({"to", "into", "in to"})

_OPEN = frozenset({"open", "opened", "opening", "abrir", "abro", "abierto", "abiertos", "abre", "forward"})
_DOORS = frozenset({"firewall", "router", "cortafuegos", "ufw", "fritzbox", "pfsense", "opnsense"})
_OUTWARD = frozenset({"outbound", "outgoing", "egress", "out", "saliente", "salientes"})


def _of_port(port: int, topic: str) -> str:
    row = ports().get(port)
    return row.role if row and topic not in {"why_not", "why"} else "submission"


def _gives_way(role: str, spans: Sequence[Span], said: set[str]) -> bool:
    """Whether a role is only said in passing, and something else is asked."""
    words = [span for span in spans if any(it.slot == "role" and it.value == role for it in span.meanings)]
    if role == "receive" and all(_is_of_client(spans, span) for span in words):
        return True
    if role == "listener" and _is_on_platform(spans):
        return True  # nobody listens there: who connects to a server of theirs asks
    if role != "reading" and not all(span.text in _INCIDENTAL.get(role, ()) for span in words):
        return False
    if role == "receive":
        if _is_of_rules(spans) and _any(spans, "failed") and _sends(spans):
            return True  # what was let in, by who cannot send
        if "device" in said or (_any(spans, "failed") and any(span.port in _SUBMISSION for span in spans)):
            return True
        return _is_about_sending(spans, {span.clause for span in words})
    sends = "device" in said or any(_is_for_sending(span) for span in spans)
    if role == "submission":
        return "reading" in said and not sends and not _any(spans, "failed")
    if role == "reading":
        return sends or ("submission" in said and not _gives_way("submission", spans, said))
    is_sent = _any(spans, "failed") or "submission" in said or "relay" in said
    return is_sent or any(span.port in _SMTP or span.host for span in spans) or _any(spans, "network")


def _is_for_sending(span: Span) -> bool:
    return not _SENDING.isdisjoint(span.text.split()) or (span.host and span.text.startswith("smtp"))


def _is_of_client(spans: Sequence[Span], word: Span) -> bool:
    """Whether a client receives, namely a greeting or a reply, or others bounce mail: `recipients bounce it`."""
    place = next(index for index, span in enumerate(spans) if span is word)
    following = [span.text for span in spans[place + 1 : place + 5] if span.clause == word.clause]
    if word.text.startswith("receiv"):
        return not _OF_SESSIONS.isdisjoint(following)
    before = {span.text for span in spans[max(0, place - 3) : place]}
    is_verb = word.text == "bounces" and not _MAIL.isdisjoint(it.text for it in spans[max(0, place - 5) : place - 1])
    is_verb = is_verb or not _AFTER_VERB.isdisjoint(following[:1]) or "it" in before
    beside = [span.text for span in spans[max(0, place - 1) : place]] + following[:2]
    is_told = word.text in ("bounce", "bounced") and not _OF_ONE.isdisjoint(beside)
    return word.text.startswith("bounce") and (is_verb or is_told)


_MAIL = frozenset({"mail", "mails", "email", "emails", "messages", "message", "everything", "newsletter", "correo"})
_AFTER_VERB = frozenset(
    {"it", "them", "our", "my", "mails", "messages", "everything", "since", "when", "because", "as", "with"}
)

_OF_ONE = frozenset({"says", "say", "said", "reads", "message", "a", "no", "dice", "back", "are", "is", "being"})
"""Beside a bounce that somebody got: what it says is told, and not where bounces are received."""

_OF_SESSIONS = frozenset(
    {"banner", "greeting", "response", "reply", "answer", "answers", "data", "error", "code", "line", "smtp", "220"}
)


def _is_on_platform(spans: Sequence[Span]) -> bool:
    """Whether a place is named where programs run that nobody can connect to by SMTP."""
    named = (network(it.value) for span in spans for it in span.meanings if it.slot == "network" and not it.weak)
    return any(row is not None and row.kind == "platform" for row in named)


def _is_of_rules(spans: Sequence[Span]) -> bool:
    """Whether a port was opened inbound, or a rule says so."""
    texts = {span.text for span in spans}
    return not texts.isdisjoint(_RULES) and not texts.isdisjoint({"inbound", "incoming", "entrante", "entrantes"})


_RULES = frozenset({"nsg", "security group", "firewall", "rule", "rules", "opened", "open", "regla", "abierto", "abri"})


def _is_about_sending(spans: Sequence[Span], received: set[int]) -> bool:
    """Whether another clause says that something fails, or that sending is what is asked."""
    others = [span for span in spans if span.clause not in received]
    fails_there = not any(span.means("failed") and span.clause in received for span in spans)
    return fails_there and (_any(others, "failed") or any(_is_sending(span) for span in others))


def _is_sending(span: Span) -> bool:
    return any(it.slot == "role" and it.value in {"submission", "relay"} for it in span.meanings)


def _delivers(spans: Sequence[Span]) -> bool:
    """Whether a mail server of one's own is to send, and 25 is what it is about, or no port at all.

    Beside 587 and 465 alone it is about the clients of the server, or about a relay before it.
    """
    if has_app(spans):
        return False
    software = _has_mail_software(spans)
    numbers = {span.port for span in spans if span.port}
    is_client = any(span.text in _CLIENTS or span.means("send_as") for span in spans)
    servers = [index for index, span in enumerate(spans) if span.means("mail_server")]
    if servers and not any(_is_goal(spans[max(0, index - 3) : index]) for index in servers):
        is_about_tls = any(
            it.slot == "tls" and it.value in {"starttls", "implicit"} for span in spans for it in span.meanings
        )
        return not is_client and (25 in numbers or not (numbers & _SMTP or is_about_tls))
    return software and not is_client and 25 in numbers


def has_app(spans: Sequence[Span]) -> bool:
    """Whether a program that hands mail in is named: whatever server it talks to, it is the client."""
    named = {it.value for span in spans for it in span.meanings if it.slot == "software"}
    return not named <= _NO_APPS


def _has_mail_software(spans: Sequence[Span]) -> bool:
    return any(it.slot == "software" and it.value in MAIL_SOFTWARE for span in spans for it in span.meanings)


def _is_recipient(spans: Sequence[Span], service: Provider) -> bool:
    """Whether mail goes to a mailbox there ("mailcow, mails to Hotmail fail"), and not through it."""
    named = [
        index
        for index, span in enumerate(spans)
        if (span.text.count(".") <= 1 and not span.host)
        and ("provider", service.key) in {it[:2] for it in span.meanings}
    ]
    near = [span.text for index in named for span in spans[max(0, index - 2) : index]]
    before = {*near, *(text.rpartition(" ")[2] for text in near)}
    after = {span.text.rpartition(" ")[2] for index in named for span in spans[index + 1 : index + 4]}
    arrives = {span.text.rpartition(" ")[2] for index in named for span in spans[max(0, index - 5) : index]}
    is_reached = "at" in before and not arrives.isdisjoint(_ARRIVES)
    is_getting = not after.isdisjoint(_GETTING)
    return service.kind == "mailbox" and (is_reached or is_getting or not before.isdisjoint(_TOWARDS))


_GETTING = frozenset({"get", "gets", "receive", "receives", "recibe", "reciben"})
_TOWARDS = frozenset({"to", "a", "hacia", "an", "to all", "reaches", "reach", "reached", "reaching"})
_ARRIVES = frozenset({"arrive", "arrives", "arrived", "arriving", "delivered", "received"})


def _goes_out(spans: Sequence[Span], asked: Sequence[int]) -> bool:
    """Whether mail is said to leave for mailboxes, by no app and on no port of one: `no sale correo a hotmail`."""
    is_client = has_app(spans) or bool(_SUBMISSION.intersection(asked)) or any(span.text in _PROGRAMS for span in spans)
    is_going = any(not _GOING.isdisjoint(span.text.split()) for span in spans)
    return is_going and not is_client


_GOING = frozenset(
    {"sale", "salen", "llega", "llegan", "goes", "reach", "reaches", "arrive", "arrives", "deliver", "delivery"}
    | {
        "delivered",
        "users",
        "addresses",
        "mailboxes",
        "recipients",
        "usuarios",
        "entrega",
        "rebota",
        "rebotan",
        "bounce",
    }
)


def _is_goal(before: Sequence[Span]) -> bool:
    """Whether mail is handed in there: "to my postal server", and not "how to run a mail server"."""
    last = next((span.text for span in reversed(before) if span.text not in _BEFORE_NAMES), "")
    return last in _BEFORE_GOALS


_BEFORE_NAMES = frozenset({"a", "an", "the", "my", "our", "own", "un", "el", "mi", "nuestro", "propio", "new", "local"})
_BEFORE_GOALS = frozenset({"to", "into", "al", "hacia", "through", "via", "over"})


_SENDING = frozenset({"smtp", "esmtp", "smtps"})

_CLIENTS = frozenset(
    {"client", "clients", "mail client", "email client", "outlook", "thunderbird", "apple mail", "cliente", "clientes"}
    | {"cliente de correo", "smarthost", "smart host", "relayhost", "users", "usuarios", "app", "apps"}
    | {"k-9", "k9", "fairemail", "webmail", "laptop", "portatil", "phone", "telefono", "movil", "iphone", "android"}
)


_PROGRAMS = _CLIENTS - {"users", "usuarios"}


def _any(spans: Sequence[Span], *slots: str) -> bool:
    return any(span.means(*slots) for span in spans)
