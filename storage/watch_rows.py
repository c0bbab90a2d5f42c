"""Between the dataclasses of watches and rows of SQLite: the only place that knows the order of these columns."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.interface import instant
from storage.watch_interface import Document, StoredDelivery, StoredEvent, StoredWatch

WATCH_COLUMNS = "id, team, channel, owner, kind, target, due_at, deleted_at, slow, document"
EVENT_COLUMNS = "id, watch, incident, kind, at, document"


def packed(document: Any) -> str:
    """JSON in ASCII. ValueError: it holds NaN or an infinity."""
    return json.dumps(document, allow_nan=False, separators=(",", ":"))


def watch_row(watch: StoredWatch) -> dict[str, Any]:
    """The columns of a watch without its lease. ValueError: a time is naive."""
    return {
        "id": watch.id,
        "team": watch.team,
        "channel": watch.channel,
        "owner": watch.owner,
        "kind": watch.kind,
        "target": watch.target,
        "due_at": moment(watch.due_at),
        "deleted_at": moment(watch.deleted_at),
        "slow": int(watch.slow),
        "document": packed(watch.document),
    }


def watch_of(row: Sequence[Any]) -> StoredWatch:
    """The watch in a row that begins with `WATCH_COLUMNS`."""
    id_, team, channel, owner, kind, target, due_at, deleted_at, slow, document, *_ = row
    return StoredWatch(
        id_, team, channel, owner, kind, target, json.loads(document), when(due_at), when(deleted_at), bool(slow)
    )


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
    return StoredEvent(id_, watch, incident, kind, datetime.fromisoformat(at), json.loads(document), routes)


def delivery_of(row: Sequence[Any], token: str) -> StoredDelivery:
    """The delivery in a row of `EVENT_COLUMNS`, route, attempts so far, posted and whether it may have arrived."""
    route, attempts, posted, unsure = row[6:10]
    return StoredDelivery(event_of(row, (route,)), route, attempts + 1, token, unpacked(posted), bool(unsure))


def moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def when(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def unpacked(text: str | None) -> Document | None:
    document: Document | None = None if text is None else json.loads(text)
    return document
