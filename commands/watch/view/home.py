"""App Home: my watches with their state, and which of my channels are down or kept quiet, by whom and until when."""

from collections.abc import Sequence
from datetime import datetime

from commands.blocks import Block, actions, beside, button, context, section
from commands.watch.state.model import Watch
from commands.watch.view.listing import BAD_FIRST, row

ROWS = 8

NONE = (
    "*Your watches*\nNo one is watching anything here yet. "
    "`/smtpwatch add mail.example.com every 15m` in a channel looks at a host and alerts there."
)


def watches(visible: Sequence[Watch], user: str, now: datetime) -> list[Block]:
    """The blocks; bad ones first. `visible` are those that the person may see."""
    mine = sorted((one for one in visible if one.owner == user), key=_bad_first)
    others = [one for one in visible if one.owner != user]
    quiet = [one for one in others if one.paused is not None or one.muted is not None or one.snoozed is not None]
    down = [one for one in others if one.state.incident is not None and one not in quiet]
    if not visible:
        return [section(NONE), actions(button("Add a watch", "smtpwatch.new"))]
    return [
        *_part("Your watches", mine, now, "`/smtpwatch list mine`"),
        *_part("Down in your channels", down, now, "`/smtpwatch list all`"),
        *_part("Quiet in your channels", quiet, now, "`/smtpwatch list all`"),
        actions(button("Add a watch", "smtpwatch.new")),
    ]


def _part(title: str, found: Sequence[Watch], now: datetime, rest: str) -> list[Block]:
    if not found:
        return []
    rows = [beside(row(watch, now), button("Open", "smtpwatch.card", watch.id)) for watch in found[:ROWS]]
    more = [context(f"and {len(found) - ROWS} more: {rest}")] if len(found) > ROWS else []
    return [section(f"*{title}*"), *rows, *more]


def _bad_first(watch: Watch) -> tuple[int, bool, str]:
    return BAD_FIRST[watch.state.phase], watch.paused is None, watch.target
