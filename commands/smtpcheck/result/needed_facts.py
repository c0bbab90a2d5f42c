"""What must have been seen of one connection before a finding is said of it: one row each. Data only.

A property test holds every finding of arbitrary records against this table. Findings of several connections, of DNS and
of mail policy have no row: they carry what they rest on in their parameters (control hosts, records, answers).
"""

from collections.abc import Mapping
from enum import StrEnum

from commands.smtpcheck.result.findings import Code


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


F = Fact
NEEDED: Mapping[Code, frozenset[Fact]] = {
    code: frozenset(facts)
    for facts, codes in (
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
            tuple(code for code in Code if code.startswith("cert_") and code is not Code.CERT_DIFFERS),
        ),
    )
    for code in codes
}
