"""Work in tasks of its own, until the program ends, and which of it has been done before."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from bot.observability.redaction import trace_of
from bot.services import Services
from storage.history import StorageError

log = logging.getLogger(__name__)

FAREWELL_SECONDS = 3.0
"""How long cancelled work may take to say goodbye."""


class Tasks:
    """Work in tasks of its own. Work that is cancelled may still tell somebody so."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._hurried = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task ended badly\n%s", trace_of(error))

    async def idle(self) -> None:
        """Wait until nothing is running."""
        while self._running:
            await asyncio.wait(set(self._running))

    def hurry(self) -> None:
        """Draining waits for nothing any more."""
        self._hurried.set()

    async def drain(self, seconds: float) -> None:
        """Let what is running finish; what has not by then (or by `hurry`) is cancelled."""
        ends = {asyncio.ensure_future(self.idle()), asyncio.ensure_future(self._hurried.wait())}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        left = set(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=FAREWELL_SECONDS)


KEEP = timedelta(minutes=15)
REMEMBERED = 10_000
"""How long, and of how many requests, it is known that they came."""


class Deduplication:
    """Tells what Slack delivers again, first in memory, then in the database.

    When that fails, memory decides alone: an answer beats a safeguard.
    """

    def __init__(self, services: Services) -> None:
        self._history = services.history
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def first(self, key: str, now: datetime) -> bool:
        """True for the first delivery under this key. An empty key ("trigger:") cannot repeat and is always first."""
        if key.endswith(":"):
            return True
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        try:
            return await self._history.claim(key, now, KEEP)
        except StorageError:  # the alarm tells of it, once
            return True
