"""The states of an endpoint and of its TLS: one row each. `health` may know better than a row.

The names are those of the "Expect" columns of the design; they are stored, exported and shown, and never change.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self, TypeAlias

from commands.smtpcheck.result.scales import Health, Side, Stage


class State(StrEnum):
    """What an endpoint is: `open`, or what was there instead.

    `later`: the server asked us to come back, or made us wait; mail that waits is taken. `wordless`: it may only be
    slow. `connected`: a TCP connection to the host itself stood.
    """

    stage: Stage
    side: Side
    health: Health
    later: bool
    wordless: bool
    connected: bool

    def __new__(
        cls,
        value: str,
        stage: Stage,
        side: Side,
        health: Health,
        *marks: str,
    ) -> Self:
        """A row: name, where it belongs, whose side, what it is worth, and marks (`later`, `wordless`, `apart`)."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.stage, member.side, member.health = stage, side, health
        member.later, member.wordless = "later" in marks, "wordless" in marks
        member.connected = stage is not Stage.CONNECT and "apart" not in marks
        return member

    OPEN = "open", Stage.STARTTLS, Side.NOBODY, Health.UP
    # before a connection stood
    REFUSED = "refused", Stage.CONNECT, Side.UNKNOWN, Health.DOWN
    NO_ANSWER = "no_answer", Stage.CONNECT, Side.UNKNOWN, Health.UNKNOWN
    UNREACHABLE = "unreachable", Stage.CONNECT, Side.UNKNOWN, Health.UNKNOWN
    REJECTED = "rejected", Stage.CONNECT, Side.UNKNOWN, Health.UNKNOWN
    BLOCKED_HERE = "blocked_here", Stage.CONNECT, Side.OURS, Health.BLOCKED_HERE
    FORBIDDEN = "forbidden", Stage.CONNECT, Side.OURS, Health.UNKNOWN
    NO_IPV4_HERE = "no_ipv4_here", Stage.CONNECT, Side.OURS, Health.UNKNOWN
    NO_IPV6_HERE = "no_ipv6_here", Stage.CONNECT, Side.OURS, Health.UNKNOWN
    # ours: we did not listen long enough, or another answered
    NOT_FINISHED = "not_finished", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    NOT_BEGUN = "not_begun", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    HELD_UP = "held_up", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    NOT_HEARD = "not_heard", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    NOT_ASKED_ALONE = "not_asked_alone", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    HIJACK_SUSPECT = "hijack_suspect", Stage.GREETING, Side.OURS, Health.UNKNOWN, "apart"
    ADDRESS_INVENTED = "address_invented", Stage.DNS, Side.OURS, Health.UNKNOWN, "apart"
    # the greeting
    NO_GREETING = "no_greeting", Stage.GREETING, Side.TARGET, Health.DOWN, "wordless"
    INCOMPLETE_GREETING = "incomplete_greeting", Stage.GREETING, Side.TARGET, Health.DOWN, "wordless"
    CLOSED_BEFORE_GREETING = "closed_before_greeting", Stage.GREETING, Side.UNKNOWN, Health.DOWN
    RESET_BEFORE_GREETING = "reset_before_greeting", Stage.GREETING, Side.UNKNOWN, Health.DOWN
    PLAIN_ON_TLS_PORT = "plain_on_tls_port", Stage.GREETING, Side.TARGET, Health.DOWN
    NOT_SMTP = "not_smtp", Stage.GREETING, Side.TARGET, Health.DOWN
    RESPONSE_TOO_LARGE = "response_too_large", Stage.GREETING, Side.TARGET, Health.DOWN
    RATE_LIMITED = "rate_limited", Stage.GREETING, Side.UNKNOWN, Health.UNKNOWN, "later"
    TEMP_REFUSED = "temp_refused", Stage.GREETING, Side.UNKNOWN, Health.UNKNOWN, "later"
    TARPIT = "tarpit", Stage.GREETING, Side.UNKNOWN, Health.UNKNOWN, "later"
    TARPIT_SPAMD = "tarpit_spamd", Stage.GREETING, Side.UNKNOWN, Health.UNKNOWN, "later"
    REFUSED_BY_POLICY = "refused_by_policy", Stage.GREETING, Side.UNKNOWN, Health.DOWN
    PROXY_HEADER_EXPECTED = "proxy_header_expected", Stage.GREETING, Side.TARGET, Health.DOWN
    NO_MAIL_SERVICE = "no_mail_service", Stage.GREETING, Side.TARGET, Health.DOWN
    # EHLO
    UNEXPECTED_REPLY = "unexpected_reply", Stage.EHLO, Side.UNKNOWN, Health.DOWN
    EHLO_NAME_REJECTED = "ehlo_name_rejected", Stage.EHLO, Side.OURS, Health.UNKNOWN
    EHLO_NOT_UNDERSTOOD = "ehlo_not_understood", Stage.EHLO, Side.TARGET, Health.DOWN
    NO_EHLO_REPLY = "no_ehlo_reply", Stage.EHLO, Side.TARGET, Health.DOWN, "wordless"
    TLS_REQUIRED = "tls_required", Stage.EHLO, Side.TARGET, Health.DOWN
    # TLS from the first byte
    TLS_FAILED = "tls_failed", Stage.STARTTLS, Side.TARGET, Health.DOWN


