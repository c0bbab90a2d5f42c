"""A connection to NATS, kept up: the only module that imports its client.

Policy: one server, the one of the credentials, with its key and (over TLS) the certificate that stands there. It
carries errands and answers (`errand`); nothing is asked of a server that is found on the way.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError, Error
from nats.errors import TimeoutError as NatsTimeoutError
from nats.protocol import parser

from bot.vantages.credentials import Credentials
from bot.vantages.keys import public_key, signed
from bot.vantages.subjects import INBOX

log = logging.getLogger(__name__)


def _is_news(record: logging.LogRecord) -> bool:
    """What asyncio says whenever a server ends a connection that the client's library turned to TLS says nothing."""
    return "eof_received" not in str(record.msg)


logging.getLogger("asyncio").addFilter(_is_news)

RECONNECT_SECONDS = 0.5
PING_SECONDS = 5
"""How often each side asks whether the other is there: of a machine that vanished it is known after two of them."""

REFUSALS = ("authorization", "permissions violation for subscription")
"""What a server says to a key that it does not know, or that may not listen where we do (it is of another name)."""

CONNECT_SECONDS = 3
MOST_PENDING = 8 * 1024 * 1024
"""Bytes that wait for one reader; what comes above them is dropped, and the errand is told to be broken off."""


class NobodyThereError(Exception):
    """Nobody listens on the subject."""


class NotConnectedError(Exception):
    """There is no connection to the server."""


parser.MSG_RE = re.compile(rb"\AMSG ([^ \r\n]+) ([^ \r\n]+) (([^ \r\n]+) )?([0-9]+)\r\n")
parser.HMSG_RE = re.compile(rb"\AHMSG ([^ \r\n]+) ([^ \r\n]+) (([^ \r\n]+) )?([0-9]+) ([0-9]+)\r\n")
"""The lines that the library reads, as servers write them. It takes a vertical tab in a reply for the end of it, and
the line for none; a stolen key may write one where bot and machines are in one account."""

STATUS = re.compile(rb"NATS/1\.0 ([0-9]{3})(?=[ \r])")


class SecureClient(Client):
    """A client with a key, that says nothing in clear where TLS is wanted, and that no message takes the connection of.

    The library itself leaves TLS to the server's first, unsigned line: whoever stands on the way could leave it out,
    and use our signature of the server's challenge as his own. And what it cannot read of one message, which a stolen
    key writes, ends its reading of all.
    """

    def __init__(self, seed: str) -> None:
        super().__init__()
        self._public_nkey = public_key(seed)

    def _connect_command(self) -> bytes:
        if "tls" in self.options and not self._server_info.get("tls_required"):
            raise Error("the server does not speak TLS, which its address promises")
        return super()._connect_command()

    async def _process_headers(self, headers: bytes | None) -> dict[str, str] | None:
        """The status, by which the server says that nobody listens. Whatever else stands there is not looked at."""
        found = STATUS.match(headers or b"")
        return {"Status": found[1].decode()} if found else None

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Msg:
        made: Msg = super()._build_message(sid, subject, reply if reply.isascii() else b"", data, headers)
        return made


@dataclass
class Exchange:
    """One question and what is answered, on an inbox of its own."""

    client: Client
    subject: str
    question: bytes
    inbox: str
    subscription: Subscription

    async def ask(self) -> None:
        """Put the question; once more after answers were lost."""
        if not self.client.is_connected:
            raise NotConnectedError
        await self.client.publish(self.subject, self.question, reply=self.inbox)

    async def answer(self, within: float) -> bytes | None:
        """The next answer; None when none came in so many seconds. Raises `NobodyThereError`."""
        try:
            message = await self.subscription.next_msg(timeout=within)
        except NatsTimeoutError:
            return None
        except ConnectionClosedError as error:
            raise NotConnectedError from error
        if message.headers is not None and message.headers.get("Status") == "503":
            raise NobodyThereError
        return bytes(message.data)


