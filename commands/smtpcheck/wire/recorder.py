"""What is heard on a connection: every byte with its time; how long the next is waited for; whether we listened at all.

aiosmtplib speaks over one end of a socket pair; the recorder pumps the bytes between the other end and the real
socket and notes each chunk with its time. So only public API is used and nothing is lost: half a greeting, bytes sent
before their turn, plain text behind the STARTTLS reply, a raw TLS alert.

A reply that comes in piece by piece is waited for longer. A time-out that fires because we slept says nothing about the
server: its answer may lie in the socket, unread. So a beat is due every second, and whoever doubts a time-out asks how
late the last one was. The clock must go on while a process is suspended (CLOCK_MONOTONIC does; a machine that sleeps
stops it, and then no time-out fires either).

Rule 1: what a server may make us hold is bounded (`SESSION_LIMIT`).
Rule 2: what a socket does never raises here; it is told as the end that it is, `fin` or `reset`.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiosmtplib.protocol

from commands.smtpcheck.wire.connection import Limits
from commands.smtpcheck.wire.record import DRIPS, HANDSHAKE_RECORD, Chunk, Ended, Sender, Step

CHUNK = 64 * 1024
FIN: Ended = "fin"
RESET: Ended = "reset"


class End:
    """A socket, what it could not send yet, and whom it tells what it reads, or how that ended."""

    def __init__(self, sock: socket.socket, tell: Callable[[bytes, Ended], None]) -> None:
        self._sock = sock
        self._tell = tell
        self._unsent = bytearray()
        self._finishing = False
        self._end: Ended = FIN
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._readable)

    def send(self, data: bytes) -> None:
        """Pass bytes on now, or as soon as the socket takes them."""
        if self._sock.fileno() == -1:
            return
        if not self._unsent:
            data = data[self._send(data) :]
        if data:
            if not self._unsent:
                self._loop.add_writer(self._sock, self._writable)
            self._unsent += data

    @property
    def has_unread(self) -> bool:
        """Whether something lies in the socket; its end is nothing."""
        try:
            return self._sock.fileno() != -1 and bool(self._sock.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def finish(self) -> None:
        """Close once everything has been sent."""
        self._finishing = True
        if not self._unsent:
            self.close()

    def close(self) -> None:
        if self._sock.fileno() != -1:
            self._loop.remove_reader(self._sock)
            self._loop.remove_writer(self._sock)
            self._sock.close()

    def _readable(self) -> None:
        try:
            data = self._sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, self._end = b"", RESET
        self._tell(data, self._end)

    def _writable(self) -> None:
        del self._unsent[: self._send(bytes(self._unsent))]
        if not self._unsent and self._sock.fileno() != -1:
            self._loop.remove_writer(self._sock)
            if self._finishing:
                self.close()

    def _send(self, data: bytes) -> int:
        try:
            return self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._end = RESET  # the system tells this once: the reader would see a plain end
            return len(data)


SESSION_LIMIT = 512 * 1024
"""Bytes that one server may send in one session; EHLO replies and certificate chains need a tenth of it."""


class Recorder:
    """Stands between aiosmtplib and the server.

    `now` gives milliseconds since the probe began; `heard` is told every chunk that the server sends.
    Two sockets and the loop's readers rather than two transports: a third of the cost, and an end is seen as it came.
    Once closed it holds no end, and no end holds it: a session that is over needs no garbage collection.
    """

    def __init__(self, now: Callable[[], float], heard: Callable[[Chunk], None] = lambda _chunk: None) -> None:
        self.chunks: list[Chunk] = []
        self.ended: Ended = ""
        self.flooded = False
        self._now = now
        self._heard = heard
        self._news = asyncio.Event()
        self._octets = 0
        self._server: End | None = None
        self._client: End | None = None

    async def splice(self, real: socket.socket) -> socket.socket:
        """Stand between a connected socket and the client; returns the socket that the SMTP client gets instead.

        What the server has sent by now, its end too, is heard before the client says anything.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self._server, self._client = End(real, self._from_server), End(ours, self._from_client)
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            theirs.close()  # nobody has taken it over
            raise
        return theirs

    def send(self, data: bytes) -> None:
        """Send something past the SMTP client."""
        if self._server is not None:
            self._note("client", data)
            self._server.send(data)

    async def say(self, data: bytes, is_enough: Callable[[], bool] = lambda: True) -> None:
        """The same, and wait until the server's answer is enough or it ends the connection."""
        if self._server is not None and not self.ended:
            self._news.clear()
            self.send(data)
            await self._news.wait()
            while not (self.ended or self.flooded or is_enough()):
                self._news.clear()
                await self._news.wait()

    @property
    def is_behind(self) -> bool:
        """Whether the server has said something that was not read yet."""
        return self._server is not None and self._server.has_unread

    @property
    def said_hello(self) -> bool:
        """Whether the client has begun a handshake."""
        return any(it.sender == "client" and it.data[0] == HANDSHAKE_RECORD for it in self.chunks)

    def close(self) -> None:
        for end in (self._server, self._client):
            if end is not None:
                end.close()
        self._server = self._client = None

    def _from_client(self, data: bytes, _ended: Ended) -> None:
        """Bytes are noted first, then passed on.

        When the client hangs up the server's side stays open until `close`: aiosmtplib does so on a refused greeting,
        and QUIT is still to be said.
        """
        if data:
            self.send(data)
        elif self._client is not None:
            self._client.close()

    def _from_server(self, data: bytes, ended: Ended) -> None:
        """What the server sent last, or how it ended the connection."""
        self._news.set()
        if self._server is None or self._client is None:
            return
        if not data:
            self._server.close()
            self.ended = ended
            self._client.finish()
            return
        chunk = self._note("server", data)
        self._client.send(data)
        self._heard(chunk)
        self._octets += len(data)
        if self._octets > SESSION_LIMIT:
            self.flooded = True
            self.close()

    def _note(self, sender: Sender, data: bytes) -> Chunk:
        chunk = Chunk(self._now(), sender, data)
        self.chunks.append(chunk)
        return chunk


