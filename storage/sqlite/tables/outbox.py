"""The outbox: events, where each has still to go, and what was posted. Plain functions on an open database."""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.history import StorageError, Viewer, instant
from storage.queries import OPERATOR, Found
from storage.sqlite.tables import watch_spans
from storage.sqlite.tables.damaged_rows import found, only, sound
from storage.sqlite.tables.documents import packed, unpacked
from storage.sqlite.tables.entry_rows import viewer_values, visible
from storage.sqlite.tables.watch_rows import EVENT_COLUMNS, delivery_of, event_of, event_row
from storage.watches import Backlog, StoredDelivery, StoredEvent

WAITING, DELIVERED, FAILED = 0, 1, 2
LONGEST_PAUSE = timedelta(hours=1)
"""A delivery that is put off for longer was put off by a clock that has been set back since."""

SKEW = timedelta(minutes=10)
"""A lease that ends so much later than one of now would was made by a clock that has been set back since. Less than
that is nothing: the clocks of two processes are never quite the same.
"""

UNSURE = "unsure: "
"""What the error of a delivery begins with that may have arrived all the same."""

LOST = f"{UNSURE}its process ended"

_COLUMNS = ", ".join(f"events.{column}" for column in EVENT_COLUMNS.split(", "))
_EVENTS = f"SELECT {EVENT_COLUMNS} FROM watch_events WHERE {{}} ORDER BY seq"  # noqa: S608 - constants
_OF_WATCH = """
EXISTS (SELECT 1 FROM (
  SELECT team, owner, coalesce(iif(json_valid(watch_events.document), watch_events.document, '{{}}') ->> '$.channel',
    channel) AS channel FROM watches WHERE id = watch_events.watch) WHERE {seen})
"""
"""What was told is theirs who may see the channel in which it was, wherever its watch has been moved since."""
_OF_RECENT = "incident IN (SELECT incident FROM watch_events WHERE at >= :since)"
_READY = f"""
SELECT {_COLUMNS}, waiting.route, waiting.attempts, messages.posted,
    waiting.lease IS NOT NULL OR waiting.error LIKE '{UNSURE}%'
FROM watch_deliveries AS waiting
JOIN watch_events AS events ON events.seq = waiting.seq
LEFT JOIN watch_messages AS messages ON messages.incident = waiting.incident AND messages.route = waiting.route
WHERE waiting.state = 0 AND (waiting.next_at <= :now OR waiting.next_at > :horizon)
  AND (waiting.lease IS NULL OR waiting.lease_until <= :now OR waiting.lease_until > :astray)
  AND waiting.route IN (SELECT value FROM json_each(:routes))
  AND NOT EXISTS (
    SELECT 1 FROM watch_deliveries AS earlier
    WHERE earlier.route = waiting.route AND earlier.incident = waiting.incident
      AND earlier.seq < waiting.seq AND earlier.state = 0)
ORDER BY waiting.seq
"""  # noqa: S608 - constants
_TAKE = """
UPDATE watch_deliveries SET lease = ?, lease_until = ?, attempts = attempts + 1,
    error = CASE WHEN lease IS NULL THEN error ELSE ? END
WHERE route = ? AND seq = (SELECT seq FROM watch_events WHERE id = ?)
"""
_SETTLE = """
UPDATE watch_deliveries SET state = ?, next_at = ?, error = ?, lease = NULL, lease_until = NULL
WHERE route = ? AND lease = ? AND seq = (SELECT seq FROM watch_events WHERE id = ?)
"""
_BACKLOG = """
SELECT (SELECT count(*) FROM watches WHERE due_at <= ? AND deleted_at IS NULL AND lease IS NULL),
       (SELECT count(*) FROM watch_deliveries WHERE state = 0),
       (SELECT count(*) FROM watch_deliveries WHERE state = 2)
"""

_GIVEN_UP = """
SELECT events.watch, lost.route, lost.error, count(*) FROM watch_deliveries AS lost
JOIN watch_events AS events ON events.seq = lost.seq
WHERE lost.state = 2 AND lost.next_at >= ? GROUP BY events.watch, lost.route ORDER BY max(lost.next_at) DESC
"""
LATELY = timedelta(days=7)


def write_event(db: Database, event: StoredEvent) -> None:
    """Put an event into the outbox, once for each of its routes."""
    try:
        seq = db.table("watch_events").insert(event_row(event)).last_rowid or 0
    except sqlite3.IntegrityError as error:
        raise StorageError(f"An event with the id {event.id} is stored already; ids are given once.") from error
    rows = [(route, event.incident, seq, instant(event.at)) for route in event.routes]
    db.conn.executemany("INSERT INTO watch_deliveries (route, incident, seq, next_at) VALUES (?, ?, ?, ?)", rows)


def tell(db: Database, event: StoredEvent) -> bool:
    """Put an event into the outbox unless it is there."""
    if db.table("watch_events").count_where("id = ?", [event.id]):
        return False
    write_event(db, event)
    return True


