"""What crossed a connection in the clear, as bytes: who sent what in which turn, in which pieces, and how it ended.

Behind the client's first TLS record nothing is in the clear; what a server sends in plain text there is no SMTP.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile

from commands.smtpcheck.wire.extensions import drips
from commands.smtpcheck.wire.record import GREETING, STARTTLS, Chunk, Record, Step

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
