"""How long the answer to one step is waited for: so many seconds, and longer while a reply comes in piece by piece."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from commands.smtpcheck.wire.extensions import DRIPS
from commands.smtpcheck.wire.session import Limits

GRACE = 1.0
"""Seconds that a whole reply has to be read: it may have come while the process did nothing, just before its time."""


class Patience:
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
