"""A page of the history: which rows, how many there are, and how to turn to its neighbours. The clock comes in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from commands.contract import Request, UserError
from commands.history.filters import Filters
from commands.history.folding import Fold, folded
from commands.history.typed_filters import parse_filters
from storage.history import MOST_COUNTED, Line, Query, ReadHistory, Viewer

ROWS = 10
LOOKED_AT = 200
"""Results of which the lines of a page are made: equal ones of a watch are one line."""

TRAIL = 20
"""How many pages back somebody can turn one by one: a button holds 2,000 characters."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which page: the filters, its number from 1, and the cursors of it and of those before it (the first has none).

    `starts` says as which of all results each of them begins. `most` is how many lines it has, where that is not what
    a page of Slack holds.
    """

    filters: Filters
    number: int = 1
    trail: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    most: int | None = None

    @property
    def before(self) -> str | None:
        return self.trail[-1] if self.trail else None

    @property
    def first(self) -> int:
        return self.starts[-1] if self.starts else 1

    def older(self, cursor: str, shown: int) -> "Place":
        """The page behind `shown` results, of which the last has this cursor."""
        starts = (*self.starts, self.first + shown)
        return Place(self.filters, self.number + 1, (*self.trail, cursor)[-TRAIL:], starts[-TRAIL:])

    def newer(self) -> "Place":
        """The page before; where its cursor is not known any more, the first."""
        trail = self.trail[:-1]
        known = len(trail) == self.number - 2
        return Place(self.filters, self.number - 1, trail, self.starts[:-1]) if known or trail else Place(self.filters)

    def written(self) -> str:
        """As the value of a button."""
        kept = {"f": self.filters.text, "n": self.number, "t": self.trail, "s": self.starts}
        return json.dumps(kept, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of lines, as it was at a moment (in the asker's zone). `total` is exact below `MOST_COUNTED`.

    `shown` results are in its folds, of which `last` is the oldest. `damaged` more belong on the page and cannot be
    read.
    """

    place: Place
    folds: Sequence[Fold]
    total: int
    has_older: bool
    at: datetime
    damaged: int = 0
    shown: int = 0
    last: Line | None = None


def goes_by_host(found: Listing) -> bool:
    """Whether what failed is told by host: a page of runs has each of them once, and the next has them again."""
    lines = [fold.newest for fold in found.folds]
    runs = {line.target for line in lines if line.surface == "watch"}
    crowded = found.has_older and found.shown == len(lines) == len(runs) == ROWS
    return crowded and found.place.number == 1 and _is_what_failed(found.place.filters)


def is_turned_by_host(place: Place) -> bool:
    """Whether a page behind the first of those is asked for: they have no cursors."""
    return place.number > 1 and not place.trail and _is_what_failed(place.filters)


def _is_what_failed(filters: Filters) -> bool:
    return filters == Filters(failed=True, since=filters.since, until=filters.until)


def read_place(value: str) -> Place:
    """The page in a button's value."""
    try:
        kept = json.loads(value)
        filters = parse_filters(str(kept["f"]))
        trail = tuple(str(cursor) for cursor in kept["t"])
        number = int(kept["n"])
        starts = tuple(int(start) for start in kept["s"])
    except (ValueError, KeyError, TypeError, UserError) as error:
        raise UserError("That page cannot be turned any more.", "Type `/smtphistory` again.", "/smtphistory") from error
    return Place(filters or Filters(), number, trail, starts)


def zone_of(request: Request) -> ZoneInfo:
    """The asker's time zone."""
    return ZoneInfo(request.actor.zone)


def query_of(filters: Filters, request: Request, viewer: Viewer) -> Query:
    """The question behind the filters. Without any: what the person asked, and what was asked in this channel."""
    user = request.actor.user
    since, until = filters.span(request.at, zone_of(request))
    return Query(
        viewer.near(request.channel) if filters.empty and user else viewer,
        target=_name(filters) or None,
        kind=filters.kind or None,
        actor=filters.by or (user if filters.mine else None),
        channel=request.channel if filters.here else None,
        port=filters.port,
        failed=filters.failed,
        watched=filters.watched,
        since=since,
        until=until,
    )


def _name(filters: Filters) -> str:
    """Hosts as they are filed, files of configs as they are called."""
    return filters.target if filters.kind == "pmta" else filed_host(filters.target)


def filed_host(name: str) -> str:
    """A host as results of it are filed: in lower case and as A-labels."""
    name = name.lower()
    if name.isascii():
        return name
    import idna  # noqa: PLC0415 - 20 ms, and few names need it

    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return name


async def listing(place: Place, request: Request, history: ReadHistory, viewer: Viewer) -> Listing:
    """The page; one result more than is shown tells whether there is an older one."""
    query = query_of(place.filters, request, viewer)
    try:
        lines = await history.page(query, limit=LOOKED_AT + 1, before=place.before)
    except ValueError as error:
        raise UserError("That page cannot be turned any more.", "Type `/smtphistory` again.", "/smtphistory") from error
    total = await history.count(query, most=MOST_COUNTED)
    folds, shown = folded(lines[:LOOKED_AT], ROWS, more=len(lines) > LOOKED_AT)
    more = len(lines) + lines.damaged > LOOKED_AT or shown < len(lines)
    last = lines[shown - 1] if shown else None
    return Listing(place, folds, total, more, request.at.astimezone(zone_of(request)), lines.damaged, shown, last)
