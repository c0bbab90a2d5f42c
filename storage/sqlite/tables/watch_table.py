"""What is asked of stored watches and what is written to them: plain functions on an open database.

Those that write run inside the writer's transaction and may be run again after a rollback.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.audit import Noted
from storage.history import Entry, Reading, Viewer, instant
from storage.queries import EVERY_TEAM, Found
from storage.sqlite.tables import audit_table, watch_spans
from storage.sqlite.tables.damaged_rows import found, only, sound
from storage.sqlite.tables.documents import packed, unpacked
from storage.sqlite.tables.entry_rows import viewer_values, visible
from storage.sqlite.tables.outbox import SKEW, drop_orphans, write_event
from storage.sqlite.tables.recording import add_entry
from storage.sqlite.tables.watch_rows import TAGGED_COLUMNS, watch_of, watch_row, when
from storage.watches import (
    Change,
    Decide,
    Document,
    ElsewhereError,
    ForgottenWatches,
    Lease,
    StoredWatch,
    digest_key,
    trouble_key,
)

# Only names of columns and `visible` are put into these: values are always parameters.
_WATCH = f"SELECT {TAGGED_COLUMNS} FROM watches WHERE id = :id AND {{seen}}"  # noqa: S608 - constants
_LEASED = f"SELECT {TAGGED_COLUMNS} FROM watches WHERE id = ? AND lease = ?"  # noqa: S608 - constants
_LIST = f"SELECT {TAGGED_COLUMNS} FROM watches WHERE {{}} ORDER BY target, id"  # noqa: S608 - constants
_SEEN = "(place = 'local' OR place IN (SELECT value FROM json_each(:places)))"
_DUE = (
    f"SELECT {TAGGED_COLUMNS} FROM watches"  # noqa: S608 - constants
    f" WHERE slow = :slow AND due_at <= :now AND deleted_at IS NULL AND ({_SEEN} OR unseen_at <= :unseen)"
    " AND (lease IS NULL OR lease_until <= :now OR lease_until > :astray) ORDER BY due_at, id"
)
_WRITE = """
UPDATE watches SET team = :team, channel = :channel, owner = :owner, kind = :kind, target = :target, due_at = :due_at,
    deleted_at = :deleted_at, slow = :slow, document = :document, place = :place, unseen_at = :unseen_at
WHERE id = :id
"""
_SOONER = "UPDATE watches SET due_at = ? WHERE id = ? AND team = ? AND due_at > ?"
# The rows of other machines are few and stand in an index of their own: `place` lies behind the document.
_UNSEEN = "unseen_at IS NOT NULL AND place NOT IN (SELECT value FROM json_each(:places))"
_NEXT = f"""
SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM watches WHERE lease IS NULL AND deleted_at IS NULL
        AND rowid NOT IN (SELECT rowid FROM watches WHERE {_UNSEEN})
    UNION ALL SELECT min(unseen_at) FROM watches WHERE {_UNSEEN} AND lease IS NULL AND deleted_at IS NULL
    UNION ALL SELECT min(lease_until) FROM watches WHERE lease IS NOT NULL)
"""  # noqa: S608 - constants
_TAKE = "UPDATE watches SET lease = ?, lease_owner = ?, lease_until = ? WHERE id = ?"
_GIVE_BACK = "UPDATE watches SET lease = NULL, lease_owner = NULL, lease_until = NULL"


def add_watch(db: Database, watch: StoredWatch, limit: int, viewer: Viewer) -> bool:
    """Insert a watch unless its team has `limit` already."""
    _check_place(watch.team, watch.channel, viewer)
    watches = db.table("watches")
    if watches.count_where("team = ? AND deleted_at IS NULL", [watch.team]) >= limit:
        return False
    watches.insert(watch_row(watch))
    return True


def _check_place(team: str, channel: str, viewer: Viewer) -> None:
    if not viewer.may_post_in(team, channel):
        raise ElsewhereError


def find_watch(db: Database, watch_id: str, viewer: Viewer) -> StoredWatch | None:
    seen = visible(viewer, "owner")
    row = db.execute(_WATCH.format(seen=seen), {"id": watch_id, **viewer_values(viewer)}).fetchone()
    return only(watch_of, row) if row else None


def list_watches(db: Database, viewer: Viewer, *, deleted: bool) -> Found[StoredWatch]:
    """The watches that somebody may see."""
    seen = visible(viewer, "owner")
    query = _LIST.format(seen if deleted else f"{seen} AND deleted_at IS NULL")
    return found(watch_of, db.execute(query, viewer_values(viewer)))


def change_watch(db: Database, watch_id: str, decide: Decide, viewer: Viewer, vantage: str) -> StoredWatch | None:
    """Decide on a watch as it is and write what was decided."""
    watch = find_watch(db, watch_id, viewer)
    if watch is None:
        return None
    change = _decided(db, watch, _within(viewer, decide), vantage)
    keep_noted(db, change.noted if change else (), watch, viewer)
    return change.watch if change else watch


def change_watches(db: Database, ids: Sequence[str], decide: Decide, viewer: Viewer, vantage: str) -> list[StoredWatch]:
    """The same of several. What is decided of one is known when the next is."""
    found = (find_watch(db, each, viewer) for each in ids)
    decided = _within(viewer, decide)
    done: list[StoredWatch] = []
    for watch in found:
        change = _decided(db, watch, decided, vantage) if watch is not None else None
        if watch is not None and change is not None:
            keep_noted(db, change.noted, watch, viewer)
            done.append(change.watch)
    return done


def keep_noted(db: Database, noted: Noted, watch: StoredWatch, viewer: Viewer) -> None:
    """What was done to a watch, as its channel and its team knew it then."""
    entries = [replace(entry, document={"watch": watch.id, **entry.document}) for entry in noted]
    audit_table.keep_entries(db, entries, viewer, team=watch.team, channel=watch.channel, target=watch.target)


def _within(viewer: Viewer, decide: Decide) -> Decide:
    """What they decide moves a watch only to where they may make Portero speak."""

    def decided(watch: StoredWatch, sight: Document) -> Change | None:
        change = decide(watch, sight)
        if change and (change.watch.team, change.watch.channel) != (watch.team, watch.channel):
            _check_place(change.watch.team, change.watch.channel, viewer)
        return change

    return decided


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims, when and until when, the places that it sees, and whether it may say of others that nobody does."""

    owner: str
    now: datetime
    until: datetime
    places: tuple[str, ...]
    unseen: bool

    def values(self) -> dict[str, str]:
        now = instant(self.now)
        places, unseen = json.dumps(self.places), now if self.unseen else ""
        return {"now": now, "astray": instant(self.until + SKEW), "places": places, "unseen": unseen}


