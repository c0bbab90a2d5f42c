"""The team's memory as the rest of the program sees it: rows, and the questions that may be asked of them.

`storage.sqlite` implements it; `tests/storage/test_conformance*.py` hold what every implementation has to keep.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from storage.errors import (
    CorruptError,
    DiskFullError,
    LockedError,
    NewerSchemaError,
    ReadOnlyError,
    StorageError,
)

__all__ = [
    "Availability",
    "CorruptError",
    "DiskFullError",
    "Entry",
    "History",
    "LastReading",
    "LockedError",
    "NewerSchemaError",
    "ReadOnlyError",
    "Reading",
    "StorageError",
    "instant",
]


def instant(at: datetime) -> str:
    """`2026-11-24T10:00:00.000000+00:00`: UTC, 32 characters, so that text order is time order. Naive: ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Entry:
    """One result of one command.

    `id` is unique over all kinds. `kind` is "check", "port" or "pmta"; `started_at` carries a time zone and comes
    back in UTC with microseconds; `document` is the JSON of the result and comes back equal.
    """

    id: str
    kind: str
    target: str
    vantage: str
    verdict: str
    summary: str
    started_at: datetime
    elapsed_ms: float
    actor: str
    team: str
    channel: str
    surface: str
    document: dict[str, Any]

    @property
    def cursor(self) -> str:
        """Where this entry stands in the order of `History.recent`: `<instant> <id>`."""
        return f"{instant(self.started_at)} {self.id}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One endpoint of a check. `ok` is what availability counts; `latency_ms` is None when nothing answered."""

    host: str
    address: str
    port: int
    state: str
    ok: bool
    tls: str
    latency_ms: float | None


@dataclass(frozen=True, slots=True)
class Availability:
    """How often a port of a host was probed (an endpoint counts once per check) and how often it was well."""

    port: int
    checks: int
    ok: int


@dataclass(frozen=True, slots=True)
class LastReading:
    """The newest reading of a port of a host, when its check began, and the id of that entry."""

    port: int
    state: str
    started_at: datetime
    entry: str


class History(Protocol):
    """Every method may raise `StorageError` or one of its children; none blocks the event loop."""

    async def add(self, entry: Entry, readings: Iterable[Reading] = ()) -> None:
        """Keep a result and its endpoints in one transaction; durable on return. An id is accepted once.

        A caller that is cancelled while it waits does not know whether the result was kept.
        """

    async def get(self, id: str) -> Entry | None:  # noqa: A002 - the name of the field
        """The entry with this id."""

    async def recent(
        self, *, target: str | None = None, kind: str | None = None, limit: int = 20, before: str | None = None
    ) -> list[Entry]:
        """Newest first, ties by id. `before` is the `cursor` of the last entry seen, also if it is gone by now.

        Entries that are added while somebody pages are never shown twice and hide none. ValueError: not a cursor.
        """

    async def last_of(self, target: str, kind: str = "check") -> Entry | None:
        """The newest entry of this kind for a target."""

    async def readings(self, id: str) -> list[Reading]:  # noqa: A002 - the name of the field
        """The endpoints of a check, in the order in which they were added."""

    async def last_readings(self, host: str, since: datetime) -> list[LastReading]:
        """The newest reading of every port of a host from `since` on, by port number."""

    async def availability(self, host: str, since: datetime) -> list[Availability]:
        """Exact counts from `since` on, one row per port that was probed, by port number."""

    async def count(self) -> int:
        """How many entries there are."""

    async def claim(self, key: str, now: datetime, keep: timedelta) -> bool:
        """True for the first caller who names this key within `keep`; a restart does not forget it."""

    async def close(self) -> None:
        """Write what is queued, then let go of the database. May be called twice."""
