"""Failures on demand: what the next calls of a method are answered instead of being carried out."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass

from bot.workspace.model import Refusal


@dataclass(frozen=True, slots=True)
class Fault:
    error: str
    status: int = 200
    retry_after: int = 0
    location: str = ""


class Faults:
    """Queues of faults by method; `*` is every method. `response_url`, `upload` and `download` are methods here."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._gates: dict[str, asyncio.Event] = {}

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._queues[method].extend([fault] * times)

    def left(self, method: str) -> int:
        """How many faults still wait for calls of a method."""
        return len(self._queues[method])

    def hold(self, method: str) -> asyncio.Event:
        """Calls of `method` wait until the returned event is set."""
        self._gates[method] = gate = asyncio.Event()
        return gate

    async def meet(self, method: str) -> None:
        """Raises the fault that waits for this call, if there is one, after the gate has opened."""
        if method in self._gates:
            await self._gates[method].wait()
        for queue in (self._queues[method], self._queues["*"]):
            if queue:
                fault = queue.popleft()
                raise Refusal(fault.error, status=fault.status, retry_after=fault.retry_after, location=fault.location)
