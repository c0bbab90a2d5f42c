"""What stands in the way of mail and webhooks, kept for `/smtpwatch show` until one arrives again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from commands.watch.state.events import UndeliverableError
from commands.watch.verbs.needs import trouble_key
from storage.watch_interface import Watches


class NotReachedError(Exception):
    """The other side gave no answer. The text is a code."""


@dataclass
class Trouble:
    watches: Watches
    now: Callable[[], datetime]

    async def noting(self, watch: str, route: str, sending: Awaitable[None]) -> None:
        """Await a delivery; what it raises is noted (its kind, no message: that may repeat a secret) and goes on."""
        key = trouble_key(watch, route)
        try:
            await sending
        except Exception as error:
            why = str(error) if isinstance(error, UndeliverableError | NotReachedError) else type(error).__name__
            await self.watches.note(key, {"at": self.now().isoformat(), "why": why})
            raise
        if await self.watches.notes(key):
            await self.watches.note(key, None)
