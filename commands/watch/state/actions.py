"""What people do to a watch: each action makes a new watch, and sometimes an event. Pure.

`decided` turns an action into what `Watches.change` wants:
`await services.watches.change(id, decided(lambda watch: delete(watch, at)))`.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.audited import Deed
from commands.contract import DeclinedError
from commands.watch.state import certificates, others
from commands.watch.state.accepting import may_accept
from commands.watch.state.baseline import TARGET_KIND
from commands.watch.state.certificates import CERTIFICATES, incident_of
from commands.watch.state.deeds import deeds
from commands.watch.state.events import DELETED, MOVED_FROM, UNLOOKED, UNPOSTED, Event, Step, event_of
from commands.watch.state.grouping import MOVED, UNDELETED, grouped
from commands.watch.state.model import PORTERO, Incident, Silence, State, Watch
from commands.watch.state.places import dropped
from commands.watch.state.routes import with_routes
from commands.watch.state.rows import of_row, to_event_row, to_row
from commands.watch.state.transitions import OPEN, closed, heard
from commands.watch.state.unseen_notice import noticed
from commands.watch.state.voices import left
from storage.audit import AuditEntry
from storage.watches import Change, Decide, StoredWatch

CANNOT_POST = "cannot_post"
LOCAL = "local"
"""The vantage whose sight an action changes."""


def pause(watch: Watch, who: str, at: datetime, why: str = "", together: int = 1) -> Step:
    """It does not run until somebody resumes it; an open incident stays open, and how it is meanwhile nobody knows.

    `together`: so many of one message are, and this one is to say so; 0: another one does. That it cannot be posted is
    no entry: it could not be posted either.
    """
    done = _noted(watch, who, at, {"what": "pause", "text": why}, together) if why != CANNOT_POST else Step(watch)
    state = replace(done.watch.state, places={})
    return Step(replace(done.watch, paused=Silence(who, at, None, why), due_at=None, state=state), done.events)


def resume(watch: Watch, at: datetime, who: str = PORTERO, together: int = 1) -> Step:
    """It runs again, now, and speaks again: a pause, a snooze and a mute are over. What could not be posted is told."""
    could_not = waits_for_channel(watch)
    was_quiet = not could_not and any((watch.paused, watch.snoozed, watch.muted))
    done = _noted(watch, who, at, {"what": "resume"}, together) if was_quiet else Step(watch)
    watch = _looked_again(_posted_again(_untold(done.watch), at) if could_not else done.watch, at)
    watch = replace(watch, paused=None, snoozed=_over(watch.snoozed, at), muted=_over(watch.muted, at))
    return due_now(watch if could_not else _still_acknowledged(watch, at), at, done.events)


def waits_for_channel(watch: Watch) -> bool:
    """Whether its channel takes no posts: it was never begun, or tells what there is by direct message meanwhile."""
    return watch.unposted is not None or (watch.paused is not None and watch.paused.why == CANNOT_POST)


def cannot_post(watch: Watch, at: datetime, code: str, told: Collection[str] = ()) -> Step:
    """Its channel takes no posts (`code`: what Slack said): it goes on looking. Who was `told` got a direct message."""
    watch = replace(watch, unposted=watch.unposted or Silence(PORTERO, at, None, code))
    incident = watch.state.incident
    if incident is None or not incident.told:
        return Step(watch)
    heard = (one for one in incident.told_to if incident.events > 1 or one in told)
    return Step(with_incident(watch, replace(incident, told_to=tuple(dict.fromkeys((*heard, *told))))))


def can_post(watch: Watch, at: datetime) -> Step:
    """It was seen to take posts, by one that told what there was to tell."""
    return Step(_posted_again(watch, at))


def _posted_again(watch: Watch, at: datetime) -> Watch:
    """What is open knows from when to when its channel took no posts."""
    incident, closed = watch.state.incident, watch.unposted
    if incident is not None and closed is not None:
        times = [*incident.kept.get(UNPOSTED, ()), [closed.at.isoformat(), at.isoformat()]]
        watch = with_incident(watch, replace(incident, kept={**incident.kept, UNPOSTED: times}))
    return replace(watch, unposted=None)


def come_back(watch: Watch, at: datetime) -> Step:
    """Its channel takes posts again: what could not be posted is told. A mute, a snooze and another pause stay."""
    if not waits_for_channel(watch):
        return Step(watch)
    stopped = watch.paused is not None and watch.paused.why == CANNOT_POST
    back = _posted_again(_looked_again(_untold(watch), at) if stopped else _untold(watch), at)
    return due_now(replace(back, paused=None if stopped else watch.paused), at)


def _looked_again(watch: Watch, at: datetime) -> Watch:
    """From the last run before a pause, or before it was deleted, until now nobody knows how what is open was."""
    incident, last = watch.state.incident, watch.state.last_at
    if watch.runs or incident is None or last is None:
        return watch
    was = () if watch.deleted_at is None else (DELETED,)
    unlooked = [*incident.kept.get(UNLOOKED, ()), [last.isoformat(), at.isoformat(), *was]]
    return with_incident(watch, replace(incident, kept={**incident.kept, UNLOOKED: unlooked}))


def snooze(watch: Watch, who: str, at: datetime, until: datetime, together: int = 1) -> Step:
    """Quiet until then. If it is bad then, it fires again: it is looked at right at the end.

    `together` as of a pause.
    """
    noted = _noted(watch, who, at, {"what": "snooze", "until": until.isoformat()}, together)
    watch = replace(_quieted(noted.watch), snoozed=Silence(who, at, until, "snooze"))
    return Step(_no_later(watch, until), noted.events)


def mute(watch: Watch, who: str, at: datetime, until: datetime | None, why: str, together: int = 1) -> Step:
    """Quiet for a reason, until then or until somebody ends it. `together` as of a pause."""
    noted = _noted(watch, who, at, {"what": "mute", "until": until and until.isoformat(), "text": why}, together)
    watch = replace(_quieted(noted.watch), muted=Silence(who, at, until, why))
    return Step(_no_later(watch, until) if until else watch, noted.events)


def unsnooze(watch: Watch, at: datetime, who: str = PORTERO, together: int = 1) -> Step:
    """The snooze is over; a mute and a pause stay."""
    done = _noted(watch, who, at, {"what": "unsnooze"}, together) if watch.snoozed is not None else Step(watch)
    after = replace(done.watch, snoozed=_over(watch.snoozed, at))
    return due_now(_still_acknowledged(after, at), at, done.events)


def unmute(watch: Watch, at: datetime, who: str = PORTERO, together: int = 1) -> Step:
    """The mute is over; a snooze and a pause stay."""
    done = _noted(watch, who, at, {"what": "unmute"}, together) if watch.muted is not None else Step(watch)
    after = replace(done.watch, muted=_over(watch.muted, at))
    return due_now(_still_acknowledged(after, at), at, done.events)


def with_incident(watch: Watch, incident: Incident) -> Watch:
    return replace(watch, state=replace(watch.state, incident=incident))


def due_now(watch: Watch, at: datetime, events: tuple[Event, ...] = ()) -> Step:
    return Step(replace(watch, due_at=at) if watch.runs else watch, events)


def _untold(watch: Watch) -> Watch:
    """What could not be posted is told if it is still bad at the next run: the open incident, certificates that end."""
    ending = watch.state.baseline.get(CERTIFICATES)
    if ending is not None:
        baseline = {**watch.state.baseline, CERTIFICATES: {**ending, "told": {}}}
        watch = replace(watch, state=replace(watch.state, baseline=baseline))
    return _quieted(watch)


def _still_acknowledged(watch: Watch, at: datetime) -> Watch:
    """Whoever ends a quiet by hand sees who looks after it: told once more is only what broke since then."""
    incident = watch.state.incident
    if incident is None or incident.acked_at is None or watch.silence(at) is not None or MOVED_FROM in incident.kept:
        return watch
    is_worse = any(datetime.fromisoformat(since) > incident.acked_at for since in incident.began.values())
    return watch if is_worse else with_incident(watch, replace(incident, silenced=False))


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


UNDO_WITHIN = timedelta(minutes=10)
WHAT_IS_WATCHED = frozenset({"target", "ports", "kind", "vantage"})
FORGOTTEN = "forgotten"
"""Stands for a person who was forgotten, where there has to be somebody."""


def decided(action: Callable[[Watch], Step], noted_at: datetime | None = None) -> Decide:
    """The change that an action makes of the watch as it is when it is written. `UserError` passes through.

    `noted_at`: somebody does it now, and the log of changes tells it.
    """

    def decide(row: StoredWatch, sight: dict[str, Any]) -> Change:
        watch = of_row(row)
        done = action(watch)
        at = _moment(done.watch)
        after, changed, events = grouped(sight, done.watch, done.events, at)
        after, events = left(after, watch, events, at)
        after, notices = noticed(after, changed, at, LOCAL)
        after = others.gone(after, changed) if changed.deleted_at else after
        rows = tuple(to_event_row(event, watch) for event in (*events, *notices))
        kept = to_row(changed)
        noted = _noted_deeds(watch, changed, (row, kept), noted_at) if noted_at else ()
        return Change(kept, rows, after if after != sight else None, dropped(watch, changed), noted=noted)

    return decide


def _noted_deeds(
    watch: Watch, changed: Watch, rows: tuple[StoredWatch, StoredWatch], at: datetime
) -> tuple[AuditEntry, ...]:
    accepts = may_accept(watch) and not may_accept(changed) and changed.deleted_at is None
    found = deeds(watch, changed, rows, at)
    meant = accepts and not any(one.action == Deed.WATCH_EDITED for one in found)
    return (*found, *([AuditEntry(at, Deed.ACCEPTED)] if meant else []))


def decided_if(action: Callable[[Watch], Step | None], noted_at: datetime | None = None) -> Decide:
    """The same of one among several: what the action does not fit any more, or declines, stays as it is."""

    def decide(row: StoredWatch, sight: dict[str, Any]) -> Change | None:
        try:
            done = action(of_row(row))
        except DeclinedError:
            return None
        return decided(lambda _watch: done, noted_at)(row, sight) if done is not None else None

    return decide


def _moment(watch: Watch) -> datetime:
    """The newest time that is known of a watch that somebody stopped or turned elsewhere."""
    stopped = watch.deleted_at or (watch.paused and watch.paused.at)
    return stopped or watch.state.last_at or watch.due_at or watch.created_at


def _no_incident(watch: Watch) -> DeclinedError:
    line = f"history {watch.id}"
    return DeclinedError("There is no open incident.", f"`/smtpwatch {line}` has what happened.", line)


def acknowledge(watch: Watch, who: str, at: datetime, together: int = 1) -> Step:
    """Somebody looks after the open incident. `DeclinedError` when there is none. `together` as of a pause."""
    incident = watch.state.incident
    if incident is None:
        raise _no_incident(watch)
    kept = {**incident.kept, "acked_by": who, "acked_at": at.isoformat()}
    acked = replace(incident, acked_by=who, acked_at=at, kept=kept)
    if not incident.told:
        return Step(with_incident(watch, acked))
    facts = {"failing": list(incident.failing), "who": who, "entry": incident.entry, "together": together}
    event = event_of(watch, incident, "acked", at, facts, quiet=not together)
    return Step(with_incident(watch, replace(acked, events=incident.events + 1)), (event,))


def note(watch: Watch, who: str, at: datetime, text: str, together: int = 1) -> Step:
    """What somebody has to say of the open incident, in its thread. `DeclinedError` when there is none. `together` as

    of a pause.
    """
    if watch.state.incident is None:
        raise _no_incident(watch)
    done = _noted(watch, who, at, {"what": "note", "text": text}, together)
    assert done.watch.state.incident is not None  # noqa: S101 - it goes on
    return Step(with_incident(done.watch, replace(done.watch.state.incident, note=text, note_by=who)), done.events)


def ran_again(watch: Watch, who: str, at: datetime) -> Step:
    """What a run saw that somebody asked for, in the thread of the incident that it did not end."""
    return _noted(watch, who, at, {"what": "run", "saw": list(watch.state.failing)})


def _noted(watch: Watch, who: str, at: datetime, said: dict[str, Any], together: int = 1) -> Step:
    """An entry of the story of an incident that goes on; it mentions nobody, so that a mute may be told."""
    incident = watch.state.incident
    if incident is None:
        return Step(watch)
    facts = {"failing": list(incident.failing), "entry": incident.entry, "who": who, "together": together, **said}
    event = event_of(watch, incident, "noted", at, facts, quiet=not incident.told or not together)
    return Step(with_incident(watch, replace(incident, events=incident.events + 1)), (event,))


def run_now(watch: Watch, at: datetime) -> Step:
    """The next run is due now."""
    return Step(replace(watch, due_at=at) if watch.runs else watch)


def delete(watch: Watch, at: datetime, who: str = PORTERO) -> Step:
    """Gone, with ten minutes to think it over: what it has come to is kept. What was posted about it says so."""
    events = _closed(watch, at, "deleted", who).events
    return Step(replace(_with_events(watch, events), deleted_at=at, due_at=None), events)


def _with_events(watch: Watch, events: Collection[Event]) -> Watch:
    """With what was told of its incidents counted."""
    incident, baseline = watch.state.incident, certificates.counted(watch.state.baseline, events)
    if incident is not None:
        told = sum(event.own == incident.id for event in events)
        watch = with_incident(watch, replace(incident, events=incident.events + told))
    return replace(watch, state=replace(watch.state, baseline=baseline))


def undelete(watch: Watch, at: datetime, who: str = PORTERO) -> Step:
    """Back as it was, with what was posted about it. `DeclinedError` after ten minutes."""
    if watch.deleted_at is None:
        return Step(watch)
    if at - watch.deleted_at > UNDO_WITHIN:
        again = f"Add it again: `/smtpwatch add {watch.target}`."
        raise DeclinedError("That watch was deleted more than ten minutes ago.", again)
    back = _noted(_looked_again(watch, at) if watch.paused is None else watch, who, at, {"what": UNDELETED})
    state = replace(back.watch.state, places={})
    watch, ending = certificates.shown_again(replace(back.watch, deleted_at=None, state=state), at)
    return due_now(watch, at, (*back.events, *ending))


def edit(watch: Watch, changes: dict[str, Any], at: datetime, who: str = PORTERO) -> Step:
    """Other settings. When ports or a target are named, what it knew is forgotten and its incident is closed."""
    if "routes" in changes:
        changes = {**changes, "routes": with_routes(watch.routes, changes["routes"])}
    new = replace(watch, **changes)
    moved = _moved(new, watch, at) if new.channel != watch.channel else Step(new)
    new = moved.watch
    if not WHAT_IS_WATCHED & changes.keys():
        waits = new.state.incident is not None and (new.then, new.channel) != (watch.then, watch.channel)
        sooner = waits or new.every != watch.every or new.unposted != watch.unposted
        return Step(replace(new, due_at=at) if sooner and new.runs else new, moved.events)
    done = _closed(watch, at, "edited", who)
    kept = (
        {} if "target" in changes else {key: value for key, value in watch.state.baseline.items() if key == TARGET_KIND}
    )
    fresh = replace(new, state=State(serial=done.watch.state.serial, baseline=kept))
    return due_now(fresh, at, done.events)


MOST_MOVES = 20
"""So many of its places are kept; what was seen in those before is nobody's but its owner's."""


def _away(watch: Watch, old: str, at: datetime) -> Watch:
    """What was seen and told before stays where it was told, and so does the last that somebody noted."""
    before, moves = len(watch.moves) + 1 > MOST_MOVES, (*watch.moves, (old, at.isoformat()))[-MOST_MOVES:]
    gone = replace(watch, moves=(("", moves[0][1]), *moves[1:]) if before else moves)
    incident = watch.state.incident
    return with_incident(gone, replace(incident, note="", note_by="")) if incident is not None else gone


def _moved(new: Watch, old: Watch, at: datetime) -> Step:
    away = _away(new, old.channel, at)
    return Step(_posted_again(_untold(away), at)) if old.unposted else _told_there(away, old.channel, at)


def _told_there(watch: Watch, old: str, at: datetime) -> Step:
    """What is open leaves the message in which it was told, and is told once more where it alerts now, to its end."""
    incident = watch.state.incident
    if incident is None or not incident.told:
        return Step(watch)
    facts = {"why": MOVED, MOVED_FROM: old, "failing": list(incident.failing), **heard(incident)}
    left = event_of(watch, incident, "closed", at, facts, quiet=True)
    kept = {**incident.kept, MOVED_FROM: old}
    goes_on = replace(incident, silenced=True, kept=kept, events=incident.events + 1)
    return Step(with_incident(watch, goes_on), (left,))


def _closed(watch: Watch, at: datetime, why: str, who: str) -> Step:
    """Every incident of the watch is closed: that of its state, and that of its certificates."""
    done = closed(watch, at, why, who)
    incident = incident_of(done.watch.state.baseline.get(CERTIFICATES, {}))
    if incident is None:
        return done
    baseline = {key: value for key, value in done.watch.state.baseline.items() if key != CERTIFICATES}
    event = event_of(done.watch, incident, "closed", at, {"why": why, "who": who}, quiet=False)
    return Step(replace(done.watch, state=replace(done.watch.state, baseline=baseline)), (*done.events, event))
