"""Slack's client as Portero uses it: what answers oddly is an error of Slack's.

The SDK raises whatever comes along (AttributeError, ValueError) at an answer that is no JSON object.

Policy: the session that `session` beside this file opened and no other. The SDK opens one of its own, which goes
anywhere, where the one that it was given is closed.
"""

import logging
import math
from typing import Any

from aiohttp import ClientConnectionError, ClientResponse, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.client.errors import NOT_JSON, TOO_LARGE
from bot.slack.client.retries import LONGEST_WAIT, api_retries, told_wait
from bot.slack.client.session import TooLargeError

LOGGER = logging.getLogger("slack_sdk")
"""Given to every client of the SDK: one without a level of its own writes whole URLs (see `bot.observability.log`)."""


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
        except TooLargeError:
            return _odd(200, TOO_LARGE)
        status, data = int(answer["status_code"]), answer["data"]
        if status == 429:  # the SDK's own Socket Mode client sleeps for what stands there, holding its lock
            told = min(told_wait(answer["headers"]), LONGEST_WAIT)
            answer["headers"] = {**answer["headers"], "Retry-After": str(math.ceil(told))}
        return answer if isinstance(data, dict) and data else {**_odd(status), "headers": answer["headers"]}


def _odd(status: int, word: str = NOT_JSON) -> dict[str, Any]:
    said = {"ok": False, "error": word} if status == 200 else {"ok": False}
    return {"data": said, "headers": {}, "status_code": status}


def make_client(settings: Settings, session: ClientSession) -> SlackClient:
    """One client on one shared session."""
    return SlackClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        session=session,
        logger=LOGGER,
        retry_handlers=api_retries(),
    )
