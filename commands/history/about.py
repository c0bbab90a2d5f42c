"""What the history says of one target: how often each port was well, how fast, what changed and when."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from commands.history.change_log import ChangeLog, change_log
from commands.history.watch_notes import notes_of
from commands.uptime import Uptime, Watched
from storage.history import Availability, Line, Point, Query, ReadHistory, Reading, Viewer
from storage.watches import ReadWatches

SPANS: Mapping[str, timedelta] = {"24 h": timedelta(days=1), "7 d": timedelta(days=7), "90 d": timedelta(days=90)}
IN_TIME = "in this time"
WHOLE_DAYS = timedelta(days=30)
"""So long a span begins at midnight (UTC): days are counted already, a part of one is counted by its endpoints."""

POINTS = 20
ENOUGH = 8
"""Points: a trend is of the shortest of the spans that has so many, else of the one that has most."""

LINES = 4
"""Ports in the chart of a trend."""


@dataclass(frozen=True, slots=True)
class About:
    """`availability` is by the label of a span, in their order; `trend` by port, each with the same parts.

    `certificates` are those that the last check saw; when it saw none (nothing answered), those of before the last
    change. `uptime` is what watches saw, by the label of a span and by place; `begins` when each span begins. `over`:
    all of it is of a time that has ended. `notes` are lines of what people noted of its incidents.
    """

    last: Line
    availability: Mapping[str, Sequence[Availability]]
    trend: Mapping[int, Sequence[Point]] = field(default_factory=dict)
    log: ChangeLog = field(default_factory=ChangeLog)
    host: str = ""
    certificates: Sequence[Reading] = ()
    uptime: Mapping[str, Mapping[str, Uptime]] = field(default_factory=dict)
    begins: Mapping[str, datetime] = field(default_factory=dict)
    over: bool = False
    notes: Sequence[str] = ()


async def about(query: Query, now: datetime, history: ReadHistory, watches: ReadWatches) -> About | None:
    """What is known of the query's target, in its time and of its port; None: it was not checked then.

    Nothing outside the time says anything but what stood there before a change.
    """
    query = Query(query.viewer, query.target, "check", port=query.port, since=query.since, until=query.until)
    newest = await history.page(query, limit=1)
    if not newest:
        return None
    last, viewer, port = newest[0], query.viewer, query.port
    hosts = list(dict.fromkeys(endpoint.host for endpoint in last.endpoints)) or [last.target]
    spans = spans_of(query, now)
    counts = (history.availability(*hosts, since=begin, until=end, viewer=viewer) for begin, end in spans.values())
    known = dict(zip(spans, await asyncio.gather(*counts), strict=True))
    trend = await _trend(hosts[0], _ports(last, hosts[0], port), spans.values(), history, viewer)
    log = await change_log(query, history)
    found = About(last, known, trend, log, hosts[0], await _certificates(last, log, history, viewer))
    over = query.until is not None and query.until <= now
    found = replace(found, begins={label: begin for label, (begin, _) in spans.items()}, over=over)
    found = await _as_watches_saw(found, query, spans, watches)
    return found if port is None else _of_port(found, port)


async def _as_watches_saw(
    found: About, query: Query, spans: Mapping[str, tuple[datetime, datetime]], watches: ReadWatches
) -> About:
    """Of all spans in one question: each ends when the others do."""
    begin, end = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    target = query.target or ""
    seen = await watches.spans(query.viewer, since=begin, until=end, target=target)
    watched = Watched(seen)
    if not watched.places(target):
        return found
    notes = await notes_of(target, watched.own(target), begin, end, query.viewer, watches)
    return replace(found, uptime={label: watched.uptimes(target, *span) for label, span in spans.items()}, notes=notes)


def _of_port(found: About, port: int) -> About:
    """What of it is of one port."""
    return replace(
        found,
        availability={span: [one for one in of if one.port == port] for span, of in found.availability.items()},
        certificates=[reading for reading in found.certificates if reading.port == port],
        uptime={
            span: {place: one for place, one in of.items() if place.endswith(f":{port}")}
            for span, of in found.uptime.items()
        },
    )


def spans_of(query: Query, now: datetime) -> Mapping[str, tuple[datetime, datetime]]:
    """By label from when to when is counted: the query's own time, else the usual spans before its end."""
    end = min(query.until or now, now)
    if query.since is not None:
        return {IN_TIME: (query.since, end)}
    return {label: (since(end, span), end) for label, span in SPANS.items()}


def since(now: datetime, span: timedelta) -> datetime:
    """When a span that ends now begins."""
    begins = (now - span).astimezone(UTC)
    return begins.replace(hour=0, minute=0, second=0, microsecond=0) if span >= WHOLE_DAYS else begins


async def _certificates(last: Line, log: ChangeLog, history: ReadHistory, viewer: Viewer) -> Sequence[Reading]:
    for id in (last.id, log.steps[-1].before if log.steps else ""):  # noqa: A001 - the name of the field
        seen = [reading for reading in await history.readings(id, viewer) if reading.certificate_ends] if id else []
        if seen:
            return seen
    return ()


def _ports(last: Line, host: str, port: int | None) -> list[int]:
    return sorted({each.port for each in last.endpoints if each.host == host and port in {None, each.port}})


async def _trend(
    host: str,
    ports: Sequence[int],
    spans: Iterable[tuple[datetime, datetime]],
    history: ReadHistory,
    viewer: Viewer,
) -> Mapping[int, Sequence[Point]]:
    """By port; where several were measured in the same parts, they are compared, else the busiest stands alone."""
    best: list[Sequence[Point]] = [()] * len(ports)
    for begin, end in spans:
        asked = [history.trend(host, port, since=begin, until=end, viewer=viewer, points=POINTS) for port in ports]
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
