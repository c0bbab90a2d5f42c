"""Posts of watches in Slack: made smaller where they are too large, without a broadcast, each once if Slack lets us.

The mention of an alert is put in after everything else was defused, from an id that is checked by its shape.

chat.postMessage takes no key that would make a second call harmless. So each post carries one as metadata (readable by
every member: it holds no secret), and a delivery that may have arrived looks for it before it posts. That needs
`channels:history` (in private channels `groups:history`), which the app does not ask for by itself: it may read whole
channels. Without it, and when Slack does not say, the post is made again, mentions nobody and says what it may be.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, OddAnswerError, Record, code_of, read, word_of
from bot.slack.replies.messages import CONTENT_ERRORS, QUIET, fallbacks
from commands.blocks import context
from commands.contract import Reply
from commands.watch.state.notifier import Delivery

PLACE = "\ue000"
"""Stands for the mention while a message is defused: a private-use character that remote text cannot bring along."""

_TS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
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
    return read(answer).needed("ts")


async def rewrite(client: AsyncWebClient, channel: str, ts: str, reply: Reply) -> None:
    """Edit a message in place. Edits mention nobody."""
    await _first_taken(client.chat_update, reply, "", channel=channel, ts=ts)


async def _first_taken(method: Any, reply: Reply, mention: str, **arguments: Any) -> Any:
    bodies = list(fallbacks(reply.text, reply.blocks))
    for number, body in enumerate(bodies, start=1):
        try:
            return await method(**arguments, **_filled(body, mention))
        except SlackApiError as error:
            if number == len(bodies) or code_of(error) not in CONTENT_ERRORS:
                raise
    raise AssertionError("the fallbacks have a last step")


def _filled(value: Any, mention: str) -> Any:
    """The same with the mention in its place; where there is none, the place goes with the blank before it."""
    if isinstance(value, list):
        return [_filled(item, mention) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, mention) for key, item in value.items()}
    if not isinstance(value, str) or PLACE not in value:
        return value
    return value.replace(PLACE, mention) if mention else value.replace(f" {PLACE}", "").replace(PLACE, "")


log = logging.getLogger(__name__)

EVENT_TYPE = "portero_alert"
REPEAT = ":repeat: This may be a repeat: Portero was interrupted while it posted."

PAGE, PAGES = 100, 5
"""How much is looked through at most, the newest first; it ends where the event began."""

SECONDS = 10.0
"""For looking, also when Slack wants us to wait: an alert is not held back for longer."""

SKEW = timedelta(minutes=10)
"""How far our clock may be ahead of Slack's."""


@dataclass
class Posts:
    """The posts of `delivery`. `made`: at least one of them was made by this attempt."""

    client: AsyncWebClient
    delivery: Delivery
    made: bool = False
    _new: set[str] = field(default_factory=set)

    async def post(
        self, part: str, channel: str, reply: Reply, *, thread: str = "", mention: str = "", **more: Any
    ) -> str:
        """Make a post, or find the one that an earlier attempt made; its ts. `part` tells the posts of an event apart.

        Raises what Slack's client raises for the post itself.
        """
        key = f"{self.delivery.event.id}/{part}"
        if self.delivery.unsure and thread not in self._new:
            found = await self._find(key, channel, thread)
            if found:
                return found
            if found is None:
                reply, mention = _said_to_be_a_repeat(reply), ""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        ts = await post(self.client, channel, reply, thread=thread, mention=mention, metadata=metadata, **more)
        self.made = True
        self._new.add(ts)
        return ts

    async def _find(self, key: str, channel: str, thread: str) -> str | None:
        """The ts of the post with this key; "" when there is none, None when Slack does not let us know."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._looked_through(key, channel, thread)
        except FAULTS as error:
            log.info("whether an alert was posted already could not be looked up: %s", word_of(error))
        return None

    async def _looked_through(self, key: str, channel: str, thread: str) -> str | None:
        us, cursor = read(await self.client.auth_test()).needed("bot_id"), ""
        for _ in range(PAGES):
            page = await self._page(channel, thread, cursor)
            messages = page.records("messages")
            found = next((one for one in messages if one.text("bot_id") == us and _key_of(one) == key), None)
            if found is not None:
                return found.needed("ts")
            cursor = page.cursor()
            if not cursor or (not thread and self._is_older(messages)):
                return ""
        return None

    async def _page(self, channel: str, thread: str, cursor: str) -> Record:
        """Of a channel the newest come first, of a thread the oldest."""
        asked: dict[str, Any] = {"channel": channel, "limit": PAGE, "cursor": cursor, "include_all_metadata": True}
        if thread:
            return read(await self.client.conversations_replies(ts=thread, **asked))
        return read(await self.client.conversations_history(**asked))

    def _is_older(self, messages: Sequence[Record]) -> bool:
        """Whether what follows was there before the event. One page is looked at whatever the clocks say."""
        return bool(messages) and _seconds(messages[-1].needed("ts")) < (self.delivery.event.at - SKEW).timestamp()


def _seconds(ts: str) -> float:
    """When a message was posted, since 1970."""
    if not _TS.fullmatch(ts):
        raise OddAnswerError("a message without a time")
    return float(ts)


def _key_of(message: Record) -> str:
    return message.record("metadata").record("event_payload").text("key")


def _said_to_be_a_repeat(reply: Reply) -> Reply:
    return replace(
        reply, text=f"{reply.text}\n{REPEAT}", blocks=[*reply.blocks, context(REPEAT)] if reply.blocks else ()
    )
