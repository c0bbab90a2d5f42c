"""Edits of what people wrote: that of a message which was not understood is answered, any other says nothing new."""

from collections import OrderedDict
from collections.abc import AsyncIterator

from bot.services import Services
from bot.slack.conversation.heard import Heard
from commands.contract import DeclinedError, Handler, Request, Step, UserError

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
                    yield step
            except UserError as error:
                if not isinstance(error, DeclinedError):
                    self.note(said)
                raise

        return noting
