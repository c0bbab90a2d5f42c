"""How long the answer to one step is waited for: so many seconds, and longer while a reply comes in piece by piece."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from commands.smtpcheck.extensions import DRIPS
from commands.smtpcheck.session import Limits


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

    def heard(self, *, ends_reply: bool) -> None:
        """A piece of a reply came: wait for the next one, unless the pauses tell a tarpit already."""
        now, limits = self._now(), self._limits
        self._pauses += self._last_piece is not None and now - self._last_piece >= limits.gap * 1000
        self._last_piece = now
        due = self._timer.when() if self._timer is not None else None
        if self._timer is None or due is None or self._timer.expired() or self._pauses >= DRIPS or ends_reply:
            return
        left = limits.reply - (now - self._since) / 1000
        self._timer.reschedule(max(due, asyncio.get_running_loop().time() + min(limits.piece, left)))
