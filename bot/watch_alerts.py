"""Alerts in Slack: one message for each incident, edited in place; its thread has the details and the end.

Only whom the watch names is mentioned, once for each incident and again when a quiet has ended; an edit mentions
nobody. What cannot be posted any more is told the owner by direct message, and the courier pauses the watch.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.codes import code_of
from bot.watch_desk import word_of
from bot.watch_post import PLACE, mention_of, post, rewrite
from commands.contract import Reply
from commands.watch.alert_view import alert, details, digest
from commands.watch.alert_words import ending, say
from commands.watch.events import SLACK, Delivery, Event, Posted, UndeliverableError

log = logging.getLogger(__name__)

FOR_GOOD = frozenset(
    {"not_in_channel", "channel_not_found", "is_archived", "account_inactive", "restricted_action", "no_permission"}
)
"""What trying again does not change: archived, removed, not allowed there."""

NO_MESSAGE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
POSTS = frozenset({"opened", "refired", "cannot_see", "certificate_ends", "dns_changed", "digest"})
ENDS = frozenset({"recovered", "sees_again", "certificate_renewed"})
SILENT = frozenset({"cannot_see"})
"""A notice about our own network mentions nobody."""


@dataclass
class SlackAlerts:
    """The notifier of the route `slack`."""

    client: AsyncWebClient
    now: Callable[[], datetime]
    route: str = SLACK

    async def deliver(self, delivery: Delivery) -> Posted | None:
        try:
            return await self._deliver(delivery)
        except SlackApiError as error:
            code = code_of(error)
            if code not in FOR_GOOD:
                raise
            await self._tell_owner(delivery, code)
            raise UndeliverableError(code) from error

    async def _deliver(self, delivery: Delivery) -> Posted | None:
        event, posted = delivery.event, delivery.posted
        if event.quiet:
            return await self._edited(delivery, posted) if posted else None
        if event.kind == "refired" or not posted:
            return await self._posted(delivery) if event.kind in POSTS | ENDS else None
        after = await self._edited(delivery, posted)
        if event.kind in ENDS or event.kind == "certificate_ends":
            await self._reply(delivery, after or posted)
        return after

    async def _posted(self, delivery: Delivery) -> Posted:
        """A new message, with the mention. The one that it follows says that it goes on below."""
        event, watch, old = delivery.event, delivery.watch, delivery.posted
        mention = mention_of(watch.notify) if watch is not None and event.kind not in SILENT | ENDS else ""
        reply = digest(event) if event.kind == "digest" else alert(event, watch, self.now(), mention=PLACE)
        ts = await post(self.client, event.channel, reply, mention=mention)
        if old:
            await self._try_rewrite(old, alert(event, watch, self.now(), superseded=True))
        below = details(event, watch)
        if below is not None and event.kind in {"opened", "refired"}:
            await self._try_below(event.channel, ts, below)
        return {"channel": event.channel, "ts": ts}

    async def _edited(self, delivery: Delivery, posted: Posted) -> Posted | None:
        """The same message, as it is now. One that somebody deleted is posted anew, unless that has to be quiet."""
        reply = alert(delivery.event, delivery.watch, self.now())
        try:
            await rewrite(self.client, posted["channel"], posted["ts"], reply)
        except SlackApiError as error:
            if code_of(error) not in NO_MESSAGE:
                raise
            if delivery.event.quiet or delivery.event.kind == "closed":
                return None
            ts = await post(self.client, delivery.event.channel, reply)
            return {"channel": delivery.event.channel, "ts": ts}
        return None

    async def _reply(self, delivery: Delivery, posted: Posted) -> None:
        event, watch = delivery.event, delivery.watch
        mention = mention_of(watch.notify) if watch is not None and event.kind == "certificate_ends" else ""
        text = f"{ending(event)} {PLACE}" if mention else ending(event)
        await post(self.client, posted["channel"], Reply(text), thread=posted["ts"], mention=mention)

    async def _try_below(self, channel: str, ts: str, reply: Reply) -> None:
        """Details that fail must not make the alert be posted once more."""
        try:
            await post(self.client, channel, reply, thread=ts)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("the details of an alert could not be posted: %s", word_of(error))

    async def _try_rewrite(self, posted: Posted, reply: Reply) -> None:
        try:
            await rewrite(self.client, posted["channel"], posted["ts"], reply)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("an older alert could not be brought up to date: %s", word_of(error))

    async def _tell_owner(self, delivery: Delivery, code: str) -> None:
        event, watch = delivery.event, delivery.watch
        owner = str(event.facts.get("owner", "")) if watch is None else "" if watch.paused else watch.owner
        if not owner:
            return
        words = paused_words(event, code, watch.id) if watch is not None else lost_digest(event, code)
        try:
            await post(self.client, owner, Reply(words))
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("an owner could not be told that a watch is paused: %s", word_of(error))


WHY: Mapping[str, str] = {
    "is_archived": "that channel is archived",
    "not_in_channel": "Portero is not in that channel any more",
    "channel_not_found": "Portero cannot see that channel any more",
    "account_inactive": "Portero's account is deactivated",
}


def lost_digest(event: Event, code: str) -> str:
    return (
        f":warning: The digest could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        "Type `/invite @portero` there; `/smtpwatch digest off` there ends it."
    )


def paused_words(event: Event, code: str, watch_id: str) -> str:
    """The direct message to the owner: what could not be told, why, and how to go on."""
    said = say(event, None)
    return (
        f":warning: An alert could not be posted in <#{event.channel}>: {WHY.get(code, f'Slack says `{code}`')}. "
        f"*The watch `{watch_id}` is paused.*\n"
        f"What it had to tell: {said.icon} {said.headline}\n"
        f"Type `/invite @portero` there and `/smtpwatch resume {watch_id}`, "
        f"or `/smtpwatch edit {watch_id} in #channel`, then resume."
    )
