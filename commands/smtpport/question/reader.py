"""What a question asks: role, provider, network, ports and TLS wish, read from English or Spanish words.

Deterministic: a table of words (`vocabulary`, the names in the catalogue), longest phrase first, then typos. Total:
any text gives a `Question`, and whatever was not used is listed in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from commands.secrets.common_words import words
from commands.secrets.masking import masked
from commands.secrets.names import call_of
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.replies.reading import listing_in
from commands.smtpport.catalogue.lookup import has_host, is_listed_host, ports, provider, provider_of_host
from commands.smtpport.evidence.formatting import plain
from commands.smtpport.evidence.reader import evidence
from commands.smtpport.evidence.replies import REPLY
from commands.smtpport.question.aims import is_of_ports as is_of_ports_in
from commands.smtpport.question.asides import without_asides
from commands.smtpport.question.asked import Question
from commands.smtpport.question.circumstances import circumstance_of
from commands.smtpport.question.inbound import of_inbound
from commands.smtpport.question.lexicon import tokens
from commands.smtpport.question.mentions import is_from_unknown, names_unknown, other_products, places, ports_of
from commands.smtpport.question.readings import with_readings
from commands.smtpport.question.regions import regional_host
from commands.smtpport.question.reported import with_evidence
from commands.smtpport.question.roles import role_of, roles_of, runs_server
from commands.smtpport.question.seen import as_seen, at_one_destination
from commands.smtpport.question.signatures import with_signer
from commands.smtpport.question.slips import without_slips
from commands.smtpport.question.spans import Span, spans_of
from commands.smtpport.question.switches import asks_either, of_switch

MOST_TEXT = 2000
"""Characters of a question that are read."""


def read(text: str) -> Question:
    """The question in a text of at most `MOST_TEXT` characters (the rest is not read): evidence first, then words."""
    text = without_slips(text[:MOST_TEXT])
    lower = text.lower()
    seen = evidence(text)
    spans = spans_of(seen.said)
    spans = _beside_report(spans, seen.said) if seen.symptom or seen.is_unread else spans
    said = _of_words([*spans, *_names(seen.quoted)])
    is_elsewhere = said.provider is not None and not said.by_server
    circumstance = circumstance_of(lower, is_elsewhere=is_elsewhere)
    is_of_ports = is_of_ports_in(lower)
    said = of_inbound(said, lower)
    said = replace(said, lifted=said.lifted and not _OWN_RULE.search(lower))
    said = replace(said, circumstance=circumstance, asks=said.asks or "?" in text, of_ports=is_of_ports)
    regional = None if said.host else regional_host(said.provider, lower)
    said = as_seen(of_switch(said, lower), lower)
    seen = replace(seen, mode=None) if asks_either(lower) else seen
    found = _for_devices(with_signer(with_evidence(replace(said, host=said.host or regional), seen), lower))
    found = _by_oauth(_consistent(at_one_destination(found, lower)))
    return _with_listing(with_readings(found, lower), text)


_OWN_RULE = re.compile(r"\b(?:security groups?|nsg|ufw|iptables|firewalld|nftables|vpc firewall|acl)\b")
"""Where a port is opened by a rule of one's own, which lifts no block of the network."""


def _consistent(found: Question) -> Question:
    """The question in which no port works and was tried in vain at once: it works, and what fails is beside it."""
    both = set(found.tried) & set(found.working)
    if not both:
        return found
    tried = tuple(port for port in found.tried if port not in both)
    return replace(found, tried=tried, port=found.port or found.working[0])


def _by_oauth(found: Question) -> Question:
    """The question to a provider that takes no password from anybody: that a port fails is no time-out unless told."""
    named = provider(found.provider)
    is_login = named is not None and "OAuth 2 only" in named.login and not found.tells_how and found.symptom is None
    is_served = named is not None and len(found.tried) == 1 and found.tried[0] in {it.port for it in named.offers}
    return replace(found, port=found.tried[0], tried=()) if is_login and is_served else found


def _with_listing(found: Question, text: str) -> Question:
    """The question with the blocklist that the refusal in it names."""
    reply = REPLY.search(text.lower()) if found.symptom == Meaning.LISTED else None
    named = listing_in(text[reply.start() :]) if reply else None
    return replace(found, listing=(named.name, named.look_up, named.closed)) if named else found


def _for_devices(found: Question) -> Question:
    """Who cannot log in to Microsoft 365 is answered as a device is: its tenant takes mail without a login."""
    asks = found.role in _HANDING_IN and found.provider == "m365" and found.anonymous and found.symptom is None
    return replace(found, role="device") if asks else found


