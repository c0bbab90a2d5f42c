"""Where a result was shared: each result once in every conversation, and who may take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from storage.queries import Viewer


@dataclass(frozen=True, slots=True)
class SharedResult:
    """A result (`entry`, its id) that `actor` shared in a conversation, or in one of its threads.

    `posted` is False while it is on its way. `ts` names the post; empty where Slack did not tell.
    """

    entry: str
    channel: str
    thread: str
    actor: str
    at: datetime
    posted: bool = False
    ts: str = ""


class ShareResults(Protocol):
    """Every question is about the viewer's team. ValueError: the viewer is of no one team.

    It outlives the result: what was posted stays in its channel, and can be taken back from there.
    """

    async def claim_share(self, wanted: SharedResult, viewer: Viewer, *, patience: timedelta) -> SharedResult | None:
        """Note that it is about to be posted. None: it may be; else where it stands already, or who is posting it.

        One that has been on its way for longer than `patience` never arrived: its process died.
        """

    async def keep_share(self, posted: SharedResult, viewer: Viewer) -> None:
        """It stands there."""

    async def drop_share(self, gone: SharedResult, viewer: Viewer) -> None:
        """It does not stand there, or not any more."""

    async def shared(self, entry: str, channel: str, thread: str, viewer: Viewer) -> SharedResult | None:
        """What is known of a result in a conversation."""
