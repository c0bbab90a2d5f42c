"""Quirks T01 to T20: STARTTLS, handshakes and certificates."""

import ssl
from collections.abc import Callable

from bot.demo.lab.certificates import Authority
from bot.demo.lab.leaf import Leaf
from bot.demo.lab.quirk import BANNER, EHLO_PLAIN, EHLO_STARTTLS, HOST, Quirk, Scripts, Stage
from bot.demo.lab.script import Script, Step
from bot.demo.lab.scripts import READY, Replies, dialogue, starttls
from bot.demo.lab.steps import Close, Hang, Raw, ReadBytes, Reset, Send

GO = b"220 go\r\n"
INJECTED = b"220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n"
NORTON_BYE = b"221 Closing connection. Good bye.\r\n"
MUST_STARTTLS = b"530 5.7.0 Must issue a STARTTLS command first\r\n"
HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"
PROTOCOL_VERSION = b"\x15\x03\x01\x00\x02\x02\x46"
UNRECOGNIZED_NAME = b"\x15\x03\x03\x00\x02\x02\x70"
RECORD_HEADER = 5  # bytes of a ClientHello that prove that it has begun
ISSUER_URL = "http://ca.example.com/intermediate.crt"  # nothing answers there
ADDRESS = "198.51.100.25"


def upgrade(*steps: Step) -> Callable[[Stage], Scripts]:
    """STARTTLS is offered, "220 go" answers it, and these steps follow."""
    table: Replies = {"EHLO": EHLO_STARTTLS, "STARTTLS": (Send(GO), *steps)}
    return lambda _stage: (dialogue(table, banner=BANNER),)


def to_hello(*steps: Step) -> Callable[[Stage], Scripts]:
    """As `upgrade`, but the steps wait for the ClientHello."""
    return upgrade(ReadBytes(RECORD_HEADER), *steps)


def upgraded(ready: bytes) -> Callable[[Stage], Scripts]:
    """STARTTLS is offered, answered with these bytes, and works."""
    return lambda stage: (serving(stage.context, ready),)


def serving(context: ssl.SSLContext, ready: bytes = READY) -> Script:
    table: Replies = {"EHLO": EHLO_STARTTLS, "STARTTLS": starttls(context, ready)}
    return dialogue(table, secure={"EHLO": EHLO_PLAIN}, banner=BANNER)


def certified(issue: Callable[[Authority], Leaf]) -> Callable[[Stage], Scripts]:
    """A sound server with this certificate."""
    return lambda stage: (serving(issue(stage.authority).context()),)


def refused(starttls_reply: bytes, bye: bytes = b"221 2.0.0 Bye\r\n") -> Callable[[Stage], Scripts]:
    table: Replies = {"EHLO": EHLO_STARTTLS, "STARTTLS": starttls_reply, "QUIT": (Send(bye), Close())}
    return lambda _stage: (dialogue(table, banner=BANNER),)


def strict(*verbs: str) -> Callable[[Stage], Scripts]:
    """530 to these verbs until TLS is up (RFC 3207 section 4)."""
    return lambda stage: (stage.server(replies=dict.fromkeys(verbs, MUST_STARTTLS)),)


def refuses_names(stage: Stage) -> Scripts:
    """A fatal unrecognized_name when the client names a host, and a handshake when it does not."""
    context = stage.authority.issue(HOST).context()
    context.sni_callback = lambda _tls, name, _context: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if name else None
    return (serving(context),)


def hidden(stage: Stage) -> Scripts:
    return (stage.server(EHLO_PLAIN),)


def flapping(stage: Stage) -> Scripts:
    return stage.server(), stage.server(EHLO_PLAIN)


def abrupt(stage: Stage) -> Scripts:
    """After QUIT the TCP connection ends without close_notify."""
    bye = (Send(b"221 2.0.0 Bye\r\n"), Close(notify=False))
    return (stage.server(secure={"EHLO": EHLO_PLAIN, "QUIT": bye}),)


def old_tls(stage: Stage) -> Scripts:
    return (serving(stage.authority.issue(HOST).context(newest=ssl.TLSVersion.TLSv1)),)


def by_connection(stage: Stage) -> Scripts:
    """Two certificates in turn, as two addresses of one name may have."""
    return tuple(serving(stage.authority.issue(HOST, other).context()) for other in ("a.example", "b.example"))


