"""What must have been seen before a state or a finding is said: one row each. Data only.

A state has the row of the finding of its name. Every check of the tests, and arbitrary ones, are held against this
table: first what one connection shows, then what several show, name servers, or the policy of a domain.
"""

from collections.abc import Mapping
from enum import StrEnum

from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Stage
from commands.smtpcheck.result.states import State


class Fact(StrEnum):
    """Something that was seen, or that was not seen although we waited for it; its value says it."""

    TCP_REFUSED = "the connection was refused"
    TCP_SILENT = "the connect got no answer in time"
    TCP_UNREACHABLE = "the system told that there is no way there"
    OWN_REFUSAL = "our own system or our guard did not let us connect"
    CONNECTED = "a TCP connection stood"
    OUR_TIME = "our own time ended first, we were held up, or lost"
    WAITED = "we waited for a reply until our time for it was over"
    ENDED = "the server closed or reset the connection, or an error ended it"
    BYTES = "the server sent something"
    GREETING_REPLY = "the greeting was a reply with a code"
    REFUSAL = "a reply with a code of 400 or more, or one that cannot stand there"
    EHLO_TAKEN = "EHLO or HELO was answered with 250"
    HELO_TAKEN = "HELO was answered with 250"
    EHLO_ASKED = "EHLO was sent"
    KEYWORDS = "the reply to EHLO listed extensions"
    KEYWORDS_IN_TLS = "the reply to EHLO inside TLS listed extensions"
    NO_STARTTLS = "the whole reply to EHLO was read, and STARTTLS is not in it"
    TLS_TRIED = "STARTTLS was sent, or a handshake begun"
    HANDSHAKE = "a handshake was finished"
    CHAIN = "a certificate was shown"
    REPLY_TO_STARTTLS = "STARTTLS was answered"
    # of the whole check
    TURNED_BACK = "the connect was refused, or it was told that there is no way"
    UNANSWERED = "the connect was refused, got no answer, or it was told that there is no way"
    CONTROLS_ASKED = "hosts of other operators were asked on this port"
    GREETINGS_COMPARED = "what hosts of other operators greet with was heard on this port"
    PORT_BESIDE = "another port of the address was asked"
    ADDRESS_BESIDE = "another address of the host was asked"
    ASKED_AGAIN = "a further connection was made to the host"
    HEADER_READ = "the server greeted behind a PROXY header, here or on another port of the address"
    SMALL_SEGMENTS = "TLS came about with small segments, here or on another port of the address"
    ASKED_DEEP = "the further connections of a deep check were made"
    LOOKED_UP = "a look-up, in DNS or of the policy that it names, came to that"
    ADDRESSES_JUDGED = "addresses were looked up that nobody may connect to, or that are not public"
    HOSTS_LEFT = "addresses were looked up that there was no connection for"
    ELSEWHERE = "a machine elsewhere was asked"


_OF_SEVERAL_CERTIFICATES = frozenset({Code.CERT_DIFFERS, Code.CERT_OTHER_KEY, Code.CERT_ONLY_RARE_KEY})
_NOT_OF_A_LOOKUP = frozenset({Code.MAIL_NOT_PUBLIC, Code.MX_NOT_PUBLIC, Code.MX_NOT_PROBED, Code.ADDRESS_INVENTED})

