"""What a remote service said a short while ago: asked for once, kept for a time, never more than so many."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Answers of `ask` by key, each for `seconds` of `clock` (monotonic), the least recently asked thrown out first.

    Who asks while the same question is under way waits for its answer: 200 first commands at once ask one time. A
    failure is raised to all of them and not kept.
    """

    def __init__(
        self, ask: Callable[[Key], Awaitable[Value]], clock: Callable[[], float], *, seconds: float, most: int
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[Key, tuple[float, asyncio.Future[Value]]] = OrderedDict()

    async def get(self, key: Key) -> Value:
        at, answer = self._kept.get(key, (0.0, None))
        if answer is None or self._clock() - at >= self._seconds or _failed(answer):
            answer = asyncio.ensure_future(self._ask(key))
            self._kept[key] = (self._clock(), answer)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return await asyncio.shield(answer)


def _failed(answer: asyncio.Future[Value]) -> bool:
    return answer.done() and (answer.cancelled() or answer.exception() is not None)
