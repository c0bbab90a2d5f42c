"""When a watch runs next. Pure; instants in UTC.

Every watch has its own place in its interval, made from its id: so a thousand that were made at once are spread
evenly, a restart changes nothing, and runs that were missed come to one. Wall-clock changes cannot pile runs up or
starve a watch: the next time is always counted from the time that it is now.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from commands.watch.state.certificates import ends_next
from commands.watch.state.dns_changes import wait_of
from commands.watch.state.insistence import next_at
from commands.watch.state.model import Watch
from commands.watch.state.unseen import AFTER, RUNS, is_unseen

CONFIRM = timedelta(seconds=60)
"""How soon a change is looked at again: no host is checked more often than once in a minute."""

CONFIRM_BESIDE = 2 * CONFIRM
"""The same where another endpoint asked us to come later: its port is left alone for a minute (`stored.pauses`)."""

STILL_BAD = timedelta(minutes=15)
"""How soon a watch on certificates, which looks twice a day, sees that one was renewed which had ended."""

WHILE_UNSEEN = timedelta(hours=1)
"""How long what is not seen waits at most, until that has lasted longer."""

JUST_AFTER = timedelta(seconds=1)
"""A certificate holds to the end of its last second."""

UNTIL_UNSEEN = AFTER / (RUNS - 1)
"""How soon what told nothing is looked at again: so often that half an hour suffices to call it not seen."""

SLACK = timedelta(minutes=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNSURE = frozenset({"failing", "recovering"})


def offset(watch_id: str, every: timedelta) -> timedelta:
    """The place of a watch in its interval, in whole milliseconds."""
    number = int.from_bytes(hashlib.blake2b(watch_id.encode(), digest_size=8).digest(), "big")
    return timedelta(milliseconds=number % max(1, every // timedelta(milliseconds=1)))


def on_grid(watch: Watch, after: datetime) -> datetime:
    """The first of the watch's own times that comes later than `after`."""
    start = _EPOCH + offset(watch.id, watch.every)
    runs: int = (after - start) // watch.every + 1
    return start + runs * watch.every


def next_due(watch: Watch, at: datetime) -> datetime:
    """When a watch that ran at `at` (and whose state is that after the run) runs next.

    A look out of turn makes no gap that is longer than the interval; beside what is down, which is looked at often, a
    turn that comes soon after it is left out. Earlier than its own time when a change waits to be confirmed or a quiet
    ends on an open incident, or when that has to be told again, when a certificate ends, or when runs told nothing
    (`_until_seen`). Never later: a target that asks us to come later has its port left alone for a minute
    (`stored.pauses`), and no more.
    """
    rests = watch.every / 2 if watch.state.incident is not None else min(watch.every / 2, CONFIRM)
    due, soon = on_grid(watch, at + rests), CONFIRM_BESIDE if watch.state.later else CONFIRM
    if (pause := _until_seen(watch, at)) is not None:
        due = min(due, at + pause)
    if (pause := wait_of(watch, at)) is not None:
        due = min(due, at + pause)
    if _is_unsure(watch) and not watch.state.held and not _waits_for_quiet(watch):
        due = min(due, at + soon)
    if watch.kind == "certificate" and watch.state.incident is not None:
        due = min(due, at + STILL_BAD)
    if (again := next_at(watch, at)) is not None:
        due = min(due, again)
    if (ends := ends_next(watch, at)) is not None:
        due = min(due, ends + JUST_AFTER)
    silence = watch.silence(at)
    if silence is not None and silence.until is not None and watch.state.incident is not None:
        due = min(due, max(silence.until, at + timedelta(seconds=1)))
    return due


def _is_unsure(watch: Watch) -> bool:
    """Whether a change waits to be confirmed."""
    return watch.state.phase in _UNSURE or bool(watch.state.rising)


def _until_seen(watch: Watch, at: datetime) -> timedelta | None:
    """How long what is not seen waits at most, whatever the interval: its end is told late by no more than it lasted.

    Sooner, but ever later, where it hides what waits to be confirmed.
    """
    if watch.state.unseen is None:
        return None
    lasted = at - watch.state.unseen.since
    if is_unseen(watch.state):
        return max(WHILE_UNSEEN, lasted)
    soon = min(UNTIL_UNSEEN, max(AFTER - lasted, CONFIRM_BESIDE))
    return min(soon, max(lasted, CONFIRM_BESIDE)) if _is_unsure(watch) else soon


def _waits_for_quiet(watch: Watch) -> bool:
    """What flaps and is well now is looked at in its own time: only the hour is waited for."""
    incident = watch.state.incident
    confirmed = watch.state.phase == "recovering" and watch.state.count >= watch.recover_after
    return confirmed and incident is not None and incident.flapping


def is_stray(watch: Watch, now: datetime) -> bool:
    """Whether the next run lies further ahead than any can: the clock was set back."""
    longest = watch.every * 2 + SLACK
    return watch.due_at is not None and watch.due_at - now > longest
