"""What the report of a machine says of a question: role, ports and TLS mode, beside what its words say."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.catalogue.lookup import provider
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.origin import Direction
from commands.smtpport.evidence.peers import SMTP, PeerKind
from commands.smtpport.evidence.places import as_far_as_it_came, at_peer
from commands.smtpport.evidence.reader import Evidence
from commands.smtpport.evidence.settings import Mode
from commands.smtpport.evidence.stages import Stage
from commands.smtpport.evidence.symptoms import WRONG_HOST, Symptom, effect_of
from commands.smtpport.question.asked import Question
from commands.smtpport.question.roles import MAIL_SOFTWARE


def with_evidence(said: Question, seen: Evidence) -> Question:
    """The question with what machines said in it."""
    software = seen.software if seen.software == "django" else said.software or seen.software
    peer = str(seen.peer) if seen.peer else None
    symptom = None if said.circumstance == "arrives" else _of_other(_symptom(said, seen, peer), said, seen)
    symptom = _by_direction(symptom, seen, is_own=said.by_server or software in MAIL_SOFTWARE)
    found = replace(
        said,
        software=software,
        symptom=symptom,
        peer=peer,
        peer_host=seen.peer_host,
        unread_report=seen.is_unread and not symptom,
        certain=seen.by_machine if seen.symptom else symptom == Symptom.BROKE_AFTER_CONNECT,
    )
    return _between(found, seen) or _handed_in(found, seen)


def _between(found: Question, seen: Evidence) -> Question | None:
    """The question where servers talk to each other; None where mail is handed in."""
    symptom, peer = found.symptom, found.peer
    if symptom in {*_UNDELIVERED, Meaning.DESTINATION_SILENT} and (
        seen.direction is Direction.IN or (found.role == "receive" and seen.direction is None)
    ):  # what others say who cannot get in
        return replace(found, symptom=str(Symptom.INBOUND_CLOSED), port=None, tried=(), provider=None, host=None)
    if peer == PeerKind.DESTINATION and symptom == Meaning.RELAY_DENIED and seen.direction is not Direction.IN:
        return _between_servers(replace(found, symptom=str(Symptom.RELAY_AT_EXCHANGER)))
    if found.circumstance == "inside_out" and symptom in _UNDELIVERED:
        found = replace(found, symptom=str(Symptom.OWN_ADDRESS))
    if peer == PeerKind.DESTINATION and symptom == Symptom.AUTH_NOT_OFFERED and seen.exchanger_of in _TAKES_LOGINS:
        return _at_exchanger(found, seen)
    if peer == PeerKind.DESTINATION:
        return _between_servers(found)
    is_on_587 = peer == PeerKind.EXCHANGER and (found.role == "relay" or found.software in MAIL_SOFTWARE)
    if is_on_587 and found.provider in _OWNERS_OR_NONE and not seen.logs_in:
        return _between_servers(replace(found, symptom=str(Symptom.EXCHANGER_ON_25), tried=(), port=SMTP))
    if peer == PeerKind.EXCHANGER and (symptom is None or effect_of(symptom) is not Effect.NOT_THE_PORT):
        return _at_exchanger(found, seen)
    return None


def _handed_in(found: Question, seen: Evidence) -> Question:
    symptom = found.symptom
    if _is_role_by_chance(found) or (seen.logs_in and found.role in _WITHOUT_LOGIN):
        found = replace(found, role="submission")
    if (seen.stage >= Stage.GREETED or symptom == Symptom.IPV6_SILENT) and len(found.tried) == 1 and not found.port:
        found = replace(found, port=found.tried[0], tried=())  # it is not the port that failed
    if symptom and effect_of(symptom) is Effect.OTHER_PORT and found.tried and found.port and seen.port == found.port:
        found = replace(found, port=None, tried=(found.port, *found.tried))  # it failed as those did that are told
    if _uses_another_port(found, seen):
        found = replace(found, circumstance="setting_unread")
    if symptom in WRONG_HOST:
        role = "submission" if found.role == "relay" else found.role
        return replace(found, role=role, port=next(iter(found.tried), found.port), tried=())
    if seen.direction is Direction.IN and _is_out_of_reach(found):
        return replace(
            found,
            symptom=str(Symptom.INBOUND_CLOSED),
            role="receive",
            port=None,
            tried=(),
            provider=None,
            certain=False,
        )
    on_465 = 465 in (found.port, *found.also, *found.tried)
    if seen.mode == "starttls" and on_465 and found.tls is None and symptom is None:
        found = replace(found, tls="starttls")
    return _of_circumstance(_of_symptom(found, symptom, seen.mode))


_SET = re.compile(
    r"\b(?:set|sets|typed|entered|selected|chose|wants|expects|settings?|configur\w+|config|puse|\.env|has)\b"
)
_ASKS_OTHER = re.compile(
    r"\?|\b(?:can|could|should|shall|may|puedo|debo|kann|soll) (?:i|we|it|ich|wir)?\b|\btry\b|\binstead\b"
)


def _is_out_of_reach(found: Question) -> bool:
    """Whether no connection comes about, on no port but 25."""
    ports = {found.port, *found.also, *found.tried} - {None}
    is_told = found.symptom in _UNREACHABLE or (found.symptom is None and found.tells_how)
    return is_told and ports <= {SMTP} and found.software not in _CLIENT_TOOLS


_CLIENT_TOOLS = frozenset({"nodemailer", "phpmailer", "django", "dotnet"})


def _uses_another_port(found: Question, seen: Evidence) -> bool:
    """Whether a machine names another port than the one that is said to be set."""
    is_unreached = found.symptom in _UNREACHABLE or found.symptom in WRONG_HOST
    ports = {found.port, *found.also, *found.tried, *found.working} - {None}
    is_other = seen.port in ports and len(ports) > 1 and found.circumstance is None
    return is_unreached and is_other and _SET.search(seen.said) is not None and _ASKS_OTHER.search(seen.said) is None


def _of_circumstance(found: Question) -> Question:
    """The ports that were tried are right where only the way to them is amiss; a host may be for others only."""
    if found.circumstance == "hosting_relay" and found.network != "shared-hosting":
        return replace(found, host=None, port=None)
    if found.circumstance not in _PORT_IS_RIGHT or not found.tried or found.port or found.role != "submission":
        return found
    return replace(found, port=found.tried[0], tried=())


_PORT_IS_RIGHT = frozenset({"ip_versions", "inside_out", "server_closed"})


def _of_other(symptom: str | None, said: Question, seen: Evidence) -> str | None:
    """What it is where not the provider answers, but somebody between."""
    greets = seen.is_web_host and said.provider in _WITHOUT_EXIM and symptom in _AFTER_GREETING
    shows = seen.other_certificate and said.provider and symptom in _OF_CERTIFICATE
    return str(Symptom.OTHER_ANSWERS) if greets or shows else symptom


_WITHOUT_EXIM = frozenset(
    {"gmail", "m365", "outlook", "yahoo", "icloud", "sendgrid", "mailgun", "mailgun-eu", "ses", "brevo", "postmark"}
    | {"sparkpost", "mailjet", "zoho", "workspace-relay", "resend", "mandrill"}
)
"""Providers whose servers are known to run something else."""

_AFTER_GREETING = frozenset(
    {None, Meaning.LOGIN_REFUSED, Meaning.RELAY_DENIED, Symptom.USUAL_GREETING, Symptom.CERTIFICATE_NAME}
    | {Symptom.CERTIFICATE_UNTRUSTED, Symptom.CERTIFICATE_SELF_SIGNED, Meaning.LOGIN_NOT_HERE}
    | {Symptom.BROKE_AFTER_CONNECT, Symptom.CONNECT_FAILED}
)
_OF_CERTIFICATE = frozenset({None, Symptom.CERTIFICATE_NAME, Symptom.CERTIFICATE_UNTRUSTED})

_UNDELIVERED = frozenset({Symptom.DELIVERY_BLOCKED, Symptom.DELIVERY_SILENT, Symptom.DELIVERY_REFUSED})


_UNREACHABLE = frozenset({Symptom.NO_ANSWER, Symptom.REFUSED, Symptom.HOST_UNREACHABLE, Symptom.CONNECT_FAILED})

_UNREACHED = re.compile(r"refus|connect|reach|tim(?:e|es|ed|ing)?[ -]?out|rechaz|conect|respond|verweiger|zeit")
"""Words for a connection that does not come about."""


def _at_exchanger(found: Question, seen: Evidence) -> Question:
    """Mail was to be handed in at an exchanger: its owner has another host for that."""
    owner = _TAKES_LOGINS.get(seen.exchanger_of or "", found.provider)
    role = found.role if found.role == "device" else "submission"
    symptom = str(Symptom.EXCHANGER_FOR_SUBMISSION)
    peer = str(PeerKind.EXCHANGER)
    return replace(found, symptom=symptom, peer=peer, role=role, provider=owner, port=None, tried=(), host=None)


_TAKES_LOGINS = {"google-mx": "gmail", "gmail": "gmail", "m365-direct": "m365", "m365": "m365", "yahoo": "yahoo"}
_OWNERS_OR_NONE = frozenset({None, "ses", *_TAKES_LOGINS})
"""Where the owner of an exchanger takes mail from those who log in."""


_SUBMISSION = frozenset({465, 587})

_WITHOUT_LOGIN = frozenset({"receive", "lmtp", "relay"})
"""Roles in which nobody logs in."""


def _is_role_by_chance(found: Question) -> bool:
    """Whether a report only mentions what the role was read from: who sees an error of a client sends.

    A port alone makes nobody a server, and "local" in a report is no development.
    """
    if found.symptom and found.role in {"receive", "lmtp"}:
        return True
    if found.role == "relay" and found.port in _SUBMISSION and found.symptom == Meaning.TLS_ON_PLAIN_PORT:
        return True
    if found.unread_report and found.role in {"receive", "lmtp", "local", "listener", "relay"}:
        return not found.stated or found.role != "relay"
    is_told = bool(found.symptom) or found.circumstance == "setting_unread"
    is_server = found.stated or found.software in MAIL_SOFTWARE or SMTP in found.working
    return found.role == "relay" and not is_server and is_told


def _symptom(said: Question, seen: Evidence, peer: str | None) -> str | None:
    """What the evidence comes to, given what was asked, whom it is about and how far the client came."""
    is_told = said.tried or (said.provider is None and _UNREACHED.search(seen.said) is not None)
    symptom = seen.symptom or (
        at_peer(peer) if is_told and (peer == PeerKind.DESTINATION or not seen.is_unread) else None
    )
    is_local = said.role == "local" and said.provider is None and not seen.is_unread
    if symptom is None and is_local and said.circumstance is None and (said.tried or said.fails):
        symptom = str(Symptom.TALKS_TO_ITSELF if "localhost" in seen.said else Symptom.TALKS_TO_DOCKER_HOST)
    if symptom is None and said.login_fails and not said.tried:
        symptom = str(Meaning.LOGIN_REFUSED)
    if symptom is None and seen.stage is Stage.CONNECTED and said.fails and not said.tried:
        symptom = str(Symptom.BROKE_AFTER_CONNECT)
    if not (said.working and said.tried):  # what works is another port than the one that fails
        symptom = as_far_as_it_came(symptom, seen.stage, peer, leaves_tls=seen.leaves_tls)
    return symptom


_BY_OURS = re.compile(
    r"\b(?:through|by|via|por|at|from|to) (?:our|my|nuestro|mi) (?:own )?(?:postfix|exim|sendmail|mail ?server|relay)\b"
)
"""Whoever asks runs the server by which the mail goes."""

_OF_CLIENT: dict[str | None, Symptom] = {Meaning.SENDER_UNVERIFIED: Symptom.SENDER_REFUSED}
"""What a reply between servers says to a program that hands mail in."""


def _by_direction(symptom: str | None, seen: Evidence, *, is_own: bool) -> str | None:
    """What a refusal is in the log of one's own server; of a server whose owner nobody tells, it is either."""
    if symptom in _OF_CLIENTS and seen.direction is Direction.IN:
        return _OWN_REASONS.get(symptom, str(Symptom.OWN_SERVER_REFUSES))
    if symptom == Meaning.NO_SUCH_USER and seen.in_own_log:
        return "own_lacks_mailbox"
    is_told = seen.direction is None or _BY_OURS.search(seen.said) is not None
    is_open = symptom == Meaning.RELAY_DENIED and is_told and is_own
    if is_open:
        return str(Symptom.RELAYING_EITHER_WAY)
    changed = None if is_own or seen.direction is Direction.IN else _OF_CLIENT.get(symptom)
    return str(changed) if changed else symptom


