"""What keeps the stored watches right beside their runs: a clock that was set back, and what is old enough to go."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from commands.watch.state.rows import of_row, to_row
from commands.watch.state.schedule import is_stray, next_due
from storage.watches import Change, Document, StoredWatch, Watches

SET_BACK = timedelta(seconds=5)
KEEP = timedelta(days=90)
PURGE_EVERY = timedelta(hours=1)


@dataclass
class Upkeep:
    watches: Watches
    _last: datetime | None = None
    _purged: datetime | None = None

    async def mend_if_set_back(self, now: datetime) -> None:
        """At the start, and when the clock was set back: what was due soon is due soon."""
        before, self._last = self._last, now
        if before is not None and now >= before - SET_BACK:
            return
        for row in await self.watches.all():
            if is_stray(of_row(row), now):
                await self.watches.change(row.id, _rescheduled(now))

    async def purge(self, now: datetime) -> None:
        """Once an hour: events that were delivered and watches that were deleted long ago."""
        if self._purged is not None and now - self._purged < PURGE_EVERY:
            return
        self._purged = now
        await self.watches.purge(now - KEEP)


def _rescheduled(now: datetime) -> Callable[[StoredWatch, Document], Change | None]:
    def decide(row: StoredWatch, _sight: Document) -> Change | None:
        watch = of_row(row)
        if not is_stray(watch, now):
            return None
        return Change(to_row(replace(watch, due_at=next_due(watch, now))))

    return decide
