"""One run, from what was seen to what is kept and told: the parts in their order. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.watch.state import unseen
from commands.watch.state.certificates import remind, told_wrong
from commands.watch.state.dns_changes import compare, recent
from commands.watch.state.events import Event
from commands.watch.state.grouping import caught_up, grouped
from commands.watch.state.insistence import insist
from commands.watch.state.model import Watch
from commands.watch.state.observation import Observation
from commands.watch.state.others import (
    having_it_down,
    hidden_alike,
    of_same_notice,
    siblings,
    since_another_ended,
    speaks,
)
from commands.watch.state.outbound_notice import look, to_look
from commands.watch.state.overtaken import with_overtaken
from commands.watch.state.places import after_run
from commands.watch.state.rows import of_row, to_event_row, to_row
from commands.watch.state.schedule import CONFIRM, next_due
from commands.watch.state.thread import GREW
from commands.watch.state.transitions import advance
from commands.watch.state.unseen_notice import noticed
from commands.watch.state.voices import with_one_voice
from storage.watches import Change, Decide, StoredWatch

SLOW_MS = 5_000.0
"""A run that took longer makes its watch run among the slow ones, where it delays no quick one."""

BROKEN = frozenset({"opened", "changed", "refired"})


def concluded(seen: Observation, at: datetime, took_ms: float, *, vantage: str = "local", zone: str = "") -> Decide:
    """What a run that began at `at` and took `took_ms` comes to, as `Watches.finish` wants it.

    `zone` is that of its channel, if one is known.
    A watch that was paused, deleted or turned elsewhere while it ran is left as it is.
    """

    def decide(row: StoredWatch, sight: dict[str, Any]) -> Change | None:
        watch = of_row(row)
        if not watch.runs or not seen.is_of(watch):
            return None
        after, events, sight_after = conclude(watch, sight, seen, at, took_ms, vantage, zone)
        rows = tuple(to_event_row(event, watch) for event in events)
        places, ended = after_run(watch, after.state, seen, at)
        if places is not after.state.places:
            after = replace(after, state=replace(after.state, places=places))
        sight_after, others = siblings(sight_after, watch, after, at)
        after = _with_the_others(sight_after, after, at)
        sight_after, alike = having_it_down(sight_after, watch, after.state, seen, at)
        sight_after, hidden = hidden_alike(sight_after, watch, seen, at)
        sight_after, network = to_look(sight_after, watch, seen, at)
        again = (*alike, *hidden, *network, *of_same_notice(sight, sight_after, watch))
        due = dict.fromkeys(others, at + CONFIRM) | dict.fromkeys(again, at)
        if (next_word := speaks(sight_after, watch, after, at)) is not None:
            after, due = _saying(after, due, *next_word)
        known = sight_after if sight_after != sight else None
        back = at if watch.state.last_at is not None and at < watch.state.last_at else None
        return Change(to_row(after), rows, known, ended, seen.outcome == "bad", due=due, set_back=back)

    return decide


def _saying(watch: Watch, due: dict[str, datetime], name: str, at: datetime) -> tuple[Watch, dict[str, datetime]]:
    """Whoever speaks for its message next is due then at the latest."""
    if name != watch.id:
        return watch, {**due, name: min(due.get(name, at), at)}
    return replace(watch, due_at=min(watch.due_at or at, at)) if watch.runs else watch, due


def _with_the_others(sight: Mapping[str, Any], watch: Watch, at: datetime) -> Watch:
    """What is still down when others of its message are over is looked at ever later, whatever its interval."""
    ago = since_another_ended(sight, watch, at)
    if ago is None or watch.due_at is None or watch.state.later:
        return watch
    return replace(watch, due_at=min(watch.due_at, at + max(ago, GREW)))


def conclude(
    watch: Watch,
    sight: Mapping[str, Any],
    seen: Observation,
    at: datetime,
    took_ms: float,
    vantage: str,
    zone: str = "",
) -> tuple[Watch, tuple[Event, ...], dict[str, Any]]:
    """The watch after a run, what is to be told, and what is known of the way out."""
    sight_after, notices = look(sight, watch, seen, at, vantage)
    walked = advance(watch, seen, at)
    insisted = insist(walked.watch, seen, at)
    reminded = remind(insisted.watch, seen, at, zone)
    compared = compare(reminded.watch, seen, at, told_wrong(reminded.events))
    compared = with_overtaken(reminded.watch, compared, at)
    sight_after, voiced, news = with_one_voice(sight_after, compared.watch, (*reminded.events, *compared.events), at)
    after = _noted(voiced, seen, at, took_ms)
    explained = _explained((*walked.events, *insisted.events), voiced, seen, at)
    sight_after, after, alerts = grouped(sight_after, after, explained, at)
    if not alerts:
        sight_after, after, alerts = caught_up(sight_after, after, at)
    after = replace(after, due_at=next_due(after, at))
    sight_after, hidden = noticed(sight_after, after, at, vantage)
    return after, (*notices, *alerts, *news, *hidden), sight_after


def _explained(events: tuple[Event, ...], watch: Watch, seen: Observation, at: datetime) -> tuple[Event, ...]:
    """What changed beside an outage may have made it."""
    if not any(event.kind in BROKEN for event in events):
        return events
    changes = recent(watch, seen, at)
    return tuple(
        replace(event, facts={**event.facts, "changes": changes}) if changes and event.kind in BROKEN else event
        for event in events
    )


def _noted(watch: Watch, seen: Observation, at: datetime, took_ms: float) -> Watch:
    """What is kept of every run. A silence that is over is forgotten, since its end has been told by now."""
    state = watch.state
    state = replace(
        state,
        baseline={**state.baseline, **seen.learned},
        later=seen.later,
        slow=took_ms > SLOW_MS,
        last_at=at,
        last_entry=seen.entry or state.last_entry,
        last_verdict=seen.verdict,
        last_ms=seen.elapsed_ms,
        unseen=unseen.after_run(state.unseen, seen, at),
    )
    watch = replace(watch, state=state)
    if watch.muted is None and watch.snoozed is None:
        return watch
    waits = state.incident is not None and (state.incident.silenced or not state.incident.told)
    if waits and watch.silence(at) is None:
        return watch  # nothing was seen in this run: who was quiet is still to be said
    muted, snoozed = (one if one is not None and one.holds(at) else None for one in (watch.muted, watch.snoozed))
    return replace(watch, muted=muted, snoozed=snoozed)
