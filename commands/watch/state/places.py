"""How each place of a watch is after a run, and what came to an end with it: what availability is made of. Pure.

A place is the target as a whole, and each of its endpoints (`mail.example.com:587`). What a run saw holds until the
next one: so a run and its confirmation a minute later weigh a minute. What is broken stays so through runs that tell
nothing and through pauses of ours, as its incident does; what was well is taken for well no longer than a run and a
half, then nobody saw it. What is not confirmed yet was not seen in a run that tells nothing of it. What one place alone
saw broken was not seen, from the first run that saw it so.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from commands.uptime import DOWN, RECORDS, UNSEEN, UP
from commands.watch.state.model import State, Watch
from commands.watch.state.observation import Observation, endpoint_of
from commands.watch.state.transitions import OPEN
from commands.watch.state.unseen import is_unconfirmed
from storage.watches import WatchSpan

AWAITED = "awaited"
"""We left before a word was due: down once an incident is open, else not seen."""

LATE = timedelta(minutes=5)
"""How late a run may be before what was seen last is no news."""


def whole_of(watch: Watch) -> str:
    """The place of a watch as a whole: its target, or the records of that."""
    return f"{RECORDS}{watch.target}" if watch.kind == "dns" else watch.target


def holds_until(watch: Watch) -> datetime | None:
    """How long what the last run saw well counts as well, where no other one follows; what is broken stays so."""
    last = watch.state.last_at
    return None if last is None else last + watch.every * 1.5 + LATE


Open = Mapping[str, tuple[str, str]]


def after_run(before: Watch, after: State, seen: Observation, at: datetime) -> tuple[Open, tuple[WatchSpan, ...]]:
    """How each place is (what, and since when in ISO), and the spans that ended."""
    known = _confirmed(before.state.places, after, seen)
    now = _now(whole_of(before), known, after, seen)
    last = before.state.last_at
    gap = last is not None and at - last > before.every * 1.5 + LATE
    if not gap and (last is None or last <= at) and now == {place: was[0] for place, was in known.items()}:
        return known, ()
    places: dict[str, tuple[str, str]] = {}
    ended: list[WatchSpan] = []
    for place in sorted({*known, *now}):
        was, what = known.get(place), now.get(place)
        unbroken = was is not None and not (gap and was[0] == UP) and (last is None or last <= at)
        if was is not None and unbroken and (was[0] == what or (was[0], what) == (AWAITED, DOWN)):
            places[place] = what or DOWN, was[1]
            continue
        if was is not None:
            ended += _ended(before, place, was, at, unseen=not unbroken)
        if what is not None:
            places[place] = what, at.isoformat()
    return places, tuple(ended)


def _confirmed(before: Open, after: State, seen: Observation) -> Open:
    """Nothing was down yet where no other place confirms it."""
    if after.phase in OPEN or not is_unconfirmed(seen.why):
        return before
    return {place: (UNSEEN if what in {DOWN, AWAITED} else what, since) for place, (what, since) in before.items()}


def _failing(after: State, seen: Observation) -> set[str]:
    """What is broken; until that is confirmed, only what this run saw so."""
    codes = after.failing if after.phase in OPEN else set(after.failing) & set(seen.failing)
    return set(map(endpoint_of, codes))


def _now(whole: str, before: Open, after: State, seen: Observation) -> dict[str, str]:
    failing = _failing(after, seen)
    blind = seen.outcome in {"unknown", "blind"}
    before = {place: was for place, was in before.items() if place.startswith(RECORDS) == whole.startswith(RECORDS)}
    looked = {*(before if blind else (*seen.places, *seen.held)), *failing} - {whole}
    found = {place: UNSEEN if blind or place in seen.held else UP for place in looked if _is_whole(place)}
    awaited = set() if after.phase in OPEN else _awaited(before, seen, failing)
    how = DOWN if failing - awaited else AWAITED if failing else UNSEEN if blind else UP
    down = {place: AWAITED if place in awaited else DOWN for place in failing - {whole} if _is_whole(place)}
    return {whole: how, **found, **down}


def _is_whole(place: str) -> bool:
    """One address of a pool is known while it is down alone: how much of the time it was well nobody can say."""
    return " " not in place and "[" not in place


def _awaited(before: Open, seen: Observation, failing: Collection[str]) -> set[str]:
    """What we left too early to know, and what a run said nothing of that was so before."""
    silent = set(failing if seen.outcome in {"unknown", "blind"} else seen.held)
    return {*seen.awaited, *(place for place in silent if before.get(place, ("",))[0] == AWAITED)} & set(failing)


def _ended(watch: Watch, place: str, was: tuple[str, str], at: datetime, *, unseen: bool) -> Iterator[WatchSpan]:
    """One span, or two: nobody looked for a while."""
    what, since = UNSEEN if was[0] == AWAITED else was[0], datetime.fromisoformat(was[1])
    last = watch.state.last_at or since
    until = min(at, last + watch.every) if unseen else at
    if since < until:
        yield WatchSpan(watch.id, place, since, until, what)
    if max(since, until) < at:
        yield WatchSpan(watch.id, place, max(since, until), at, UNSEEN)


def dropped(before: Watch, after: Watch) -> tuple[WatchSpan, ...]:
    """What ends when somebody turns a watch elsewhere: what was known up to its last run."""
    last = before.state.last_at
    if last is None or after.state.places == before.state.places:
        return ()
    known = ((place, what, datetime.fromisoformat(since)) for place, (what, since) in before.state.places.items())
    return tuple(WatchSpan(before.id, place, since, last, what) for place, what, since in known if since < last)
