"""What watches know of a person goes: one transaction on an open database, which may be run again after a rollback."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from storage.documents import packed, unpacked
from storage.found import sound
from storage.outbox_statements import drop_orphans
from storage.watch_interface import Document, ForgottenWatches, StoredWatch
from storage.watch_statements import list_watches

_DOCUMENTS = {"watches": "id", "watch_events": "seq", "watch_notes": "key"}
"""Where documents stand, and what names a row."""

_NAMING = "SELECT {key}, document FROM {table} WHERE instr(document, ?)"
_REWRITE = "UPDATE {table} SET document = ? WHERE {key} = ?"
_GOING = "(SELECT value FROM json_each(?))"


def forget_person(
    db: Database, person: str, shared: Sequence[str], without: Callable[[Document], Document]
) -> ForgottenWatches:
    """Delete what is theirs alone, and take their id off the rest."""
    theirs = list_watches(db, {"owner": person}, deleted=True)
    kept = [watch for watch in theirs if watch.channel.startswith(tuple(shared))]
    going = [watch for watch in theirs if watch not in kept]
    _delete(db, [watch.id for watch in going])
    db.execute("UPDATE watches SET owner = '' WHERE owner = ?", [person])
    named = sum(_rewrite(db, table, key, person, without) for table, key in _DOCUMENTS.items())
    return ForgottenWatches(_alive(kept), _alive(going), named)


def _alive(watches: Sequence[StoredWatch]) -> tuple[StoredWatch, ...]:
    return tuple(watch for watch in watches if watch.deleted_at is None)


def _delete(db: Database, ids: Sequence[str]) -> None:
    db.execute(f"DELETE FROM watches WHERE id IN {_GOING}", [json.dumps(ids)])  # noqa: S608 - constants
    db.execute(f"DELETE FROM watch_events WHERE watch IN {_GOING}", [json.dumps(ids)])  # noqa: S608 - constants
    drop_orphans(db)


def _rewrite(db: Database, table: str, key: str, person: str, without: Callable[[Document], Document]) -> int:
    rows = db.execute(_NAMING.format(table=table, key=key), [json.dumps(person)]).fetchall()
    named = [(name, document, without(document)) for name, document in sound(_named, rows)]
    changed = [(packed(after), name) for name, before, after in named if after != before]
    db.conn.executemany(_REWRITE.format(table=table, key=key), changed)
    return len(changed)


def _named(row: Sequence[Any]) -> tuple[Any, Document]:
    return row[0], unpacked(row[1])
