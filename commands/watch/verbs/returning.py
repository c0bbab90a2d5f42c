"""A channel takes posts again: the watches that waited for it go on by themselves."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from commands.contract import DeclinedError
from commands.watch.state.actions import come_back, waits_for_channel
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import Story, stories
from commands.watch.verbs.lookup import changed, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view.channel import back

TRIED_FOR = timedelta(days=1)


async def go_on_in(channel: str, at: datetime, services: Needs) -> str:
    """Try the channel with a line about them, then let them run. What Slack said where it takes none; "" otherwise.

    Invited and unarchived is what Slack told, and not yet that it takes posts: an unarchived channel has lost its apps.
    """
    waiting = [watch for watch in await visible(services) if watch.channel == channel and waits_for_channel(watch)]
    if not waiting:
        return ""
    code = await services.channel_posts.announce(channel, back(waiting, await _over(waiting, services), at))
    if code:
        return code
    for watch in waiting:
        await services.channel_posts.refresh(watch, _lost_since(watch))  # first: a process that ends here begins anew
        with suppress(DeclinedError):  # somebody has deleted it meanwhile
            await changed(watch, lambda one: come_back(one, at), services)
    return ""


async def _over(waiting: Sequence[Watch], services: Needs) -> list[Story]:
    """The incidents that ended while nothing could be posted, newest first."""
    closed = {watch.id: watch.unposted.at - TRIED_FOR for watch in waiting if watch.unposted is not None}
    if not closed:
        return []
    rows = await services.watches.events(await services.viewer(), since=min(closed.values()))
    found = stories(of_event_row(row) for row in sorted(rows, key=lambda row: row.at) if row.watch in closed)
    ended = [story for story in found if story.ended is not None and not story.silent]
    return [story for story in ended if story.last.at >= closed[story.first.watch] + TRIED_FOR - SOON]


SOON = timedelta(minutes=10)
"""An event is older than its delivery."""


def _lost_since(watch: Watch) -> datetime | None:
    """When what could not be posted may have happened at the earliest: it is tried for a day."""
    waits = watch.unposted or watch.paused
    return waits.at - TRIED_FOR if waits is not None else None
