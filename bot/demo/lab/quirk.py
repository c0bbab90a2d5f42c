"""What a quirk is: a misbehaviour of mail servers as named data, and the stage it is played on."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.lab.certificates import Authority
from bot.demo.lab.script import Script
from bot.demo.lab.scripts import Replies, dialogue, starttls, well_behaved
from bot.demo.lab.steps import Close, Drip, Send, Wait

HOST = "mail.example.com"
BANNER = b"220 mail.example.com ESMTP Postfix\r\n"
EHLO_STARTTLS = b"250-mail.example.com\r\n250-SIZE 10240000\r\n250 STARTTLS\r\n"
EHLO_PLAIN = b"250-mail.example.com\r\n250 SIZE 10240000\r\n"


@dataclass(frozen=True)
class Stage:
    """Where quirks are played: the CA behind their certificates, and how fast their clock goes.

    Every pause of a quirk is its real length times `pace`: with 0.01 six seconds take 0.06.
    """

    authority: Authority = field(default_factory=Authority)
    pace: float = 1.0

    def wait(self, seconds: float) -> Wait:
        return Wait(seconds * self.pace)

    def drip(self, data: bytes, seconds: float, piece: int = 1) -> Drip:
        return Drip(data, seconds * self.pace, piece)

    @property
    def context(self) -> ssl.SSLContext:
        """A sound certificate for mail.example.com."""
        return self.authority.context(HOST)

    def rest(self) -> Script:
        """What a sound server does after its greeting: EHLO, STARTTLS, EHLO, QUIT."""
        return well_behaved(HOST, context=self.context, banner=b"")

    def server(
        self,
        ehlo: bytes = EHLO_STARTTLS,
        *,
        banner: bytes = BANNER,
        secure: Replies | None = None,
        replies: Replies | None = None,
    ) -> Script:
        """Banner, this EHLO reply and a working STARTTLS; `replies` are further verbs, `secure` the table after TLS."""
        table: Replies = {"EHLO": ehlo, "STARTTLS": starttls(self.context), **(replies or {})}
        return dialogue(table, secure=secure or {"EHLO": EHLO_PLAIN}, banner=banner)


Scripts = tuple[Script, ...]


@dataclass(frozen=True)
class Quirk:
    """One misbehaviour.

    `scripts(stage)` gives what a Peer plays: one script, or several that successive connections take in turn.
    `expect` is the endpoint state or finding that a truthful probe names, `notes` are further ones beside it.
    `port` is the lab port it belongs on: on 465 the client speaks TLS first, elsewhere it waits for a greeting.
    `target` is the name or address that the client asks for and that certificates are judged by.
    """

    id: str
    summary: str
    expect: str
    scripts: Callable[[Stage], Scripts]
    notes: tuple[str, ...] = ()
    port: int = 25
    target: str = HOST


def says(data: bytes) -> Callable[[Stage], Scripts]:
    """Sends these bytes as greeting and closes."""
    return lambda _stage: ((Send(data), Close()),)


def greets(data: bytes) -> Callable[[Stage], Scripts]:
    """Greets with these bytes and is sound from there on."""
    return lambda stage: ((Send(data), *stage.rest()),)
