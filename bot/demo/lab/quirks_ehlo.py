"""Quirks E01 to E21: how servers answer EHLO, after a plain greeting."""

from collections.abc import Callable

from bot.demo.lab.quirk import BANNER, EHLO_STARTTLS, Quirk, Scripts, Stage
from bot.demo.lab.scripts import dialogue, reply
from bot.demo.lab.steps import Close, IfHeard, Read, Send

FULL = b"".join(
    (
        b"250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n",
        b"250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n",
    )
)
LAST = b"250-perfora.net Hello x\r\n250-SIZE 69920427\r\n250-AUTH LOGIN PLAIN\r\n250 STARTTLS\r\n"
OLD_AUTH = b"250-mail.example.com\r\n250-AUTH=LOGIN PLAIN\r\n250-AUTH LOGIN PLAIN CRAM-MD5\r\n250 STARTTLS\r\n"
UNTIDY = b"250-mail.example.com\r\n250-starttls\r\n250-AUTH  PLAIN   LOGIN \r\n250-Size\t1000\r\n250 8bitmime\r\n"
MASKED = b"250-mail.example.com\r\n250-SIZE 20480000\r\n250-XXXXXXXA\r\n250-XXXB\r\n250 8BITMIME\r\n"
SPAMD = b"250 Hello, spam sender. Pleased to be wasting your time.\r\n"
NEED_FQDN = b"504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname\r\n"
MANY = (
    "PIPELINING",
    "SIZE 1000",
    "REQUIRETLS",
    "LIMITS RCPTMAX=10",
    "CHUNKING",
    "BURL imap",
    "XCLIENT NAME ADDR",
    "XFORWARD NAME ADDR",
    "X-ANONYMOUSTLS",
    "ETRN",
    "VRFY",
    "STARTTLS",
)
NTLM = ("AUTH GSSAPI NTLM LOGIN", "X-EXPS GSSAPI NTLM", "STARTTLS")


def answers(ehlo: bytes, *, after_tls: bytes | None = None) -> Callable[[Stage], Scripts]:
    """This reply to EHLO, and a sound server otherwise."""
    secure = None if after_tls is None else {"EHLO": after_tls}
    return lambda stage: (stage.server(ehlo, secure=secure),)


def bare(ehlo: bytes) -> Callable[[Stage], Scripts]:
    """This reply to EHLO, and STARTTLS unknown."""
    return lambda _stage: (dialogue({"EHLO": ehlo}, banner=BANNER),)


def rejects(hello: bytes) -> Callable[[Stage], Scripts]:
    """This reply to EHLO and HELO alike: it is the client's name that does not please."""
    return lambda _stage: (dialogue({"EHLO": hello, "HELO": hello}, banner=BANNER),)


def legacy(ehlo: bytes) -> Callable[[Stage], Scripts]:
    return lambda _stage: (dialogue({"EHLO": ehlo, "HELO": b"250 mail\r\n"}, banner=BANNER),)


def synchronised(stage: Stage) -> Scripts:
    """Exim: who speaks before the greeting is sent away."""
    away = (Send(b"554 SMTP synchronization error\r\n"), Close())
    return ((IfHeard(2 * stage.pace, away), Send(BANNER), *stage.rest()),)


def expelled(_stage: Stage) -> Scripts:
    too_many = (Send(b"421 4.7.0 Too many errors\r\n"), Close())
    return (dialogue({"EHLO": too_many}, banner=BANNER),)


def dripping(stage: Stage) -> Scripts:
    lines = tuple(step for n in range(20) for step in (Send(b"250-X%d\r\n" % n), stage.wait(10)))
    return ((Send(BANNER), Read(), Send(b"250-mail\r\n"), *lines, Send(b"250 8BITMIME\r\n"), *stage.rest()),)


def spamd(stage: Stage) -> Scripts:
    return ((stage.wait(10), Send(BANNER), Read(), stage.drip(SPAMD, 1), *stage.rest()),)


def merged(_stage: Stage) -> Scripts:
    return (dialogue({"EHLO": b"250 mail\r\n"}, banner=BANNER + b"250 mail\r\n"),)


def huge(keyword: str) -> bytes:
    return reply(250, "mail.example.com", *(f"{keyword}{n}" for n in range(1, 2000)), "STARTTLS")


