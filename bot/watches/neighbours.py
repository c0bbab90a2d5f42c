"""Who is looked at because a host of the same network has broken."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commands.watch.state.actions import decided_if, run_now
from commands.watch.state.model import Watch
from commands.watch.state.observation import Observation
from commands.watch.state.others import BAD, beside, networks_of
from commands.watch.state.rows import of_row
from commands.watch.state.thread import GREW
from commands.watch.state.transitions import OPEN
from storage.queries import Viewer
from storage.watches import Watches

LISTED = timedelta(seconds=20)
"""How often the watches of a channel are looked through because of one that broke, unless its network is suspected."""


@dataclass
class Neighbours:
    """When some, and when all of a network (of a channel) were last looked at, and when its watches were listed."""

    watches: Watches
    some: dict[tuple[str, str], datetime] = field(default_factory=dict)
    all: dict[tuple[str, str], datetime] = field(default_factory=dict)
    listed: dict[str, datetime] = field(default_factory=dict)

    async def look(self, before: Watch, seen: Observation, at: datetime) -> None:
        """After a run: where it has just broken, those of its network that wait for their turn are looked at now."""
        if seen.outcome != "bad" or before.state.phase in OPEN:
            return
        team = Viewer(before.team, admin=True)
        row = await self.watches.get(before.id, team)
        if row is None or not self._is_time(watch := of_row(row), at):
            return
        self.listed[watch.channel] = at
        every = [of_row(one) for one in await self.watches.visible_to(team) if one.channel == watch.channel]
        for network, (waiting, is_sample) in beside(watch, every, at).items():
            looked, key = self.some if is_sample else self.all, (watch.channel, network)
            if not _lately(looked.get(key), at, GREW):
                looked[key] = at
                look = decided_if(lambda one: run_now(one, at), at)
                await self.watches.change_all(waiting, look, team)

    def _is_time(self, watch: Watch, at: datetime) -> bool:
        """Where it is confirmed, but not for each of a hundred; where others were looked at because of it, at once."""
        keys = [(watch.channel, network) for network in networks_of(watch)]
        is_suspected = any(
            _lately(self.some.get(key), at, GREW) and not _lately(self.all.get(key), at, GREW) for key in keys
        )
        is_news = watch.state.phase in OPEN and not _lately(self.listed.get(watch.channel), at, LISTED)
        return bool(keys) and (is_news or (is_suspected and watch.state.phase in BAD))


def _lately(last: datetime | None, at: datetime, within: timedelta) -> bool:
    """Not where the clock was set back since."""
    return last is not None and timedelta() <= at - last < within
