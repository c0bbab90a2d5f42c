"""A record read as SMTP: lines, extensions, login mechanisms, what TLS came to. Facts, no judgement.

Replies are read from the bytes of the tap where they crossed in the clear: aiosmtplib takes `2_2 x` for code 22 and
drops what it did not expect.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile

from commands.smtpcheck.extensions import NOTHING, drips, read_extensions
from commands.smtpcheck.protocols import PROTOCOLS, STEP_ERRORS, TLS_ALERTS
from commands.smtpcheck.record import EHLO, EHLO_AFTER_TLS, GREETING, HELO, STARTTLS, Chunk, Record, Step

REPLY_LINE = re.compile(rb"[0-9]{3}(?:[ -]|$)")
FINAL_LINE = re.compile(rb"[0-9]{3}(?:[^0-9-]|$)")
MASKED = re.compile(r"(?=.{7,9}$)[A-Z*]*(?:X{3}|\*{3})[A-Z*]*", re.IGNORECASE)
"""What an inspecting firewall leaves of the eight letters STARTTLS (Cisco: XXXXXXXA, XXXXXXXX, ********)."""

CISCO_BANNER = re.compile(rb"220[ -](?=[^\r\n]*\*{8})[*0-9 ]*(?:\r?\n|$)")
"""Asterisks for all that is not `2`, `0` or a space (PIX 5.1 and later), or for everything."""

EXCHANGE = frozenset({"X-EXPS", "X-ANONYMOUSTLS"})

ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
HANDSHAKE_RECORD, ALERT_RECORD = 0x16, 0x15


class Reading:
    """One record, read once."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.greeting = record.step(GREETING)
        self.ehlo = record.step(EHLO)
        self.starttls = record.step(STARTTLS)
        self.before = read_extensions(self.ehlo) if record.mode == "starttls" else NOTHING
        after = self.ehlo if record.mode == "implicit" else record.step(EHLO_AFTER_TLS)
        self.after = read_extensions(after)

    @cached_property
    def clear(self) -> tuple[Chunk, ...]:
        """The chunks that crossed before the client's first TLS record: plain SMTP, or whatever the server speaks."""
        return tuple(_until_client_hello(self.record.chunks))

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
    def first_bytes(self) -> bytes:
        """What the server said first: before TLS or, on a TLS port, instead of it or inside it."""
        if self.inside_tls:
            return _malformed(self.greeting)
        chunks = self.record.chunks if self.record.mode == "implicit" else self.clear
        return b"".join(chunk.data for chunk in chunks if chunk.sender == "server")[:4096]

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
    def greeting_codes(self) -> set[bytes]:
        """The codes of the greeting's lines; RFC 5321 section 4.2.1 wants one."""
        lines = self.turns[0].split(b"\n")[:-1]
        last = next((number for number, line in enumerate(lines) if FINAL_LINE.match(line)), len(lines))
        return {line[:3] for line in lines[: last + 1]}

    @cached_property
    def talks_early(self) -> bool:
        """More than one reply in one turn: the server answered what it had not been asked."""
        asked = self.turns[:-1] if self.starttls is not None else self.turns
        return any(sum(map(bool, map(FINAL_LINE.match, turn.split(b"\n")[:-1]))) > 1 for turn in asked)

    def pieces(self, step: Step) -> list[Chunk]:
        """What the server sent during a step, as it came; of a command's step, what came behind the command."""
        during = [chunk for chunk in self.record.chunks if step.started_ms <= chunk.at_ms <= step.ended_ms]
        if step.name != GREETING:
            during = list(dropwhile(lambda chunk: chunk.sender == "server", during))
        return [chunk for chunk in during if chunk.sender == "server"]

    def is_dripped(self, step: Step) -> bool:
        return drips([piece.at_ms for piece in self.pieces(step)])

    @cached_property
    def answered_ms(self) -> float | None:
        """When the server's first byte came, in milliseconds since the connection stood."""
        first = next((chunk.at_ms for chunk in self.record.chunks if chunk.sender == "server"), None)
        return None if first is None else first - self.record.connect_ms

    @cached_property
    def looks_like_smtp(self) -> bool:
        return bool(REPLY_LINE.match(self.first_bytes))

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
    def behind_reply(self) -> bytes:
        """Plain bytes that stood behind the reply to STARTTLS: nothing may stand there (RFC 3207 section 4)."""
        if self.starttls is None or not self.turns[-1].startswith(b"220"):
            return b""
        lines = self.turns[-1].split(b"\n")
        last = next((number for number, line in enumerate(lines) if line[3:4] != b"-"), len(lines))
        return b"\n".join(lines[last + 1 :])

    @cached_property
    def tls_state(self) -> str:
        """ok, not_offered, masked, or how it failed; "" when the dialogue did not come far enough to know."""
        if self.record.handshake is not None or self.inside_tls:
            return "ok"
        if self.record.mode == "implicit":
            return self._handshake_failure(self.greeting)
        if self.starttls is not None:
            return self._starttls_failure(self.starttls)
        if self.ehlo is None or not (self.ehlo.code == 250 or self.helo_works):
            return ""
        return "masked" if self.starttls_masked else "not_offered"

    def _starttls_failure(self, step: Step) -> str:
        if step.code is None or step.code == 220:
            return self._handshake_failure(step)
        return "" if step.code == 421 else "broken_temp" if 400 <= step.code < 500 else "intercepted"

    def _handshake_failure(self, step: Step | None) -> str:
        if step is None or not step.error:
            return "" if step is None else self.how_it_ended or "failed"
        if step.error == "tls":
            return TLS_ALERTS.get(step.detail, "failed")
        return self.how_it_ended or STEP_ERRORS.get(step.error, "failed")

    @cached_property
    def how_it_ended(self) -> str:
        """How the server ended the connection: closed, reset or "" .

        Seen at the socket: asyncio calls it a reset, too, when a server closes in the middle of a handshake.
        """
        return {"fin": "closed", "reset": "reset"}.get(self.record.ended, "")


def _malformed(greeting: Step | None) -> bytes:
    """The line inside TLS that aiosmtplib could not read as a reply; it stands in its error text."""
    if greeting is None or greeting.error != "malformed":
        return b""
    return greeting.detail.partition(": ")[2].encode("utf-8", "replace")


def _until_client_hello(chunks: tuple[Chunk, ...]) -> Iterator[Chunk]:
    for chunk in chunks:
        if chunk.sender == "client" and chunk.data[:1] == bytes([HANDSHAKE_RECORD]):
            return
        yield chunk
