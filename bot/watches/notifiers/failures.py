"""What keeps alerts from arriving by a route, kept for `/smtpwatch show` until one arrives again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from commands.watch.state.notifier import Delivery, Notifier, Posted, UndeliverableError
from storage.watches import Watches, trouble_key


class NotReachedError(Exception):
    """The other side gave no answer. The text is a code."""


@dataclass
class Noting:
    """A notifier whose failures are noted: their kind, no message, which may repeat a secret.

    It hears only of watches that take its route; what it returns says whether anything was sent.
    """

    notifier: Notifier
    watches: Watches
    now: Callable[[], datetime]
    route: str = field(init=False)

    def __post_init__(self) -> None:
        self.route = self.notifier.route

    async def deliver(self, delivery: Delivery) -> Posted | None:
        if not delivery.to(self.route):
            return None
        key = trouble_key(delivery.event.watch, self.route)
        try:
            posted = await self.notifier.deliver(delivery)
        except Exception as error:
            why = str(error) if isinstance(error, UndeliverableError | NotReachedError) else type(error).__name__
            await self.watches.note(key, {"at": self.now().isoformat(), "why": why})
            raise
        if posted is not None and await self.watches.notes(key):
            await self.watches.note(key, None)
        return posted
