"""What a remote service said a short while ago: asked for once, kept for a time, never more than so many."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

ASK_AGAIN = 10.0
"""Seconds after a failure for which what was known before is said at once."""


@dataclass(slots=True)
class Kept(Generic[Value]):
    """A question under way or answered, with what was known before it was asked, and since when."""

    at: float
    answer: asyncio.Future[Value]
    before: tuple[float, Value] | None

    @property
    def failed(self) -> bool:
        return self.answer.done() and (self.answer.cancelled() or self.answer.exception() is not None)

    @property
    def known(self) -> tuple[float, Value] | None:
        if self.failed or not self.answer.done():
            return self.before
        return self.at, self.answer.result()


class AnswerCache(Generic[Key, Value]):
    """Answers of `ask` by key, each for `seconds` of `clock` (monotonic), the least recently asked thrown out first.

    Who asks while the same question is under way waits for its answer: 200 first commands at once ask one time. When
    it fails, or takes longer than `hurry`, an answer that is younger than `stale` seconds is good enough, unless `ends`
    says that the failure is an answer itself. Without one the failure is raised, TimeoutError after `patience` seconds.
    """

    def __init__(
        self,
        ask: Callable[[Key], Awaitable[Value]],
        clock: Callable[[], float],
        *,
        seconds: float,
        most: int,
        stale: float = 0.0,
        hurry: float | None = None,
        patience: float | None = None,
        ends: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._stale = stale
        self._hurry = hurry
        self._patience = patience
        self._ends = ends
        self._kept: OrderedDict[Key, Kept[Value]] = OrderedDict()

    async def get(self, key: Key) -> Value:
        kept = self._kept.get(key)
        if kept is None or self._clock() - kept.at >= self._lasts(kept):
            kept = self._asked(key, kept.known if kept is not None else None)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        before = kept.before if kept.before and self._clock() - kept.before[0] < self._stale else None
        try:
            async with asyncio.timeout(self._patience if before is None else self._hurry):
                return await asyncio.shield(kept.answer)
        except Exception as error:
            if before is None or self._ends(error):
                raise
            return before[1]

    def _asked(self, key: Key, before: tuple[float, Value] | None) -> Kept[Value]:
        answer = asyncio.ensure_future(self._ask(key))
        answer.add_done_callback(_heard)
        kept = self._kept[key] = Kept(self._clock(), answer, before)
        return kept

    def _lasts(self, kept: Kept[Value]) -> float:
        """Seconds for which it is not asked anew."""
        if not kept.failed:
            return self._seconds
        return 0.0 if kept.before is None else ASK_AGAIN


def _heard(answer: asyncio.Future[Value]) -> None:
    """Nobody may be left to hear of a failure."""
    if not answer.cancelled():
        answer.exception()
