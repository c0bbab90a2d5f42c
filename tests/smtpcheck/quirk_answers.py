"""What the probe says to every quirk of the lab: the `expect` names of the list as states, TLS states and findings."""

from dataclasses import dataclass, field

from bot.demo.lab.quirk import HOST
from commands.smtpcheck.wire.connection import Limits
from tests.smtpcheck.speaking import ADDRESS, DEEP, QUICK

OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """State, TLS state ("" where nothing is known), the findings that must be there, and a fact of the report."""

    state: str = OPEN
    tls: str = ""
    findings: frozenset[str] = frozenset()
    facts: dict = field(default_factory=dict)


def found(*codes, tls="ok", **facts):
    """An open port with these findings."""
    return Answer(OPEN, tls, frozenset(codes), facts)


def state(name, *codes, **facts):
    return Answer(name, findings=frozenset({name, *codes}), facts=facts)


BY_EXPECTATION = {
    "ok": found(),
    "ok_slow": found("slow_greeting"),
    "parsed": found(extensions=7),
    "starttls_offered": found(extensions=3),
    "no_extensions": found("starttls_not_offered", tls="not_offered", extensions=0),
    "mechanisms_merged": found(auth=("LOGIN", "PLAIN", "CRAM-MD5")),
    "normalised": found(auth=("PLAIN", "LOGIN"), keywords={"STARTTLS": "", "SIZE": "1000", "8BITMIME": ""}),
    "legacy_helo_only": found("legacy_helo_only", tls="not_offered"),
    "capped": found(extensions=100),
    "listed": found(keywords={"STARTTLS": ""}),
    "middlebox_cisco": found("middlebox_cisco", tls="not_offered"),
    "protocol_violation": found("protocol_violation", tls=""),
    "starttls_masked": found("starttls_masked", tls="masked"),
    "starttls_broken_temp": found("starttls_broken_temp", tls="broken_temp"),
    "starttls_intercepted": found("starttls_intercepted", tls="intercepted"),
    "tls_closed": found("tls_closed", tls="closed"),
    "tls_reset": found("tls_reset", tls="reset"),
    "tls_timeout": found("tls_timeout", tls="timeout"),
    "tls_not_spoken": found("tls_not_spoken", tls="not_spoken"),
    "tls_no_common_cipher": found("tls_no_common_cipher", tls="no_common_cipher"),
    "tls_version": found("tls_version", tls="version"),
    "sni_rejected": found("sni_rejected", tls="sni_rejected"),
    "plain_on_tls_port": Answer("plain_on_tls_port", "not_spoken", frozenset({"plain_on_tls_port"})),
    "cert_names_address": found(),
} | {
    name: found(name)
    for name in (
        "auth_before_tls", "starttls_after_tls", "response_injection", "legacy_tls", "cert_expired",
        "cert_not_yet_valid", "cert_self_signed", "cert_name_mismatch", "cert_no_san", "cert_weak_key",
        "cert_weak_signature", "cert_chain_incomplete",
    )
} | {
    name: state(name)
    for name in (
        "no_greeting", "closed_before_greeting", "reset_before_greeting", "incomplete_greeting", "not_smtp",
        "refused_by_policy", "rate_limited", "temp_refused", "no_mail_service", "response_too_large", "tarpit",
        "tarpit_spamd", "ehlo_name_rejected", "tls_required",
    )
}  # fmt: skip
"""The list's names where they are not the probe's own; those that are the probe's own."""

PROTOCOLS = {"ssh": "SSH", "http": "HTTP", "ftp": "FTP", "pop3": "POP3", "imap": "IMAP"}
"""Notes that name what speaks there: the `protocol` parameter of the finding."""

NO_NOTE = frozenset({"deep"})


IMPOSSIBLE = {
    "T14a": (found(), "only MAIL is refused before TLS, and the probe never sends MAIL"),
    "M05": (
        Answer("no_greeting", "ok", frozenset({"no_greeting"})),
        "a web server is silent inside TLS until it is spoken to, and the probe never speaks before a greeting",
    ),
}
"""What the list wants to be told and a probe that is a good guest cannot; what it truthfully says instead, and why."""

FIRST = {
    "G15": state("no_greeting"),
    "G33": found("starttls_not_offered", tls="not_offered"),
    "T15": found("starttls_not_offered", tls="not_offered"),
    "T16": found(),
    "T20a": found(),
    "T20b": found(),
    "M01": state("no_greeting"),
    "M03": state("no_greeting"),
}
"""What one connection truthfully says of quirks that take more than one: `BY_WHOLE_CHECK` is what comes out."""

BY_WHOLE_CHECK = {
    "G15": state("not_smtp"),
    "G33": state("hijack_suspect"),
    "T15": found("hidden_starttls", tls="not_offered"),
    "T16": found("starttls_flapping"),
    "T20a": found("cert_differs"),
    "T20b": found("cert_differs"),
    "M01": found("implicit_tls"),
    "M03": found("implicit_tls"),
}
ONLY_DEEP = ("T15", "T16", "T20a", "T20b")
BY_ADDRESS = frozenset({"T20a"})
"""Its second script is played at the host's IPv6 address; other quirks play theirs on successive connections."""

LIMITS: dict[str, Limits] = {"G04": DEEP}
"""What needs the patience of a deep check; the others must do with a quick one's."""

HOSTS = {"T17j": ADDRESS}


def limits_of(quirk):
    return LIMITS.get(quirk.id, QUICK)


def host_of(quirk):
    return HOSTS.get(quirk.id, HOST)


def answer_to(quirk):
    """What one connection says."""
    if quirk.id in IMPOSSIBLE:
        return IMPOSSIBLE[quirk.id][0]
    return FIRST[quirk.id] if quirk.id in FIRST else BY_EXPECTATION[quirk.expect]
