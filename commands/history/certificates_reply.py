"""`certificates until dec 31`: those that end in a time to come, soonest first, of each host and port the last seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from commands.blocks import context, section
from commands.contract import Reply, Request, UserError
from commands.history.filters import Filters
from commands.history.having import matches
from commands.history.line import when
from commands.history.listing import Place, zone_of
from commands.past_times import EDGE, SPAN, end_of, said, start_of
from commands.plural import plural
from commands.slack_text import escape
from commands.times import days_left, ends_in
from storage.history import MOST_COUNTED, Certificate, ReadHistory, Viewer

USUAL = "30d"
ENDED = timedelta(days=30)
"""So long a certificate that has ended is still told."""

FURTHEST = timedelta(days=3650)
MOST = 200
SHOWN = 40
_LATER = (timedelta(), timedelta(days=7), timedelta(days=366))
"""A day without a year is the next one there is: looked for from now, from in a week, from in a year."""


async def certificates(place: Place, request: Request, history: ReadHistory, viewer: Viewer) -> Reply:
    """Of one host, of a pattern of them, of all."""
    filters, shown = place.filters, place.most or SHOWN
    if filters.until and filters.since and filters.since != filters.until:
        line = replace(filters, since="").text
        raise UserError("Certificates end until a day.", "Type `/smtphistory certificates until dec 31`", line)
    typed = filters.until or filters.since or USUAL
    until = end_to_come(typed, request.at, zone_of(request))
    found = await history.certificates(
        ends_after=request.at - ENDED, ends_before=until, viewer=viewer, limit=_most(place)
    )
    mine = [one for one in found if matches(one.host, filters.target) and filters.port in {None, one.port}]
    behind = f"in {said(typed)}" if SPAN.fullmatch(typed) else f"by {_day(until.astimezone(zone_of(request)))}"
    alike = _alike(mine)
    least = "At least " if len(found) >= _most(place) else ""
    title = f"*{least}{plural(len(alike), 'certificate')} that {'ends' if len(alike) == 1 else 'end'} {behind}*"
    lines = [_line(one, request.at) for one in alike[:shown]]
    more = [f"and {least.lower()}{len(alike) - shown} more"] if len(alike) > shown else []
    if not mine:
        more = await _next(filters, request, history, viewer)
    seen = "As each host and port showed it last, as far as you may see."
    text = "\n".join([title, *lines, *more])
    blocks = [*map(section, _parts([title, *lines, *more])), context(seen)]
    facts = [_fact(one, request.at) for one in mine[:shown]]
    return Reply(f"{text}\n{seen}", blocks, good=not mine, facts=facts)


def _most(place: Place) -> int:
    """A file bears all of them."""
    return MOST if place.most is None else MOST_COUNTED


def _fact(one: Certificate, now: datetime) -> dict[str, Any]:
    told = {"host": one.host, "port": one.port, "ends": one.ends, "days_left": days_left(one.ends, now)}
    return {**told, "certificate": one.certificate, "seen_at": one.seen_at, "id": one.entry}


async def _next(filters: Filters, request: Request, history: ReadHistory, viewer: Viewer) -> list[str]:
    """Where none ends in the time, the one that ends next."""
    to_come = await history.certificates(
        ends_after=request.at, ends_before=request.at + FURTHEST, viewer=viewer, limit=MOST
    )
    mine = (one for one in to_come if matches(one.host, filters.target) and filters.port in {None, one.port})
    found = next(mine, None)
    return [f"The next: {_line([found], request.at)}"] if found else ["None that ends later is known, either."]


def _day(end: datetime) -> str:
    """A day ends at the midnight behind it."""
    return f"{end:%Y-%m-%d %H:%M}" if end.time() != time() else f"{end - timedelta(days=1):%Y-%m-%d}"


def _parts(lines: Sequence[str]) -> list[str]:
    """A section holds 3,000 characters."""
    return ["\n".join(lines[at : at + 10]) for at in range(0, len(lines), 10)]


def end_to_come(text: str, now: datetime, zone: tzinfo) -> datetime:
    """When a short text of `times` ends, looking ahead: `30d` from now on, the next `dec 31`."""
    if span := SPAN.fullmatch(text.removeprefix(EDGE)):
        return now + (now - start_of(span[0], now, zone))
    ends = [end_of(text, now + later, zone) for later in _LATER]
    return next((end for end in ends if end > now), ends[-1])


def _alike(found: Sequence[Certificate]) -> list[list[Certificate]]:
    """The same certificate on several ports of a host."""
    same: dict[tuple[str, str, datetime], list[Certificate]] = {}
    for one in found:
        same.setdefault((one.host, one.certificate, one.ends), []).append(one)
    return list(same.values())


def _line(alike: Sequence[Certificate], now: datetime) -> str:
    one = max(alike, key=lambda each: each.seen_at)
    ports = ", ".join(map(str, sorted(each.port for each in alike)))
    left = ends_in(days_left(one.ends, now))
    return f"{one.ends:%Y-%m-%d} · {left} · *{escape(one.host, 120)}* {ports}, seen {when(one.seen_at)}"
