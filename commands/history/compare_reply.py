"""`compare mail.example.com monday tuesday`: the last results of two days, and what differs."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from commands.blocks import actions, button, section
from commands.contract import Reply, Request, UserError
from commands.history.change_log import change_log
from commands.history.changes import Change
from commands.history.changes_view import of_change
from commands.history.differences import differences
from commands.history.last_of_ports import joined, last_of_ports
from commands.history.line import when
from commands.history.listing import Place, filed_host, zone_of
from commands.history.wording import sentences
from commands.past_times import end_of, said
from commands.slack_text import escape
from storage.history import FAILED, Entry, Query, ReadHistory, Viewer

SHOWN = 30


async def compared_days(place: Place, request: Request, history: ReadHistory, viewer: Viewer) -> Reply:
    """Of one day alone: with what is known now. `UserError` without a host or a day."""
    filters = place.filters
    if not filters.target or not filters.since:
        raise UserError("Compare what?", "Type `/smtphistory compare mail.example.com monday tuesday`")
    days = [filters.since] if filters.until in {"", filters.since} else [filters.since, filters.until]
    days = sorted(days, key=lambda day: end_of(day, request.at, zone_of(request)))
    ends = [end_of(day, request.at, zone_of(request)) for day in days]
    asked = Query(viewer, target=filed_host(filters.target), kind="check", port=filters.port)
    ends = [*ends, request.at.astimezone(UTC)][:2]
    before, after = [await _last(replace(asked, until=end), history) for end in ends]
    if before is None or after is None:
        missing = escape(said(days[0] if before is None else days[-1]), 40)
        first = (await change_log(replace(asked, port=None), history)).since
        known = f" The first that you may see is of {when(first)}." if first else ""
        return Reply(f"No check of *{escape(filters.target, 120)}* is known until {missing}.{known}")
    if before.id == after.id:
        there = f"the last result is of {when(after.started_at)} on either day"
        return Reply(f"Nothing to compare: no check of *{escape(filters.target, 120)}* lies between them, {there}.")
    title = f"*{escape(filters.target, 120)}*: {when(before.started_at)} and {when(after.started_at)}"
    found = differences(before.kind, before.document, after.document)
    told, shown = sentences(found), place.most or SHOWN
    lines = [f"• {escape(words, 300)}" for words in told[:shown]] or ["Nothing that matters is different."]
    more = [f"• {len(told) - shown} more"] if len(told) > shown else []
    text = "\n".join([title, *lines, *more])
    side_by_side = actions(button("Compare", "smtphistory.compare", f"{after.id} {before.id}"))
    facts = [_fact(one, before, after) for one in found[:shown]]
    blocks = [section(title), section("\n".join([*lines, *more])[:2900]), side_by_side]
    return Reply(text, blocks, good=after.verdict not in FAILED, facts=facts)


def _fact(change: Change, before: Entry, after: Entry) -> dict[str, Any]:
    sides = {"target": after.target, "before_at": before.started_at, "at": after.started_at}
    return {**sides, "before_id": before.id, "id": after.id, **of_change(change)}


async def _last(query: Query, history: ReadHistory) -> Entry | None:
    return joined(await last_of_ports(query, history))
