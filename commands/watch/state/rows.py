"""Watches and events as rows: the JSON that storage keeps. Total in both directions.

Fields that are missing in an older document take their defaults; those that a newer version added are left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, time, timedelta
from typing import Any

from commands.uptime import DOWN
from commands.watch.state.events import BEHIND, Event
from commands.watch.state.model import Incident, Second, Silence, State, Unseen, Watch
from commands.watch.state.places import holds_until
from commands.watch.state.routes import SLACK, with_routes
from commands.watch.state.windows import Window
from storage.entries import LOCAL
from storage.watches import Document, StoredEvent, StoredWatch

SCHEMA = "portero.watch/2"

UNSEEN_AFTER = 2
"""Intervals after which a watch whose machine nobody sees connected is run all the same, to say so."""

_TIMES = frozenset(
    {
        "at",
        "until",
        "since",
        "acked_at",
        "told_at",
        "reminded_at",
        "escalated_at",
        "last_at",
        "created_at",
        "unseen_before",
    }
)

_NAMES: Mapping[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.name != "places" or kind is not State)
    for kind in (Silence, State, Incident, Unseen)
}
"""What stands in a document under its own name. The places of a state are the document's `spans`."""


def to_row(watch: Watch) -> StoredWatch:
    """The row of a watch."""
    elsewhere = watch.runs and watch.machine != LOCAL
    return StoredWatch(
        id=watch.id,
        team=watch.team,
        channel=watch.channel,
        owner=watch.owner,
        kind=watch.kind,
        target=watch.target,
        document=to_document(watch),
        due_at=watch.due_at if watch.runs else None,
        deleted_at=watch.deleted_at,
        slow=watch.state.slow,
        tags=watch.tags,
        place=watch.machine,
        unseen_at=watch.due_at + UNSEEN_AFTER * watch.every if elsewhere and watch.due_at else None,
    )


def to_document(watch: Watch) -> Document:
    """What the columns of a row do not hold; with them, what `portero watch --json` prints."""
    return {
        "schema": SCHEMA,
        "every_s": watch.every.total_seconds(),
        "created_at": watch.created_at.isoformat(),
        "ports": list(watch.ports),
        "notify": watch.notify,
        "fail_after": watch.fail_after,
        "recover_after": watch.recover_after,
        "then": watch.then and {"notify": watch.then.notify, "after_s": watch.then.after.total_seconds()},
        "runbook": watch.runbook,
        "vantage": watch.vantage,
        "zone": watch.zone,
        "handles": dict(watch.handles),
        "moves": [list(move) for move in watch.moves],
        "windows": [_window(window) for window in watch.windows],
        "routes": {name: list(value) for name, value in watch.routes.items()},
        "paused": _plain(watch.paused),
        "snoozed": _plain(watch.snoozed),
        "muted": _plain(watch.muted),
        "unposted": _plain(watch.unposted),
        "state": _plain(watch.state),
        "spans": {
            "until": _json(holds_until(watch)),
            "lasting": DOWN,
            "open": {key: list(one) for key, one in watch.state.places.items()},
        },
    }


def of_row(row: StoredWatch) -> Watch:
    """The watch in a row."""
    document = row.document
    return Watch(
        id=row.id,
        team=row.team,
        owner=row.owner,
        channel=row.channel,
        target=row.target,
        kind=row.kind,  # type: ignore[arg-type] # written by `to_row` alone
        every=timedelta(seconds=document["every_s"]),
        created_at=datetime.fromisoformat(document["created_at"]),
        ports=tuple(document["ports"]),
        notify=document["notify"],
        fail_after=document["fail_after"],
        recover_after=document["recover_after"],
        then=_second_of(document.get("then")),
        runbook=document.get("runbook", ""),
        vantage=document.get("vantage", LOCAL),
        zone=document.get("zone", ""),
        handles=document.get("handles", {}),
        moves=tuple((channel, at) for channel, at in document.get("moves", ())),
        windows=tuple(_window_of(window) for window in document["windows"]),
        routes=_routes_of(document),
        paused=_silence_of(document["paused"]),
        snoozed=_silence_of(document["snoozed"]),
        muted=_silence_of(document["muted"]),
        unposted=_silence_of(document.get("unposted")),
        due_at=row.due_at,
        deleted_at=row.deleted_at,
        tags=row.tags,
        state=_state_of(document["state"], document.get("spans", {})),
    )


