"""Work that an event loop gives to a thread, and outcomes that the thread gives back: one wake-up of the loop for many.

The futures of `concurrent.futures` have a lock each and wake the loop once for each; for a question that takes 0.1 ms
that is a quarter of its CPU.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar

from sqlite_utils import Database

T = TypeVar("T")


class Job(Generic[T]):
    """Made and awaited in the event loop of who asks; a thread runs `work`."""

    __slots__ = ("_answer", "loop", "work")

    def __init__(self, work: Callable[[Database], T]) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[T] = self.loop.create_future()

    def __await__(self) -> Generator[Any, None, T]:
        return self._answer.__await__()

    @property
    def given_up(self) -> bool:
        """Whether nobody waits any more."""
        return self._answer.cancelled()

    def settle(self, answer: T, error: Exception | None) -> None:
        """Wake who waits. To be called in their event loop."""
        if self._answer.done():
            return
        if error:
            self._answer.set_exception(error)
        else:
            self._answer.set_result(answer)


class Outcome(NamedTuple):
    """What became of a job."""

    job: Job[Any]
    answer: Any = None
    error: Exception | None = None


def give_back(outcomes: Sequence[Outcome]) -> None:
    """Wake all who wait for these, from a thread."""
    for loop, of_loop in groupby(outcomes, lambda outcome: outcome.job.loop):
        with suppress(RuntimeError):  # it is closed: nobody there waits any more
            loop.call_soon_threadsafe(_settle, list(of_loop))


def _settle(outcomes: Sequence[Outcome]) -> None:
    for job, answer, error in outcomes:
        job.settle(answer, error)
