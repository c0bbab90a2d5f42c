"""How often a request in work may say so."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

MOST_POSTS = 2
"""A response_url allows five posts: two of progress leave three tries for the answer."""

IN_PLACE = (0.3, 3.0)
APPENDED = (1.5,)
"""Seconds before each progress post: two edits of one message, or a single message of its own on a slow check."""


class Pacer:
    """Posts the latest news, at least `pace[0]`, `pace[1]`, ... seconds apart, and never behind the answer."""

    def __init__(self, post: Callable[[str], Awaitable[bool]], pace: Sequence[float]) -> None:
        self.posted = 0
        self._post = post
        self._pace = pace[:MOST_POSTS]
        self._latest = ""
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def offer(self, text: str) -> None:
        """A text that may be posted; a later one takes its place until then."""
        if text != self._latest:
            self._latest = text
            self._news.set()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Wait for the post that is under way; `wait`, so that a cancelled asker does not cancel it."""
        self._over.set()
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        for seconds in self._pace:
            await self._rest(seconds)
            await self._news.wait()
            if self._over.is_set():
                return
            self._news.clear()
            self.posted += await self._post(self._latest)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return
