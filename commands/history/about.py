"""What the history says of one target: how often each port was well, how fast, what changed and when."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from commands.history.changes import Change, changes
from commands.history.other_ports import seen_otherwise
from storage.history import Availability, Line, Point, Query, ReadHistory, Reading, Viewer

SPANS: Mapping[str, timedelta] = {"24 h": timedelta(days=1), "7 d": timedelta(days=7), "90 d": timedelta(days=90)}
WHOLE_DAYS = timedelta(days=30)
"""So long a span begins at midnight (UTC): days are counted already, a part of one is counted by its endpoints."""

POINTS = 20
ENOUGH = 8
"""Points: a trend is of the shortest of the spans that has so many, else of the one that has most."""

LINES = 4
"""Ports in the chart of a trend."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Since when it has been as it is now, and what is different from before (empty: nothing is known to differ)."""

    since: datetime
    before: Line | None = None
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class About:
    """`availability` is by span, in the order of `SPANS`; `trend` by port, each with the same parts.

    `certificates` are those that the last check saw; when it saw none (nothing answered), those of the result before it
    changed.
    """

    last: Line
    availability: Mapping[str, Sequence[Availability]]
    trend: Mapping[int, Sequence[Point]] = field(default_factory=dict)
    changed: Changed | None = None
    host: str = ""
    certificates: Sequence[Reading] = ()


async def about(
    target: str, now: datetime, history: ReadHistory, viewer: Viewer, port: int | None = None
) -> About | None:
    """What is known of a target that was checked (a port: of that one alone); None for one that was not."""
    newest = await history.page(Query(viewer, target=target, kind="check", port=port), limit=1)
    if not newest:
        return None
    last = newest[0]
    hosts = list(dict.fromkeys(endpoint.host for endpoint in last.endpoints)) or [target]
    spans = (history.availability(*hosts, since=since(now, span), viewer=viewer) for span in SPANS.values())
    known = dict(zip(SPANS, await asyncio.gather(*spans), strict=True))
    trend = await _trend(hosts[0], _ports(last, hosts[0], port), now, history, viewer)
    changed = await changed_since(last, history, viewer)
    found = About(last, known, trend, changed, hosts[0], await _certificates(last, changed, history, viewer))
    return found if port is None else _of_port(found, port)


def _of_port(found: About, port: int) -> About:
    """What of it is of one port. That others changed says nothing of it, nor since when it has been as it is."""
    changed = found.changed
    if changed is not None and changed.before is not None:
        mine = [change for change in changed.changes if change.place.split(" ")[0] == str(port)]
        changed = replace(changed, changes=mine) if mine else None
    return replace(
        found,
        availability={span: [one for one in of if one.port == port] for span, of in found.availability.items()},
        changed=changed,
        certificates=[reading for reading in found.certificates if reading.port == port],
    )


def since(now: datetime, span: timedelta) -> datetime:
    """When a span that ends now begins."""
    begins = (now - span).astimezone(UTC)
    return begins.replace(hour=0, minute=0, second=0, microsecond=0) if span >= WHOLE_DAYS else begins


async def changed_since(line: Line, history: ReadHistory, viewer: Viewer) -> Changed | None:
    """What is different since the last result that differed; None of a result from before outcomes were kept."""
    streak = await history.streak(line, viewer)
    if streak is None:
        return None
    if changed := await _changed_elsewhere(line, streak.before, history, viewer):
        return changed
    if streak.before is None:
        return Changed(streak.first.started_at)
    return Changed(streak.first.started_at, streak.before, await _changes(streak.before, line, history, viewer))


async def _changed_elsewhere(line: Line, before: Line | None, history: ReadHistory, viewer: Viewer) -> Changed | None:
    """What a check of other ports saw otherwise, after `before`; of ports alone: the rest follows from what was asked.

    `before` itself is passed over: it looked at the same ports.
    """
    found = await seen_otherwise(line, history, viewer)
    if found is None or (before is not None and found[1].cursor <= before.cursor):
        return None
    first, other = found
    of_ports = [change for change in await _changes(other, line, history, viewer) if change.place]
    return Changed(first.started_at, other, of_ports) if of_ports else None


async def _changes(before: Line, now: Line, history: ReadHistory, viewer: Viewer) -> Sequence[Change]:
    old, new = await asyncio.gather(history.get(before.id, viewer), history.get(now.id, viewer))
    return changes(now.kind, old.document, new.document) if old and new else []


async def _certificates(last: Line, changed: Changed | None, history: ReadHistory, viewer: Viewer) -> Sequence[Reading]:
    for line in (last, changed and changed.before):
        seen = (
            [reading for reading in await history.readings(line.id, viewer) if reading.certificate_ends] if line else []
        )
        if seen:
            return seen
    return ()


def _ports(last: Line, host: str, port: int | None) -> list[int]:
    return sorted({each.port for each in last.endpoints if each.host == host and port in {None, each.port}})


async def _trend(
    host: str, ports: Sequence[int], now: datetime, history: ReadHistory, viewer: Viewer
) -> Mapping[int, Sequence[Point]]:
    """By port; where several were measured in the same parts, they are compared, else the busiest stands alone."""
    best: list[Sequence[Point]] = [()] * len(ports)
    for span in SPANS.values():
        asked = [history.trend(host, port, since=now - span, until=now, viewer=viewer, points=POINTS) for port in ports]
        best = max(best, await asyncio.gather(*asked), key=_longest)
        if _longest(best) >= ENOUGH:
            break
    return _alike({port: points for port, points in zip(ports, best, strict=True) if len(points) > 1})


def _longest(trends: Sequence[Sequence[Point]]) -> int:
    return max(map(len, trends), default=0)


def _alike(found: Mapping[int, Sequence[Point]]) -> Mapping[int, Sequence[Point]]:
    if not found:
        return {}
    parts = [point.part for point in max(found.values(), key=len)]
    alike = [port for port, points in found.items() if [point.part for point in points] == parts]
    return {port: found[port] for port in alike[:LINES]}
