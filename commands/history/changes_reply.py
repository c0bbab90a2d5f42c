"""What changed, of one target or of all that somebody may see: asked, put together, cut into pages."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from commands.contract import Reply, Request
from commands.history import changes_view
from commands.history.change_log import Step, change_log
from commands.history.changes import Change
from commands.history.changes_view import ROWS, Changes
from commands.history.having import is_pattern, matches
from commands.history.hosts_reply import MOST_NAMES
from commands.history.listing import Place, query_of
from storage.history import Query, ReadHistory, Viewer
from storage.watches import ReadWatches, StoredEvent

TARGETS = 200
"""So many are looked at where none is named; more are said to be left out."""


async def changed(
    place: Place,
    request: Request,
    history: ReadHistory,
    viewer: Viewer,
    *,
    watches: ReadWatches,
    in_place: bool,
    among: Collection[str] | None = None,
) -> Reply:
    """A page of what changed in the time that was asked for; `among` these targets, where a tag is asked for."""
    query = replace(query_of(place.filters, request, viewer), kind="check")
    pattern = place.filters.target if is_pattern(place.filters.target) else ""
    most = TARGETS + 1 if among is None and not place.most and not pattern else MOST_NAMES
    events = await _told(query, watches)
    targets = [query.target or ""]
    if not query.target or pattern:
        seen = await history.targets(query, most=most)
        targets = list(dict.fromkeys((*seen, *(row.document["target"] for row in events))))
    targets = [one for one in targets if matches(one, pattern) and (among is None or one in among)]
    looked_at = targets[: max(TARGETS, place.most or 0)]
    logs = await asyncio.gather(*(change_log(replace(query, target=target), history) for target in looked_at))
    unchecked = {target for target, log in zip(looked_at, logs, strict=True) if not log.results}
    told = _records([row for row in events if row.document["target"] in looked_at], unchecked, query, request.at)
    steps = sorted((*told, *(step for log in logs for step in log.steps)), key=lambda step: step.at, reverse=True)
    cut = any(log.cut for log in logs)
    rows = place.most or ROWS
    shown = steps[(place.number - 1) * rows : place.number * rows]
    results, unjudged = sum(log.results for log in logs), sum(log.unjudged for log in logs)
    found = Changes(
        place, shown, len(steps), looked_at, results, unjudged, cut=cut, left_out=len(targets) > len(looked_at)
    )
    if not steps and query.target and not pattern and query.since:
        earlier = await change_log(replace(query, since=None, until=query.since), history)
        found = replace(found, before=earlier.steps[-1] if earlier.steps else None)
    return changes_view.page(found, replace=in_place)


RECORDS = frozenset({"spf", "dmarc", "ptr", "tlsa", "mta_sts", "mta-sts"})
"""What watches on DNS alone look at; addresses, logins, TLS and which MX hosts there are stand in results of checks."""


TOLD = frozenset({"dns_changed", "changed_back"})


async def _told(query: Query, watches: ReadWatches) -> list[StoredEvent]:
    """What watches told of records. Nothing of one port."""
    if query.port is not None:
        return []
    return [row for row in await watches.events(query.viewer, since=query.since) if row.kind in TOLD]


def _records(told: Collection[StoredEvent], unchecked: Collection[str], query: Query, now: datetime) -> list[Step]:
    """The steps of what no result keeps, and of what is `unchecked` all."""
    since, until = query.since or datetime.min.replace(tzinfo=UTC), query.until or now
    known: dict[tuple[str, str], Any] = {}
    found = [(row, list(_first_told(row.document, known, unchecked))) for row in told]
    of_time = ((_seen_at(row), row, changes) for row, changes in found if changes)
    return [
        Step(at, "", at, "", changes, row.document["target"]) for at, row, changes in of_time if since <= at <= until
    ]


def _seen_at(row: StoredEvent) -> datetime:
    """When a run saw it first; it is told once another one has, too."""
    first = [one["between"][-1] for one in row.document["facts"].get("changes", ()) if one.get("between")]
    return min(map(datetime.fromisoformat, first), default=row.at)


def _first_told(
    document: Mapping[str, Any], known: dict[tuple[str, str], Any], unchecked: Collection[str]
) -> Iterator[Change]:
    """What no other watch told before. `known` is what was told last, by target and record."""
    for told in document["facts"].get("changes", ()):
        change = Change("record", f"{told['record']} {told['name']}", told["before"], told["after"])
        record = document["target"], change.place
        is_news = known.get(record) != change.after
        known[record] = change.after
        if is_news and (document["target"] in unchecked or _is_in_no_result(told)):
            yield change


def _is_in_no_result(told: Mapping[str, Any]) -> bool:
    """Of MX hosts results tell which there are; not their preferences."""
    hosts = [sorted(str(one).rpartition(" ")[2] for one in told[side]) for side in ("before", "after")]
    return told["record"] in RECORDS or (told["record"] == "mx" and hosts[0] == hosts[1])
