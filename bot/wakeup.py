"""Tells loops that there may be something to do, and waits for the next run of a watch, whichever process makes it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from storage.queries import Viewer
from storage.watches import ReadWatches


@dataclass
class Wakeup:
    """`wake` calls every listener; none of them may raise."""

    listeners: list[Callable[[], None]] = field(default_factory=list)

    def wake(self) -> None:
        for listener in list(self.listeners):
            listener()


PATIENCE_S = 100.0
"""A run ends after 90 s."""

POLL_S = 1.0
"""How soon the run of another process is seen; those of this one wake us."""


async def after_next_run(watches: ReadWatches, viewer: Viewer, ran: Wakeup, watch: Watch) -> Watch | None:
    """The watch after a run that ended later than `watch` was read. None: it takes too long, or the watch is gone."""
    woken = asyncio.Event()
    ran.listeners.append(woken.set)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                woken.clear()
                row = await watches.get(watch.id, viewer)
                if row is None or (after := of_row(row)).state.last_at != watch.state.last_at:
                    return None if row is None else after
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), POLL_S)
    except TimeoutError:
        return None
    finally:
        ran.listeners.remove(woken.set)
