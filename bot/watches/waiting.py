"""Waiting for the next run of a watch, which any process on the database may make."""

import asyncio
from contextlib import suppress

from bot.watches.wake import Bell
from commands.watch.state.model import Watch
from commands.watch.state.watch_rows import of_row
from storage.watch_interface import Watches

PATIENCE_S = 100.0
"""A run ends after 90 s."""

POLL_S = 1.0
"""How soon the run of another process is seen; those of this one ring."""


async def after_next_run(watches: Watches, ran: Bell, watch: Watch) -> Watch | None:
    """The watch after a run that ended later than `watch` was read. None: it takes too long, or the watch is gone."""
    rung = asyncio.Event()
    ran.listeners.append(rung.set)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                rung.clear()
                row = await watches.get(watch.id)
                if row is None or (after := of_row(row)).state.last_at != watch.state.last_at:
                    return None if row is None else after
                with suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), POLL_S)
    except TimeoutError:
        return None
    finally:
        ran.listeners.remove(rung.set)
