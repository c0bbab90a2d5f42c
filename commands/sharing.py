"""What can be done with a stored result, the same in every slice: share it, compare it, delete it.

What is shared is the stored result; a private one stays private until its button is pressed. Where the button was
pressed in no channel (in Home, or in the direct messages with the bot) the sharer chooses one.

Who may see a result is part of the question to the history: a handler asks as its viewer (`bot.slack.access`).
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from commands.blocks import Block, actions, button, confirm, context, conversation_input, section
from commands.contract import Actor, DeclinedError, Modal, Reply, Request
from storage.history import Entry, ReadHistory, Viewer

LABEL = "Share in channel"
FORM = "share"
NOT_SHARED = (
    ":grey_exclamation: Not shared: Portero is not in that channel. "
    f"Type `/invite @portero` there, then press *{LABEL}* again."
)
GONE = "That result is not in the history any more, or you may not see it."
DELETE = confirm("Delete this result?", "It goes for everybody. What was posted in channels stays there.", "Delete")


class Needs(Protocol):
    """What it takes to look a result up."""

    @property
    def history(self) -> ReadHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""


async def stored(services: Needs, id: str, *kinds: str) -> Entry:  # noqa: A002 - the name that history uses
    """The result behind a button; DeclinedError when it is gone, or is not for whoever pressed."""
    entry = await services.history.get(id, await services.viewer())
    if entry is None or entry.kind not in kinds:
        raise DeclinedError(GONE, "Run it again.")
    return entry


def share_button(command: str, id: str) -> Block:  # noqa: A002
    return button(LABEL, f"{command}.share", id)


def stored_buttons(command: str, id: str, actor: Actor, owner: str, *more: Block) -> Block:  # noqa: A002
    """The buttons in the dialogue of a stored result; only its owner and admins are offered to delete it."""
    made = [share_button(command, id), *more, button("Compare", "smtphistory.compare", id)]
    if actor.admin or actor.user == owner:
        made.append(button("Delete", "smtphistory.delete", id, style="danger", confirm=DELETE))
    return actions(*made)


def shared(text: str, body: Sequence[Block], entry: Entry, request: Request, *after: Block) -> Reply:
    """The result for the whole channel, with who shared it, and who had asked."""
    sharer, asker = request.actor.user, entry.actor
    note = f"Shared by <@{sharer}>" + (f"; asked by <@{asker}>" if asker not in {"", sharer} else "")
    return Reply(f"{text}\n{note}", [*body, context(note), *after], public=True, instead=NOT_SHARED)


def lacks_channel(request: Request) -> bool:
    """In Home, in a dialogue that Home opened, and in direct messages: nobody else would see it there."""
    return request.channel[:1] in {"", "D"}


def channel_form(id: str) -> Modal:  # noqa: A002
    """Where to share it. The id travels in the form's `private`; `Request.channel` is the chosen channel then."""
    about = section("The result is posted there under your name, as it is stored.")
    return Modal(
        "Share a result", [about, conversation_input("channel", "Channel or person")], "Share", form=FORM, private=id
    )


def fingerprint(facts: Any) -> str:
    """32 hexadecimal digits that differ when the facts do."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def new_id(now: datetime) -> str:
    """Sorts by time, cannot be guessed: milliseconds since 1970 in hex, then 64 random bits."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"
