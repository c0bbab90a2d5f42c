"""Where the steps of an answer are shown: as messages in the channel, or in a dialogue."""

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.errors import FAULTS, part, passes, word_of
from bot.slack.delivery.delivery import Outbox
from bot.slack.replies import modals
from bot.slack.replies.error_messages import NOT_SHOWN, TOO_LATE, list_errors
from commands.contract import FormErrors, Modal, Progress, Reply, Request, Step

log = logging.getLogger(__name__)

TRIGGER_ERRORS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})

CLOSED = frozenset({"not_found"})

FormVerdict = asyncio.Future[FormErrors | None]
"""What the first step of a form's handler was; None when it had no errors, or when its ack could not wait."""


class Surface(Protocol):
    """What the bridge needs of either."""

    async def open(self) -> bool:
        """Get ready before the handler starts; False when Slack does not let us."""

    async def deliver(self, step: Step) -> None: ...

    async def settle(self) -> None:
        """Nothing is under way any more, and nothing will come."""


class Opener:
    """Opens dialogues for one request. A trigger lives 3 seconds and works once."""

    def __init__(self, client: AsyncWebClient, request: Request, trigger_id: str) -> None:
        self._client = client
        self._request = request
        self._trigger_id = trigger_id

    async def open(self, modal: Modal) -> str:
        """The id of the opened view, or nothing when the trigger is too old."""
        try:
            opened = await self._client.views_open(trigger_id=self._trigger_id, view=self._view(modal))
            return str(part(opened, "view", "id"))
        except FAULTS as error:
            self._note(error, TRIGGER_ERRORS)
            return ""

    async def update(self, view_id: str, modal: Modal) -> bool:
        """New contents for an open view; one that was closed meanwhile is no error. False: Slack did not take them."""
        try:
            await self._client.views_update(view_id=view_id, view=self._view(modal))
        except FAULTS as error:
            self._note(error, CLOSED)
            return word_of(error) in CLOSED
        return True

    def _note(self, error: Exception, expected: Collection[str]) -> None:
        """In the log. What is neither expected nor passes is a bug: contents that Slack refuses."""
        word = word_of(error)
        if word not in expected and not passes(word):
            raise error
        log.info("request %s: a dialogue: %s", self._request.request_id, word)

    def elsewhere(self) -> Modal:
        """What a dialogue says when its button is answered by a message."""
        channel = self._request.channel
        where = f"in <#{channel}>" if channel[:1] in {"C", "G"} else "in the direct messages with Portero"
        return modals.saying(f":arrow_right: The answer stands {where}. You can close this.")

    def _view(self, modal: Modal) -> dict[str, Any]:
        return modals.view_of(modal, self._request.command, self._request.channel)


class InChannel:
    """Messages. `verdict` is told what the first step was, for a form whose ack waits for it.

    `view_id` is the dialogue whose button was pressed: apps cannot close it, so it says where the answer stands.
    """

    def __init__(self, outbox: Outbox, opener: Opener, verdict: FormVerdict | None = None, view_id: str = "") -> None:
        self._outbox = outbox
        self._opener = opener
        self._verdict = verdict
        self._view_id = view_id

    async def open(self) -> bool:
        return True

    async def deliver(self, step: Step) -> None:
        told = self._tell(step if isinstance(step, FormErrors) else None)
        if self._view_id:
            view_id, self._view_id = self._view_id, ""
            shown = await self._opener.update(view_id, step if isinstance(step, Modal) else self._opener.elsewhere())
            if isinstance(step, Modal):
                if not shown:
                    await self._outbox.reply(NOT_SHOWN)
                return
        if isinstance(step, Progress):
            self._outbox.progress(step.text, public=step.public)
        elif isinstance(step, Reply):
            await self._outbox.reply(step)
        elif isinstance(step, FormErrors):
            if not told:
                await self._outbox.reply(list_errors(step))
        elif not await self._opener.open(step):
            await self._outbox.reply(TOO_LATE)

    async def settle(self) -> None:
        self._tell(None)
        await self._outbox.settle()

    def _tell(self, verdict: FormErrors | None) -> bool:
        """True when the ack will carry it."""
        if self._verdict is None or self._verdict.done():
            return False
        self._verdict.set_result(verdict)
        return True


class InModal:
    """A dialogue, opened at once with "Loading". What comes before that or cannot be shown there is a message.

    `view_id` is the dialogue whose button was pressed: it shows the answer then, and stays open.
    """

    def __init__(self, outbox: Outbox, opener: Opener, view_id: str = "") -> None:
        self._outbox = outbox
        self._opener = opener
        self._view_id = view_id

    async def open(self) -> bool:
        if self._view_id:
            return True
        self._view_id = await self._opener.open(modals.LOADING)
        return bool(self._view_id)

    async def deliver(self, step: Step) -> None:
        if isinstance(step, Modal):
            if not await self._opener.update(self._view_id, step):
                await self._outbox.reply(NOT_SHOWN)
        elif isinstance(step, Reply):
            saying = modals.saying(step.text)
            if not self._view_id or not await self._opener.update(self._view_id, saying):
                await self._outbox.reply(step)

    async def settle(self) -> None:
        """A dialogue has no progress."""
