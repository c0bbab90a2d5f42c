"""Slack's Web API as Portero uses it: what is asked again, what an error is called, and answers that are read by type.

Policy: the session that `session` beside this file opened and no other. The SDK opens one of its own, which goes
anywhere, where the one that it was given is closed.

A proxy or somebody else may answer in Slack's place, with anything: an answer that is no JSON object, or lacks what is
needed, is a fault of Slack's, and a word of Slack's is bounded before it is used. The SDK raises whatever comes along
(AttributeError, ValueError), waits for as long as a server says, and repeats a chat.postMessage whose connection was
lost, which may post twice.
"""

import asyncio
import logging
import math
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from aiohttp import ClientConnectionError, ClientConnectorError, ClientError, ClientResponse, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator
from slack_sdk.http_retry.interval_calculator import RetryIntervalCalculator
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import Settings
from bot.slack.client.session import TooLargeError
from bot.slack.client.tokens import Tokens, counted
from bot.slack.client.turns import Turns


class OddAnswerError(Exception):
    """JSON in which something is missing or of another type; says what, and nothing of the answer."""


FAULTS = (SlackApiError, ClientError, TimeoutError, OddAnswerError)
"""What a call of `SlackClient`, and reading its answer by `read`, raises when Slack, or the way, is at fault."""

NOT_JSON = "not_json"
"""Our word for an answer of status 200 that is no JSON object."""

ODD = "odd_answer"
"""Our word for JSON of a wrong shape."""

TOO_LARGE = "too_large"
"""Our word for an answer that is larger than Slack's ever are (`bot.slack.client.session`)."""

PASSING = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
    | {NOT_JSON, ODD, TOO_LARGE}
)
"""What Slack says when it may take the same a little later."""

_WORD = re.compile(r"[a-z0-9_]{1,60}")


def code_of(error: SlackApiError) -> str:
    """Slack's word for it, such as `not_in_channel`; `HTTP 502` where the answer has none, as from a proxy."""
    data, status = error.response.data, error.response.status_code
    said = data.get("error") if isinstance(data, dict) else None
    return said if isinstance(said, str) and _WORD.fullmatch(said) else f"HTTP {status}"


def word_of(error: BaseException) -> str:
    """The code, or the name of what happened to the connection."""
    if isinstance(error, SlackApiError):
        return code_of(error)
    return ODD if isinstance(error, OddAnswerError) else type(error).__name__


def passes(word: str) -> bool:
    """Whether Slack may take it a little later: `HTTP 503` and the names of lost connections are no codes of Slack."""
    return word in PASSING or word[:1].isupper()


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Record:
    """An object of an answer. Every reader raises OddAnswerError; null is as good as nothing."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Empty where there is none."""
        return self._read(name, str) or ""

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        found = self.text(name)
        if not found:
            raise OddAnswerError(f"there is no {name} in the answer")
        return found

    def flag(self, name: str) -> bool:
        return self._read(name, bool) or False

    def record(self, name: str) -> "Record":
        """Empty where there is none."""
        return Record(self._read(name, dict) or {})

    def records(self, name: str) -> list["Record"]:
        """A list that has to be there."""
        found = self._read(name, list)
        if found is None or not all(isinstance(one, dict) for one in found):
            raise OddAnswerError(f"{name} in the answer is no list of objects")
        return [Record(one) for one in found]

    def texts(self, name: str) -> list[str]:
        """A list of texts that has to be there."""
        found = self._read(name, list)
        if found is None or not all(isinstance(one, str) for one in found):
            raise OddAnswerError(f"{name} in the answer is no list of texts")
        return found

    def cursor(self) -> str:
        """Where the next page begins; empty on the last one."""
        return self.record("response_metadata").text("next_cursor")

    def _read(self, name: str, kind: type[Found]) -> Found | None:
        found = self.fields.get(name)
        if found is None or isinstance(found, kind):
            return found
        raise OddAnswerError(f"{name} in the answer is of another type")


def read(answer: AsyncSlackResponse) -> Record:
    """An answer of the Web API."""
    return Record(answer.data if isinstance(answer.data, dict) else {})


LONGEST_WAIT = 30.0
"""Seconds that are waited for when Slack says so; told to wait for longer, another way is looked for."""

LONGEST_WAIT_TO_ANSWER = 30 * 60.0
"""The same of an answer to somebody: as long as a `response_url` lives. One that comes late is better than none."""

LONGEST_CALL = 40.0
"""Seconds for a call, with what is tried again of it, once it is its turn."""

UNTOLD_WAIT = 1.0
"""Seconds, when it is not understood for how long."""

PAUSES: RetryIntervalCalculator = BackoffRetryIntervalCalculator()
"""How long is waited before something is tried again."""

READS = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "files.info",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.info",
    }
)
HARMLESS_TWICE = READS | {"chat.update", "conversations.open", "views.publish", "views.update"}
"""Methods that come to the same when they are carried out twice."""