def claim_deliveries(
    db: Database, now: datetime, until: datetime, limit: int, routes: Sequence[str], owner: str
) -> list[StoredDelivery]:
    """Lease the oldest waiting delivery of each incident and route. A token begins with its owner.

    One that is damaged keeps none of another incident from its turn.
    """
    asked = {
        "now": instant(now),
        "astray": instant(until + SKEW),
        "horizon": instant(now + LONGEST_PAUSE),
        "routes": json.dumps(list(routes)),
    }

    def delivery(row: Sequence[Any]) -> StoredDelivery:
        return delivery_of(row, f"{owner}:{secrets.token_hex(8)}")

    ready = list(islice(sound(delivery, db.execute(_READY, asked)), limit))
    db.conn.executemany(_TAKE, [(one.token, instant(until), LOST, one.route, one.event.id) for one in ready])
    return ready


def end_leases(db: Database, owner: str) -> None:
    """The leases of an owner have run out."""
    query = "UPDATE watch_deliveries SET lease_until = '' WHERE state = 0 AND substr(lease, 1, ?) = ?"
    db.execute(query, [len(owner) + 1, f"{owner}:"])


def mark_delivered(db: Database, delivery: StoredDelivery, at: datetime, posted: dict[str, str] | None) -> bool:
    """Mark it and keep what was posted, if the lease is still held."""
    if not _settle(db, delivery, DELIVERED, at, ""):
        return False
    if posted is not None:
        row = {"incident": delivery.event.incident, "route": delivery.route, "posted": packed(posted)}
        db.table("watch_messages").upsert(row, pk=("incident", "route"))
    return True


def postpone(db: Database, delivery: StoredDelivery, until: datetime, error: str, *, unsure: bool = False) -> None:
    _settle(db, delivery, WAITING, until, f"{UNSURE}{error}" if unsure or delivery.unsure else error)


def give_up(db: Database, delivery: StoredDelivery, at: datetime, error: str) -> None:
    _settle(db, delivery, FAILED, at, error)


def posted_for(db: Database, incident: str, route: str) -> dict[str, str] | None:
    query = "SELECT posted FROM watch_messages WHERE incident = ? AND route = ?"
    row = db.execute(query, [incident, route]).fetchone()
    return only(_posted, row) if row else None


def _posted(row: Sequence[Any]) -> dict[str, str]:
    return unpacked(row[0])


def list_events(
    db: Database, viewer: Viewer, watch: str | None, incident: str | None, since: datetime | None = None
) -> Found[StoredEvent]:
    """Events, oldest first. Those of digests, and of notices about our own network, are of no watch."""
    wanted = {"watch": watch, "incident": incident}
    given = {column: value for column, value in wanted.items() if value is not None}
    conditions = [f"{column} = :{column}" for column in given]
    if since is not None:
        conditions.append(_OF_RECENT)
        given["since"] = instant(since)
    if viewer != OPERATOR:
        conditions.append(_OF_WATCH.format(seen=visible(viewer, "owner")))
    query = _EVENTS.format(" AND ".join(conditions) or "true")
    return found(event_of, db.execute(query, {**given, **viewer_values(viewer)}))


def backlog(db: Database, now: datetime) -> Backlog:
    due, waiting, failed = db.execute(_BACKLOG, [instant(now)]).fetchone()
    by_route = db.execute("SELECT route, count(*) FROM watch_deliveries WHERE state = 0 GROUP BY route")
    given_up = db.execute(_GIVEN_UP, [instant(now - LATELY)]) if failed else ()
    lost = {(watch, route): (why, count) for watch, route, why, count in given_up}
    return Backlog(due, waiting, failed, dict(by_route.fetchall()), lost)


def purge(db: Database, before: datetime) -> int:
    """Drop what is settled and older, and what belongs to it."""
    settled = (
        "at < ? AND NOT EXISTS (SELECT 1 FROM watch_deliveries AS left"
        " WHERE left.seq = watch_events.seq AND left.state = 0)"
    )
    gone = db.execute(f"DELETE FROM watch_events WHERE {settled}", [instant(before)]).rowcount  # noqa: S608 - constants
    gone += db.execute("DELETE FROM watches WHERE deleted_at < ?", [instant(before)]).rowcount
    drop_orphans(db)
    watch_spans.drop(db, before)
    return gone


def drop_orphans(db: Database) -> None:
    """Drop what belongs to events and watches that are gone."""
    db.execute(
        "DELETE FROM tags WHERE NOT EXISTS ("
        "SELECT 1 FROM watches WHERE watches.team = tags.team AND watches.target = tags.target)"
    )
    db.execute("DELETE FROM watch_deliveries WHERE seq NOT IN (SELECT seq FROM watch_events)")
    db.execute("DELETE FROM watch_messages WHERE incident NOT IN (SELECT incident FROM watch_events)")


def _settle(db: Database, delivery: StoredDelivery, state: int, at: datetime, error: str) -> bool:
    values = [state, instant(at), error[:500], delivery.route, delivery.token, delivery.event.id]
    return db.execute(_SETTLE, values).rowcount == 1
