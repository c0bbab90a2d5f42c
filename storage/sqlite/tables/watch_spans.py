"""How the places of watches were, and from when to when: plain functions on an open database."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from storage.history import Viewer, instant
from storage.queries import Found
from storage.sqlite.tables.damaged_rows import found
from storage.sqlite.tables.entry_rows import viewer_values, visible
from storage.sqlite.tables.watch_rows import SPAN_COLUMNS, span_of
from storage.watches import DELETED, WatchSpan

NEVER = "9999"
HOUR = 3600
# Only `visible` and the condition on the target are put into these: values are always parameters.
# What lasts stands at the end of a watch's document, which is searched as text, twice as quickly as it is read as JSON:
# a watch too many does no harm.
_LOOKING = """
WITH own AS (SELECT id, CASE WHEN json_valid(document) THEN document ELSE '{{}}' END AS kept
  FROM watches WHERE {seen} AND target = :target),
places AS (SELECT watch_spans.place AS at FROM own JOIN watch_spans ON watch = id
  UNION SELECT key FROM own, json_each(kept, '$.spans.open')),
looked AS MATERIALIZED (SELECT :target || ':' AS first, :target || ';' AS last
  UNION SELECT at, at FROM places WHERE at <> :target AND at NOT BETWEEN :target || ':' AND :target || ';'),
every AS MATERIALIZED (
  SELECT id, target, substr(document, instr(document, '"spans":')) AS lasting FROM watches WHERE {seen})
SELECT id FROM every WHERE target = :target
  OR EXISTS (SELECT 1 FROM looked JOIN watch_spans AS one ON watch = id AND one.place BETWEEN first AND last)
  OR EXISTS (SELECT 1 FROM looked WHERE instr(lasting, '"' || first))
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
_KEEP = f"INSERT OR REPLACE INTO watch_spans ({SPAN_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - constants
_DROP = "DELETE FROM watch_spans WHERE until < ? OR watch NOT IN (SELECT id FROM watches)"


def spans(db: Database, viewer: Viewer, time: tuple[datetime, datetime], target: str | None = None) -> Found[WatchSpan]:
    """Of the watches that somebody may see, also what lasts till now; of one that was deleted, till then."""
    begin, end = map(instant, time)
    seen = visible(viewer, "owner")
    of_target = "" if target is None else f" AND id IN ({_LOOKING.format(seen=seen)})"
    query = _SPANS.format(seen=seen, of_target=of_target)
    asked = {"begin": begin, "end": end, "target": target, **viewer_values(viewer)}
    return found(span_of, db.execute(query, asked))


def keep(db: Database, ended: Iterable[WatchSpan]) -> None:
    rows = [(one.watch, one.place, instant(one.since), instant(one.until), one.what) for one in ended]
    if rows:
        db.conn.executemany(_KEEP, rows)


def drop(db: Database, before: datetime | None = None) -> None:
    """Drop those that ended before, and those of watches that are gone."""
    db.execute(_DROP, [instant(before) if before else ""])