_HANDING_IN = frozenset({"submission", "relay"})


def _of_words(spans: Sequence[Span]) -> Question:
    spans = without_asides(spans)
    named, spare = places(spans)
    if _is_elsewhere(spans, named.get("provider")):
        spare = [*spare, *(span.text for span in spans if span.means("provider"))]
        named.pop("provider")
    numbers = ports_of(spans)
    asked = numbers.asked
    is_test = _first(spans, "software") in {"telnet", "nc"} and not _any(spans, "works", "failed")
    topic = _topic(spans) or ("test" if is_test else "choose")
    if topic in {"choose", "explain"} and _is_choice(spans, "provider"):
        topic = "either"
    if topic == "choose" and {"starttls", "implicit"} <= _modes(spans) and asked in {(465,), (587,)}:
        topic = "mismatch"
    role = role_of(spans, named, [port for port in asked if port not in numbers.working], topic)
    topic = "inject" if role == "listener" and any(span.text in _OWN_SENDERS for span in spans) else topic
    return Question(
        role=role,
        provider=named.get("provider"),
        network=named.get("network"),
        port=asked[0] if asked else None,
        tls=_tls(spans),
        tried=numbers.tried,
        not_understood=(*_unknown(spans), *other_products(spans)),
        stated=bool(roles_of(spans)) or _any(spans, "weak_relay", "mail_server") or runs_server(spans, named, asked),
        also=asked[1:] if asked else _of_modes(spans),
        topic=topic,
        software=_software(spans),
        host=_host(spans, named.get("provider")),
        general=_any(spans, "general", "tls"),
        barred=numbers.barred,
        only=numbers.only,
        anonymous=_any(spans, "anonymous") or (named.get("provider") == "m365" and _any(spans, "connector")),
        left_out=tuple(dict.fromkeys(spare)),
        working=numbers.working,
        asks=_asks(spans),
        fails=_is_complaint(spans, is_asked=bool(asked)),
        tells_how=any(span.means("failed") and span.text in _TELLING for span in spans),
        blocks=any(span.means("failed") and span.text.startswith(_BLOCKING) for span in spans),
        login_fails=_any(spans, "login_failed"),
        by_server=any(span.means("mail_server") and span.text not in _ANY_SERVER for span in spans),
        lifted=_any(spans, "lifted"),
        names_unknown=names_unknown(spans),
        unknown_party=_is_stranger(spans, named)
        or bool(other_products(spans))
        or ("network" not in named and is_from_unknown(spans)),
    )


def _topic(spans: Sequence[Span]) -> str | None:
    """The first topic; a login is one of its own, whatever is asked of it."""
    named = [it.value for span in spans for it in span.meanings if it.slot == "topic"]
    return "login" if "login" in named else next(iter(named), None)


def _asks(spans: Sequence[Span]) -> bool:
    """Whether words say what is asked: which port, how, why, whether."""
    first = {span.clause: span for span in reversed(spans)}
    is_asked = any(span.means("asking") or span.text in _HOW for span in first.values())
    return is_asked or _any(spans, "topic") or any(it.means("general") and it.text not in _SERVICE for it in spans)


_HOW = frozenset({"how", "como", "wie", "comment"})


def _is_complaint(spans: Sequence[Span], *, is_asked: bool) -> bool:
    """Whether anything is said to fail; where nothing is asked, that something is not so says it as well."""
    if _any(spans, "failed") or any(span.text in _ERRORS for span in spans):
        return True
    is_asked = is_asked or _asks(spans) or _any(spans, "anonymous")
    return not is_asked and any(span.text in _NEGATIONS for span in spans)


_BLOCKING = (
    "not allowed",
    "not permitted",
    "forbidden",
    "prohibited",
    "no permit",
    "block",
    "bloque",
    "gesperrt",
    "blockiert",
    "closed",
    "cerrad",
    "filter",
    "filtra",
    "cierra",
)
_TELLING = frozenset(
    {"timeout", "timeouts", "timed out", "times out", "time out", "timing out", "refused", "refuses", "unreachable"}
    | {"hangs", "hang", "hung", "blocked", "blocks", "block", "blocking", "filtered", "etimedout", "econnrefused"}
    | {"se agota", "bloqueado", "bloqueada", "bloquea", "rechaza", "rechazado", "tiempo de espera", "no conecta"}
)
"""What says how something fails."""

_SERVICE = frozenset({"smtp", "esmtp"})
"""What says what it is about, and not what is asked."""

_NEGATIONS = frozenset({"not", "no", "never", "nothing", "neither", "nicht", "nie", "pas", "nunca", "nada", "nao"})

