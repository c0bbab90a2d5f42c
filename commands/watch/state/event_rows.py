"""Events as rows of the outbox: the JSON that storage keeps. Total in both directions."""

from datetime import datetime

from commands.watch.state.events import MAIL, SLACK, WEBHOOK, Event
from commands.watch.state.model import Watch
from storage.watch_interface import StoredEvent


def to_event_row(event: Event, watch: Watch) -> StoredEvent:
    """The row of an event, with the routes that its watch asks for."""
    routes = (SLACK, *([MAIL] if watch.mail else []), *([WEBHOOK] if watch.webhook else []))
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
