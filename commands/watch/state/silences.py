"""What makes a watch quiet, and what lets it speak again: each action makes a new watch. Pure."""

from dataclasses import replace
from datetime import datetime

from commands.watch.state.certificates import CERTIFICATES
from commands.watch.state.events import Event
from commands.watch.state.model import Incident, Silence, Watch
from commands.watch.state.phases import OPEN
from commands.watch.state.step import Step

CANNOT_POST = "cannot_post"
PORTERO = "portero"


def pause(watch: Watch, who: str, at: datetime, why: str = "") -> Step:
    """It does not run until somebody resumes it; an open incident stays open."""
    return Step(replace(watch, paused=Silence(who, at, None, why), due_at=None))


def resume(watch: Watch, at: datetime) -> Step:
    """It runs again, now, and speaks again: a pause, a snooze and a mute are over. What could not be posted is told."""
    if watch.paused is not None and watch.paused.why == CANNOT_POST:
        watch = _untold(watch)
    return looked_at_now(
        replace(watch, paused=None, snoozed=_over(watch.snoozed, at), muted=_over(watch.muted, at)), at
    )


def snooze(watch: Watch, who: str, at: datetime, until: datetime) -> Step:
    """Quiet until then. If it is bad then, it fires again: it is looked at right at the end."""
    watch = replace(_quieted(watch), snoozed=Silence(who, at, until, "snooze"))
    return Step(_no_later(watch, until))


def mute(watch: Watch, who: str, at: datetime, until: datetime | None, why: str) -> Step:
    """Quiet for a reason, until then or until somebody ends it."""
    watch = replace(_quieted(watch), muted=Silence(who, at, until, why))
    return Step(_no_later(watch, until) if until else watch)


def unsnooze(watch: Watch, at: datetime) -> Step:
    """The snooze is over; a mute and a pause stay."""
    return looked_at_now(replace(watch, snoozed=_over(watch.snoozed, at)), at)


def unmute(watch: Watch, at: datetime) -> Step:
    """The mute is over; a snooze and a pause stay."""
    return looked_at_now(replace(watch, muted=_over(watch.muted, at)), at)


def with_incident(watch: Watch, incident: Incident) -> Watch:
    return replace(watch, state=replace(watch.state, incident=incident))


def looked_at_now(watch: Watch, at: datetime, events: tuple[Event, ...] = ()) -> Step:
    return Step(replace(watch, due_at=at) if watch.runs else watch, events)


def _untold(watch: Watch) -> Watch:
    """What could not be posted is told if it is still bad at the next run: the open incident, certificates that end."""
    ending = watch.state.baseline.get(CERTIFICATES)
    if ending is not None:
        baseline = {**watch.state.baseline, CERTIFICATES: {**ending, "told": {}}}
        watch = replace(watch, state=replace(watch.state, baseline=baseline))
    return _quieted(watch)


def _over(silence: Silence | None, at: datetime) -> Silence | None:
    """A silence that somebody ended; it is kept until the next run has told what is still bad."""
    return silence and replace(silence, until=min(silence.until or at, at))


def _quieted(watch: Watch) -> Watch:
    """An open incident that was told fires again when the quiet ends."""
    incident = watch.state.incident
    return with_incident(watch, replace(incident, silenced=incident.told)) if incident is not None else watch


def _no_later(watch: Watch, until: datetime) -> Watch:
    """An open incident is looked at when its quiet ends."""
    if watch.due_at is None or watch.state.phase not in OPEN:
        return watch
    return replace(watch, due_at=min(watch.due_at, until))
