"""What can be done with a stored result, the same in every slice: share it, take it back, compare it, delete it.

What is shared is the stored result; a private one stays private until its button is pressed. Where the button was
pressed in no channel (in Home, or in the direct messages with the bot) the sharer chooses one. It stands in a
conversation once, however often the button is pressed and by whom.

Who may see a result is part of the question to the history: a handler asks as its viewer (`bot.slack.access`).
"""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from commands.blocks import Block, actions, button, confirm, context, conversation_input, section
from commands.contract import Action, Actor, DeclinedError, Handler, Modal, Reply, Request, Share, Step, TakeBack
from storage.history import Entry, ReadHistory, Viewer

N = TypeVar("N", bound="Needs")

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


@dataclass(frozen=True, slots=True)
class Sharing(Generic[N]):
    """The buttons of a command with which its results are shared: `post` is what everybody reads of one.

    `copy` is the private answer made anew from what is stored, where that is all that stood in it.
    """

    command: str
    kinds: tuple[str, ...]
    post: Callable[[Entry, Request, N], Reply]
    copy: Callable[[Entry, Request, N], Reply] | None = None

    @property
    def actions(self) -> Mapping[str, Action[N]]:
        return {"share": Action(self.share), "share_beside": Action(self.beside), "take_back": Action(self.take_back)}

    @property
    def forms(self) -> Mapping[str, Handler[N]]:
        return {FORM: self.there}

    async def share(self, request: Request, services: N) -> AsyncIterator[Step]:
        """Below a private answer."""
        yield await self._shared(request, services, beside=False)

    async def beside(self, request: Request, services: N) -> AsyncIterator[Step]:
        """Below something else that shows the result among others."""
        yield await self._shared(request, services, beside=True)

    async def there(self, request: Request, services: N) -> AsyncIterator[Step]:
        """The form that asked for a channel."""
        entry = await stored(services, request.private, *self.kinds)
        yield Share(entry.id, self.command, self.post(entry, request, services))

    async def take_back(self, request: Request, services: N) -> AsyncIterator[Step]:
        """The result may be gone: what was posted of it is not."""
        id, channel, thread, beside = read_place(request.value)  # noqa: A001
        entry = await services.history.get(id, await services.viewer())
        copy = None if beside or entry is None or entry.kind not in self.kinds else self._anew(entry, request, services)
        yield TakeBack(id, self.command, channel, thread, copy, beside)

    async def _shared(self, request: Request, services: N, *, beside: bool) -> Step:
        entry = await stored(services, request.value, *self.kinds)
        if lacks_channel(request):
            return channel_form(entry.id)
        copy = None if beside else self._anew(entry, request, services)
        return Share(entry.id, self.command, self.post(entry, request, services), copy, beside)

    def _anew(self, entry: Entry, request: Request, services: N) -> Callable[[], Reply] | None:
        copy = self.copy
        return (lambda: copy(entry, request, services)) if copy else None


def written_place(id: str, channel: str, thread: str, *, beside: bool) -> str:  # noqa: A002
    """Which result stands where, as the value of a button. Ids hold no blanks."""
    return " ".join([id, channel, thread or "-", "beside" if beside else ""]).strip()


def read_place(value: str) -> tuple[str, str, str, bool]:
    id, channel, thread, beside = [*value.split(" "), "", "", "", ""][:4]  # noqa: A001
    return id, channel, thread.replace("-", ""), beside == "beside"


async def stored(services: Needs, id: str, *kinds: str) -> Entry:  # noqa: A002 - the name that history uses
    """The result behind a button; DeclinedError when it is gone, or is not for whoever pressed."""
    entry = await services.history.get(id, await services.viewer())
    if entry is None or entry.kind not in kinds:
        raise DeclinedError(GONE, "Run it again.")
    return entry


def share_button(command: str, id: str, *, beside: bool = False) -> Block:  # noqa: A002
    """`beside`: it stands below something that is more than this result."""
    return button(LABEL, f"{command}.share{'_beside' * beside}", id)


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