def _between_servers(found: Question) -> Question:
    """Delivery to an exchanger: whoever is named beside it is none to submit to."""
    if found.symptom is None and (found.provider or found.role == "device"):
        return found
    return replace(found, role="relay", stated=True, provider=None, host=None)


def _of_symptom(found: Question, symptom: str | None, mode: Mode | None) -> Question:
    """What a symptom says of the ports and of the TLS mode, beside the mode that is set."""
    is_implicit = mode == "implicit" and found.software not in _CALL_STARTTLS_SSL
    if 465 in (found.port, *found.also, *found.tried):
        changed = _on_465(found, symptom, is_implicit=is_implicit, is_other=mode in {"starttls", "none"})
    else:
        changed = _on_587(found, symptom, is_implicit=is_implicit)
    if changed:
        return replace(changed, certain=True) if changed.symptom else changed  # mode, port or library agree with it
    if symptom and effect_of(symptom) is Effect.OTHER_PORT:
        return _of_failure(found)
    if symptom == Symptom.NO_COMMON_LOGIN and found.provider is None and SMTP in (found.port, *found.tried):
        return replace(found, symptom=str(Symptom.AUTH_NOT_OFFERED), role="submission", port=None, tried=(SMTP,))
    if symptom == Symptom.AUTH_NOT_OFFERED and 587 in (found.port, *found.tried) and SMTP not in found.tried:
        return replace(
            found, symptom=str(Meaning.LOGIN_NEEDS_TLS), port=587, tried=()
        )  # there it comes behind STARTTLS
    is_login = symptom in _FOR_SENDERS or symptom in _LOGIN_REFUSED
    is_handed_in = found.software not in MAIL_SOFTWARE or not {465, 587}.isdisjoint({found.port, *found.tried})
    if is_login and found.role == "relay" and is_handed_in:
        return replace(found, role="submission", port=None if found.port == SMTP else found.port)
    return replace(found, **_SAYS.get(symptom, {}))


