"""Quirks G01 to G34: what servers do before the client has said anything."""

from bot.demo.lab.quirk import BANNER, Quirk, Scripts, Stage, greets, says
from bot.demo.lab.script import Script
from bot.demo.lab.scripts import dialogue
from bot.demo.lab.steps import Close, Flood, Hang, ReadBytes, Reset, Send

HTTP_400 = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
TEASER = b"220-mail.example.com ESMTP\r\n"
CISCO_NEW = b"220 ****************************0****2******0*****\r\n"
CISCO_OLD = b"220 **************************************************************\r\n"
HOSTILE = b"220 x <!channel> <@U123> *b* \x60code\x60 <https://evil.example|login> \x1b[31m\x00\r\n"
POLICY_554 = b"554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.example\r\n"
TOO_MANY = b"421 4.7.0 mail.example.com Error: too many connections from 192.0.2.10\r\n"
TOO_MANY_LINES = b"421-4.7.0 mail.example.com Error: too many connections from [192.0.2.10]\r\n421 closing\r\n"
GREYLISTED = b"451 4.7.1 Greylisting in action, please come back later\r\n"
RELAY_BANNER = b"220 relay.hotspot.example ESMTP\r\n"


def just(*script: Script) -> Scripts:
    return script


def intercepts(stage: Stage) -> Scripts:
    """A hotspot's relay: its own name, and no TLS."""
    return just(stage.server(b"250-relay.hotspot.example\r\n250 SIZE 10240000\r\n", banner=RELAY_BANNER))


def teased(stage: Stage) -> Scripts:
    return just((Send(TEASER), stage.wait(6), Send(BANNER), *stage.rest()))


def late(stage: Stage) -> Scripts:
    return just((stage.wait(20), Send(b"220 mx.icann.example ESMTP Sendmail\r\n"), *stage.rest()))


def split(stage: Stage) -> Scripts:
    pieces = (b"22", b"0 ma", b"il.example.com ESMTP\r", b"\n")
    opening = tuple(step for piece in pieces for step in (Send(piece), stage.wait(0.2)))
    return just(opening + stage.rest())


def dripping(stage: Stage) -> Scripts:
    return just((stage.drip(BANNER, 1), *stage.rest()))


def unfinished(_stage: Stage) -> Scripts:
    return just((Send(b"220 mail.example.com ESMTP\r"), Hang()))


def http(_stage: Stage) -> Scripts:
    return just((ReadBytes(1), Send(HTTP_400), Close()))


def ftp(_stage: Stage) -> Scripts:
    login = b"530 Please login with USER and PASS.\r\n"
    return just(dialogue({"*": login, "EHLO": login, "HELO": login}, banner=b"220 (vsFTPd 3.0.3)\r\n"))


def inspected(banner: bytes) -> Script:
    """A firewall's SMTP inspection: EHLO is overwritten on its way, so the server does not know it."""
    return dialogue({"EHLO": b'500 5.5.1 Command unrecognized: "XXXX x"\r\n'}, banner=banner)


def turned_away(stage: Stage) -> Scripts:
    return just((Send(b"220-mail.example.com\r\n"), stage.wait(6), Send(b"550 5.7.1 go away\r\n"), Close()))


