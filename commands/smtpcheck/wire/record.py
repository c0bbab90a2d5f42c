"""What happened on one connection, as seen and not judged: the session writes it, the verdict reads it.

A record holds every byte that crossed the wire with its time, so a bug report is a record and its fix starts as a
test with that record. All times are milliseconds since the probe of this endpoint began. Below the record stands what
its bytes say by themselves: what an EHLO reply offers, whether a reply was dripped, what crossed in the clear.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import dropwhile, pairwise
from typing import Literal, NamedTuple

Sender = Literal["server", "client"]
Mode = Literal["starttls", "implicit"]
Connect = Literal[
    "connected",
    "refused",
    "no_answer",
    "unreachable",
    "no_route",
    "not_permitted",
    "forbidden",
    "not_finished",
    "not_begun",
    "held_up",
    "not_heard",
]
"""`no_route`: this machine has no way to such an address, and sent nothing. The last four are ours and say nothing of
the server: the check ran out of time, other checks of ours were before it for too long, this process was held up, or
the machine that checked in our place was lost before it told."""

OURS: frozenset[Connect] = frozenset({"not_finished", "not_begun", "held_up", "not_heard"})

Ended = Literal["", "fin", "reset"]

Purpose = Literal[
    "", "family", "hidden", "versions", "again", "no_name", "suites", "ssl3", "stapling", "other_key",
    "proxy_v1", "proxy_v2", "small_segments", "beside", "alone", "common_keys", "http", "in_tls",
]  # fmt: skip
"""What a further connection is for. Of a deep check: the other address family, STARTTLS without its announcement, older
TLS, the same once more, a handshake without the name, and `OWN_HELLO`: older cipher suites, SSL 3.0, a stapled OCSP
reply, an RSA certificate beside another. Experiments (`experiments`): a PROXY header before anything else, TCP segments
that every network takes, a hello of `common_keys`, a request in HTTP, TLS on a silent port, once more `alone` where a
port turned us away, maybe `beside` others of ours (which then is the one that told less). Empty: of every check."""

OWN_HELLO: frozenset[Purpose] = frozenset({"suites", "ssl3", "stapling", "other_key", "common_keys"})
"""Purposes of connections on which a hello of ours stands instead of a handshake (`tls/hello.py`)."""

PROXY_HEADERS: Mapping[Purpose, bytes] = {
    "proxy_v1": b"PROXY UNKNOWN\r\n",
    "proxy_v2": b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0",
}
"""What a proxy says first where it speaks for nobody but itself: UNKNOWN and LOCAL, which carry no address.

Source: The PROXY protocol, versions 1 and 2 (haproxy.org), sections 2.1 and 2.2.
"""

GREETING, EHLO, HELO, LHLO = "greeting", "ehlo", "helo", "lhlo"
STARTTLS, EHLO_AFTER_TLS = "starttls", "ehlo_after_tls"
READY, BUSY = 220, 421
"""Codes of replies: to STARTTLS that the server is ready, to anything that it is too busy (RFC 3207, RFC 5321)."""

STEP_NAMES = (GREETING, EHLO, HELO, LHLO, STARTTLS, EHLO_AFTER_TLS)
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
    """A finished TLS handshake: protocol version, cipher suite, and the chain as the server sent it (DER).

    `alpn` is the protocol that the server chose by name (RFC 7301); "" where none was offered or chosen.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...]
    alpn: str = ""


@dataclass(frozen=True, slots=True)
class Icmp:
    """The ICMP message that ended a connect: type and code as in RFC 792 or, over IPv6, RFC 4443.

    `own`: this machine sent it to itself, and the address is nobody's business; else `sender` did, "" where unknown.
    `beside`: the sender is not the host, and stands in a network of this machine's own, as its routers do.
    """

    type: int
    code: int
    sender: str
    own: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One connection to one (address, port), from the first SYN to the last reply.

    `ended` is how the server ended the connection before we did: "" (it did not), fin or reset. `sni` is False when
    the name was left out of the ClientHello because the server had refused it. `newest` is the highest TLS version that
    was offered, as `ssl` names it; empty when it was the highest there is. `source` is the address that we came from,
    as this machine knows it.
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
    icmp: Icmp | None = None
    source: str = ""

    @property
    def last(self) -> Step | None:
        """The step that the dialogue came to, or None if no connection stood."""
        return self.steps[-1] if self.steps else None

    def step(self, name: str) -> Step | None:
        """The step of that name, or None if the dialogue did not come to it."""
        for step in self.steps:
            if step.name == name:
                return step
        return None


