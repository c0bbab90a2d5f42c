"""From what a machine said to a diagnosis: whose side it is on, and whether another port helps. Pure."""

import re

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.answer import Diagnosis
from commands.smtpport.asked_reasons import odd_ports
from commands.smtpport.catalogue.lookup import provider
from commands.smtpport.catalogue.records import Network, Provider, state_of
from commands.smtpport.evidence.effects import Effect, Fact
from commands.smtpport.evidence.peers import SMTP, PeerKind
from commands.smtpport.evidence.symptoms import WRONG_HOST, Symptom, fact_of
from commands.smtpport.question.asked import Question


def diagnose(question: Question, net: Network | None) -> Diagnosis | None:
    """What the pasted error of a question means; None without one.

    On a way between servers no other port helps. Who talks to a wrong host is told how to reach the provider, if it is
    named.
    """
    code = question.symptom
    fact = fact_of(code or "")
    if fact is None or code is None:
        return None
    readers = (_of_ports(question, fact.effect), _of_provider(question), _of_network(question, net), _of_way(question))
    if seen := next(filter(None, readers), None):
        code, fact = seen, fact_of(seen) or fact
    if code == Symptom.HANDSHAKE_FAILED and not (question.provider or question.port or question.tried):
        fact = Fact(fact.side, Effect.NOT_THE_PORT)
    if code == Symptom.BROKE_AFTER_CONNECT and question.peer in _OWN:
        fact = Fact(fact.side, Effect.NOT_THE_PORT)
    between_servers = question.peer == PeerKind.DESTINATION
    effect = Effect.NOT_THE_PORT if between_servers else fact.effect
    return Diagnosis(
        code=str(code),
        side="unknown" if code in _FROM_HERE and not _is_closed(question, net) else fact.side,
        port_problem=effect in {Effect.MODE, Effect.OTHER_PORT},
        advises=effect is not Effect.NOT_THE_PORT
        or (question.symptom in WRONG_HOST and question.provider is not None)
        or _asks_settings(question),
        params={"network": net.key if net else None},
        sure=question.certain or not (question.readings or code in {question.symptom, Symptom.M365_LOGIN}),
        undecided=question.undecided and code == question.symptom,
    )


def _asks_settings(question: Question) -> bool:
    """Whether who cannot log in asks for the settings as well, and has named none: they come with the login."""
    is_told = question.symptom == Meaning.LOGIN_REFUSED and not question.certain and not question.undecided
    is_open = question.port is None and not question.tried and question.general and question.tls is None
    return is_told and is_open and question.provider is not None and question.host is None


_OWN = frozenset({PeerKind.OWN_MACHINE, PeerKind.DOCKER_HOST, PeerKind.PRIVATE})
"""Peers at which no provider's ports help."""

_FROM_HERE = frozenset({Symptom.NO_ANSWER, Symptom.HOST_UNREACHABLE})
"""What is seen of the way from one place, and not of who closes it."""


def _is_closed(question: Question, net: Network | None) -> bool:
    """Whether the network is known to close what was tried."""
    tried = question.tried or tuple(filter(None, [question.port]))
    return bool(tried) and all(state_of(net, port) in {"blocked", "limited"} for port in tried)


def _of_ports(question: Question, effect: Effect) -> Symptom | None:
    """A port on which nobody hands mail in explains whatever is reported of it."""
    hands_in = question.role in {"submission", "device"} and question.peer is None
    named = {*question.tried, *question.also, *([question.port] if question.port else [])}
    odd = odd_ports(question, provider(question.provider))
    is_odd = hands_in and bool(named) and named <= set(odd) and effect in {Effect.MODE, Effect.OTHER_PORT}
    return Symptom.WRONG_PORT if is_odd else None


