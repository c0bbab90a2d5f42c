"""Whether this process itself was held up: suspended, or its event loop busy with something else.

A time-out that fires because we slept says nothing about the server: its answer may lie in the socket, unread. So a
beat is due every second, and whoever doubts a time-out asks how late the last one was. The clock must go on while a
process is suspended (CLOCK_MONOTONIC does; a machine that sleeps stops it, and then no time-out fires either).
"""

import asyncio
from collections.abc import Callable
from typing import Self

BEAT = 1.0
LATE = 3.0
"""Seconds: a beat that comes so late, or is overdue for so long, says that we were held up."""


class Pulse:
    """Beats from `with` on, by `clock` (seconds)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._due = 0.0
        self._late_by = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._next()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    @property
    def faltered(self) -> bool:
        """Whether we were held up until a moment ago; a beat in time since then clears it."""
        return max(self._late_by, self._clock() - self._due) >= LATE

    def _beat(self) -> None:
        self._late_by = self._clock() - self._due
        self._next()

    def _next(self) -> None:
        self._due = self._clock() + BEAT
        self._timer = asyncio.get_running_loop().call_later(BEAT, self._beat)
