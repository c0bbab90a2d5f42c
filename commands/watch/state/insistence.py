"""What is told again of an incident that nobody looks after: a second mention, and a reminder once a day. Pure.

It waits while somebody keeps the watch quiet or looks after the incident, while it answers again and that has to be
confirmed, and while our own network lets nothing out. Who mutes or acknowledges it has seen it: neither is told again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from commands.watch.state.events import EventKind, Step, event_of, times_unlooked
from commands.watch.state.model import CANNOT_SEE, Incident, Watch
from commands.watch.state.observation import Observation

REMIND_EVERY = timedelta(hours=24)


def insist(watch: Watch, seen: Observation, at: datetime) -> Step:
    """The watch after a run, and what is told again."""
    incident, state = watch.state.incident, watch.state
    if incident is None or not _is_heard(watch, incident, at) or state.phase != "down" or state.held == CANNOT_SEE:
        return Step(watch)
    second, daily = second_mention_at(watch, incident), reminder_at(incident)
    if second is not None and second <= at:
        assert watch.then is not None  # noqa: S101 - it has a time
        incident = replace(incident, escalated_at=at, reminded_at=at if daily <= at else incident.reminded_at)
        return _told(watch, incident, "escalated", watch.then.notify, seen, at)
    if daily <= at:
        return _told(watch, replace(incident, reminded_at=at), "reminded", watch.notify, seen, at)
    return Step(watch)


def next_at(watch: Watch, at: datetime) -> datetime | None:
    """When something is to be told again, if nobody does anything till then."""
    incident = watch.state.incident
    if incident is None or not _is_heard(watch, incident, at):
        return None
    times = (second_mention_at(watch, incident), reminder_at(incident))
    return min((time for time in times if time is not None and time > at), default=None)


def second_mention_at(watch: Watch, incident: Incident) -> datetime | None:
    if watch.then is None or incident.escalated_at is not None:
        return None
    return _heard_since(incident) + watch.then.after


def _heard_since(incident: Incident) -> datetime:
    """When it was told, as long later as its watch was paused since: who pauses it has seen it."""
    told = incident.told_at or incident.since
    paused = (until - max(since, told) for since, until in times_unlooked(incident.kept) if until > told)
    return told + sum(paused, timedelta())


def reminder_at(incident: Incident) -> datetime:
    return (incident.reminded_at or incident.told_at or incident.since) + REMIND_EVERY


def _is_heard(watch: Watch, incident: Incident, at: datetime) -> bool:
    """Told, spoken of aloud, and nobody's yet."""
    return incident.told and not incident.silenced and not incident.acked_by and watch.silence(at) is None


def _told(watch: Watch, incident: Incident, kind: EventKind, whom: str, seen: Observation, at: datetime) -> Step:
    told, told_at = [whom] if whom else [], incident.told_at or incident.since
    facts = {
        "failing": list(incident.failing),
        "entry": seen.entry or incident.entry,
        "told": told,
        **({"had": True} if incident.kept.get("acked_by") else {}),
        "seconds": (at - (_heard_since(incident) if kind == "escalated" else told_at)).total_seconds(),
    }
    event = event_of(watch, incident, kind, at, facts, quiet=False)
    known = tuple(dict.fromkeys((*incident.told_to, *told)))
    incident = replace(incident, events=incident.events + 1, told_to=known)
    return Step(replace(watch, state=replace(watch.state, incident=incident)), (event,))
