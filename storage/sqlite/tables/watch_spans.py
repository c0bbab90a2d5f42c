"""How the places of watches were, and from when to when: plain functions on an open database."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import TypeAlias

from sqlite_utils import Database

from storage.history import Viewer, instant
from storage.queries import EVERY_TEAM, Found
from storage.sqlite.tables.damaged_rows import found
from storage.sqlite.tables.documents import unpacked
from storage.sqlite.tables.entry_rows import OF_TEAM, viewer_values, visible
from storage.sqlite.tables.watch_rows import SPAN_COLUMNS, span_of
from storage.watches import DELETED, WatchSpan

NEVER = "9999"
END_OF_DOCUMENT = {"tail": "substr(CAST(document AS BLOB), -1500)", "spans": "CAST('\"spans\":' AS BLOB)"}
"""The last bytes, in which what lasts of some twenty places has room, and what it begins with."""

Stay: TypeAlias = tuple[datetime, datetime]
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
HOUR = 3600
# Only `visible` and the condition on the target are put into these: values are always parameters.
# What lasts stands at the end of a watch's document, which is searched from there on, as bytes: as text it would be
# read from its beginning, and as JSON all of it. A watch too many does no harm.
_LOOKING = """
WITH own AS (SELECT id, CASE WHEN json_valid(document) THEN document ELSE '{{}}' END AS kept
  FROM watches WHERE {seen} AND target = :target),
places AS (SELECT watch_spans.place AS at FROM own JOIN watch_spans ON watch = id
  UNION SELECT key FROM own, json_each(kept, '$.spans.open')),
looked AS MATERIALIZED (SELECT :target || ':' AS first, :target || ';' AS last
  UNION SELECT at, at FROM places WHERE at <> :target AND at NOT BETWEEN :target || ':' AND :target || ';'),
every AS MATERIALIZED (
  SELECT id, target, CASE instr({tail}, {spans}) WHEN 0 THEN CAST(document AS BLOB)
    ELSE substr({tail}, instr({tail}, {spans})) END AS lasting FROM watches WHERE {seen})
SELECT id FROM every WHERE target = :target
  OR EXISTS (SELECT 1 FROM looked JOIN watch_spans AS one ON watch = id AND one.place BETWEEN first AND last)
  OR EXISTS (SELECT 1 FROM looked WHERE instr(lasting, CAST('"' || first AS BLOB)))
"""
_SPANS = f"""
WITH watched AS (
  SELECT id, deleted_at, CASE WHEN json_valid(document) THEN document ELSE '{{{{}}}}' END AS kept
  FROM watches WHERE {{seen}}{{of_target}}),
seen AS MATERIALIZED (
  SELECT id AS name, coalesce(deleted_at, '{NEVER}') AS ends, json_extract(kept, '$.spans') AS spans,
    coalesce(json_extract(kept, '$.every_s') > {HOUR}, 0) AS seldom FROM watched)
SELECT {SPAN_COLUMNS}, seldom FROM seen JOIN watch_spans ON watch = name WHERE until > :begin AND since < :end
UNION ALL
SELECT name, open.key, open.value ->> 1, min(ends, CASE open.value ->> 0 WHEN spans ->> '$.lasting' THEN :end
  ELSE min(:end, spans ->> '$.until') END), open.value ->> 0, seldom FROM seen, json_each(spans, '$.open') AS open
UNION ALL
SELECT name, open.key, ends, :end, '{DELETED}', seldom FROM seen, json_each(spans, '$.open') AS open WHERE ends < :end
ORDER BY 1, 2, 3
"""  # noqa: S608 - constants
# Few watches were ever moved: the text is searched before it is read as JSON.
_LEFT = """
(instr(document, '"moves":[[') AND EXISTS (
  SELECT 1 FROM json_each(CASE WHEN json_valid(document) THEN document ELSE '{}' END, '$.moves') AS move
  WHERE move.value ->> 0 IN (SELECT value FROM json_each(:channels))))