GREETINGS = (
    Quirk("G01", "a plain greeting", "ok", greets(BANNER)),
    Quirk(
        "G02",
        "a greeting of three lines",
        "ok",
        greets(b"220-mail.example.com ESMTP\r\n220-No UCE\r\n220 ready\r\n"),
    ),
    Quirk(
        "G03", "a first line, six seconds of silence, then the greeting (postscreen)", "ok", teased, ("slow_greeting",)
    ),
    Quirk("G04", "a greeting after 20 seconds", "ok_slow", late, ("slow_greeting",)),
    Quirk("G05", "a greeting split in the middle of code, word and line end", "ok", split),
    Quirk("G06", "one byte a second", "tarpit", dripping),
    Quirk("G07", "silence", "no_greeting", lambda _stage: just((Hang(),))),
    Quirk("G08", "accepts and closes", "closed_before_greeting", lambda _stage: just((Close(),))),
    Quirk("G09", "accepts and resets", "reset_before_greeting", lambda _stage: just((Reset(),))),
    Quirk("G10", "a code without text", "ok", greets(b"220\r\n")),
    Quirk("G11", "a line that ends in LF alone", "ok", greets(b"220 mail.example.com ESMTP\n"), ("bare_line_feed",)),
    Quirk("G12", "a line that ends in CR alone, then nothing", "incomplete_greeting", unfinished),
    Quirk("G13", "words without a code", "not_smtp", says(b"Welcome to mail\r\n")),
    Quirk("G14", "an SSH server", "not_smtp", says(b"SSH-2.0-OpenSSH_9.2\r\n"), ("ssh",)),
    Quirk("G15", "an HTTP server: silent until spoken to", "not_smtp", http, ("http",)),
    Quirk("G16", "an FTP server", "not_smtp", ftp, ("ftp",)),
    Quirk("G17a", "a POP3 server", "not_smtp", says(b"+OK Dovecot ready.\r\n"), ("pop3",)),
    Quirk("G17b", "an IMAP server", "not_smtp", says(b"* OK IMAP4rev1\r\n"), ("imap",)),
    Quirk("G18", "554: a block list", "refused_by_policy", says(POLICY_554)),
    Quirk("G19", "421: too many connections", "rate_limited", says(TOO_MANY)),
    Quirk("G20a", "421 in two lines", "rate_limited", says(TOO_MANY_LINES)),
    Quirk("G20b", "421 (IronPort)", "rate_limited", says(b"421 #4.4.5 Too many connections from your host.\r\n")),
    Quirk("G20c", "421 (SocketLabs)", "rate_limited", says(b"421 4.4.5 - Too many connections from your host\r\n")),
    Quirk("G20d", "421 (Oracle)", "rate_limited", says(b"421 Too many connections, try again later\r\n")),
    Quirk("G21", "451: greylisted before the greeting", "temp_refused", says(GREYLISTED)),
    Quirk("G22", "521 (RFC 7504)", "no_mail_service", says(b"521 mail.example.com does not accept mail\r\n")),
    Quirk("G23", "a banner of asterisks with 2 and 0 kept", "middlebox_cisco", lambda _s: just(inspected(CISCO_NEW))),
    Quirk("G24", "a banner of asterisks alone", "middlebox_cisco", lambda _s: just(inspected(CISCO_OLD))),
    Quirk("G25", "bytes that are not UTF-8", "ok", greets(b"220 m\xffil.example.com \xa9 ESMTP\r\n")),
    Quirk("G26", "Slack markup, terminal codes and NUL in the banner", "ok", greets(HOSTILE)),
    Quirk(
        "G27",
        "greeting lines without end",
        "response_too_large",
        lambda _stage: just((Flood(b"220-" + b"A" * 500 + b"\r\n"),)),
    ),
    Quirk("G28", "a mebibyte without a line end", "response_too_large", says(b"A" * 2**20)),
    Quirk("G29", "a line of 2,000 bytes", "ok", greets(b"220 " + b"x" * 2000 + b"\r\n"), ("long_line",)),
    Quirk("G30", "a refusal behind 220-, as postscreen has it", "rate_limited", says(b"220-a\r\n421 b\r\n")),
    Quirk("G31a", "a code with an underscore", "not_smtp", says(b"2_2 x\r\n")),
    Quirk("G31b", "a code behind a space", "not_smtp", says(b" 220 x\r\n")),
    Quirk("G31c", "a code with a sign", "not_smtp", says(b"+22 x\r\n")),
    Quirk("G31d", "a code in full-width digits", "not_smtp", says(b"\xef\xbc\x92\xef\xbc\x92\xef\xbc\x90 x\r\n")),
    Quirk("G32", "a first line, six seconds of silence, then 550", "refused_by_policy", turned_away),
    Quirk("G33", "a relay on the way answers with its own banner, whoever was meant", "hijack_suspect", intercepts),
    Quirk("G34", "a banner without a host name", "ok", greets(b"220 ESMTP ready\r\n"), ("greeting_without_name",)),
)
