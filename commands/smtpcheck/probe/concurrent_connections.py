"""How many connections are made at once: three to each (address, port), so many in all; of one check one at a time.

One at a time is meant of an (address, port): the ports of a host are probed at once, so that a check takes no longer
than its slowest port, and no port ever sees two connections of one check.

Rule 1: who wants to speak to an endpoint to which three of ours speak waits, first come, first served; one that still
says QUIT counts. Of one check the next begins when the last has said QUIT, behind the answer's back. Whom a server
turns away while others of ours speak to the same host asks once more, alone. Three also to each port of a host that
has several addresses: they may be one machine.
Rule 2: waiting is not checking. While a connection waits for others of ours, the time of its check stands still
(`Budget`); what has waited for too long (`Limits.turn`) has not begun, which says nothing of the server.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport, Finding
from commands.smtpcheck.wire.connection import AddressPort, Endpoint, Limits
from commands.smtpcheck.wire.record import Purpose, Record
from commands.smtpcheck.wire.session import Session

CONNECTIONS_AT_ONCE = 256
"""Of all checks together; of one check there are at most `connection.CONNECTION_LIMIT` in all."""

AT_ONE_ENDPOINT = 3
"""To one (address, port): few servers let one client have fewer."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A connection waits for its turn: `ahead` others of ours speak to the endpoint, or wait for it."""

    endpoint: AddressPort
    ahead: int


@dataclass(frozen=True, slots=True)
class LookedUp:
    """DNS has answered: what is to be checked, and what nobody may connect to."""

    dns: Dns
    denied: tuple[Finding, ...]


News: TypeAlias = EndpointReport | Endpoint | Waiting | LookedUp
"""What DNS said, an endpoint that has answered, a further connection that a deep check makes, or one that waits for its
turn."""

Heard = Callable[[News], None]


@dataclass
class Budget:
    """`ends` is by `clock`, in seconds; `spare` counts the connections that may still be made.

    `tried` are the experiments that were made, at most `experiments` of them, `begun` their addresses and purposes.
    `waited` is how long the check stood still, in seconds, since connections of it waited for others of ours; `leaving`
    are those that say QUIT.
    """

    at: datetime
    ends: float
    clock: Callable[[], float]
    heard: Heard
    spare: int
    limits: Limits
    experiments: int
    tried: list[Record] = field(default_factory=list)
    begun: set[tuple[str, Purpose]] = field(default_factory=set)
    waited: float = 0.0
    leaving: dict[AddressPort, asyncio.Task[object]] = field(default_factory=dict)
    _pools: dict[tuple[str, int], asyncio.Semaphore] = field(default_factory=dict)
    _waiting: int = 0
    _since: float = 0.0

    def beside(self, host: str, port: int) -> asyncio.Semaphore:
        """What bounds how many addresses of a host are spoken to at once on a port."""
        return self._pools.setdefault((host, port), asyncio.Semaphore(AT_ONE_ENDPOINT))

    def left(self) -> float:
        return max(0.0, self.ends + self._standing() - self.clock())

    @contextmanager
    def waiting(self) -> Iterator[float]:
        """The time of the check stands still; how long it may do so, in seconds."""
        if not self._waiting:
            self._since = self.clock()
        self._waiting += 1
        try:
            yield max(0.0, self.limits.turn - self.waited - self._standing())
        finally:
            stood = self._standing()
            self._waiting -= 1
            if not self._waiting:
                self.ends += stood
                self.waited += stood

    def _standing(self) -> float:
        return self.clock() - self._since if self._waiting else 0.0

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