"""
_MOVED = """
SELECT id, team, owner, channel, document FROM watches
WHERE id IN (SELECT value FROM json_each(:found)) AND instr(document, '"moves":[[') AND {seen}
"""
_KEEP = f"INSERT OR REPLACE INTO watch_spans ({SPAN_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - constants
_LATER = "DELETE FROM watch_spans WHERE watch = :watch AND since >= :at"
_ACROSS = "UPDATE watch_spans SET until = :at WHERE watch = :watch AND until > :at"
_DROP = "DELETE FROM watch_spans WHERE until < ? OR watch NOT IN (SELECT id FROM watches)"


def spans(db: Database, viewer: Viewer, time: tuple[datetime, datetime], target: str | None = None) -> Found[WatchSpan]:
    """Of the watches that somebody may see, also what lasts till now; of one that was deleted, till then.

    Of one that was moved: while it was in a channel that they may see.
    """
    begin, end = map(instant, time)
    seen = _seen_ever(viewer)
    of_target = "" if target is None else f" AND id IN ({_LOOKING.format(seen=seen, **END_OF_DOCUMENT)})"
    query = _SPANS.format(seen=seen, of_target=of_target)
    asked = {"begin": begin, "end": end, "target": target, **viewer_values(viewer)}
    told = found(span_of, db.execute(query, asked))
    if viewer.admin:
        return told
    asked["found"] = json.dumps(sorted({one.watch for one in told}))
    moved = {id_: _stays(viewer, *row) for id_, *row in db.execute(_MOVED.format(seen=seen), asked)}
    theirs: Found[WatchSpan] = Found()
    for (name, _), them in groupby(told, attrgetter("watch", "place")):
        of_place = list(them)
        theirs += _within(of_place, moved[name], time[1]) if name in moved else of_place
    theirs.damaged = told.damaged
    return theirs


def _seen_ever(viewer: Viewer) -> str:
    """As `visible`, also of what alerted once in a channel that they may see."""
    seen = visible(viewer, "owner")
    of_team = "true" if viewer.team is EVERY_TEAM else OF_TEAM
    return seen if viewer.admin else f"({seen} OR {of_team} AND {_LEFT})"


def _stays(viewer: Viewer, team: str, owner: str, channel: str, document: str) -> list[Stay]:
    """From when to when a watch that was moved was where they may see it. Of a damaged one nobody knows that."""
    try:
        moves = [(left, datetime.fromisoformat(at)) for left, at in unpacked(document)["moves"]]
    except (ValueError, TypeError, KeyError):
        return []
    places = [*(left for left, _ in moves), channel]
    begins = [BEGINNING, *(at for _, at in moves)]
    ends = [*begins[1:], END]
    found: list[Stay] = []
    for where, begin, end in zip(places, begins, ends, strict=True):
        if not viewer.sees(team, owner, where):
            continue
        goes_on = bool(found) and found[-1][1] == begin
        found.append((found.pop()[0] if goes_on else begin, end))
    return found


def _within(of_place: Sequence[WatchSpan], stays: list[Stay], end: datetime) -> list[WatchSpan]:
    """What of a place they may see; after that it is to them as if its watch were deleted, and not unseen."""
    found: list[WatchSpan] = []
    for one in of_place:
        for begin, left in stays:
            since, until = max(one.since, begin), min(one.until, left)
            if since < until or (since, until) == (one.since, one.until):
                found.append(replace(one, since=since, until=until))
    away = zip([left for _, left in stays], [*(begin for begin, _ in stays[1:]), end], strict=True)
    for left, back in away:
        if left < back and (before := [one for one in found if one.until <= left]):
            found.append(replace(before[0], since=left, until=back, what=DELETED))
    return sorted(found, key=attrgetter("since", "until"))


def keep(db: Database, ended: Iterable[WatchSpan]) -> None:
    rows = [(one.watch, one.place, instant(one.since), instant(one.until), one.what) for one in ended]
    if rows:
        db.conn.executemany(_KEEP, rows)


def forget_later(db: Database, watch: str, at: datetime) -> None:
    """Drop what was kept of the time from then on, which has not come yet."""
    for statement in (_LATER, _ACROSS):
        db.execute(statement, {"watch": watch, "at": instant(at)})


def drop(db: Database, before: datetime | None = None) -> None:
    """Drop those that ended before, and those of watches that are gone."""
    db.execute(_DROP, [instant(before) if before else ""])
