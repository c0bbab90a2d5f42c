"""Answers that are worth keeping for some minutes, one for each port."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Answers by port, each asked for at most once in so many seconds.

    Callers at the same time share one answer; one that gives up does not end it for the others.
    """

    def __init__(self, ask: Callable[[int], Coroutine[Any, Any, T]], keep: float, clock: Callable[[], float]) -> None:
        self._ask, self._keep, self._clock = ask, keep, clock
        self._known: dict[int, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, port: int, within: float | None = None) -> tuple[T, float]:
        """The answer, and how many seconds ago it was asked for; one older than `within` seconds is asked for anew."""
        now, keep = self._clock(), self._keep if within is None else within
        made, task = self._known.get(port, (0.0, None))
        if task is None or now - made > keep or _has_failed(task):
            made, task = now, asyncio.ensure_future(self._ask(port))
            self._known[port] = (made, task)
        return await asyncio.shield(task), now - made


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
