"""Edits of what people wrote: one of what was not understood, or names no host, is answered; others say nothing new.

Which those are is kept where threads are (`threads`), so that an edit after a restart is answered, too.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.services import Services
from bot.slack.conversation.heard import Heard
from bot.slack.conversation.threads import Threads
from bot.slack.requests.payload import Origin
from commands.contract import DeclinedError, Handler, Reply, Request, Step, UserError
from commands.smtpcheck.arguments import NETWORK


class Unanswered:
    """Messages that an edit may mend."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def origin(self, said: Heard) -> Origin:
        """As what it is served: an edit is new where what was written before got no answer."""
        if said.edited and await self._threads.take_mark(said.channel, said.ts):
            return replace(said.origin, key=f"{said.origin.key}:{said.edited}")
        return said.origin

    def noting(self, said: Heard, handler: Handler[Services], *, understood: bool) -> Handler[Services]:
        """The same, and noted where what was written has a mistake: what is merely not done now was understood."""

        async def note() -> None:
            await self._threads.mark(said.channel, said.ts, said.actor.user if said.direct else "")

        async def noting(request: Request, services: Services) -> AsyncIterator[Step]:
            if not understood:
                await note()
            try:
                async for step in handler(request, services):
                    if _connected_to_nothing(step):
                        await note()
                    yield step
            except UserError as error:
                if not isinstance(error, DeclinedError):
                    await note()
                raise

        return noting


def _connected_to_nothing(step: Step) -> bool:
    """A check of a name that does not exist: most often it is misspelt, and the edit mends it."""
    about = step.subject if isinstance(step, Reply) else None
    return about is not None and about.command == "smtpcheck" and about.targets != (NETWORK,) and not about.ports
