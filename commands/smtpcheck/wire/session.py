"""One SMTP session with one endpoint: connect, converse (`speech`), take leave. Records, and judges nothing."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable

import aiosmtplib

from commands.smtpcheck.wire.connection import Route, direct, open_socket
from commands.smtpcheck.wire.endpoint import Endpoint, Limits
from commands.smtpcheck.wire.record import Connect, Record
from commands.smtpcheck.wire.smtp_client import Speech
from commands.smtpcheck.wire.timing import StallDetector


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
        places: asyncio.Semaphore | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`places` bounds how many sessions of the process speak at once; who only waits for a connect needs none.

        `clock` is in seconds; not the loop's by default, since uvloop's has milliseconds only.
        """
        self._endpoint = endpoint
        self._ehlo_name = ehlo_name
        self._limits = limits
        self._route = route
        self._places = places
        self._placed = False
        self._clock = clock
        self._pulse = StallDetector(clock)
        self._began = clock()
        self._connect: Connect = "not_finished"
        self._connect_ms = 0.0
        self._speech = Speech(
            endpoint, context=context, ehlo_name=ehlo_name, limits=limits, pulse=self._pulse, now=self._now
        )

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
                self._speech.break_off()
        return self._record()

    def _record(self) -> Record:
        return Record(
            host=self._endpoint.host,
            address=self._endpoint.address,
            port=self._endpoint.port,
            mode=self._endpoint.mode,
            connect=self._connect,
            connect_ms=self._connect_ms,
            steps=tuple(self._speech.steps),
            chunks=tuple(self._speech.tap.chunks),
            handshake=self._speech.handshake,
            ended=self._speech.tap.ended,
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
                await self._speech.say_quit()
        except (aiosmtplib.SMTPException, OSError, ValueError):
            pass
        finally:
            self.close()

    def close(self) -> None:
        self._speech.close()
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
                await self._speech.hold(self._spliced(sock))

    def _spliced(self, sock: socket.socket) -> socket.socket:
        """The recorder needs two sockets more: without them nothing was asked, and nothing is said of the server."""
        try:
            return self._speech.tap.splice(sock)
        except OSError:
            sock.close()
            raise

    def _silence(self, left: float) -> Connect:
        return "no_answer" if left >= self._limits.connect else "not_finished"

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

    def _now(self) -> float:
        return (self._clock() - self._began) * 1000
