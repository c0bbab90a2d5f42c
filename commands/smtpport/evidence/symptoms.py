"""What clients report, and what comes of it: one row each, beside the meanings of replies (`smtpcheck.result`)."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Self

from commands.smtpcheck.result.meanings import BY_NAME, Meaning
from commands.smtpcheck.result.scales import Side
from commands.smtpport.evidence.effects import MODE, NOT_THE_PORT, OTHER_PORT, SETTING, Effect, Fact, Fault
from commands.smtpport.evidence.situations import situations


class Symptom(StrEnum):
    """What went wrong, as a client or a log says it; those at the end follow from whom it was connecting to."""

    side: Fault
    effect: Effect

    def __new__(cls, value: str, side: Fault, effect: Effect) -> Self:
        """A row of the table."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.side, member.effect = side, effect
        return member

    # no connection
    REFUSED = "refused", "unknown", OTHER_PORT
    REFUSED_ON_THE_WAY = "refused_on_the_way", "network", OTHER_PORT
    NO_ANSWER = "no_answer", "network", OTHER_PORT
    HOST_UNREACHABLE = "host_unreachable", "network", OTHER_PORT
    CONNECT_FAILED = "connect_failed", "unknown", OTHER_PORT
    NETWORK_UNREACHABLE = "network_unreachable", "you", SETTING
    NO_IPV6_ROUTE = "no_ipv6_route", "you", NOT_THE_PORT
    IPV6_SILENT = "ipv6_silent", "you", SETTING
    FORBIDDEN_HERE = "forbidden_here", "you", SETTING
    SOURCE_ADDRESS = "source_address", "you", NOT_THE_PORT
    NAME_UNKNOWN = "name_unknown", "you", NOT_THE_PORT
    DNS_SILENT = "dns_silent", "you", NOT_THE_PORT
    # a connection that comes to nothing
    RESET = "connection_reset", "unknown", OTHER_PORT
    CLOSED_EARLY = "closed_early", "unknown", MODE
    CLOSED_AT_LOGIN = "closed_at_login", "unknown", NOT_THE_PORT
    NO_GREETING = "no_greeting", "unknown", MODE
    GREETING_LATE = "greeting_late", "network", NOT_THE_PORT
    BROKE_AFTER_CONNECT = "broke_after_connect", "unknown", SETTING
    BROKE_AT_EXCHANGER = "broke_at_exchanger", "unknown", NOT_THE_PORT
    SILENT_ON_465 = "silent_on_465", "you", MODE
    NO_IMPLICIT_TLS = "no_implicit_tls", "you", MODE
    # TLS
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed", "unknown", NOT_THE_PORT
    CERTIFICATE_CHAIN = "certificate_chain", "unknown", NOT_THE_PORT
    CERTIFICATE_EXPIRED = "certificate_expired", "server", NOT_THE_PORT
    CERTIFICATE_NAME = "certificate_name", "you", NOT_THE_PORT
    CERTIFICATE_UNTRUSTED = "certificate_untrusted", "unknown", NOT_THE_PORT
    CLIENT_TLS = "client_tls", "unknown", NOT_THE_PORT
    TLS_VERSION = "tls_version", "unknown", NOT_THE_PORT
    TLS_CIPHER = "tls_cipher", "unknown", NOT_THE_PORT
    HANDSHAKE_FAILED = "handshake_failed", "unknown", SETTING
    MODE_MISMATCH = "mode_mismatch", "you", SETTING
    WEB_SERVER = "web_server", "you", MODE
    STARTTLS_NOT_OFFERED = "starttls_not_offered", "server", MODE
    TLS_POLICY = "tls_policy", "server", NOT_THE_PORT
    # login
    AUTH_NOT_OFFERED = "auth_not_offered", "you", MODE
    CLEAR_LOGIN = "clear_login", "you", SETTING
    NO_CREDENTIALS = "no_credentials", "you", NOT_THE_PORT
    APP_PASSWORD_WANTED = "app_password_wanted", "you", NOT_THE_PORT
    LOGIN_HOST = "login_host", "you", NOT_THE_PORT
    NO_MECHANISM = "no_mechanism", "you", MODE
    TABLE_MISSING = "table_missing", "you", NOT_THE_PORT
    WRAPPERMODE = "wrappermode", "you", MODE
    NO_LOGIN_ON_25 = "no_login_on_25", "you", MODE
    NO_COMMON_LOGIN = "no_common_login", "you", NOT_THE_PORT
    # login at Microsoft 365 and Exchange, by the words of the refusal
    SMTP_AUTH_OFF = "smtp_auth_off", "you", NOT_THE_PORT
    BASIC_AUTH_OFF = "basic_auth_off", "you", NOT_THE_PORT
    SECURITY_DEFAULTS = "security_defaults", "you", NOT_THE_PORT
    ACCESS_POLICY = "access_policy", "you", NOT_THE_PORT
    M365_PASSWORD = "m365_password", "you", NOT_THE_PORT
    M365_LOGIN = "m365_login", "you", NOT_THE_PORT
    M365_NO_LOGIN = "m365_no_login", "you", MODE
    EXCHANGE_METHOD = "exchange_method", "you", NOT_THE_PORT
    CONNECTOR_UNMATCHED = "connector_unmatched", "you", NOT_THE_PORT
    # replies that are quoted without the words that would say which it is
    TLS_OR_LOGIN_NEEDED = "tls_or_login_needed", "you", SETTING
    TLS_OR_LOGIN_UNAVAILABLE = "tls_or_login_unavailable", "server", NOT_THE_PORT
    RELAY_OR_POLICY = "relay_or_policy", "unknown", SETTING
    DEFERRED = "deferred", "unknown", NOT_THE_PORT
    RECIPIENTS_REFUSED = "recipients_refused", "unknown", SETTING
    NOT_ACCEPTED = "not_accepted", "unknown", SETTING
    SENDER_REFUSED = "sender_refused", "you", NOT_THE_PORT
    CLIENT_REFUSED = "client_refused", "unknown", NOT_THE_PORT
    REPLY_ADDRESS = "reply_address", "unknown", NOT_THE_PORT
    REPLY_MAILBOX = "reply_mailbox", "unknown", NOT_THE_PORT
    REPLY_SYSTEM = "reply_system", "unknown", NOT_THE_PORT
    REPLY_ROUTE = "reply_route", "unknown", NOT_THE_PORT
    REPLY_PROTOCOL = "reply_protocol", "unknown", NOT_THE_PORT
    REPLY_CONTENT = "reply_content", "unknown", NOT_THE_PORT
    REFUSED_FOR_GOOD = "refused_for_good", "unknown", NOT_THE_PORT
    OWN_SERVER_REFUSES = "own_server_refuses", "you", NOT_THE_PORT
    TLS_UNVERIFIED = "tls_unverified", "nobody", NOT_THE_PORT
    CLIENT_LOGIN_FAILED = "client_login_failed", "unknown", NOT_THE_PORT
    CLIENT_IN_TLS = "client_in_tls", "you", NOT_THE_PORT
    CLIENT_SILENTLY_LEFT = "client_silently_left", "nobody", NOT_THE_PORT
    CLIENT_LEFT = "client_left", "unknown", NOT_THE_PORT
    RELAYING_EITHER_WAY = "relaying_either_way", "you", NOT_THE_PORT
    # queues
    MX_LOOKUP_FAILED = "mx_lookup_failed", "you", NOT_THE_PORT
    RECIPIENT_DOMAIN_UNKNOWN = "recipient_domain_unknown", "you", NOT_THE_PORT
    MAIL_LOOPS_HERE = "mail_loops_here", "you", NOT_THE_PORT
    RETRY_TIME = "retry_time", "nobody", NOT_THE_PORT
    ABOUT_READING = "about_reading", "unknown", NOT_THE_PORT
    # that follow from the peer, or from the provider that is named
    DELIVERY_BLOCKED = "delivery_blocked", "network", NOT_THE_PORT
    DELIVERY_SILENT = "delivery_silent", "unknown", NOT_THE_PORT
    DELIVERY_REFUSED = "delivery_refused", "network", NOT_THE_PORT
    ONE_DESTINATION = "one_destination", "unknown", NOT_THE_PORT
    NOT_VERIFIED = "not_verified", "you", NOT_THE_PORT
    OWN_DELIVERY_BROKEN = "own_delivery_broken", "you", NOT_THE_PORT
    RELAY_AT_EXCHANGER = "relay_at_exchanger", "server", NOT_THE_PORT
    OWN_ADDRESS = "own_address", "you", NOT_THE_PORT
    OTHER_ANSWERS = "other_answers", "network", NOT_THE_PORT
    USUAL_GREETING = "usual_greeting", "nobody", SETTING
    USER_IN_URL = "user_in_url", "you", NOT_THE_PORT
    CLIENT_TOO_OLD = "client_too_old", "you", NOT_THE_PORT
    INBOUND_CLOSED = "inbound_closed", "network", NOT_THE_PORT
    WORKSPACE_RELAY = "workspace_relay", "you", NOT_THE_PORT
    INTERCEPTED = "intercepted", "you", NOT_THE_PORT
    NOT_SERVED = "not_served", "you", OTHER_PORT
    PLAIN_ON_465 = "plain_on_465", "server", MODE
    OWN_CERTIFICATE = "own_certificate", "you", NOT_THE_PORT
    NO_MAILER = "no_mailer", "you", MODE
    ADDRESS_WITHOUT_PORT = "address_without_port", "you", NOT_THE_PORT
    SERVICE_UNNAMED = "service_unnamed", "you", NOT_THE_PORT
    LOCAL_SERVICE = "local_service", "server", NOT_THE_PORT
    WRONG_PORT = "wrong_port", "you", MODE
    EXCHANGER_FOR_SUBMISSION = "exchanger_for_submission", "you", MODE
    EXCHANGER_ON_25 = "exchanger_on_25", "you", NOT_THE_PORT
    HOST_WITH_SCHEME = "host_with_scheme", "you", SETTING
    PORT_TAKEN = "port_taken", "you", NOT_THE_PORT
    NOT_SET_UP = "not_set_up", "you", NOT_THE_PORT
    STARTTLS_ONLY = "starttls_only", "you", MODE
    HOST_BARS = "host_bars", "network", NOT_THE_PORT
    OWN_SERVER_CUTS = "own_server_cuts", "server", NOT_THE_PORT
    TALKS_TO_ITSELF = "talks_to_itself", "you", NOT_THE_PORT
    TALKS_TO_DOCKER_HOST = "talks_to_docker_host", "you", NOT_THE_PORT
    PRIVATE_HOST = "private_host", "you", NOT_THE_PORT
    LOCAL_WITHOUT_STARTTLS = "local_without_starttls", "you", NOT_THE_PORT