F = Fact
NEEDED: Mapping[Code | State, frozenset[Fact]] = {
    code: frozenset(facts)
    for facts, codes in (
        ((F.CONNECTED, F.GREETING_REPLY), (State.OPEN,)),
        ((F.TCP_REFUSED,), (Code.REFUSED,)),
        ((F.TCP_SILENT,), (Code.NO_ANSWER,)),
        ((F.TCP_UNREACHABLE,), (Code.UNREACHABLE,)),
        ((F.OWN_REFUSAL,), (Code.NOT_PERMITTED, Code.FORBIDDEN)),
        ((F.OUR_TIME,), (Code.NOT_FINISHED, Code.NOT_BEGUN, Code.HELD_UP, Code.NOT_HEARD)),
        ((F.CONNECTED,), (Code.NO_GREETING,)),
        ((F.CONNECTED, F.WAITED), (Code.GREETING_AWAITED,)),
        ((F.CONNECTED, F.ENDED), (Code.CLOSED_BEFORE_GREETING, Code.RESET_BEFORE_GREETING)),
        (
            (F.CONNECTED, F.BYTES),
            (
                Code.INCOMPLETE_GREETING,
                Code.PLAIN_ON_TLS_PORT,
                Code.NOT_SMTP,
                Code.UNEXPECTED_REPLY,
                Code.RESPONSE_TOO_LARGE,
                Code.TARPIT,
                Code.TARPIT_SPAMD,
                Code.PROTOCOL_VIOLATION,
                Code.MIXED_CODES,
                Code.BARE_LINE_FEED,
                Code.LONG_LINE,
                Code.ODD_REPLY_LINE,
                Code.MIDDLEBOX_CISCO,
            ),
        ),
        (
            (F.CONNECTED, F.REFUSAL),
            (
                Code.RATE_LIMITED,
                Code.TEMP_REFUSED,
                Code.REFUSED_BY_POLICY,
                Code.ADDRESS_REFUSED,
                Code.REFUSED_UNEXPLAINED,
                Code.NO_MAIL_SERVICE,
            ),
        ),
        ((F.CONNECTED, F.GREETING_REPLY), (Code.SLOW_GREETING, Code.GREETING_WITHOUT_NAME)),
        (
            (F.CONNECTED, F.EHLO_ASKED, F.REFUSAL),
            (Code.EHLO_NAME_REJECTED, Code.EHLO_NOT_UNDERSTOOD, Code.TLS_REQUIRED),
        ),
        ((F.CONNECTED, F.EHLO_ASKED), (Code.NO_EHLO_REPLY,)),
        ((F.CONNECTED, F.EHLO_ASKED, F.WAITED), (Code.EHLO_AWAITED,)),
        ((F.CONNECTED, F.EHLO_ASKED), (Code.SLOW_EHLO,)),
        ((F.CONNECTED, F.EHLO_TAKEN), (Code.REFUSED_LATER,)),
        ((F.CONNECTED, F.EHLO_ASKED, F.HELO_TAKEN), (Code.LEGACY_HELO_ONLY,)),
        (
            (F.CONNECTED, F.KEYWORDS),
            (
                Code.EXCHANGE_HINT,
                Code.AUTH_BEFORE_TLS,
                Code.LOGIN_BEFORE_TLS,
                Code.SIZE_TOO_SMALL,
                Code.PROXY_COMMANDS_OFFERED,
                Code.XFORWARD_OFFERED,
            ),
        ),
        ((F.CONNECTED, F.KEYWORDS_IN_TLS), (Code.STARTTLS_AFTER_TLS, Code.AUTH_NOT_OFFERED, Code.EXTERNAL_LOGIN_ONLY)),
        ((F.CONNECTED, F.EHLO_TAKEN, F.NO_STARTTLS), (Code.STARTTLS_NOT_OFFERED, Code.STARTTLS_MASKED)),
        (
            (F.CONNECTED, F.TLS_TRIED, F.REPLY_TO_STARTTLS),
            (
                Code.STARTTLS_BROKEN_TEMP,
                Code.STARTTLS_REFUSED,
                Code.STARTTLS_INTERCEPTED,
                Code.RESPONSE_INJECTION,
            ),
        ),
        (
            (F.CONNECTED, F.TLS_TRIED),
            (
                Code.TLS_NO_COMMON_CIPHER,
                Code.TLS_VERSION,
                Code.TLS_WANTS_CERTIFICATE,
                Code.SNI_REJECTED,
                Code.SNI_MISSING,
                Code.TLS_NOT_SPOKEN,
                Code.TLS_CLOSED,
                Code.TLS_RESET,
                Code.TLS_TIMEOUT,
                Code.TLS_FAILED,
            ),
        ),
        (
            (F.CONNECTED, F.HANDSHAKE),
            (
                Code.IMPLICIT_TLS,
                Code.LEGACY_TLS,
                Code.TLS_WEAK_CIPHER,
                Code.TLS_NO_FORWARD_SECRECY,
                Code.TLS_SMALL_DH,
            ),
        ),
        (
            (F.CONNECTED, F.HANDSHAKE, F.CHAIN),
            tuple(code for code in Code if code.startswith("cert_") and code not in _OF_SEVERAL_CERTIFICATES),
        ),
        # what other connections showed
        ((F.TURNED_BACK,), (Code.REJECTED, Code.NO_IPV4_HERE, Code.NO_IPV6_HERE, Code.REFUSED_NEARBY)),
        ((F.TURNED_BACK, F.CONTROLS_ASKED), (Code.REJECTED_TARGET, Code.REJECTED_EITHER, Code.REFUSED_TARGET)),
        ((F.UNANSWERED, F.CONTROLS_ASKED), (Code.BLOCKED_HERE,)),
        ((F.TCP_SILENT, F.CONTROLS_ASKED), (Code.NO_ANSWER_TARGET, Code.NO_ANSWER_EITHER)),
        ((F.TCP_SILENT, F.ADDRESS_BESIDE), (Code.SILENT_BESIDE,)),
        ((F.CONTROLS_ASKED,), (Code.CONTROL_PROBE, Code.NETWORK_PATTERN)),
        (
            (F.CONNECTED, F.GREETINGS_COMPARED),
            (Code.MIDDLEBOX_HERE, Code.HIJACK_SUSPECT, Code.TAKEN_ALIKE, Code.REFUSED_ALIKE),
        ),
        ((F.ASKED_AGAIN,), (Code.NOT_ASKED_ALONE, Code.FEW_CONNECTIONS, Code.ANSWERS_SOME)),
        ((F.CONNECTED, F.HEADER_READ), (Code.PROXY_HEADER_EXPECTED, Code.SAME_PROXY_HEADER)),
        ((F.CONNECTED, F.TLS_TRIED, F.SMALL_SEGMENTS), (Code.PATH_MTU_BLACK_HOLE,)),
        ((F.CONNECTED, F.PORT_BESIDE), (Code.SAME_BROKEN_TLS,)),
        ((F.ADDRESS_BESIDE,), (Code.ADDRESS_DOWN, Code.ADDRESS_DIFFERS, Code.ADDRESS_UNKNOWN)),
        ((F.CONNECTED, F.HANDSHAKE, F.CHAIN, F.ASKED_AGAIN), (Code.CERT_ONLY_RARE_KEY,)),
        ((F.HOSTS_LEFT,), (Code.ADDRESSES_NOT_PROBED, Code.MX_NOT_PROBED)),
        (
            (F.ASKED_DEEP,),
            (
                Code.TLS_BROKEN_SUITES,
                Code.TLS_ANONYMOUS_SUITES,
                Code.TLS_STATIC_SUITES,
                Code.OCSP_STAPLE_MISSING,
                Code.OLD_TLS_ACCEPTED,
                Code.HIDDEN_STARTTLS,
                Code.STARTTLS_FLAPPING,
                Code.TLS_FLAPPING,
                Code.CERT_OTHER_KEY,
                Code.DEEP_CUT_SHORT,
                Code.DEEP_UNFINISHED,
                Code.FAMILY_DIFFERS,
                Code.FAMILY_REFUSED,
                Code.FAMILY_SILENT,
                Code.FAMILY_UNREACHABLE,
            ),
        ),
        ((F.CONNECTED, F.HANDSHAKE, F.CHAIN), (Code.CERT_DIFFERS,)),
        ((F.ELSEWHERE,), (Code.VANTAGE_GONE, Code.VANTAGE_LATE, Code.VANTAGE_CUT)),
        # what name servers and policies said
        ((F.ADDRESSES_JUDGED,), (Code.DENIED_BY_OWNER, Code.MAIL_NOT_PUBLIC, Code.MX_NOT_PUBLIC)),
        ((F.LOOKED_UP,), tuple(code for code in Code if code.stage is Stage.POLICY)),
        ((F.LOOKED_UP,), tuple(code for code in Code if code.stage is Stage.DNS and code not in _NOT_OF_A_LOOKUP)),
        ((F.LOOKED_UP,), (Code.MX_FIRST_SILENT, Code.MX_IDLE)),
        ((F.LOOKED_UP,), (Code.ADDRESS_INVENTED,)),
    )
    for code in codes
}
