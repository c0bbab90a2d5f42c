"""Watches as one person sees them: their own, and those of the channels they are in; admins see all.

Who sees a watch may change it: whoever is on call in a channel has to be able to make its alerts quiet. An alert can be
sent only to a channel that one is in, so that nobody makes Portero talk where they could not.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from commands.contract import DeclinedError
from commands.watch.state.digest import PREFIX, place_of
from storage.history import Viewer
from storage.watches import (
    Backlog,
    Change,
    Decide,
    Document,
    ForgottenWatches,
    Lease,
    StoredDelivery,
    StoredEvent,
    StoredWatch,
    Watches,
)

NOT_THEIRS = "only whoever runs the watches may do this"
ELSEWHERE = "You are not in that channel, as far as Slack tells."
JOIN = "Join it, or type the command there."


class VisibleWatches(Watches):
    """Watches for a viewer, who is looked up when something is first asked for; None sees all."""

    def __init__(self, watches: Watches, viewer: Callable[[], Awaitable[Viewer | None]]) -> None:
        self._watches = watches
        self._viewer = viewer

    async def add(self, watch: StoredWatch, limit: int) -> bool:
        _check_place(watch, await self._viewer())
        return await self._watches.add(watch, limit)

    async def get(self, id: str) -> StoredWatch | None:  # noqa: A002 - the name of the field
        found = await self._watches.get(id)
        return found if found is not None and _shows(found, await self._viewer()) else None

    async def of_team(
        self, team: str, *, channel: str | None = None, owner: str | None = None, deleted: bool = False
    ) -> list[StoredWatch]:
        viewer = await self._viewer()
        found = await self._watches.of_team(team, channel=channel, owner=owner, deleted=deleted)
        return [watch for watch in found if _shows(watch, viewer)]

    async def change(self, id: str, decide: Decide, *, vantage: str = "local") -> StoredWatch | None:  # noqa: A002
        viewer = await self._viewer()

        def decided(watch: StoredWatch, sight: Document) -> Change | None:
            if not _shows(watch, viewer):
                return None
            change = decide(watch, sight)
            if change is not None and change.watch.channel != watch.channel:
                _check_place(change.watch, viewer)
            return change

        after = await self._watches.change(id, decided, vantage=vantage)
        return after if after is not None and _shows(after, viewer) else None

    async def events(self, *, watch: str | None = None, incident: str | None = None) -> list[StoredEvent]:
        if watch is None or await self.get(watch) is None:
            return []
        return await self._watches.events(watch=watch, incident=incident)

    async def note(self, key: str, document: Document | None) -> None:
        """Digests alone, of channels that they are in."""
        viewer = await self._viewer()
        if not key.startswith(PREFIX) or (viewer is not None and place_of(key)[1] not in viewer.channels):
            raise DeclinedError(ELSEWHERE, JOIN)
        await self._watches.note(key, document)

    async def notes(self, prefix: str) -> dict[str, Document]:
        return await self._watches.notes(prefix)

    async def all(self) -> list[StoredWatch]:
        raise PermissionError(NOT_THEIRS)

    async def claim_due(self, *_: Any, **__: Any) -> list[Lease]:
        raise PermissionError(NOT_THEIRS)

    async def finish(self, *_: Any, **__: Any) -> bool:
        raise PermissionError(NOT_THEIRS)

    async def release(self, *_: Any, **__: Any) -> None:
        raise PermissionError(NOT_THEIRS)

    async def bury(self, *_: Any, **__: Any) -> None:
        raise PermissionError(NOT_THEIRS)

    async def next_due(self, *_: Any, **__: Any) -> datetime | None:
        raise PermissionError(NOT_THEIRS)

    async def tell(self, *_: Any, **__: Any) -> bool:
        raise PermissionError(NOT_THEIRS)

    async def claim_deliveries(self, *_: Any, **__: Any) -> list[StoredDelivery]:
        raise PermissionError(NOT_THEIRS)

    async def delivered(self, *_: Any, **__: Any) -> bool:
        raise PermissionError(NOT_THEIRS)

    async def postpone(self, *_: Any, **__: Any) -> None:
        raise PermissionError(NOT_THEIRS)

    async def give_up(self, *_: Any, **__: Any) -> None:
        raise PermissionError(NOT_THEIRS)

    async def posted(self, *_: Any, **__: Any) -> dict[str, str] | None:
        raise PermissionError(NOT_THEIRS)

    async def backlog(self, *_: Any, **__: Any) -> Backlog:
        raise PermissionError(NOT_THEIRS)

    async def forget(self, *_: Any, **__: Any) -> ForgottenWatches:
        raise PermissionError(NOT_THEIRS)

    async def purge(self, *_: Any, **__: Any) -> int:
        raise PermissionError(NOT_THEIRS)


def _shows(watch: StoredWatch, viewer: Viewer | None) -> bool:
    return viewer is None or viewer.sees(watch.team, watch.owner, watch.channel)


def _check_place(watch: StoredWatch, viewer: Viewer | None) -> None:
    if viewer is not None and watch.channel not in viewer.channels:
        raise DeclinedError(ELSEWHERE, JOIN)
