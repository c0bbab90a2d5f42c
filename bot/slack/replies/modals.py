"""Dialogues as Slack wants them. Titles hold 24 characters, private metadata 3,000, a view 100 blocks."""

import logging
from collections.abc import Collection
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.errors import FAULTS, passes, word_of
from bot.slack.client.records import read
from bot.slack.delivery.message_limits import defused
from bot.slack.requests.payload import write_private
from commands.blocks import cut, plain, section
from commands.contract import Modal, Request

log = logging.getLogger(__name__)

VIEW_BLOCKS = 100

TRIGGER_ERRORS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})

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
    """Opens dialogues for one request. A trigger lives 3 seconds and works once."""

    def __init__(self, client: AsyncWebClient, request: Request, trigger_id: str) -> None:
        self._client = client
        self._request = request
        self._trigger_id = trigger_id

    async def open(self, modal: Modal) -> str:
        """The id of the opened view, or nothing when the trigger is too old."""
        try:
            opened = await self._client.views_open(trigger_id=self._trigger_id, view=self._view(modal))
            return read(opened).record("view").needed("id")
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
        return saying(f":arrow_right: The answer stands {where}. You can close this.")

    def _view(self, modal: Modal) -> dict[str, Any]:
        return view_of(modal, self._request.command, self._request.channel)
