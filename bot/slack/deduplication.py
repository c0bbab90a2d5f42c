"""Which request of Slack is one that came before."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.services import Services
from storage.history import StorageError

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
