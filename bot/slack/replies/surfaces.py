"""Where the steps of an answer are shown: as messages in the channel, or in a dialogue.

Titles of dialogues hold 24 characters, their private metadata 3,000, a view 100 blocks. A trigger lives 3 seconds.
"""

import asyncio
import logging
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, read, word_of
from bot.slack.replies.answers import AnswerDelivery
from bot.slack.replies.error_messages import NOT_SHOWN, TOO_LATE, list_errors, not_opened
from bot.slack.replies.messages import defused
from bot.slack.requests.payload import write_private
from commands.blocks import cut, plain, section
from commands.contract import FormErrors, Modal, Progress, Reply, Request, Step

log = logging.getLogger(__name__)

VIEW_BLOCKS = 100

CONTENTS = frozenset(
    {
        "duplicate_external_id",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_blocks",
        "invalid_form_data",
        "invalid_json",
        "invalid_view",
        "json_not_object",
        "missing_argument",
        "unknown_method",
        "view_too_large",
    }
)
"""Errors about what we sent: bugs. All others are Slack's, or whoever installed the app has to know of them.

Source: docs.slack.dev, reference/methods/views.open and views.update.
"""

CLOSED = frozenset({"not_found"})

LOADING = Modal("Portero", [section(":hourglass_flowing_sand: Loading …")])


def saying(text: str) -> Modal:
    """A dialogue that says one thing: an error, or a short answer."""
    return Modal("Portero", [section(text)])


def view_of(modal: Modal, command: str, channel: str) -> dict[str, Any]:
    view: dict[str, Any] = {
        "type": "modal",
        "title": plain(cut(modal.title, 24), 24),
        "close": plain("Close", 24),
        "blocks": defused(list(modal.blocks)[:VIEW_BLOCKS]),
        "callback_id": f"{command}.{modal.form}",
        "private_metadata": write_private(channel, modal.private),
    }
    if modal.submit:
        view["submit"] = plain(modal.submit, 24)
    return view


class ModalOpener:
    """Opens dialogues for one request. A trigger lives 3 seconds and works once.

    `refusal` is what to say when Slack did not take the last one.
    """

    def __init__(self, client: AsyncWebClient, request: Request, trigger_id: str) -> None:
        self._client = client
        self._request = request
        self._trigger_id = trigger_id
        self.refusal = NOT_SHOWN

    async def open(self, modal: Modal) -> str:
        """The id of the opened view, or nothing when Slack does not open it."""
        try:
            opened = await self._client.views_open(trigger_id=self._trigger_id, view=self._view(modal))
            return read(opened).record("view").needed("id")
        except FAULTS as error:
            self._note(error)
            return ""

    async def update(self, view_id: str, modal: Modal) -> bool:
        """New contents for an open view; one that was closed meanwhile is no error. False: Slack did not take them."""
        try:
            await self._client.views_update(view_id=view_id, view=self._view(modal))
        except FAULTS as error:
            self._note(error)
            return word_of(error) in CLOSED
        return True

    def _note(self, error: Exception) -> None:
        """In the log. Contents that Slack refuses are a bug."""
        word = word_of(error)
        if word in CONTENTS:
            raise error
        self.refusal = not_opened(word)
        level = logging.INFO if self.refusal in (TOO_LATE, NOT_SHOWN) else logging.WARNING
        log.log(level, "request %s: a dialogue: %s", self._request.request_id, word)

    def elsewhere(self) -> Modal:
        """What a dialogue says when its button is answered by a message."""
        channel = self._request.channel
        where = f"in <#{channel}>" if channel[:1] in {"C", "G"} else "in the direct messages with Portero"
        return saying(f":arrow_right: The answer stands {where}. You can close this.")

    def _view(self, modal: Modal) -> dict[str, Any]:
        return view_of(modal, self._request.command, self._request.channel)


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
