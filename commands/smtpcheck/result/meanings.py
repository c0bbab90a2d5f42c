"""What a reply of a server means: one row each, on which checks, transcripts and advice build. Data only.

A row says what it is about, whose side it is on, whether waiting helps, and whether another port of the same host does
(the one for clients with a login, where 25 refuses a stranger). Which words mean it stands in `replies`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from commands.smtpcheck.result.scales import Side


class Subject(StrEnum):
    """What a reply is about."""

    TLS = "tls"
    CLIENT_CERTIFICATE = "client_certificate"
    REPUTATION = "reputation"
    NAME = "name"
    RATE = "rate"
    BACK_END = "back_end"
    LOGIN = "login"
    RELAY = "relay"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    SIZE = "size"
    POLICY = "policy"
    PROTOCOL = "protocol"
    NETWORK = "network"


class Waiting(StrEnum):
    """Whether the same comes through later, unchanged."""

    NO = "no"
    MINUTES = "minutes"
    HOURS = "hours"


OURS, TARGET, UNKNOWN, NOBODY = Side.OURS, Side.TARGET, Side.UNKNOWN, Side.NOBODY
NO, MINUTES, HOURS = Waiting.NO, Waiting.MINUTES, Waiting.HOURS
OTHER_PORT = True


class Meaning(StrEnum):
    """What a server says. `side` OURS is the side of whoever connects and sends, TARGET that of the server."""

    subject: Subject
    side: Side
    waiting: Waiting
    other_port: bool

    def __new__(
        cls,
        value: str,
        subject: Subject,
        side: Side,
        waiting: Waiting,
        other_port: bool = False,
    ) -> Self:
        """A row of the table."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.subject, member.side, member.waiting, member.other_port = subject, side, waiting, other_port
        return member

    # the server itself, and what stands behind it
    SERVICE_BUSY = "service_busy", Subject.BACK_END, TARGET, MINUTES
    SERVER_FAULT = "server_fault", Subject.BACK_END, TARGET, MINUTES
    MAINTENANCE = "maintenance", Subject.BACK_END, TARGET, HOURS
    FILTER_DEFERS = "filter_defers", Subject.BACK_END, TARGET, MINUTES
    SERVER_FULL = "server_full", Subject.BACK_END, TARGET, HOURS
    LIST_QUERY_REFUSED = "list_query_refused", Subject.BACK_END, TARGET, HOURS
    PROXY_MISMATCH = "proxy_mismatch", Subject.BACK_END, TARGET, NO
    MAIL_LOOP = "mail_loop", Subject.BACK_END, TARGET, NO
    # TLS
    TLS_UNAVAILABLE = "tls_unavailable", Subject.TLS, TARGET, HOURS
    TLS_REFUSED = "tls_refused", Subject.TLS, TARGET, NO
    TLS_NEEDED = "tls_needed", Subject.TLS, OURS, NO
    TLS_ON_PLAIN_PORT = "tls_on_plain_port", Subject.TLS, OURS, NO, OTHER_PORT
    DESTINATION_TLS = "destination_tls", Subject.TLS, TARGET, HOURS
    CLIENT_CERTIFICATE = "client_certificate", Subject.CLIENT_CERTIFICATE, TARGET, NO
    # how the two talk
    COMMAND_UNKNOWN = "command_unknown", Subject.PROTOCOL, UNKNOWN, NO
    BAD_SEQUENCE = "bad_sequence", Subject.PROTOCOL, UNKNOWN, NO
    BAD_ARGUMENT = "bad_argument", Subject.PROTOCOL, OURS, NO
    SPOKE_EARLY = "spoke_early", Subject.PROTOCOL, OURS, NO
    CLIENT_SILENT = "client_silent", Subject.NETWORK, UNKNOWN, MINUTES
    # how much and how often
    TOO_MANY_CONNECTIONS = "too_many_connections", Subject.RATE, OURS, MINUTES
    TOO_FAST = "too_fast", Subject.RATE, OURS, MINUTES
    TOO_MANY_ERRORS = "too_many_errors", Subject.RATE, OURS, MINUTES
    TOO_MANY_LOGINS = "too_many_logins", Subject.RATE, OURS, HOURS
    TOO_MANY_RECIPIENTS = "too_many_recipients", Subject.RATE, OURS, NO
    SESSION_CAP = "session_cap", Subject.RATE, OURS, NO
    QUOTA = "quota", Subject.RATE, OURS, HOURS
    # the address that connects
    LISTED = "listed", Subject.REPUTATION, OURS, NO, OTHER_PORT
    BANNED = "banned", Subject.REPUTATION, OURS, NO, OTHER_PORT
    DYNAMIC_ADDRESS = "dynamic_address", Subject.REPUTATION, OURS, NO, OTHER_PORT
    ADDRESS_REFUSED = "address_refused", Subject.REPUTATION, OURS, NO, OTHER_PORT
    OWN_LIST = "own_list", Subject.REPUTATION, OURS, NO, OTHER_PORT
    COUNTRY = "country", Subject.REPUTATION, OURS, NO, OTHER_PORT
    POOR_REPUTATION = "poor_reputation", Subject.REPUTATION, OURS, HOURS
    ACCOUNT_BLOCKED = "account_blocked", Subject.REPUTATION, OURS, NO
    # its names
    EHLO_NAME = "ehlo_name", Subject.NAME, OURS, NO
    REVERSE_DNS = "reverse_dns", Subject.NAME, OURS, HOURS, OTHER_PORT
    # rules of the server
    NO_MAIL_SERVICE = "no_mail_service", Subject.POLICY, TARGET, NO
    GREYLISTED = "greylisted", Subject.POLICY, NOBODY, MINUTES
    POLICY_REFUSAL = "policy_refusal", Subject.POLICY, UNKNOWN, NO
    CLIENT_RULE = "client_rule", Subject.POLICY, UNKNOWN, NO, OTHER_PORT
    FILTER_REFUSAL = "filter_refusal", Subject.POLICY, UNKNOWN, NO
    OTHER_FAMILY = "other_family", Subject.POLICY, OURS, NO
    DIRECT_SEND_REFUSED = "direct_send_refused", Subject.POLICY, OURS, NO, OTHER_PORT
    # login and relaying
    LOGIN_REFUSED = "login_refused", Subject.LOGIN, OURS, NO
    LOGIN_UNAVAILABLE = "login_unavailable", Subject.LOGIN, TARGET, MINUTES
    LOGIN_NEEDED = "login_needed", Subject.LOGIN, OURS, NO, OTHER_PORT
    LOGIN_NOT_HERE = "login_not_here", Subject.LOGIN, OURS, NO, OTHER_PORT
    LOGIN_NEEDS_TLS = "login_needs_tls", Subject.LOGIN, OURS, NO
    PASSWORD_WITHDRAWN = "password_withdrawn", Subject.LOGIN, OURS, NO
    STRONGER_LOGIN = "stronger_login", Subject.LOGIN, OURS, NO
    ACCOUNT_DISABLED = "account_disabled", Subject.LOGIN, OURS, NO
    RELAY_DENIED = "relay_denied", Subject.RELAY, OURS, NO, OTHER_PORT
    # the sender
    SENDER_NOT_OWNED = "sender_not_owned", Subject.SENDER, OURS, NO
    SENDER_DOMAIN = "sender_domain", Subject.SENDER, OURS, HOURS
    SENDER_UNVERIFIED = "sender_unverified", Subject.SENDER, OURS, MINUTES
    SPF_FAILED = "spf_failed", Subject.SENDER, OURS, NO
    DKIM_FAILED = "dkim_failed", Subject.SENDER, OURS, NO
    DMARC_FAILED = "dmarc_failed", Subject.SENDER, OURS, NO
    UNAUTHENTICATED = "unauthenticated", Subject.SENDER, OURS, NO
    # the recipient
    NO_SUCH_USER = "no_such_user", Subject.RECIPIENT, OURS, NO
    MAILBOX_FULL = "mailbox_full", Subject.RECIPIENT, TARGET, HOURS
    MAILBOX_BUSY = "mailbox_busy", Subject.RECIPIENT, TARGET, HOURS
    MAILBOX_DISABLED = "mailbox_disabled", Subject.RECIPIENT, TARGET, NO
    RECIPIENT_CLOSED = "recipient_closed", Subject.RECIPIENT, TARGET, NO
    RECIPIENT_UNVERIFIED = "recipient_unverified", Subject.RECIPIENT, TARGET, MINUTES
    RECIPIENT_SUPPRESSED = "recipient_suppressed", Subject.RECIPIENT, OURS, NO
    NULL_MX = "null_mx", Subject.RECIPIENT, OURS, NO
    # the mail
    SPAM = "spam", Subject.CONTENT, OURS, NO
    CONTENT_REFUSED = "content_refused", Subject.CONTENT, OURS, NO
    TOO_LARGE = "too_large", Subject.SIZE, OURS, NO
    # the sender's own mail server
    UNKNOWN_VIRTUAL_MTA = "unknown_virtual_mta", Subject.SENDER, OURS, NO
    # the way to the destination, in a sender's queue
    DESTINATION_SILENT = "destination_silent", Subject.NETWORK, UNKNOWN, MINUTES
    CONNECTION_BROKE = "connection_broke", Subject.NETWORK, UNKNOWN, MINUTES
    NO_ROUTE = "no_route", Subject.RECIPIENT, UNKNOWN, HOURS
    GAVE_UP = "gave_up", Subject.NETWORK, UNKNOWN, NO


BY_NAME: Mapping[str, Meaning] = {str(meaning): meaning for meaning in Meaning}
"""The meanings by the names that data files and stored findings have."""

OF_OUR_ADDRESS = frozenset(
    {
        Meaning.LISTED,
        Meaning.BANNED,
        Meaning.DYNAMIC_ADDRESS,
        Meaning.ADDRESS_REFUSED,
        Meaning.OWN_LIST,
        Meaning.COUNTRY,
        Meaning.POOR_REPUTATION,
        Meaning.REVERSE_DNS,
    }
)
"""What is said of the address that connects: it tells nothing of the server."""

OF_A_RULE = frozenset({Meaning.POLICY_REFUSAL, Meaning.CLIENT_RULE, Meaning.FILTER_REFUSAL, Meaning.OTHER_FAMILY})
"""What a rule refuses that may meet everybody, or everybody of our kind."""
