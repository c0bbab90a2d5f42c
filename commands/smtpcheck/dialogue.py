"""One SMTP session with one endpoint: greeting, EHLO, TLS, EHLO again, QUIT. Records what happened, judges nothing.

Never MAIL, RCPT, DATA, AUTH, VRFY or EXPN. Always in turn (no byte before the greeting is complete), always QUIT.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiosmtplib

from commands.smtpcheck.certificate import peer_chain_der
from commands.smtpcheck.extensions import DRIPS
from commands.smtpcheck.failures import outcome
from commands.smtpcheck.pulse import Pulse
from commands.smtpcheck.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    HELO,
    STARTTLS,
    Connect,
    Handshake,
    Record,
    Step,
)
from commands.smtpcheck.session import Endpoint, Limits
from commands.smtpcheck.tap import Tap
from commands.smtpcheck.wire import Route, direct, open_socket

WITHOUT_ANSWER = frozenset({"timeout", "closed", "reset", "not_finished"})
"""Errors of steps that a server's silence or its patience with us brings about."""


class Dialogue:
    """One session. `run` returns the record as soon as the last answer is in; `farewell` then says QUIT."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context: ssl.SSLContext,
        ehlo_name: str,
        limits: Limits,
        route: Route = direct,
        places: asyncio.Semaphore | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`places` bounds how many sessions of the process speak at once; who only waits for a connect needs none.

        `clock` is in seconds; not the loop's by default, since uvloop's has milliseconds only.
        """
        self._endpoint = endpoint
        self._context = context
        self._ehlo_name = ehlo_name
        self._limits = limits
        self._route = route
        self._places = places
        self._placed = False
        self._clock = clock
        self._pulse = Pulse(clock)
        self._began = clock()
        self._steps: list[Step] = []
        self._tap = Tap(self._now, self._heard)
        self._client: aiosmtplib.SMTP | None = None
        self._handshake: Handshake | None = None
        self._connect: Connect = "not_finished"
        self._connect_ms = 0.0
        self._trying, self._trying_since = GREETING, 0.0
        self._patience: asyncio.Timeout | None = None
        self._last_piece: float | None = None
        self._pauses = 0

    async def run(self, within: float | None = None) -> Record:
        """Speak until there is no more to learn or a limit is reached. Network outcomes never raise.

        `within` is what is left of the whole check, in seconds. Waiting for a place does not count. What that time cut
        short is `not_finished`: we did not wait long enough to say.
        """
        self._began = self._clock()
        left = self._limits.check if within is None else within
        with self._pulse:
            try:
                await self._connect_and_converse(left)
            except TimeoutError:
                error = self._doubted("not_finished")
                self._steps.append(Step(self._trying, self._trying_since, self._now(), error=error))
        return self._record()

    def _record(self) -> Record:
        return Record(
            host=self._endpoint.host,
            address=self._endpoint.address,
            port=self._endpoint.port,
            mode=self._endpoint.mode,
            connect=self._connect,
            connect_ms=self._connect_ms,
            steps=tuple(self._steps),
            chunks=tuple(self._tap.chunks),
            handshake=self._handshake,
            ended=self._tap.ended,
            elapsed_ms=self._now(),
            ehlo_name=self._ehlo_name,
            sni=self._endpoint.sni,
            purpose=self._endpoint.purpose,
            newest=self._endpoint.newest,
        )

    async def farewell(self) -> None:
        """QUIT and close, within `Limits.quit`. Whatever the server makes of it changes nothing.

        Also to a server that refused us in its greeting, which waits for QUIT (RFC 5321 section 3.1), and to one that
        never answered EHLO. Not before a greeting is complete, nor when a handshake failed.
        """
        try:
            async with asyncio.timeout(self._limits.quit):
                await self._say_quit()
        except (aiosmtplib.SMTPException, OSError, ValueError):
            pass
        finally:
            self.close()

    async def _say_quit(self) -> None:
        if self._client is not None and self._client.is_connected:
            await self._client.quit(timeout=None)
        elif self._turned_away():
            await self._tap.say(b"QUIT\r\n")

    def _turned_away(self) -> bool:
        """Whether the greeting was a reply other than 220: then aiosmtplib has hung up by itself."""
        refused = len(self._steps) == 1 and self._steps[0].code is not None
        return refused and self._endpoint.mode == "starttls"

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._tap.close()
        if self._places is not None and self._placed:
            self._placed = False
            self._places.release()

    async def _connect_and_converse(self, left: float) -> None:
        if left <= 0:
            return
        address, port = self._route(self._endpoint.address, self._endpoint.port)
        self._connect, sock = await open_socket(address, port, min(self._limits.connect, left))
        self._connect_ms = self._now()
        if self._connect == "no_answer":
            self._connect = "held_up" if self._pulse.faltered else self._silence(left)
        if sock is not None:
            await self._take_place(sock)
            async with asyncio.timeout(left - self._connect_ms / 1000):
                await self._converse(self._tap.splice(sock))

    def _silence(self, left: float) -> Connect:
        return "no_answer" if left >= self._limits.connect else "not_finished"

    def _doubted(self, error: str) -> str:
        """How a step ended without an answer: what ended while we were held up says nothing."""
        return "held_up" if error in WITHOUT_ANSWER and self._pulse.faltered else error

    async def _take_place(self, sock: socket.socket) -> None:
        """Wait until we may speak. The clock of the record stands still meanwhile: the server is not to blame."""
        if self._places is not None:
            connected = self._clock()
            try:
                await self._places.acquire()
            except BaseException:
                sock.close()
                raise
            self._placed = True
            self._began += self._clock() - connected

    async def _converse(self, sock: socket.socket) -> None:
        self._client = client = aiosmtplib.SMTP(
            hostname=self._endpoint.host if self._endpoint.sni else self._endpoint.address,
            sock=sock,
            use_tls=self._endpoint.mode == "implicit",
            start_tls=False,
            tls_context=self._context,
            local_hostname=self._ehlo_name,
            timeout=self._limits.check,
        )
        if not await self._attempt(GREETING, client.connect, self._limits.greeting):
            return
        if self._endpoint.mode == "implicit":
            self._note_handshake()
        if not await self._attempt(EHLO, lambda: client.ehlo(timeout=None), self._limits.command):
            await self._try_helo(client)
            return
        if self._endpoint.purpose == "hidden":
            client.esmtp_extensions.setdefault("starttls", "")  # asked for although it is not announced
        if self._endpoint.mode == "starttls" and client.supports_extension("starttls"):
            await self._upgrade(client)

    async def _try_helo(self, client: aiosmtplib.SMTP) -> None:
        """A server that refuses EHLO may be old or hidden behind a middlebox: HELO tells which."""
        refused = self._steps[-1].code
        if refused is not None and refused >= 500 and client.is_connected:
            await self._attempt(HELO, lambda: client.helo(timeout=None), self._limits.command)

    async def _upgrade(self, client: aiosmtplib.SMTP) -> None:
        def upgrade() -> Awaitable[Any]:
            return client.starttls(tls_context=self._context, timeout=self._limits.check)

        if await self._attempt(STARTTLS, upgrade, self._limits.handshake):
            self._note_handshake()
            await self._attempt(EHLO_AFTER_TLS, lambda: client.ehlo(timeout=None), self._limits.command)

    async def _attempt(self, name: str, act: Callable[[], Awaitable[Any]], patience: float) -> bool:
        """Do one step within `patience` seconds and note its outcome; True if the server said yes."""

        async def within() -> Any:
            async with asyncio.timeout(patience) as self._patience:
                return await act()

        self._trying, self._trying_since = name, self._now()
        self._last_piece, self._pauses = None, 0
        code, text, error, detail = await outcome(within)
        self._patience = None
        if self._tap.flooded:
            error = "too_long"
        error = self._doubted(error)
        self._steps.append(Step(name, self._trying_since, self._now(), code, text, error, detail))
        return not error and code is not None and 200 <= code < 300

    def _heard(self) -> None:
        """A piece of a reply came: wait for the next one, unless the pauses tell a tarpit already."""
        now, limits = self._now(), self._limits
        self._pauses += self._last_piece is not None and now - self._last_piece >= limits.gap * 1000
        self._last_piece = now
        due = self._patience.when() if self._patience is not None else None
        if self._patience is None or due is None or self._patience.expired() or self._pauses >= DRIPS:
            return
        if self._tap.chunks[-1].ends_reply:
            return
        left = limits.reply - (now - self._trying_since) / 1000
        self._patience.reschedule(max(due, asyncio.get_running_loop().time() + min(limits.piece, left)))

    def _note_handshake(self) -> None:
        """Keep what was agreed; a server that hung up right behind its handshake leaves nothing to read."""
        connected = self._client is not None and self._client.is_connected
        ssl_object = self._client.get_transport_info("ssl_object") if self._client and connected else None
        if ssl_object is not None:
            cipher = ssl_object.cipher()
            chain = tuple(peer_chain_der(ssl_object))
            self._handshake = Handshake(ssl_object.version() or "", cipher[0] if cipher else "", chain)

    def _now(self) -> float:
        return (self._clock() - self._began) * 1000
