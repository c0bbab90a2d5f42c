"""One at a time: who wants to speak to an endpoint waits until the one before has said QUIT."""

import asyncio
from typing import TypeAlias

Key: TypeAlias = tuple[str, int]


class Turns:
    """A queue for every (address, port), first come, first served. An entry lives as long as somebody needs it."""

    def __init__(self) -> None:
        self._locks: dict[Key, asyncio.Lock] = {}
        self._waiting: dict[Key, int] = {}

    def __len__(self) -> int:
        return len(self._locks)

    async def take(self, key: Key) -> None:
        """Wait for the turn; who is cancelled while he waits has none to give back."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            await lock.acquire()
        except BaseException:
            self._leave(key)
            raise

    def give(self, key: Key) -> None:
        self._locks[key].release()
        self._leave(key)

    def _leave(self, key: Key) -> None:
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key], self._locks[key]