_ERRORS = frozenset({"error", "errors", "errores", "fehler", "erreur", "erro", "exception"})

_ANY_SERVER = frozenset({"mail server", "mail servers", "mailserver", "servidor de correo", "servidores de correo"})
"""What an app calls its setting for the provider's host, too."""

_OWN_SENDERS = frozenset({"app", "apps", "application", "applications", "clients", "users", "aplicaciones", "clientes"})
"""Who hands mail in to a listener of one's own."""

_WRITTEN_AS_PORT = re.compile(r"(?:[\w\]]:|(?:\b|_)(?:ports?|porta|puerto)\W{0,3})(\d{1,5})\b", re.IGNORECASE)


def _beside_report(spans: Sequence[Span], text: str) -> list[Span]:
    """What counts beside the report of a machine: ports that are known or written as one, and names as they stand.

    Odd words are rather the machine's than a name that somebody mistyped.
    """
    written = {int(digits) for digits in _WRITTEN_AS_PORT.findall(text)} | ports().keys()
    literal = " ".join(tokens(plain(text)))
    return [
        span
        for span in spans
        if (span.port is None or span.port in written)
        and (span.text in literal or not span.means("provider", "network", "role"))
    ]


def _names(quoted: str) -> Iterator[Span]:
    """What counts of the words of a server: places and ports. Its other words are none of the asker's."""
    spans = spans_of(quoted)
    fine = {span.clause for span in spans if span.means("works")} - {it.clause for it in spans if it.means("failed")}
    for span in spans:
        if span.clause in fine:
            continue  # somebody's words again: what works beside it
        is_known_host = span.host and provider_of_host(span.text) is not None
        if any(it[:2] == ("network", "residential") for it in span.meanings):
            continue  # "contact your ISP" says nothing of the line
        if span.means("provider", "network") or span.port in _SMTP_PORTS or is_known_host:
            yield span


_SMTP_PORTS = frozenset({25, 465, 587, 2525})


_PLAIN = re.compile(r"(?:[^\W_]|[ .!?'\u2019\u00bf\u00a1-]|[,;](?![^\W\d_])|:[0-9]{1,5}\b)*")
"""Letters, digits and the punctuation of sentences; a port behind a host."""

LONGEST_LABEL = 40
_LOGINS = frozenset({"login", "logins", "user", "username", "usuario", "benutzer", "utilisateur"})


def discreet(question: Question, text: str) -> Question:
    """The question of a text, to be shown: words that nobody knows are repeated out of plain sentences alone.

    Beside a name for a secret or a login, in a command, a snippet or a transcript any of them may be one.
    """
    text = text[:MOST_TEXT]
    covered = masked(text)
    if covered == text and _is_plain(text):
        return question
    if question.peer_host and question.peer_host not in covered.lower():
        question = replace(question, peer_host=None)
    if question.host and not (_is_listed(question) or _is_host(question.host, covered.lower())):
        question = replace(question, host=None, not_understood=(*question.not_understood, question.host))
    return without_words(replace(question, left_out=read(covered).left_out))


def _is_listed(question: Question) -> bool:
    """Whether the host is one that the catalogue has: no secret is called so."""
    service = provider(question.provider)
    return service is not None and is_listed_host(service, question.host or "")


_BEFORE_HOST = re.compile(r"([^\W\d_]+)(?:\]?(?<![/:])[:/=,;|]|\s*=\s*)\Z")
_NAMED_AS_HOST = re.compile(r"(?:[\w-]{1,20}-)?(?:mail|smtp|relay|mx|imap|pop)(?:-[\w-]{1,20})?\d{0,2}\.[\w-]+\.")
_IS = words("is was were are es era ist war est")
_BETWEEN = _IS | words("now new ahora jetzt to a auf und y and with con mit as como als")
"""What may stand between a name and what it names."""
_OF_HOSTS = re.compile(
    r".*(?:host|hostname|server|smtps?|imap|pop|relay|relayhost|smarthost|mx|mta|mail|addr|address|domain)"
)


