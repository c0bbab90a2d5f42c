"""One SMTP session with one endpoint: connect, greeting, EHLO, TLS, EHLO again, QUIT. Records, and judges nothing.

Never MAIL, RCPT, DATA, AUTH, VRFY or EXPN. Always in turn: no byte before the greeting is complete.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

import aiosmtplib

from commands.smtpcheck.tls.certificate_findings import peer_chain_der
from commands.smtpcheck.tls.hello import CLOSE_NOTIFY, read_answer
from commands.smtpcheck.wire.connection import (
    SMALL_SEGMENT,
    Endpoint,
    Limits,
    Route,
    Told,
    direct,
    open_socket,
    outcome,
)
from commands.smtpcheck.wire.http_request import asked_in_http
from commands.smtpcheck.wire.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    HELO,
    LHLO,
    PROXY_HEADERS,
    READY,
    STARTTLS,
    Connect,
    Handshake,
    Record,
    Step,
    read_extensions,
)
from commands.smtpcheck.wire.recorder import Recorder, ReplyTimer, StallDetector, Stopwatch, Unasked
from commands.smtpcheck.wire.session_facts import is_unknown
from commands.smtpcheck.wire.tcp_info import time_to_connect


class Places(Protocol):
    """What bounds how many sessions of the process speak at once."""

    async def acquire(self) -> object:
        """Wait for a place. TimeoutError: for too long."""

    def release(self) -> None: ...


STALE_SECONDS = 5.0
"""How long a connection may stand without a word of ours: servers hang up on who says nothing, some after 10 s."""


class Session:
    """One session. `run` returns the record as soon as the last answer is in; `farewell` then says QUIT."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context: ssl.SSLContext,
        ehlo_name: str,
        limits: Limits,
        route: Route = direct,
        places: Places | None = None,
        clock: Callable[[], float] = time.perf_counter,
        source: str = "",
    ) -> None:
        """`source` is the address to connect from; empty for the system's choice.

        `places` bounds how many sessions of the process speak at once; who only waits for a connect needs none.

        `clock` is in seconds; not the loop's by default, since uvloop's has milliseconds only.
        """
        self._endpoint = endpoint
        self._ehlo_name = ehlo_name
        self._limits = limits
        self._route = route
        self._places = places
        self._placed = False
        self._clock = clock
        self._stalls = StallDetector(clock)
        self._watch = Stopwatch(clock)
        self._connect: Connect = "not_finished"
        self._connect_ms = 0.0
        self._source = source
        self._told = Told()
        self._dialogue = Dialogue(
            endpoint, context=context, ehlo_name=ehlo_name, limits=limits, stalls=self._stalls, now=self._watch.now
        )

    async def run(self, within: float | None = None) -> Record:
        """Speak until there is no more to learn or a limit is reached. Network outcomes never raise.

        `within` is what is left of the whole check, in seconds. Waiting for a place does not count. What that time cut
        short is `not_finished`: we did not wait long enough to say.
        """
        self._watch.restart()
        left = self._limits.check if within is None else within
        with self._stalls:
            try:
                await self._connect_and_converse(left)
            except TimeoutError:
                self._dialogue.break_off()
        return self._record()

    def not_begun(self) -> Record:
        """The record of a session that others of ours left no room for."""
        self._connect = "not_begun"
        return self._record()

    def _record(self) -> Record:
        return Record(
            host=self._endpoint.host,
            address=self._endpoint.address,
            port=self._endpoint.port,
            mode=self._endpoint.mode,
            connect=self._connect,
            connect_ms=self._connect_ms,
            steps=tuple(self._dialogue.steps),
            chunks=tuple(self._dialogue.recorder.chunks),
            handshake=self._dialogue.handshake,
            ended=self._dialogue.recorder.ended,
            elapsed_ms=self._watch.now(),
            ehlo_name=self._ehlo_name,
            sni=self._endpoint.sni,
            purpose=self._endpoint.purpose,
            newest=self._endpoint.newest,
            icmp=self._told.icmp,
            source=self._told.source,
        )

    async def farewell(self) -> None:
        """QUIT and close, within `Limits.quit`. Whatever the server makes of it changes nothing.

        Also to a server that refused us in its greeting, which waits for QUIT (RFC 5321 section 3.1), and to one that
        never answered EHLO. Not before a greeting is complete, nor when a handshake failed.
        """
        try:
            async with asyncio.timeout(self._limits.quit):
                await self._dialogue.say_quit()
        except (aiosmtplib.SMTPException, OSError, ValueError):
            pass
        finally:
            self.close()

    def close(self) -> None:
        self._dialogue.close()
        if self._places is not None and self._placed:
            self._placed = False
            self._places.release()

    async def _connect_and_converse(self, left: float) -> None:
        if left <= 0:
            return
        sock = await self._connected(left)
        if sock is not None:
            sock = await self._with_place(sock, left)
        if sock is not None:
            async with asyncio.timeout(left - self._connect_ms / 1000):
                await self._dialogue.hold(await self._spliced(sock))

    async def _connected(self, left: float) -> socket.socket | None:
        address, port = self._route(self._endpoint.address, self._endpoint.port)
        segment = SMALL_SEGMENT if self._endpoint.purpose == "small_segments" else 0
        self._told = Told()
        self._connect, sock = await open_socket(
            address, port, min(self._limits.connect, left), self._told, segment, self._source
        )
        self._connect_ms = self._watch.now()
        if self._connect == "no_answer":
            self._connect = "held_up" if self._stalls.faltered else self._silence(left)
        if sock is not None:
            self._connect_ms = time_to_connect(sock, self._connect_ms)
        return sock

    async def _spliced(self, sock: socket.socket) -> socket.socket:
        """The recorder needs two sockets more: without them nothing was asked, and nothing is said of the server."""
        try:
            return await self._dialogue.recorder.splice(sock)
        except OSError:
            sock.close()
            raise

    def _silence(self, left: float) -> Connect:
        return "no_answer" if left >= self._limits.connect else "not_finished"

    async def _with_place(self, sock: socket.socket, left: float) -> socket.socket | None:
        """The connection when we may speak, a new one where the server may have lost patience with it; None: never.

        The clock of the record stands still meanwhile: the server is not to blame.
        """
        if self._places is None:
            return sock
        connected = self._clock()
        try:
            await self._places.acquire()
        except TimeoutError:
            sock.close()
            self._connect = "not_begun"
            return None
        except BaseException:
            sock.close()
            raise
        self._placed = True
        waited = self._clock() - connected
        self._watch.leave_out(waited)
        if waited <= STALE_SECONDS:
            return sock
        sock.close()
        self._watch.restart()
        return await self._connected(left)