class Link:
    """A client of NATS that has connected, or goes on trying."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def is_up(self) -> bool:
        return self._client.is_connected

    @asynccontextmanager
    async def exchange(self, subject: str, question: bytes) -> AsyncIterator[Exchange]:
        """Put a question and hear the answers. Raises `NotConnectedError`."""
        if not self.is_up:
            raise NotConnectedError
        inbox = self._client.new_inbox()
        subscription = await self._client.subscribe(inbox, pending_bytes_limit=MOST_PENDING)
        try:
            made = Exchange(self._client, subject, question, inbox, subscription)
            await made.ask()
            yield made
        finally:
            with suppress(Error):
                await subscription.unsubscribe()

    async def publish(self, subject: str, data: bytes) -> None:
        """Send what nobody has to answer. What cannot be sent is lost."""
        with suppress(Error):
            await self._client.publish(subject, data)

    async def serve(self, subject: str, hear: Callable[[bytes, str], Awaitable[None]], queue: str = "") -> None:
        """Hear what is asked on a subject, with where to reply; of a queue one of its members hears it."""

        async def heard(message: Msg) -> None:
            await hear(bytes(message.data), message.reply)

        await self._client.subscribe(subject, queue=queue, cb=heard)

    async def flush(self) -> None:
        await self._client.flush()

    async def close(self) -> None:
        """Close it; what the library still waits for after `CONNECT_SECONDS` is left behind."""
        with suppress(Error, OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._client.close()


class Once:
    """Says what goes wrong with a connection once, however often it is tried again."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, problem: str) -> None:
        if problem != self._last:
            self._last = problem
            log.warning("no connection to NATS, trying again: %s", problem)


async def connect(
    credentials: Credentials,
    *,
    told: Callable[[str], None] = lambda _news: None,
    refused: Callable[[], None] = lambda: None,
    failed: Callable[[Exception], None] = lambda _error: None,
) -> Link:
    """A link, connected; it comes back by itself when it is lost, and tries for ever to begin with.

    `told` hears of what goes wrong in words of the library, `failed` as what it raises; `refused` that the server does
    not take the key (any more), or that the link will not come back for another reason.
    """
    connected = False

    async def on_error(error: Exception) -> None:
        told(str(error) or type(error).__name__)
        failed(error)
        if any(said in str(error).lower() for said in REFUSALS):
            refused()

    async def on_closed() -> None:
        if connected:
            refused()

    while not connected:
        client = SecureClient(credentials.seed)
        try:
            await client.connect(**_options(credentials), error_cb=on_error, closed_cb=on_closed)
            connected = True
        except (OSError, Error, TimeoutError):  # `on_error` has heard of it
            await _give_up(client)
            _end_if_cancelled()
            await asyncio.sleep(RECONNECT_SECONDS)
    client.options["allow_reconnect"] = True
    return Link(client)


def _end_if_cancelled() -> None:
    """The library may take a cancellation of ours for a failure of its own; nobody could stop the tries then."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _options(credentials: Credentials) -> dict[str, Any]:
    """What a client connects with. Left to itself it would wait for ever behind the first handshake that failed."""
    return {
        "servers": credentials.address,
        "name": f"portero {credentials.name}",
        "signature_cb": partial(signed, credentials.seed),
        "inbox_prefix": INBOX,
        "allow_reconnect": False,
        "connect_timeout": CONNECT_SECONDS,
        "reconnect_time_wait": RECONNECT_SECONDS,
        "max_reconnect_attempts": -1,
        "ping_interval": PING_SECONDS,
        "max_outstanding_pings": 2,
        "tls": credentials.tls,
        "tls_hostname": "portero" if credentials.certificate else None,  # it is no name that is proven then
    }


async def _give_up(client: Client) -> None:
    """Close what a try has left open. In a task of its own: it would take a cancellation of ours for its own."""
    closing = asyncio.ensure_future(Link(client).close())
    await asyncio.wait({closing}, timeout=RECONNECT_SECONDS)
    closing.cancel()
