"""The workspace's clock: real time that a test may move forward.

Ack limits, triggers, response URLs and message timestamps follow it. Signatures of HTTP deliveries do not: their
receiver compares them with its own clock.
"""

import asyncio
import contextlib
import time


class Clock:
    """Seconds since the epoch. It begins at `start` (now, when absent) and runs on by itself."""

    def __init__(self, start: float | None = None) -> None:
        self._offset = 0.0 if start is None else start - time.time()
        self._moved = asyncio.Event()
        self._stopped: float | None = None

    def now(self) -> float:
        return (time.time() if self._stopped is None else self._stopped) + self._offset

    def stop(self) -> None:
        """From here on `advance` alone moves it: no ack is late and no trigger grows old on a machine that stalls."""
        self._stopped = time.time()

    def advance(self, seconds: float) -> None:
        """Everybody who waits on this clock sees `seconds` pass at once."""
        self._offset += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Returns when `seconds` have passed on this clock, whether they ran or were skipped by `advance`."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)