def claim_due(db: Database, claim: Claim, limits: tuple[int, int]) -> list[Lease]:
    """Lease the watches of both lanes that have been due for longest; a damaged one keeps no other from its turn."""
    asked = claim.values()
    lanes = [(db.execute(_DUE, {**asked, "slow": lane}), limit) for lane, limit in enumerate(limits)]
    due = [watch for rows, limit in lanes for watch in islice(sound(watch_of, rows), max(limit, 0))]
    leases = [Lease(secrets.token_hex(8), watch) for watch in due]
    until = instant(claim.until)
    db.conn.executemany(_TAKE, [(lease.token, claim.owner, until, lease.watch.id) for lease in leases])
    return leases


def finish_run(
    db: Database, lease: Lease, decide: Decide, vantage: str, entry: Entry | None, readings: Sequence[Reading]
) -> bool:
    """Write what a run came to, if its lease is still held."""
    row = db.execute(_LEASED, [lease.watch.id, lease.token]).fetchone()
    if row is None:
        return False
    watch = only(watch_of, row)
    change = _decided(db, watch, decide, vantage)
    if entry is not None:
        mine = replace(entry, actor=watch.owner, team=watch.team)  # who was forgotten meanwhile stays so
        add_entry(db, mine, readings, alerted=change is not None and change.alerted)
    db.execute(f"{_GIVE_BACK} WHERE id = ?", [watch.id])
    return True


def release_leases(db: Database, owner: str) -> None:
    db.execute(f"{_GIVE_BACK} WHERE lease_owner = ?", [owner])


def next_due(db: Database, places: Sequence[str]) -> datetime | None:
    """When the next watch is due that nobody has leased, or the first lease runs out: its process may have died."""
    return only(_moment, db.execute(_NEXT, {"places": json.dumps(places)}).fetchone())


def _moment(row: Sequence[Any]) -> datetime | None:
    return when(row[0])


def note(db: Database, key: str, document: Document | None) -> None:
    notes = db.table("watch_notes")
    if document is None:
        notes.delete_where("key = ?", [key])
    else:
        notes.upsert({"key": key, "document": packed(document)}, pk="key")


def set_digest(db: Database, channel: str, document: Document | None, viewer: Viewer) -> None:
    if viewer.team is EVERY_TEAM:
        raise ValueError("a digest is of one team")
    _check_place(viewer.team, channel, viewer)
    note(db, digest_key(viewer.team, channel), document)


def digest(db: Database, channel: str, viewer: Viewer) -> Document | None:
    if viewer.team is EVERY_TEAM:
        raise ValueError("a digest is of one team")
    _check_place(viewer.team, channel, viewer)
    key = digest_key(viewer.team, channel)
    return notes(db, key).get(key)


def troubles(db: Database, watch_id: str, viewer: Viewer) -> dict[str, Document]:
    """By route; nothing of a watch that they may not see."""
    prefix = trouble_key(watch_id)
    kept = notes(db, prefix) if find_watch(db, watch_id, viewer) else {}
    return {key.removeprefix(prefix): document for key, document in kept.items()}


def notes(db: Database, prefix: str) -> dict[str, Document]:
    rows = db.execute("SELECT key, document FROM watch_notes WHERE key >= ? AND key < ? || char(1114111)", [prefix] * 2)
    return dict(sound(_note_of, rows))