DELIVERY_FAILS = frozenset({Symptom.DELIVERY_BLOCKED, Symptom.DELIVERY_SILENT, Symptom.DELIVERY_REFUSED})
"""A mail exchanger is out of reach."""

WRONG_HOST = frozenset({Symptom.TALKS_TO_ITSELF, Symptom.TALKS_TO_DOCKER_HOST, Symptom.PRIVATE_HOST})
"""The port was tried on another host than the provider's: of that one it says nothing."""


_FAULTS: Mapping[Side, Fault] = {
    Side.OURS: "you",
    Side.TARGET: "server",
    Side.BETWEEN: "network",
    Side.UNKNOWN: "unknown",
    Side.NOBODY: "nobody",
}

_UNDECIDED: Mapping[Meaning, Fault] = {
    Meaning.COMMAND_UNKNOWN: "network",
    Meaning.BAD_SEQUENCE: "unknown",
    Meaning.CLIENT_SILENT: "unknown",
    Meaning.DESTINATION_SILENT: "unknown",
    Meaning.CONNECTION_BROKE: "unknown",
}
"""Replies of which a check cannot say whose side it is, by what it mostly turns out to be."""

_EFFECTS: Mapping[Meaning, Effect] = {
    Meaning.TLS_NEEDED: SETTING,
    Meaning.LOGIN_NEEDS_TLS: SETTING,
    Meaning.LOGIN_NEEDED: MODE,
    Meaning.LOGIN_NOT_HERE: MODE,
    Meaning.RELAY_DENIED: MODE,
    Meaning.TLS_ON_PLAIN_PORT: MODE,
    Meaning.DYNAMIC_ADDRESS: MODE,
    Meaning.ADDRESS_REFUSED: MODE,
    Meaning.DIRECT_SEND_REFUSED: MODE,
}
"""Replies that have to do with the port; the others say the same on any."""

_SYMPTOMS: Mapping[str, Symptom] = {str(symptom): symptom for symptom in Symptom}


@lru_cache(maxsize=512)
def fact_of(code: str) -> Fact | None:
    """Whose side a diagnosis is on and what it says of the port; None where the code is not known."""
    if symptom := _SYMPTOMS.get(code):
        return Fact(symptom.side, symptom.effect)
    if situation := situations().get(code):
        return situation.fact
    meaning = BY_NAME.get(code)
    if meaning is None:
        return None
    return Fact(_UNDECIDED.get(meaning, _FAULTS[meaning.side]), _EFFECTS.get(meaning, NOT_THE_PORT))


def effect_of(code: str) -> Effect | None:
    """What a diagnosis says of the port."""
    fact = fact_of(code)
    return fact.effect if fact else None


def is_vague(code: str) -> bool:
    """Whether a diagnosis may have several causes, so that anything more precise beside it counts more."""
    fact = fact_of(code)
    return fact is not None and (fact.side == "unknown" or code in _OF_IPV6)


_OF_IPV6 = frozenset({Symptom.SOURCE_ADDRESS, Symptom.NETWORK_UNREACHABLE})
"""What is mostly said of IPv6 beside other tries, which say more."""
