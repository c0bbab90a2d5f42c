"""From a phase and an observation to a phase and an alert: the table, and the one function that walks it. Pure.

An incident is opened after `fail_after` bad runs in a row and is over after `recover_after` good ones. What
breaks in it later is told after as many bad runs. Runs that say nothing leave everything as it is, but for the time of
what is not confirmed yet: an incident that a later run begins has begun with that one.
While a watch is quiet the table is walked as ever, but alerts wait: what is still bad when the quiet ends is told then
(`opened`, or `refired` if it had been told before). That it broke (`broke`) and ended meanwhile is kept for its story.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from commands.watch.state.baseline import never_seen
from commands.watch.state.dns_changes import VANISHED, gone_from, vanished
from commands.watch.state.events import GONE, MOVED_FROM, EventKind, Step, event_of, unlooked
from commands.watch.state.model import CANNOT_SEE, UNKNOWN, Incident, Phase, Silence, Watch
from commands.watch.state.observation import Observation, Outcome, endpoint_of
from commands.watch.state.unseen import AFTER, ALL, is_unseen


@dataclass(frozen=True, slots=True)
class Row:
    """Where an observation leads: to `then`, or, when it was seen often enough in a row, to `reached`."""

    then: Phase
    reached: Phase | None = None


TABLE: Mapping[tuple[Phase, Outcome], Row] = {
    ("new", "good"): Row("up"),
    ("new", "bad"): Row("failing", "down"),
    ("new", "unknown"): Row("new"),
    ("new", "blind"): Row("new"),
    ("up", "good"): Row("up"),
    ("up", "bad"): Row("failing", "down"),
    ("up", "unknown"): Row("up"),
    ("up", "blind"): Row("up"),
    ("failing", "good"): Row("up"),
    ("failing", "bad"): Row("failing", "down"),
    ("failing", "unknown"): Row("failing"),
    ("failing", "blind"): Row("failing"),
    ("down", "good"): Row("recovering", "up"),
    ("down", "bad"): Row("down"),
    ("down", "unknown"): Row("down"),
    ("down", "blind"): Row("down"),
    ("recovering", "good"): Row("recovering", "up"),
    ("recovering", "bad"): Row("down"),
    ("recovering", "unknown"): Row("recovering"),
    ("recovering", "blind"): Row("recovering"),
}

OPEN: frozenset[Phase] = frozenset({"down", "recovering"})
"""Phases in which an incident is open."""

FLAPS, HOUR = 3, timedelta(hours=1)
"""So many incidents within an hour, or six runs, are one that flaps."""


def flaps_within(every: timedelta) -> timedelta:
    """The time in which that is counted: two incidents are two intervals apart at least."""
    return min(max(HOUR, 6 * every), 6 * HOUR)


HELD: Mapping[Outcome, str] = {"unknown": UNKNOWN, "blind": CANNOT_SEE}


def advance(watch: Watch, seen: Observation, at: datetime) -> Step:
    """Walk the table with one observation."""
    outcome, failing = _weighed(watch.state.failing, seen)
    state, broken = watch.state, set(map(endpoint_of, failing))
    rising = {place: one for place, one in state.rising.items() if place in broken}
    if outcome in HELD:
        held = (seen.why if outcome == "unknown" else "") or HELD[outcome]
        since = None if state.phase == "failing" else state.since
        state = replace(state, held=held, failing=failing, since=since, rising=rising)
        return _fewer(replace(watch, state=state), seen, at)
    row = TABLE[state.phase, outcome]
    counting = row.reached is not None
    count = (state.count if state.phase == row.then else 0) + 1 if counting else 0
    needed = watch.fail_after if outcome == "bad" else watch.recover_after
    goes_on = count > 1 and state.since is not None
    since = (state.since if goes_on else at) if counting else None
    before = (state.unseen_before if goes_on else _unseen_before(watch, failing, at)) if counting else None
    over = count >= needed and not (outcome == "good" and _still_flaps(state.incident, since, at))
    phase = row.reached if row.reached and over else row.then
    recovered_at = since if outcome == "good" else None
    count = count if phase == row.then else 0
    if (phase, count, since, failing, "") != (state.phase, state.count, state.since, state.failing, state.held):
        state = replace(state, phase=phase, count=count, since=since, failing=failing, held="", rising=rising)
        watch = replace(watch, state=replace(state, unseen_before=before if phase != "up" else None))
    return _told(watch, seen, at, recovered_at or at, before)


def _unseen_before(watch: Watch, failing: tuple[str, ...], at: datetime) -> datetime | None:
    """Since when nothing had been seen of what is so now, where that was long; of what broke also since nobody looked.

    (That an incident had such a time its end says otherwise, `UNLOOKED`.)
    """
    state, unseen = watch.state, watch.state.unseen
    if unseen is None or not is_unseen(state):
        last = state.last_at
        late = last is not None and state.phase == "up" and at - last >= max(AFTER, 2 * watch.every)
        return last if failing and late else None
    meant = {*map(endpoint_of, failing or state.failing)}
    return unseen.since if unseen.places == ALL or meant & {*unseen.places} else None


def _still_flaps(incident: Incident | None, good_since: datetime | None, at: datetime) -> bool:
    """One of many is over when it was quiet for an hour."""
    return incident is not None and incident.flapping and good_since is not None and at - good_since < HOUR


def _weighed(before: tuple[str, ...], seen: Observation) -> tuple[Outcome, tuple[str, ...]]:
    """What is broken, with what was broken before and of which this run says nothing.

    A run that is good elsewhere does not end what it could not see; what it saw well is broken no longer.
    """
    kept = {code for code in before if code in seen.held or endpoint_of(code) in seen.held}
    if seen.outcome == "good" and kept:
        return "unknown", tuple(sorted(kept))
    if seen.outcome == "bad":
        return "bad", tuple(sorted(kept | set(seen.failing)))
    return seen.outcome, () if seen.outcome == "good" else before


def _fewer(watch: Watch, seen: Observation, at: datetime) -> Step:
    """Some of what is broken is well again, and of the rest nothing was seen: an alert says what is left."""
    incident = watch.state.incident
    told = incident is not None and incident.told and not incident.silenced
    if incident is None or not told or watch.state.phase != "down" or incident.failing == watch.state.failing:
        return Step(watch)
    return _down(watch, seen, at)


def _told(watch: Watch, seen: Observation, at: datetime, ended: datetime, unseen: datetime | None) -> Step:
    """The alert that belongs to the phase in which the watch is now."""
    incident, phase = watch.state.incident, watch.state.phase
    if phase == "down":
        return _down(watch, seen, at)
    if incident is not None and phase not in OPEN:
        gone = gone_from(watch, incident.failing, seen)
        return _gone(watch, incident, gone, at, ended) if gone else _recovered(watch, incident, at, ended, unseen)
    return Step(watch)


def _down(watch: Watch, seen: Observation, at: datetime) -> Step:
    state, silence = watch.state, watch.silence(at)
    failing, rising = _confirmed(watch, seen, at)
    state = replace(state, rising={place: one for place, one in rising.items() if one[1] < watch.fail_after})
    incident, fresh = state.incident, state.incident is None
    if incident is None:
        within = flaps_within(watch.every)
        since = state.since or at
        opened = (*(one for one in state.opened if at - datetime.fromisoformat(one) < within), since.isoformat())
        incident = Incident(f"{watch.id}.{state.serial + 1}", since, flapping=len(opened) >= FLAPS)
        state = replace(state, serial=state.serial + 1, opened=opened)
    kind = "broke" if fresh and silence is not None else _alert(incident, failing, silence)
    new = [code for code in failing if code not in incident.ever]
    worse = bool({*map(endpoint_of, new)} - {*map(endpoint_of, incident.ever)})
    gone = gone_from(watch, [code for code in incident.failing if code not in failing], seen)
    incident = _grown(incident, failing, {place: since for place, (since, _) in rising.items()}, at)
    facts = (
        _facts(seen, failing)
        | {"began": dict(incident.began), "new": new, "worse": worse}
        | (_flapping(watch, state.opened) if incident.flapping else {})
        | ({GONE: [*map(list, gone)]} if gone else {})
    )
    if fresh and state.unseen_before is not None:
        facts |= {"unseen_before": state.unseen_before.isoformat()}
    never = never_seen(watch, failing)
    facts |= {"never": never} if never or incident.kept.get("never") else {}
    facts |= vanished(watch, failing)
    if kind == "broke" or (kind == "opened" and not fresh):
        quiet_by = ended_silence(watch, at) if silence is None else _named(watch, silence)
        facts |= {f"broke{name.removeprefix('quiet')}": value for name, value in quiet_by.items()}
    moved = incident.kept.get(MOVED_FROM) if kind == "refired" else None
    if kind == "refired":
        facts |= ended_silence(watch, at) | ({MOVED_FROM: moved} if moved else {})
        incident = incident if moved else replace(incident, acked_by="", acked_at=None)
        incident = replace(incident, kept={name: fact for name, fact in incident.kept.items() if name != MOVED_FROM})
    kept = {**incident.kept, **{name: facts[name] for name in KEPT if name in facts}}
    incident = replace(incident, failing=failing, entry=seen.entry or incident.entry, kept=kept)
    if silence is not None:
        incident = replace(incident, silenced=incident.told)
    elif kind in NEWS:
        incident = _told_as_news(watch, incident, at)
        facts |= {"told": [watch.notify] if watch.notify else [], "runbook": watch.runbook}
    elif kind is not None:
        incident = replace(incident, told=True, silenced=False)
    return _step(
        replace(watch, state=replace(state, incident=incident)), incident, kind, at, facts, quiet=silence is not None
    )


QUIET = ("broke_by", "broke_why", "quiet_by", "quiet_why")
KEPT = ("never", "unseen_before", "flapping", "within", "first", VANISHED, *QUIET)
"""Facts of an alert that its message goes on to say, whatever happens to it."""

NEWS = frozenset({"opened", "refired"})


def _told_as_news(watch: Watch, incident: Incident, at: datetime) -> Incident:
    """From now on it is counted how long nobody acknowledges it."""
    told_to = tuple(dict.fromkeys((*incident.told_to, *filter(None, [watch.notify]))))
    news = replace(incident, told=True, silenced=False, told_at=at, told_to=told_to)
    return replace(news, reminded_at=None, escalated_at=None)


def _confirmed(watch: Watch, seen: Observation, at: datetime) -> tuple[tuple[str, ...], dict[str, list[Any]]]:
    """What is told of what is broken, and the endpoints that an open incident has not yet, with those that wait.

    Until another one is sure it is told as it was.
    """
    incident, failing, before = watch.state.incident, watch.state.failing, watch.state.rising
    if incident is None:
        return failing, {}
    known, now = (set(map(endpoint_of, codes)) for codes in (incident.failing, seen.failing))
    rising: dict[str, list[Any]] = {}
    for place in {*map(endpoint_of, failing)} - known:
        since, runs = before.get(place, (at.isoformat(), 0))
        rising[place] = [since, runs + (place in now)]
    sure = [code for code in failing if rising.get(endpoint_of(code), ["", watch.fail_after])[1] >= watch.fail_after]
    return tuple(sure) or incident.failing, rising


def _grown(incident: Incident, failing: tuple[str, ...], rising: Mapping[str, str], at: datetime) -> Incident:
    """Since when each of what is broken is so: at first since the incident began."""
    first = (incident.since if not incident.ever else at).isoformat()
    began = {code: incident.began.get(code) or rising.get(endpoint_of(code), first) for code in failing}
    return replace(incident, began=began, ever=tuple(sorted({*incident.ever, *failing})))


def _flapping(watch: Watch, opened: tuple[str, ...]) -> dict[str, Any]:
    return {"flapping": len(opened), "within": flaps_within(watch.every).total_seconds(), "first": opened[0]}


def _facts(seen: Observation, failing: tuple[str, ...]) -> dict[str, Any]:
    check = {"summary": seen.summary, "findings": list(seen.findings), "verdict": seen.verdict, "entry": seen.entry}
    return {"failing": list(failing), **check}


def _alert(incident: Incident, failing: tuple[str, ...], silence: Silence | None) -> EventKind | None:
    """What is to be told of an open incident, if anything. Never the same twice."""
    if silence is None and not incident.told:
        return "opened"
    if silence is None and incident.silenced:
        return "refired"
    return "changed" if incident.told and incident.failing != failing else None


def _recovered(watch: Watch, incident: Incident, at: datetime, ended: datetime, unseen: datetime | None) -> Step:
    """The end, which is the first good run. Nobody hears of the end of what nobody heard of."""
    watch = replace(watch, state=replace(watch.state, incident=None))
    seconds = (ended - incident.since - unlooked(incident.kept)).total_seconds()
    facts: dict[str, Any] = {"failing": list(incident.failing), "seconds": seconds, "ended": ended.isoformat()}
    facts |= {"unseen_at_end": unseen.isoformat()} if unseen is not None else {}
    facts |= {"ever": list(incident.ever)} if set(incident.ever) - set(incident.failing) else {}
    facts |= _flapping(watch, watch.state.opened) if incident.flapping else {}
    facts |= heard(incident)
    silence = watch.silence(at)
    if incident.told and silence is not None:
        facts |= {name.replace("quiet", "ended"): value for name, value in _named(watch, silence).items()}
    kind: EventKind | None = "recovered" if incident.told or incident.events else None
    return _step(watch, incident, kind, at, facts, quiet=not incident.told or silence is not None)


def _gone(watch: Watch, incident: Incident, gone: Sequence[tuple[str, str]], at: datetime, ended: datetime) -> Step:
    """What was down is no part of the target any more: it is over, and has not recovered."""
    facts = {"why": GONE, GONE: [*map(list, gone)], "failing": list(incident.failing), "ended": ended.isoformat()}
    watch = replace(watch, state=replace(watch.state, incident=None))
    kind: EventKind | None = "closed" if incident.told or incident.events else None
    return _step(watch, incident, kind, at, facts | heard(incident), quiet=not incident.told)


def heard(incident: Incident) -> dict[str, Any]:
    """Who looked after it, and who was mentioned."""
    facts: dict[str, Any] = {"told": list(incident.told_to)} if incident.told_to else {}
    if incident.acked_by and incident.acked_at is not None:
        facts |= {"acked_by": incident.acked_by, "acked_at": incident.acked_at.isoformat()}
    return facts


def closed(watch: Watch, at: datetime, why: str, who: str) -> Step:
    """The watch looks elsewhere from now on, or not at all: its incident is nobody's any more. `who` made it so."""
    incident = watch.state.incident
    watch = replace(watch, state=replace(watch.state, incident=None, phase="new", count=0, since=None, failing=()))
    if incident is None or not (incident.told or incident.events):
        return Step(watch)
    facts = {"why": why, "who": who, "failing": list(incident.failing), **heard(incident)}
    return Step(watch, (event_of(watch, incident, "closed", at, facts, quiet=not incident.told),))


