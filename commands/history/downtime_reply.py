"""When a host was down, where a watch looks at it: as its alerts, incidents and availability have it.

A check alone knows states of ports: to a watch an expired certificate is down, and a port that never answered is not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from commands.blocks import context, section
from commands.contract import Reply, Request
from commands.history.filters import Filters
from commands.history.having import DOWN, is_bad, is_pattern
from commands.history.line import when
from commands.history.listing import Place, query_of
from commands.history.view import heading
from commands.natural_order import natural
from commands.plural import plural
from commands.slack_text import escape, in_code
from commands.times import shown_minutes, to_minute
from commands.uptime import DOWN as IS_DOWN
from commands.uptime import MINUTE, UNSEEN, Downtime, Parts, Watched, added, begins, downtimes
from storage.history import Viewer
from storage.watches import ReadWatches

KEPT = timedelta(days=90)
"""How far what watches saw goes back."""

LINES = 20
NOW, UNSEEN_NOW, PARTED_NOW = "not down now", "not seen now", "nothing of now that you may see"
NOT_DOWN = "*{host}: not down now, nor since {since}, as far as its watches know*"
NOT_SEEN = "*{host}: {now}, and not down since {since}, as far as its watches know*"
DOWN_NOW, LAST_SEEN = (
    "*{host}: down since {since}, for {long} so far*",
    "*{host}: down since {since}; last seen so {until}, and not seen since*",
)
PARTED = (
    "*{host}: last seen down {until}, since {since}; nothing since then that you may see: its watch was moved to"
    " another channel*"
)
BUT_DOWN = "But *{host}* is down to its watches, since {since}, for {long} so far: ask `since when is {host} down`."
DOWN_TO_WATCHES = "But watches still have down: {hosts}. `/smtpwatch list down` says since when, and what is not seen."
NAMED = 5
WAS = "*{host}: {now}. It was down for {long}, from {since} to {until}*"
OF_UNSEEN = " Of that time it was not seen for {long}."
OR_EARLIER = " or earlier"
"""Its watch was made, or moved to where whoever asks may see it, when it was down already."""

MARKS = ("• since {since}, for {long} so far", "• since {since}, last seen so {until}", "• {since} to {until}: {long}")
SOURCE = "As its watches count it, which know it since {since}. `/smtpwatch incidents {host}` has what was told."


@dataclass(frozen=True, slots=True)
class _Known:
    """What watches know of a host (of a port of it) until now, and of that the time that is asked for.

    `begins`: from when on anything of the host is known. `parted`: all of its watches were moved to where whoever asks
    may not see them, so how it is now is not theirs to know.
    """

    host: str
    parts: Parts
    since: datetime
    until: datetime
    now: datetime
    parted: bool = False
    begins: Collection[datetime] = ()

    @property
    def found(self) -> list[Downtime]:
        """Those of the time, the newest first; each is whole."""
        told = downtimes(self.parts)
        return [one for one in reversed(told) if one.since < self.until and (one.ended or self.now) > self.since]

    @property
    def is_unseen(self) -> bool:
        """Whether nothing is seen of it now."""
        return self.parts[-1][2] == UNSEEN

    def lasted(self, what: str) -> timedelta:
        """How long it was so in the time, as both ends are shown."""
        cut = [(max(a, self.since), min(b, self.until), what) for a, b, what in self.parts]
        return added([one for one in cut if one[0] < one[1]]).shown_of(what)


async def downtime(place: Place, request: Request, viewer: Viewer, watches: ReadWatches) -> Reply | None:
    """The answer to when it was down, or since when it is; None where that is not asked, or no watch knows of it."""
    filters = place.filters
    if not _is_asked(filters):
        return None
    known = await _known(filters, request, viewer, watches)
    if known is None:
        return None
    if not filters.having and not known.found:
        return None
    text = _since_when(known) if filters.ask else _listed(known, filters)
    source = SOURCE.format(since=when(known.parts[0][0]), host=in_code(filters.target, 120))
    good = not _is_down(known.found, known.now)
    shown_below = [section(text), context(source)]
    return Reply(f"{text}\n{source}", shown_below, good=good, facts=list(_facts(known, filters)))


async def beside_what_is_down(
    said: Reply, place: Place, request: Request, viewer: Viewer, watches: ReadWatches
) -> Reply:
    """That something is not so contradicts no alert: where the host is down to its watches it is said as well."""
    filters = place.filters
    if filters.ask != "since when" or not said.facts or said.facts[0].get("so") or not is_bad(filters.having):
        return said
    known = await _known(filters, request, viewer, watches)
    if known is None or not _is_down(known.found, known.now):
        return said
    line = _said(BUT_DOWN, known.found[0], known)
    return replace(said, text=f"{said.text}\n{line}", blocks=[*said.blocks, section(line)], good=False)


async def beside_no_failure(said: Reply, place: Place, request: Request, viewer: Viewer, watches: ReadWatches) -> Reply:
    """That no result failed contradicts no alert: what nobody sees any more is down to its watches until it is seen."""
    filters, now = place.filters, request.at
    plain = replace(filters, target="", since="", until="", all=False)
    if plain != Filters(failed=True) or (query_of(filters, request, viewer).until or now) < now:
        return said
    target = filters.target.lower()
    spans = await watches.spans(viewer, since=now - MINUTE, until=now, target=target or None)
    down = {one.place for one in spans if one.what == IS_DOWN and one.until >= now}
    asked = [target] if down & Watched(spans).places(target) else []
    hosts = asked if target else sorted((place for place in down if ":" not in place), key=natural)
    if not hosts:
        return said
    more = [f"{len(hosts) - NAMED} more"] if len(hosts) > NAMED else []
    line = DOWN_TO_WATCHES.format(hosts=", ".join([*(f"*{escape(one, 120)}*" for one in hosts[:NAMED]), *more]))
    return replace(said, text=f"{said.text}\n{line}", blocks=[*said.blocks, section(line)], good=False)


def _is_asked(filters: Filters) -> bool:
    """Of one host, and nothing that only results have. `since when` alone is about what is down as well."""
    of_results = replace(filters, target="", port=None, since="", until="", all=False, ask="", having="")
    is_of_down = filters.having == DOWN or (filters.ask == "since when" and not filters.having)
    asks = filters.ask in {"", "since when"} and is_of_down and of_results == Filters()
    return asks and bool(filters.target) and not is_pattern(filters.target)


async def _known(filters: Filters, request: Request, viewer: Viewer, watches: ReadWatches) -> _Known | None:
    """None, too, where they looked at it no more when the time ended: checks may know better."""
    query, now = query_of(filters, request, viewer), request.at
    target, end = query.target or "", min(query.until or now, now)
    spans = await watches.spans(viewer, since=now - KEPT, until=now, target=target)
    watched, kept = Watched(spans), (now - KEPT, now)
    parts = watched.timeline(target, *kept, filters.port)
    if not parts or parts[0][0] >= end:
        return None
    parted = parts[-1][1] < end
    if parted and {one.watch for one in spans} & {one.id for one in await watches.visible_to(viewer, deleted=True)}:
        return None
    host = " ".join(filter(None, (escape(filters.target, 120), str(filters.port or ""))))
    known = _Known(host, parts, max(query.since or parts[0][0], parts[0][0]), end, now, parted)
    return replace(known, begins=begins(watched.timeline(target, *kept)))


def _is_down(found: list[Downtime], now: datetime) -> bool:
    return bool(found) and found[0].ended is None and found[0].until >= now


def _since_when(known: _Known) -> str:
    found = known.found
    if not found:
        words = NOT_SEEN if known.parted or known.is_unseen else NOT_DOWN
        return words.format(host=known.host, now=_now(known), since=when(known.since)) + _unseen(known)
    words = (DOWN_NOW, PARTED if known.parted else LAST_SEEN, WAS)[_how(found[0], known.now)]
    return _said(words, found[0], known)


def _listed(known: _Known, filters: Filters) -> str:
    found = known.found
    time = "in that time" if filters.since or filters.until else f"since {when(known.since)}"
    total = f"Down {plural(len(found), 'time')} {time}, for {shown_minutes(known.lasted(IS_DOWN))} in all."
    head = [f"*{heading(filters)}*", (total if found else f"Not down {time}.") + _unseen(known)]
    lines = [_said(MARKS[_how(one, known.now)], one, known) for one in found[:LINES]]
    more = [f"• and {len(found) - LINES} more before"] if len(found) > LINES else []
    return "\n".join([*head, *lines, *more])


def _unseen(known: _Known) -> str:
    """What of the time nobody knows."""
    long = known.lasted(UNSEEN)
    return OF_UNSEEN.format(long=shown_minutes(long)) if long else ""


def _how(one: Downtime, now: datetime) -> int:
    """Whether it goes on (0), nobody knows how it went on (1), or it is over (2)."""
    return 2 if one.ended is not None else int(one.until < now)


def _said(words: str, one: Downtime, known: _Known) -> str:
    """Times are shown to the minute, and how long it was is what lies between them, where all of that was seen."""
    until = one.ended or one.until
    unseen = until - one.since - one.lasted
    long = shown_minutes(to_minute(until) - to_minute(one.since) - unseen)
    since = when(one.since) + (OR_EARLIER if one.since in known.begins else "")
    return words.format(host=known.host, now=_now(known), since=since, until=when(until), long=long)


def _now(known: _Known) -> str:
    if known.parted:
        return PARTED_NOW
    return UNSEEN_NOW if known.is_unseen else NOW


def _facts(known: _Known, filters: Filters) -> Iterator[dict[str, Any]]:
    """Each time; to `since when` the last one, or that there was none."""
    asked = {"host": filters.target, "port": filters.port, "what": DOWN}
    found = known.found[:1] if filters.ask else known.found
    if filters.ask and not found:
        yield {**asked, "so": False, "looked_since": known.since}
    for one in found:
        times = {"since": one.since, "at_least": one.since in known.begins, "until": one.ended, "seen": one.until}
        yield {**asked, "so": _is_down([one], known.now), **times}
