"""What cannot be posted in the channel of a watch, by direct message: to its owner, and to whom it mentions.

So nobody sleeps through an outage because a channel was archived. A user group has no direct messages.
"""

import logging
from collections.abc import Collection

from bot.slack.alerts.posts import Posts
from bot.slack.alerts.reach import has_left
from bot.slack.client.web_client import FAULTS, word_of
from commands.contract import Reply
from commands.watch.state.events import Event
from commands.watch.state.grouping import JOINED
from commands.watch.state.model import Watch
from commands.watch.view.channel import lost_digest, unposted_words

log = logging.getLogger(__name__)

EDITS = frozenset({"acked", "noted", "closed", "broke", "sight_changed", "unseen_changed"})
"""What tells nobody anything that they have to hear of at once."""

FOR_ALL = frozenset({"cannot_see", "sees_again", "unseen", "seen_again"})
"""Notices of a channel, which mention nobody."""


async def tell_directly(posts: Posts, code: str, admins: Collection[str]) -> tuple[str, ...]:
    """Who was told; `code` is what Slack said of the channel.

    `admins` hear of what was made in a terminal, or by somebody who has left.
    """
    event, watch = posts.delivery.event, posts.delivery.watch
    if not is_told(event) or (watch is not None and watch.paused is not None):
        return ()
    named = _whom(event, watch)
    left = [one for one in named if await has_left(posts.client, one)]
    whom = [one for one in named if one not in left] or sorted(admins)
    words = unposted_words(event, code, watch, whom, left) if watch is not None else lost_digest(event, code)
    told: list[str] = []
    for person in whom:
        try:
            await posts.post(f"direct {person}", person, Reply(words))
            told.append(person)
        except FAULTS as error:
            log.warning("what could not be posted could not be told by direct message: %s", word_of(error))
    return tuple(told)


def is_told(event: Event) -> bool:
    """Whether somebody would have read it in the channel as news; of many in one message as rarely as there."""
    facts = event.facts
    if event.quiet or event.kind in EDITS:
        return False
    if event.kind == "changed":
        return bool(facts.get("worse")) and not facts.get("heard")
    if facts.get("part"):
        return facts["part"] == JOINED and bool(facts.get("thread"))
    return True


def _whom(event: Event, watch: Watch | None) -> list[str]:
    if watch is None:
        return [owner] if (owner := str(event.facts.get("owner", ""))) else []
    if event.kind == "escalated":
        named = [watch.then.notify] if watch.then is not None else []
    else:
        named = [watch.owner] if event.kind in FOR_ALL else [watch.owner, watch.notify]
    return list(dict.fromkeys(one for one in named if one and not one.startswith("S")))
