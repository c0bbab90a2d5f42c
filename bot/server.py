"""The HTTP side: /healthz, /readyz, /metrics, and in HTTP mode /slack/events."""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

SIGNATURES_KEPT = 600.0
"""Seconds. Slack's signatures are good for 300; Bolt accepts one twice within them."""

Ready = Callable[[], Awaitable[bool]]


More = Callable[[], Awaitable[bytes]]


async def nothing() -> bytes:
    """No metrics beside those of the process."""
    return b""


async def always() -> bool:
    """HTTP mode has no connection that could be down."""
    return True


@dataclass
class Server:
    """Pages for operators, and Slack's door in HTTP mode.

    `more` makes metrics at each scrape; `now` is a monotonic clock in seconds. `troubles` of the history are named and
    do not end readiness: answers go out all the same.
    """

    app: AsyncApp
    http_events: bool
    ready: Ready = always
    more: More = nothing
    troubles: Collection[str] = ()
    now: Callable[[], float] = time.monotonic
    _signatures: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _closing: bool = False

    def close_door(self) -> None:
        """From here on readiness is refused, so that a load balancer looks elsewhere."""
        self._closing = True

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[str]:
        """Serves while it is entered; the value is its URL."""
        app = web.Application()
        app.add_routes(
            [web.get("/healthz", self._health), web.get("/readyz", self._ready), web.get("/metrics", self._metrics)]
        )
        if self.http_events:
            app.add_routes([web.post("/slack/events", self._events)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        ready = not self._closing and await self.ready()
        troubles = {"history": sorted(self.troubles)} if self.troubles else {}
        return web.json_response({"ready": ready, **troubles}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest() + await self.more(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _events(self, request: web.Request) -> web.Response:
        """Bolt checks signature and age; a signature that was good once is not good twice."""
        signature = request.headers.get("x-slack-signature", "")
        if self._seen(signature):
            return web.Response(status=401, text="replayed")
        try:
            received = await to_bolt_request(request)
        except (ValueError, LookupError, AttributeError, TypeError):  # Bolt reads a body before its signature
            return web.Response(status=400)
        response = await self.app.async_dispatch(received)
        if response.status != 401:
            self._signatures[signature] = self.now()
        return await to_aiohttp_response(response)

    def _seen(self, signature: str) -> bool:
        old = self.now() - SIGNATURES_KEPT
        while self._signatures and next(iter(self._signatures.values())) < old:
            self._signatures.popitem(last=False)
        return signature in self._signatures