def _note_of(row: Sequence[Any]) -> tuple[str, Document]:
    return str(row[0]), unpacked(row[1])


def _decided(db: Database, watch: StoredWatch, decide: Decide, vantage: str) -> Change | None:
    change = decide(watch, _sight(db, watch.team, vantage))
    if change is None:
        return None
    if change.watch != watch:
        # sqlite-utils would read the schema and the row first
        db.execute(_WRITE, {**watch_row(change.watch), "id": watch.id})
    for event in change.events:
        write_event(db, event)
    if change.set_back is not None:
        watch_spans.forget_later(db, watch.id, change.set_back)
    watch_spans.keep(db, change.spans)
    db.conn.executemany(_SOONER, [(instant(at), each, watch.team, instant(at)) for each, at in change.due.items()])
    if change.sight is not None:
        row = {"team": watch.team, "vantage": vantage, "document": packed(change.sight)}
        db.table("watch_sights").upsert(row, pk=("team", "vantage"))
    return change


def _sight(db: Database, team: str, vantage: str) -> Document:
    row = db.execute("SELECT document FROM watch_sights WHERE team = ? AND vantage = ?", [team, vantage]).fetchone()
    return only(_document, row) if row else {}


def _document(row: Sequence[Any]) -> Document:
    return unpacked(row[0])


_DOCUMENTS = {"watches": "id", "watch_events": "seq", "watch_notes": "key", "watch_sights": "rowid", "audit": "seq"}
"""Where documents stand, and what names a row."""

_NAMING = "SELECT {key}, document FROM {table} WHERE instr(document, ?)"
_REWRITE = "UPDATE {table} SET document = ? WHERE {key} = ?"
_GOING = "(SELECT value FROM json_each(?))"


def forget_person(
    db: Database,
    person: str,
    shared: Sequence[str],
    without: Callable[[Document], Document],
    leaving: Callable[[Document, frozenset[str]], Document],
) -> ForgottenWatches:
    """Delete what is theirs alone, and take their id off the rest."""
    theirs = list_watches(db, Viewer(EVERY_TEAM, person), deleted=True)
    kept = [watch for watch in theirs if watch.channel.startswith(tuple(shared))]
    going = [watch for watch in theirs if watch not in kept]
    _delete(db, [watch.id for watch in going])
    for team in {watch.team for watch in going}:
        _leave(db, team, frozenset(watch.channel for watch in going if watch.team == team), leaving)
    _unplace(db, kept, tuple(shared))
    db.execute("UPDATE watches SET owner = '' WHERE owner = ?", [person])
    audit_table.forget_person(db, person, str(without({"who": person})["who"]), shared)
    named = sum(_rewrite(db, table, key, person, without) for table, key in _DOCUMENTS.items())
    return ForgottenWatches(_alive(kept), _alive(going), named)


def _alive(watches: Sequence[StoredWatch]) -> tuple[StoredWatch, ...]:
    return tuple(watch for watch in watches if watch.deleted_at is None)


def _delete(db: Database, ids: Sequence[str]) -> None:
    db.execute(f"DELETE FROM watches WHERE id IN {_GOING}", [json.dumps(ids)])  # noqa: S608 - constants
    db.execute(f"DELETE FROM watch_events WHERE watch IN {_GOING}", [json.dumps(ids)])  # noqa: S608 - constants
    drop_orphans(db)
    watch_spans.drop(db)


def _unplace(db: Database, kept: Sequence[StoredWatch], shared: tuple[str, ...]) -> None:
    """Of what was moved from where they were alone it is known when that was, and not where."""
    for watch in kept:
        if moves := watch.document.get("moves"):
            unplaced = [[left if left.startswith(shared) else "", at] for left, at in moves]
            document = packed({**watch.document, "moves": unplaced})
            db.execute("UPDATE watches SET document = ? WHERE id = ?", [document, watch.id])


def _leave(
    db: Database, team: str, channels: frozenset[str], leaving: Callable[[Document, frozenset[str]], Document]
) -> None:
    rows = db.execute("SELECT vantage, document FROM watch_sights WHERE team = ?", [team]).fetchall()
    changed = [(packed(leaving(document, channels)), team, vantage) for vantage, document in sound(_named, rows)]
    db.conn.executemany("UPDATE watch_sights SET document = ? WHERE team = ? AND vantage = ?", changed)


def _rewrite(db: Database, table: str, key: str, person: str, without: Callable[[Document], Document]) -> int:
    rows = db.execute(_NAMING.format(table=table, key=key), [json.dumps(person)]).fetchall()
    named = [(name, document, without(document)) for name, document in sound(_named, rows)]
    changed = [(packed(after), name) for name, before, after in named if after != before]
    db.conn.executemany(_REWRITE.format(table=table, key=key), changed)
    return len(changed)


def _named(row: Sequence[Any]) -> tuple[Any, Document]:
    return row[0], unpacked(row[1])
