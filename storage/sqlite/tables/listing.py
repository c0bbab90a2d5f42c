"""Lists of entries: whatever is asked, a walk along an index in the order of the list that stops when a page is full.

Who may see only some rows and names no target walks along their own rows and along each of their channels, merged; a
walk along all rows would pass over a million of others to find twenty. The operator walks along the rows of each team.
Plain functions on an open database.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlite_utils import Database

from storage.history import Entry, Line, Query, instant
from storage.queries import EVERY_TEAM, Found, Viewer
from storage.sqlite.tables.entry_rows import (
    ASKED_ENTRY_COLUMNS,
    LINE_COLUMNS,
    OF_TEAM,
    asked_together,
    entries_of,
    lines_of,
    place,
    viewer_values,
    visible_in_team,
)

T = TypeVar("T")
Made: TypeAlias = Callable[[Sequence[Sequence[Any]]], Found[T]]
Place: TypeAlias = Callable[[Sequence[Any]], tuple[str, str]]

_INSTANT = 32  # characters of `instant`
_BAD_VERDICT = "verdict IN ('blocked_here', 'danger', 'error', 'failed')"
_FAILED = f"({_BAD_VERDICT} OR alerted = 1)"  # as in the indexes
_OF_HOSTS = "verdict <> 'blocked_here'"
_SURFACE = {True: "surface = 'watch'", False: "surface <> 'watch'"}  # as in the indexes, too
_RARE = "kind <> 'check'"
_PORT = "EXISTS (SELECT 1 FROM readings WHERE entry = seq AND port = :port)"
_PORT_FAILED = "EXISTS (SELECT 1 FROM readings WHERE entry = seq AND port = :port AND ok IN (-3, -1, 0))"

# Only names of columns and indexes are put into these: values are always parameters.
_WALK = (
    "SELECT {columns} FROM entries INDEXED BY {index} WHERE {conditions} ORDER BY started_at DESC, id DESC LIMIT :limit"
)
_TEAMS = """
WITH RECURSIVE known(team) AS (
    SELECT min(team) FROM entries INDEXED BY entries_newest
    UNION SELECT (SELECT min(team) FROM entries INDEXED BY entries_newest WHERE team > known.team)
    FROM known WHERE team IS NOT NULL
) SELECT team FROM known WHERE team IS NOT NULL
"""
_KNOWN = (
    "SELECT value FROM json_each(:channels) WHERE EXISTS"
    " (SELECT 1 FROM entries INDEXED BY entries_channel_newest WHERE team = :team AND channel = value)"
)
_ANY_TOGETHER = "SELECT 1 FROM entry_askers WHERE team = :team AND {one} LIMIT 1"
# What several asked for has no actor and no channel of its own.
_NOBODY_ASKED_TOGETHER = "NOT EXISTS (SELECT 1 FROM entry_askers WHERE entry = seq)"


def list_lines(db: Database, query: Query, limit: int, before: str | None) -> Found[Line]:
    """A page of lines with their endpoints."""
    made = partial(lines_of, viewer=query.viewer)
    return seen_by(query.viewer, _page(db, query, LINE_COLUMNS, made, limit, before))


def seen_by(viewer: Viewer, lines: Found[Line]) -> Found[Line]:
    """Lines have no checksum, and a damaged index may lead to the row of another: what came back is judged as well."""
    kept = Found([line for line in lines if viewer.sees(line.team, line.actor, line.channel)])
    kept.damaged = lines.damaged + len(lines) - len(kept)
    return kept


def list_entries(db: Database, query: Query, limit: int, before: str | None) -> Found[Entry]:
    """A page of entries with their documents."""
    made = partial(entries_of, viewer=query.viewer)
    return _page(db, query, ASKED_ENTRY_COLUMNS, made, limit, before)


def teams(db: Database) -> list[str]:
    """The teams that have entries, from one to the next along an index: they are few, and rows may be a million."""
    return [str(team) for (team,) in db.execute(_TEAMS)]


def count_entries(db: Database, query: Query, most: int) -> int:
    """How many there are, up to `most`."""
    columns = "started_at, id"
    try:
        return len(_walked(db, query, columns, most, None, itemgetter(0, 1)))
    except TypeError:  # a damaged row: another type, that has no order beside a text
        return len(_walked(db, query, columns, most, None, _in_front))


def _page(db: Database, query: Query, columns: str, made: Made[T], limit: int, before: str | None) -> Found[T]:
    try:
        return made(_walked(db, query, columns, limit, before))
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
    # Of a damaged page of the table, the index may still know the rows: each by itself.
    known = _walked(db, query, "started_at, id, seq", limit, before, _in_front)
    page: Found[T] = Found()
    for _, _, seq in known:
        one = _one(db, columns, made, seq)
        page.extend(one)
        page.damaged += not one
    return page


def _one(db: Database, columns: str, made: Made[T], seq: int) -> Found[T]:
    """The value of one row; none of a damaged one."""
    try:
        return made(db.execute(f"SELECT {columns} FROM entries WHERE seq = ?", [seq]).fetchall())  # noqa: S608 - constants
    except sqlite3.DatabaseError:
        return Found()


def _walked(
    db: Database, query: Query, columns: str, limit: int, before: str | None, place: Place = place
) -> list[Sequence[Any]]:
    """Rows of these columns, newest first, each once. `place` is what they are ordered by."""
    position = _position(before) if before is not None else None
    with ExitStack() as cursors:
        started = (_start(db, way, columns, limit, position) for way in _ways(db, query))
        walks = [cursors.enter_context(closing(each)) for each in started]
        if len(walks) == 1:
            return walks[0].fetchall()
        merged = merge(*walks, key=place, reverse=True)
        once = (next(same) for _, same in groupby(merged, place))
        return list(islice(once, max(limit, 0)))


def _in_front(row: Sequence[Any]) -> tuple[str, str]:
    return str(row[0]), str(row[1])


class _Way(NamedTuple):
    """One walk: along the rows of a team that have the query's value in this column ("": along all).

    `together`: along what several asked for at the same moment, which is no one person's: who asked is looked up.
    """

    team: str
    column: str
    query: Query
    together: bool = False

    @property
    def index_name(self) -> str:
        if self.along_what_was_asked:
            return f"entries_asked_{self.column}"
        if _by_verdict(self.query):
            return "entries_failed_asked" if self._asked_by_anybody else f"entries_failed_{self.column or 'newest'}"
        if _is_rare(self.query) and self.column in {"actor", "channel"}:
            return f"entries_rare_{self.column}"
        return f"entries_{self.column}_newest" if self.column else "entries_newest"

    @property
    def along_what_was_asked(self) -> bool:
        return self.query.watched is False and self.column in {"actor", "channel"}

    @property
    def _asked_by_anybody(self) -> bool:
        return self.query.watched is False and not self.column


def _ways(db: Database, query: Query) -> list[_Way]:
    team = query.viewer.team
    return [way for each in (teams(db) if team is EVERY_TEAM else [team]) for way in _ways_in(db, each, query)]


def _ways_in(db: Database, team: str, query: Query) -> Iterator[_Way]:
    """What was asked is little beside what watches ran: there the person or the channel is narrower than the target."""
    columns = ("actor", "channel", "target") if query.watched is False else ("target", "channel", "actor")
    named = [column for column in columns if getattr(query, column) is not None]
    if named:
        yield _Way(team, named[0], query)
    elif query.viewer.admin:
        yield _Way(team, "kind" if query.kind is not None and not _by_verdict(query) else "", query)
    else:
        yield from _ways_of_viewer(db, team, query)
    together = _Way(team, "actor", query, together=True)
    along_people = named[0] != "target" if named else not query.viewer.admin
    if along_people and _are_any(db, together):
        yield together


def _ways_of_viewer(db: Database, team: str, query: Query) -> Iterator[_Way]:
    """Along each of them all rows may be seen: nothing but the index has to be looked at."""
    viewer, all_of_it = query.viewer, replace(query, viewer=replace(query.viewer, admin=True))
    if viewer.user:
        yield _Way(team, "actor", replace(all_of_it, actor=viewer.user))
    for (channel,) in db.execute(_KNOWN, {**viewer_values(viewer), "team": team}).fetchall():
        yield _Way(team, "channel", replace(all_of_it, channel=channel))


def _are_any(db: Database, way: _Way) -> bool:
    """Whether anything was asked together by those whom the way is about."""
    one, values = _one_asker(way)
    return db.execute(_ANY_TOGETHER.format(one=one), values).fetchone() is not None


def _is_rare(query: Query) -> bool:
    return query.kind not in {None, "check"}


def _by_verdict(query: Query) -> bool:
    return query.failed and query.port is None


def _start(db: Database, way: _Way, columns: str, limit: int, position: tuple[str, str] | None) -> sqlite3.Cursor:
    whose = [_asked(way)] if _one_asker(way)[0] else []
    conditions = dict([(OF_TEAM, {"team": way.team}), *_conditions(way), *whose, *_bounds(way.query, position)])
    values = {name: value for each in conditions.values() for name, value in each.items()}
    walk = _WALK.format(columns=columns, index=way.index_name, conditions=" AND ".join(conditions))
    return db.conn.execute(walk, {**values, "limit": max(limit, 0)})


def _one_asker(way: _Way) -> tuple[str, dict[str, Any]]:
    """One person who is meant, asked in this channel, and may be seen; "" for anybody."""
    query = way.query
    named = {column: getattr(query, column) for column in ("actor", "channel") if getattr(query, column) is not None}
    terms = [f"{column} = :{column}" for column in named]
    terms += [] if query.viewer.admin else [visible_in_team(query.viewer)]
    seen = {} if query.viewer.admin else viewer_values(query.viewer)
    return " AND ".join(terms), {**named, **seen, "team": way.team}


def _asked(way: _Way) -> tuple[str, dict[str, Any]]:
    """That one asked alone, or one of several did."""
    one, values = _one_asker(way)
    if way.together:
        return asked_together(one), values
    alone = f"({one} AND {_NOBODY_ASKED_TOGETHER})" if "" in (way.query.actor, way.query.channel) else one
    if way.column in {"actor", "channel"}:
        return alone, values
    return f"({alone} OR {asked_together(one)})", values


def _conditions(way: _Way) -> Iterator[tuple[str, dict[str, Any]]]:
    query = way.query
    for column in ("target", "kind", "vantage"):
        if (value := getattr(query, column)) is not None:
            yield f"{column} = :{column}", {column: value}
    if _is_rare(query):
        yield _RARE, {}
    if query.watched is not None:
        yield _SURFACE[query.watched], {}
    if query.port is not None:
        yield _PORT_FAILED if query.failed else _PORT, {"port": query.port}
    elif query.failed:
        # Nobody is alerted of what was asked, and the index of it has the verdict: no row has to be looked up.
        yield _BAD_VERDICT if way.along_what_was_asked else _FAILED, {}
        if query.kind != "network":
            yield _OF_HOSTS if way.along_what_was_asked else f"({_OF_HOSTS} OR alerted = 1)", {}


def _bounds(query: Query, position: tuple[str, str] | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if query.since is not None:
        yield "started_at >= :since", {"since": instant(query.since)}
    ends = [position] if position is not None else []
    if query.until is not None:
        ends.append((instant(query.until), ""))
    if ends:  # only the nearer one: SQLite would start at one of two, perhaps at the wrong one
        at, entry_id = min(ends)
        yield "(started_at, id) < (:end, :end_id)", {"end": at, "end_id": entry_id}


def _position(cursor: str) -> tuple[str, str]:
    at, space, entry_id = cursor[:_INSTANT], cursor[_INSTANT : _INSTANT + 1], cursor[_INSTANT + 1 :]
    if space != " " or instant(datetime.fromisoformat(at)) != at:
        raise ValueError(f"not a cursor: {cursor!r}")
    return at, entry_id