def _on_465(found: Question, symptom: str | None, *, is_implicit: bool, is_other: bool) -> Question | None:
    """On 465, where TLS comes first: whoever waits for a greeting in plain text waits in vain."""
    if found.software in _ONLY_CONNECT and found.tells_how and symptom is None:
        return replace(found, symptom=str(Symptom.NO_ANSWER), port=None, tried=(465,), tls=None)
    if found.software == "dotnet" and symptom in {*_SILENT, Symptom.NO_ANSWER, None}:
        return replace(found, symptom=str(Symptom.NO_IMPLICIT_TLS))
    if symptom == Meaning.TLS_ON_PLAIN_PORT and _is_465_alone(found):
        return replace(found, symptom=str(Symptom.PLAIN_ON_465), port=None, tried=(465,), topic="mismatch")
    if found.tls == "starttls" and symptom is None and found.tried == (465,):
        return replace(found, port=465, tried=())
    if symptom in _SILENT:
        is_said = found.tls == "implicit" and not is_other and found.software not in _PLAIN_FIRST | _CALL_STARTTLS_SSL
        if (is_implicit or is_said) and 465 not in found.only:  # "it has SSL on 465 only" is said of the server
            return replace(found, port=None, tried=(465,))
        tried = tuple(port for port in found.tried if port != 465)
        is_postfix = found.software == "postfix" and symptom == Meaning.CONNECTION_BROKE
        told = Symptom.WRAPPERMODE if is_postfix else Symptom.SILENT_ON_465
        return replace(found, symptom=str(told), port=found.port or 465, tried=tried)
    is_plain = is_other or found.tls == "starttls" or found.software in _PLAIN_FIRST
    is_shut = symptom == Symptom.NO_ANSWER and found.certain and not is_other and found.tls != "starttls"
    by_mode = (symptom in _BY_MODE or (symptom == Symptom.NOT_SET_UP and is_other)) and is_plain and not is_shut
    is_failing = bool(found.tried or found.fails) and symptom is None
    if is_failing and found.software == "postfix" and _is_465_alone(found):
        return replace(found, symptom=str(Symptom.WRAPPERMODE), port=465, tried=(), certain=False)
    if by_mode or (is_failing and found.software in _PLAIN_FIRST):
        return replace(found, symptom=str(Symptom.SILENT_ON_465), port=465, tried=(), tls=None)
    return None


