"""Posts of watches in Slack: what is too large is made smaller, and no broadcast ever leaves.

The mention of an alert is put in after everything else was defused, from an id that is checked by its shape.
"""

import re
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.codes import code_of, part
from bot.doors import CONTENT_ERRORS, QUIET
from bot.shrink import ladder
from commands.contract import Reply

PLACE = "\ue000"
"""Stands for the mention while a message is defused: a private-use character that remote text cannot bring along."""

_PERSON, _GROUP = re.compile(r"[UW][A-Z0-9]{2,40}"), re.compile(r"S[A-Z0-9]{2,40}")


def mention_of(notify: str) -> str:
    """What mentions a person or a user group, from its id; nothing for what is neither."""
    if _PERSON.fullmatch(notify):
        return f"<@{notify}>"
    return f"<!subteam^{notify}>" if _GROUP.fullmatch(notify) else ""


async def post(
    client: AsyncWebClient, channel: str, reply: Reply, *, thread: str = "", mention: str = "", **more: Any
) -> str:
    """Post a message; its ts. Raises what Slack's client raises. `more` goes to chat.postMessage as it is."""
    where = {**more, "thread_ts": thread} if thread else more
    answer = await _first_taken(client.chat_postMessage, reply, mention, channel=channel, **where, **QUIET)
    return str(part(answer, "ts"))


async def rewrite(client: AsyncWebClient, channel: str, ts: str, reply: Reply) -> None:
    """Edit a message in place. Edits mention nobody."""
    await _first_taken(client.chat_update, reply, "", channel=channel, ts=ts)


async def _first_taken(method: Any, reply: Reply, mention: str, **arguments: Any) -> Any:
    bodies = list(ladder(reply.text, reply.blocks))
    for number, body in enumerate(bodies, start=1):
        try:
            return await method(**arguments, **_filled(body, mention))
        except SlackApiError as error:
            if number == len(bodies) or code_of(error) not in CONTENT_ERRORS:
                raise
    raise AssertionError("a ladder has a last step")


def _filled(value: Any, mention: str) -> Any:
    """The same with the mention in its place; where there is none, the place goes with the blank before it."""
    if isinstance(value, list):
        return [_filled(item, mention) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, mention) for key, item in value.items()}
    if not isinstance(value, str) or PLACE not in value:
        return value
    return value.replace(PLACE, mention) if mention else value.replace(f" {PLACE}", "").replace(PLACE, "")
