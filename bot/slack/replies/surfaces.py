"""Where the steps of an answer are shown: as messages in the channel, or in a dialogue."""

import asyncio
import logging
from typing import Protocol

from bot.slack.delivery.answers import AnswerDelivery
from bot.slack.replies.error_messages import list_errors
from bot.slack.replies.modals import LOADING, ModalOpener, saying
from commands.contract import FormErrors, Modal, Progress, Reply, Step

log = logging.getLogger(__name__)

FormVerdict = asyncio.Future[FormErrors | None]
"""What the first step of a form's handler was; None when it had no errors, or when its ack could not wait."""


class Surface(Protocol):
    """What the dispatcher needs of either."""

    async def open(self) -> Reply | None:
        """Get ready before the handler starts. What to say instead when Slack does not let us."""

    async def deliver(self, step: Step) -> None: ...

    async def settle(self) -> None:
        """Nothing is under way any more, and nothing will come."""


class MessageSurface:
    """Messages. `verdict` is told what the first step was, for a form whose ack waits for it.

    `view_id` is the dialogue whose button was pressed: apps cannot close it, so it says where the answer stands.
    """

    def __init__(
        self, delivery: AnswerDelivery, opener: ModalOpener, verdict: FormVerdict | None = None, view_id: str = ""
    ) -> None:
        self._delivery = delivery
        self._opener = opener
        self._verdict = verdict
        self._view_id = view_id

    async def open(self) -> Reply | None:
        return None

    async def deliver(self, step: Step) -> None:
        told = self._tell(step if isinstance(step, FormErrors) else None)
        if self._view_id:
            view_id, self._view_id = self._view_id, ""
            shown = await self._opener.update(view_id, step if isinstance(step, Modal) else self._opener.elsewhere())
            if isinstance(step, Modal):
                if not shown:
                    await self._delivery.reply(self._opener.refusal)
                return
        if isinstance(step, Progress):
            self._delivery.progress(step.text, public=step.public)
        elif isinstance(step, Reply):
            await self._delivery.reply(step)
        elif isinstance(step, FormErrors):
            if not told:
                await self._delivery.reply(list_errors(step))
        elif not await self._opener.open(step):
            await self._delivery.reply(self._opener.refusal)

    async def settle(self) -> None:
        self._tell(None)
        await self._delivery.settle()

    def _tell(self, verdict: FormErrors | None) -> bool:
        """True when the ack will carry it."""
        if self._verdict is None or self._verdict.done():
            return False
        self._verdict.set_result(verdict)
        return True


class ModalSurface:
    """A dialogue, opened at once with "Loading". What comes before that or cannot be shown there is a message.

    `view_id` is the dialogue whose button was pressed: it shows the answer then, and stays open.
    """

    def __init__(self, delivery: AnswerDelivery, opener: ModalOpener, view_id: str = "") -> None:
        self._delivery = delivery
        self._opener = opener
        self._view_id = view_id

    async def open(self) -> Reply | None:
        if not self._view_id:
            self._view_id = await self._opener.open(LOADING)
        return None if self._view_id else self._opener.refusal

    async def deliver(self, step: Step) -> None:
        if isinstance(step, Modal):
            if not await self._opener.update(self._view_id, step):
                await self._delivery.reply(self._opener.refusal)
        elif isinstance(step, Reply):
            shown = self._view_id and await self._opener.update(self._view_id, saying(step.text))
            if not shown:
                await self._delivery.reply(step)

    async def settle(self) -> None:
        """A dialogue has no progress."""
