"""Outgoing webhooks of watches: signed JSON over HTTPS, only to addresses that the guard lets through.

    POST, Content-Type: application/json
    X-Portero-Event: w-7k3fq.3.1                 the same for a delivery that is tried again
    X-Portero-Timestamp: 1732440000
    X-Portero-Signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>" with PORTERO_WEBHOOK_SECRET>

The name is resolved once, every address is judged, and the connection goes to one of those. Redirects and proxies are
not followed, the answer's body is not read. 2xx is a delivery, 408, 425, 429 and 5xx are tried again, the rest is
given up.
"""

import asyncio
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from bot.watches.addresses import Judged, judged_addresses
from bot.watches.trouble import Trouble
from commands.smtpcheck.guard import Guard
from commands.smtpcheck.lookup.resolve import Resolver
from commands.watch.events import WEBHOOK, Delivery, Posted, UndeliverableError
from commands.watch.view.alert_words import say
from commands.watch.view.plain import plain

SECONDS = 10.0
MOST_BYTES = 64 * 1024
AGAIN = frozenset({408, 425, 429})
SCHEMA = "portero.alert/1"


class RefusedError(Exception):
    """The receiver answered that it cannot take it now."""


@dataclass
class WebhookAlerts:
    """The notifier of the route `webhook`. `context` verifies the receiver's certificate and its name."""

    secret: str = field(repr=False)
    resolver: Resolver
    guard: Guard
    trouble: Trouble
    now: Callable[[], datetime]
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    route: str = WEBHOOK

    async def deliver(self, delivery: Delivery) -> Posted | None:
        """Quiet events go out only in incidents that the receiver has heard of: it could not close them otherwise."""
        event, watch = delivery.event, delivery.watch
        if watch is None or not watch.webhook or (event.quiet and not delivery.posted):
            return None
        await self.trouble.noting(event.watch, WEBHOOK, self._post(watch.webhook, event.id, document(delivery)))
        return {"last": event.id}

    async def _post(self, url: str, event_id: str, payload: dict[str, Any]) -> None:
        content = json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        if len(content) > MOST_BYTES:
            content = json.dumps({**payload, "facts": {}}, separators=(",", ":")).encode("ascii")
        status = await self._status(url, content, signed(self.secret, int(self.now().timestamp()), content, event_id))
        if 200 <= status < 300:
            return
        if status in AGAIN or status >= 500:
            raise RefusedError(str(status))
        raise UndeliverableError(f"answered_{status}")

    async def _status(self, url: str, content: bytes, headers: dict[str, str]) -> int:
        host = urlsplit(url).hostname or ""
        async with asyncio.timeout(SECONDS):
            addresses = await judged_addresses(host, self.resolver, self.guard)
            connector = TCPConnector(resolver=Judged(addresses), ssl=self.context, use_dns_cache=False)
            async with (
                ClientSession(
                    connector=connector,
                    timeout=ClientTimeout(total=SECONDS),
                    cookie_jar=DummyCookieJar(),
                    trust_env=False,
                ) as session,
                session.post(url, data=content, headers=headers, allow_redirects=False) as answer,
            ):
                return answer.status


def document(delivery: Delivery) -> dict[str, Any]:
    """What a receiver gets. `headline` is plain text; `facts` are those of `commands.watch.events`."""
    event = delivery.event
    return {
        "schema": SCHEMA,
        "id": event.id,
        "kind": event.kind,
        "incident": event.incident,
        "at": event.at.isoformat(),
        "since": event.since.isoformat(),
        "watch": event.watch,
        "watch_kind": event.watch_kind,
        "target": event.target,
        "team": event.team,
        "channel": event.channel,
        "quiet": event.quiet,
        "headline": plain(say(event, delivery.watch).headline),
        "facts": dict(event.facts),
    }


def signed(secret: str, timestamp: int, content: bytes, event_id: str) -> dict[str, str]:
    """The headers of a delivery."""
    made = hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "portero",
        "X-Portero-Event": event_id,
        "X-Portero-Timestamp": str(timestamp),
        "X-Portero-Signature": f"v1={made}",
    }
