"""Failures on demand: what the next calls of a method are answered instead of being carried out."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass

from bot.demo.workspace.model import Refusal
from bot.demo.workspace.oddities import OddAnswer, Raw


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of Slack's own. `retry_after` is what stands in the header of a 429; None leaves the header out."""

    error: str
    status: int = 200
    retry_after: int | str | None = 0
    location: str = ""


class Faults:
    """Queues of faults by method; `*` is every method. `response_url`, `upload` and `download` are methods here."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, deque[Fault | Raw]] = defaultdict(deque)
        self._gates: dict[str, asyncio.Event] = {}

    def add(self, method: str, fault: Fault | Raw, times: int) -> None:
        self._queues[method].extend([fault] * times)

    def clear(self) -> None:
        """Nothing fails any more."""
        self._queues.clear()

    def left(self, method: str) -> int:
        """How many faults still wait for calls of a method."""
        return len(self._queues[method])

    def hold(self, method: str) -> asyncio.Event:
        """Calls of `method` wait until the returned event is set."""
        self._gates[method] = gate = asyncio.Event()
        return gate

    async def meet(self, method: str) -> Raw | None:
        """Raises the fault that waits for this call, if there is one, after the gate has opened.

        One that is returned is played after the call was carried out.
        """
        if method in self._gates:
            await self._gates[method].wait()
        for queue in (self._queues[method], self._queues["*"]):
            if queue:
                return _met(queue.popleft())
        return None


def _met(fault: Fault | Raw) -> Raw:
    if isinstance(fault, Fault):
        raise Refusal(fault.error, status=fault.status, retry_after=fault.retry_after, location=fault.location)
    if not fault.done:
        raise OddAnswer(fault)
    return fault
