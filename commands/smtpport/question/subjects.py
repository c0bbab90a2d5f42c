"""What a question is about where that is no port, or another thing than what a machine said: a situation of the table.

Who asks for a port, or says that no connection comes about, is answered as that, unless the situation is firm. It may
stand in place of a symptom that is only told in words or may mean many things, and of one that it names itself.
"""

import re
from collections.abc import Iterator

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.catalogue.lookup import network, ports, provider
from commands.smtpport.catalogue.records import state_of
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.situations import Case, cases_in, signs_in
from commands.smtpport.evidence.symptoms import Symptom, effect_of, is_vague
from commands.smtpport.question.asked import Question

_ASKS_PORT = re.compile(
    r"\b(?:which|what|que|qué|welche\w?|quel|qual|cual|cuál) (?:\w+ )?(?:ports?|puertos?|porta|mode|modo)\b"
    r"|(?:^|[,.;:?!] ?|\b(?:and|so|but|or|then|now|what|which|how|pero) )(?:should|shall|can|could|may|must)\b"
    r"[^.\n]{0,40}\b(?:25|465|587|2525|ports?)\b"
    r"|\b(?:is it|do i need|puedo|debo)\b[^.\n]{0,40}\b(?:25|465|587|2525|ports?)\b"
    r"|\b(?:is|are) (?:ports? )?\d{2,5} (?:open|closed|blocked)\b|\b(?:ports?|puertos?)\s?\?"
    r"|\b(?:465|587|2525|25) (?:or|oder|o|ou) (?:465|587|2525|25)\b"
    r"|\b(?:what|which) (?:else )?(?:should|can|could|do|must) (?:i|we) (?:use|put|enter|set|choose|try|do with port)\b"
    r"|\b(?:which|what) (?:smtp |mail |outgoing )?(?:server|host)\b"
    r"|\bwhat (?:settings|to (?:use|put|enter))\b|\bwhich settings\b"
    r"|\bqu[eé] (?:pongo|uso|debo (?:poner|usar)|configuro)\b"
)
_UNREACHED = re.compile(
    r"(?<!gateway )\btim(?:e|es|ed)[ -]?out|\bconnect\w* (?:was |is )?refused\b|\brefused connect|\bunreachable\b"
    r"|\bno (?:route|conecta)\b|\bcannot connect\b"
)

_READS = re.compile(r"\bimap|\bpop3?s?\b|imapstore|imaplib|poplib")
_SENDS = re.compile(
    r"smtp|\bsend|\bsent\b|outgoing|submi[st]|relay|\benv[ií]|\bmand[aoe]|(?<!\d)(?:25|465|587|2525)(?!\d)"
)

_ANY_OF_MANY = frozenset(
    {Meaning.SERVICE_BUSY, Meaning.POLICY_REFUSAL, Meaning.CONTENT_REFUSED, Symptom.DEFERRED, Symptom.RELAY_OR_POLICY}
    | {Symptom.REFUSED_FOR_GOOD, Symptom.REPLY_CONTENT, Symptom.CLIENT_REFUSED, Symptom.CONNECT_FAILED}
    | {Symptom.HANDSHAKE_FAILED, Symptom.REPLY_SYSTEM, Symptom.REPLY_ADDRESS, Symptom.REPLY_PROTOCOL}
)
"""Symptoms that may mean many things."""


def is_about_reading(text: str) -> bool:
    """Whether a text in lower case is about reading mail, and not about sending any."""
    return _READS.search(text) is not None and not _SENDS.search(text)


def signs_of(text: str, found: Question) -> frozenset[str]:
    """The signs that a text in lower case shows, and the facts of the question in it."""
    return signs_in(text) | frozenset(_facts(found))


def cases_of(text: str, found: Question, seen: frozenset[str]) -> Iterator[Case]:
    """What a text in lower case may be about beside the question in it, by its signs, the likeliest first."""
    return cases_in(seen, lambda case: _fits(case, found, text))


