"""Which hosts are so (`without starttls`, `*.example.com failed`, `provider ses`): by the last result of each.

Where a time is asked for, by any result in it: what failed since yesterday and works again failed all the same. What
is still so stands first, then in natural order, mx2 before mx10.

Of one host: when it was so, equal results in a row as one line.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from commands.blocks import Block, actions, beside, button, context, section
from commands.contract import Reply, Request
from commands.history.faults import faults_of
from commands.history.filters import Filters
from commands.history.fits import is_of_hosts
from commands.history.having import has, is_bad, is_pattern, matches
from commands.history.last_of_ports import last_of_places, part_port
from commands.history.line import last_result, row_of, when, written
from commands.history.listing import ROWS, Place, query_of
from commands.history.view import heading
from commands.history.wording import results
from commands.natural_order import natural
from commands.plural import plural
from commands.slack_text import escape
from commands.smtpcheck.result.delivery import STOPS_DELIVERY
from commands.smtpcheck.result.document import endpoints
from commands.words import nearest
from storage.history import FAILED, Entry, Line, Query, ReadHistory, Run, Viewer

T = TypeVar("T")
TARGETS = 500
"""So many are looked at; more are said to be left out."""

MOST_NAMES = 100_000
"""Of which those that match, or have a tag, are looked at."""

NEAR = 60
"""Percent."""


@dataclass(frozen=True, slots=True)
class _Host:
    """`last` is the newest result in the time that was asked for; `so` when the newest began that is so, if any.

    `of_part`: that is the newest of a port that the last result did not look at, or of another machine (`vantage`), so
    it is so still.
    """

    last: Entry
    so: datetime | None
    of_part: bool = False
    vantage: str | None = None

    @property
    def still(self) -> bool:
        return self.of_part or self.so == self.last.started_at


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
    found = await asyncio.gather(*(_host(replace(query, target=one), filters, history) for one in known[:most]))
    of = [one for one in found if one is not None and _is_of(one.last, among)]
    shown = sorted((one for one in of if one.so), key=lambda one: (not one.still, natural(one.last.target)))
    counted = "\n".join(_counted(filters, shown, len(of), targets, known, most))
    if not is_of_hosts(filters):
        counted += EACH_RESULT.format(words=escape(replace(filters, all=True).text, 200))
    if (filters.having or filters.failed) and not shown:
        counted += await _had(known[:LOOKED_BACK], filters, query, history)
    return await _page(place, shown, counted, query, history, in_place=in_place)


EACH_RESULT = "\nEach result: `/smtphistory {words}`"
"""Behind what was asked for as results and is told by host."""

LOOKED_BACK, LOOKS = 50, 20
"""So many hosts, and of each so many results that looked different, in which what is not so now is looked for."""

HAD = "\nLast so{then}: *{host}*, seen {when}; `/smtphistory {words}` has the times"
HAD_CHANGED = ", and `/smtphistory since when is {words}` what changed"


async def _had(targets: Sequence[str], filters: Filters, query: Query, history: ReadHistory) -> str:
    """The host that was so last, where one was: of a time that is asked for, before it; else at any time."""
    before = replace(query, since=None, until=query.since or query.until)
    earlier = await _last_so(targets, filters, before, history)
    found = earlier or await _last_so(targets, filters, replace(query, since=None, until=None), history)
    if found is None:
        return ""
    at, host = found
    words = replace(Filters(target=host), failed=filters.failed, having=filters.having, port=filters.port).text
    said = HAD + ("." if filters.failed else HAD_CHANGED + ".")
    then = " before" if earlier and _is_of_a_time(filters) else ""
    return said.format(then=then, host=escape(host, 120), when=when(at), words=escape(words, 200))


async def _last_so(
    targets: Sequence[str], filters: Filters, query: Query, history: ReadHistory
) -> tuple[datetime, str] | None:
    """When one of them was so last, and which."""
    found = await asyncio.gather(*(_was_so(replace(query, target=one), filters, history) for one in targets))
    past = [(at, target) for at, target in zip(found, targets, strict=True) if at is not None]
    return max(past, default=None)


async def _was_so(query: Query, filters: Filters, history: ReadHistory) -> datetime | None:
    """When a host was seen so last."""
    if not filters.having:
        failed = await history.page(replace(query, failed=True), limit=1)
        return failed[0].started_at if failed else None
    newest = {run.outcome: run for run in await history.runs(query) if run.count}
    runs = sorted(newest.values(), key=lambda run: run.last, reverse=True)[:LOOKS]
    entries = await asyncio.gather(*(history.get(run.last_id, query.viewer) for run in runs))
    so = (run.last for run, entry in zip(runs, entries, strict=True) if entry and _is_so(entry, filters))
    return next(so, None)


def _is_of_a_time(filters: Filters) -> bool:
    return bool((filters.since or filters.until) and (filters.failed or filters.having))


def _still(still: int, shown: int) -> str:
    """How many are so in what is known last, which need not be now."""
    if shown == 1:
        return "so" if still else "not any more"
    return f"{'all' if still == shown else still or 'none'} of them so"


def _counted(
    filters: Filters, shown: Sequence[_Host], of: int, targets: Collection[str], known: Collection[str], most: int
) -> Iterator[str]:
    """How many, and where none is left by a name or a tag: what was looked among, and what is nearest."""
    hosts = f"{plural(len(shown), 'host')} of {of:,}"
    if _is_of_a_time(filters):
        of_each = " of each port" if any(one.of_part for one in shown) else ""
        still = _still(sum(one.still for one in shown), len(shown))
        now = f"; {still} by the last result{of_each}" if shown else ""
        yield f"{hosts} at some point in that time{now}."
    else:
        if not targets:
            yield "No check is known that you may see."
            return
        which = "last result" if filters.failed or filters.having else "worst of the last results"
        yield f"{hosts}, by the {which} of each."
    if len(known) > most:
        yield f"Only {most} hosts were looked at: name some, `*.example.com`."
    if not of and targets:
        near = nearest(filters.target, targets, NEAR) if filters.target else ""
        among = f"It was looked for among {plural(len(targets), 'host')} that you may see"
        yield f"{among}; the nearest name is {escape(near, 120)}." if near else f"{among}."


async def _host(query: Query, filters: Filters, history: ReadHistory) -> _Host | None:
    """Its last result, and when it was so last: of a time that is asked for, at any moment of it.

    A mail policy is the same from everywhere: whoever looked at it last knows.
    """
    newest = await last_of_places(query, history)
    if not newest:
        return None
    last, so = newest[0], newest[0].started_at
    if not (filters.failed or filters.having):
        return _of_part(last, await _worst(newest, filters, query, history))
    if filters.failed:
        failed = await history.page(replace(query, failed=True), limit=1)
        if not failed:
            return _Host(last, None)
        so = failed[0].started_at
        if failed[0].id != last.id and (part := await _failing(newest[1:], filters, query, history)):
            return _of_part(last, part)
    told = [one for one in newest if filters.having not in STOPS_DELIVERY or one.vantage == last.vantage]
    shows = [one for one in told if filters.having and has(one.document, filters.having, filters.port)]
    if filters.having and not shows:
        return _Host(last, await _was_so(query, filters, history) if _is_of_a_time(filters) else None)
    if shows and shows[0].id != last.id and not filters.failed:
        return _of_part(last, shows[0])
    return _Host(last, so if so == last.started_at or _is_of_a_time(filters) else None)


def _of_part(last: Entry, part: Entry) -> _Host:
    return _Host(last, part.started_at, of_part=part.id != last.id, vantage=part.vantage)


async def _worst(newest: Sequence[Entry], filters: Filters, query: Query, history: ReadHistory) -> Entry:
    """The newest of those that failed, else of those with faults, else the last."""
    failing = await _failing(newest, filters, query, history)
    return failing or next((one for one in newest if one.verdict == "degraded" and part_port(one) is None), newest[0])


async def _failing(parts: Sequence[Entry], filters: Filters, query: Query, history: ReadHistory) -> Entry | None:
    """The last result of a port, or of another machine, that was not well in it."""
    for part in parts:
        if filters.having and not has(part.document, filters.having):
            continue
        of_part = replace(query, failed=True, vantage=part.vantage, port=part_port(part) or query.port)
        failed = await history.page(of_part, limit=1)
        if failed and failed[0].id == part.id:
            return part
    return None


def _is_of(entry: Entry, among: Among) -> bool:
    """A domain is of the provider that its exchangers are of."""
    if among.of_provider is None:
        return True
    return any(map(among.of_provider, {entry.target, *(host for host, _ in endpoints(entry.document))}))


def _is_so(entry: Entry, filters: Filters) -> bool:
    return not filters.having or has(entry.document, filters.having, filters.port)


async def _page(
    place: Place, shown: list[_Host], counted: str, query: Query, history: ReadHistory, *, in_place: bool
) -> Reply:
    there = _on_page(shown, place)
    lines = await asyncio.gather(*(_line(one, query, history) for one in there))
    title = f"*{heading(place.filters)}*"
    wrong = await faults_of([line for line in lines if line is not None], history, query.viewer)
    told = [(line, _told(line, one, wrong)) for one, line in zip(there, lines, strict=True) if line is not None]
    found = [row_of(words, line) for line, words in told]
    blocks = [section(title), context(counted), *found, *_turning(place, len(shown))]
    bad = any(one.last.verdict in FAILED for one in shown) or bool(shown and is_bad_news(place.filters))
    facts = [_fact_of(line, one.last) for one, line in zip(there, lines, strict=True) if line is not None]
    text = "\n".join([title, counted, *(words for _, words in told)])
    return Reply(text, blocks, replace=in_place, good=not bad, facts=facts)


JUST_BEHIND = timedelta(microseconds=1)


async def _line(one: _Host, query: Query, history: ReadHistory) -> Line | None:
    """The newest result that is so."""
    assert one.so is not None  # noqa: S101 - those are shown
    until = one.so + JUST_BEHIND
    page = await history.page(replace(query, target=one.last.target, vantage=one.vantage, until=until), limit=1)
    return page[0] if page else None


def _told(line: Line, one: _Host, wrong: Mapping[str, str]) -> str:
    """With what was seen since, where that is otherwise."""
    said = written(line, fault=wrong.get(line.id, ""))
    return said if one.so == one.last.started_at else f"{said}\n{last_result(one.last)}"


def _fact_of(line: Line, last: Entry) -> dict[str, Any]:
    """The result that is so, and the last one."""
    so = {"host": line.target, "verdict": line.verdict, "checked_at": line.started_at, "id": line.id}
    return {**so, "last_verdict": last.verdict, "last_checked_at": last.started_at, "last_id": last.id}


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
    query = replace(query, failed=False)
    runs = [run for run in await history.runs(query) if run.count]
    entries = {run.outcome: await history.get(run.first_id, query.viewer) for run in runs}
    so = [run for run in reversed(runs) if (entry := entries[run.outcome]) and _is_so(entry, filters)]
    so = _folded([run for run in so if await _has_failed(run, query, history)] if filters.failed else so)
    mine, total = (sum(run.count for run in each) for each in (so, runs))
    counted = f"{results(mine).rpartition(' ')[0]} of {results(total)}, newest first."
    if not so and _is_of_a_time(filters):
        counted += await _had([filters.target], filters, query, history)
    shown = _on_page(so, place)
    lines = [_run(run) for run in shown]
    title = f"*{heading(filters)}*"
    found = [
        beside(line, button("Open", "smtpcheck.details", run.last_id)) for line, run in zip(lines, shown, strict=True)
    ]
    blocks = [section(title), context(counted), *found, *_turning(place, len(so))]
    facts = [_fact(run, filters) for run in shown]
    bad = bool(so) and so[0].last_id == runs[-1].last_id and is_bad_news(filters)
    return Reply("\n".join([title, counted, *lines]), blocks, replace=in_place, good=not bad, facts=facts)


async def _has_failed(run: Run, query: Query, history: ReadHistory) -> bool:
    """Whether one of these equal results is a failure, to a watch at least."""
    within = replace(query, failed=True, vantage=run.vantage, since=run.first, until=run.last + JUST_BEHIND)
    return bool(await history.page(within, limit=1))


def _folded(runs: Iterable[Run]) -> list[Run]:
    """Several sets of ports of one host saw it at the same time: that is one time. The newest first, as they come."""
    times: list[Run] = []
    for run in sorted(runs, key=lambda one: one.first):
        if times and run.first <= times[-1].last:
            newest = max(times[-1], run, key=lambda one: one.last)
            count = times[-1].count + run.count
            times[-1] = replace(newest, first=times[-1].first, first_id=times[-1].first_id, count=count)
        else:
            times.append(run)
    return times[::-1]


def _fact(run: Run, filters: Filters) -> dict[str, Any]:
    return {"host": filters.target, "since": run.first, "until": run.last, "results": run.count, "id": run.last_id}


def _run(run: Run) -> str:
    if run.count == 1:
        return when(run.last)
    return f"{when(run.first)} to {when(run.last)}: {results(run.count)}"
