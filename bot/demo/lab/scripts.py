"""Makers of scripts: a dialogue from a table, and a mail server without faults."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.demo.lab.script import Script, Step, play
from bot.demo.lab.steps import Close, Send, StartTls
from bot.demo.lab.wire import Wire

Replies: TypeAlias = Mapping[str, bytes | Step | Script]

QUIT: Script = (Send(b"221 2.0.0 Bye\r\n"), Close())
READY = b"220 2.0.0 Ready to start TLS\r\n"
EXTENSIONS = ("PIPELINING", "SIZE 10240000", "ENHANCEDSTATUSCODES", "8BITMIME")
NEVER_USED = b"550 5.7.1 lab: this command is never accepted\r\n"
UNKNOWN = b"500 5.5.1 Command unrecognized\r\n"
COURTESIES: Replies = {
    "HELO": b"250 lab\r\n",
    "NOOP": b"250 2.0.0 Ok\r\n",
    "RSET": b"250 2.0.0 Ok\r\n",
    "QUIT": QUIT,
    "MAIL": NEVER_USED,
    "RCPT": NEVER_USED,
    "DATA": NEVER_USED,
    "AUTH": NEVER_USED,
    "VRFY": NEVER_USED,
    "*": UNKNOWN,
}


@dataclass(frozen=True)
class Dialogue:
    """Answers commands by verb until the connection closes; "*" answers every other verb.

    `secure` is the table once TLS is up (the same one when it is None).
    """

    plain: Replies
    secure: Replies | None = None

    async def play(self, wire: Wire) -> None:
        while not wire.closing:
            verb = (await wire.line()).split(b" ")[0].strip().upper().decode("ascii", "replace")
            table = self.plain if self.secure is None or not wire.secure else self.secure
            await play(_as_script(table.get(verb, table.get("*", UNKNOWN))), wire)


def reply(code: int, *lines: str) -> bytes:
    """A reply of one or more lines (RFC 5321 section 4.2.1)."""
    marks = ["-"] * (len(lines) - 1) + [" "]
    return "".join(f"{code}{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)).encode()


def dialogue(replies: Replies, *, secure: Replies | None = None, banner: bytes = b"") -> Script:
    """Banner, then answers by verb: {"EHLO": b"250 ...", "STARTTLS": (Send(...), StartTls(...)), "QUIT": ...}.

    `secure` is the table once TLS is up. HELO, NOOP, RSET and QUIT are answered politely and everything else is
    refused, unless the table says otherwise.
    """
    table = Dialogue({**COURTESIES, **replies}, None if secure is None else {**COURTESIES, **secure})
    return (Send(banner), table) if banner else (table,)


def starttls(context: ssl.SSLContext, ready: bytes = READY) -> Script:
    """The reply to STARTTLS and the handshake behind it."""
    return (Send(ready), StartTls(context))


def well_behaved(
    host: str = "mail.lab.example",
    *,
    context: ssl.SSLContext | None = None,
    implicit: bool = False,
    banner: bytes | None = None,
    extensions: Sequence[str] = EXTENSIONS,
    auth: Sequence[str] = (),
    auth_before_tls: Sequence[str] = (),
) -> Script:
    """A server without faults: STARTTLS when it has a context, or implicit TLS; AUTH only once TLS is up."""
    upgrade = ["STARTTLS"] if context and not implicit else []
    before = reply(250, host, *extensions, *_auth_line(auth_before_tls), *upgrade)
    after = reply(250, host, *extensions, *_auth_line(auth))
    replies: Replies = {"EHLO": before, "HELO": reply(250, host)}
    if context and not implicit:
        replies = {**replies, "STARTTLS": starttls(context)}
    opening: tuple[Step, ...] = (StartTls(context),) if context and implicit else ()
    greeting = reply(220, f"{host} ESMTP lab") if banner is None else banner
    return opening + dialogue(replies, secure={"EHLO": after, "HELO": reply(250, host)}, banner=greeting)


def _auth_line(mechanisms: Sequence[str]) -> list[str]:
    return [" ".join(("AUTH", *mechanisms))] if mechanisms else []


def _as_script(reply: bytes | Step | Script) -> Script:
    if isinstance(reply, bytes):
        return (Send(reply),)
    return reply if isinstance(reply, tuple) else (reply,)
