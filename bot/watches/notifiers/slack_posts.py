"""The posts of one delivery, each made once as far as Slack lets us.

chat.postMessage takes no key that would make a second call harmless. So each post carries one as metadata (readable by
every member: it holds no secret), and a delivery that may have arrived looks for it before it posts. That needs
`channels:history` (in private channels `groups:history`), which the app does not ask for by itself: it may read whole
channels. Without it, and when Slack does not say, the post is made again, mentions nobody and says what it may be.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.codes import FAULTS, part, word_of
from bot.watches.notifiers.post import post
from commands.blocks import context
from commands.contract import Reply
from commands.watch.state.events import Delivery

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

    async def post(self, part: str, channel: str, reply: Reply, *, thread: str = "", mention: str = "") -> str:
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
        ts = await post(self.client, channel, reply, thread=thread, mention=mention, metadata=metadata)
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
        us, cursor = part(await self.client.auth_test(), "bot_id"), ""
        for _ in range(PAGES):
            page = await self._page(channel, thread, cursor)
            messages = part(page, "messages")
            found = next((one for one in messages if one.get("bot_id") == us and _key_of(one) == key), None)
            if found is not None:
                return str(found["ts"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor or (not thread and self._is_older(messages)):
                return ""
        return None

    async def _page(self, channel: str, thread: str, cursor: str) -> Any:
        """Of a channel the newest come first, of a thread the oldest."""
        asked: dict[str, Any] = {"channel": channel, "limit": PAGE, "cursor": cursor, "include_all_metadata": True}
        if thread:
            return await self.client.conversations_replies(ts=thread, **asked)
        return await self.client.conversations_history(**asked)

    def _is_older(self, messages: Sequence[Mapping[str, Any]]) -> bool:
        """Whether what follows was there before the event. One page is looked at whatever the clocks say."""
        return bool(messages) and float(messages[-1]["ts"]) < (self.delivery.event.at - SKEW).timestamp()


def _key_of(message: Mapping[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))


def _said_to_be_a_repeat(reply: Reply) -> Reply:
    return replace(
        reply, text=f"{reply.text}\n{REPEAT}", blocks=[*reply.blocks, context(REPEAT)] if reply.blocks else ()
    )
