"""Results that are older than the operator wants to keep go, in the background and a few at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from storage.history import History, StorageError

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0


@asynccontextmanager
async def pruning(
    history: History, days: int, now: Callable[[], datetime], *, every: float = EVERY_SECONDS
) -> AsyncIterator[None]:
    """Keeps `days` of history while it is entered, at once and `every` so many seconds; 0 days keeps all."""
    task = asyncio.ensure_future(_prune_for_ever(history, timedelta(days=days), now, every)) if days else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _prune_for_ever(history: History, keep: timedelta, now: Callable[[], datetime], every: float) -> None:
    while True:
        await prune(history, keep, now())
        await asyncio.sleep(every)


async def prune(history: History, keep: timedelta, now: datetime) -> None:
    """Once. What cannot be deleted now (disk full, locked) is deleted an hour later."""
    try:
        gone = await history.prune(now - keep)
    except StorageError as error:
        log.error("old results could not be deleted: %s", error)  # noqa: TRY400 - a trace says no more
    else:
        if gone:
            log.info("%d results older than %d days were deleted", gone, keep.days)
