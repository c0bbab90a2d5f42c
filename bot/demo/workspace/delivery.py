"""Signed HTTP delivery to a request URL, and requests that a receiver must refuse.

Signature: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>` with the signing secret (docs.slack.dev,
authentication/verifying-requests-from-slack). Timestamps are real time: the receiver has its own clock.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlencode

import aiohttp

from bot.demo.workspace.clock import Clock
from bot.demo.workspace.model import Payload

T = TypeVar("T")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a delivery ended: `error` is empty when it was acknowledged; `payload` is what came with that."""

    error: str = ""
    payload: Payload = field(default_factory=dict)
    seconds: float | None = None
    status: int = 0
    no_retry: bool = False


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that can be sent any number of times."""

    body: str
    headers: dict[str, str]


async def within(clock: Clock, seconds: float, work: Awaitable[T]) -> T | None:
    """The result of `work`, or None when the clock reaches `seconds` first; then `work` is cancelled."""
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        timer.cancel()
        task.cancel()


def signature(secret: str, timestamp: int, body: str) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


class HttpDelivery:
    """Delivers to `url` as Slack does: forms for commands and interactions, JSON for events."""

    def __init__(self, clock: Clock, signing_secret: str, ack_seconds: float) -> None:
        self.url = ""
        self._clock, self._secret, self._ack_seconds = clock, signing_secret, ack_seconds
        self._session: aiohttp.ClientSession | None = None

    def signed(self, kind: str, payload: Payload, *, at: float | None = None, secret: str = "") -> SignedRequest:
        """A request as Slack would send it; `at` (epoch seconds) makes it stale, another `secret` makes it forged."""
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), FORM
        stamp = int(time.time() if at is None else at)
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(stamp),
            "X-Slack-Signature": signature(secret or self._secret, stamp, body),
        }
        return SignedRequest(body, headers)

    async def send(self, request: SignedRequest) -> tuple[int, str]:
        """Status and body. Sending the same request twice is a replay."""
        session = self._session = self._session or aiohttp.ClientSession()
        async with session.post(self.url, data=request.body.encode(), headers=request.headers) as response:
            return response.status, await response.text()

    async def deliver(self, kind: str, payload: Payload, attempt: int = 0, reason: str = "") -> Answer:
        """Delivers once and waits for the ack: `operation_timeout` after 3 s, `dispatch_failed` for any but 2xx."""
        request = self.signed(kind, payload)
        if attempt:
            more = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
            request = replace(request, headers=request.headers | more)
        begun = time.perf_counter()
        try:
            result = await within(self._clock, self._ack_seconds, self._posted(request))
        except aiohttp.ClientError:
            return Answer("dispatch_failed")
        if result is None:
            return Answer("operation_timeout")
        status, payload_back, no_retry = result
        error = "" if 200 <= status < 300 else "dispatch_failed"
        seconds = None if error else time.perf_counter() - begun
        return Answer(error, payload_back, seconds, status, no_retry)

    async def verify_url(self) -> bool:
        """The `url_verification` handshake of the settings page: the challenge must come back."""
        challenge = secrets.token_hex(16)
        body = {"type": "url_verification", "token": "deprecated", "challenge": challenge}
        status, text = await self.send(self.signed("events_api", body))
        return status == 200 and challenge in text

    async def ssl_check(self) -> int:
        """The status that answers a signed `ssl_check`."""
        status, _ = await self.send(self.signed("slash_commands", {"ssl_check": "1", "token": "deprecated"}))
        return status

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _posted(self, request: SignedRequest) -> tuple[int, Payload, bool]:
        session = self._session = self._session or aiohttp.ClientSession()
        async with session.post(self.url, data=request.body.encode(), headers=request.headers) as response:
            text = await response.text()
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            return response.status, _payload(text, response.content_type), no_retry


def _payload(text: str, content_type: str) -> Payload:
    """The body of an ack: a JSON object, or plain text that is taken as the message."""
    if content_type == "application/json":
        decoded = json.loads(text or "{}")
        return decoded if isinstance(decoded, dict) else {}
    return {"text": text} if text.strip() else {}
