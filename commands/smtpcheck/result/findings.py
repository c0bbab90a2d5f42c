"""Every finding that a check can come to: one row each. Data only; sentences stand in views.

A row: code, where it belongs, whose side, how much it matters to clients, its parameters, and how much it matters
between servers (port 25) where that is something else. Severity is decided here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self, TypeAlias

from commands.smtpcheck.result.scales import Severity, Side, Stage

Value: TypeAlias = str | int | float | Sequence[str] | Sequence[Mapping[str, str | float]]
Params: TypeAlias = Mapping[str, Value]
Found: TypeAlias = tuple["Code", Params]
"""The code of a finding and its parameters, before it is weighed."""

Types: TypeAlias = Mapping[str, type]

RELAY = 25
"""The port between servers (RFC 5321): what they send over is judged by what servers need, not by what clients do."""

DNS, EGRESS, CONNECT, GREETING = Stage.DNS, Stage.EGRESS, Stage.CONNECT, Stage.GREETING
EHLO, STARTTLS, CERTIFICATE, POLICY = Stage.EHLO, Stage.STARTTLS, Stage.CERTIFICATE, Stage.POLICY
TARGET, OURS, BETWEEN, UNKNOWN, NOBODY = Side.TARGET, Side.OURS, Side.BETWEEN, Side.UNKNOWN, Side.NOBODY
INFO, NOTICE, WARNING, ERROR, DANGER = Severity

NONE: Types = {}
PORT: Types = {"port": int}
SAID: Types = {"said": str}
NAME: Types = {"name": str}
NAME_HOST: Types = {"name": str, "host": str}
ENDPOINT: Types = {
    "port": int,
    "address": str,
    "seconds": float,
    "said": str,
    "code": int,
    "protocol": str,
    "inside": bool,
    "ended": str,
    "waited": float,
}
"""What was seen of an endpoint: what the server said last and its code, how the dialogue ended, seconds in all and
seconds waited for the last reply, and whether that was inside TLS."""

STEP: Types = {**ENDPOINT, "step": str}
"""And which step the server answered like that."""

OWN_PTR: Types = {"own_ptr": str, "ptr": str, "own": str, "told": bool}
"""What our own address is in reverse DNS; `told`: it is the one that the server names."""

REFUSAL: Types = {
    **STEP, **OWN_PTR, "meaning": str, "reported": bool, "listing": str, "list": str, "look_up": str, "closed": str,
}  # fmt: skip
"""What a refusal in words means (`meanings`; `reported`: nobody documents it), and of a blocklist that it names where
to look it up, or the day on which it was switched off (`listing`: which of these is known)."""

LOGINS: Types = {"mechanisms": str, "port": int, "kind": str}
"""`kind`: what such a login sends (a password where it is empty: token, both), or rests on (challenge, external)."""

REJECTION: Types = {"port": int, "address": str, "by": str, "sender": str, "ms": float, "host_ms": float}
"""Who says that a port is rejected (us, host, hop), after how many milliseconds, and how long the host takes."""

BESIDE_OTHERS: Types = {"port": int, "address": str, "how": str, "said": str, "others": int}
"""How a port turned us away (refused, rejected, no_answer, closed, reset, in_words) while we had so many other
connections."""

NAMED: Types = {**ENDPOINT, **OWN_PTR, "name": str, "fit": str, "leads_to": str, "source": str}
"""Our name in EHLO, the addresses that it leads to, and what it is to the one that we connect from."""

SETTLED: Types = {**ENDPOINT, "controls": str}
TLS: Types = {"port": int, "said": str, "where": str}
LOOKUP: Types = {
    "name": str, "host": str, "rcode": str, "type": str, "alias_of": str, "why": str, "how": str, "only": str,
    "absent": str, "meant": str,
}  # fmt: skip
"""A look-up that failed, and `how` in one word; `only`: what alone is not known (mail, a family beside one that is
`absent`). `meant` is the name without what a zone file adds where a final dot is missing."""
SRV: Types = {"name": str, "service": str, "where": str}
ALIKE: Types = {"port": int, "host": str, "said": str, "controls": str}
PLACE: Types = {"port": int, "address": str, "family": str}
POOL: Types = {
    "host": str, "addresses": str, "count": int, "of": int, "family": str, "other": str, "how": list,
}  # fmt: skip
"""Which of how many addresses, and on which ports they are what (`how`). `family`: they are all that the host has of
it; `other` is the family that works then. `host` is empty where it is the target."""
DANE: Types = {
    "host": str, "port": int, "address": str, "resolver": str, "record": str, "count": int, "why": str, "vouched": bool,
    "detail": str, "wanted": str,
}  # fmt: skip
"""`record` are the records that it is about, `why` a `Fate` with its `detail` (or the code of a failed look-up, or
`signed`: so is the zone, but it does not validate), `wanted` is the record to publish; `address` is there where others
of the host come to something else."""
STS: Types = {"name": str, "host": str, "detail": str, "why": str}
STS_POLICY: Types = {**STS, "days": int, "mx": str}
REPORTS: Types = {"name": str, "rua": str, "said": str}


class Code(StrEnum):
    """The code of a finding, with what it is worth. Codes are stored and never change their meaning."""

    stage: Stage
    side: Side
    clients: Severity
    servers: Severity
    params: Types

    def __new__(
        cls,
        value: str,
        stage: Stage,
        side: Side,
        clients: Severity,
        params: Types = NONE,
        servers: Severity | None = None,
    ) -> Self:
        """A row of the table."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.stage, member.side, member.params = stage, side, params
        member.clients, member.servers = clients, clients if servers is None else servers
        return member

    def severity(self, port: int | None = None) -> Severity:
        """How much it matters on this port; without one, to the whole target."""
        return self.servers if port == RELAY else self.clients

    # TCP, our network and the guard
    REFUSED = "refused", CONNECT, UNKNOWN, INFO, SETTLED
    NO_ANSWER = "no_answer", CONNECT, UNKNOWN, WARNING, {**SETTLED, "source": str, "other": str, "lossy": bool}
    UNREACHABLE = "unreachable", CONNECT, UNKNOWN, WARNING, {**ENDPOINT, "by": str, "sender": str, "near": bool}
    REJECTED = "rejected", CONNECT, UNKNOWN, WARNING, REJECTION
    REJECTED_TARGET = "rejected_target", CONNECT, TARGET, WARNING, {**REJECTION, "controls": str}
    REJECTED_EITHER = "rejected_either", CONNECT, UNKNOWN, WARNING, {**REJECTION, "controls": str}
    NOT_PERMITTED = "not_permitted", EGRESS, OURS, ERROR, {**ENDPOINT, "router": str}
    BLOCKED_HERE = "blocked_here", EGRESS, OURS, ERROR, SETTLED
    NO_ANSWER_TARGET = "no_answer_target", CONNECT, TARGET, WARNING, SETTLED
    NO_ANSWER_EITHER = "no_answer_either", CONNECT, UNKNOWN, WARNING, SETTLED
    REFUSED_TARGET = "refused_target", CONNECT, TARGET, INFO, SETTLED
    REFUSED_NEARBY = "refused_nearby", CONNECT, UNKNOWN, NOTICE, {"port": int, "ms": float, "host_ms": float}
    NO_IPV4_HERE = "no_ipv4_here", CONNECT, OURS, NOTICE, ENDPOINT
    NO_IPV6_HERE = "no_ipv6_here", CONNECT, OURS, NOTICE, ENDPOINT
    CONTROL_PROBE = (
        "control_probe",
        EGRESS,
        NOBODY,
        INFO,
        {"port": int, "results": list, "ago_s": float, "alone": bool},
    )
    NETWORK_PATTERN = "network_pattern", EGRESS, OURS, NOTICE, {"pattern": str}
    NOT_FINISHED = "not_finished", GREETING, OURS, NOTICE, ENDPOINT
    NOT_BEGUN = "not_begun", GREETING, OURS, NOTICE, ENDPOINT
    HELD_UP = "held_up", GREETING, OURS, NOTICE, ENDPOINT
    NOT_HEARD = "not_heard", GREETING, OURS, NOTICE, ENDPOINT
    NOT_ASKED_ALONE = "not_asked_alone", GREETING, OURS, NOTICE, BESIDE_OTHERS
    ANSWERS_SOME = "answers_some", GREETING, UNKNOWN, WARNING, {"port": int, "how": str, "answered": int, "of": int}
    FEW_CONNECTIONS = "few_connections", CONNECT, TARGET, NOTICE, BESIDE_OTHERS
    VANTAGE_GONE = "vantage_gone", EGRESS, OURS, WARNING, {"vantage": str, "heard": str}
    VANTAGE_LATE = "vantage_late", EGRESS, OURS, WARNING, {"vantage": str, "heard": str, "seconds": int}
    VANTAGE_CUT = "vantage_cut", EGRESS, OURS, WARNING, {"vantage": str, "heard": str}
    FORBIDDEN = (
        "forbidden",
        CONNECT,
        OURS,
        ERROR,
        {**ENDPOINT, "host": str, "reason": str, "by_address": bool, "some": bool},
    )
    DENIED_BY_OWNER = "denied_by_owner", CONNECT, NOBODY, NOTICE, {"host": str, "reason": str, "by_address": bool}
    ADDRESS_NOT_PUBLIC = "address_not_public", DNS, UNKNOWN, NOTICE, {"name": str, "host": str, "count": int}
    MAIL_NOT_PUBLIC = "mail_not_public", DNS, TARGET, ERROR, {"name": str, "hosts": str}
    MX_NOT_PUBLIC = "mx_not_public", DNS, TARGET, WARNING, {"name": str, "hosts": str}
    # greeting
    NO_GREETING = "no_greeting", GREETING, TARGET, WARNING, ENDPOINT
    INCOMPLETE_GREETING = "incomplete_greeting", GREETING, TARGET, WARNING, ENDPOINT
    GREETING_AWAITED = "greeting_awaited", GREETING, UNKNOWN, NOTICE
    CLOSED_BEFORE_GREETING = "closed_before_greeting", GREETING, UNKNOWN, ERROR, ENDPOINT
    RESET_BEFORE_GREETING = "reset_before_greeting", GREETING, UNKNOWN, ERROR, ENDPOINT
    PROXY_HEADER_EXPECTED = (
        "proxy_header_expected",
        GREETING,
        TARGET,
        ERROR,
        {"port": int, "without": str, "waited": float, "said": str},
    )
    PLAIN_ON_TLS_PORT = "plain_on_tls_port", GREETING, TARGET, ERROR, ENDPOINT
    NOT_SMTP = "not_smtp", GREETING, TARGET, ERROR, ENDPOINT
    UNEXPECTED_REPLY = "unexpected_reply", EHLO, UNKNOWN, ERROR, ENDPOINT
    RATE_LIMITED = "rate_limited", GREETING, UNKNOWN, WARNING, REFUSAL
    TEMP_REFUSED = "temp_refused", GREETING, UNKNOWN, WARNING, REFUSAL
    REFUSED_BY_POLICY = "refused_by_policy", GREETING, UNKNOWN, ERROR, REFUSAL
    ADDRESS_REFUSED = "address_refused", GREETING, OURS, INFO, PORT
    REFUSED_UNEXPLAINED = "refused_unexplained", GREETING, UNKNOWN, INFO, PORT
    SAME_PROXY_HEADER = "same_proxy_header", GREETING, TARGET, ERROR, {"port": int, "others": str}
    NO_MAIL_SERVICE = "no_mail_service", GREETING, TARGET, ERROR, ENDPOINT
    RESPONSE_TOO_LARGE = "response_too_large", GREETING, TARGET, ERROR, ENDPOINT
    TARPIT = "tarpit", GREETING, UNKNOWN, WARNING, ENDPOINT
    TARPIT_SPAMD = "tarpit_spamd", GREETING, UNKNOWN, WARNING, ENDPOINT
    SLOW_GREETING = "slow_greeting", GREETING, UNKNOWN, NOTICE, {"seconds": float}
    SLOW_EHLO = "slow_ehlo", EHLO, UNKNOWN, NOTICE, {"seconds": float}
    BARE_LINE_FEED = "bare_line_feed", GREETING, TARGET, NOTICE
    LONG_LINE = "long_line", GREETING, TARGET, NOTICE, {"octets": int}
    GREETING_WITHOUT_NAME = "greeting_without_name", GREETING, TARGET, NOTICE
    MIXED_CODES = "mixed_codes", GREETING, TARGET, NOTICE
    ODD_REPLY_LINE = "odd_reply_line", GREETING, TARGET, NOTICE, SAID
    MIDDLEBOX_CISCO = "middlebox_cisco", GREETING, BETWEEN, WARNING
    MIDDLEBOX_HERE = "middlebox_here", GREETING, OURS, NOTICE, ALIKE
    HIJACK_SUSPECT = "hijack_suspect", GREETING, OURS, ERROR, ALIKE
    TAKEN_ALIKE = "taken_alike", GREETING, OURS, ERROR, {**ALIKE, "how": str}
    REFUSED_ALIKE = "refused_alike", GREETING, OURS, ERROR, ALIKE
    # EHLO
    EHLO_NAME_REJECTED = "ehlo_name_rejected", EHLO, OURS, ERROR, NAMED
    EHLO_NOT_UNDERSTOOD = "ehlo_not_understood", EHLO, TARGET, ERROR, ENDPOINT
    NO_EHLO_REPLY = "no_ehlo_reply", EHLO, TARGET, ERROR, ENDPOINT
    EHLO_AWAITED = "ehlo_awaited", EHLO, UNKNOWN, NOTICE
    TLS_REQUIRED = "tls_required", EHLO, TARGET, ERROR, STEP
    EXCHANGE_HINT = "exchange_hint", EHLO, NOBODY, INFO
    LEGACY_HELO_ONLY = "legacy_helo_only", EHLO, UNKNOWN, WARNING
    PROTOCOL_VIOLATION = "protocol_violation", EHLO, UNKNOWN, WARNING, {"port": int, "said": str}
    AUTH_BEFORE_TLS = "auth_before_tls", EHLO, TARGET, WARNING, LOGINS
    LOGIN_BEFORE_TLS = "login_before_tls", EHLO, TARGET, NOTICE, {**LOGINS, "guessed": bool}
    EXTERNAL_LOGIN_ONLY = "external_login_only", EHLO, TARGET, NOTICE, PORT
    AUTH_NOT_OFFERED = "auth_not_offered", EHLO, TARGET, NOTICE, PORT, INFO
    SIZE_TOO_SMALL = "size_too_small", EHLO, TARGET, WARNING, {"port": int, "octets": int}
    STARTTLS_AFTER_TLS = "starttls_after_tls", EHLO, TARGET, NOTICE
    REFUSED_LATER = "refused_later", EHLO, UNKNOWN, WARNING, {"port": int, "by": str}
    XFORWARD_OFFERED = "xforward_offered", EHLO, TARGET, NOTICE
    PROXY_COMMANDS_OFFERED = "proxy_commands_offered", EHLO, TARGET, WARNING, {"commands": str}
    # STARTTLS and TLS
    STARTTLS_NOT_OFFERED = "starttls_not_offered", STARTTLS, UNKNOWN, ERROR, TLS, WARNING
    STARTTLS_MASKED = "starttls_masked", STARTTLS, BETWEEN, ERROR, TLS
    STARTTLS_BROKEN_TEMP = "starttls_broken_temp", STARTTLS, TARGET, ERROR, TLS
    STARTTLS_REFUSED = "starttls_refused", STARTTLS, TARGET, ERROR, TLS
    STARTTLS_INTERCEPTED = "starttls_intercepted", STARTTLS, UNKNOWN, ERROR, TLS
    RESPONSE_INJECTION = "response_injection", STARTTLS, UNKNOWN, DANGER, SAID
    IMPLICIT_TLS = "implicit_tls", STARTTLS, TARGET, WARNING, PORT, ERROR
    TLS_NO_COMMON_CIPHER = "tls_no_common_cipher", STARTTLS, TARGET, ERROR, TLS
    TLS_VERSION = "tls_version", STARTTLS, TARGET, ERROR, TLS
    TLS_WANTS_CERTIFICATE = "tls_wants_certificate", STARTTLS, TARGET, ERROR, TLS
    SNI_REJECTED = "sni_rejected", STARTTLS, TARGET, ERROR, {**TLS, "unnamed": bool}, WARNING
    SNI_MISSING = "sni_missing", STARTTLS, UNKNOWN, WARNING, TLS
    TLS_NOT_SPOKEN = "tls_not_spoken", STARTTLS, TARGET, ERROR, TLS
    TLS_CLOSED = "tls_closed", STARTTLS, UNKNOWN, ERROR, TLS
    TLS_RESET = "tls_reset", STARTTLS, UNKNOWN, ERROR, TLS
    TLS_TIMEOUT = "tls_timeout", STARTTLS, UNKNOWN, ERROR, TLS
    PATH_MTU_BLACK_HOLE = (
        "path_mtu_black_hole",
        STARTTLS,
        BETWEEN,
        ERROR,
        {"port": int, "octets": int, "waited": float, "others": str},
    )
    TLS_FAILED = "tls_failed", STARTTLS, UNKNOWN, ERROR, TLS
    LEGACY_TLS = "legacy_tls", STARTTLS, TARGET, WARNING, {"version": str}
    TLS_WEAK_CIPHER = "tls_weak_cipher", STARTTLS, TARGET, WARNING, {"port": int, "cipher": str}
    TLS_NO_FORWARD_SECRECY = (
        "tls_no_forward_secrecy", STARTTLS, TARGET, WARNING, {"port": int, "cipher": str}, NOTICE,
    )  # fmt: skip
    TLS_SMALL_DH = "tls_small_dh", STARTTLS, TARGET, WARNING, {"port": int, "bits": int}, NOTICE
    TLS_BROKEN_SUITES = "tls_broken_suites", STARTTLS, TARGET, WARNING, {"port": int, "suites": str}, NOTICE
    TLS_ANONYMOUS_SUITES = "tls_anonymous_suites", STARTTLS, TARGET, NOTICE, {"port": int, "suite": str}, INFO
    TLS_STATIC_SUITES = "tls_static_suites", STARTTLS, TARGET, INFO, {"port": int, "suite": str}
    OCSP_STAPLE_MISSING = "ocsp_staple_missing", CERTIFICATE, TARGET, WARNING, PORT, NOTICE
    SAME_BROKEN_TLS = "same_broken_tls", STARTTLS, TARGET, ERROR, {"port": int, "others": str, "said": str}
    OLD_TLS_ACCEPTED = "old_tls_accepted", STARTTLS, TARGET, NOTICE, {"port": int, "versions": str}
    HIDDEN_STARTTLS = "hidden_starttls", STARTTLS, UNKNOWN, ERROR, {"port": int, "version": str}, WARNING
    STARTTLS_FLAPPING = "starttls_flapping", STARTTLS, UNKNOWN, WARNING, {"port": int, "offers": int, "looks": int}
    TLS_FLAPPING = "tls_flapping", STARTTLS, UNKNOWN, WARNING, {"port": int, "good": int, "tries": int}
    # the certificate: on 25 most senders verify none
    CERT_EXPIRED = "cert_expired", CERTIFICATE, TARGET, ERROR, {"days": int, "not_after": str}, NOTICE
    CERT_NOT_YET_VALID = "cert_not_yet_valid", CERTIFICATE, TARGET, ERROR, {"not_before": str}, NOTICE
    CERT_SELF_SIGNED = "cert_self_signed", CERTIFICATE, TARGET, ERROR, {"missing": str}, NOTICE
    CERT_UNTRUSTED = "cert_untrusted", CERTIFICATE, TARGET, ERROR, {"missing": str, "root": str}, NOTICE
    CERT_INVALID = "cert_invalid", CERTIFICATE, TARGET, ERROR, {"detail": str}, NOTICE
    CERT_CHAIN_INCOMPLETE = "cert_chain_incomplete", CERTIFICATE, TARGET, ERROR, {"missing": str}, NOTICE
    CERT_CHAIN_EXPIRED = "cert_chain_expired", CERTIFICATE, TARGET, ERROR, {"certificate": str}, NOTICE
    CERT_CHAIN_NOT_YET_VALID = (
        "cert_chain_not_yet_valid",
        CERTIFICATE,
        TARGET,
        ERROR,
        {"certificate": str},
        NOTICE,
    )
    CERT_NAME_MISMATCH = (
        "cert_name_mismatch",
        CERTIFICATE,
        TARGET,
        ERROR,
        {"host": str, "names": list, "by_address": bool},
        NOTICE,
    )
    CERT_NO_SAN = "cert_no_san", CERTIFICATE, TARGET, ERROR, {"common_name": str, "covers": int}, NOTICE
    CERT_WEAK_KEY = "cert_weak_key", CERTIFICATE, TARGET, ERROR, {"position": int, "key": str}, NOTICE
    CERT_WEAK_SIGNATURE = "cert_weak_signature", CERTIFICATE, TARGET, ERROR, {"position": int, "signature": str}, NOTICE
    CERT_EXPIRES_SOON = "cert_expires_soon", CERTIFICATE, TARGET, WARNING, {"days": int}, NOTICE
    CERT_EXPIRES_IN_WEEKS = "cert_expires_in_weeks", CERTIFICATE, TARGET, NOTICE, {"days": int}
    CERT_UNPARSABLE = "cert_unparsable", CERTIFICATE, TARGET, ERROR, {"position": int}, NOTICE
    CERT_CHAIN_ORDER = "cert_chain_order", CERTIFICATE, TARGET, NOTICE, NONE, INFO
    CERT_EXPIRED_SENT = "cert_expired_sent", CERTIFICATE, TARGET, NOTICE, {"certificate": str, "ends": str}, INFO
    CERT_OTHER_KEY = (
        "cert_other_key",
        CERTIFICATE,
        TARGET,
        WARNING,
        {"port": int, "key": str, "own": str, "names": list, "ends": str, "why": str},
        NOTICE,
    )
    CERT_RARE_KEY = "cert_rare_key", CERTIFICATE, TARGET, NOTICE, {"key": str}
    CERT_ONLY_RARE_KEY = "cert_only_rare_key", CERTIFICATE, TARGET, WARNING, {"port": int, "key": str}
    CERT_ROOT_SENT = "cert_root_sent", CERTIFICATE, TARGET, INFO, {"root": str}
    CERT_DIFFERS = "cert_differs", CERTIFICATE, UNKNOWN, NOTICE, {**PLACE, "how": str, "names": list, "ends": str}
    # the addresses of a host beside each other (`pool`), and the end of a deep check
    ADDRESS_DOWN = "address_down", CONNECT, TARGET, WARNING, POOL
    ADDRESS_DIFFERS = "address_differs", CONNECT, TARGET, WARNING, POOL, NOTICE
    ADDRESS_UNKNOWN = "address_unknown", CONNECT, UNKNOWN, NOTICE, POOL
    ADDRESSES_NOT_PROBED = "addresses_not_probed", CONNECT, OURS, NOTICE, {"host": str, "of": int, "ports": list}
    SILENT_BESIDE = "silent_beside", CONNECT, TARGET, INFO, {"port": int, "address": str, "seconds": float}
    FAMILY_DIFFERS = "family_differs", CONNECT, UNKNOWN, WARNING, {**PLACE, "state": str, "tls": str, "version": str}
    FAMILY_REFUSED = "family_refused", CONNECT, UNKNOWN, WARNING, PLACE
    FAMILY_SILENT = "family_silent", CONNECT, UNKNOWN, NOTICE, PLACE
    FAMILY_UNREACHABLE = "family_unreachable", CONNECT, OURS, INFO, PLACE
    DEEP_CUT_SHORT = "deep_cut_short", CONNECT, NOBODY, NOTICE, {"port": int, "said": str}
    DEEP_UNFINISHED = "deep_unfinished", CONNECT, OURS, NOTICE, {"port": int, "unasked": str}
    # DNS
    DNS_NXDOMAIN = "dns_nxdomain", DNS, TARGET, ERROR, LOOKUP
    DNS_NO_DATA = "dns_no_data", DNS, TARGET, ERROR, LOOKUP
    DNS_SERVFAIL = "dns_servfail", DNS, UNKNOWN, ERROR, LOOKUP
    DNS_TIMEOUT = "dns_timeout", DNS, UNKNOWN, ERROR, LOOKUP
    DNS_LOOP = "dns_loop", DNS, TARGET, ERROR, LOOKUP
    DNS_FAMILY_FAILED = "dns_family_failed", DNS, UNKNOWN, WARNING, LOOKUP
    DNS_CONTRADICTS = "dns_contradicts", DNS, UNKNOWN, WARNING, {"name": str, "host": str, "types": str, "known": str}
    DNS_INVENTED = "dns_invented", DNS, OURS, ERROR, {**NAME_HOST, "addresses": str}
    ADDRESS_INVENTED = "address_invented", DNS, OURS, NOTICE, {"port": int, "address": str}
    ADDRESS_UNUSABLE = "address_unusable", DNS, TARGET, WARNING, {"name": str, "host": str, "kind": str}
    MX_UNKNOWN = "mx_unknown", DNS, UNKNOWN, WARNING, LOOKUP
    NULL_MX = "null_mx", DNS, TARGET, ERROR, NAME
    IMPLICIT_MX = "implicit_mx", DNS, NOBODY, INFO, NAME
    MIXED_NULL_MX = "mixed_null_mx", DNS, TARGET, WARNING, NAME
    MX_IS_CNAME = "mx_is_cname", DNS, TARGET, WARNING, {"name": str, "host": str, "alias_of": str}
    MX_IS_ADDRESS = "mx_is_address", DNS, TARGET, WARNING, NAME_HOST
    MX_BAD_NAME = "mx_bad_name", DNS, TARGET, ERROR, NAME_HOST
    MX_IS_LOCALHOST = "mx_is_localhost", DNS, TARGET, ERROR, NAME_HOST
    MX_UNDERSCORE = "mx_underscore", DNS, TARGET, NOTICE, NAME_HOST
    MX_IPV6_ONLY = "mx_ipv6_only", DNS, TARGET, WARNING, NAME_HOST
    MX_NXDOMAIN = "mx_nxdomain", DNS, TARGET, WARNING, LOOKUP
    MX_NO_ADDRESS = "mx_no_address", DNS, TARGET, WARNING, LOOKUP
    MX_SERVFAIL = "mx_servfail", DNS, UNKNOWN, ERROR, LOOKUP
    MX_LOOP = "mx_loop", DNS, TARGET, WARNING, LOOKUP
    MX_TIMEOUT = "mx_timeout", DNS, UNKNOWN, ERROR, LOOKUP
    MX_NOT_PROBED = "mx_not_probed", DNS, OURS, NOTICE, {"hosts": list, "limit": int}
    TOO_MANY_MX = "too_many_mx", DNS, TARGET, NOTICE, {"name": str, "count": int, "limit": int}
    TOO_MANY_ADDRESSES = "too_many_addresses", DNS, NOBODY, NOTICE, {"name": str, "count": int, "limit": int}
    MX_FIRST_SILENT = "mx_first_silent", CONNECT, UNKNOWN, NOTICE, {"name": str, "host": str, "other": str}
    MX_IDLE = "mx_idle", CONNECT, UNKNOWN, WARNING, {"name": str, "host": str, "other": str}
    PTR_CONFIRMED = "ptr_confirmed", DNS, NOBODY, INFO, {"address": str, "ptr": str}
    PTR_MISSING = "ptr_missing", DNS, TARGET, NOTICE, {"address": str, "ptr": str}
    PTR_NOT_CONFIRMED = "ptr_not_confirmed", DNS, TARGET, NOTICE, {"address": str, "ptr": str}
    PTR_UNKNOWN = "ptr_unknown", DNS, UNKNOWN, NOTICE, {"address": str, "ptr": str}
    BANNER_NOT_PTR = "banner_not_ptr", DNS, NOBODY, NOTICE, {"address": str, "ptr": str, "banner": str}
    SRV_OFFERED = "srv_offered", DNS, NOBODY, INFO, {**SRV, "untried": bool, "to_check": str}
    SRV_DENIED = "srv_denied", DNS, NOBODY, INFO, {"name": str, "service": str}
    SRV_NO_HOST = "srv_no_host", DNS, TARGET, WARNING, {**SRV, "meant": str}
    SRV_ODD_PORT = "srv_odd_port", DNS, TARGET, WARNING, SRV
    SRV_UNUSABLE = "srv_unusable", DNS, TARGET, WARNING, SRV
    SRV_HOST_UNKNOWN = "srv_host_unknown", DNS, UNKNOWN, NOTICE, SRV
    SRV_UNKNOWN = "srv_unknown", DNS, UNKNOWN, NOTICE, {"name": str, "service": str}
    # DANE
    DANE_VALID = "dane_valid", POLICY, NOBODY, INFO, DANE
    DANE_MISMATCH = "dane_mismatch", POLICY, TARGET, ERROR, DANE
    DANE_NO_TLS = "dane_no_tls", POLICY, UNKNOWN, DANGER, DANE
    DANE_TLS_FAILED = "dane_tls_failed", POLICY, UNKNOWN, ERROR, {**DANE, "tls": str}
    DANE_RECORD = "dane_record", POLICY, TARGET, NOTICE, DANE
    DANE_EVERY_RENEWAL = "dane_every_renewal", POLICY, TARGET, NOTICE, DANE
    DANE_UNUSABLE = "dane_unusable", POLICY, TARGET, WARNING, DANE
    DANE_SOME_UNUSABLE = "dane_some_unusable", POLICY, TARGET, NOTICE, {**DANE, "unusable": int}
    DANE_UNSEEN = "dane_unseen", POLICY, UNKNOWN, NOTICE, DANE
    DANE_UNSIGNED = "dane_unsigned", POLICY, TARGET, NOTICE, DANE
    DANE_UNVALIDATED = "dane_unvalidated", POLICY, OURS, NOTICE, DANE
    DANE_UNTRUSTED = "dane_untrusted", POLICY, OURS, NOTICE, DANE
    DANE_MX_UNSIGNED = "dane_mx_unsigned", POLICY, TARGET, NOTICE, DANE
    DANE_ADDRESS_UNSIGNED = "dane_address_unsigned", POLICY, TARGET, NOTICE, DANE
    DANE_UNANSWERED = "dane_unanswered", POLICY, UNKNOWN, WARNING, DANE
    DANE_UNKNOWN = "dane_unknown", POLICY, UNKNOWN, NOTICE, DANE
    # MTA-STS
    MTA_STS_ENFORCE = "mta_sts_enforce", POLICY, NOBODY, INFO, STS_POLICY
    MTA_STS_TESTING = "mta_sts_testing", POLICY, NOBODY, INFO, STS_POLICY
    MTA_STS_NONE = "mta_sts_none", POLICY, NOBODY, INFO, STS_POLICY
    MTA_STS_UNKNOWN = "mta_sts_unknown", POLICY, UNKNOWN, NOTICE, STS
    MTA_STS_MANY_RECORDS = "mta_sts_many_records", POLICY, TARGET, WARNING, STS
    MTA_STS_BAD_RECORD = "mta_sts_bad_record", POLICY, TARGET, WARNING, STS
    MTA_STS_NO_HOST = "mta_sts_no_host", POLICY, TARGET, WARNING, STS
    MTA_STS_HOST_UNKNOWN = "mta_sts_host_unknown", POLICY, UNKNOWN, NOTICE, STS
    MTA_STS_FORBIDDEN = "mta_sts_forbidden", POLICY, TARGET, WARNING, STS
    MTA_STS_DENIED = "mta_sts_denied", POLICY, NOBODY, INFO, STS
    MTA_STS_UNREACHABLE = "mta_sts_unreachable", POLICY, UNKNOWN, NOTICE, STS
    MTA_STS_TIMEOUT = "mta_sts_timeout", POLICY, UNKNOWN, NOTICE, STS
    MTA_STS_CLOSED = "mta_sts_closed", POLICY, UNKNOWN, NOTICE, STS
    MTA_STS_TLS = "mta_sts_tls", POLICY, TARGET, WARNING, STS
    MTA_STS_CERTIFICATE = "mta_sts_certificate", POLICY, TARGET, ERROR, STS
    MTA_STS_MALFORMED = "mta_sts_malformed", POLICY, TARGET, WARNING, STS
    MTA_STS_TOO_LARGE = "mta_sts_too_large", POLICY, TARGET, WARNING, STS
    MTA_STS_REDIRECT = "mta_sts_redirect", POLICY, TARGET, WARNING, STS
    MTA_STS_STATUS = "mta_sts_status", POLICY, TARGET, WARNING, STS
    MTA_STS_CONTENT_TYPE = "mta_sts_content_type", POLICY, TARGET, WARNING, STS
    MTA_STS_BAD_POLICY = "mta_sts_bad_policy", POLICY, TARGET, ERROR, STS
    MTA_STS_MX_EXCLUDED = "mta_sts_mx_excluded", POLICY, TARGET, ERROR, STS
    MTA_STS_MX_UNLISTED = "mta_sts_mx_unlisted", POLICY, TARGET, WARNING, STS
    MTA_STS_SHORT_MAX_AGE = "mta_sts_short_max_age", POLICY, TARGET, NOTICE, {**STS, "seconds": int}
    MTA_STS_NO_STARTTLS = "mta_sts_no_starttls", POLICY, UNKNOWN, DANGER, {"name": str, "host": str, "port": int}
    MTA_STS_TLS_FAILED = (
        "mta_sts_tls_failed",
        POLICY,
        UNKNOWN,
        ERROR,
        {"name": str, "host": str, "port": int, "tls": str},
    )
    MTA_STS_MX_CERTIFICATE = (
        "mta_sts_mx_certificate",
        POLICY,
        UNKNOWN,
        DANGER,
        {"name": str, "host": str, "port": int, "why": str},
    )
    # TLS-RPT
    TLS_RPT_VALID = "tls_rpt_valid", POLICY, NOBODY, INFO, REPORTS
    TLS_RPT_ABSENT = "tls_rpt_absent", POLICY, TARGET, NOTICE, REPORTS
    TLS_RPT_MANY_RECORDS = "tls_rpt_many_records", POLICY, TARGET, WARNING, REPORTS
    TLS_RPT_INVALID = "tls_rpt_invalid", POLICY, TARGET, WARNING, REPORTS
    TLS_RPT_UNKNOWN = "tls_rpt_unknown", POLICY, UNKNOWN, NOTICE, REPORTS


def row_of(code: str) -> Code:
    """The row of a code. KeyError for one that does not stand in the table."""
    return _CODES[code]


def code_named(name: str) -> Code | None:
    """The code that is stored under this name; None for one that this version does not know."""
    return _CODES.get(name)


_CODES = {str(code): code for code in Code}