def ended_silence(watch: Watch, at: datetime) -> dict[str, str]:
    """Whose quiet is over: that of the silence that ended last. Nobody's, when alerts could not be posted."""
    ended = {"mute": watch.muted, "snooze": watch.snoozed}
    over = {why: silence for why, silence in ended.items() if silence is not None and not silence.holds(at)}
    if not over:
        return {"quiet_by": watch.owner if watch.windows else "", "quiet_why": "maintenance" if watch.windows else ""}
    why, silence = max(over.items(), key=lambda item: item[1].until or at)
    return {"quiet_by": silence.who, "quiet_why": why}


def _named(watch: Watch, silence: Silence) -> dict[str, str]:
    """Whose quiet it is."""
    why = "mute" if silence is watch.muted else "snooze" if silence is watch.snoozed else "maintenance"
    return {"quiet_by": silence.who or watch.owner, "quiet_why": why}


def _step(
    watch: Watch,
    incident: Incident,
    kind: EventKind | None,
    at: datetime,
    facts: Mapping[str, Any],
    *,
    quiet: bool,
) -> Step:
    if kind is None:
        return Step(watch)
    event = event_of(watch, incident, kind, at, facts, quiet=quiet)
    if watch.state.incident is not None:
        counted = replace(watch.state.incident, events=incident.events + 1)
        watch = replace(watch, state=replace(watch.state, incident=counted))
    return Step(watch, (event,))
