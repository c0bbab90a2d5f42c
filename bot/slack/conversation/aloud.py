"""What is minded where everybody reads along: a secret that somebody wrote there, and answers about them alone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.services import Services
from commands.contract import Attachment, Handler, Reply, Request, Step
from commands.secrets.masking import masked
from commands.slack_text import undo

LOOKED_AT = 20_000
"""Characters of a message, and of each file, in which a secret is looked for."""

SEEN_BY_ALL = (
    ":lock: *Only you see this.* Your message looks as if it held a password or a key, and everybody in the channel "
    "reads it: delete it there, and change what was in it. Portero covers it in its answer and keeps it nowhere."
)


def minding_secrets(handler: Handler[Services], text: str) -> Handler[Services]:
    """The same, and a word to the asker first where others read a secret of theirs."""

    async def minding(request: Request, services: Services) -> AsyncIterator[Step]:
        if _holds_secret(text, request.attachments):
            yield Reply(SEEN_BY_ALL, private=True)
        async for step in handler(request, services):
            yield step

    return minding


def privately(handler: Handler[Services]) -> Handler[Services]:
    """The same, for the asker alone."""

    async def alone(request: Request, services: Services) -> AsyncIterator[Step]:
        async for step in handler(request, services):
            yield replace(step, private=True) if isinstance(step, Reply) else step

    return alone


def _holds_secret(text: str, files: Sequence[Attachment]) -> bool:
    parts = [undo(text), *(file.content[:LOOKED_AT].decode(errors="replace") for file in files)]
    return any(masked(part[:LOOKED_AT]) != part[:LOOKED_AT] for part in parts)
