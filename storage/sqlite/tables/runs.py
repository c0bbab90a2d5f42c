"""Results in a row that are equal: found by stepping from one outcome to the next that differs, along an index.

`outcome_changes` says where to step to, `entries_outcomes` holds also who may see a row: 25,000 results of a host are a
few steps, and one walk that counts them. Plain functions on an open database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from storage.entries import OUTCOME
from storage.history import Query, Viewer, instant
from storage.queries import EVERY_TEAM, MOST_OF_RUN, Run
from storage.sqlite.tables.damaged_rows import DamagedRowError, only
from storage.sqlite.tables.entry_rows import moment, result_visible_in_team, viewer_values
from storage.sqlite.tables.listing import teams

_NEVER = "9999"  # behind every instant
_MOST_STEPS = 2000
"""Changes that are stepped to; what somebody may not see can make more of them than they see runs."""

_SPLITS = 200
"""Most runs that others interrupt are parted so often."""

# Only `result_visible_in_team` is put into these: values are always parameters.
_OF_TARGET = "team = :team AND target = :target AND kind = :kind AND outcome <> ''"
_NEXT = f"SELECT vantage, scope FROM entries INDEXED BY entries_outcomes WHERE {_OF_TARGET} AND"  # noqa: S608
_SCOPES = (
    f"{_NEXT} vantage = :vantage AND scope > :scope ORDER BY scope LIMIT 1",
    f"{_NEXT} vantage > :vantage ORDER BY vantage, scope LIMIT 1",
)
"""The next one: of the same vantage, else of the next. Compared as a pair the index would be walked whole."""
_TARGETS = """
WITH RECURSIVE known(target) AS (
    SELECT min(target) FROM entries INDEXED BY entries_outcomes WHERE team = :team AND outcome <> ''
    UNION SELECT (SELECT min(target) FROM entries INDEXED BY entries_outcomes
        WHERE team = :team AND target > known.target AND outcome <> '') FROM known WHERE target IS NOT NULL
) SELECT target FROM known WHERE target IS NOT NULL AND EXISTS (
    SELECT 1 FROM entries INDEXED BY entries_outcomes WHERE team = :team AND entries.target = known.target
    AND kind = :kind AND outcome <> '' AND started_at >= :since AND started_at < :until AND {seen})
LIMIT :most
"""
_ALIKE = f"entries INDEXED BY entries_outcomes WHERE {_OF_TARGET} AND vantage = :vantage AND scope = :scope"
_WHOLE = "outcome"
_WHAT_MATTERS = f"substr(outcome, 1, {OUTCOME})"
_LASTS = f"""
WITH RECURSIVE last(started_at, id, outcome) AS (
    SELECT * FROM (SELECT started_at, id, {{look}} FROM {_ALIKE} AND started_at < :until AND {{seen}}
        ORDER BY started_at DESC, id DESC LIMIT 1)
    UNION ALL SELECT before.started_at, before.id, {{look_before}} FROM last JOIN entries AS before ON before.seq = (
        SELECT seq FROM {_ALIKE} AND {{look}} <> last.outcome AND (started_at, id) < (last.started_at, last.id)
        AND {{seen}} ORDER BY started_at DESC, id DESC LIMIT 1)
    WHERE last.started_at >= :since LIMIT :most
) SELECT started_at, id, outcome FROM last
"""  # noqa: S608 - constants
_NOTED = """
SELECT started_at, id FROM outcome_changes WHERE team = :team AND target = :target AND kind = :kind
AND vantage = :vantage AND scope = :scope AND (started_at, id) <= (last.started_at, last.id)
ORDER BY started_at DESC, id DESC LIMIT 1
"""
_STEPS = f"""
WITH RECURSIVE last(started_at, id, outcome, run, newest) AS (
    SELECT * FROM (SELECT started_at, id, outcome, 1, started_at FROM {_ALIKE} AND started_at < :until AND {{seen}}
        ORDER BY started_at DESC, id DESC LIMIT 1)
    UNION ALL SELECT before.started_at, before.id, before.outcome, last.run + (before.outcome <> last.outcome),
        CASE WHEN before.outcome = last.outcome THEN last.newest ELSE before.started_at END
    FROM last JOIN entries AS before ON before.seq = (
        SELECT seq FROM {_ALIKE} AND (started_at, id) < ({_NOTED}) AND {{seen}}
        ORDER BY started_at DESC, id DESC LIMIT 1)
    WHERE last.newest >= :since AND last.run < :most LIMIT {_MOST_STEPS}
) SELECT started_at, id, outcome, run FROM last
"""  # noqa: S608 - constants
_FIRST = f"""
SELECT started_at, id FROM {_ALIKE} AND (started_at, id) > (:at, :at_id) AND {{seen}}
ORDER BY started_at, id LIMIT 1
"""  # noqa: S608 - constants
_LAST = f"""
SELECT started_at, id FROM {_ALIKE} AND (started_at, id) < (:at, :at_id) AND {{seen}}
ORDER BY started_at DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants
# Without ids and with one bound at either end, which is three times as fast: the rows at the ends are counted apart.
_BETWEEN = f"""
SELECT count(*) FROM (
    SELECT 1 FROM {_ALIKE} AND started_at > :begin AND started_at < :last AND {{seen}} LIMIT :most_counted)
"""  # noqa: S608 - constants
_AT = f"""
SELECT count(*) FROM {_ALIKE} AND started_at = :at AND {{seen}}
AND (:at > :first OR id >= :first_id) AND (:at < :last OR id <= :last_id)
"""  # noqa: S608 - constants


