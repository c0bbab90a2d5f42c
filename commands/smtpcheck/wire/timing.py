"""How long an answer is waited for, and whether this process was awake meanwhile.

A reply that comes in piece by piece is waited for longer. A time-out that fires because we slept says nothing about the
server: its answer may lie in the socket, unread. So a beat is due every second, and whoever doubts a time-out asks how
late the last one was. The clock must go on while a process is suspended (CLOCK_MONOTONIC does; a machine that sleeps
stops it, and then no time-out fires either).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

from commands.smtpcheck.wire.connection import Limits
from commands.smtpcheck.wire.record import DRIPS

GRACE = 1.0
"""Seconds that a whole reply has to be read: it may have come while the process did nothing, just before its time."""


class ReplyTimer:
    """`now` gives milliseconds. One step at a time."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._timer: asyncio.Timeout | None = None
        self._since = 0.0
        self._last_piece: float | None = None
        self._pauses = 0

    async def within(self, seconds: float, act: Callable[[], Awaitable[Any]]) -> Any:
        """What `act` brings; TimeoutError when it takes longer and no piece of a reply excuses that."""
        self._since, self._last_piece, self._pauses = self._now(), None, 0
        try:
            async with asyncio.timeout(seconds) as self._timer:
                return await act()
        finally:
            self._timer = None

    @property
    def is_spent(self) -> bool:
        """Whether the pauses of this step tell a tarpit: whatever piece comes next is not waited for."""
        return self._pauses >= DRIPS

    def heard(self, *, ends_reply: bool) -> None:
        """A piece of a reply came: wait for the next one, unless the pauses tell a tarpit already."""
        now, limits = self._now(), self._limits
        self._pauses += self._last_piece is not None and now - self._last_piece >= limits.gap * 1000
        self._last_piece = now
        left = GRACE if ends_reply else min(limits.piece, limits.reply - (now - self._since) / 1000)
        if ends_reply or not self.is_spent:
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        """From now on so many seconds at least."""
        due = self._timer.when() if self._timer is not None else None
        if self._timer is not None and due is not None and not self._timer.expired():
            self._timer.reschedule(max(due, asyncio.get_running_loop().time() + seconds))


BEAT = 1.0
LATE = 3.0
"""Seconds: a beat that comes so late, or is overdue for so long, says that we were held up."""


class StallDetector:
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
