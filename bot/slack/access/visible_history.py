"""The history as one person sees it: what they may not see is not there. Every handler is given this one.

So a button or a dialogue that somebody forgot to guard shows nothing, and lists, counts, trends and exports agree.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from storage.history import (
    MOST_COUNTED,
    Availability,
    Certificate,
    Entry,
    Forgotten,
    Found,
    History,
    LastReading,
    Line,
    Point,
    Query,
    Reading,
    Streak,
    Viewer,
)

EVERYTHING = Query()
NOT_HERE = "only whoever keeps the history may do this to all of it"


class Seen(History):
    """A history for a viewer, who is looked up when something is first asked for; None sees all.

    A narrower viewer (a query for one channel alone) is kept, a wider one is cut down.
    """

    def __init__(self, history: History, viewer: Callable[[], Awaitable[Viewer | None]], user: str) -> None:
        self._history = history
        self._viewer = viewer
        self._user = user

    async def add(self, entry: Entry, readings: Iterable[Reading] = ()) -> None:
        await self._history.add(entry, readings)

    async def claim(self, key: str, now: datetime, keep: timedelta) -> bool:
        return await self._history.claim(key, now, keep)

    async def get(self, id: str, *, viewer: Viewer | None = None) -> Entry | None:  # noqa: A002 - the field's name
        return await self._history.get(id, viewer=await self._cut(viewer))

    async def page(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Line]:
        return await self._history.page(await self._narrowed(query), limit=limit, before=before)

    async def entries(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Entry]:
        return await self._history.entries(await self._narrowed(query), limit=limit, before=before)

    async def readings(self, id: str) -> list[Reading]:  # noqa: A002
        return await self._history.readings(id) if await self.get(id) else []

    async def last_readings(self, host: str, since: datetime) -> list[LastReading]:
        """All of them: a host that refused us is left alone whoever asked. Their entries are not all to be seen."""
        return await self._history.last_readings(host, since)

    async def count(self, query: Query = EVERYTHING, *, most: int = MOST_COUNTED) -> int:
        return await self._history.count(await self._narrowed(query), most=most)

    async def availability(self, *hosts: str, since: datetime, viewer: Viewer | None = None) -> list[Availability]:
        return await self._history.availability(*hosts, since=since, viewer=await self._cut(viewer))

    async def trend(
        self,
        host: str,
        port: int,
        *,
        since: datetime,
        until: datetime,
        points: int = 20,
        viewer: Viewer | None = None,
    ) -> list[Point]:
        cut = await self._cut(viewer)
        return await self._history.trend(host, port, since=since, until=until, points=points, viewer=cut)

    async def streak(self, of: Entry | Line, *, viewer: Viewer | None = None) -> Streak | None:
        return await self._history.streak(of, viewer=await self._cut(viewer))

    async def certificates(
        self, *, ends_before: datetime, ends_after: datetime, viewer: Viewer | None = None, limit: int = 50
    ) -> list[Certificate]:
        cut = await self._cut(viewer)
        return await self._history.certificates(ends_before=ends_before, ends_after=ends_after, viewer=cut, limit=limit)

    async def delete(self, id: str, *, actor: str | None = None) -> bool:  # noqa: A002
        """Their own; who sees all also what is others'."""
        return await self._history.delete(id, actor=actor if await self._viewer() is None else self._user)

    async def prune(self, *_: object, **__: object) -> int:
        raise PermissionError(NOT_HERE)

    async def forget(self, *_: object, **__: object) -> Forgotten:
        raise PermissionError(NOT_HERE)

    async def close(self) -> None:
        raise PermissionError(NOT_HERE)

    async def _narrowed(self, query: Query) -> Query:
        return replace(query, viewer=await self._cut(query.viewer))

    async def _cut(self, wanted: Viewer | None) -> Viewer | None:
        allowed = await self._viewer()
        if allowed is None or wanted is None:
            return wanted if allowed is None else allowed
        return Viewer(allowed.user if wanted.user == allowed.user else "", wanted.channels & allowed.channels)
