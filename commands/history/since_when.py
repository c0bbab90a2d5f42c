"""`since when is 465 refused on mail.example.com`: the answer in one sentence, and the change that began it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from commands.blocks import beside, button
from commands.contract import Reply, Request, UserError
from commands.history.about_view import step_lines
from commands.history.change_log import ChangeLog, Step, change_log
from commands.history.filters import Filters
from commands.history.having import has, in_words, is_bad
from commands.history.line import when
from commands.history.listing import Place, query_of
from commands.slack_text import escape
from storage.history import FAILED, Query, ReadHistory, Viewer

LOOKED_AT = 50
"""The newest changes, whose results are read."""


async def since_when(place: Place, request: Request, history: ReadHistory, viewer: Viewer) -> Reply:
    """Since when something is so, or that it is not. `UserError` without a host."""
    filters = place.filters
    if not filters.target:
        raise UserError(
            "Since when, on which host?", "Type `/smtphistory since when is 465 refused on mail.example.com`"
        )
    query = replace(query_of(filters, request, viewer), kind="check", failed=False, watched=None)
    newest = await history.entries(replace(query, actor=None, channel=None), limit=1)
    if not newest:
        return Reply(f"No check of *{escape(filters.target, 120)}* is known that looked at that.")
    log = await change_log(query, history)
    if filters.having and not has(newest[0].document, filters.having, filters.port):
        return await _not_so(filters, log, query, history)
    step = await _began(filters, log, query, history)
    fact = {**_asked(filters), "so": True, "since": step.at if step else log.since, "at_least": step is None}
    good = newest[0].verdict not in FAILED if not filters.having else not is_bad(filters.having, filters.port)
    if step is None:
        said = f"{_subject(filters)}: so since the first result that is known, {_first(log)}."
        return _reply(said, newest[0].id, fact, good=good)
    lines = [f"*{_subject(filters)}: since {when(step.at)}*", *step_lines(step)]
    return _reply("\n".join(lines), step.id, fact, good=good)


def _asked(filters: Filters) -> dict[str, Any]:
    return {"host": filters.target, "port": filters.port, "what": filters.having or None}


async def _began(filters: Filters, log: ChangeLog, query: Query, history: ReadHistory) -> Step | None:
    """The change from which on all results are so; None: they have always been."""
    if not filters.having:
        return log.steps[-1] if log.steps else None
    began = None
    for step in _newest(log):
        if not await _was_so(step.id, filters, query, history):
            return began
        began = step
        if not await _was_so(step.before, filters, query, history):
            return began
    return None if began is None else began


async def _was_so(id: str, filters: Filters, query: Query, history: ReadHistory) -> bool:  # noqa: A002
    entry = await history.get(id, query.viewer)
    return entry is not None and has(entry.document, filters.having, filters.port)


async def _not_so(filters: Filters, log: ChangeLog, query: Query, history: ReadHistory) -> Reply:
    """It is not so now; from when to when it last was."""
    steps = list(_newest(log))
    for place, step in enumerate(steps):
        if await _was_so(step.before, filters, query, history):
            began = await _began(filters, replace(log, steps=log.steps[: len(log.steps) - place - 1]), query, history)
            since = (
                f"from {when(began.at)} on" if began else f"already in the first result that is known, {_first(log)}"
            )
            said = (
                f"*{_subject(filters)}: not now. It was so {since}, last seen {when(step.before_at)}, "
                f"and no longer {when(step.at)}*"
            )
            fact = {**_asked(filters), "so": False, "since": began.at if began else log.since}
            fact |= {"until": step.before_at, "gone": step.at}
            return _reply("\n".join([said, *step_lines(step)]), step.id, fact)
    never = {**_asked(filters), "so": False, "looked_since": log.since}
    return Reply(f"{_subject(filters)}: not now, nor in any result since {_first(log)}.", facts=[never])


def _newest(log: ChangeLog) -> Sequence[Step]:
    return list(reversed(log.steps))[:LOOKED_AT]


def _first(log: ChangeLog) -> str:
    return when(log.since) if log.since else "the beginning"


def _subject(filters: Filters) -> str:
    """`mail.example.com 465 refused`."""
    parts = (filters.target, str(filters.port or ""), in_words(filters.having))
    return escape(" ".join(filter(None, parts)), 200)


def _reply(text: str, id: str, fact: Mapping[str, Any], *, good: bool = True) -> Reply:  # noqa: A002
    shown = [beside(text, button("Open", "smtpcheck.details", id))]
    return Reply(text, shown, good=good, facts=[{**fact, "id": id}])
