"""How requests reach the app: Socket Mode or signed HTTP, with health, metrics and an orderly end."""

import asyncio
import logging
import signal
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import ClientSession, ClientTimeout, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.app import build_app, make_client, retry_handlers
from bot.bridge import Bridge
from bot.services import Services
from bot.settings import Settings

log = logging.getLogger(__name__)

DRAIN_SECONDS = 25.0
"""systemd waits 90 s and Kubernetes 30 s before they kill."""

WATCH_SECONDS = 5.0
SIGNATURES_KEPT = 600.0
"""Seconds. Slack's signatures are good for 300; Bolt accepts one twice within them."""


@dataclass
class Bot:
    """A running bot: its bridge, and what the health pages tell."""

    bridge: Bridge
    app: AsyncApp
    ready: Callable[[], Awaitable[bool]]
    url: str = ""


@asynccontextmanager
async def running(
    settings: Settings, services: Services, *, pace: tuple[float, ...] | None = None
) -> AsyncIterator[Bot]:
    """The bot, connected and warmed up; at the end running checks are drained and everything is closed.

    `auth.test` is asked once before the door opens: 200 first commands at once would ask it 200 times.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=30)))
        client = make_client(settings, session)
        bridge = Bridge(services, client, session, retries=retry_handlers(), pace=pace)
        app = build_app(settings, client, bridge)
        await _warm_up(app, client, bridge)
        bot = Bot(bridge, app, _always)
        server = Server(bot, http_events=not settings.socket_mode)
        bot.url = await stack.enter_async_context(server.listening(settings.host, settings.port))
        if settings.socket_mode:
            bot.ready = await stack.enter_async_context(_socket_mode(app, settings.app_token))
        stack.push_async_callback(bridge.drain, DRAIN_SECONDS)
        stack.callback(server.close_door)
        yield bot


async def _always() -> bool:
    return True


async def _warm_up(app: AsyncApp, client: AsyncWebClient, bridge: Bridge) -> None:
    """Know who we are, and let Bolt's own authorisation do its first work before anybody waits for it."""
    me = await client.auth_test()
    bridge.team = str(me.get("team_id", ""))
    bridge.enterprise = str(me.get("enterprise_id") or "")
    body = {"type": "event_callback", "event_id": "", "team_id": bridge.team, "event": {"type": "warm_up"}}
    await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    log.info("connected as %s of %s", me.get("user", "?"), me.get("team", "?"))


@asynccontextmanager
async def _socket_mode(app: AsyncApp, app_token: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    watchdog = asyncio.ensure_future(_watch(handler))
    try:
        yield handler.client.is_connected
    finally:
        watchdog.cancel()
        with suppress(asyncio.CancelledError):
            await watchdog
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(handler: AsyncSocketModeHandler, every: float = WATCH_SECONDS) -> None:
    """After one refused upgrade the SDK's client tries its spent ticket for ever: take the ticket away from it."""
    down = False
    while True:
        await asyncio.sleep(every)
        up = await handler.client.is_connected()
        metrics.connected.set(up)
        if down and not up:
            handler.client.wss_uri = None
            metrics.reconnects.inc()
            log.warning("Socket Mode is not connected: asking for a new ticket")
        down = not up


@dataclass
class Server:
    """The HTTP side: /healthz, /readyz, /metrics, and in HTTP mode /slack/events."""

    bot: Bot
    http_events: bool
    _signatures: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _closing: bool = False

    def close_door(self) -> None:
        """From here on readiness is refused, so that a load balancer looks elsewhere."""
        self._closing = True

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[str]:
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
        ready = not self._closing and await self.bot.ready()
        return web.json_response({"ready": ready}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _events(self, request: web.Request) -> web.Response:
        """Bolt checks signature and age; a signature that was good once is not good twice."""
        signature = request.headers.get("x-slack-signature", "")
        if self._seen(signature):
            return web.Response(status=401, text="replayed")
        response = await self.bot.app.async_dispatch(await to_bolt_request(request))
        if response.status != 401:
            self._signatures[signature] = time.monotonic()
        return await to_aiohttp_response(response)

    def _seen(self, signature: str) -> bool:
        old = time.monotonic() - SIGNATURES_KEPT
        while self._signatures and next(iter(self._signatures.values())) < old:
            self._signatures.popitem(last=False)
        return signature in self._signatures


async def serve(settings: Settings, services: Services) -> None:
    """Run until SIGTERM or SIGINT, then drain."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, services) as bot:
        log.info("portero is up (%s); health at %s/healthz", "Socket Mode" if settings.socket_mode else "HTTP", bot.url)
        await stop.wait()
        log.info("stopping: running checks may finish")
