"""What of Slack is asked again: a call that never arrived, one that does no harm twice, and a 429, after a wait.

The SDK waits for as long as a server says, and repeats a chat.postMessage whose connection was lost, which may post
twice.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientConnectorError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

LONGEST_WAIT = 30.0
"""Seconds that are waited for when Slack says so; told to wait for longer, another way is looked for."""

UNTOLD_WAIT = 1.0
"""Seconds, when it is not understood for how long."""

READS = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "files.info",
        "usergroups.list",
        "users.conversations",
        "users.info",
    }
)
HARMLESS_TWICE = READS | {"chat.update", "conversations.open", "views.publish", "views.update"}
"""Methods that come to the same when they are carried out twice."""


def api_retries() -> list[AsyncRetryHandler]:
    """For the Web API."""
    return [NeverSent(), Lost(), ServerErrors(), Limited(max_retry_count=2)]


def hook_retries() -> list[AsyncRetryHandler]:
    """For a response_url: an answer that came twice is better than none."""
    return [AsyncConnectionErrorRetryHandler(), Limited(max_retry_count=2)]


class NeverSent(AsyncConnectionErrorRetryHandler):
    """A connection that did not come about: any call may be made again."""

    async def _can_retry_async(self, *, error: Exception | None = None, **_: Any) -> bool:
        return isinstance(error, ClientConnectorError)


class Lost(AsyncConnectionErrorRetryHandler):
    """A connection that was lost: Slack may have done what it was asked."""

    async def _can_retry_async(self, *, request: HttpRequest, error: Exception | None = None, **more: Any) -> bool:
        again = _method(request) in HARMLESS_TWICE
        return again and await super()._can_retry_async(request=request, error=error, **more)


class ServerErrors(AsyncServerErrorRetryHandler):
    """5xx (the SDK: 500 and 503) of what only reads."""

    async def _can_retry_async(self, *, request: HttpRequest, response: HttpResponse | None = None, **_: Any) -> bool:
        return response is not None and response.status_code >= 500 and _method(request) in READS


class Limited(AsyncRateLimitErrorRetryHandler):
    """429, unless Slack wants us to wait for too long."""

    async def _can_retry_async(self, *, response: HttpResponse | None = None, **_: Any) -> bool:
        return response is not None and response.status_code == 429 and told_wait(response.headers) <= LONGEST_WAIT

    async def prepare_for_next_attempt_async(
        self, *, state: RetryState, response: HttpResponse | None = None, **_: Any
    ) -> None:
        state.next_attempt_requested = True
        told = told_wait(response.headers) if response is not None else UNTOLD_WAIT
        await asyncio.sleep(told + self.interval_calculator.calculate_sleep_duration(state.current_attempt))
        state.increment_current_attempt()


def _method(request: HttpRequest) -> str:
    return request.url.partition("?")[0].rpartition("/")[2]


def told_wait(headers: Mapping[str, Any]) -> float:
    """Seconds that an answer wants us to wait."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return seconds_to_wait(str(told[0] if isinstance(told, list) else told), datetime.now(UTC))


def seconds_to_wait(header: str, now: datetime) -> float:
    """A `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). What is neither, or missing, is `UNTOLD_WAIT`."""
    if re.fullmatch(r"[0-9]+", header):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return UNTOLD_WAIT
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
