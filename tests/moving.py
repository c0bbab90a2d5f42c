"""An event loop on a clock that moves only when there is nothing left to do.

Sockets are real, waiting is not: when no socket has anything to say, the clock jumps to the next timer. A time-out of
15 s takes no time, and one that fires does so because nothing came, never because the machine was busy. Both ends of
every connection must live in the loop.
"""

import asyncio
import selectors

GRACE = 0.005
"""Seconds (real ones) in which what one end has sent reaches the other through the kernel."""


class _Selector(selectors.DefaultSelector):
    """Waits in real time for sockets, and not at all for timers."""

    now = 0.0
    threads = 0  # at work: what they bring is waited for in real time

    def select(self, timeout=None):
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        ready = super().select(GRACE)
        while not ready and self.threads:
            ready = super().select(GRACE)
        ready = ready or super().select(0)  # whoever was stopped while waiting comes back empty-handed
        if not ready:
            self.now += timeout
        return ready


class MovingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._moving = _Selector()
        super().__init__(self._moving)

    def time(self):
        return self._moving.now

    def doze(self, seconds):
        """Time passes and nothing is done, as when the process is suspended."""
        self._moving.now += seconds

    def run_in_executor(self, executor, func, *args):
        self._moving.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    def _back(self, _future):
        self._moving.threads -= 1

    async def shutdown_default_executor(self, _timeout=None):
        """Threads that end are at work as well, until they have: from Python 3.12 on a timer waits beside them."""
        self._moving.threads += 1
        await super().shutdown_default_executor()
        self._moving.threads -= 1


def run(main):
    """What a coroutine returns; it is run on a moving clock."""
    with asyncio.Runner(loop_factory=MovingLoop) as runner:
        return runner.run(main)
