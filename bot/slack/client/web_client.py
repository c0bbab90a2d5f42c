"""Slack's client as Portero uses it: what answers oddly is an error of Slack's, and what is asked again is harmless.

The SDK raises whatever comes along (AttributeError, ValueError) at an answer that is no JSON object, waits for as long
as a server says, and repeats a chat.postMessage whose connection was lost, which may post twice.

Policy: the session that `session` beside this file opened and no other. The SDK opens one of its own, which goes
anywhere, where the one that it was given is closed.
"""

import asyncio
import logging
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientConnectionError, ClientConnectorError, ClientResponse, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.client.errors import NOT_JSON

LOGGER = logging.getLogger("slack_sdk")
"""Given to every client of the SDK: one without a level of its own writes whole URLs (see `bot.observability.log`)."""

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


class SlackClient(AsyncWebClient):
    """Raises SlackApiError, ClientError or TimeoutError and nothing else, whatever answers."""

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        """The SDK's own way of a request, with an answer that is a dict; it is empty where there was none."""
        if self.session is None or self.session.closed:
            raise ClientConnectionError("the session is closed")
        try:
            answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        except SlackApiError as error:
            return _odd(error.response.status if isinstance(error.response, ClientResponse) else 200)
        except (UnicodeDecodeError, LookupError, RecursionError):  # bytes, a charset or a depth that nobody reads
            return _odd(200)
        status, data = int(answer["status_code"]), answer["data"]
        if status == 429:  # the SDK's own Socket Mode client sleeps for what stands there, holding its lock
            told = min(_told(answer["headers"]), LONGEST_WAIT)
            answer["headers"] = {**answer["headers"], "Retry-After": str(math.ceil(told))}
        return answer if isinstance(data, dict) and data else {**_odd(status), "headers": answer["headers"]}


def _odd(status: int) -> dict[str, Any]:
    said = {"ok": False, "error": NOT_JSON} if status == 200 else {"ok": False}
    return {"data": said, "headers": {}, "status_code": status}


def make_client(settings: Settings, session: ClientSession) -> SlackClient:
    """One client on one shared session."""
    return SlackClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        session=session,
        logger=LOGGER,
        retry_handlers=[NeverSent(), Lost(), ServerErrors(), Limited(max_retry_count=2)],
    )


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
        return response is not None and response.status_code == 429 and _told(response.headers) <= LONGEST_WAIT

    async def prepare_for_next_attempt_async(
        self, *, state: RetryState, response: HttpResponse | None = None, **_: Any
    ) -> None:
        state.next_attempt_requested = True
        told = _told(response.headers) if response is not None else UNTOLD_WAIT
        await asyncio.sleep(told + self.interval_calculator.calculate_sleep_duration(state.current_attempt))
        state.increment_current_attempt()


def _method(request: HttpRequest) -> str:
    return request.url.partition("?")[0].rpartition("/")[2]


def _told(headers: Mapping[str, Any]) -> float:
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