class TlsState(StrEnum):
    """What TLS on an endpoint came to. Where it was not seen there is no state, which is not "no"."""

    OK = "ok"
    NOT_OFFERED = "not_offered"
    MASKED = "masked"
    BROKEN_TEMP = "broken_temp"
    INTERCEPTED = "intercepted"
    REFUSED = "refused"
    NO_COMMON_CIPHER = "no_common_cipher"
    VERSION = "version"
    SNI_REJECTED = "sni_rejected"
    WANTS_CERTIFICATE = "wants_certificate"
    NOT_SPOKEN = "not_spoken"
    CLOSED = "closed"
    RESET = "reset"
    TIMEOUT = "timeout"
    FAILED = "failed"


NotSeen: TypeAlias = Literal[""]
"""What stands for the state of TLS that was not seen."""


BY_NAME: Mapping[str, State] = {str(state): state for state in State}
"""The states by the names that are stored; one that this version does not know is none of them."""

SILENT = frozenset({State.NO_ANSWER, State.UNREACHABLE, State.REJECTED})
"""States that our own network may be to blame for: the control hosts tell."""

NO_FAMILY = frozenset({State.NO_IPV4_HERE, State.NO_IPV6_HERE})
"""States of addresses that this machine has no way to: they say nothing of the host, nor of its other addresses."""

CLOSED = SILENT | NO_FAMILY | {State.REFUSED}
"""States without a connection: beside a port that could not be judged they say nothing of the whole."""

SHUT = CLOSED | {State.BLOCKED_HERE}
"""The same, where the control hosts have told that it is our network."""

LATER = frozenset(state for state in State if state.later)
WORDLESS = frozenset(state for state in State if state.wordless)

UNJUDGED = frozenset(
    {
        State.NOT_FINISHED,
        State.NOT_BEGUN,
        State.HELD_UP,
        State.NOT_HEARD,
        State.NOT_ASKED_ALONE,
        State.ADDRESS_INVENTED,
    }
)
"""States that say nothing of the server, because of us: we did not listen, or not long enough, not alone, elsewhere."""

SPOKE_SMTP = frozenset(state for state in State if state.connected) - {
    State.NO_GREETING,
    State.INCOMPLETE_GREETING,
    State.CLOSED_BEFORE_GREETING,
    State.RESET_BEFORE_GREETING,
    State.NOT_SMTP,
    State.RESPONSE_TOO_LARGE,
    State.TLS_FAILED,
}
"""States of endpoints that greeted, or refused to, as mail servers do."""

REFUSING = frozenset({State.REFUSED_BY_POLICY, State.NO_MAIL_SERVICE})
"""States of servers that turn us away for good, in words."""
