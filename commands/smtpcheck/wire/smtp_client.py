"""What is said to one server, and what it answers: greeting, EHLO, TLS, EHLO again, QUIT.

Never MAIL, RCPT, DATA, AUTH, VRFY or EXPN. Always in turn: no byte before the greeting is complete.
"""

import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import aiosmtplib

from commands.smtpcheck.tls.certificate import peer_chain_der
from commands.smtpcheck.wire.endpoint import Endpoint, Limits
from commands.smtpcheck.wire.extensions import read_extensions
from commands.smtpcheck.wire.failures import READY, outcome
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, HELO, STARTTLS, Handshake, Step
from commands.smtpcheck.wire.recorder import Recorder
from commands.smtpcheck.wire.timing import ReplyTimer, StallDetector

NOT_KNOWN = frozenset({500, 502})
"""Codes for a command that is not known (RFC 5321 section 4.2.4)."""

WITHOUT_ANSWER = frozenset({"timeout", "closed", "reset", "not_finished"})
"""Errors of steps that a server's silence or its patience with us brings about."""


class Speech:
    """One conversation. `steps` are what was tried so far, `tap` holds the bytes; `now` gives milliseconds."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context: ssl.SSLContext,
        ehlo_name: str,
        limits: Limits,
        pulse: StallDetector,
        now: Callable[[], float],
    ) -> None:
        self.steps: list[Step] = []
        self.handshake: Handshake | None = None
        self.tap = Recorder(now, self._heard)
        self._endpoint = endpoint
        self._context = context
        self._ehlo_name = ehlo_name
        self._limits = limits
        self._pulse = pulse
        self._now = now
        self._patience = ReplyTimer(limits, now)
        self._client: aiosmtplib.SMTP | None = None
        self._trying, self._trying_since = GREETING, 0.0

    async def hold(self, sock: socket.socket) -> None:
        """Greeting, EHLO, TLS, EHLO again, as far as the server goes with us."""
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
        announced = "STARTTLS" in read_extensions(self.steps[-1]).keywords
        if announced or self._endpoint.purpose == "hidden":
            client.esmtp_extensions.setdefault("starttls", "")  # aiosmtplib overlooks it before a tab
        if self._endpoint.mode == "starttls" and client.supports_extension("starttls"):
            await self._upgrade(client)

    def break_off(self) -> None:
        """The time of the whole check is over: note in which step."""
        error = self._doubted("not_finished")
        self.steps.append(Step(self._trying, self._trying_since, self._now(), error=error))

    async def say_quit(self) -> None:
        """Take leave, also of a server that turned us away: it waits for QUIT (RFC 5321 section 3.1)."""
        if self._client is not None and self._client.is_connected:
            await self._client.quit(timeout=None)
        elif self._turned_away():
            await self.tap.say(b"QUIT\r\n")

    def _turned_away(self) -> bool:
        """Whether the greeting was a reply other than 220: then aiosmtplib has hung up by itself."""
        refused = len(self.steps) == 1 and self.steps[0].code is not None
        return refused and self._endpoint.mode == "starttls"

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self.tap.close()

    async def _try_helo(self, client: aiosmtplib.SMTP) -> None:
        """A server that does not know EHLO may be old or hidden behind a middlebox: HELO tells which.

        One that refuses for another reason is left in peace.
        """
        if self.steps[-1].code in NOT_KNOWN and client.is_connected:
            await self._attempt(HELO, lambda: client.helo(timeout=None), self._limits.command)

    async def _upgrade(self, client: aiosmtplib.SMTP) -> None:
        def upgrade() -> Awaitable[Any]:
            return client.starttls(tls_context=self._context, timeout=self._limits.check)

        agreed = await self._attempt(STARTTLS, upgrade, self._limits.handshake)
        if agreed and self.steps[-1].code == READY:
            self._note_handshake()
            await self._attempt(EHLO_AFTER_TLS, lambda: client.ehlo(timeout=None), self._limits.command)

    async def _attempt(self, name: str, act: Callable[[], Awaitable[Any]], patience: float) -> bool:
        """Do one step within `patience` seconds and note its outcome; True if the server said yes."""
        self._trying, self._trying_since = name, self._now()
        code, text, error, detail = await outcome(lambda: self._patience.within(patience, act))
        if self.tap.flooded:
            error = "too_long"
        error = self._doubted(error)
        self.steps.append(Step(name, self._trying_since, self._now(), code, text, error, detail))
        return not error and code is not None and 200 <= code < 300

    def _heard(self) -> None:
        self._patience.heard(ends_reply=self.tap.chunks[-1].ends_reply)

    def _doubted(self, error: str) -> str:
        """How a step ended without an answer: what ended while we were held up, or did not listen, says nothing.

        The piece of a reply that a tarpit happens to send at that moment is no answer that we missed.
        """
        missed = error == "timeout" and self.tap.is_behind and not self._patience.is_spent
        held_up = self._pulse.faltered or missed
        return "held_up" if error in WITHOUT_ANSWER and held_up else error

    def _note_handshake(self) -> None:
        """Keep what was agreed; a server that hung up right behind its handshake leaves nothing to read."""
        connected = self._client is not None and self._client.is_connected
        ssl_object = self._client.get_transport_info("ssl_object") if self._client and connected else None
        if ssl_object is not None:
            cipher = ssl_object.cipher()
            chain = tuple(peer_chain_der(ssl_object))
            self.handshake = Handshake(ssl_object.version() or "", cipher[0] if cipher else "", chain)