@dataclass(frozen=True, slots=True)
class Further:
    """What a deep check saw beyond the endpoints: its further connections, in order.

    `offerable` are the TLS versions that our own OpenSSL can offer, oldest first: of the others nothing is known.
    """

    offerable: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()


EXTENSION_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Extensions:
    """What an EHLO reply offers: keyword with its parameters, upper case; login mechanisms apart."""

    keywords: Mapping[str, str]
    auth: tuple[str, ...]

    def lines(self) -> list[str]:
        return [f"{keyword} {parameters}".strip() for keyword, parameters in self.keywords.items()]


NOTHING = Extensions({}, ())


def read_extensions(step: Step | None) -> Extensions:
    """Parse an EHLO reply (RFC 5321 section 4.1.1.1), with the old `AUTH=LOGIN` form; odd case and blanks included."""
    if step is None or step.code is None or step.code >= 300:
        return NOTHING
    return _offered(step.text)


@lru_cache(maxsize=32)  # the ports of a host say the same, and each is asked for several times
def _offered(text: str) -> Extensions:
    keywords: dict[str, str] = {}
    auth: dict[str, None] = {}
    for line in text.split("\n")[1 : EXTENSION_LIMIT + 1]:
        keyword, _, parameters = (
            line.strip().replace("=", " ", 1).partition(" ") if _is_old_auth(line) else _split(line)
        )
        if not keyword:
            continue
        if keyword.upper() == "AUTH":
            auth.update(dict.fromkeys(parameters.upper().split()))
            parameters = " ".join(auth)
        keywords[keyword.upper()] = " ".join(parameters.split())
    return Extensions(keywords, tuple(auth))


def _is_old_auth(line: str) -> bool:
    return line.strip().upper().startswith("AUTH=")


def _split(line: str) -> tuple[str, str, str]:
    words = line.split(None, 1)
    return (words[0] if words else ""), " ", (words[1] if len(words) > 1 else "")


DRIP_MS, DRIPS = 1000.0, 3
CRAWL_PAUSES, CRAWL_PAUSE_MS, CRAWL_MS, CRAWL_RATE = 10, 50.0, 10_000.0, 20.0
"""A tarpit pauses often, too, when it pauses for less than a second: so many times, and so few octets a second."""


WAYS = 2
"""Round trips that the next piece of a reply may take of a server that waits for nothing but its acknowledgement."""


def drips(times_ms: Sequence[float], octets: int, way_ms: float = 0.0) -> bool:
    """Whether these pieces of one reply came as a tarpit sends them.

    At least three pauses of a second or more; or ten shorter ones and less than 20 octets a second over ten seconds.
    Over a way that takes long itself (`way_ms`: there and back) only what is longer is a pause.
    """
    late_ms = WAYS * way_ms
    if len(times_ms) <= DRIPS:
        return False
    pauses = [later - sooner for sooner, later in pairwise(times_ms)]
    if sum(pause >= max(DRIP_MS, late_ms) for pause in pauses) >= DRIPS:
        return True
    often = sum(pause >= max(CRAWL_PAUSE_MS, late_ms) for pause in pauses) >= CRAWL_PAUSES
    return often and sum(pauses) > CRAWL_MS and octets < CRAWL_RATE * sum(pauses) / 1000


FINAL_LINE = re.compile(rb"[0-9]{3}(?:[^0-9-]|$)")
FINAL_LINES = re.compile(rb"^([0-9]{3}(?![0-9-])[^\n]*)\n", re.MULTILINE)
CODES = re.compile(rb"^([0-9]{3})[^\n]*\n", re.MULTILINE)
HANDSHAKE_RECORD = 0x16


