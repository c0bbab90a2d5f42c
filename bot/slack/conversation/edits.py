"""Edits of what people wrote: one of what was not understood, or names no host, is answered; others say nothing new."""

from collections import OrderedDict
from collections.abc import AsyncIterator

from bot.services import Services
from bot.slack.conversation.heard import Heard
from commands.contract import DeclinedError, Handler, Reply, Request, Step, UserError
from commands.smtpcheck.arguments import NETWORK

REMEMBERED = 1000
"""Messages of which it is known that they were not understood: an edit is heard for minutes alone (`heard`)."""


class Unanswered:
    """Messages by the key under which they were served."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def key(self, said: Heard) -> str:
        """Under which it is served: an edit is new where what was written before got no answer."""
        key = said.origin.key
        if said.edited and key in self._keys:
            del self._keys[key]
            return f"{key}:{said.edited}"
        return key

    def note(self, said: Heard) -> None:
        self._keys[said.origin.key] = None
        while len(self._keys) > REMEMBERED:
            self._keys.popitem(last=False)

    def noting(self, said: Heard, handler: Handler[Services], *, understood: bool) -> Handler[Services]:
        """The same, and noted where what was written has a mistake: what is merely not done now was understood."""

        async def noting(request: Request, services: Services) -> AsyncIterator[Step]:
            if not understood:
                self.note(said)
            try:
                async for step in handler(request, services):
                    if _connected_to_nothing(step):
                        self.note(said)
                    yield step
            except UserError as error:
                if not isinstance(error, DeclinedError):
                    self.note(said)
                raise

        return noting


def _connected_to_nothing(step: Step) -> bool:
    """A check of a name that does not exist: most often it is misspelt, and the edit mends it."""
    about = step.subject if isinstance(step, Reply) else None
    return about is not None and about.command == "smtpcheck" and about.targets != (NETWORK,) and not about.ports
