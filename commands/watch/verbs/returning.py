"""A channel takes posts again: the watches that waited for it go on by themselves."""

from contextlib import suppress
from datetime import datetime, timedelta

from commands.contract import DeclinedError
from commands.watch.state.actions import CANNOT_POST, come_back
from commands.watch.state.model import Watch
from commands.watch.verbs.lookup import changed, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view.channel import back

TRIED_FOR = timedelta(days=1)


async def go_on_in(channel: str, at: datetime, services: Needs) -> str:
    """Try the channel with a line about them, then let them run. What Slack said where it takes none; "" otherwise.

    Invited and unarchived is what Slack told, and not yet that it takes posts: an unarchived channel has lost its apps.
    """
    waiting = [watch for watch in await visible(services) if watch.channel == channel and _waits(watch)]
    if not waiting:
        return ""
    code = await services.channel_posts.announce(channel, back(waiting))
    if code:
        return code
    for watch in waiting:
        with suppress(DeclinedError):  # somebody has deleted it meanwhile
            after = await changed(watch, lambda one: come_back(one, at), services)
            await services.channel_posts.refresh(after, _lost_since(watch))
    return ""


def _lost_since(watch: Watch) -> datetime | None:
    """When what could not be posted may have happened at the earliest: it is tried for a day."""
    return watch.paused.at - TRIED_FOR if watch.paused is not None else None


def _waits(watch: Watch) -> bool:
    return watch.paused is not None and watch.paused.why == CANNOT_POST
