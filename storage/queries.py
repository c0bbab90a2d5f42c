"""Who asks, what may be asked of the history, and what is answered beside entries.

A team is what Portero is installed for: a workspace, or an organisation of many. Rows are its memory, whoever of it
asked, and so are those of a terminal. What a terminal kept in a database on which no bot had been started belongs to no
team (""): only the operator sees it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final, TypeVar

from storage.entries import Asker, Line

T = TypeVar("T")

FAILED = frozenset({"failed", "blocked_here", "error", "danger"})
"""The verdicts that `Query.failed` means."""

MOST_COUNTED = 10_000
MOST_OF_RUN = 1_000
"""Results of a run that are counted."""


class EveryTeam(Enum):
    """A team that no row can name."""

    EVERY_TEAM = "every team"


EVERY_TEAM: Final = EveryTeam.EVERY_TEAM


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person of a team: they see their own rows and those of these channels, an admin all of the team.

    `acting`: who does it, where it is read by others and nobody's own is seen.
    """

    team: str | EveryTeam
    user: str = ""
    channels: frozenset[str] = frozenset()
    admin: bool = False
    acting: str = ""

    def sees(self, team: str, actor: str, channel: str) -> bool:
        """The rule itself. Without an actor (a service) nobody's own; without a channel (a terminal) in none."""
        if self.team != team and self.team is not EVERY_TEAM:
            return False
        return self.admin or bool(actor and actor == self.user) or bool(channel and channel in self.channels)

    def known(self, team: str, askers: Iterable[Asker]) -> list[Asker]:
        """Those whose rows they see, themselves first."""
        seen = [asker for asker in askers if self.sees(team, *asker)]
        return sorted(seen, key=lambda asker: asker.actor != self.user)

    def owns(self, team: str, actor: str) -> bool:
        """Whether they asked for it themselves."""
        return self.is_of(team) and bool(actor and actor == self.user)

    def is_of(self, team: str) -> bool:
        return self.team == team or self.team is EVERY_TEAM

    def may_post_in(self, team: str, channel: str) -> bool:
        """Whether they may make Portero speak there."""
        return self.is_of(team) and (self.admin or channel in self.channels)

    def near(self, channel: str) -> "Viewer":
        """The same person, who looks at what they asked themselves and at this channel, as far as they may."""
        there = frozenset({channel} - {""})
        return replace(self, channels=there if self.admin else there & self.channels, admin=False)


OPERATOR: Final = Viewer(EVERY_TEAM, admin=True)
"""Whoever runs Portero, at its terminal: the rows of every team. `tests/storage/test_teams.py` lists who may ask so."""


@dataclass(frozen=True, slots=True)
class Query:
    """Who asks, and which entries a listing, an export or a count is about; all filters have to match.

    `failed` means a verdict of `FAILED`, and what a watch saw as bad (465 refused beside ports that work);
    what our network holds back is no failure of a host, and is meant with the kind `network` alone. Together with
    `port` it means that this port was not well. `port` means that an endpoint on it was probed. `actor` and
    `channel` are of one of those who asked and may be seen. `since` is included, `until` is not. `watched` True
    means what watches ran (by the surface "watch"; the actor is the watch's owner), False what was asked. `vantage`
    is where it was seen from.
    """

    viewer: Viewer
    target: str | None = None
    kind: str | None = None
    vantage: str | None = None
    actor: str | None = None
    channel: str | None = None
    port: int | None = None
    failed: bool = False
    watched: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


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
class Run:
    """Results of a target, vantage and scope in a row whose outcomes are equal: the first and the last, and how many.

    Of a run that began before the time that was asked for, `first` is from before it, and `count` counts within it, up
    to `MOST_OF_RUN`: that many means so many or more.
    """

    team: str
    vantage: str
    scope: str
    outcome: str
    first: datetime
    first_id: str
    last: datetime
    last_id: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a person's results: how many are gone, and how many stay without them.

    `kept`: their watches brought them to a channel; `shared`: others asked for them at the same moment.
    """

    deleted: int
    kept: int = 0
    shared: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a host and port showed last. `seen_at` and `entry` (an id) are of the check that saw it."""

    host: str
    port: int
    certificate: str
    ends: datetime
    seen_at: datetime
    entry: str