def by_name(stage: Stage) -> Scripts:
    """One certificate for clients that name the host and another for those that do not."""
    named, unnamed = stage.authority.issue(HOST).context(), stage.authority.issue("default.example").context()

    def choose(tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        tls.context = named if name == HOST else unnamed

    unnamed.sni_callback = choose
    return (serving(unnamed),)


TLS = (
    Quirk("T01", "STARTTLS works", "ok", upgraded(READY)),
    Quirk("T02", "STARTTLS works (Exchange's words)", "ok", upgraded(b"220 2.0.0 SMTP server ready\r\n")),
    Quirk(
        "T03",
        "454: TLS not available",
        "starttls_broken_temp",
        refused(b"454 4.7.0 TLS not available due to local problem\r\n"),
    ),
    Quirk("T04a", "500 to an offered STARTTLS", "starttls_intercepted", refused(b"500 5.5.1 Command unrecognized\r\n")),
    Quirk(
        "T04b",
        "500 in a virus scanner's words",
        "starttls_intercepted",
        refused(b"500 Unsupported command.\r\n", NORTON_BYE),
    ),
    Quirk(
        "T04c",
        "502 to an offered STARTTLS",
        "starttls_intercepted",
        refused(b"502 5.5.1 Error: command not implemented\r\n"),
    ),
    Quirk("T05", "220, then closed", "tls_closed", upgrade(Close())),
    Quirk("T06", "220, then reset when the handshake begins", "tls_reset", to_hello(Reset())),
    Quirk("T07", "220, then silence", "tls_timeout", upgrade(Hang())),
    Quirk(
        "T08",
        "220, then plain text to the ClientHello",
        "tls_not_spoken",
        to_hello(Raw(b"500 5.5.1 unrecognized\r\n"), Hang(1)),
    ),
    Quirk("T09", "alert handshake_failure", "tls_no_common_cipher", to_hello(Raw(HANDSHAKE_FAILURE), Close())),
    Quirk("T10", "alert protocol_version", "tls_version", to_hello(Raw(PROTOCOL_VERSION), Close())),
    Quirk("T11a", "alert unrecognized_name when a host is named", "sni_rejected", refuses_names),
    Quirk("T11b", "alert unrecognized_name in any case", "sni_rejected", to_hello(Raw(UNRECOGNIZED_NAME), Close())),
    Quirk("T12", "plain text behind the 220 in the same segment", "response_injection", upgraded(INJECTED)),
    Quirk("T13", "a 220 of two lines", "ok", upgraded(b"220-ready\r\n220 go\r\n")),
    Quirk(
        "T14a",
        "530 to MAIL before TLS; a probe that never sends MAIL sees nothing of it",
        "tls_required",
        strict("MAIL"),
        ("needs_mail",),
    ),
    Quirk("T14b", "530 to EHLO itself; STARTTLS works", "tls_required", strict("EHLO", "HELO")),
    Quirk("T15", "STARTTLS works but is not offered", "hidden_starttls", hidden, ("deep",)),
    Quirk("T16", "STARTTLS is offered on every other connection", "starttls_flapping", flapping, ("deep",)),
    Quirk("T17a", "certificate expired", "cert_expired", certified(lambda ca: ca.issue(HOST, days=(-102, -12)))),
    Quirk(
        "T17b", "certificate not yet valid", "cert_not_yet_valid", certified(lambda ca: ca.issue(HOST, days=(5, 90)))
    ),
    Quirk(
        "T17c", "certificate self-signed", "cert_self_signed", certified(lambda ca: ca.issue(HOST, self_signed=True))
    ),
    Quirk(
        "T17d",
        "certificate for another name",
        "cert_name_mismatch",
        certified(lambda ca: ca.issue("other.example.net")),
    ),
    Quirk("T17e", "wildcard certificate", "ok", certified(lambda ca: ca.issue("*.example.com"))),
    Quirk("T17f", "certificate without subjectAltName", "cert_no_san", certified(lambda ca: ca.issue(HOST, san=False))),
    Quirk("T17g", "RSA key of 1024 bits", "cert_weak_key", certified(lambda ca: ca.issue(HOST, key="RSA 1024"))),
    Quirk(
        "T17h", "certificate signed with SHA-1", "cert_weak_signature", certified(lambda ca: ca.issue(HOST, sha1=True))
    ),
    Quirk(
        "T17i",
        "intermediate certificate not sent",
        "cert_chain_incomplete",
        certified(lambda ca: ca.issue(HOST, intermediate="missing", issuer_url=ISSUER_URL)),
    ),
    Quirk(
        "T17j",
        "certificate that names the address, for a target that is one",
        "ok",
        certified(lambda ca: ca.issue(ADDRESS)),
        target=ADDRESS,
    ),
    Quirk("T18", "no close_notify after QUIT", "ok", abrupt),
    Quirk("T19", "TLS 1.0 alone", "legacy_tls", old_tls, ("deep",)),
    Quirk("T20a", "another certificate on each address", "cert_differs", by_connection),
    Quirk("T20b", "another certificate without SNI", "cert_differs", by_name, ("deep",)),
)
