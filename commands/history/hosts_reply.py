"""Which hosts are so (`without starttls`, `*.example.com failed`): by the last result of each, in natural order.

Of one host: when it was so, equal results in a row as one line.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from commands.blocks import Block, actions, beside, button, context, section
from commands.contract import Reply, Request
from commands.history.filters import Filters
from commands.history.having import has, is_pattern, matches
from commands.history.line import rows, when, written
from commands.history.listing import ROWS, Place, query_of
from commands.history.view import heading
from commands.natural_order import natural
from commands.plural import plural
from storage.history import FAILED, Entry, Query, ReadHistory, Run, Viewer

TARGETS = 500
"""So many are looked at; more are said to be left out."""

MOST_WITH_TAGS = 100_000
"""Names, of which those with a tag are looked at."""


def is_of_hosts(filters: Filters) -> bool:
    """Whether a question is about what hosts are like, and not about results."""
    return bool(filters.having or filters.tag) or is_pattern(filters.target)


async def hosts(
    place: Place,
    request: Request,
    history: ReadHistory,
    viewer: Viewer,
    *,
    in_place: bool,
    among: Collection[str] | None = None,
) -> Reply:
    """A page of what is so; `among` these alone, where a tag is asked for."""
    filters = place.filters
    asked = query_of(replace(filters, target=""), request, viewer)
    query = Query(viewer, kind="check", port=filters.port, since=asked.since, until=asked.until)
    if filters.target and not is_pattern(filters.target):
        return await _of_one(place, query_of(filters, request, viewer), history, in_place=in_place)
    targets = await history.targets(query, most=TARGETS + 1 if among is None else MOST_WITH_TAGS)
    known = [target for target in targets if among is None or target in among]
    there = [target for target in known[:TARGETS] if matches(target, filters.target)]
    found = await asyncio.gather(*(history.entries(replace(query, target=target), limit=1) for target in there))
    shown = sorted(
        (page[0] for page in found if page and _is_so(page[0], filters)), key=lambda one: natural(one.target)
    )
    counted = f"{plural(len(shown), 'host')} of {len(there):,}, by the last result of each."
    if len(known) > TARGETS:
        counted += f" Only {TARGETS} hosts were looked at: name some, `*.example.com`."
    return await _page(place, shown, counted, query, history, in_place=in_place)


def _is_so(entry: Entry, filters: Filters) -> bool:
    if filters.failed and entry.verdict not in FAILED:
        return False
    return not filters.having or has(entry.document, filters.having, filters.port)


async def _page(
    place: Place, shown: list[Entry], counted: str, query: Query, history: ReadHistory, *, in_place: bool
) -> Reply:
    there = shown[(place.number - 1) * ROWS : place.number * ROWS]
    pages = await asyncio.gather(*(history.page(replace(query, target=one.target), limit=1) for one in there))
    lines = [line for page in pages for line in page]
    title = f"*{heading(place.filters)}*"
    blocks = [section(title), context(counted), *rows(lines), *_turning(place, len(shown))]
    return Reply("\n".join([title, counted, *map(written, lines)]), blocks, replace=in_place)


def _turning(place: Place, total: int) -> list[Block]:
    row = []
    if place.number > 1:
        row.append(button("Newer", "smtphistory.newer", Place(place.filters, place.number - 1).written()))
    if place.number * ROWS < total:
        row.append(button("Older", "smtphistory.older", Place(place.filters, place.number + 1).written()))
    return [actions(*row)] if row else []


async def _of_one(place: Place, query: Query, history: ReadHistory, *, in_place: bool) -> Reply:
    """Newest first."""
    filters = place.filters
    runs = [run for run in await history.runs(query) if run.count]
    entries = {run.outcome: await history.get(run.first_id, query.viewer) for run in runs}
    so = [run for run in reversed(runs) if (entry := entries[run.outcome]) and _is_so(entry, filters)]
    counted = f"{sum(run.count for run in so):,} of {plural(sum(run.count for run in runs), 'result')}, newest first."
    shown = so[(place.number - 1) * ROWS : place.number * ROWS]
    lines = [_run(run) for run in shown]
    title = f"*{heading(filters)}*"
    found = [
        beside(line, button("Open", "smtpcheck.details", run.last_id)) for line, run in zip(lines, shown, strict=True)
    ]
    blocks = [section(title), context(counted), *found, *_turning(place, len(so))]
    return Reply("\n".join([title, counted, *lines]), blocks, replace=in_place)


def _run(run: Run) -> str:
    if run.count == 1:
        return when(run.last)
    return f"{when(run.first)} to {when(run.last)}: {plural(run.count, 'result')}"