def _is_host(host: str, text: str) -> bool:
    """Whether a host stands somewhere else than right behind a word that says what else it is: `bob:X.com`.

    One that is called as hosts of mail are is a host wherever it stands: `password wrong at mail.example.com`.
    """
    if _NAMED_AS_HOST.match(host):
        return True
    for found in re.finditer(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", text):
        before = text[max(0, found.start() - LONGEST_LABEL) : found.start()]
        if label := _BEFORE_HOST.search(before):
            if _OF_HOSTS.fullmatch(label[1]):
                return True
        elif not _is_said_of_secret(before.split()):
            return True
    return False


def _is_said_of_secret(words: list[str]) -> bool:
    """Whether words end in a name that another follows: `the password is now`, `user bob with`."""
    is_copula = False
    while words and words[-1] in _BETWEEN:
        is_copula = is_copula or words[-1] in _IS
        words = words[:-1]
    if is_copula:
        return any(map(call_of, words))
    return bool(words) and (bool(call_of(words[-1])) or (len(words) > 1 and words[-2] in _LOGINS))


def _is_plain(text: str) -> bool:
    words = [word.strip(".,;!?") for word in text.lower().split()]
    names = (*words, *(f"{first} {second}" for first, second in pairwise(words)))
    return _PLAIN.fullmatch(text) is not None and _LOGINS.isdisjoint(words) and not any(map(call_of, names))


UNNAMED = "the provider that you named"


def without_words(question: Question) -> Question:
    """The question with as many words that were not understood, but none of them: its answer may be stored."""
    return replace(question, not_understood=(UNNAMED,) * len(question.not_understood))


def _tls(spans: Sequence[Span]) -> str | None:
    """The one TLS mode that is asked for. Somebody who names both wants to know about both."""
    said = set() if _is_choice(spans, "tls") else _modes(spans)
    return said.pop() if len(said) == 1 else None


def _is_choice(spans: Sequence[Span], slot: str) -> bool:
    """Whether two of a kind are put to choice: `SSL or TLS for 587`, `sendgrid or mailgun`."""
    triples = zip(spans, spans[1:], spans[2:], strict=False)
    return any(one.means(slot) and it.text in _OR and other.means(slot) for one, it, other in triples)


_OR = frozenset({"or", "o", "oder", "ou", "vs", "versus"})


def _modes(spans: Sequence[Span]) -> set[str]:
    return {meaning.value for span in spans for meaning in span.meanings if meaning.slot == "tls"} - {"any"}


def _of_modes(spans: Sequence[Span]) -> tuple[int, ...]:
    """Who asks for the difference between the modes wants to hear of the port of each."""
    return (465, 587) if {"starttls", "implicit"} <= _modes(spans) else ()


def _any(spans: Sequence[Span], *slots: str) -> bool:
    return any(span.means(*slots) for span in spans)


def _first(spans: Sequence[Span], slot: str) -> str | None:
    return next((meaning.value for span in spans for meaning in span.meanings if meaning.slot == slot), None)


def _software(spans: Sequence[Span]) -> str | None:
    """The program that sends: one that does nothing else, else the first that is named."""
    named = [it.value for span in spans for it in span.meanings if it.slot == "software"]
    return next((name for name in named if name in _SENDERS), named[0] if named else None)


_SENDERS = frozenset({"msmtp", "ssmtp", "sendemail", "swaks"})

_OF_MAIL = re.compile(r"(?:(?:[\w-]+\.){0,2}[\w-]*(?:smtp|mail|relay|mta|mx|out|submit)[\w-]*)\.[\w-]+\..+")


def _is_stranger(spans: Sequence[Span], named: dict[str, str]) -> bool:
    """Whether a domain was named that nobody here knows, and no port of it."""
    hosts = any(span.host and not provider_of_host(span.text) for span in spans)
    return "provider" not in named and hosts and not any(span.port for span in spans)


def _is_elsewhere(spans: Sequence[Span], key: str | None) -> bool:
    """Whether a host was typed that is none of the provider's, which words alone name: the host is what counts."""
    hosts = [span.text for span in spans if span.host and _OF_MAIL.fullmatch(span.text)]
    return key is not None and bool(hosts) and all(provider_of_host(host) is None for host in hosts)


def _host(spans: Sequence[Span], key: str | None) -> str | None:
    """The host name that was given: one of the provider's own, or one that belongs to nobody we know."""
    service = provider(key)
    if service:
        return next((span.text for span in spans if has_host(service, span.text)), None)
    strangers = (span.text for span in spans if span.host and not provider_of_host(span.text))
    return next((host for host in strangers if not host.startswith(_FOR_READING)), None)


_FOR_READING = ("imap.", "imaps.", "pop.", "pop3.", "webmail.", "www.")
"""How hosts begin that take no mail."""


def _unknown(spans: Sequence[Span]) -> list[str]:
    """Words that nobody knows, and places of which nothing is recorded."""
    known = [bool(span.meanings or span.port or span.host) and not span.means("unrecorded") for span in spans]
    return [span.text for span, understood in zip(spans, known, strict=True) if not understood]
