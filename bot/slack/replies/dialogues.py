"""Dialogues: how they are made, opened and filled anew.

Titles of dialogues hold 24 characters, their private metadata 3,000, a view 100 blocks. A trigger lives 3 seconds.
"""

import logging
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.web_client import FAULTS, read, word_of
from bot.slack.replies.error_messages import NOT_SHOWN, TOO_LATE, not_opened
from bot.slack.replies.messages import defused
from bot.slack.requests.payload import write_private
from commands.blocks import cut, plain, section
from commands.contract import Modal, Reply, Request

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


def showing(reply: Reply) -> Modal:
    """A dialogue with the blocks of a message."""
    return Modal("Portero", reply.blocks)


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


@dataclass(slots=True)
class ModalOpener:
    """Opens dialogues for one request. A trigger lives 3 seconds and works once.

    `refusal` is what to say when Slack did not take the last one.
    """

    client: AsyncWebClient
    request: Request
    trigger_id: str
    refusal: Reply = NOT_SHOWN

    async def open(self, modal: Modal) -> str:
        """The id of the opened view, or nothing when Slack does not open it."""
        try:
            opened = await self.client.views_open(trigger_id=self.trigger_id, view=self._view(modal))
            return read(opened).record("view").needed("id")
        except FAULTS as error:
            self._note(error)
            return ""

    async def update(self, view_id: str, modal: Modal) -> bool:
        """New contents for an open view; one that was closed meanwhile is no error. False: Slack did not take them."""
        try:
            await self.client.views_update(view_id=view_id, view=self._view(modal))
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
        log.log(level, "a dialogue: %s", word)

    def elsewhere(self) -> Modal:
        """What a dialogue says when its button is answered by a message."""
        channel = self.request.channel
        where = f"in <#{channel}>" if channel[:1] in {"C", "G"} else "in the direct messages with Portero"
        return saying(f":arrow_right: The answer stands {where}. You can close this.")

    def _view(self, modal: Modal) -> dict[str, Any]:
        return view_of(modal, self.request.command, self.request.channel)