def _fits(case: Case, found: Question, text: str) -> bool:
    """Whether a situation may stand in place of what was found in a text."""
    if (
        case.situation.general
        and is_about_network(found)
        and not any(sign.startswith(_OF_PLACES) for sign in case.seen)
    ):
        return False  # what that network does with the port is asked
    if found.symptom in _BY_HOST and not case.situation.named:
        return False  # that it is the wrong host explains whatever else was tried with it
    if case.situation.firm:
        return True
    if is_shut(found):
        return False  # that the network closes the port explains it
    if f"symptom.{found.symptom}" in case.seen:
        return True
    if case.situation.last and _takes_oauth_only(found):
        return False
    if found.symptom == Meaning.LOGIN_REFUSED and not any(sign.startswith(_OF_LOGINS) for sign in case.seen):
        return False  # that the login fails is what is said, whatever tool or place is named beside it
    if found.role == "relay" and found.blocks and SMTP in (found.port, *found.tried):
        return False  # that the network closes 25 explains it
    if has_settled_mode(found) or (
        _is_of_session(found) and not any(sign.startswith("symptom.") for sign in case.seen)
    ):
        return False
    is_hint = found.symptom is not None and not found.certain and is_vague(found.symptom)
    is_open = found.symptom is None or is_hint or found.symptom in _ANY_OF_MANY
    is_contrast = any(sign.startswith("worked.") for sign in case.seen)  # that it goes elsewhere says more
    return is_open and not _ASKS_PORT.search(text) and (is_contrast or not _UNREACHED.search(text))


_OF_PLACES = ("place.", "external_domains", "tls.none")
"""Signs of what is asked beside what a network does with a port."""


def is_shut(found: Question) -> bool:
    """Whether no connection came about on ports that the network closes."""
    tried = found.tried or tuple(filter(None, [found.port]))
    is_unreached = found.tells_how if found.symptom is None else effect_of(found.symptom) is Effect.OTHER_PORT
    is_outward = found.role != "receive"  # what is known of networks is of the way out
    return (
        is_outward
        and is_unreached
        and bool(tried)
        and all(state_of(network(found.network), port) == "blocked" for port in tried)
    )


def is_about_network(found: Question) -> bool:
    """Whether a port and a network are named of which it is known what it does with that port, and nothing fails."""
    net = network(found.network)
    is_known = net is not None and found.port is not None and state_of(net, found.port) in _KNOWN
    return is_known and not found.fails and found.topic in {"choose", "test"} and found.role in _OUTWARD


_KNOWN = frozenset({"blocked", "open", "limited", "varies", "conflicting"})
_OUTWARD = frozenset({"submission", "relay", "device"})

_BY_HOST = frozenset({Symptom.EXCHANGER_FOR_SUBMISSION, Symptom.EXCHANGER_ON_25})

_OF_LOGINS = ("is.login", "worked.", "failed.")
"""Signs that say more of a login that fails: that it does, and where it does not."""


def _takes_oauth_only(found: Question) -> bool:
    """Whether the provider takes no password from anybody, which explains more than that something fails."""
    named = provider(found.provider)
    return named is not None and "OAuth 2 only" in named.login


def _is_of_session(found: Question) -> bool:
    """Whether a machine is quoted with how its session ended: what is said beside it tells less."""
    return found.certain and found.symptom in {Symptom.CONNECT_FAILED, Symptom.HANDSHAKE_FAILED}


_SWAPPED = frozenset({(587, "implicit"), (465, "starttls")})


def has_settled_mode(found: Question) -> bool:
    """Whether a mode that does not go with the port, or a port on which nobody is known to take mail, is the answer."""
    if (found.port, found.tls) in _SWAPPED:
        return True
    named = provider(found.provider)
    tried = {found.port, *found.also, *found.tried} - {None, SMTP}
    taken = {offer.port for offer in named.offers} if named else set(ports())
    return bool(tried) and tried.isdisjoint(taken)


def _facts(found: Question) -> Iterator[str]:
    """What was read of a question, as signs."""
    yield f"role.{found.role}"
    named = {"host": found.host, "provider": found.provider, "network": found.network, "software": found.software}
    told = {
        **named,
        "symptom": found.symptom,
        "circumstance": found.circumstance,
        "topic": found.topic,
        "tls": found.tls,
    }
    for slot, value in told.items():
        if value:
            yield from (f"{slot}.any", f"{slot}.{value}")
    if net := network(found.network):
        yield f"place.{net.kind}"
    numbers = {found.port, *found.also, *found.tried, *found.working, *found.barred, *found.only} - {None}
    yield from (f"port.{port}" for port in numbers)
    yield from (f"works.{port}" for port in found.working)
    yield from (f"tried.{port}" for port in found.tried)
    for name in ("fails", "tells_how", "asks", "unread_report", "login_fails", "anonymous", "by_server"):
        if getattr(found, name):
            yield f"is.{name}"
    yield from ("port.any",) if numbers else ()
    yield from ("is.tried",) if found.tried else ()
    yield from ("is.working",) if found.working else ()
