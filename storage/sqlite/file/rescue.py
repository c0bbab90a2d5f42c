"""What can still be read of a damaged history, in a new file.

Every page of the damaged file is looked at by itself, so that neither a lost index nor a lost root hides a row that is
there; what a row belongs to is told by what it holds. Rows are taken that read as they were written, checksums
included. The roll-up, the certificates and the changes are not copied but made anew from what was rescued.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from storage.errors import StorageError
from storage.sqlite.file.backup import give_name, refuse_taken
from storage.sqlite.file.errors import FILE_ERRORS, translated
from storage.sqlite.file.opening import prepare, refuse_irregular
from storage.sqlite.file.raw_file import RawPages, RawRow, pages_of, rows_on
from storage.sqlite.tables.audit_table import AUDIT_COLUMNS, audit_of
from storage.sqlite.tables.documents import unpacked
from storage.sqlite.tables.entry_rows import ENTRY_COLUMNS, READING_COLUMNS, entry_of, moment, reading_of
from storage.sqlite.tables.old_words import of_old_rows
from storage.sqlite.tables.outcome_changes import NOTE_ALL
from storage.sqlite.tables.recording import askers_of, count_readings
from storage.sqlite.tables.share_table import SHARE_COLUMNS, share_of
from storage.sqlite.tables.watch_rows import EVENT_COLUMNS, SPAN_COLUMNS, WATCH_COLUMNS, event_of, span_of, watch_of

Values = Mapping[str, Any]


class Layout(NamedTuple):
    """How rows of a table look: their types (n, i, f, s, b, a letter each), and what reads one as the program does."""

    table: str
    has_rowid: bool
    types: re.Pattern[str]
    check: Callable[[Values], object]


_TAG = re.compile(r"[a-z0-9][a-z0-9_-]*")


def _refuse_no_tag(text: str) -> None:
    """ValueError: the three texts of the row are those of another table."""
    if not _TAG.fullmatch(text):
        raise ValueError(text[:40])


def _reads(columns: str, decode: Callable[[Sequence[Any]], object]) -> Callable[[Values], object]:
    return lambda values: decode(itemgetter(*columns.split(", "))(values))


LAYOUTS = (
    Layout("entries", True, re.compile(r"ns{11}[if]s(ssi?)?"), _reads(ENTRY_COLUMNS, entry_of)),
    Layout("readings", False, re.compile(r"iisssisis[ifn](s[sn])?"), _reads(READING_COLUMNS, reading_of)),
    Layout("entry_askers", False, re.compile(r"iis{5}"), lambda row: moment(row["started_at"])),
    Layout("watches", True, re.compile(r"s{6}[sn]{2}i[sn]{3}s(s[sn])?"), _reads(WATCH_COLUMNS, watch_of)),
    Layout("audit", True, re.compile(r"ns{7}"), _reads(AUDIT_COLUMNS, audit_of)),
    Layout("watch_events", True, re.compile(r"ns{6}"), _reads(EVENT_COLUMNS, event_of)),
    Layout("shares", False, re.compile(r"s{6}is"), _reads(SHARE_COLUMNS, share_of)),
    Layout("watch_deliveries", False, re.compile(r"ssiiis[sn]{2}s"), lambda row: row["next_at"][:1] and row["route"]),
    Layout("watch_spans", False, re.compile(r"s{5}"), _reads(SPAN_COLUMNS, span_of)),
    Layout("watch_messages", False, re.compile(r"sss"), lambda row: unpacked(row["posted"])),
    Layout("tags", False, re.compile(r"sss"), lambda row: _refuse_no_tag(row["tag"])),
    Layout("watch_sights", True, re.compile(r"sss"), lambda row: unpacked(row["document"])),
    Layout("watch_notes", True, re.compile(r"ss"), lambda row: unpacked(row["document"])),
    Layout("claims", True, re.compile(r"ss"), lambda row: moment(row["expires_at"])),
)

COUNTED = ("entries", "watches", "watch_events")
"""Tables of which it is told how many rows were not rescued: those that an index or another table still names."""

_LETTERS = {type(None): "n", int: "i", float: "f", str: "s", bytes: "b"}
_DEFAULTS: Mapping[str, Any] = {"scope": "", "outcome": "", "alerted": 0, "certificate": "", "place": "local"}
"""Of columns that were added later, for rows from before."""

_REAL = frozenset({"elapsed_ms", "latency_ms"})
"""Columns whose whole numbers are stored as such."""

_COUNTED_ROWS = (
    "SELECT host, port, ok, team, actor, channel, certificate, certificate_ends, readings.started_at, id, entry"
    " FROM readings JOIN entries ON seq = entry ORDER BY entry, position"
)
_ORPHANS = (
    "DELETE FROM readings WHERE entry NOT IN (SELECT seq FROM entries)",
    "DELETE FROM entry_askers WHERE entry NOT IN (SELECT seq FROM entries)",
    "DELETE FROM watch_deliveries WHERE seq NOT IN (SELECT seq FROM watch_events)",
    "DELETE FROM watch_messages WHERE incident NOT IN (SELECT incident FROM watch_events)",
)


@dataclass
class Rescued:
    """How many rows of each table are in the new file, and how many of `COUNTED` are known to have been in the old."""

    rows: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)


def rescue(source: Path, target: Path) -> Rescued:
    """Copy what can be read. `StorageError`: the target exists, nothing was found, or the source changed meanwhile."""
    refuse_taken(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    refuse_irregular(source)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with closing(pages_of(source)) as pages, closing(prepare(part, 0, target)) as db:
            told = _filled(db, pages, source)
        give_name(part, target)
    except OSError as error:
        raise StorageError(f"{target} cannot be made from {source}: {error.strerror}.") from error
    except FILE_ERRORS as error:
        raise translated(target)(error) from error
    finally:
        for name in (part, f"{part}-journal", f"{part}-wal", f"{part}-shm"):
            with suppress(OSError):  # what went wrong before is what is told
                Path(name).unlink()
    return told


def _filled(db: Database, pages: RawPages, source: Path) -> Rescued:
    before = source.stat().st_mtime_ns
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN")
    known = _copy(db, pages)
    for orphans in _ORPHANS:
        db.execute(orphans)
    for entry, rows in groupby(_named(db, _COUNTED_ROWS), itemgetter("entry")):
        count_readings(db, list(rows), askers_of(db, entry))
    db.execute(NOTE_ALL)
    of_old_rows(db)
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file
    if source.stat().st_mtime_ns != before:
        raise StorageError(f"The history {source} was written meanwhile: stop Portero, then run it again.")
    told = Rescued({layout.table: db.table(layout.table).count for layout in LAYOUTS})
    if not any(told.rows.values()):
        raise StorageError(f"Nothing in {source} can be read as a history of Portero. No file was made.")
    told.lost = {table: _missing(db, table, known[table]) for table in COUNTED}
    return told


def _copy(db: Database, pages: RawPages) -> dict[str, set[int]]:
    """Insert every row that reads as it was written; the rowids that anything names, by table."""
    columns = {layout.table: [each.name for each in db.table(layout.table).columns] for layout in LAYOUTS}
    known: dict[str, set[int]] = {table: set() for table in COUNTED}
    free = pages.free()
    for number in range(1, pages.count + 1):
        for row in rows_on(pages, number) if number not in free else ():
            if row is None:
                continue
            _note_names(row, known)
            if found := _placed(row, columns):
                table, values = found
                names = ", ".join(values)
                marks = ", ".join("?" * len(values))
                query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of columns
                db.conn.execute(query, list(values.values()))
    return known


def _placed(row: RawRow, columns: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, Any]] | None:
    """The table of a row, and its values by column."""
    types = "".join(_LETTERS[type(value)] for value in row.values)
    for layout in LAYOUTS:
        if layout.has_rowid == (row.rowid is not None) and layout.types.fullmatch(types):
            values = _values(row, columns[layout.table])
            with suppress(Exception):  # of what is no row of this table, or is damaged
                layout.check(values)
                return layout.table, values
    return None


def _values(row: RawRow, columns: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: _DEFAULTS.get(name) for name in columns} | dict(
        zip(columns, row.values, strict=False)
    )
    for name in _REAL & values.keys():
        values[name] = None if values[name] is None else float(values[name])
    if columns[0] == "seq":
        values["seq"] = row.rowid
    return values


def _note_names(row: RawRow, known: Mapping[str, set[int]]) -> None:
    """Rows of indexes, and of endpoints, name the rows that they belong to."""
    if row.rowid is not None:
        return
    match row.values:
        case (
            (str() as at, str(), int() as seq)
            | (str(), str() as at, str(), int() as seq)
            | (str(), str(), str() as at, str(), int() as seq)
        ) if _is_moment(at):
            known["entries"].add(seq)
        case (int() as seq, int(), str() as at, *_) if _is_moment(at):
            known["entries"].add(seq)
        case (str(), str(), str(), int() as rowid):
            known["watches"].add(rowid)
        case (str(), int() as seq, int() as rowid) if seq == rowid:
            known["watch_events"].add(rowid)
        case _:
            pass


def _is_moment(text: str) -> bool:
    with suppress(ValueError):
        return bool(moment(text))
    return False


def _missing(db: Database, table: str, known: set[int]) -> int:
    return len(known.difference(rowid for (rowid,) in db.execute(f"SELECT rowid FROM {table}")))  # noqa: S608 - constants


def _named(db: Database, query: str) -> Iterator[dict[str, Any]]:
    cursor = db.execute(query)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