def _on_587(found: Question, symptom: str | None, *, is_implicit: bool) -> Question | None:
    """On 587, which begins in plain text: TLS from the first byte fails there, and something has answered."""
    if is_implicit and symptom is None and found.port == 587:
        return replace(found, tls="implicit")
    if found.tls == "implicit" and symptom is None and 587 in found.tried:
        return replace(found, port=587, tried=())
    is_first = is_implicit or (found.tls == "implicit" and symptom == Symptom.HANDSHAKE_FAILED)
    is_amiss = is_first and symptom in _AMISS and 587 in (found.port, *found.tried)
    if is_amiss or (symptom == Meaning.TLS_ON_PLAIN_PORT and 587 in found.tried):
        return replace(found, symptom=str(Meaning.TLS_ON_PLAIN_PORT), topic="mismatch", port=587, tried=())
    return None


def _is_465_alone(found: Question) -> bool:
    """Whether 465 is the one port of a report, and no other TLS mode than the one from the first byte is spoken of."""
    named = provider(found.provider)
    is_served = named is None or any(offer.tls == "implicit" for offer in named.offers)
    return is_served and {found.port, *found.also, *found.tried} - {None} == {465} and found.tls != "starttls"


def _of_failure(found: Question) -> Question:
    """No connection came about: the port that is named was tried. A catcher for mail is a neighbour."""
    if found.role == "local" and found.provider is None:
        return replace(found, symptom=str(Symptom.TALKS_TO_DOCKER_HOST))
    if found.role == "relay" and found.port in {None, SMTP} and set(found.tried) <= {SMTP}:
        blocked = Symptom.DELIVERY_BLOCKED if found.provider else Symptom.DELIVERY_SILENT
        told = blocked if found.symptom != Symptom.REFUSED else Symptom.DELIVERY_REFUSED
        return replace(found, symptom=str(told), peer=str(PeerKind.DESTINATION), provider=None, host=None)
    if found.port == SMTP and not found.tried and (others := tuple({465, 587} & set(found.also))):
        return replace(found, port=None, also=(), tried=others)
    if found.port and not found.tried and found.topic in {"choose", "test"} and found.port not in found.working:
        return replace(found, port=None, tried=(found.port,))
    return found


