from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.watch.state.actions import acknowledge, delete, edit, mute, resume, snooze
from commands.watch.state.model import Phase
from commands.watch.state.observation import Outcome
from commands.watch.state.runs import conclude
from commands.watch.state.transitions import OPEN, TABLE, advance
from commands.watch.view.plain_text import plain
from commands.watch.view.thread_words import ending
from tests.every import every

from .samples import HOUR, MINUTE, NOON, a_watch, seen

OTHER = ("refused mail.example.com:25",)


def play(watch, *outcomes, at=NOON):
    """The kinds of the events of each run, a minute apart, and the watch at the end."""
    told = []
    for number, outcome in enumerate(outcomes):
        observation = outcome if not isinstance(outcome, str) else seen(outcome, watch)
        watch, events, _ = conclude(watch, {}, observation, at + number * MINUTE, 10.0, "local")
        told.append([event.kind for event in events])
    return told, watch


def test_the_table_has_a_row_for_every_phase_and_outcome():
    assert TABLE.keys() == {(phase, outcome) for phase in get_args(Phase) for outcome in get_args(Outcome)}


def test_no_row_raises_an_alarm_for_what_says_nothing():
    for (phase, outcome), row in TABLE.items():
        if outcome in {"unknown", "blind"}:
            assert (row.then, row.reached) == (phase, None)


def test_an_incident_opens_after_failures_in_a_row_and_ends_after_successes_in_a_row():
    told, watch = play(a_watch(), "good", "bad", "bad", "bad", "good", "good", "good")
    assert told == [[], [], ["opened"], [], [], ["recovered"], []]
    assert (watch.state.phase, watch.state.incident) == ("up", None)


def test_one_failure_is_enough_when_the_owner_says_so():
    told, _ = play(a_watch(fail_after=1, recover_after=1), "bad", "good")
    assert told == [["opened"], ["recovered"]]


def test_a_target_that_flaps_alarms_nobody():
    told, _ = play(a_watch(), *["good", "bad"] * 20)
    assert told == [[]] * 40


def test_a_recovery_that_does_not_last_is_none():
    told, watch = play(a_watch(), "bad", "bad", "good", "bad", "good", "bad")
    assert told == [[], ["opened"], [], [], [], []]
    assert watch.state.phase == "down"


def test_what_says_nothing_neither_counts_nor_resets():
    told, _ = play(a_watch(), "bad", "unknown", "bad", "unknown", "good", "blind", "good")
    assert told[2] == ["opened"]
    assert told[-1] == ["sees_again", "recovered"] or told[-1] == ["recovered"]


@pytest.mark.parametrize("outcome", ["unknown", "blind"])
def test_what_says_nothing_never_alarms(outcome):
    told, watch = play(a_watch(fail_after=1), "good", *[outcome] * 30)
    assert not [kind for kinds in told for kind in kinds if kind != "cannot_see"]
    assert watch.state.phase == "up"


def test_the_incident_began_with_the_first_bad_run():
    _, watch = play(a_watch(), "good", "bad", "bad")
    assert watch.state.incident.since == NOON + MINUTE


def test_another_failure_changes_the_incident_without_a_new_one():
    told, watch = play(a_watch(), "bad", "bad", seen("bad", failing=OTHER), seen("bad", failing=OTHER))
    assert told[2:] == [["changed"], []]
    assert watch.state.serial == 1


FIRST, ALSO = "no_answer mail.example.com:25", "refused mail.example.com:587"
BOTH, ONE, NONE = seen("bad", failing=(FIRST, ALSO)), seen("bad"), seen("unknown")
UNSURE = seen("good", held=("mail.example.com:25",))
LATER, HIDDEN = seen("bad", failing=(ALSO,)), seen("bad", held=("mail.example.com:587",))


@every([
    ((BOTH, ONE, BOTH, ONE), 2, [], None),  # a hiccup, twice
    ((BOTH, BOTH), 2, [1], 0),
    ((ONE, BOTH, NONE, BOTH), 2, [3], 1),  # what tells nothing neither counts nor resets
    ((BOTH, HIDDEN, BOTH), 2, [2], 0),
    ((BOTH, "good", BOTH, BOTH), 2, [3], 2),
    ((BOTH, UNSURE, BOTH, ONE), 2, [], None),  # well, by a run that cannot see what else is broken
    ((LATER, LATER), 2, [1], 0),  # the first is well again meanwhile
    ((LATER, "good", "good"), 2, [2], None),  # one hiccup of another is none of its own
    ((BOTH, BOTH, BOTH), 3, [2], 0),
    ((BOTH, ONE), 1, [0, 1], 0),
])  # fmt: skip
def test_what_breaks_in_an_open_incident_is_told_as_surely_as_that_it_began(looks, after, told_in, since):
    begun = ["bad"] * after
    told, watch = play(a_watch(fail_after=after), *begun, *looks)
    assert [number for number, kinds in enumerate(told[after:]) if kinds] == told_in
    if since is not None:
        assert watch.state.incident.began.get(ALSO) in {None, (NOON + (after + since) * MINUTE).isoformat()}