def _of_network(question: Question, net: Network | None) -> Symptom | None:
    """Web hosts bar SMTP to others more often than not; a network that closes 25 explains mail servers out of reach."""
    if question.symptom in _OUT_OF_REACH and state_of(net, SMTP) == "blocked":
        return Symptom.DELIVERY_BLOCKED
    is_hosted = (
        question.role == "submission"
        and net is not None
        and net.key == "shared-hosting"
        and question.provider != "cpanel"
        and not _is_of(provider(question.provider), net)
    )
    return Symptom.HOST_BARS if is_hosted and question.symptom in {*_UNANSWERED, Symptom.NETWORK_UNREACHABLE} else None


def _is_of(named: Provider | None, net: Network) -> bool:
    """Whether the web host may be the one whose own mail server is asked."""
    return named is not None and not {*named.names}.isdisjoint(net.weak_names)


def _of_way(question: Question) -> Symptom | None:
    """What refuses where a provider is known to listen stands before it."""
    named = provider(question.provider)
    served = {offer.port for offer in named.offers} if named else set()
    tried = {*question.tried, *([question.port] if question.port else [])}
    is_served = bool(tried) and tried <= served
    return Symptom.REFUSED_ON_THE_WAY if question.symptom == Symptom.REFUSED and is_served else None


_OUT_OF_REACH = frozenset({Symptom.DELIVERY_SILENT, Meaning.DESTINATION_SILENT})
_UNANSWERED = frozenset({Symptom.NO_ANSWER, Symptom.REFUSED, Symptom.CONNECT_FAILED})


def _of_login(named: Provider) -> Symptom | Meaning | None:
    """What a refused login is at a provider that takes passwords from few, or from nobody."""
    if named.key == "m365":
        return Symptom.M365_LOGIN
    if named.kind == "mailbox" and re.search(r"\bwith an app(?:-specific)? password", named.login):
        return Symptom.APP_PASSWORD_WANTED
    return Meaning.PASSWORD_WITHDRAWN if "OAuth 2 only" in named.login else None


_BY_MICROSOFT = frozenset({Symptom.SMTP_AUTH_OFF, Symptom.BASIC_AUTH_OFF, Symptom.M365_LOGIN, Symptom.M365_PASSWORD})
"""Refusals of Microsoft's servers, which have mailboxes of Outlook.com as well."""

_NO_METHOD = frozenset({Symptom.NO_COMMON_LOGIN, Symptom.EXCHANGE_METHOD})
_NOT_LET_IN = frozenset({Meaning.RELAY_DENIED, Meaning.ADDRESS_REFUSED, Meaning.LOGIN_NEEDED, Symptom.RELAY_OR_POLICY})
_HOSTED = frozenset({"relay", "mailbox"})


def _of_provider(question: Question) -> Symptom | Meaning | None:
    """What a symptom is at a provider that is known: it serves some ports only, and its certificate is a public one."""
    named = provider(question.provider)
    if named is None or named.kind not in _HOSTED or named.key == "proton-bridge":
        return None
    if question.symptom == Meaning.LOGIN_REFUSED or (question.symptom in _BY_MICROSOFT and named.key != "m365"):
        return _of_login(named)
    if named.key == "m365" and question.symptom in _NO_METHOD and question.port == SMTP:
        return Symptom.NO_LOGIN_ON_25
    if named.key == "workspace-relay" and question.symptom in _NOT_LET_IN:
        return Symptom.WORKSPACE_RELAY
    if question.symptom in _UNANSWERED and set(question.tried or (0,)) <= set(named.refuses):
        return Symptom.NOT_SERVED
    if question.symptom == Meaning.TLS_ON_PLAIN_PORT and all(offer.tls != "implicit" for offer in named.offers):
        return Symptom.STARTTLS_ONLY
    return Symptom.INTERCEPTED if question.symptom in _UNTRUSTED else None


_UNTRUSTED = frozenset({Symptom.CERTIFICATE_SELF_SIGNED, Symptom.CERTIFICATE_CHAIN, Symptom.CERTIFICATE_UNTRUSTED})
