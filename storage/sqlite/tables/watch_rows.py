"""Between the dataclasses of watches and rows of SQLite: the only place that knows the order of these columns."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.entries import LOCAL
from storage.history import instant
from storage.sqlite.tables.damaged_rows import DamagedRowError
from storage.sqlite.tables.documents import packed, unpacked
from storage.sqlite.tables.entry_rows import moment
from storage.watches import StoredDelivery, StoredEvent, StoredWatch, WatchSpan

WATCH_COLUMNS = "id, team, channel, owner, kind, target, due_at, deleted_at, slow, document, place, unseen_at"
TAGGED_COLUMNS = (
    f"{WATCH_COLUMNS}, (SELECT json_group_array(tag) FROM tags"  # noqa: S608 - constants
    " WHERE tags.team = watches.team AND tags.target = watches.target)"
)
"""With the tags of the target."""

NONE = "[]"
"""No tags, as most watches have."""

EVENT_COLUMNS = "id, watch, incident, kind, at, document"
SPAN_COLUMNS = "watch, place, since, until, what"


def watch_row(watch: StoredWatch) -> dict[str, Any]:
    """The columns of a watch without its lease. ValueError: a time is naive."""
    return {
        "id": watch.id,
        "team": watch.team,
        "channel": watch.channel,
        "owner": watch.owner,
        "kind": watch.kind,
        "target": watch.target,
        "due_at": written(watch.due_at),
        "deleted_at": written(watch.deleted_at),
        "slow": int(watch.slow),
        "document": packed(watch.document),
        "place": watch.place,
        "unseen_at": written(watch.unseen_at),
    }


def watch_of(row: Sequence[Any]) -> StoredWatch:
    """The watch in a row of `TAGGED_COLUMNS`, or of `WATCH_COLUMNS`."""
    id_, team, channel, owner, kind, target, due_at, deleted_at, slow, document, place, unseen_at, *tags = row
    _check_texts(id_, team, channel, owner, kind, target, place)
    known = tuple(json.loads(tags[0])) if tags and tags[0] != NONE else ()
    _check_texts("", *known)
    ends = when(due_at), when(deleted_at)
    found = StoredWatch(id_, team, channel, owner, kind, target, unpacked(document), *ends, bool(slow), known)
    return found if place == LOCAL else replace(found, place=place, unseen_at=when(unseen_at))


def event_row(event: StoredEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "watch": event.watch,
        "incident": event.incident,
        "kind": event.kind,
        "at": instant(event.at),
        "document": packed(event.document),
    }


def event_of(row: Sequence[Any], routes: tuple[str, ...] = ()) -> StoredEvent:
    """The event in a row that begins with `EVENT_COLUMNS`."""
    id_, watch, incident, kind, at, document, *_ = row
    _check_texts(id_, watch, incident, kind)
    return StoredEvent(id_, watch, incident, kind, moment(at), unpacked(document), routes)


def delivery_of(row: Sequence[Any], token: str) -> StoredDelivery:
    """The delivery in a row of `EVENT_COLUMNS`, route, attempts so far, posted and whether it may have arrived."""
    route, attempts, posted, unsure = row[6:10]
    _check_texts(route)
    kept = None if posted is None else unpacked(posted)
    return StoredDelivery(event_of(row, (route,)), route, attempts + 1, token, kept, bool(unsure))


def span_of(row: Sequence[Any]) -> WatchSpan:
    """The span in a row of `SPAN_COLUMNS`, and whether its watch looks seldom where that was asked for."""
    watch, place, since, until, what, *seldom = row
    _check_texts(watch, place, since, until, what)
    return WatchSpan(watch, place, moment(since), moment(until), what, any(seldom))


def written(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def when(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def _check_texts(*values: Any) -> None:
    """A damaged page may have another type in a column."""
    if {*map(type, values)} != {str}:
        raise DamagedRowError