REFUSAL = re.compile(rb"([45][0-9]{2})[ -]")
MOST_UNASKED = 4096


class Unasked:
    """What a server says inside TLS before it is asked: aiosmtplib drops what comes while no command is pending.

    A server that is full says 421 there and hangs up; without these words only the end would be seen. `is_secret` tells
    whether the ClientHello was sent: what comes behind it has been decrypted.
    """

    def __init__(self, protocol: aiosmtplib.protocol.SMTPProtocol, is_secret: Callable[[], bool]) -> None:
        """Listens from `with` on until it ends."""
        self._heard = b""
        self._is_secret = is_secret
        self._protocol = protocol
        self._read_on = protocol.data_received

    def __enter__(self) -> Self:
        vars(self._protocol)["data_received"] = self._received
        return self

    def __exit__(self, *_exception: object) -> None:
        del vars(self._protocol)["data_received"]

    @property
    def refusal(self) -> tuple[int, str] | None:
        """Code and text of the first reply, if that is a refusal."""
        lines = self._heard.split(b"\n")[:-1]
        code = REFUSAL.match(lines[0]) if lines else None
        if code is None:
            return None
        reply = (line[4:].rstrip() for line in lines if line.startswith(code[1]))
        return int(code[1]), b"\n".join(reply).decode("utf-8", "surrogateescape")

    def instead_of(self, step: Step) -> Step:
        """A refusal that came before EHLO inside TLS is the answer where there is no other."""
        if self.refusal is None or step.code is not None:
            return step
        code, text = self.refusal
        return step._replace(code=code, text=text, error="", detail="")

    def _received(self, data: bytes) -> None:
        if len(self._heard) < MOST_UNASKED and self._is_secret():
            self._heard += data[:MOST_UNASKED]
        self._read_on(data)


GRACE = 1.0
"""Seconds that a whole reply has to be read: it may have come while the process did nothing, just before its time."""


class ReplyTimer:
    """`now` gives milliseconds. One step at a time."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._timer: asyncio.Timeout | None = None
        self._since = 0.0
        self._last_piece: float | None = None
        self._pauses = 0

    async def within(self, seconds: float, act: Callable[[], Awaitable[Any]]) -> Any:
        """What `act` brings; TimeoutError when it takes longer and no piece of a reply excuses that."""
        self._since, self._last_piece, self._pauses = self._now(), None, 0
        try:
            async with asyncio.timeout(seconds) as self._timer:
                return await act()
        finally:
            self._timer = None

    @property
    def is_spent(self) -> bool:
        """Whether whatever piece comes next is not waited for: pauses tell a tarpit, or a reply has had its time."""
        return self._pauses >= DRIPS or self._has_gone_on_for_long

    @property
    def _has_gone_on_for_long(self) -> bool:
        """Whether pieces came until `Limits.reply` was over, give or take a pause."""
        gone_on = 0.0 if self._last_piece is None else self._now() - self._since
        return gone_on >= (self._limits.reply - self._limits.gap) * 1000

    def heard(self, piece: Chunk) -> None:
        """A piece of a reply came: wait for the next one, unless the pauses tell a tarpit already."""
        now, limits = piece.at_ms, self._limits
        self._pauses += self._last_piece is not None and now - self._last_piece >= limits.gap * 1000
        self._last_piece = now
        if piece.ends_reply:
            self._wait(GRACE)
        elif not self.is_spent:
            self._wait(min(limits.piece, limits.reply - (now - self._since) / 1000))

    def _wait(self, seconds: float) -> None:
        """From now on so many seconds at least."""
        due = self._timer.when() if self._timer is not None else None
        if self._timer is None or due is None or self._timer.expired():
            return
        later = asyncio.get_running_loop().time() + seconds
        if later > due:
            self._timer.reschedule(later)


class Stopwatch:
    """Milliseconds since a session began, by `clock` (seconds), without what it waited for others of ours."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()

    def now(self) -> float:
        return (self._clock() - self._began) * 1000

    def restart(self) -> None:
        self._began = self._clock()

    def leave_out(self, seconds: float) -> None:
        self._began += seconds


BEAT = 1.0
LATE = 3.0
"""Seconds: a beat that comes so late, or is overdue for so long, says that we were held up."""


class StallDetector:
    """Beats from `with` on, by `clock` (seconds)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._due = 0.0
        self._late_by = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._next()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    @property
    def faltered(self) -> bool:
        """Whether we were held up until a moment ago; a beat in time since then clears it."""
        return max(self._late_by, self._clock() - self._due) >= LATE

    def _beat(self) -> None:
        self._late_by = self._clock() - self._due
        self._next()

    def _next(self) -> None:
        self._due = self._clock() + BEAT
        self._timer = asyncio.get_running_loop().call_later(BEAT, self._beat)
