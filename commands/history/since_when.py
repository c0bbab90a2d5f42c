"""`since when is 465 refused on mail.example.com`: the answer in one sentence, and the change that began it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.blocks import beside, button
from commands.contract import Reply, Request, UserError
from commands.history.about_view import step_lines
from commands.history.change_log import ChangeLog, log_of, read
from commands.history.filters import Filters
from commands.history.having import has, in_words, is_bad
from commands.history.line import when
from commands.history.listing import Place, query_of
from commands.history.spells import Spell, last_spell
from commands.slack_text import escape
from storage.history import FAILED, ReadHistory, Viewer


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
    runs, segments = await read(query, history)
    log = log_of(query, runs, segments)
    good = newest[0].verdict not in FAILED if not filters.having else not is_bad(filters.having, filters.port)
    if not filters.having:
        step = log.steps[-1] if log.steps else None
        return _so(filters, log, step.at if step else None, step.id if step else newest[0].id, good=good)
    spell = last_spell(segments, filters)
    if spell is None:
        never = {**_asked(filters), "so": False, "looked_since": log.since}
        return Reply(f"{_subject(filters)}: not now, nor in any result since {_first(log)}.", facts=[never])
    known_before = any(run.first < spell.began.first for run in runs)
    if has(newest[0].document, filters.having, filters.port) or spell.goes_on(newest[0].started_at):
        began = spell.began.first if known_before else None
        return _so(filters, log, began, spell.began.first_id if began else newest[0].id, good=good)
    return _not_so(filters, log, spell, known_before=known_before)


def _so(filters: Filters, log: ChangeLog, began: datetime | None, id: str, *, good: bool) -> Reply:  # noqa: A002
    """It is so; without a beginning it has been for as long as anything is known."""
    fact = {**_asked(filters), "so": True, "since": began or log.since, "at_least": began is None}
    if began is None:
        return _reply(
            f"{_subject(filters)}: so since the first result that is known, {_first(log)}.", id, fact, good=good
        )
    said = [f"*{_subject(filters)}: since {when(began)}*", *_change(log, id)]
    return _reply("\n".join(said), id, fact, good=good)


def _not_so(filters: Filters, log: ChangeLog, spell: Spell, *, known_before: bool) -> Reply:
    """It is not so now; from when to when it last was."""
    began, gone = spell.began.first, spell.gone
    since = f"from {when(began)} on" if known_before else f"already in the first result that is known, {_first(log)}"
    ended = f", and no longer {when(gone.first)}" if gone else ""
    said = f"*{_subject(filters)}: not now. It was so {since}, last seen {when(spell.last.last)}{ended}*"
    fact = {**_asked(filters), "so": False, "since": began, "until": spell.last.last, "gone": gone and gone.first}
    shown = gone.first_id if gone else spell.last.last_id
    return _reply("\n".join([said, *_change(log, shown)]), shown, fact)


def _change(log: ChangeLog, id: str) -> list[str]:  # noqa: A002
    """What that result changed, where it was the first to see it."""
    return [line for step in log.steps if step.id == id for line in step_lines(step)]


def _asked(filters: Filters) -> dict[str, Any]:
    return {"host": filters.target, "port": filters.port, "what": filters.having or None}


def _first(log: ChangeLog) -> str:
    return when(log.since) if log.since else "the beginning"


def _subject(filters: Filters) -> str:
    """`mail.example.com 465 refused`."""
    parts = (filters.target, str(filters.port or ""), in_words(filters.having))
    return escape(" ".join(filter(None, parts)), 200)


def _reply(text: str, id: str, fact: Mapping[str, Any], *, good: bool = True) -> Reply:  # noqa: A002
    shown = [beside(text, button("Open", "smtpcheck.details", id))]
    return Reply(text, shown, good=good, facts=[{**fact, "id": id}])
