"""One run of a watch that was leased: a look, and what it comes to, written together with the end of the lease."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.traces import trace_of
from bot.watches.probe import Glance, Look
from commands.watch.state.model import Watch
from commands.watch.state.observation import nothing_seen
from commands.watch.state.runs import concluded
from commands.watch.state.watch_rows import of_row
from storage.interface import StorageError
from storage.watch_interface import Lease, Watches

log = logging.getLogger(__name__)

RUN_SECONDS = 90.0
"""A check ends after 60 s, the control hosts may take 8 more."""


@dataclass(frozen=True)
class Run:
    """`told` is called when a run was kept."""

    watches: Watches
    look: Look
    now: Callable[[], datetime]
    told: Callable[[], None]
    vantage: str

    async def __call__(self, lease: Lease) -> None:
        """One run, to its end in the database."""
        watch, at, began = of_row(lease.watch), self.now(), asyncio.get_running_loop().time()
        glance = await self._glance(watch, at)
        decide = concluded(glance.seen, at, (asyncio.get_running_loop().time() - began) * 1000, vantage=self.vantage)
        try:
            kept = await self.watches.finish(
                lease, decide, vantage=self.vantage, entry=glance.entry, readings=glance.readings
            )
        except StorageError as error:
            log.error("a run of %s could not be kept, it runs again when its lease ends: %s", watch.id, error)  # noqa: TRY400 - the words say it all
            return
        if kept:
            self.told()
        else:
            log.warning("a run of the watch %s came too late: another process has taken it over", watch.id)

    async def _glance(self, watch: Watch, at: datetime) -> Glance:
        """What there is to see. A bug or a hang says nothing of the target, and the watch goes on."""
        try:
            async with asyncio.timeout(RUN_SECONDS):
                return await self.look(watch, at)
        except TimeoutError:
            log.warning("a run of the watch %s took longer than %s s", watch.id, RUN_SECONDS)
            return Glance(nothing_seen(watch, "took_too_long"))
        except Exception as error:  # noqa: BLE001 - one watch must not end the others
            log.error("a run of the watch %s failed\n%s", watch.id, trace_of(error))  # noqa: TRY400 - no values
        return Glance(nothing_seen(watch))