ANSWER_LIMIT = 32 * 1024
"""Octets of an answer to a hello that are read; a chain of certificates needs a third of it."""

WITHOUT_ANSWER = frozenset({"timeout", "closed", "reset", "not_finished"})
"""Errors of steps that a server's silence or its patience with us brings about."""


class Dialogue:
    """One conversation. `steps` are what was tried so far, `recorder` holds the bytes; `now` gives milliseconds."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context: ssl.SSLContext,
        ehlo_name: str,
        limits: Limits,
        stalls: StallDetector,
        now: Callable[[], float],
    ) -> None:
        self.steps: list[Step] = []
        self.handshake: Handshake | None = None
        self._patience = ReplyTimer(limits, now)
        self.recorder = Recorder(now, self._patience.heard)
        self._endpoint = endpoint
        self._context = context
        self._ehlo_name = ehlo_name
        self._limits = limits
        self._stalls = stalls
        self._now = now
        self._client: aiosmtplib.SMTP | None = None
        self._trying, self._trying_since = GREETING, 0.0
        self._said_hello = False

    async def hold(self, sock: socket.socket) -> None:
        """Greeting, EHLO, TLS, EHLO again, as far as the server goes with us."""
        if self._endpoint.hello and self._endpoint.mode == "implicit":
            with sock:  # nobody else speaks
                await self._say_hello()
            return
        if self._endpoint.purpose == "http":
            self.handshake, step = await asked_in_http(sock, self._endpoint, self._limits.handshake, self._now)
            self.steps.append(step)
            return
        header = PROXY_HEADERS.get(self._endpoint.purpose, b"")
        if header:
            self.recorder.send(header)
        self._client = client = aiosmtplib.SMTP(
            hostname=self._endpoint.host if self._endpoint.sni else self._endpoint.address,
            sock=sock,
            use_tls=self._endpoint.mode == "implicit",
            start_tls=False,
            tls_context=self._context,
            local_hostname=self._ehlo_name,
            timeout=None,  # `_attempt` bounds every step, and a second clock for each costs a task
        )
        patience = self._limits.handshake if header else self._limits.greeting
        if not await self._attempt(GREETING, client.connect, patience):
            return
        if self._endpoint.mode == "implicit":
            self._note_handshake()
        if not await self._attempt(EHLO, client.ehlo, self._limits.command):
            await self._try_helo(client)
            return
        if header:
            return
        announced = "STARTTLS" in read_extensions(self.steps[-1]).keywords
        if announced or self._endpoint.purpose == "hidden":
            client.esmtp_extensions.setdefault("starttls", "")  # aiosmtplib overlooks it before a tab
        if self._endpoint.mode == "starttls" and client.supports_extension("starttls"):
            await (self._ask_in_clear(client) if self._endpoint.hello else self._upgrade(client))

    def break_off(self) -> None:
        """The time of the whole check is over: note in which step."""
        error = self._doubted("not_finished")
        self.steps.append(Step(self._trying, self._trying_since, self._now(), error=error))

    async def say_quit(self) -> None:
        """Take leave, also of a server that turned us away: it waits for QUIT (RFC 5321 section 3.1)."""
        if self._said_hello:
            self.recorder.send(CLOSE_NOTIFY)
        elif self._client is not None and self._client.is_connected:
            await self._client.quit()
        elif self._turned_away():
            await self.recorder.say(b"QUIT\r\n")

    def _turned_away(self) -> bool:
        """Whether the greeting was a reply other than 220: then aiosmtplib has hung up by itself."""
        refused = len(self.steps) == 1 and self.steps[0].code is not None
        return refused and self._endpoint.mode == "starttls"

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self.recorder.close()

    async def _try_helo(self, client: aiosmtplib.SMTP) -> None:
        """A server that does not know EHLO may be old or hidden behind a middlebox: HELO tells which (RFC 5321 3.2).

        One that knows neither may be of mail boxes: LHLO is how LMTP begins (RFC 2033). One that refuses for another
        reason is left in peace.
        """
        if self._endpoint.purpose in PROXY_HEADERS or not self._is_unknown(client):
            return
        await self._attempt(HELO, client.helo, self._limits.command)
        if self._is_unknown(client):
            hello = b"LHLO " + self._ehlo_name.encode("ascii", "ignore")
            await self._attempt(LHLO, lambda: client.execute_command(hello), self._limits.command)

    def _is_unknown(self, client: aiosmtplib.SMTP) -> bool:
        """Whether the last command was refused because the server does not know it, on a connection that stands."""
        step = self.steps[-1]
        return client.is_connected and is_unknown(step, self._ehlo_name)

    async def _upgrade(self, client: aiosmtplib.SMTP) -> None:
        if client.protocol is None:  # gone behind its answer to EHLO
            await self._begins_tls(client)
            return
        with Unasked(client.protocol, lambda: self.recorder.said_hello) as inside:
            if await self._begins_tls(client):
                self._note_handshake()
                await self._attempt(EHLO_AFTER_TLS, client.ehlo, self._limits.command)
                self.steps[-1] = inside.instead_of(self.steps[-1])

    async def _begins_tls(self, client: aiosmtplib.SMTP) -> bool:
        """STARTTLS and the handshake: whether both came about."""
        done = await self._attempt(STARTTLS, lambda: client.starttls(tls_context=self._context), self._limits.handshake)
        return done and self.steps[-1].code == READY

    async def _ask_in_clear(self, client: aiosmtplib.SMTP) -> None:
        """STARTTLS, and behind it the hello."""
        agreed = await self._attempt(STARTTLS, lambda: client.execute_command(b"STARTTLS"), self._limits.handshake)
        if agreed and self.steps[-1].code == READY:
            await self._say_hello()

    async def _say_hello(self) -> None:
        """The hello in the place of a handshake; what is answered stands in the recorded bytes."""
        self._said_hello = True
        begun = len(self.recorder.chunks) + 1

        def is_enough() -> bool:
            said = b"".join(chunk.data for chunk in self.recorder.chunks[begun:] if chunk.sender == "server")
            return len(said) > ANSWER_LIMIT or read_answer(said).is_whole

        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.handshake):
                await self.recorder.say(self._endpoint.hello, is_enough)

    async def _attempt(self, name: str, act: Callable[[], Awaitable[Any]], patience: float) -> bool:
        """Do one step within `patience` seconds and note its outcome; True if the server said yes."""
        self._trying, self._trying_since = name, self._now()
        code, text, error, detail = await outcome(lambda: self._patience.within(patience, act))
        if self.recorder.flooded:
            error = "too_long"
        error = self._doubted(error)
        self.steps.append(Step(name, self._trying_since, self._now(), code, text, error, detail))
        return not error and code is not None and 200 <= code < 300

    def _doubted(self, error: str) -> str:
        """How a step ended without an answer: what ended while we were held up, or did not listen, says nothing.

        The piece of a reply that a tarpit happens to send at that moment is no answer that we missed.
        """
        missed = error == "timeout" and self.recorder.is_behind and not self._patience.is_spent
        held_up = self._stalls.faltered or missed
        return "held_up" if error in WITHOUT_ANSWER and held_up else error

    def _note_handshake(self) -> None:
        """Keep what was agreed; a server that hung up right behind its handshake leaves nothing to read."""
        connected = self._client is not None and self._client.is_connected
        ssl_object = self._client.get_transport_info("ssl_object") if self._client and connected else None
        if ssl_object is not None:
            cipher = ssl_object.cipher()
            chain = tuple(peer_chain_der(ssl_object))
            self.handshake = Handshake(ssl_object.version() or "", cipher[0] if cipher else "", chain)
