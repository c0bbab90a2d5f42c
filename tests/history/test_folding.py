"""Equal runs of watches are one line with a count, up to where something was different."""

from dataclasses import replace
from datetime import timedelta

from commands.history.folding import folded
from commands.history.hosts_reply import _folded
from commands.history.line import written
from storage.history import Endpoint, Run
from tests.history.documents import AT, line

MINUTE = timedelta(minutes=1)


def ran(letters, **changes):
    """Lines, newest first: a letter is a host, a capital one differs from the one before it."""
    lines = [
        line(str(place), target=letter.lower(), surface="watch", started_at=AT - place * MINUTE, **changes)
        for place, letter in enumerate(letters)
    ]
    return [replace(one, changed=letter.isupper()) for one, letter in zip(lines, letters, strict=True)]


def counted(lines, most=10):
    folds, taken = folded(lines, most)
    return [(fold.newest.id, fold.oldest.id, fold.count) for fold in folds], taken


def test_runs_of_several_watches_fold_across_each_other():
    assert counted(ran("abababa")) == ([("0", "6", 4), ("1", "5", 3)], 7)


def test_a_change_ends_a_fold_although_both_sides_look_alike():
    assert counted(ran("aaAaa")) == ([("0", "2", 3), ("3", "4", 2)], 5)


def test_two_outages_are_no_fold_although_the_first_run_of_each_had_not_alerted_yet():
    """Confirmed, first seen, well; and the same once more before that."""
    one = (Endpoint("a", 465, "refused"),)
    bad = [replace(each, verdict="failed", endpoints=one) for each in ran("aAaAaA")]
    well = {"verdict": "ok", "endpoints": (Endpoint("a", 465, "open"),)}
    runs = [replace(each, alerted=number in {0, 3}) for number, each in enumerate(bad)]
    runs = [replace(each, changed=number in {1, 2, 4, 5}) for number, each in enumerate(runs)]
    runs = [replace(each, **well) if number in {2, 5} else each for number, each in enumerate(runs)]
    assert [count for _, _, count in counted(runs)[0]] == [1] * 6
    failed = [each for each in runs if each.verdict == "failed"]
    assert [count for _, _, count in counted(failed)[0]] == [1] * 4


def test_a_page_ends_before_the_line_that_it_has_no_room_for():
    assert counted(ran("aabacab"), most=2) == ([("0", "3", 3), ("2", "2", 1)], 4)


def test_what_somebody_asked_and_what_looks_otherwise_stand_for_themselves():
    asked = [replace(one, surface="slash") for one in ran("aaa")]
    assert len(counted(asked)[0]) == 3
    for change in ({"verdict": "failed"}, {"actor": "U9"}, {"channel": "C9"}, {"vantage": "mta"}, {"endpoints": ()}):
        one, other = ran("aa")
        assert len(counted([one, replace(other, **change)])[0]) == (1 if other == replace(other, **change) else 2)


def test_what_could_not_be_judged_parts_what_looks_alike_on_both_sides():
    """Six hours of a dead resolver, between two runs of another watch's ports, which saw all of it."""
    both = [replace(one, endpoints=(Endpoint("a", 25, "open"),)) for one in ran("aaaaa")]
    gap = [replace(one, verdict="unknown", endpoints=()) if one.id in "12" else one for one in both]
    assert counted(gap) == ([("0", "0", 1), ("1", "2", 2), ("3", "4", 2)], 5)
    other = (Endpoint("a", 465, "no_answer"),)
    held_up = [replace(one, verdict="unknown", endpoints=other) if one.id in "12" else one for one in both]
    assert counted(held_up) == ([("0", "4", 3), ("1", "2", 2)], 5)


def test_a_fold_that_may_go_on_behind_the_page_says_so():
    lines = ran("aaAaab")
    folds, _ = folded(lines, 2)
    assert [fold.cut for fold in folds] == [False, True]
    assert [fold.cut for fold in folded(lines, 9)[0]] == [False] * 3
    [whole], [cut] = (folded(ran("aaa"), 9, more=more)[0] for more in (False, True))
    assert [" or longer" in written(fold) for fold in (whole, cut)] == [False, True]


def test_what_a_watch_alerted_of_has_no_tick_although_other_ports_work():
    good, alerted = (written(line(alerted=alerted)) for alerted in (False, True))
    assert good.startswith(":white_check_mark:") and "not all that is watched" not in good
    assert alerted.startswith(":warning:") and "works, but not all that is watched" in alerted


def test_a_time_that_several_sets_of_ports_saw_is_one_line():
    def seen(name, first, last, count=2):
        began, ended = AT + timedelta(minutes=first), AT + timedelta(minutes=last)
        return Run("T1", "local", name, name, began, f"{name}-first", ended, f"{name}-last", count)

    runs = [seen("587", 100, 160), seen("465", 0, 50), seen("465,587", 10, 60, 3), seen("25", 20, 30)]
    newest, oldest = _folded(runs)
    assert newest == runs[0]
    assert (oldest.first, oldest.last, oldest.count) == (AT, AT + timedelta(hours=1), 7)
    assert (oldest.first_id, oldest.last_id) == ("465-first", "465,587-last")
