"""What happened on one connection, as seen and not judged: the dialogue writes it, the verdict reads it.

A record holds every byte that crossed the wire with its time, so a bug report is a record and its fix starts as a
test with that record. All times are milliseconds since the probe of this endpoint began.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Sender = Literal["server", "client"]
Mode = Literal["starttls", "implicit"]
Connect = Literal[
    "connected", "refused", "no_answer", "unreachable", "not_permitted", "forbidden", "not_finished", "held_up"
]
"""The last two are ours and say nothing of the server: the check ran out of time, or this process was held up."""

Ended = Literal["", "fin", "reset"]

Purpose = Literal["", "family", "hidden", "versions", "again", "no_name"]
"""What a further connection of a deep check is for: the other address family, STARTTLS without its announcement, older
TLS, the same once more, a handshake without the name. Empty: a connection of every check."""

GREETING, EHLO, HELO, STARTTLS, EHLO_AFTER_TLS = "greeting", "ehlo", "helo", "starttls", "ehlo_after_tls"
STEP_NAMES = (GREETING, EHLO, HELO, STARTTLS, EHLO_AFTER_TLS)
STEP_ENDS = (
    "", "timeout", "closed", "reset", "malformed", "too_long", "tls", "os", "local", "not_finished", "held_up",
)  # fmt: skip
"""How a step may end without a reply: see `Step.error`."""


class Chunk(NamedTuple):
    """Bytes as they arrived or left, in one piece. Behind a ClientHello they are TLS records."""

    at_ms: float
    sender: Sender
    data: bytes

    @property
    def ends_reply(self) -> bool:
        """Whether a reply most likely ends here: its last line has no hyphen behind the code, or TLS records follow."""
        if 20 <= self.data[0] <= 23:
            return True
        return self.data.endswith(b"\n") and self.data[self.data.rfind(b"\n", 0, -1) + 4 :][:1] != b"-"


class Step(NamedTuple):
    """One thing that was tried: the greeting, a command, the TLS upgrade.

    `code` and `text` are the reply (RFC 5321 section 4.2), its lines joined by a line feed; None and "" without one.
    `error` is "" or how it ended instead: timeout, closed, malformed, too_long, tls, os, or what was ours
    (not_finished, held_up: see `Connect`); `detail` says more.
    """

    name: str
    started_ms: float
    ended_ms: float
    code: int | None = None
    text: str = ""
    error: str = ""
    detail: str = ""

    @property
    def elapsed_ms(self) -> float:
        return self.ended_ms - self.started_ms


@dataclass(frozen=True, slots=True)
class Handshake:
    """A finished TLS handshake: protocol version, cipher suite, and the chain as the server sent it (DER)."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One connection to one (address, port), from the first SYN to the last reply.

    `ended` is how the server ended the connection before we did: "" (it did not), fin or reset. `sni` is False when
    the name was left out of the ClientHello because the server had refused it. `newest` is the highest TLS version that
    was offered, as `ssl` names it; empty when it was the highest there is.
    """

    host: str
    address: str
    port: int
    mode: Mode
    connect: Connect
    connect_ms: float
    steps: tuple[Step, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    handshake: Handshake | None = None
    ended: Ended = ""
    elapsed_ms: float = 0.0
    ehlo_name: str = ""
    sni: bool = True
    purpose: Purpose = ""
    newest: str = ""

    @property
    def last(self) -> Step | None:
        """The step that the dialogue came to, or None if no connection stood."""
        return self.steps[-1] if self.steps else None

    def step(self, name: str) -> Step | None:
        """The step of that name, or None if the dialogue did not come to it."""
        return next((step for step in self.steps if step.name == name), None)


@dataclass(frozen=True, slots=True)
class Further:
    """What a deep check saw beyond the endpoints: its further connections, in order.

    `offerable` are the TLS versions that our own OpenSSL can offer, oldest first: of the others nothing is known.
    """

    offerable: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
