"""App Home: what is down now and what is not seen, then one's own watches, then what others keep quiet."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from commands.blocks import Block, beside, button, context, section
from commands.natural_order import natural
from commands.plural import plural
from commands.watch.state.condition import condition_of, quieted_by
from commands.watch.state.model import Watch
from commands.watch.view.condition import standings
from commands.watch.view.listing import BAD_FIRST, row

ROWS = 8
ALL = "*{watches} that you may see*: {standings}"
HUSHED = " ({count} of them kept quiet)"
NOTHING_DOWN = "Nothing is down."


def now_bad(visible: Sequence[Watch], now: datetime) -> list[Block]:
    """What needs somebody now, whoever owns it: that which speaks. `visible` are those that the person may see."""
    counted = Counter(condition_of(watch, now).standing for watch in visible)
    summary = ALL.format(watches=plural(len(visible), "watch", "watches"), standings=standings(counted))
    down, unseen = _speaking("down", visible, now), _speaking("unseen", visible, now)
    hushed = counted["down"] - len(down)
    summary += HUSHED.format(count=hushed) if hushed else ""
    return [
        section(summary if counted["down"] else f"{summary}. {NOTHING_DOWN}"),
        *_part("Down now", down, now, "`/smtpwatch list all down`"),
        *_part("Not seen", unseen, now, "`/smtpwatch list all unseen`"),
    ]


def rest(visible: Sequence[Watch], user: str, now: datetime) -> list[Block]:
    """Their own, and what keeps others quiet: what stands above already is left out."""
    told = {one.id for standing in ("down", "unseen") for one in _speaking(standing, visible, now)}
    left = [one for one in visible if one.id not in told]
    mine = sorted((one for one in left if one.owner == user), key=_bad_first)
    quiet = [one for one in left if one.owner != user and quieted_by(one, now)[0]]
    return [
        *_part("Your watches", mine, now, "`/smtpwatch list mine`"),
        *_part("Quiet in your channels", quiet, now, "`/smtpwatch list all quiet`"),
    ]


def _speaking(standing: str, visible: Sequence[Watch], now: datetime) -> list[Watch]:
    found = (one for one in visible if condition_of(one).standing == standing and not quieted_by(one, now)[0])
    return sorted(found, key=lambda one: natural(one.target))


def _part(title: str, found: Sequence[Watch], now: datetime, everything: str) -> list[Block]:
    if not found:
        return []
    rows = [beside(_row(watch, now), button("Open", "smtpwatch.card", watch.id)) for watch in found[:ROWS]]
    more = [context(f"and {len(found) - ROWS} more: {everything}")] if len(found) > ROWS else []
    return [section(f"*{title}*"), *rows, *more]


def _row(watch: Watch, now: datetime) -> str:
    """Beside a button a line is short: an id stays whole, with a hyphen that is read back as what it looks like."""
    return row(watch, now).replace(f"`{watch.id}`", f"`{watch.id.replace('-', UNBROKEN)}`")


UNBROKEN = "\u2011"


def _bad_first(watch: Watch) -> tuple[int, bool, list[tuple[int, str]]]:
    return BAD_FIRST[watch.state.phase], watch.paused is None, natural(watch.target)
