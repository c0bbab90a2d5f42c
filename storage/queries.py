"""What may be asked of the history, and what is answered beside entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from storage.entries import Line

T = TypeVar("T")

FAILED = frozenset({"failed", "blocked_here", "error", "danger"})
"""The verdicts that `Query.failed` means."""

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom rows are read: they see their own results and those of these channels."""

    user: str
    channels: frozenset[str] = frozenset()

    def sees(self, actor: str, channel: str) -> bool:
        """The rule itself. Without an actor (a service) nobody's own; without a channel (a terminal) in none."""
        return bool(actor and actor == self.user) or bool(channel and channel in self.channels)


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries a listing, an export or a count is about; all filters have to match.

    `failed` means a verdict of `FAILED`; together with `port` it means that this port was not well. `port` means that
    an endpoint on it was probed. `since` is included, `until` is not. `watched` True means what watches ran (by the
    surface "watch"; the actor is the watch's owner), False what was asked.
    """

    target: str | None = None
    kind: str | None = None
    actor: str | None = None
    channel: str | None = None
    port: int | None = None
    failed: bool = False
    watched: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    viewer: Viewer | None = None


class Found(list[T]):
    """What was found. `damaged` rows would have been among it and could not be read."""

    damaged = 0


@dataclass(frozen=True, slots=True)
class Availability:
    """How often a port was probed and judged (an endpoint counts once per check) and how often it was well."""

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


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a trend: which part of the time (from 0), its newest measurement that counts, and milliseconds."""

    part: int
    at: datetime
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Streak:
    """`first` is the oldest of an unbroken run of equal outcomes, `before` the last that differed; None: none known."""

    first: Line
    before: Line | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a person's results: how many are gone, and how many stay without them."""

    deleted: int
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a host and port showed last. `seen_at` and `entry` (an id) are of the check that saw it."""

    host: str
    port: int
    certificate: str
    ends: datetime
    seen_at: datetime
    entry: str
