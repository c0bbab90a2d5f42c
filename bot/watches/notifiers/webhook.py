"""Outgoing webhooks of watches: signed JSON over HTTPS, only to addresses that the guard lets through.

    POST, Content-Type: application/json
    X-Portero-Event: w-7k3fq.3.1                 the same for a delivery that is tried again
    X-Portero-Timestamp: 1732440000
    X-Portero-Signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>" with PORTERO_WEBHOOK_SECRET>

They go through the guarded client (`commands.smtpcheck.https`): every address is judged, no redirect or proxy is
followed, and the answer's body is not read. 2xx is a delivery, 408, 425, 429 and 5xx are tried again, the rest is given
up. A URL's path and query may be a secret: they stand in no error and no log.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.watches.notifiers.failures import NotReachedError
from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from commands.contract import UserError
from commands.slack_text import escape
from commands.smtpcheck.https.client import PORT, Failure, Fetched, HttpsClient, Message
from commands.smtpcheck.lookup.question import SecureResolver
from commands.watch.state.notifier import Delivery, Posted, UndeliverableError
from commands.watch.state.routes import Route
from commands.watch.view.alert_words import facts_in_words, text_of
from commands.watch.view.plain_text import plain

SECONDS = 10.0
MOST_BYTES = 64 * 1024
AGAIN = frozenset({408, 425, 429})
SCHEMA = "portero.alert/2"
LONGEST_URL = 500
OFF_LIMITS: Mapping[Failure, str] = {"forbidden": "address_not_allowed", "denied": "address_not_allowed"}


class RefusedError(Exception):
    """The receiver answered that it cannot take it now."""


@dataclass
class WebhookAlerts:
    """The notifier of the route `webhook`. `client` decides where one may go, and who is believed to be there."""

    secret: str = field(repr=False)
    client: HttpsClient
    now: Callable[[], datetime]
    route: str = "webhook"

    async def deliver(self, delivery: Delivery) -> Posted | None:
        """Quiet events go out only in incidents that the receiver has heard of: it could not close them otherwise."""
        event = delivery.event
        if event.quiet and not delivery.posted:
            return None
        [url] = delivery.to(self.route)
        await self._post(url, event.id, document(delivery))
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
        """Raises `UndeliverableError` for an address that is off limits, `NotReachedError` without an answer."""
        message = to_receiver(url, content, headers)
        fetched = await self.client.send(message, at=self.now(), within=SECONDS)
        if fetched.response is not None:
            return fetched.response.status
        if fetched.failure in OFF_LIMITS:
            raise UndeliverableError(OFF_LIMITS[fetched.failure])
        raise NotReachedError(_code(fetched))


def to_receiver(url: str, content: bytes, headers: Mapping[str, str]) -> Message:
    """The request to a webhook's URL, of whose answer the head is read. Raises `UndeliverableError` for a bad URL."""
    try:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        port = parts.port or PORT
        return Message(parts.hostname or "", target, port, "POST", fields=headers, content=content, most=0)
    except ValueError:
        raise UndeliverableError("bad_url") from None


def _code(fetched: Fetched) -> str:
    """Why nothing was answered: codes only, no words of the other side."""
    return fetched.detail if fetched.failure == "certificate" else fetched.failure


def document(delivery: Delivery) -> dict[str, Any]:
    """What a receiver gets. `headline` is plain text; `facts` are those of `commands.watch.state.events`."""
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
        "headline": plain(text_of(event, delivery.watch).headline),
        "facts": facts_in_words(event.facts),
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


_URL = re.compile(r"(?:https|HTTPS)://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::([0-9]{1,5}))?(?:[/?][!-~]*)?")


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The URL that the words begin with."""
    found = _URL.fullmatch(words[0])
    if found is None or len(words[0]) > LONGEST_URL or not 0 < int(found[1] or PORT) < 65536:
        raise UserError(
            "A webhook is an https URL without a login.", "Type `webhook https://hooks.example.com/portero`."
        )
    return (words[0],), 1


def shown(urls: tuple[str, ...]) -> str:
    """The host alone: the path often holds a secret."""
    return f"Webhook {escape('/'.join(urls[0].split('/', 3)[:3]), 200)}"


def make(setup: Setup) -> WebhookAlerts:
    settings, prober = setup.settings, setup.prober
    ask = SecureResolver(settings.nameservers or None).ask
    client = HttpsClient(ask, prober.guard, prober.store, prober.route)
    return WebhookAlerts(settings.webhook_secret, client, setup.now)


def is_set_up(settings: Settings) -> bool:
    return bool(settings.webhook_secret)


WEBHOOK = NotifierKind(
    Route(
        name="webhook",
        label="Also to a webhook",
        example="https://hooks.example.com/portero",
        read=read,
        shown=shown,
        not_set_up="Webhooks are not set up here.",
        remedy="Whoever runs Portero sets PORTERO_WEBHOOK_SECRET.",
    ),
    is_set_up,
    make,
)
