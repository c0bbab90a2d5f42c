"""Which hosts are so (`without starttls`, `*.example.com failed`, `provider ses`): by the last result of each.

In natural order, mx2 before mx10.

Of one host: when it was so, equal results in a row as one line.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from commands.blocks import Block, actions, beside, button, context, section
from commands.contract import Reply, Request
from commands.history.filters import Filters
from commands.history.having import has, is_bad, is_pattern, matches
from commands.history.line import rows, when, written
from commands.history.listing import ROWS, Place, query_of
from commands.history.view import heading
from commands.history.wording import results
from commands.natural_order import natural
from commands.plural import plural
from commands.slack_text import escape
from commands.smtpcheck.result.document import endpoints
from commands.words import nearest
from storage.history import FAILED, Entry, Query, ReadHistory, Run, Viewer

T = TypeVar("T")
TARGETS = 500
"""So many are looked at; more are said to be left out."""

MOST_NAMES = 100_000
"""Of which those that match, or have a tag, are looked at."""

NEAR = 60
"""Percent."""


@dataclass(frozen=True, slots=True)
class Among:
    """What of the hosts is looked at, where a tag or a provider is asked for: these targets, hosts that are so."""

    targets: Collection[str] | None = None
    of_provider: Callable[[str], bool] | None = None


async def hosts(
    place: Place,
    request: Request,
    history: ReadHistory,
    viewer: Viewer,
    *,
    in_place: bool,
    among: Among,
) -> Reply:
    """A page of what is so."""
    filters = place.filters
    among_all = replace(filters, target="", all=True)  # a pattern alone is no question about what is nearest
    query = replace(query_of(among_all, request, viewer), kind="check", failed=False)
    if filters.target and not is_pattern(filters.target):
        return await _of_one(place, query_of(filters, request, viewer), history, in_place=in_place)
    targets = await history.targets(query, most=MOST_NAMES)
    chosen = among.targets
    known = [one for one in targets if matches(one, filters.target) and (chosen is None or one in chosen)]
    most = max(TARGETS, place.most or 0)
    found = await asyncio.gather(*(_last(replace(query, target=one), filters, history) for one in known[:most]))
    last = [one for one in found if one is not None]
    of = [one for one in last if _is_of(one[0], among)]
    shown = sorted(
        (entry for entry, failed in of if _is_so(entry, failed, filters)), key=lambda one: natural(one.target)
    )
    counted = "\n".join(_counted(filters, len(shown), len(of), targets, known, most))
    if filters.having and not shown:
        counted += await _had(known[:LOOKED_BACK], filters, query, history)
    return await _page(place, shown, counted, query, history, in_place=in_place)


LOOKED_BACK, LOOKS = 50, 20
"""So many hosts, and of each so many results that looked different, in which what is not so now is looked for."""

HAD = (
    "\nNone of them now. Last so: *{host}*, seen {when}; `/smtphistory {words}` has the times, and "
    "`/smtphistory since when is {words}` what changed."
)


async def _had(targets: Sequence[str], filters: Filters, query: Query, history: ReadHistory) -> str:
    """The host that was so last, where one was."""
    found = await asyncio.gather(*(_was_so(replace(query, target=one), filters, history) for one in targets))
    past = [(at, target) for at, target in zip(found, targets, strict=True) if at is not None]
    if not past:
        return ""
    at, host = max(past)
    words = replace(Filters(target=host), having=filters.having, port=filters.port).text
    return HAD.format(host=escape(host, 120), when=when(at), words=escape(words, 200))


async def _was_so(query: Query, filters: Filters, history: ReadHistory) -> datetime | None:
    """When a host was seen so last."""
    newest = {run.outcome: run for run in await history.runs(query) if run.count}
    runs = sorted(newest.values(), key=lambda run: run.last, reverse=True)[:LOOKS]
    entries = await asyncio.gather(*(history.get(run.last_id, query.viewer) for run in runs))
    so = (run.last for run, entry in zip(runs, entries, strict=True) if entry and _is_so(entry, True, filters))
    return next(so, None)


def _counted(
    filters: Filters, shown: int, of: int, targets: Collection[str], known: Collection[str], most: int
) -> Iterator[str]:
    """How many, and where none is left by a name or a tag: what was looked among, and what is nearest."""
    yield f"{plural(shown, 'host')} of {of:,}, by the last result of each."
    if len(known) > most:
        yield f"Only {most} hosts were looked at: name some, `*.example.com`."
    if not of and targets:
        near = nearest(filters.target, targets, NEAR) if filters.target else ""
        among = f"It was looked for among {plural(len(targets), 'host')} that you may see"
        yield f"{among}; the nearest name is {escape(near, 120)}." if near else f"{among}."


async def _last(query: Query, filters: Filters, history: ReadHistory) -> tuple[Entry, bool] | None:
    """The last result, and whether it failed, of that port if one is asked for."""
    newest = await history.entries(query, limit=1)
    if not newest:
        return None
    failed = await history.page(replace(query, failed=True), limit=1) if filters.failed else []
    return newest[0], [line.id for line in failed] == [newest[0].id]


def _is_of(entry: Entry, among: Among) -> bool:
    """A domain is of the provider that its exchangers are of."""
    if among.of_provider is None:
        return True
    return any(map(among.of_provider, {entry.target, *(host for host, _ in endpoints(entry.document))}))


def _is_so(entry: Entry, failed: bool, filters: Filters) -> bool:
    if filters.failed and not failed:
        return False
    return not filters.having or has(entry.document, filters.having, filters.port)


async def _page(
    place: Place, shown: list[Entry], counted: str, query: Query, history: ReadHistory, *, in_place: bool
) -> Reply:
    there = _on_page(shown, place)
    pages = await asyncio.gather(*(history.page(replace(query, target=one.target), limit=1) for one in there))
    lines = [line for page in pages for line in page]
    title = f"*{heading(place.filters)}*"
    blocks = [section(title), context(counted), *rows(lines), *_turning(place, len(shown))]
    bad = any(one.verdict in FAILED for one in shown) or bool(shown and is_bad_news(place.filters))
    facts = [{"host": one.target, "verdict": one.verdict, "checked_at": one.started_at, "id": one.id} for one in there]
    return Reply("\n".join([title, counted, *map(written, lines)]), blocks, replace=in_place, good=not bad, facts=facts)


def is_bad_news(filters: Filters) -> bool:
    """Whether what is asked for is nothing to wish for."""
    return filters.failed or (bool(filters.having) and is_bad(filters.having, filters.port))


def _on_page(shown: Sequence[T], place: Place) -> Sequence[T]:
    rows = place.most or ROWS
    return shown[(place.number - 1) * rows : place.number * rows]


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
    so = [
        run
        for run in reversed(runs)
        if (entry := entries[run.outcome]) and _is_so(entry, entry.verdict in FAILED, filters)
    ]
    mine, total = (sum(run.count for run in each) for each in (so, runs))
    counted = f"{results(mine).rpartition(' ')[0]} of {results(total)}, newest first."
    shown = _on_page(so, place)
    lines = [_run(run) for run in shown]
    title = f"*{heading(filters)}*"
    found = [
        beside(line, button("Open", "smtpcheck.details", run.last_id)) for line, run in zip(lines, shown, strict=True)
    ]
    blocks = [section(title), context(counted), *found, *_turning(place, len(so))]
    facts = [_fact(run, filters) for run in shown]
    bad = bool(so) and so[0] is runs[-1] and is_bad_news(filters)
    return Reply("\n".join([title, counted, *lines]), blocks, replace=in_place, good=not bad, facts=facts)


def _fact(run: Run, filters: Filters) -> dict[str, Any]:
    return {"host": filters.target, "since": run.first, "until": run.last, "results": run.count, "id": run.last_id}


def _run(run: Run) -> str:
    if run.count == 1:
        return when(run.last)
    return f"{when(run.first)} to {when(run.last)}: {results(run.count)}"
