"""How many connections are made at once: one to each (address, port), so many in all.

Rule: never two connections to one (address, port) at a time, also across checks; one that still says QUIT counts. Who
wants to speak to an endpoint waits until the one before has gone, first come, first served. QUIT is said behind the
answer's back.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.wire.connection import AddressPort, Endpoint, Limits
from commands.smtpcheck.wire.record import Record
from commands.smtpcheck.wire.session import Session

CONNECTIONS_AT_ONCE = 256
"""Of all checks together; of one check there are at most `connection.CONNECTION_LIMIT` in all."""

Heard = Callable[[EndpointReport | Endpoint], None]
"""Is told of every endpoint that has answered, and in a deep check of every further connection that is to be made."""


@dataclass
class Budget:
    """`ends` is by `clock`, in seconds; `spare` counts the connections that may still be made.

    `tried` are the experiments that were made, at most `experiments` of them.
    """

    at: datetime
    ends: float
    clock: Callable[[], float]
    heard: Heard
    spare: int
    limits: Limits
    experiments: int
    tried: list[Record] = field(default_factory=list)

    def left(self) -> float:
        return max(0.0, self.ends - self.clock())

    def has_spare_connection(self) -> bool:
        """Take one of the connections that the check may still make, if there is one."""
        self.spare -= 1
        return self.spare >= 0

    def has_spare_experiment(self) -> bool:
        """The same for an experiment."""
        if self.experiments <= 0 or self.left() <= 0 or not self.has_spare_connection():
            return False
        self.experiments -= 1
        return True


class Queues:
    """A queue for every (address, port), first come, first served. An entry lives as long as somebody needs it."""

    def __init__(self) -> None:
        self._locks: dict[AddressPort, asyncio.Lock] = {}
        self._waiting: dict[AddressPort, int] = {}

    def __len__(self) -> int:
        return len(self._locks)

    async def take(self, key: AddressPort) -> None:
        """Wait for the turn; who is cancelled while he waits has none to give back."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            await lock.acquire()
        except BaseException:
            self._leave(key)
            raise

    def give(self, key: AddressPort) -> None:
        self._locks[key].release()
        self._leave(key)

    def _leave(self, key: AddressPort) -> None:
        self._waiting[key] -= 1
        if not self._waiting[key]:
            del self._waiting[key], self._locks[key]


class Sessions:
    """`places` bounds the sessions that speak at once; `queues` are one for each endpoint."""

    def __init__(self) -> None:
        self.queues = Queues()
        self.places = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, session: Session, key: AddressPort, budget: Budget) -> Record:
        """The record of one session, whose turn is waited for as long as the check has time."""
        try:
            async with asyncio.timeout(budget.left()):
                await self.queues.take(key)
        except TimeoutError:
            return await session.run(0.0)
        try:
            return await session.run(budget.left())
        finally:
            self.behind(self._quit(session, key))

    def behind(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something behind the answer's back; `close` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for everything that is done behind the answers' back."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _quit(self, session: Session, key: AddressPort) -> None:
        """Say QUIT behind the answer's back, then free the place: the answer need not wait a round trip for it."""
        try:
            await session.farewell()
        finally:
            self.queues.give(key)
