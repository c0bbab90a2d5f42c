"""What a run or a person makes of a watch: the watch after it, and what is to be told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.watch.state.events import Event, EventKind
from commands.watch.state.model import Incident, Watch


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a watch, and what is to be told."""

    watch: Watch
    events: tuple[Event, ...] = ()


def event_of(
    watch: Watch, incident: Incident, kind: EventKind, at: datetime, facts: Mapping[str, Any], *, quiet: bool
) -> Event:
    """The next event of an incident."""
    return Event(
        id=f"{incident.id}.{incident.events + 1}",
        kind=kind,
        at=at,
        incident=incident.id,
        team=watch.team,
        channel=watch.channel,
        watch=watch.id,
        target=watch.target,
        watch_kind=watch.kind,
        since=incident.since,
        quiet=quiet,
        facts=facts,
    )