def api_retries() -> list[AsyncRetryHandler]:
    """For the Web API, where who is refused for the rate waits for its turn (`turns`)."""
    return [kind(interval_calculator=PAUSES) for kind in (ConnectionFailed, ConnectionLost, ServerErrors)]


def hook_retries() -> list[AsyncRetryHandler]:
    """For a response_url: an answer that came twice is better than none."""
    return [
        AsyncConnectionErrorRetryHandler(interval_calculator=PAUSES),
        RateLimited(max_retry_count=MOST_TRIES, interval_calculator=PAUSES),
    ]


MOST_TRIES = 20
"""How often a response_url is tried that says 429; how long is for whoever tries to say."""


class ConnectionFailed(AsyncConnectionErrorRetryHandler):
    """A connection that did not come about: any call may be made again."""

    async def _can_retry_async(self, *, error: Exception | None = None, **_: Any) -> bool:
        return isinstance(error, ClientConnectorError)


class ConnectionLost(AsyncConnectionErrorRetryHandler):
    """A connection that was lost: Slack may have done what it was asked."""

    async def _can_retry_async(self, *, request: HttpRequest, error: Exception | None = None, **more: Any) -> bool:
        again = _method(request) in HARMLESS_TWICE
        return again and await super()._can_retry_async(request=request, error=error, **more)


class ServerErrors(AsyncServerErrorRetryHandler):
    """5xx (the SDK: 500 and 503) of what only reads."""

    async def _can_retry_async(self, *, request: HttpRequest, response: HttpResponse | None = None, **_: Any) -> bool:
        return response is not None and response.status_code >= 500 and _method(request) in READS


class RateLimited(AsyncRateLimitErrorRetryHandler):
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


LOGGER = logging.getLogger("slack_sdk")
"""Given to every client of the SDK: one without a level of its own writes whole URLs (see `bot.observability.log`)."""


class SlackClient(AsyncWebClient):
    """Raises SlackApiError, ClientError or TimeoutError and nothing else, whatever answers.

    What each call came to is counted, and what it says of our tokens is kept in `tokens`. `turns` says when it may be
    made, and `patience` for how many seconds that is waited for.
    """

    tokens: Tokens
    turns: Turns
    patience: float = LONGEST_WAIT

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        method = api_url.rpartition("/")[2]

        async def ask() -> dict[str, Any]:
            async with asyncio.timeout(LONGEST_CALL):
                return await self._asked(http_verb=http_verb, api_url=api_url, req_args=req_args)

        try:
            answer = await self.turns.served(_place(method, req_args), ask, self.patience)
        except Exception as error:
            counted(method, word_of(error))
            raise
        if answer["status_code"] == 429:  # the SDK's own Socket Mode client sleeps for what stands there
            told = min(told_wait(answer["headers"]), LONGEST_WAIT)
            answer["headers"] = {**answer["headers"], "Retry-After": str(math.ceil(told))}
        code = _code_in(answer)
        counted(method, code)
        self.tokens.heard(method, code)
        return answer

    async def _asked(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        """The SDK's own way of a request, with an answer that is a dict; it is empty where there was none."""
        if self.session is None or self.session.closed:
            raise ClientConnectionError("the session is closed")
        try:
            answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        except SlackApiError as error:
            return _odd(error.response.status if isinstance(error.response, ClientResponse) else 200)
        except (UnicodeDecodeError, LookupError, RecursionError):  # bytes, a charset or a depth that nobody reads
            return _odd(200)
        except TooLargeError:
            return _odd(200, TOO_LARGE)
        status, data = int(answer["status_code"]), answer["data"]
        return answer if isinstance(data, dict) and data else {**_odd(status), "headers": answer["headers"]}


def _place(method: str, req_args: Mapping[str, Any]) -> str:
    """Where its rate counts: messages are counted for each channel, everything else by the method."""
    sent = req_args.get("json")
    channel = sent.get("channel") if method == "chat.postMessage" and isinstance(sent, dict) else ""
    return f"{method} {channel}".strip()


def _code_in(answer: Mapping[str, Any]) -> str:
    """Slack's word for what went wrong; empty for nothing, `unnamed` where it gives none."""
    data = answer["data"]
    if not isinstance(data, dict) or data.get("ok") is True:
        return ""
    said = data.get("error")
    return said if isinstance(said, str) and _WORD.fullmatch(said) else "unnamed"


def _odd(status: int, word: str = NOT_JSON) -> dict[str, Any]:
    said = {"ok": False, "error": word} if status == 200 else {"ok": False}
    return {"data": said, "headers": {}, "status_code": status}


def make_client(settings: Settings, session: ClientSession) -> SlackClient:
    """One client on one shared session."""
    client = SlackClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        session=session,
        logger=LOGGER,
        retry_handlers=api_retries(),
    )
    client.tokens = Tokens()
    client.turns = Turns(lambda answer: told_wait(answer["headers"]))
    return client


def patient(client: SlackClient) -> SlackClient:
    """The same for answers to people, in the same lines."""
    answering = copy(client)
    answering.patience = LONGEST_WAIT_TO_ANSWER
    return answering