def _second_of(document: Mapping[str, Any] | None) -> Second | None:
    """Nobody, when who it was is forgotten."""
    if not document or not document["notify"]:
        return None
    return Second(document["notify"], timedelta(seconds=document["after_s"]))


def _routes_of(document: Document) -> dict[str, tuple[str, ...]]:
    """Schema 1 had two routes, each a field."""
    if "routes" in document:
        return {name: tuple(value) for name, value in document["routes"].items()}
    webhook = document.get("webhook")
    return with_routes({"mail": tuple(document.get("mail", ()))}, {"webhook": (webhook,) if webhook else ()})


def _plain(value: Silence | State | Incident | Unseen | None) -> Document | None:
    return None if value is None else {name: _json(getattr(value, name)) for name in _NAMES[type(value)]}


def _json(value: Any) -> Any:
    made = _MADE.get(type(value))
    return made(value) if made else value


_MADE: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.isoformat,
    tuple: list,
    Incident: _plain,
    Unseen: _plain,
}


def _known(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass that stand in a document, with times and tuples as they were."""
    found = {name: document[name] for name in _NAMES[kind] if name in document}
    for name, value in found.items():
        if type(value) is list:
            found[name] = tuple(value)
        elif value and name in _TIMES:
            found[name] = datetime.fromisoformat(value)
    return found


def _silence_of(document: Mapping[str, Any] | None) -> Silence | None:
    return None if document is None else Silence(**_known(Silence, document))


def _state_of(document: Mapping[str, Any], spans: Mapping[str, Any]) -> State:
    incident, unseen = document["incident"], document.get("unseen")
    parts = {
        "incident": incident and Incident(**_known(Incident, incident)),
        "unseen": unseen and Unseen(**_known(Unseen, unseen)),
        "places": {place: (what, since) for place, (what, since) in spans.get("open", {}).items()},
    }
    return State(**_known(State, document) | parts)


def _window(window: Window) -> Document:
    times = {"start": f"{window.start:%H:%M}", "end": f"{window.end:%H:%M}"}
    return {**times, "zone": window.zone, "days": sorted(window.days)}


def _window_of(document: Mapping[str, Any]) -> Window:
    start, end = time.fromisoformat(document["start"]), time.fromisoformat(document["end"])
    return Window(start, end, document["zone"], frozenset(document["days"]))


def to_event_row(event: Event, watch: Watch) -> StoredEvent:
    """The row of an event, with the routes that its watch asks for: a thread has only Slack."""
    asked = [name for name, value in watch.routes.items() if value] if event.routes is None else event.routes
    routes = (SLACK, *(() if event.facts.get("why") == BEHIND else asked))
    document = {
        "team": event.team,
        "channel": event.channel,
        "target": event.target,
        "watch_kind": event.watch_kind,
        "since": event.since.isoformat(),
        "quiet": event.quiet,
        "facts": dict(event.facts),
    }
    return StoredEvent(event.id, event.watch, event.incident, event.kind, event.at, document, routes)


def of_event_row(row: StoredEvent) -> Event:
    """The event in a row."""
    document = row.document
    return Event(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type] # written by `to_event_row` alone
        at=row.at,
        incident=row.incident,
        team=document["team"],
        channel=document["channel"],
        watch=row.watch,
        target=document["target"],
        watch_kind=document["watch_kind"],
        since=datetime.fromisoformat(document["since"]),
        quiet=document["quiet"],
        facts=document["facts"],
    )