class Turns:
    """Of one endpoint. `needed` counts who speaks or waits."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONE_ENDPOINT)
        self.all = asyncio.Lock()
        self.needed = 0

    async def take(self, turns: int) -> None:
        if turns == 1:
            await self.free.acquire()
            return
        async with self.all:  # of two who had some each, neither would ever have all
            for taken in range(turns):
                try:
                    await self.free.acquire()
                except BaseException:
                    self.give(taken)
                    raise

    def give(self, turns: int) -> None:
        for _ in range(turns):
            self.free.release()


class Queues:
    """A queue for every (address, port), first come, first served. An entry lives as long as somebody needs it."""

    def __init__(self) -> None:
        self._turns: dict[AddressPort, Turns] = {}

    def __len__(self) -> int:
        return len(self._turns)

    def at(self, key: AddressPort) -> int:
        """How many speak to it, or wait for it."""
        return self._turns[key].needed if key in self._turns else 0

    def has_room(self, key: AddressPort) -> bool:
        """Whether a turn is to be had at once."""
        return key not in self._turns or not self._turns[key].free.locked()

    async def take(self, key: AddressPort, turns: int = 1) -> None:
        """Wait for a turn, or for all, to be alone there; who is cancelled while he waits has none to give back."""
        queue = self._turns.setdefault(key, Turns())
        queue.needed += 1
        try:
            await queue.take(turns)
        except BaseException:
            self._leave(key)
            raise

    def give(self, key: AddressPort, turns: int = 1) -> None:
        self._turns[key].give(turns)
        self._leave(key)

    def _leave(self, key: AddressPort) -> None:
        self._turns[key].needed -= 1
        if not self._turns[key].needed:
            del self._turns[key]


@dataclass(frozen=True, slots=True)
class Place:
    """The places of the process, as a check waits for one. TimeoutError: it waited for too long."""

    places: asyncio.Semaphore
    budget: Budget

    async def acquire(self) -> None:
        if not self.places.locked():
            await self.places.acquire()
            return
        with self.budget.waiting() as patience:
            async with asyncio.timeout(patience):
                await self.places.acquire()

    def release(self) -> None:
        self.places.release()


class Sessions:
    """`places` bounds the sessions that speak at once; `queues` are one for each endpoint."""

    def __init__(self) -> None:
        self.queues = Queues()
        self.places = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, session: Session, key: AddressPort, budget: Budget, turns: int = 1) -> Record:
        """The record of one session, whose turn is waited for, or all turns: then nobody of ours speaks beside it."""
        if key in budget.leaving:
            await asyncio.wait({budget.leaving[key]})
        try:
            await self._turn(key, budget, turns)
        except TimeoutError:
            return session.not_begun()
        return await self._spoken(session, (key,), budget, turns)

    async def run_alone(self, session: Session, keys: Iterable[AddressPort], budget: Budget) -> Record:
        """The same, while nobody of ours speaks to any of these; the first is the session's own.

        They are taken in their order, lest two who want the same wait for each other.
        """
        own, *_ = keys = tuple(keys)
        await asyncio.wait(budget.leaving.values())
        taken: list[AddressPort] = []
        try:
            for key in sorted(set(keys)):
                await self._turn(key, budget, AT_ONE_ENDPOINT)
                taken.append(key)
        except BaseException as error:
            self._give(taken, AT_ONE_ENDPOINT)
            if isinstance(error, TimeoutError):
                return session.not_begun()
            raise
        taken.remove(own)
        return await self._spoken(session, (own, *taken), budget, AT_ONE_ENDPOINT)

    async def _spoken(self, session: Session, keys: Sequence[AddressPort], budget: Budget, turns: int) -> Record:
        try:
            return await session.run(budget.left())
        finally:
            budget.leaving[keys[0]] = self.behind(self._quit(session, keys, turns))

    async def _turn(self, key: AddressPort, budget: Budget, turns: int) -> None:
        ahead = self.queues.at(key)
        if turns == 1 and self.queues.has_room(key):  # where nobody waits, no clock of ours runs
            await self.queues.take(key)
            return
        if ahead + turns > AT_ONE_ENDPOINT:
            budget.heard(Waiting(key, ahead))
        with budget.waiting() as patience:
            async with asyncio.timeout(patience):
                await self.queues.take(key, turns)

    def behind(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        """Do something behind the answer's back; `close` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Wait for everything that is done behind the answers' back."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _quit(self, session: Session, keys: Sequence[AddressPort], turns: int) -> None:
        """Say QUIT behind the answer's back, then free the place: the answer need not wait a round trip for it."""
        try:
            await session.farewell()
        finally:
            self._give(keys, turns)

    def _give(self, keys: Iterable[AddressPort], turns: int) -> None:
        for key in keys:
            self.queues.give(key, turns)
