"""What is known of a host, a target or certificates: plain functions on an open database that read."""

from datetime import datetime
from functools import partial

from sqlite_utils import Database

from storage.entries import OUTCOME
from storage.history import Certificate, Entry, LastReading, Reading, Streak, Viewer, instant
from storage.queries import Found
from storage.sqlite.tables.damaged_rows import found, only, sound
from storage.sqlite.tables.entry_rows import (
    ASKED_ENTRY_COLUMNS,
    LINE_COLUMNS,
    READING_COLUMNS,
    certificate_of,
    entry_seen,
    last_reading_of,
    lines_of,
    reading_of,
    result_visible,
    result_visible_in_team,
    viewer_values,
    visible,
)

# Only names of columns and `visible` are put into these: values are always parameters.
_ENTRY = f"SELECT {ASKED_ENTRY_COLUMNS} FROM entries WHERE id = :id AND {{seen}}"  # noqa: S608 - constants
_READINGS = (
    f"SELECT {READING_COLUMNS} FROM readings"  # noqa: S608 - constants
    " WHERE entry = (SELECT seq FROM entries WHERE id = :id AND {seen}) ORDER BY position"
)

LAST_READINGS = """
SELECT port, state, readings.started_at, entries.id FROM readings JOIN entries ON entries.seq = readings.entry
WHERE host = ? AND readings.started_at >= ? AND entries.vantage = ?
ORDER BY readings.started_at, entry, position
"""

_COMPARED = (
    "SELECT team, target, kind, vantage, scope, outcome, started_at, id FROM entries"
    " WHERE id = :id AND outcome <> '' AND {seen}"
)
_ALIKE = (
    f"SELECT {LINE_COLUMNS} FROM entries INDEXED BY entries_outcomes"  # noqa: S608 - constants
    " WHERE team = :team AND target = :target AND kind = :kind AND vantage = :vantage AND scope = :scope"
    " AND outcome <> '' AND {seen}"
)
_BEFORE = _ALIKE + (
    f" AND (started_at, id) < (:started_at, :id) AND substr(outcome, 1, {OUTCOME}) <> substr(:outcome, 1, {OUTCOME})"
    " ORDER BY started_at DESC, id DESC LIMIT 1"
)
_FIRST = _ALIKE + (
    " AND (started_at, id) > (:after, :after_id) AND (started_at, id) <= (:started_at, :id)"
    " ORDER BY started_at, id LIMIT 1"
)

CERTIFICATES = """
SELECT DISTINCT host, port, certificate, ends, started_at, id FROM certificates AS shown
WHERE ends >= :after AND ends < :before AND {seen} AND NOT EXISTS (
    SELECT 1 FROM certificates AS newer WHERE newer.host = shown.host AND newer.port = shown.port
      AND (newer.started_at, newer.id) > (shown.started_at, shown.id) AND {seen})
ORDER BY ends, host, port LIMIT :limit
"""


def find_entry(db: Database, entry_id: str, viewer: Viewer) -> Entry | None:
    """The entry with this id, if the viewer may see it."""
    row = db.execute(_ENTRY.format(seen=result_visible(viewer)), {"id": entry_id, **viewer_values(viewer)}).fetchone()
    return only(partial(entry_seen, viewer=viewer), row) if row else None


def readings_of_entry(db: Database, entry_id: str, viewer: Viewer) -> Found[Reading]:
    """The endpoints of an entry in the order in which they were added, if the viewer may see it."""
    rows = db.execute(_READINGS.format(seen=result_visible(viewer)), {"id": entry_id, **viewer_values(viewer)})
    return found(reading_of, rows)


def last_readings_of_host(db: Database, host: str, since: datetime, vantage: str) -> list[LastReading]:
    """The last of each port: later rows take the place of earlier ones."""
    rows = db.execute(LAST_READINGS, [host, instant(since), vantage])
    newest = {reading.port: reading for reading in sound(last_reading_of, rows)}
    return sorted(newest.values(), key=lambda reading: reading.port)


def streak_of(db: Database, entry_id: str, viewer: Viewer) -> Streak | None:
    """The oldest result of an unbroken run, and the one before it."""
    whose = viewer_values(viewer)
    compared = db.execute(_COMPARED.format(seen=result_visible(viewer)), {"id": entry_id, **whose})
    names = [column[0] for column in compared.description]
    row = compared.fetchone()
    if row is None:
        return None
    asked = {**whose, **dict(zip(names, row, strict=True))}
    seen = result_visible_in_team(viewer)
    before = next(iter(lines_of(db.execute(_BEFORE.format(seen=seen), asked), viewer)), None)
    after = {"after": instant(before.started_at), "after_id": before.id} if before else {"after": "", "after_id": ""}
    first = lines_of(db.execute(_FIRST.format(seen=seen), {**asked, **after}), viewer)
    return Streak(first[0], before) if first else None


def certificates_between(
    db: Database, after: datetime, before: datetime, viewer: Viewer, limit: int
) -> Found[Certificate]:
    """What each host and port showed last, if that ends in this time."""
    asked = {"after": instant(after), "before": instant(before), "limit": max(limit, 0), **viewer_values(viewer)}
    rows = db.execute(CERTIFICATES.format(seen=visible(viewer)), asked)
    return found(certificate_of, rows)