def test_what_breaks_in_an_open_incident_is_looked_at_again_after_a_minute():
    watch = play(a_watch(every=HOUR), "bad", "bad")[1]
    assert watch.due_at - watch.state.last_at > MINUTE
    watch, told, _ = conclude(watch, {}, BOTH, NOON + HOUR, 1.0, "local")
    assert (told, watch.due_at) == ((), NOON + HOUR + MINUTE)
    _, [event], _ = conclude(watch, {}, BOTH, watch.due_at, 1.0, "local")
    assert (event.facts["new"], event.facts["worse"]) == ([ALSO], True)
    assert "13:00 UTC" in plain(ending(event))


def test_a_run_that_is_good_elsewhere_does_not_end_what_it_could_not_see():
    elsewhere = seen("good", held=("mail.example.com:25",))
    told, watch = play(a_watch(recover_after=1), "bad", "bad", elsewhere, elsewhere, "good")
    assert told[2:] == [[], [], ["recovered"]]
    assert watch.state.phase == "up"


def test_what_could_not_be_seen_stays_among_what_is_broken():
    both = ("no_answer mail.example.com:25", "refused mail.example.com:587")
    half = seen("bad", failing=both[1:], held=("mail.example.com:25",))
    told, watch = play(a_watch(), seen("bad", failing=both), seen("bad", failing=both), half)
    assert told[2] == []
    assert watch.state.incident.failing == both


@pytest.mark.parametrize("hidden", ["good", "bad"])
def test_what_is_well_again_is_broken_no_longer_also_where_the_rest_is_hidden(hidden):
    """The other port is well, or broken in another way, by a run that cannot see 25."""
    both = ("no_answer mail.example.com:25", "no_answer mail.example.com:587")
    left = {"good": both[:1], "bad": (both[0], *OTHER)}[hidden]
    half = seen(hidden, failing=left[1:], held=("mail.example.com:25",))
    told, watch = play(a_watch(), seen("bad", failing=both), seen("bad", failing=both), half, half)
    assert told[2:] == [["changed"], []]
    assert watch.state.failing == watch.state.incident.failing == tuple(sorted(left))


def test_a_run_that_sees_nothing_of_what_is_broken_confirms_nothing():
    both = ("no_answer mail.example.com:25", "no_answer mail.example.com:587")
    half = seen("good", held=("mail.example.com:25",))
    told, watch = play(a_watch(), seen("bad", failing=both), half, half)
    assert told == [[], [], []]
    assert (watch.state.phase, watch.state.failing) == ("failing", both[:1])


def test_nothing_new_is_told_while_a_watch_is_muted_and_what_is_still_bad_is_told_at_its_end():
    watch = mute(a_watch(), "U2", NOON, NOON + 4 * MINUTE, "works").watch
    told, watch = play(watch, "bad", "bad", "bad", "bad", "bad", "bad")
    assert told == [[], ["broke"], [], [], ["opened"], []]
    assert watch.muted is None


def test_an_incident_that_was_quieted_fires_again_when_the_quiet_ends():
    _, watch = play(a_watch(), "bad", "bad")
    watch = acknowledge(watch, "U2", NOON + 2 * MINUTE).watch
    watch = snooze(watch, "U2", NOON + 2 * MINUTE, NOON + 5 * MINUTE).watch
    told, after = play(watch, "bad", "bad", "unknown", "unknown", "bad", "bad", at=NOON + 3 * MINUTE)
    assert told == [[], [], [], [], ["refired"], []]
    assert after.state.incident.acked_by == ""


def test_a_refired_alert_says_whose_quiet_ended():
    _, watch = play(a_watch(), "bad", "bad")
    watch = snooze(watch, "U2", NOON, NOON + 3 * MINUTE).watch
    _, (event,), _ = conclude(watch, {}, seen("bad"), NOON + 3 * MINUTE, 1.0, "local")
    assert (event.facts["quiet_by"], event.facts["quiet_why"]) == ("U2", "snooze")


def test_a_recovery_during_a_snooze_is_told_quietly():
    _, watch = play(a_watch(recover_after=1), "bad", "bad")
    watch = snooze(watch, "U2", NOON, NOON + HOUR).watch
    _, (event,), _ = conclude(watch, {}, seen("good"), NOON + 3 * MINUTE, 1.0, "local")
    assert (event.kind, event.quiet) == ("recovered", True)


def test_nobody_hears_of_the_end_of_what_nobody_heard_of():
    watch = mute(a_watch(), "U2", NOON, None, "noise").watch
    told, watch = play(watch, "bad", "bad", "good")
    _, events, _ = conclude(watch, {}, seen("good"), NOON + 3 * MINUTE, 1.0, "local")
    assert told == [[], ["broke"], []]
    assert [(event.kind, event.quiet) for event in events] == [("recovered", True)]