EHLO = (
    Quirk("E01", "eight lines", "parsed", answers(FULL)),
    Quirk("E02", "STARTTLS in the last line", "starttls_offered", answers(LAST), ("auth_before_tls",)),
    Quirk("E03", "one line", "no_extensions", bare(b"250 mail.example.com\r\n")),
    Quirk("E04", "AUTH= beside AUTH", "mechanisms_merged", answers(OLD_AUTH), ("auth_before_tls",)),
    Quirk("E05", "lower case, double spaces, tabs", "normalised", answers(UNTIDY), ("auth_before_tls",)),
    Quirk(
        "E06a", "502 to EHLO, HELO works", "legacy_helo_only", legacy(b"502 5.5.1 Error: command not implemented\r\n")
    ),
    Quirk(
        "E06b",
        "500 to an EHLO that was overwritten",
        "legacy_helo_only",
        legacy(b'500 5.5.1 Command unrecognized: "XXXX x"\r\n'),
    ),
    Quirk(
        "E07a",
        "501: the name must be an FQDN",
        "ehlo_name_rejected",
        rejects(b"501 5.5.2 <localhost>: Helo command rejected: invalid/need FQDN\r\n"),
    ),
    Quirk("E07b", "504: the name must be an FQDN", "ehlo_name_rejected", rejects(NEED_FQDN)),
    Quirk(
        "E07c", "550: no address literals", "ehlo_name_rejected", rejects(b"550 5.7.1 HELO: IP literal rejected\r\n")
    ),
    Quirk(
        "E08",
        "501: Exim on an underscore",
        "ehlo_name_rejected",
        rejects(b"501 Syntactically invalid EHLO argument(s)\r\n"),
    ),
    Quirk("E09", "554 to whoever speaks before the greeting", "ok", synchronised),
    Quirk("E10", "421 to EHLO", "rate_limited", expelled),
    Quirk("E11", "a line every ten seconds", "tarpit", dripping),
    Quirk("E12", "OpenBSD's spamd: ten seconds, then a byte a second", "tarpit_spamd", spamd),
    Quirk("E13", "the reply to EHLO in the segment of the greeting", "protocol_violation", merged),
    Quirk("E14", "STARTTLS overwritten as XXXXXXXA", "starttls_masked", bare(MASKED)),
    Quirk(
        "E15a", "STARTTLS overwritten as XXXXXXXX", "starttls_masked", bare(b"250-mail.example.com\r\n250 XXXXXXXX\r\n")
    ),
    Quirk(
        "E15b", "STARTTLS overwritten as ********", "starttls_masked", bare(b"250-mail.example.com\r\n250 ********\r\n")
    ),
    Quirk(
        "E15c", "STARTTLS overwritten as STARTXXX", "starttls_masked", bare(b"250-mail.example.com\r\n250 STARTXXX\r\n")
    ),
    Quirk("E16a", "2,000 lines, 20 KiB", "capped", answers(huge("X"))),
    Quirk("E16b", "2,000 lines, 50 KiB", "response_too_large", answers(huge("X-LONGER-KEYWORD-"))),
    Quirk(
        "E17",
        "AUTH before TLS",
        "auth_before_tls",
        answers(b"250-mail.example.com\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"),
    ),
    Quirk(
        "E18",
        "AUTH only after TLS",
        "ok",
        answers(EHLO_STARTTLS, after_tls=b"250-mail.example.com\r\n250 AUTH PLAIN LOGIN\r\n"),
    ),
    Quirk(
        "E19",
        "STARTTLS still offered after TLS",
        "starttls_after_tls",
        answers(EHLO_STARTTLS, after_tls=b"250-mail.example.com\r\n250 STARTTLS\r\n"),
    ),
    Quirk(
        "E20",
        "rare extensions, XCLIENT and XFORWARD among them",
        "listed",
        answers(reply(250, "mail.example.com", *MANY)),
        ("proxy_commands_offered",),
    ),
    Quirk(
        "E21",
        "NTLM and GSSAPI (Exchange)",
        "listed",
        answers(reply(250, "mail.example.com", *NTLM)),
        ("exchange_hint", "auth_before_tls"),
    ),
)
