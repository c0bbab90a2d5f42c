"""A record read as SMTP: lines, extensions, login mechanisms, what TLS came to. Facts, no judgement.

Replies are read from the recorded bytes where they crossed in the clear: aiosmtplib takes `2_2 x` for code 22 and drops
what it did not expect.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile

from commands.smtpcheck.wire.extensions import NOTHING, drips, read_extensions
from commands.smtpcheck.wire.failures import PROTOCOLS, READY, TLS_ALERTS, handshake_failure, starttls_failure
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, HELO, STARTTLS, Chunk, Record, Step

FINAL_LINE = re.compile(rb"[0-9]{3}(?:[^0-9-]|$)")
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
        return any(len(set(_codes_of_reply(turn))) > 1 for turn in self.turns)

    @cached_property
    def talks_early(self) -> bool:
        """More than one reply in one turn: the server answered what it had not been asked."""
        asked = self.turns if self.record.step(STARTTLS) is None else self.turns[:-1]
        return any(sum(map(bool, map(FINAL_LINE.match, turn.split(b"\n")[:-1]))) > 1 for turn in asked)

    def pieces(self, step: Step) -> list[Chunk]:
        """What the server sent during a step, as it came; of a command's step, what came behind the command."""
        during = [chunk for chunk in self.record.chunks if step.started_ms <= chunk.at_ms <= step.ended_ms]
        if step.name != GREETING:
            during = list(dropwhile(lambda chunk: chunk.sender == "server", during))
        return [chunk for chunk in during if chunk.sender == "server"]

    def is_dripped(self, step: Step) -> bool:
        pieces = self.pieces(step)
        return drips([piece.at_ms for piece in pieces], sum(len(piece.data) for piece in pieces))

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
    lines = turn.split(b"\n")[:-1]
    last = next((number for number, line in enumerate(lines) if FINAL_LINE.match(line)), len(lines))
    return [line[:3] for line in lines[: last + 1] if line[:3].isdigit()]


def _until_client_hello(chunks: tuple[Chunk, ...]) -> Iterator[Chunk]:
    for chunk in chunks:
        if chunk.sender == "client" and chunk.data[:1] == bytes([HANDSHAKE_RECORD]):
            return
        yield chunk


REPLY_LINE = re.compile(rb"[0-9]{3}(?:[ -]|\r?\n|$)")
MASKED = re.compile(r"(?=.{7,9}$)[A-Z*]*(?:X{3}|\*{3})[A-Z*]*", re.IGNORECASE)
"""What an inspecting firewall leaves of the eight letters STARTTLS (Cisco: XXXXXXXA, XXXXXXXX, ********)."""

CISCO_BANNER = re.compile(rb"220[ -](?=[^\r\n]*\*{8})[*0-9 ]*(?:\r?\n|$)")
"""Asterisks for all that is not `2`, `0` or a space (PIX 5.1 and later), or for everything."""

EXCHANGE = frozenset({"X-EXPS", "X-ANONYMOUSTLS"})

ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