def test_the_end_of_what_nobody_heard_of_is_quiet_also_when_the_mute_is_over():
    watch = mute(a_watch(), "U2", NOON, NOON + 3 * MINUTE, "noise").watch
    _, watch = play(watch, "bad", "bad", "good")
    _, (event,), _ = conclude(watch, {}, seen("good"), NOON + 3 * MINUTE, 1.0, "local")
    assert (event.kind, event.quiet) == ("recovered", True)


def test_a_mute_that_somebody_ends_fires_at_once():
    _, watch = play(a_watch(), "bad", "bad")
    watch = mute(watch, "U2", NOON, None, "noise").watch
    _, watch = play(watch, "bad", at=NOON + 2 * MINUTE)
    watch = resume(watch, NOON + 3 * MINUTE).watch
    assert watch.due_at == NOON + 3 * MINUTE
    told, _ = play(watch, "bad", at=NOON + 3 * MINUTE)
    assert told == [["refired"]]


def test_a_watch_that_is_deleted_closes_its_incident():
    _, watch = play(a_watch(), "bad", "bad")
    [event] = delete(watch, NOON).events
    assert (event.kind, event.quiet, event.id) == ("closed", False, "w-1.1.2")


def test_a_watch_that_looks_elsewhere_starts_anew_with_the_next_number():
    _, watch = play(a_watch(), "bad", "bad")
    done = edit(watch, {"ports": (587,)}, NOON)
    assert [event.kind for event in done.events] == ["closed"]
    assert done.watch.state.phase == "new"
    _, after = play(done.watch, seen("bad", done.watch), seen("bad", done.watch))
    assert after.state.incident.id == "w-1.2"


def test_other_settings_leave_an_incident_alone():
    _, watch = play(a_watch(), "bad", "bad")
    done = edit(watch, {"notify": "S1", "fail_after": 5}, NOON)
    assert done.events == ()
    assert done.watch.state.incident.id == "w-1.1"


STEPS = st.sampled_from(["good", "bad", "other", "unknown", "blind", "snooze", "mute", "resume", "ack", "wait"])


@given(st.lists(STEPS, max_size=60), st.integers(1, 4), st.integers(1, 4))
def test_no_alert_comes_twice_without_a_recovery(steps, fail_after, recover_after):
    """Whatever happens in whatever order: one opening, quiet that is kept, and one end for each incident."""
    watch, at, sight = a_watch(fail_after=fail_after, recover_after=recover_after), NOON, {}
    told, quieted = [], False
    for step in steps:
        at += MINUTE
        if step in {"snooze", "mute", "resume", "ack", "wait"}:
            watch, at = act(watch, step, at)
            quieted = quieted or step in {"snooze", "mute"}
            continue
        observation = seen("bad", failing=OTHER) if step == "other" else seen(step)
        before = watch
        watch, events, sight = conclude(watch, sight, observation, at, 10.0, "local")
        for event in (one for one in events if one.incident.startswith("w-1.")):
            check_one(event, before, told, quieted, observation)
            quieted = quieted and event.kind != "refired"
            told.append(event)
        assert (watch.state.incident is not None) == (watch.state.phase in OPEN)
    assert len({event.id for event in told}) == len(told)


def act(watch, step, at):
    if step == "wait":
        return watch, at + 30 * MINUTE
    if step == "ack":
        return (acknowledge(watch, "U2", at).watch if watch.state.incident else watch), at
    if step == "resume":
        return resume(watch, at).watch, at
    until = at + 20 * MINUTE
    quiet = snooze(watch, "U2", at, until) if step == "snooze" else mute(watch, "U2", at, until, "why")
    return quiet.watch, at


def check_one(event, before, told, quieted, observation):
    mine = [one.kind for one in told if one.incident == event.incident]
    assert observation.outcome in {"good", "bad"}
    assert "recovered" not in mine
    assert (event.kind in {"opened", "broke"}) == (mine in ([], ["broke"]) and event.kind != "recovered")
    assert (event.kind == "broke") <= event.quiet
    if event.kind in {"opened", "refired"}:
        assert before.silence(event.at) is None
        assert not event.quiet
    if event.kind == "refired":
        assert quieted
    if event.kind == "changed":
        assert list(before.state.incident.failing) != event.facts["failing"]
    if event.kind == "opened":
        ended = [one.incident for one in told if one.kind == "recovered"]
        assert {one.incident for one in told} - {event.incident} == set(ended)


@given(st.lists(st.sampled_from(["good", "bad", "unknown", "blind"]), max_size=40))
def test_a_step_is_pure(outcomes):
    watch = a_watch()
    for outcome in outcomes:
        once, twice = advance(watch, seen(outcome), NOON), advance(watch, seen(outcome), NOON)
        assert once == twice
        watch = replace(once.watch)
