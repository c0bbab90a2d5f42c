"""What was done to a watch is told from the watch before and after: each action by its own name, and no run."""

from dataclasses import replace
from datetime import time

import pytest

from commands.watch.state import accepting, actions
from commands.watch.state.actions import CANNOT_POST, decided
from commands.watch.state.baseline import ACCEPTED
from commands.watch.state.deeds import COLUMNS, SETTINGS
from commands.watch.state.dns_changes import DIFFERS
from commands.watch.state.model import PORTERO, Incident, Second, Silence, State
from commands.watch.state.rows import to_row
from commands.watch.state.windows import EVERY_DAY, Window
from storage.audit import AuditEntry
from tests.every import every
from tests.watch.samples import HOUR, MINUTE, NOON, a_watch

AT = NOON + HOUR
UNTIL = AT + HOUR
LAST = NOON + 30 * MINUTE
UP = a_watch(state=State(phase="up", last_at=LAST))
DOWN = replace(
    UP, state=State(phase="down", incident=Incident("w-1.1", NOON, ("no_answer h:25",), told=True), last_at=LAST)
)
DIFFERENT = replace(
    UP, state=State(phase="up", baseline={DIFFERS: {"mx example.com": [["mx1"], NOON.isoformat()]}}, last_at=LAST)
)
MUTED = replace(UP, muted=Silence("U2", NOON, None, "works"))
SNOOZED = replace(UP, snoozed=Silence("U2", NOON, UNTIL, "snooze"))
PAUSED = replace(UP, paused=Silence("U2", NOON + MINUTE))
WAITS = a_watch(paused=Silence(PORTERO, NOON, None, CANNOT_POST))
LOST = replace(UP, unposted=Silence(PORTERO, NOON + MINUTE, None, "is_archived"))
PAUSED_BY_ITSELF = replace(UP, paused=Silence(PORTERO, NOON + MINUTE, None, CANNOT_POST))


def noted(action, watch=UP):
    """Codes and facts of what the log would say."""
    change = decided(action, AT)(to_row(watch), {})
    assert all(isinstance(one, AuditEntry) and one.at == AT for one in change.noted)
    return [(str(one.action), one.document) for one in change.noted]


DEEDS = {
    "paused": (lambda it: actions.pause(it, "U1", AT, "moving"), UP, [("paused", {"why": "moving", "who": "U1"})]),
    "its channel takes no posts": (lambda it: actions.cannot_post(it, AT, "is_archived"), UP, []),
    "resumed": (lambda it: actions.resume(it, AT), PAUSED, [("resumed", {})]),
    "its channel takes posts again": (lambda it: actions.come_back(it, AT), LOST, []),
    "as an older version paused it": (lambda it: actions.come_back(it, AT), PAUSED_BY_ITSELF, []),
    "a new watch whose channel took its first post": (lambda it: actions.resume(it, AT), WAITS, []),
    "muted": (
        lambda it: actions.mute(it, "U1", AT, UNTIL, "works"),
        UP,
        [("muted", {"until": UNTIL.isoformat(), "why": "works"})],
    ),
    "muted for ever": (lambda it: actions.mute(it, "U1", AT, None, ""), UP, [("muted", {})]),
    "muted otherwise": (
        lambda it: actions.mute(it, "U1", AT, UNTIL, "more works"),
        MUTED,
        [("muted", {"until": UNTIL.isoformat(), "why": "more works"})],
    ),
    "unmuted": (lambda it: actions.unmute(it, AT), MUTED, [("unmuted", {})]),
    "unmuted when nothing was muted": (lambda it: actions.unmute(it, AT), UP, []),
    "snoozed": (lambda it: actions.snooze(it, "U1", AT, UNTIL), UP, [("snoozed", {"until": UNTIL.isoformat()})]),
    "the end of a snooze": (lambda it: actions.unsnooze(it, AT), SNOOZED, [("unsnoozed", {})]),
    "acknowledged": (lambda it: actions.acknowledge(it, "U1", AT), DOWN, [("acknowledged", {"incident": "w-1.1"})]),
    "accepted": (lambda it: accepting.accept(it, AT, "U1"), DIFFERENT, [("accepted", {})]),
    "deleted": (lambda it: actions.delete(it, AT), DOWN, [("watch_deleted", {})]),
    "restored": (lambda it: actions.undelete(it, AT), replace(UP, deleted_at=AT), [("watch_restored", {})]),
    "run": (lambda it: actions.run_now(it, AT), DOWN, []),
    "a note": (lambda it: actions.note(it, "U1", AT, "on it"), DOWN, []),
}


@every(DEEDS.values())
def test_what_is_done_is_told_by_its_name(action, watch, told):
    assert noted(action, watch) == told


CHANGES = {
    "every": 5 * MINUTE,
    "ports": (25, 587),
    "notify": "U9",
    "fail_after": 4,
    "recover_after": 3,
    "then": Second("U8", HOUR),
    "runbook": "https://example.com/runbook",
    "windows": (Window(time(1), time(2), "UTC", EVERY_DAY),),
    "routes": {"mail": ("ops@example.com",)},
    "vantage": "mta-03",
    "target": "other.example.com",
    "channel": "C2",
}


@pytest.mark.parametrize("name", CHANGES)
def test_another_setting_is_told_with_what_it_was(name):
    [(deed, document)] = noted(lambda it: actions.edit(it, {name: CHANGES[name]}, AT))
    assert deed == "watch_edited"
    [told] = document["new"]
    assert told in {*COLUMNS, *SETTINGS}
    assert document["old"][told] != document["new"][told]


def test_what_is_accepted_and_what_is_edited_are_told_apart():
    [(deed, _)] = noted(lambda it: actions.edit(it, {"target": "other.example.com"}, AT), DIFFERENT)
    assert deed == "watch_edited"
    assert ACCEPTED not in DIFFERENT.state.baseline


def test_a_watch_that_moves_is_told_in_the_channel_that_it_leaves():
    change = decided(lambda it: actions.edit(it, {"channel": "C2"}, AT), AT)(to_row(UP), {})
    assert [one.channel for one in change.noted] == ["C1"]


def test_what_nobody_does_is_not_told():
    assert decided(lambda it: actions.mute(it, "U1", AT, None, ""))(to_row(UP), {}).noted == ()
