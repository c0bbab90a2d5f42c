"""The HTTP side: /healthz, /readyz, /metrics, /probe, and in HTTP mode /slack/events.

Headers and bodies come from anybody: of what Slack sends the signature is checked first. Its source: docs.slack.dev,
verifying-requests-from-slack.
"""

import asyncio
import errno
import hashlib
import hmac
import logging
import re
import socket
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.console.process import is_shortage
from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.slack.requests.payload import is_readable
from bot.slack.transports.http_connections import BODY, Connections, Next

log = logging.getLogger(__name__)

AGE = 300.0
"""Seconds that a request may be old, or ahead of our clock."""

_STAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def is_shaped(timestamp: str, signature: str) -> bool:
    """Whether they look like Slack's: one that does and is wrong may come of a wrong secret or a wrong clock."""
    return bool(_STAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature))


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether somebody who knows the secret signed the body lately; `now` is in seconds since 1970."""
    if not is_shaped(timestamp, signature) or abs(now - int(timestamp)) > AGE:
        return False
    made = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={made}", signature)


SIGNATURES_KEPT = 600.0
"""Seconds. Slack's signatures are good for 300; Bolt accepts one twice within them."""

QUIET = logging.getLogger("bot.slack.transports.http_server.quiet")
"""What aiohttp has to say of requests that are none: anybody could fill the log with it."""
QUIET.disabled = True


REFUSALS_NOTED = 60.0
"""Seconds between two lines of the log on refused requests."""

Ready = Callable[[], Awaitable[bool]]


More = Callable[[], Awaitable[bytes]]


Page = Callable[[web.Request], Awaitable[web.Response]]


async def missing(_request: web.Request) -> web.Response:
    """No page."""
    return web.Response(status=404)


async def nothing() -> bytes:
    """No metrics beside those of the process."""
    return b""


async def always() -> bool:
    """HTTP mode has no connection that could be down."""
    return True


def number_of(error: OSError) -> int | None:
    """The system's number of what kept us from listening; None where the name of the host has no address.

    asyncio of Python 3.13 says of addresses that this machine has not in words alone.
    """
    return None if isinstance(error, socket.gaierror) else error.errno or errno.EADDRNOTAVAIL


class ListenError(Exception):
    """Nothing can listen at this address; `errno` is the system's, None where the name of the host has no address."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(f"{host} port {port}: {error.strerror}")
        self.host, self.port = host, port
        self.errno = number_of(error)


def url_of(host: str, port: int) -> str:
    """An address of IPv6 stands in brackets (RFC 3986 section 3.2.2)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@dataclass
class Server:
    """Pages for operators, and Slack's way in, in HTTP mode. Until `open` nothing is taken from Slack.

    `more` makes metrics at each scrape, `probe` serves checks for Prometheus; `now` is a monotonic clock in seconds,
    `clock` one that counts from 1970.
    `refused` is Slack's word while it does not take our token: nothing goes out then. `troubles` of the history are
    named and do not end readiness: answers go out all the same.
    """

    app: AsyncApp
    http_events: bool
    ready: Ready | None = None
    more: More = nothing
    probe: Page = missing
    troubles: Collection[str] = ()
    refused: Callable[[], str] = str
    now: Callable[[], float] = time.monotonic
    signing_secret: str = ""
    clock: Callable[[], float] = time.time
    connections: Connections = field(init=False)
    _signatures: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _closing: bool = False
    _noted: float = float("-inf")

    def open(self, ready: Ready = always) -> None:
        """Slack is known: from here on its requests are taken, and `ready` tells whether they arrive."""
        self.ready = ready

    def stop_accepting(self) -> None:
        """From here on readiness is refused, so that a load balancer looks elsewhere."""
        self._closing = True

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[str]:
        """Serves while it is entered; the value is its URL. Raises `ListenError`."""
        app = web.Application(client_max_size=BODY, middlewares=[self._bounded, _without_traces])
        app.add_routes(
            [web.get("/healthz", self._health), web.get("/readyz", self._ready), web.get("/metrics", self._metrics)]
        )
        app.add_routes([web.get("/probe", self._probed, allow_head=False)])
        if self.http_events:
            app.add_routes([web.post("/slack/events", self._events)])
        runner = web.AppRunner(app, access_log=None, logger=QUIET, auto_decompress=False)
        await runner.setup()
        assert runner.server is not None  # noqa: S101 - it was just set up
        self.connections = Connections(runner.server)
        try:
            listener = await asyncio.get_running_loop().create_server(self.connections, host, port)
        except OSError as error:
            await runner.cleanup()
            raise error if is_shortage(error) else ListenError(host, port, error) from error
        try:
            yield url_of(host, listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
            await runner.cleanup()
            self.connections.close()

    @web.middleware
    async def _bounded(self, request: web.Request, handler: Next) -> web.StreamResponse:
        return await self.connections.serve(request, handler)

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        refused, ready = self.refused(), await self._is_ready()
        troubles: dict[str, object] = {"slack": refused} if refused else {}
        troubles |= {"history": sorted(self.troubles)} if self.troubles else {}
        return web.json_response({"ready": ready, **troubles}, status=200 if ready else 503)

    async def _is_ready(self) -> bool:
        return self.ready is not None and not self._closing and not self.refused() and await self.ready()

    async def _metrics(self, _request: web.Request) -> web.Response:
        metrics.ready.set(await self._is_ready())
        return web.Response(body=generate_latest() + await self.more(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _probed(self, request: web.Request) -> web.Response:
        """Not before it is known whose history it goes to, and not when no check would come to its end."""
        if self.ready is None or self._closing:
            return web.Response(status=503)
        return await self.probe(request)

    async def _events(self, request: web.Request) -> web.Response:
        """Nothing is read of what Slack did not sign; a signature that was good once is not good twice."""
        if self.ready is None:  # it is not known yet whose requests are served
            return web.Response(status=503)
        signature, body = request.headers.get("x-slack-signature", ""), await request.read()
        stamp = request.headers.get("x-slack-request-timestamp", "")
        if not is_genuine(self.signing_secret, stamp, signature, body, self.clock()):
            self._note_refused(stamp, signature)
            return web.Response(status=401)
        if self._seen(signature):
            return web.Response(status=401, text="replayed")
        received = _read(request, body)
        if received is None:
            return web.Response(status=400)
        response = await self.app.async_dispatch(received)
        if response.status != 401:
            self._signatures[signature] = self.now()
        return await to_aiohttp_response(response)

    def _note_refused(self, stamp: str, signature: str) -> None:
        """Whoever runs Portero has to hear of a wrong secret, and nobody may fill the log."""
        if is_shaped(stamp, signature) and self.now() >= self._noted + REFUSALS_NOTED:
            self._noted = self.now()
            log.warning("a request was refused: its signature is wrong or stale")

    def _seen(self, signature: str) -> bool:
        old = self.now() - SIGNATURES_KEPT
        while self._signatures and next(iter(self._signatures.values())) < old:
            self._signatures.popitem(last=False)
        return signature in self._signatures


def _read(request: web.Request, body: bytes) -> AsyncBoltRequest | None:
    """The request as Bolt takes it, None for what is none: Bolt reads a body as it comes and fails in many ways."""
    try:
        text = body.decode("utf-8")
        received = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return None
    return received if is_readable(received.body) else None


@web.middleware
async def _without_traces(request: web.Request, handler: Next) -> web.StreamResponse:
    """A bug is told by its place: aiohttp would log the request with it."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary
        log.error("a request over HTTP failed\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
        return web.Response(status=500)