def runs_of_target(db: Database, query: Query, most: int) -> list[Run]:
    """The runs of the query's target and kind in its time, oldest first, and of each scope the one before it."""
    found = [run for asked in _asked(db, query, most) for run in _of_team(db, asked, query.viewer)]
    return sorted(found, key=lambda run: (run.first, run.first_id))


def targets_of_query(db: Database, query: Query, most: int) -> list[str]:
    """Whatever has results of the query's kind in its time, each once, from one to the next along the index."""
    statement = _TARGETS.format(seen=result_visible_in_team(query.viewer))
    found = (str(target) for asked in _asked(db, query, most) for (target,) in db.execute(statement, asked))
    return sorted(set(found))[:most]


def _asked(db: Database, query: Query, most: int) -> list[dict[str, Any]]:
    """The values of the statements, for each team."""
    asked = {
        **viewer_values(query.viewer),
        "target": query.target,
        "kind": query.kind or "check",
        "since": instant(query.since) if query.since else "",
        "until": instant(query.until) if query.until else _NEVER,
        "most": most,
    }
    whose = teams(db) if query.viewer.team is EVERY_TEAM else [query.viewer.team]
    return [{**asked, "team": team} for team in whose]


def _of_team(db: Database, asked: dict[str, Any], viewer: Viewer) -> Iterator[Run]:
    seen = result_visible_in_team(viewer)
    scopes = [{**asked, "vantage": vantage, "scope": scope} for vantage, scope in _scopes(db, asked)]
    found = [(scope, list(_of_scope(db, scope, seen))) for scope in scopes]
    for scope, runs in found:
        others = [run for other, theirs in found if other is not scope for run in theirs]
        others = [run for run in others if run.vantage == scope["vantage"]]
        for run in runs:
            yield from _parted(db, run, others, scope, seen)


def _scopes(db: Database, asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    at = {"vantage": "", "scope": ""}
    while found := next(filter(None, (db.execute(each, {**asked, **at}).fetchone() for each in _SCOPES)), None):
        at = {"vantage": found[0], "scope": found[1]}
        yield found


def _of_scope(db: Database, asked: dict[str, Any], seen: str) -> Iterator[Run]:
    """Newest first. Where even that which does not matter changes all the time, it parts none."""
    lasts = _stepped(db, asked, seen) or _lasts(db, asked, seen, _WHOLE)
    if len(lasts) == asked["most"]:
        lasts = _lasts(db, asked, seen, _WHAT_MATTERS)
    befores = [*lasts, ("", "", "")][1:]
    for (last, last_id, outcome), (after, after_id, _) in zip(lasts, befores, strict=True):
        first, first_id = db.execute(_FIRST.format(seen=seen), {**asked, "at": after, "at_id": after_id}).fetchone()
        yield only(_run, (asked["team"], asked["vantage"], asked["scope"], outcome, first, first_id, last, last_id))


def _stepped(db: Database, asked: dict[str, Any], seen: str) -> list[tuple[str, str, str]]:
    """As `_lasts` of whole outcomes, from one noted change to the next; nothing where too many say nothing to them."""
    found = db.execute(_STEPS.format(seen=seen), asked).fetchall()
    newest = {run: (at, id_, outcome) for at, id_, outcome, run in reversed(found)}
    return list(reversed(newest.values())) if len(found) < _MOST_STEPS else []


def _lasts(db: Database, asked: dict[str, Any], seen: str, look: str) -> list[tuple[str, str, str]]:
    """The newest of each run, newest first."""
    before = look.replace("outcome", "before.outcome")
    return db.execute(_LASTS.format(seen=seen, look=look, look_before=before), asked).fetchall()


def _parted(db: Database, run: Run, others: Sequence[Run], asked: dict[str, Any], seen: str) -> Iterator[Run]:
    """The run in pieces: it goes on behind each run of another scope within it, which may have seen otherwise."""
    for other in sorted(others, key=lambda each: (each.last, each.last_id))[-_SPLITS:]:
        if run.first < other.first and other.last < run.last:
            place = {"at": instant(other.last), "at_id": other.last_id}
            last, last_id = db.execute(_LAST.format(seen=seen), {**asked, **place}).fetchone()
            yield _counted(db, replace(run, last=moment(last), last_id=last_id), asked, seen)
            first, first_id = db.execute(_FIRST.format(seen=seen), {**asked, **place}).fetchone()
            run = replace(run, first=moment(first), first_id=first_id)
    yield _counted(db, run, asked, seen)


def _counted(db: Database, run: Run, asked: dict[str, Any], seen: str) -> Run:
    ends = {"first": instant(run.first), "first_id": run.first_id, "last": instant(run.last), "last_id": run.last_id}
    begin = max(ends["first"], asked["since"])
    if begin > ends["last"]:
        return run
    between = {**asked, **ends, "begin": begin, "most_counted": MOST_OF_RUN}
    counted = [db.execute(_BETWEEN.format(seen=seen), between)]
    counted += [db.execute(_AT.format(seen=seen), {**asked, **ends, "at": at}) for at in {begin, ends["last"]}]
    return replace(run, count=min(MOST_OF_RUN, sum(cursor.fetchone()[0] for cursor in counted)))


def _run(row: Sequence[Any]) -> Run:
    team, vantage, scope, outcome, first, first_id, last, last_id = row
    if not all(type(each) is str for each in row):
        raise DamagedRowError
    return Run(team, vantage, scope, outcome, moment(first), first_id, moment(last), last_id)