_OF_CLIENTS = frozenset(
    {Meaning.RECIPIENT_UNVERIFIED, Meaning.LOGIN_NEEDED, Meaning.CLIENT_RULE, Meaning.RELAY_DENIED}
    | {Meaning.LISTED, Meaning.REVERSE_DNS, Meaning.EHLO_NAME, Meaning.SPF_FAILED, Meaning.SPOKE_EARLY}
    | {Meaning.ADDRESS_REFUSED, Symptom.CLIENT_REFUSED, Symptom.RECIPIENTS_REFUSED, Symptom.RELAY_OR_POLICY}
)
"""In one's own server's log these are its own settings, and nothing for those who connect."""

_OWN_REASONS: Mapping[str | None, str] = {
    Meaning.RELAY_DENIED: "own_refuses_relay",
    Meaning.EHLO_NAME: "own_refuses_name",
    Meaning.REVERSE_DNS: "own_refuses_rdns",
    Meaning.LISTED: "own_refuses_listed",
    Symptom.CLIENT_REFUSED: "own_wants_login",
}
"""For which of these there is an answer of its own (situations.toml)."""

_FOR_SENDERS = frozenset(
    {Meaning.RELAY_DENIED, Meaning.LOGIN_NEEDED, Meaning.LOGIN_NOT_HERE, Meaning.LOGIN_NEEDS_TLS}
    | {Symptom.AUTH_NOT_OFFERED, Symptom.CLEAR_LOGIN, Symptom.NO_MECHANISM, Symptom.M365_NO_LOGIN}
    | {Symptom.STARTTLS_NOT_OFFERED}
)
"""Said to those who have to log in to send: 25 is not their port."""

_LOGIN_REFUSED = frozenset(
    {Meaning.LOGIN_REFUSED, Meaning.STRONGER_LOGIN, Meaning.PASSWORD_WITHDRAWN, Symptom.BASIC_AUTH_OFF}
    | {Symptom.SMTP_AUTH_OFF, Symptom.M365_LOGIN, Symptom.M365_PASSWORD}
)
"""Said to who logs in, which no server does that delivers."""

_BY_MODE = frozenset({Symptom.HANDSHAKE_FAILED, Symptom.TLS_CIPHER, Symptom.NO_ANSWER, Symptom.CONNECT_FAILED})

_ONLY_CONNECT = frozenset({"telnet", "nc"})
"""What does nothing but connect: where these time out no TLS mode is to blame."""

_PLAIN_FIRST = frozenset({"swaks", "telnet", "nc", "go", "curl"})
"""What speaks plain text unless they are told otherwise: on 465 they see nothing."""

_CALL_STARTTLS_SSL = frozenset({"vaultwarden"})
"""Whose older settings call STARTTLS "SSL": of these, a switch for it says nothing of TLS from the first byte."""

_AMISS = frozenset({None, Symptom.HANDSHAKE_FAILED, Symptom.CLOSED_EARLY, Symptom.RESET, Symptom.CONNECT_FAILED})
"""What comes of TLS from the first byte on 587."""

_SILENT = frozenset({Symptom.CLOSED_EARLY, Symptom.NO_GREETING, Meaning.CONNECTION_BROKE})
"""What comes of the wrong TLS mode on 465."""

_SAYS: dict[str | None, dict[str, Any]] = {
    Meaning.TLS_ON_PLAIN_PORT: {"topic": "mismatch"},
    Meaning.TLS_NEEDED: {"tls": "starttls"},
    Symptom.STARTTLS_NOT_OFFERED: {"tls": "implicit"},
}
"""What is to be assumed of a question in which these are reported."""