class Reading(ClearText):
    """One record, read once."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.greeting = record.step(GREETING)
        self.ehlo = record.step(EHLO)
        self.starttls = record.step(STARTTLS)
        self.before = read_extensions(self.ehlo) if record.mode == "starttls" else NOTHING
        after = self.ehlo if record.mode == "implicit" else record.step(EHLO_AFTER_TLS)
        self.after = read_extensions(after)

    @cached_property
    def inside_tls(self) -> bool:
        """An implicit handshake that the client finished: the dialogue went on inside it, whatever came then.

        A client sends its second flight only when it has accepted the server's; an alert afterwards undoes that.
        """
        if self.record.handshake is not None:
            return self.record.mode == "implicit"
        flights = sum(chunk.sender == "client" for chunk in self.record.chunks)
        failed = self.greeting is None or self.greeting.error == "tls"
        return self.record.mode == "implicit" and flights > 1 and not failed

    @cached_property
    def has_tls(self) -> bool:
        """Whether a handshake was finished, though its results may have been lost when the server hung up."""
        return self.record.handshake is not None or self.inside_tls

    @cached_property
    def first_bytes(self) -> bytes:
        """What the server said first: before TLS or, on a TLS port, instead of it or inside it."""
        if self.inside_tls:
            return _malformed(self.greeting)
        chunks = self.record.chunks if self.record.mode == "implicit" else self.clear
        return b"".join(chunk.data for chunk in chunks if chunk.sender == "server")[:4096]

    @cached_property
    def looks_like_smtp(self) -> bool:
        return bool(REPLY_LINE.match(self.first_bytes))

    @cached_property
    def hello_looks_like_smtp(self) -> bool:
        """Whether what came behind EHLO in the clear began as a reply does, however it went on."""
        return self.record.mode == "starttls" and len(self.turns) > 1 and bool(REPLY_LINE.match(self.turns[1]))

    @cached_property
    def protocol(self) -> str:
        """The name of another protocol that the first bytes belong to, or "" ."""
        named = next((name for prefix, name in PROTOCOLS if self.first_bytes.startswith(prefix)), "")
        return named or ("FTP" if self._is_ftp else "")

    @cached_property
    def _is_ftp(self) -> bool:
        """FTP greets with 220, too (RFC 959), and knows neither EHLO nor HELO; 530 is its "not logged in"."""
        if self.greeting is None or self.ehlo is None or (self.ehlo.code or 0) < 500 or self.helo_works:
            return False
        enhanced = ENHANCED.match(self.ehlo.text) or "STARTTLS" in self.ehlo.text.upper()
        return "FTP" in self.greeting.text.upper() or (self.ehlo.code == 530 and not enhanced)

    @cached_property
    def helo_works(self) -> bool:
        helo = self.record.step(HELO)
        return helo is not None and helo.code == 250

    @cached_property
    def is_exchange(self) -> bool:
        """Microsoft's own extensions, or its pair of logins."""
        return any(
            EXCHANGE & offered.keywords.keys() or {"NTLM", "GSSAPI"} <= set(offered.auth)
            for offered in (self.before, self.after)
        )

    @cached_property
    def starttls_offered(self) -> bool:
        return "STARTTLS" in self.before.keywords

    @cached_property
    def starttls_masked(self) -> bool:
        return not self.starttls_offered and any(MASKED.fullmatch(keyword) for keyword in self.before.keywords)

    @cached_property
    def broken_tls(self) -> Step | None:
        """EHLO inside TLS, when TLS broke there: what is wrong with a client's side of TLS 1.3 shows only then."""
        step = self.record.step(EHLO_AFTER_TLS)
        return step if step is not None and step.error == "tls" else None

    @cached_property
    def _failed_late(self) -> bool:
        """A handshake_failure behind the client's second flight: ciphers were agreed, a certificate of ours was not."""
        hello = [chunk.sender for chunk in self.record.chunks[len(self.clear) :]]
        step = self.starttls or self.greeting
        failed = step is not None and step.detail == "SSLV3_ALERT_HANDSHAKE_FAILURE"
        return failed and hello.count("client") > 1

    @cached_property
    def was_ready(self) -> bool:
        """Whether the server agreed to STARTTLS: what failed then was the handshake."""
        agreed = self.starttls is not None and self.starttls.code in {None, READY}
        return agreed and self.turns[-1].startswith(b"220")

    @cached_property
    def tls_state(self) -> str:
        """ok, not_offered, masked, or how it failed; "" when the dialogue did not come far enough to know.

        Nor is it known where replies came unasked: the one that was taken for EHLO's may be another's.
        """
        if self.broken_tls is not None:
            return TLS_ALERTS.get(self.broken_tls.detail, "failed")
        if self.has_tls:
            return "ok"
        if self._failed_late:
            return "wants_certificate"
        if self.record.mode == "implicit":
            return handshake_failure(self.greeting, self.how_it_ended)
        if self.talks_early and not self.was_ready:
            return ""
        if self.plain_code is not None and 400 <= self.plain_code < 500:
            return "broken_temp"
        if self.starttls is not None:
            return starttls_failure(self.starttls, self.how_it_ended)
        if self.ehlo is None or not (self.ehlo.code == 250 or self.helo_works):
            return ""
        return "masked" if self.starttls_masked else "not_offered"


def _malformed(greeting: Step | None) -> bytes:
    """The line inside TLS that is no reply."""
    return b"" if greeting is None else malformed_line(greeting).encode("utf-8", "replace")


def malformed_line(step: Step) -> str:
    """The line that aiosmtplib could not read as a reply; it stands in its error text."""
    return step.detail.partition(": ")[2] if step.error == "malformed" else ""
