"""What a running bot looks at by itself: the quick checks of the table, after the start and every hour.

Nothing waits for it. What is bad is logged once, and again when it comes back; whoever asks gets the last look.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from bot.doctor.examination import Examined, examine
from bot.doctor.result.codes import State
from bot.doctor.table import CHECKS, Check, Installation
from bot.doctor.view import mrkdwn, says, state_of, todo

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0
QUICK = tuple(check for check in CHECKS if check.quick)
LEVELS = {State.BAD: logging.WARNING, State.NOTE: logging.INFO}


class SelfCheck:
    """The last look. `at` is None until there was one, which `once` waits for."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        self.once = asyncio.Event()
        self._examined: Sequence[Examined] = ()
        self._told: set[tuple[str, str]] = set()

    def lines(self) -> list[str]:
        """What is bad; mrkdwn."""
        return mrkdwn(self._examined)

    def count(self, state: State) -> int:
        """How many things are so."""
        return sum(state_of(found) is state for each in self._examined for found in each.found)

    async def look(self, it: Installation, now: datetime, checks: Sequence[Check] = QUICK) -> None:
        """Once."""
        self._examined, self.at = await examine(checks, it), now
        seen = {(title, line): level for title, line, level in self._worth_a_line()}
        for (title, line), level in seen.items():
            if (title, line) not in self._told:
                log.log(level, "%s: %s", title, line)
        self._told = set(seen)
        self.once.set()

    def _worth_a_line(self) -> list[tuple[str, str, int]]:
        return [
            (each.check.title, f"{says(found)} {todo(found)}".strip(), LEVELS[state_of(found)])
            for each in self._examined
            for found in each.found
            if state_of(found) in LEVELS
        ]

    async def _for_ever(self, make: Callable[[], Installation], now: Callable[[], datetime], every: float) -> None:
        while True:
            await self.look(make(), now())
            await asyncio.sleep(every)

    @asynccontextmanager
    async def looking(
        self, make: Callable[[], Installation], now: Callable[[], datetime], *, every: float = EVERY_SECONDS
    ) -> AsyncIterator[None]:
        """Looks while it is entered, at once and `every` so many seconds. `make` gives what there is to look at."""
        task = asyncio.ensure_future(self._for_ever(make, now, every))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
