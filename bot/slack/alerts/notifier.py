"""Alerts in Slack: one message for each incident, edited in place; its thread has the details and the end.

Only whom the watch names is mentioned, once for each incident and again when a quiet has ended; an edit mentions
nobody. What cannot be posted any more is told by direct message (`direct`).
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.alerts.direct import is_told, tell_directly
from bot.slack.alerts.posts import PLACE, Posts, mention_of, rewrite
from bot.slack.alerts.reach import has_left
from bot.slack.client.web_client import FAULTS, NOT_JSON, TOO_LARGE, code_of, word_of
from commands.blocks import section
from commands.contract import Reply
from commands.watch.state.events import GONE, Event
from commands.watch.state.grouping import MOVED, OPENS
from commands.watch.state.model import Watch
from commands.watch.state.notifier import Delivery, NotArrivedError, Posted, UndeliverableError
from commands.watch.state.routes import SLACK
from commands.watch.view.alert import alert, details, digest
from commands.watch.view.channel import mentions_nobody
from commands.watch.view.thread_words import ending

log = logging.getLogger(__name__)


FOR_GOOD = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "account_inactive",
        "restricted_action",
        "no_permission",
    }
)
"""What trying again does not change: archived (`is_inactive` for an edit), removed, not allowed there."""

PERHAPS_DONE = frozenset({"internal_error", "fatal_error", NOT_JSON, TOO_LARGE, "HTTP 500", "HTTP 502", "HTTP 504"})
"""Failures after which a message may stand there all the same: Slack's own words, gateways', an answer that is none."""

NO_MESSAGE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
DETAILS, BEFORE, IN_VAIN = "details", "before", "gone"
"""In what is kept of an alert: the ts of the details in its thread, those of the messages that went before it, and whom
it mentioned in vain.
"""

MOST_BEFORE = 5

POSTS = frozenset({"opened", "refired", "cannot_see", "unseen", "certificate_ends", "dns_changed", "digest"})
ANEW = frozenset({"refired", "certificate_ends"})
"""What is told once more is a message of its own, and mentions once more."""

ENDS = frozenset(
    {"recovered", "sees_again", "seen_again", "certificate_renewed", "certificate_replaced", "changed_back"}
)
SEEN_BY = frozenset({"certificate_ends", "dns_changed"})
"""What several watches see is one message; whom another of them names is mentioned in its thread."""

AGAIN = frozenset({"escalated", "reminded"})
"""What is told again stands in the thread, so that its story stays one; a reminder shows in the channel, too."""

MADE = frozenset({"acked", "noted", "closed"})
"""What somebody did, each an entry of the thread."""

SILENT = frozenset({"cannot_see", "unseen"})
"""A notice about what we cannot see mentions nobody."""


def _has_reply(event: Event) -> bool:
    """What becomes an entry of the thread: the end, what joined, recovered or broke again, what somebody did.

    Of several the end is the last one's; those that recovered before are told together (`thread`).
    """
    facts = event.facts
    if (
        facts.get("thread")
        or (event.kind == "changed" and GONE in facts)
        or (event.kind in SEEN_BY and facts.get("mention"))
    ):
        return True
    if event.kind == "changed":
        return GONE in facts or bool(facts.get("worse") if "group" in facts else facts.get("new"))
    return event.kind in MADE or (event.kind in ENDS | AGAIN and not facts.get("part"))


def _is_end(event: Event) -> bool:
    """Whether its thread is complete with it, also while it is quiet: an entry there mentions nobody."""
    return event.kind == "recovered" and not event.facts.get("part")


def _is_past(event: Event, posted: Posted) -> bool:
    """Whether what stands there was told before the watch was moved: how it goes on is not for those who see it."""
    return posted["channel"] != event.channel and event.kind not in OPENS and event.facts.get("why") != MOVED


def _whom(event: Event, watch: Watch) -> str:
    """Whom an entry of the thread mentions."""
    if event.kind == "escalated":
        return watch.then.notify if watch.then is not None else ""
    facts = event.facts
    worse = event.kind not in OPENS and facts.get("worse") and not facts.get("heard")
    return watch.notify if worse or facts.get("mention") else ""


def _mentions(event: Event, watch: Watch) -> str:
    """The same as mrkdwn; of a reminder all whom the watches of its message name."""
    told = event.facts.get("told", ()) if event.kind == "reminded" else (_whom(event, watch),)
    return " ".join(filter(None, (mention_of(str(one)) for one in told)))


def _entry(event: Event, watch: Watch | None, text: str) -> Reply:
    """An entry of the thread; where something changed with what the check says of it."""
    more = details(event, watch) if event.kind == "changed" and event.facts.get("new") else None
    return Reply(text) if more is None else Reply(f"{text}\n{more.text}", [section(text), *more.blocks])


def _before(old: Posted | None, channel: str) -> Posted:
    """The messages in whose place the new one stands: what is written below them is meant for it, too."""
    if not old or old["channel"] != channel:
        return {}
    return {BEFORE: " ".join([*old.get(BEFORE, "").split(), old["ts"]][-MOST_BEFORE:])}


def _without_gone(event: Event, posted: Posted) -> Event:
    """Who had left when it was posted was not told."""
    told = [one for one in event.facts.get("told", ()) if one != posted.get(IN_VAIN)]
    return replace(event, facts={**event.facts, "told": told}) if "told" in event.facts else event


@dataclass
class SlackAlerts:
    """The notifier of the route `slack`. `admins` hear of what cannot be posted and was made in a terminal."""

    client: AsyncWebClient
    now: Callable[[], datetime]
    admins: Collection[str] = ()
    route: str = SLACK

    async def deliver(self, delivery: Delivery) -> Posted | None:
        posts = Posts(self.client, delivery)
        try:
            return await self._deliver(delivery, posts)
        except SlackApiError as error:
            code = code_of(error)
            if code in FOR_GOOD:
                told = await tell_directly(posts, code, self.admins)
                raise UndeliverableError(code, told) from error
            if posts.made or code in PERHAPS_DONE:
                raise
            raise NotArrivedError(code) from error
        except ClientConnectorError as error:
            if posts.made:
                raise
            raise NotArrivedError(word_of(error)) from error

    async def _deliver(self, delivery: Delivery, posts: Posts) -> Posted | None:
        event, posted = delivery.event, delivery.posted
        if posted and _is_past(event, posted):
            delivery, posted = replace(delivery, posted=None), None
        if event.quiet and not posted:
            return None
        part = event.facts.get("part")
        if not posted or (event.kind in ANEW and not event.quiet and not part):
            if event.kind in POSTS | ENDS:
                return await self._posted(delivery, posts)
            await self._instead(delivery, posts)
            return None
        after = await self._edited(delivery, posts, posted)
        if after is None or (event.quiet and not _is_end(event)):
            return after
        if _has_reply(event):
            await self._reply(delivery, posts, after)
        return after if after != posted else None

    async def _instead(self, delivery: Delivery, posts: Posts) -> None:
        """Of an incident that could not be posted there is no thread: what would be an entry goes by direct message."""
        closed = delivery.watch.unposted if delivery.watch is not None else None
        if closed is not None and is_told(delivery.event):
            raise UndeliverableError(closed.why, await tell_directly(posts, closed.why, self.admins))

    async def _posted(self, delivery: Delivery, posts: Posts) -> Posted:
        """A new message, with the mention. The one that it follows says that it goes on below."""
        event, watch, old = delivery.event, delivery.watch, delivery.posted
        mention = mention_of(watch.notify) if watch is not None and event.kind not in SILENT | ENDS else ""
        reply = digest(event) if event.kind == "digest" else alert(event, watch, self.now(), mention=PLACE)
        ts = await posts.post("alert", event.channel, reply, mention=mention)
        if old:
            await self._try_rewrite(old, alert(event, watch, self.now(), superseded=True))
        left = mention and watch is not None and await self._try_reach(posts, ts, watch.notify, watch)
        below = details(event, watch)
        told = {"channel": event.channel, "ts": ts, **_before(old, event.channel)}
        told |= {IN_VAIN: watch.notify} if left and watch is not None else {}
        if below is None or event.kind not in OPENS:
            return told
        under = await self._try_below(posts, event.channel, ts, below)
        return {**told, DETAILS: under} if under else told

    async def _edited(self, delivery: Delivery, posts: Posts, posted: Posted) -> Posted | None:
        """The same message, as it is now; None where nothing stands there.

        One that somebody deleted is posted anew, unless that has to be quiet. So is one in a channel that is closed
        when the watch alerts elsewhere by now.
        """
        reply = alert(_without_gone(delivery.event, posted), delivery.watch, self.now())
        try:
            await rewrite(self.client, posted["channel"], posted["ts"], reply)
        except SlackApiError as error:
            moved = posted["channel"] != delivery.event.channel
            if code_of(error) not in (NO_MESSAGE | FOR_GOOD if moved else NO_MESSAGE):
                raise
            if delivery.event.quiet or delivery.event.kind == "closed":
                return None
            ts = await posts.post("alert", delivery.event.channel, reply)
            return {"channel": delivery.event.channel, "ts": ts}
        return posted

    async def _reply(self, delivery: Delivery, posts: Posts, posted: Posted) -> None:
        event, watch = delivery.event, delivery.watch
        mention = _mentions(event, watch) if watch is not None else ""
        reply = _entry(event, watch, f"{ending(event)} {PLACE}" if mention else ending(event))
        shows = {"reply_broadcast": True} if event.kind == "reminded" else {}
        name = "end" if event.kind in ENDS and not event.facts.get("part") else "entry"
        await posts.post(name, posted["channel"], reply, thread=posted["ts"], mention=mention, **shows)
        if mention and watch is not None and (event.kind == "escalated" or event.facts.get("mention")):
            await self._try_reach(posts, posted["ts"], _whom(event, watch), watch)

    async def _try_reach(self, posts: Posts, ts: str, whom: str, watch: Watch) -> bool:
        """Where a mention reaches nobody that is said below it, for the whole channel, to whoever owns the watch."""
        if not await has_left(self.client, whom):
            return False
        owner = watch.owner if watch.owner != whom else ""
        reached = mention_of(owner) if owner and not await has_left(self.client, owner) else ""
        words = f"{mentions_nobody(whom, watch, second=whom != watch.notify)} {PLACE}"
        try:
            await posts.post("left", watch.channel, Reply(words), thread=ts, mention=reached, reply_broadcast=True)
        except FAULTS as error:
            log.warning("that a mention reaches nobody could not be posted: %s", word_of(error))
        return True

    async def _try_below(self, posts: Posts, channel: str, ts: str, reply: Reply) -> str:
        """The ts of the details. What fails must not make the alert be posted once more."""
        try:
            return await posts.post("details", channel, reply, thread=ts)
        except FAULTS as error:
            log.warning("the details of an alert could not be posted: %s", word_of(error))
        return ""

    async def _try_rewrite(self, posted: Posted, reply: Reply) -> None:
        try:
            await rewrite(self.client, posted["channel"], posted["ts"], reply)
        except FAULTS as error:
            log.warning("an older alert could not be brought up to date: %s", word_of(error))
