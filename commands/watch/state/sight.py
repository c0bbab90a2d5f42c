"""The sight of a team and vantage as a whole: how a channel leaves it. Pure.

Each part (`outbound_notice`, `unseen_notice`, `grouping`, `others`, `voices`) tells in its docstring what it keeps.
"""

from collections.abc import Collection, Mapping
from typing import Any

from commands.watch.state.grouping import GROUPS
from commands.watch.state.others import BLIND, BROKEN
from commands.watch.state.unseen_notice import UNSEEN
from commands.watch.state.voices import VOICES

BY_CHANNEL = ("notices", "closed", VOICES)
"""Parts whose keys are a channel, or begin with one and a blank."""

WATCHED = "watched"

Document = dict[str, Any]


def leaving(sight: Mapping[str, Any], channels: Collection[str]) -> Document:
    """The sight without what was open in these channels: the watches that would have ended it are gone."""
    after = {**sight, **{part: _without(sight[part], channels) for part in BY_CHANNEL if part in sight}}
    for part in {WATCHED, BROKEN, BLIND} & after.keys():
        after[part] = {key: one for key, one in after[part].items() if one["channel"] not in channels}
    if UNSEEN in after:
        after[UNSEEN] = {**after[UNSEEN], "notices": _without(after[UNSEEN]["notices"], channels)}
    if GROUPS in after:
        after[GROUPS] = [group for group in after[GROUPS] if group["channel"] not in channels]
    return after


def _without(part: Mapping[str, Any], channels: Collection[str]) -> Document:
    return {key: one for key, one in part.items() if key.partition(" ")[0] not in channels}
