"""What Slack calls an error, and what may go wrong with a call at all. A word of Slack is bounded before it is used."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

FAULTS = (SlackApiError, ClientError, TimeoutError)
"""What a call of `bot.slack.client.web_client` raises when Slack, or the way to it, is at fault."""

NOT_JSON = "not_json"
"""Our word for an answer of status 200 that is no JSON object, or lacks what belongs in it."""

TOO_LARGE = "too_large"
"""Our word for an answer that is larger than Slack's ever are (`bot.slack.client.session`)."""

PASSING = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
    | {NOT_JSON, TOO_LARGE}
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
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


def passes(word: str) -> bool:
    """Whether Slack may take it a little later: `HTTP 503` and the names of lost connections are no codes of Slack."""
    return word in PASSING or word[:1].isupper()


def part(answer: AsyncSlackResponse, *names: str) -> Any:
    """What stands under these names. SlackApiError (`not_json`) where it lacks: somebody else than Slack answers."""
    found: Any = answer
    for name in names:
        found = found.get(name) if isinstance(found, Mapping | AsyncSlackResponse) else None
    if found is None:
        answer.data = {"ok": False, "error": NOT_JSON}
        raise SlackApiError(f"no {'.'.join(names)} in the answer", answer)  # type: ignore[no-untyped-call]
    return found
