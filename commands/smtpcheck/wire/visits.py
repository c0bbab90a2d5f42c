"""Whom the process speaks to now: one at a time at each endpoint, so many at once in all, and leave is taken of each.

Rule: never two connections to one (address, port) at a time, also across checks; one that still says QUIT counts.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from commands.smtpcheck.wire.dialogue import Dialogue
from commands.smtpcheck.wire.outing import Outing
from commands.smtpcheck.wire.record import Record
from commands.smtpcheck.wire.turns import Key, Turns

CONNECTIONS_AT_ONCE = 256


class Visits:
    """`places` bounds the sessions that speak at once; `turns` are for each endpoint."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.places = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
        self._tasks: set[asyncio.Task[object]] = set()

    async def pay(self, dialogue: Dialogue, key: Key, outing: Outing) -> Record:
        """The record of one session, whose turn is waited for as long as the check has time."""
        try:
            async with asyncio.timeout(outing.left()):
                await self.turns.take(key)
        except TimeoutError:
            return await dialogue.run(0.0)
        try:
            return await dialogue.run(outing.left())
        finally:
            self.behind(self._part(dialogue, key))

    def behind(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something behind the answer's back; `close` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for everything that is done behind the answers' back."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _part(self, dialogue: Dialogue, key: Key) -> None:
        """Say QUIT behind the answer's back, then free the place: the answer need not wait a round trip for it."""
        try:
            await dialogue.farewell()
        finally:
            self.turns.give(key)
