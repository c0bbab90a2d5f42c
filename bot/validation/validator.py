"""Who checks what is given to `/pmta`: one process that is kept for small texts, and one at a time for a large one.

A small paste costs no start of a process. A large config gets a process of its own, which gives its memory back when it
ends; others wait, each with its bytes only. So whatever is sent takes at most the memory of one large check, of the
process that is kept, and of the files that wait.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.validation.process import Bounds, EndedError, Process, explained
from commands.contract import DeclinedError, UserError
from commands.pmta.checking import Order, Studied, Turn

LARGE = 200_000
"""Bytes of a file, characters of a text: what is shorter takes less than a second and, at its worst, 30 MB."""

SMALL_BOUNDS = Bounds(memory=100_000_000, seconds=20, patience=120.0)
LARGE_BOUNDS = Bounds(memory=225_000_000, seconds=60, patience=300.0)
MOST = 10
"""Large configs that are checked or wait; their files lie in memory meanwhile."""


class Lane:
    """Checks one after the other. `keeps`: its process is used again."""

    def __init__(self, bounds: Bounds, *, keeps: bool) -> None:
        self.process: Process | None = None
        self._bounds = bounds
        self._keeps = keeps
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="validator")

    def start(self) -> Process:
        """Its process, which is a new one when the old one died while it had nothing to do."""
        if self.process is None or not self.process.is_alive:
            self.end()
            self.process = Process(self._bounds)
        return self.process

    async def check(self, order: Order) -> Studied:
        async with self._turn:
            process, keeps = self.start(), False
            try:
                made = await asyncio.get_running_loop().run_in_executor(self._thread, process.ask, order)
                keeps = self._keeps
            except EndedError as error:
                raise explained(error, process, self._bounds) from None
            except UserError:
                keeps = self._keeps
                raise
            finally:
                if not keeps:
                    self.end()
            return made

    def end(self) -> None:
        """Its process, at once; whoever waits for an answer of it gets an error."""
        if self.process is not None:
            self.process.end()
            self._thread.submit(self.process.close)
            self.process = None

    def close(self) -> None:
        self.end()
        self._thread.shutdown()


class Validator:
    """Starts nothing before there is something to check, or `warm_up`."""

    def __init__(self, small: Bounds = SMALL_BOUNDS, large: Bounds = LARGE_BOUNDS) -> None:
        self.small = Lane(small, keeps=True)
        self.large = Lane(large, keeps=False)
        self._before = 0

    def warm_up(self) -> None:
        """So that the first paste waits for nothing either."""
        self.small.start()

    def submit(self, order: Order) -> Turn:
        """Raises DeclinedError when too many large configs wait."""
        if order.size < LARGE:
            return Turn(0, asyncio.ensure_future(self.small.check(order)))
        if self._before >= MOST:
            raise DeclinedError(f"{self._before} other large configs are being checked.", "Try again in a minute.")
        turn = Turn(self._before, asyncio.ensure_future(self.large.check(order)))
        self._before += 1
        turn.answer.add_done_callback(self._leave)
        return turn

    def _leave(self, _answer: object) -> None:
        self._before -= 1

    def close(self) -> None:
        self.small.close()
        self.large.close()
