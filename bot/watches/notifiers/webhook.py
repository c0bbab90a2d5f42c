"""Outgoing webhooks of watches: signed JSON over HTTPS, only to addresses that the guard lets through.

    POST, Content-Type: application/json
    X-Portero-Event: w-7k3fq.3.1                 the same for a delivery that is tried again
    X-Portero-Timestamp: 1732440000
    X-Portero-Signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>" with PORTERO_WEBHOOK_SECRET>

Where they may go, and what an answer means: `posting`.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.watches.notifiers.kind import NotifierKind, Settings, Setup
from bot.watches.notifiers.posting import JSON, Posting, as_json, posting_of
from commands.contract import UserError
from commands.slack_text import escape
from commands.smtpcheck.https.client import PORT
from commands.watch.state.notifier import Delivery, Posted
from commands.watch.state.routes import Route
from commands.watch.view.alert_words import facts_in_words, text_of
from commands.watch.view.plain_text import plain

MOST_BYTES = 64 * 1024
SCHEMA = "portero.alert/2"
LONGEST_URL = 500


@dataclass
class WebhookAlerts:
    """The notifier of the route `webhook`."""

    secret: str = field(repr=False)
    posting: Posting
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
        content = as_json(payload)
        if len(content) > MOST_BYTES:
            content = as_json({**payload, "facts": {}})
        await self.posting.post(url, content, signed(self.secret, int(self.now().timestamp()), content, event_id))


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
        **JSON,
        "X-Portero-Event": event_id,
        "X-Portero-Timestamp": str(timestamp),
        "X-Portero-Signature": f"v1={made}",
    }


_URL = re.compile(r"(?:https|HTTPS)://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::([0-9]{1,5}))?(?:[/?][!-~]*)?")


def is_url(word: str) -> bool:
    """An https URL of a host by its name, without a login."""
    found = _URL.fullmatch(word)
    return found is not None and len(word) <= LONGEST_URL and 0 < int(found[1] or PORT) < 65536


def read(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The URL that the words begin with."""
    if not is_url(words[0]):
        raise UserError(
            "A webhook is an https URL without a login.", "Type `webhook https://hooks.example.com/portero`."
        )
    return (words[0],), 1


def shown(urls: tuple[str, ...]) -> str:
    """The host alone: the path often holds a secret."""
    return f"Webhook {host_of(urls[0])}"


def host_of(url: str) -> str:
    """`https://hooks.example.com`, as mrkdwn."""
    return escape("/".join(url.split("/", 3)[:3]), 200)


def make(setup: Setup) -> WebhookAlerts:
    return WebhookAlerts(setup.settings.webhook_secret, posting_of(setup), setup.now)


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
