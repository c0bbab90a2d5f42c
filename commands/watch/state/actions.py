"""What people do to a watch: each action makes a new watch, and sometimes an event. Pure.

`decided` turns an action into what `Watches.change` wants:
`await services.watches.change(id, decided(lambda watch: delete(watch, at)))`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commands.contract import DeclinedError
from commands.watch.state.baseline import TARGET_KIND
from commands.watch.state.certificates import CERTIFICATES
from commands.watch.state.event_rows import to_event_row
from commands.watch.state.model import Incident, State, Watch
from commands.watch.state.silences import looked_at_now, with_incident
from commands.watch.state.step import Step, event_of
from commands.watch.state.transitions import closed
from commands.watch.state.watch_rows import of_row, to_row
from storage.watch_interface import Change, Decide, StoredWatch

UNDO_WITHIN = timedelta(minutes=10)
WHAT_IS_WATCHED = frozenset({"target", "ports", "kind"})
FORGOTTEN = "forgotten"
"""Stands for a person who was forgotten, where there has to be somebody."""


def decided(action: Callable[[Watch], Step]) -> Decide:
    """The change that an action makes of the watch as it is when it is written. `UserError` passes through."""

    def decide(row: StoredWatch, _sight: dict[str, Any]) -> Change:
        watch = of_row(row)
        done = action(watch)
        return Change(to_row(done.watch), tuple(to_event_row(event, watch) for event in done.events))

    return decide


def acknowledge(watch: Watch, who: str, at: datetime) -> Step:
    """Somebody looks after the open incident. `DeclinedError` when there is none."""
    incident = watch.state.incident
    if incident is None:
        raise DeclinedError("There is no open incident.", f"`/smtpwatch history {watch.id}` has what happened.")
    return Step(with_incident(watch, replace(incident, acked_by=who, acked_at=at)))


def run_now(watch: Watch, at: datetime) -> Step:
    """The next run is due now. A result of the last minute is used again (the target is not bothered twice)."""
    return Step(replace(watch, due_at=at) if watch.runs else watch)


def delete(watch: Watch, at: datetime) -> Step:
    """Gone, with ten minutes to think it over. What was posted about an open incident says so."""
    done = _closed(watch, at, "deleted")
    return Step(replace(done.watch, deleted_at=at, due_at=None), done.events)


def undelete(watch: Watch, at: datetime) -> Step:
    """Back as it was, from the first run on. `DeclinedError` after ten minutes."""
    if watch.deleted_at is None:
        return Step(watch)
    if at - watch.deleted_at > UNDO_WITHIN:
        again = f"Add it again: `/smtpwatch add {watch.target}`."
        raise DeclinedError("That watch was deleted more than ten minutes ago.", again)
    return looked_at_now(replace(watch, deleted_at=None), at)


def edit(watch: Watch, changes: dict[str, Any], at: datetime) -> Step:
    """Other settings. When ports or a target are named, what it knew is forgotten and its incident is closed."""
    new = replace(watch, **changes)
    if not WHAT_IS_WATCHED & changes.keys():
        return Step(replace(new, due_at=at) if new.every != watch.every and new.runs else new)
    done = _closed(watch, at, "edited")
    kept = (
        {} if "target" in changes else {key: value for key, value in watch.state.baseline.items() if key == TARGET_KIND}
    )
    fresh = replace(new, state=State(serial=done.watch.state.serial, baseline=kept))
    return looked_at_now(fresh, at, done.events)


def _closed(watch: Watch, at: datetime, why: str) -> Step:
    """Every incident of the watch is closed: that of its state, and that of its certificates."""
    done = closed(watch, at, why)
    known = done.watch.state.baseline.get(CERTIFICATES, {}).get("incident")
    if not known:
        return done
    incident = Incident(known["id"], datetime.fromisoformat(known["since"]), events=known["events"])
    baseline = {key: value for key, value in done.watch.state.baseline.items() if key != CERTIFICATES}
    event = event_of(done.watch, incident, "closed", at, {"why": why}, quiet=True)
    return Step(replace(done.watch, state=replace(done.watch.state, baseline=baseline)), (*done.events, event))
