"""An answer that is shown in a dialogue."""

from bot.slack.replies.answers import AnswerDelivery
from bot.slack.replies.dialogues import LOADING, ModalOpener, saying
from bot.slack.replies.messages import Outcome
from commands.contract import Modal, Reply, Shown


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

    async def post(self, reply: Reply) -> tuple[Outcome, str]:
        return await self._delivery.post(reply)

    async def revise(self, _copy: Reply | None, otherwise: Reply) -> None:
        await self.deliver(otherwise)

    async def deliver(self, step: Shown) -> None:
        if isinstance(step, Modal):
            if not await self._opener.update(self._view_id, step):
                await self._delivery.reply(self._opener.refusal)
        elif isinstance(step, Reply):
            shown = self._view_id and await self._opener.update(self._view_id, saying(step.text))
            if not shown:
                await self._delivery.reply(step)

    async def settle(self) -> None:
        """A dialogue has no progress."""
