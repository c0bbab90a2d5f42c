"""The team's memory as the rest of the program sees it: roles, each with the questions that it may ask.

A handler names the role that it needs, so that its signature shows what it can do. Whoever asks is part of each
question (`Viewer`): what they may not see is not there, neither in a list nor in a count. What crosses teams all the
same says so, and stands with its reason in `tests/storage/test_teams.py`.

`storage.databases.registry` opens it, `storage.sqlite.history` implements it; `tests/storage/test_conformance*.py` hold
what every implementation has to keep, and `tests/storage/test_model.py` compares every question with a plain Python
model of it.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from storage.audit import Noted
from storage.entries import LOCAL, Asker, Endpoint, Entry, Line, Reading, instant
from storage.errors import (
    CorruptError,
    DiskFullError,
    LockedError,
    NewerSchemaError,
    OlderSchemaError,
    ReadOnlyError,
    ReplacedError,
    StorageError,
)
from storage.queries import (
    EVERY_TEAM,
    FAILED,
    MOST_COUNTED,
    OPERATOR,
    Availability,
    Certificate,
    Forgotten,
    Found,
    LastReading,
    Point,
    Query,
    Run,
    Streak,
    Viewer,
)
from storage.shares import SharedResult, ShareResults

__all__ = [
    "EVERY_TEAM",
    "FAILED",
    "MOST_COUNTED",
    "OPERATOR",
    "AdministerHistory",
    "Asker",
    "Availability",
    "Certificate",
    "CorruptError",
    "DeleteHistory",
    "DiskFullError",
    "Endpoint",
    "Entry",
    "Failure",
    "Forgotten",
    "Found",
    "History",
    "LastReading",
    "Line",
    "LockedError",
    "NewerSchemaError",
    "OlderSchemaError",
    "Point",
    "Query",
    "ReadHistory",
    "ReadOnlyError",
    "Reading",
    "RecordHistory",
    "ReplacedError",
    "Run",
    "ShareResults",
    "SharedResult",
    "StorageError",
    "Streak",
    "Viewer",
    "instant",
]


class ReadHistory(Protocol):
    """Every method may raise `StorageError` or one of its children; none blocks the event loop.

    Every list is a `Found`: rows that are damaged are not in it, but are counted.
    """

    async def get(self, id: str, viewer: Viewer) -> Entry | None:  # noqa: A002 - the name of the field
        """The entry with this id."""

    async def page(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Line]:
        """Newest first, ties by id, without documents. `before` is the `cursor` of the last one seen.

        It may be gone by now; entries that are added while somebody pages are never shown twice and hide none.
        ValueError: not a cursor.
        """

    async def entries(self, query: Query, *, limit: int = 20, before: str | None = None) -> Found[Entry]:
        """As `page`, with documents."""

    async def last_of(self, target: str, viewer: Viewer, kind: str = "check", vantage: str = LOCAL) -> Entry | None:
        """The newest entry of this kind for a target, as seen from this vantage."""
        newest = await self.entries(Query(viewer, target=target, kind=kind, vantage=vantage), limit=1)
        return newest[0] if newest else None

    async def readings(self, id: str, viewer: Viewer) -> list[Reading]:  # noqa: A002 - the name of the field
        """The endpoints of a check, in the order in which they were added."""

    async def last_readings(self, host: str, since: datetime, vantage: str = LOCAL) -> list[LastReading]:
        """The newest reading of every port of a host from `since` on, by port number, whoever asked, of any team.

        A host that refused us is left alone by all of this vantage: it knows our address and not our teams. Which check
        it was is not told by it: its id opens nothing to those who may not see it.
        """

    async def count(self, query: Query, *, most: int = MOST_COUNTED) -> int:
        """How many entries there are, counted up to `most`: that many means so many or more."""

    async def availability(
        self, *hosts: str, since: datetime, viewer: Viewer, until: datetime | None = None
    ) -> list[Availability]:
        """Exact counts over these hosts from `since` on, one row per port that was judged, by port number.

        `until` is not included. It is quickest between midnights (UTC): parts of days are counted endpoint by endpoint.
        The hosts of a domain are those of its newest result: `{each.host for each in line.endpoints}`.
        """

    async def trend(
        self, host: str, port: int, *, since: datetime, until: datetime, viewer: Viewer, points: int = 20
    ) -> list[Point]:
        """How long connecting took: the median of each of `points` equal parts of the time, oldest first.

        The time is cut to what lies between the first and the last measurement of the host, on whichever port: ten
        checks within a minute have as many points as ten within a month, and ports have the same parts. Each part is
        25 slots and of each slot the newest measurement counts, so that a long time costs no more than a short one.
        Parts in which nothing was measured are left out.
        """

    async def streak(self, of: Entry | Line, viewer: Viewer) -> Streak | None:
        """Since when the target has looked as in this result, and the last result that looked different.

        Compared are results of the same kind, target, vantage and `scope` by their `outcome`; those without an outcome
        (from before it was kept) are passed over. None: this result has none, is gone, or is not for the viewer.
        """

    async def targets(self, query: Query, *, most: int = 1000) -> list[str]:
        """What has results of the query's kind (checks) in its time that were judged, in the order of letters.

        Of the query only kind and time count.
        """

    async def runs(self, query: Query, *, most: int = 200) -> list[Run]:
        """How the query's target looked in its time: runs of equal outcomes, oldest first, at most `most` of a scope.

        Where there would be more, outcomes are compared in what matters alone (`Entry.outcome`), else whole. Of each
        scope with the one before the time. Of the query only target, kind and time count. A run that one of
        another scope lies within is parted there, so that each begins when something may have changed.
        """

    async def certificates(
        self, *, ends_before: datetime, ends_after: datetime, viewer: Viewer, limit: int = 50
    ) -> list[Certificate]:
        """Certificates that end in this time, soonest first: of each host and port the one that was seen last.

        Where several addresses of one check showed different ones, it is the one that ends first.
        """


class RecordHistory(ReadHistory, Protocol):
    """What a command needs that keeps its results."""

    async def add(self, entry: Entry, readings: Iterable[Reading] = ()) -> None:
        """Keep a result of the entry's team, and its endpoints, in one transaction; durable on return.

        An id is accepted once. A caller that is cancelled while it waits does not know whether the result was kept.
        """


class DeleteHistory(ReadHistory, Protocol):
    """What `/smtphistory` needs."""

    async def delete(self, id: str, viewer: Viewer, *, noted: Noted = ()) -> bool:  # noqa: A002 - the name of the field
        """Delete one result: their own, of admins any of the team. False: there was nothing that they may delete.

        What others asked for at the same moment is still theirs: it stays without whoever deletes it.
        """


@dataclass(frozen=True, slots=True)
class Failure:
    """What a question to the history or the watches came to; `lost`: a result that was to be kept was not."""

    error: StorageError
    lost: bool = False


class AdministerHistory(Protocol):
    """What the process itself does with the whole: no handler is given this."""

    def listening(self, told: Callable[[Failure], None]) -> AbstractContextManager[None]:
        """While it is entered, `told` hears of all that fails, and of lists that damaged rows were left out of."""

    async def claim(self, key: str, now: datetime, keep: timedelta) -> bool:
        """True for the first caller who names this key within `keep`; a restart does not forget it."""

    async def teams(self) -> list[str]:
        """The ids of the teams that have results, in their order; "" for those of no team."""

    async def prune(self, before: datetime, *, batch: int = 50) -> int:
        """Delete what started before, of every team; how many.

        What was shared before cannot be taken back any more, and the log of who changed what goes with it.

        In transactions of `batch` entries: a result that arrives meanwhile waits for one of them, some 10 ms. With four
        times as many it waits twice as long, and all are gone in half the time.
        """

    async def forget(self, team: str, actor: str, *, shared: Sequence[str] = (), batch: int = 50) -> Forgotten:
        """Delete all results of a person of a team.

        Those that a watch (by its surface) brought to a shared channel, which has an id that begins with one of
        `shared`, are the team's: they stay, without an actor. What others asked for at the same moment stays theirs.
        """

    async def close(self) -> None:
        """Write what is queued, then let go of the database. May be called twice."""


class History(RecordHistory, DeleteHistory, ShareResults, AdministerHistory, Protocol):
    """All of it: what an implementation has, and what the process hands on as roles."""
