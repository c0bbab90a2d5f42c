"""Who is next where Slack says 429: what is asked there waits in a line, in order, for as long as Slack said.

Slack takes about one message a second in a channel, a short burst aside, and so many calls a minute of any other
method. Fifty who try again by themselves would all be refused together once more; in a line one asks at a time.

Source: docs.slack.dev, apis/web-api/rate-limits.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Answer: TypeAlias = dict[str, Any]

SPACING = 1.0
"""Seconds between two calls of a line: the rate of messages in a channel."""

REFUSED: Mapping[str, Any] = {"data": {"ok": False, "error": "ratelimited"}, "headers": {}, "status_code": 429}
"""To what waited for its turn for as long as it may, and never asked."""


@dataclass
class Line:
    """Those who wait in one place. `opens` is when the next may ask."""

    opens: float = 0.0
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Turns:
    """The lines of one client, each for as long as somebody waits in it.

    `told` reads for how long a 429 wants us to wait; that is never less than `spacing`.
    """

    told: Callable[[Answer], float]
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    spacing: float = SPACING
    _lines: dict[str, Line] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many wait, in all lines."""
        return sum(line.waiting for line in self._lines.values())

    async def served(self, place: str, ask: Callable[[], Awaitable[Answer]], patience: float) -> Answer:
        """The answer of `ask`: a 429 only where it would have to wait for longer than its patience, in seconds."""
        until = self.now() + patience
        line = self._lines.get(place)
        if line is None:
            answer = await ask()
            if not self._may_wait(answer, until):
                return answer
            line = self._lines.setdefault(place, Line())
            self._close(line, answer)
        line.waiting += 1
        try:
            return await self._queued(line, ask, until)
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[place]

    async def _queued(self, line: Line, ask: Callable[[], Awaitable[Answer]], until: float) -> Answer:
        try:
            async with asyncio.timeout(until - self.now()):
                await line.turn.acquire()
        except TimeoutError:
            return {**REFUSED}
        try:
            return await self._next(line, ask, until)
        finally:
            line.turn.release()

    async def _next(self, line: Line, ask: Callable[[], Awaitable[Answer]], until: float) -> Answer:
        answer: Answer = {**REFUSED}
        while line.opens <= until:
            await self.sleep(max(0.0, line.opens - self.now()))
            answer = await ask()
            self._close(line, answer)
            if not self._may_wait(answer, until):
                return answer
        return answer

    def _may_wait(self, answer: Answer, until: float) -> bool:
        return answer["status_code"] == 429 and self.now() + self.told(answer) <= until

    def _close(self, line: Line, answer: Answer) -> None:
        """Nobody asks there before this is over."""
        told = self.told(answer) if answer["status_code"] == 429 else 0.0
        line.opens = max(line.opens, self.now() + max(told, self.spacing))
