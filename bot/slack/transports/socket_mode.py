"""Socket Mode: one connection of Bolt's own client, and a watchdog over it.

Policy: the SDK's client gets a session of `slack_session`, and so goes to Slack's hosts and to that of SLACK_API_URL,
whatever address a ticket names. Carries the app token, acknowledgements, and what people type and press.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.observability import metrics
from bot.slack.client.proxy import Proxies
from bot.slack.client.session import DIRECT, slack_session
from bot.slack.client.web_client import read
from bot.slack.requests.payload import is_readable

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0

NOT_READ = ":warning: Slack passed this command on in a shape that Portero cannot read; nothing was done. Try again."


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, api_url: str, *, proxies: Proxies = DIRECT, every: float = WATCH_SECONDS
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """A connection that stands; the value tells whether it still does. `every`: seconds between pings and looks.

    The first ticket is asked for here: Bolt's client would take a wrong app token for a passing trouble and try for
    ever. Raises SlackApiError for one.
    """
    url = read(await app.client.apps_connections_open(app_token=app_token)).needed("url")
    handler = AsyncSocketModeHandler(app, app_token, ping_interval=every)
    await handler.client.aiohttp_client_session.close()  # its own would go wherever a ticket points
    handler.client.aiohttp_client_session = slack_session(api_url, proxies)
    handler.client.enqueue_message = _sieved(handler)  # type: ignore[method-assign, assignment]  # no other place
    handler.client.wss_uri = url
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


def _sieved(handler: AsyncSocketModeHandler) -> Callable[[str], Coroutine[Any, Any, None]]:
    """Takes messages before the SDK does: what neither it nor Bolt can read is acknowledged and left alone."""
    client = handler.client
    take = client.enqueue_message

    async def enqueue(text: str) -> None:
        message = _read(text)
        if message is None:
            return
        envelope, content = message.get("envelope_id"), message.get("payload")
        if "envelope_id" not in message or (isinstance(content, dict) and is_readable(content)):
            await take(text)
        elif isinstance(envelope, str):
            log.info("a request of an odd shape was acknowledged and left alone")
            word = {"text": NOT_READ} if message.get("type") == "slash_commands" else {}
            await client.send_socket_mode_response(SocketModeResponse(envelope, word))

    return enqueue


def _read(text: str) -> dict[str, Any] | None:
    """A message, None for what is none."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


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