class ClearText:
    """The bytes of one record."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @cached_property
    def clear(self) -> tuple[Chunk, ...]:
        """The chunks that crossed before the client's first TLS record: plain SMTP, or whatever the server speaks."""
        return tuple(_until_client_hello(self.record.chunks))

    @cached_property
    def turns(self) -> tuple[bytes, ...]:
        """What the server said in the clear before our first command, after it, after the second, and so on."""
        turns = [b""]
        for chunk in self.clear:
            if chunk.sender == "client":
                turns.append(b"")
            else:
                turns[-1] += chunk.data
        return tuple(turns)

    @cached_property
    def mixes_codes(self) -> bool:
        """Whether the lines of one reply carry different codes; RFC 5321 section 4.2.1 wants one."""
        greeting, *replies = map(_codes_of_reply, self.turns)
        return any(len(set(codes)) > 1 for codes in ([] if _is_teaser(greeting) else greeting, *replies))

    @cached_property
    def talks_early(self) -> bool:
        """More than one reply in one turn: the server answered what it had not been asked.

        Or HELO is answered as EHLO would be, with lines for extensions (RFC 5321 section 4.1.1.1): one question late.
        """
        return bool(self.unasked)

    @cached_property
    def unasked(self) -> bytes:
        """The first line that was sent before its question, or that answers the question before; b"" for none."""
        asked = self.turns if self.record.step(STARTTLS) is None else self.turns[:-1]
        for number, turn in enumerate(asked):
            replies: list[bytes] = FINAL_LINES.findall(turn)
            if len(replies) > 1:
                return replies[1 if number == 0 else 0].rstrip(b"\r")
        helo, ehlo = self.record.step(HELO), self.record.step(EHLO)
        late = helo is not None and helo.code == 250 and "\n" in helo.text
        return f"{ehlo.code} {ehlo.text}".encode("utf-8", "replace") if late and ehlo is not None else b""

    def pieces(self, step: Step) -> list[Chunk]:
        """What the server sent during a step, as it came; of a command's step, what came behind the command."""
        during = [chunk for chunk in self.record.chunks if step.started_ms <= chunk.at_ms <= step.ended_ms]
        if step.name != GREETING:
            during = list(dropwhile(lambda chunk: chunk.sender == "server", during))
        return [chunk for chunk in during if chunk.sender == "server"]

    def is_dripped(self, step: Step) -> bool:
        if step.elapsed_ms < DRIPS * DRIP_MS:  # so long do its pauses take at least
            return False
        pieces = self.pieces(step)
        return drips(
            [piece.at_ms for piece in pieces], sum(len(piece.data) for piece in pieces), self.record.connect_ms
        )

    @cached_property
    def answered_ms(self) -> float | None:
        """When the server's first byte came, in milliseconds since the connection stood."""
        first = next((chunk.at_ms for chunk in self.record.chunks if chunk.sender == "server"), None)
        return None if first is None else first - self.record.connect_ms

    @cached_property
    def behind_reply(self) -> bytes:
        """Plain bytes that stood behind the reply to STARTTLS: nothing may stand there (RFC 3207 section 4)."""
        if self.record.step(STARTTLS) is None or not self.turns[-1].startswith(b"220"):
            return b""
        lines = self.turns[-1].split(b"\n")
        last = next((number for number, line in enumerate(lines) if line[3:4] != b"-"), len(lines))
        return b"\n".join(lines[last + 1 :])

    @cached_property
    def plain_after_go(self) -> bytes:
        """A reply in plain text where the server had agreed to TLS: behind that, or as answer to the ClientHello."""
        if self.record.step(STARTTLS) is None or self.record.handshake is not None:
            return b""
        later = (chunk.data for chunk in self.record.chunks[len(self.clear) :] if chunk.sender == "server")
        said = self.behind_reply or b"".join(later)[:512]
        return said if FINAL_LINE.match(said) else b""

    @cached_property
    def plain_code(self) -> int | None:
        """The code of `plain_after_go`."""
        return int(self.plain_after_go[:3]) if self.plain_after_go else None

    @cached_property
    def how_it_ended(self) -> str:
        """How the server ended the connection: closed, reset or "" .

        Seen at the socket: asyncio calls it a reset, too, when a server closes in the middle of a handshake.
        """
        return {"fin": "closed", "reset": "reset"}.get(self.record.ended, "")


def _codes_of_reply(turn: bytes) -> list[bytes]:
    """The codes of the lines of the first reply in a turn."""
    last = FINAL_LINES.search(turn)
    return CODES.findall(turn, 0, last.end() if last else len(turn))


def _is_teaser(codes: list[bytes]) -> bool:
    """Whether a greeting waits with 220 and ends in a refusal: postscreen does, to see who talks early."""
    return len(codes) > 1 and set(codes[:-1]) == {b"220"} and codes[-1][:1] in {b"4", b"5"}


def _until_client_hello(chunks: tuple[Chunk, ...]) -> Iterator[Chunk]:
    for chunk in chunks:
        if chunk.sender == "client" and chunk.data[:1] == bytes([HANDSHAKE_RECORD]):
            return
        yield chunk
