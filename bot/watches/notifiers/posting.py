"""JSON to a URL that somebody typed or a service publishes, and what its answer means for a delivery.

It goes through the guarded client (`commands.smtpcheck.https`): every address is judged, no redirect or proxy is
followed, and the answer's body is not read. 2xx is a delivery, 408, 425, 429 and 5xx are tried again, the rest is given
up. A URL's path and query may be a secret: they stand in no error and no log.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.watches.notifiers.failures import NotReachedError
from bot.watches.notifiers.kind import Setup
from commands.smtpcheck.https.client import PORT, Failure, Fetched, HttpsClient, Message
from commands.smtpcheck.lookup.question import SecureResolver
from commands.watch.state.notifier import UndeliverableError

SECONDS = 10.0
AGAIN = frozenset({408, 425, 429})
OFF_LIMITS: Mapping[Failure, str] = {"forbidden": "address_not_allowed", "denied": "address_not_allowed"}
JSON: Mapping[str, str] = {"Content-Type": "application/json", "User-Agent": "portero"}


class RefusedError(Exception):
    """The receiver answered that it cannot take it now."""


@dataclass(frozen=True)
class Posting:
    """`client` decides where one may go, and who is believed to be there."""

    client: HttpsClient
    now: Callable[[], datetime]

    async def post(self, url: str, content: bytes, headers: Mapping[str, str] = JSON) -> None:
        """Raises what `Notifier.deliver` may raise."""
        fetched = await self.client.send(to_receiver(url, content, headers), at=self.now(), within=SECONDS)
        if fetched.response is not None:
            judge(fetched.response.status)
            return
        if fetched.failure in OFF_LIMITS:
            raise UndeliverableError(OFF_LIMITS[fetched.failure])
        raise NotReachedError(_code(fetched))


def posting_of(setup: Setup) -> Posting:
    """Where checks may go, webhooks may."""
    settings, prober = setup.settings, setup.prober
    ask = SecureResolver(settings.nameservers or None).ask
    return Posting(HttpsClient(ask, prober.guard, prober.store, prober.route), setup.now)


def judge(status: int) -> None:
    """What the status of an answer means."""
    if 200 <= status < 300:
        return
    if status in AGAIN or status >= 500:
        raise RefusedError(str(status))
    raise UndeliverableError(f"answered_{status}")


def as_json(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode("ascii")


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
