from dataclasses import replace

import pytest

from commands.contract import UserError
from commands.watch.state.actions import (
    CANNOT_POST,
    MOST_MOVES,
    PORTERO,
    acknowledge,
    cannot_post,
    come_back,
    decided,
    delete,
    edit,
    mute,
    pause,
    resume,
    run_now,
    snooze,
    undelete,
    unmute,
    unsnooze,
)
from commands.watch.state.model import Incident, State
from commands.watch.state.rows import of_row, to_row
from commands.watch.state.runs import conclude
from commands.watch.state.story import stories
from commands.watch.verbs.showing import rehearsal
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import facts
from tests.every import every

from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

DOWN = a_watch(
    due_at=NOON + DAY, state=State("down", incident=Incident("w-1.1", NOON, ("x m:25",), told=True, events=1), serial=1)
)


def test_a_pause_stops_a_watch_and_a_resume_starts_it_at_once():
    paused = pause(a_watch(), "U2", NOON, "migration").watch
    assert (paused.due_at, paused.paused.who, paused.paused.why) == (None, "U2", "migration")
    again = resume(paused, NOON + HOUR).watch
    assert (again.due_at, again.paused) == (NOON + HOUR, None)


def test_a_snoozed_incident_is_looked_at_when_the_snooze_ends():
    watch = snooze(DOWN, "U2", NOON, NOON + HOUR).watch
    assert watch.due_at == NOON + HOUR
    assert watch.state.incident.silenced
    assert watch.silence(NOON + HOUR - MINUTE).who == "U2"
    assert watch.silence(NOON + HOUR) is None


def test_a_mute_without_end_holds_until_somebody_ends_it():
    watch = mute(a_watch(), "U2", NOON, None, "noise").watch
    assert watch.silence(NOON + 900 * DAY).why == "noise"
    assert resume(watch, NOON + DAY).watch.silence(NOON + DAY) is None


def test_the_end_of_a_snooze_leaves_a_mute_and_the_end_of_a_mute_leaves_a_snooze():
    muted = mute(a_watch(), "U2", NOON, NOON + 2 * DAY, "moving").watch
    both = snooze(muted, "U3", NOON, NOON + 9 * DAY).watch
    assert unsnooze(both, NOON + HOUR).watch.silence(NOON + HOUR).why == "moving"
    assert unmute(both, NOON + HOUR).watch.silence(NOON + HOUR).who == "U3"
    assert unsnooze(pause(both, "U2", NOON).watch, NOON + HOUR).watch.due_at is None
    assert resume(both, NOON + HOUR).watch.silence(NOON + HOUR) is None


def test_a_channel_that_comes_back_ends_the_pause_that_it_made_and_nothing_else():
    muted = mute(DOWN, "U2", NOON, NOON + DAY, "moving").watch
    back = come_back(pause(muted, PORTERO, NOON, CANNOT_POST).watch, NOON + HOUR).watch
    assert (back.paused, back.due_at, back.muted) == (None, NOON + HOUR, muted.muted)
    paused = pause(muted, "U2", NOON, "holiday").watch
    assert come_back(paused, NOON + HOUR).watch == paused


def test_an_incident_is_acknowledged_while_it_is_open():
    incident = acknowledge(DOWN, "U2", NOON).watch.state.incident
    assert (incident.acked_by, incident.acked_at) == ("U2", NOON)
    with pytest.raises(UserError, match="no open incident"):
        acknowledge(a_watch(), "U2", NOON)


def test_a_deleted_watch_comes_back_within_ten_minutes():
    gone = delete(DOWN, NOON).watch
    assert to_row(gone).due_at is None
    back = undelete(gone, NOON + 10 * MINUTE).watch
    assert (back.deleted_at, back.due_at, back.state.phase) == (None, NOON + 10 * MINUTE, DOWN.state.phase)
    with pytest.raises(UserError, match="ten minutes"):
        undelete(gone, NOON + 11 * MINUTE)


def test_naming_ports_anew_lets_a_watch_learn_anew():
    known = replace(a_watch(), state=State("up", baseline={"endpoints": {"m:25": "tls"}}))
    assert edit(known, {"ports": ()}, NOON).watch.state == State()
    assert edit(known, {"every": HOUR}, NOON).watch.state == known.state


def test_a_watch_that_is_paused_is_not_run():
    assert run_now(pause(a_watch(), "U2", NOON).watch, NOON).watch.due_at is None
    assert run_now(a_watch(), NOON + MINUTE).watch.due_at == NOON + MINUTE


def test_a_rehearsal_looks_like_an_alert_and_says_that_it_is_none():
    event = rehearsal(a_watch(ports=(587,)), NOON)
    assert (event.kind, event.facts["failing"]) == ("opened", ["no_answer mail.example.com:587"])
    assert event.facts["rehearsal"] is True


def test_a_decided_action_is_a_change_of_the_row_as_it_is():
    change = decided(lambda watch: delete(watch, NOON))(to_row(DOWN), {})
    assert of_row(change.watch).deleted_at == NOON
    assert [(event.kind, event.routes) for event in change.events] == [("closed", ("slack",))]


@every([
    ((), ()),
    ((("closes", 5),), ("from 2026-11-24 12:05 UTC until it was over",)),
    ((("closes", 5), ("opens", 9)), ("from 2026-11-24 12:05 UTC to 2026-11-24 12:09 UTC",)),
    ((("closes", 5), ("opens", 9), ("closes", 20)), ("to 2026-11-24 12:09 UTC", "12:20 UTC until it was over")),
])  # fmt: skip
def test_a_postmortem_has_the_times_in_which_the_channel_took_no_posts(steps, said):
    watch, told = a_watch(fail_after=1, recover_after=1), []
    for what, minutes in (("bad", 0), *steps, ("good", 30)):
        at = NOON + minutes * MINUTE
        if what in {"bad", "good"}:
            watch, events, _ = conclude(watch, {}, seen(what, watch), at, 1.0, "local")
            told += events
        else:
            watch = (cannot_post(watch, at, "is_archived") if what == "closes" else come_back(watch, at)).watch
    [story] = stories(told)
    lines = [plain(line) for line in facts(story, NOON + HOUR) if "took no posts" in line]
    assert len(lines) == len(said)
    assert all(
        line.startswith("Its channel took no posts from ") and line.endswith(end)
        for line, end in zip(lines, said, strict=True)
    )


def test_of_a_watch_that_is_moved_again_and_again_the_last_places_are_kept_and_what_was_before_is_nobodys():
    watch = a_watch(channel="C0")
    for number in range(1, MOST_MOVES + 3):
        watch = edit(watch, {"channel": f"C{number}"}, NOON + number * DAY).watch
    (first, until), *rest = watch.moves
    assert (first, until, len(rest)) == ("", (NOON + 3 * DAY).isoformat(), MOST_MOVES - 1)
    assert rest[-1] == (f"C{MOST_MOVES + 1}", (NOON + (MOST_MOVES + 2) * DAY).isoformat())
