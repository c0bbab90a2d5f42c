"""Dialogues as Slack wants them. Titles hold 24 characters, private metadata 3,000, a view 100 blocks."""

from typing import Any

from bot.slack.delivery.message_limits import defused
from bot.slack.requests.payload import write_private
from commands.blocks import cut, plain, section
from commands.contract import Modal

VIEW_BLOCKS = 100

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
