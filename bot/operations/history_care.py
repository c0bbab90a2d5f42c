"""What Portero does for its history by itself: deletes what is too old, and looks the file through for damage."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.observability import metrics
from storage.file_maintenance import HistoryFile
from storage.history import History, StorageError

log = logging.getLogger(__name__)

PRUNE_SECONDS = 3600.0


@asynccontextmanager
async def pruning(
    history: History, days: int, now: Callable[[], datetime], *, every: float = PRUNE_SECONDS
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


VERIFY_SECONDS = 6 * 3600.0
LONGEST_SECONDS = 120.0
"""How often, and how long one look may take, which reads the whole file: 100,000 checks of 280 MB take some 2 s."""


@asynccontextmanager
async def verifying(
    file: HistoryFile, *, every: float = VERIFY_SECONDS, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[None]:
    """Looks while it is entered, at once and `every` so many seconds. Who listens to the history is told."""
    task = asyncio.ensure_future(_verify_for_ever(file, every, clock))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _verify_for_ever(file: HistoryFile, every: float, clock: Callable[[], float]) -> None:
    while True:
        await verify(file, clock)
        await asyncio.sleep(every)


async def verify(file: HistoryFile, clock: Callable[[], float] = time.monotonic) -> None:
    """Once. `clock` counts seconds."""
    began = clock()
    try:
        whole = await file.verify(seconds=LONGEST_SECONDS, clock=clock)
    except StorageError as error:
        metrics.verified.set(0)
        log.error("the history did not pass its check: %s", error)  # noqa: TRY400 - a trace says no more
        return
    metrics.verify_seconds.set(clock() - began)
    if not whole:
        log.warning("the check of the history was stopped after %.0f s; so far it is sound", LONGEST_SECONDS)
        return
    metrics.verified.set(1)
