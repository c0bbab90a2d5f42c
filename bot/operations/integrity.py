"""The history is looked through for damage in the background: at the start, and every few hours."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from bot.observability import metrics
from storage.errors import StorageError
from storage.history_file import HistoryFile

log = logging.getLogger(__name__)

EVERY_SECONDS = 6 * 3600.0
LONGEST_SECONDS = 120.0
"""One look, which reads the whole file: 100,000 checks of 280 MB take some 2 s."""


@asynccontextmanager
async def verifying(
    file: HistoryFile, *, every: float = EVERY_SECONDS, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[None]:
    """Looks while it is entered, at once and `every` so many seconds. `file` is observed: an alarm is told."""
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
