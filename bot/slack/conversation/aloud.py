"""What is minded where everybody reads along: a secret of somebody, answers about them alone, how to go on there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.services import Services
from commands.blocks import context, section
from commands.contract import Attachment, Handler, Reply, Request, Step
from commands.secrets.masking import masked
from commands.slack_text import escape, undo
from storage.history import Query, StorageError, instant
from storage.watches import greeting_key

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


def for_their_eyes(handler: Handler[Services], target: str) -> Handler[Services]:
    """The same; of a host of which the channel knows nothing what the asker may see, for them alone."""

    async def telling(request: Request, services: Services) -> AsyncIterator[Step]:
        theirs = replace(services, viewer=services.asker) if services.asker else services
        is_theirs = not await _is_known(target, services) and await _is_known(target, theirs)
        async for step in handler(request, theirs if is_theirs else services):
            yield _for_them(step, target) if is_theirs and isinstance(step, Reply) else step

    return telling


async def _is_known(target: str, services: Services) -> bool:
    viewer = await services.viewer()
    with suppress(StorageError):
        if await services.history.count(Query(viewer, target=target), most=1):
            return True
        return any(row.target == target for row in await services.watches.visible_to(viewer))
    return False


def _for_them(reply: Reply, target: str) -> Reply:
    first = NOT_OF_CHANNEL.format(target=escape(target))
    return replace(
        reply,
        text=f"{first}\n{reply.text}",
        blocks=[context(first), *(reply.blocks or [section(reply.text)])],
        private=True,
    )


NOT_OF_CHANNEL = (
    ":lock: *Only you see this.* Nobody checked or watches {target} in this channel; this is what you may see yourself."
)


def telling_how_to_go_on(handler: Handler[Services]) -> Handler[Services]:
    """The same; the first answer in a channel that somebody may ask on below says how, once."""

    async def telling(request: Request, services: Services) -> AsyncIterator[Step]:
        async for step in handler(request, services):
            first = isinstance(step, Reply) and step.subject is not None and await _is_first(request, services)
            yield _with_word(step) if first and isinstance(step, Reply) else step

    return telling


MENTIONS_ALONE = (
    "In a channel I read only messages that mention me, in threads, too: `@portero and 465?`. In a direct message no "
    "mention is needed."
)


def _with_word(reply: Reply) -> Reply:
    return replace(reply, text=f"{reply.text}\n{MENTIONS_ALONE}", blocks=[*reply.blocks, context(MENTIONS_ALONE)])


async def _is_first(request: Request, services: Services) -> bool:
    key = greeting_key(request.actor.team, f"{request.channel}:mentions")
    with suppress(StorageError):
        if not await services.watches.notes(key):
            await services.watches.note(key, {"at": instant(request.at)})
            return True
    return False


def _holds_secret(text: str, files: Sequence[Attachment]) -> bool:
    parts = [undo(text), *(file.content[:LOOKED_AT].decode(errors="replace") for file in files)]
    return any(masked(part[:LOOKED_AT]) != part[:LOOKED_AT] and not _asks_alone(part) for part in parts)


def _asks_alone(text: str) -> bool:
    """Whether it is a question in which nothing but plain words would be covered: `do you need my password?`."""
    covered = set(text.split()) - set(masked(text[:LOOKED_AT]).split())
    return "?" in text and "\n" not in text.strip() and all(word.strip(".,;:!?¿").isalpha() for word in covered)
