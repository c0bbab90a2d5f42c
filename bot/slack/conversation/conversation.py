"""Serves what people write: a mention, a direct message. What is understood runs as the command would."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from bot.services import Services
from bot.slack.conversation.heard import Heard, heard
from bot.slack.conversation.understanding import understand
from bot.slack.conversation.words import not_understood
from bot.slack.requests.job import Job
from bot.slack.requests.payload import Payload
from commands.contract import Command, Request, Step


async def unread(_request: Request, _services: Services) -> AsyncIterator[Step]:
    yield not_understood()


CONVERSATION: Command[Services] = Command("conversation", "What people write.", "", (), unread)
"""What stands in a command's place where none was meant: nobody types it."""


class Conversation:
    """Each message that is for us is served once, whichever of Slack's events bring it."""

    def __init__(
        self, accept: Callable[[Job], None], stamp: Callable[[], dict[str, Any]], commands: Sequence[Command[Services]]
    ) -> None:
        self._accept = accept
        self._stamp = stamp
        self._commands: Mapping[str, Command[Services]] = {command.name: command for command in commands}

    def hear(self, body: Payload, bot: str) -> None:
        """`bot` is Portero's user id."""
        said = heard(body, bot)
        if said is not None:
            self._accept(self._job(said))

    def _job(self, said: Heard) -> Job:
        understood = understand(said.text)
        command = self._commands.get(understood.command, CONVERSATION) if understood else CONVERSATION
        text = understood.text if understood else said.text
        request = said.request(command.name, text, **self._stamp())
        return Job(command, command.handle, request, said.origin, attached=said.files)
