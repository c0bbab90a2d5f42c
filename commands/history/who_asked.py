"""`who checked mail.example.com`: the people who asked for results, how often and when last."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from commands.blocks import Block, actions, button, section
from commands.contract import Reply, Request, UserError
from commands.history.filters import Filters, described
from commands.history.having import is_pattern
from commands.history.line import when, who
from commands.history.listing import Place, query_of
from commands.plural import plural
from commands.slack_text import escape
from storage.history import Line, ReadHistory, Viewer

LOOKED_AT = 500
"""The newest results."""

SHOWN = 20


async def who_asked(place: Place, request: Request, history: ReadHistory, viewer: Viewer) -> Reply:
    """What watches ran nobody asked for: where there is any it is said where it stands. `UserError` for a pattern."""
    filters = place.filters
    if is_pattern(filters.target):
        raise UserError("Who asked, about which host?", "Type `/smtphistory who checked mail.example.com`")
    query = replace(query_of(filters, request, viewer), watched=False)
    lines = await history.page(query, limit=LOOKED_AT)
    watched = await history.count(replace(query, watched=True), most=1)
    return _told(filters, _by_person(lines), cut=len(lines) == LOOKED_AT, watched=bool(watched))


def _by_person(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Of everybody the newest result, and how many there are; whoever asked last is first."""
    asked = [replace(line, actor=actor) for line in lines for actor in dict.fromkeys([line.actor, *_others(line)])]
    asked.sort(key=lambda line: (line.actor, line.surface))
    people = [list(group) for _, group in groupby(asked, key=lambda line: who(line.actor, line.surface))]
    newest = [(max(group, key=lambda line: line.started_at), len(group)) for group in people]
    return sorted(newest, key=lambda found: found[0].started_at, reverse=True)


def _others(line: Line) -> list[str]:
    return [other.actor for other in line.others]


def _told(filters: Filters, people: Sequence[tuple[Line, int]], *, cut: bool, watched: bool) -> Reply:
    plain = replace(filters, ask="")
    about = ", ".join(filter(None, [f"*{escape(filters.target, 120)}*" * bool(filters.target), *described(plain)]))
    head = "Who asked" if people else "Nobody whose results you may see asked"
    head = f"{head} about {about}" if filters.target else ", ".join(filter(None, [head, about]))
    said = [f"• {who(line.actor, line.surface)}: {_times(line, count)}" for line, count in people[:SHOWN]]
    more = [f"and {plural(len(people) - SHOWN, 'more person', 'more people')}"] if len(people) > SHOWN else []
    newest = [f"Of the newest {LOOKED_AT} results."] if cut else []
    text = "\n".join([head, *said, *more, *newest])
    facts = [
        {"asker": line.actor or line.surface, "results": count, "last": line.started_at, "id": line.id}
        for line, count in people
    ]
    return Reply(text, [section(text), *_watches(plain, watched=watched)], facts=facts)


def _times(line: Line, count: int) -> str:
    return f"{plural(count, 'time')}, last {when(line.started_at)}" if count > 1 else when(line.started_at)


def _watches(filters: Filters, *, watched: bool) -> list[Block]:
    line = replace(filters, watches=True).text
    return [actions(button("What watches ran", "smtphistory.instead", line))] if watched else []
