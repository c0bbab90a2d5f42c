"""Socket Mode: one connection of Bolt's own client, and a watchdog over it.

Policy: the SDK's client gets a session of `slack_session`, and so goes to Slack's hosts and to that of SLACK_API_URL,
whatever address a ticket names. Carries the app token, acknowledgements, and what people type and press.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.observability import metrics
from bot.slack.client.records import read
from bot.slack.client.session import slack_session

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, api_url: str, *, every: float = WATCH_SECONDS
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """A connection that stands; the value tells whether it still does. `every`: seconds between pings and looks.

    The first ticket is asked for here: Bolt's client would take a wrong app token for a passing trouble and try for
    ever. Raises SlackApiError for one.
    """
    ticket = read(await app.client.apps_connections_open(app_token=app_token))
    handler = AsyncSocketModeHandler(app, app_token, ping_interval=every)
    await handler.client.aiohttp_client_session.close()  # its own would go wherever a ticket points
    handler.client.aiohttp_client_session = slack_session(api_url)
    handler.client.wss_uri = ticket.needed("url")
    watchdog = asyncio.ensure_future(_watch(handler, every))
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        metrics.connected.set(1)
        yield handler.client.is_connected
    finally:
        watchdog.cancel()
        with suppress(asyncio.CancelledError):
            await watchdog
        await handler.close_async()  # type: ignore[no-untyped-call]
        metrics.connected.set(0)


async def _watch(handler: AsyncSocketModeHandler, every: float) -> None:
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
