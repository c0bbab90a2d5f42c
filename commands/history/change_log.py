"""What became of a target, as a log: every change with its time, and what stood there before.

Checks of other ports know the same ports, too: a change is what differs from whatever was last seen of a fact. What a
check did not look at says nothing. Equal results in a row are one step.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any, TypeAlias

from commands.history.changes import NAME, Change, Document, Fact, changed_fact, changed_faults, facts_of
from commands.smtpcheck.result.document import is_judged
from storage.entries import LOCAL
from storage.history import Query, ReadHistory, Run, Viewer

RUNS = 200
"""Newest runs of one scope that are looked at."""

DOCUMENTS = 100
"""Results that looked different, of which the newest are read; what is behind them is left out, and that is said."""

Segment: TypeAlias = tuple[Run, Document]
_Look: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What changed at a time, by which result; `before` is the last result that still saw it as it was, and when.

    `count` results followed, it among them, until the next change. Without an `id` it is what a watch told.
    `vantage` is the place that saw it first.
    """

    at: datetime
    id: str
    before_at: datetime
    before: str
    changes: Sequence[Change]
    target: str = ""
    count: int = 0
    vantage: str = LOCAL


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """`steps` oldest first, `results` in the time, `since` the first of them; `cut`: there is more than was read.

    `unjudged` of the results came to nothing, and say nothing of what changed.
    """

    steps: Sequence[Step] = ()
    results: int = 0
    unjudged: int = 0
    since: datetime | None = None
    cut: bool = False

    def of_port(self, port: int) -> "ChangeLog":
        """What of it is of one port, and that the name went or came with all of them."""
        mine = ((step, [one for one in step.changes if one.port == port or one.code == NAME]) for step in self.steps)
        return replace(self, steps=[replace(step, changes=found) for step, found in mine if found])


async def change_log(query: Query, history: ReadHistory) -> ChangeLog:
    """The changes of the query's target in its time (of a port, of that alone)."""
    return log_of(query, *await read(query, history))


async def read(query: Query, history: ReadHistory) -> tuple[Sequence[Run], Sequence[Segment]]:
    """The runs of the query's target, and what those saw that were read; the oldest first."""
    runs = await history.runs(query, most=RUNS)
    documents = await _documents(runs, history, query.viewer)
    return runs, [(run, documents[_look(run)]) for run in runs if _look(run) in documents]


def log_of(query: Query, runs: Sequence[Run], segments: Sequence[Segment]) -> ChangeLog:
    counted = [run for run in runs if run.count]
    found = [step for step in steps(segments) if query.since is None or step.at >= query.since]
    found = [replace(step, target=query.target or "", count=count) for step, count in _counted(found, counted)]
    first = min((run.first for run in counted), default=None)
    since = max(first, query.since) if first and query.since else first
    unjudged = sum(run.count for run, document in segments if not is_judged(document))
    log = ChangeLog(found, sum(run.count for run in counted), unjudged, since, _is_cut(runs, segments))
    return log if query.port is None else log.of_port(query.port)


def _counted(found: Sequence[Step], runs: Sequence[Run]) -> Iterator[tuple[Step, int]]:
    for step, ends in zip_longest(found, [after.at for after in found[1:]]):
        yield step, sum(run.count for run in runs if run.first >= step.at and (ends is None or run.first < ends))


def _is_cut(runs: Sequence[Run], segments: Sequence[Segment]) -> bool:
    of_scopes = Counter((run.team, run.vantage, run.scope) for run in runs)
    return len(segments) < len(runs) or max(of_scopes.values(), default=0) >= RUNS


def _look(run: Run) -> tuple[str, str, str]:
    """Results of one scope with one outcome look alike, whenever they were."""
    return run.team, run.scope, run.outcome


async def _documents(runs: Iterable[Run], history: ReadHistory, viewer: Viewer) -> Mapping[Any, Document]:
    chosen = dict(reversed({_look(run): run.first_id for run in runs}.items()))
    looks = list(chosen)[:DOCUMENTS]
    entries = await asyncio.gather(*(history.get(chosen[look], viewer) for look in looks))
    return {look: entry.document for look, entry in zip(looks, entries, strict=True) if entry is not None}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A fact as it was seen last, and by which result."""

    value: Any
    at: datetime
    id: str


def steps(segments: Sequence[Segment]) -> Iterator[Step]:
    """What changed from one segment to the next. Pure.

    A verdict is compared within its scope. What changed is told once: not again where the next scope, or another place,
    comes to it, too. Beside another verdict stand the findings that came or went, but those that a change says already.
    """
    known: dict[tuple[str, ...], _Seen] = {}
    last_of: dict[tuple[str, ...], Segment] = {}
    told: dict[_Look, datetime] = {}
    for run, document in segments:
        found: list[tuple[Change, _Seen]] = []
        for fact in facts_of(document):
            key = run.team, run.vantage, run.scope if fact.of_scope else "", fact.code, fact.place
            before = known.get(key)
            if before is not None:
                found += [
                    (one, before) for one in changed_fact(fact, before.value) if not _is_told(told, run, one, before)
                ]
            known[key] = _later(before, fact, run)
        scope = run.team, run.vantage, run.scope
        if is_judged(document):
            if before_it := last_of.get(scope):
                seen = _Seen(None, before_it[0].last, before_it[0].last_id)
                told_now = [change for change, _ in found]
                found += [(change, seen) for change in changed_faults(before_it[1], document, told_now)]
            last_of[scope] = run, document
        if found:
            last = max((seen for _, seen in found), key=lambda seen: seen.at)
            changes = [change for change, _ in found]
            yield Step(run.first, run.first_id, last.at, last.id, changes, vantage=run.vantage)


def _is_told(told: dict[_Look, datetime], run: Run, change: Change, before: _Seen) -> bool:
    """Whether others came to the same since it was seen otherwise last; what is told now is noted."""
    look = run.team, change.code, change.place, repr(change.before), repr(change.after)
    if look in told and told[look] > before.at:
        return True
    told[look] = run.first
    return False


def _later(before: _Seen | None, fact: Fact, run: Run) -> _Seen:
    """An unbroken run may have ended before another that began later and saw the same."""
    if before is not None and before.value == fact.value and before.at > run.last:
        return before
    return _Seen(fact.value, run.last, run.last_id)
