"""What Slack calls an error, and what may go wrong with a call at all. A word of Slack is bounded before it is used."""

import re

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError


class OddAnswerError(Exception):
    """JSON in which something is missing or of another type; says what, and nothing of the answer."""


FAULTS = (SlackApiError, ClientError, TimeoutError, OddAnswerError)
"""What a call of `web_client`, and reading its answer with `records`, raises when Slack, or the way, is at fault."""

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
