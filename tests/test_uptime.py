"""How much of a time something was up, by time and not by runs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.uptime import DOWN, UNSEEN, Watched, downtimes, is_shorter, share, uptimes
from commands.watch.state.story import down as incidents_down
from storage.watches import WatchSpan

from .watch.samples import HOUR, MINUTE, NOON


def spans(*parts, watch="w-1", place="a:25"):
    """Spans one after the other from noon on: how long, and what it was."""
    at, made = NOON, []
    for length, what in parts:
        made.append(WatchSpan(watch, place, at, at + length, what))
        at += length
    return made


def of(*parts, begin=NOON, end=None):
    """Of the time that the parts are, where no other is named."""
    made = spans(*parts)
    return uptimes(made, begin, end or made[-1].until)["a:25"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([(24 * HOUR, "up")], "100 %"),
        ([(9 * HOUR, "up"), (HOUR, "down")], "90 % (1h down)"),
        ([(9 * HOUR, "up"), (HOUR, "down"), (14 * HOUR, "unseen")], "90 % (1h down, 14h not seen)"),
        ([(9000 * HOUR, "up")], "100 %"),
        ([(23 * HOUR, "up"), (timedelta(seconds=5), "down")], "99.9 % (1m down)"),
        ([(HOUR, "down")], "0 % (1h down)"),
        ([(timedelta(seconds=5), "up"), (24 * HOUR, "down")], "less than 0.1 % (1d down)"),
        ([(MINUTE, "up"), (99 * MINUTE, "down")], "1 % (1h 39m down)"),
        ([(MINUTE, "up"), (96 * MINUTE, "down")], "1.0 % (1h 36m down)"),
        ([(3 * HOUR, "unseen")], "not seen"),
    ],
)
def test_a_share_is_of_the_time_that_was_seen_and_says_what_was_not(parts, said):
    assert share(of(*parts)) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([(HOUR, "up")], []),
        ([(HOUR, "up"), (HOUR, "down"), (HOUR, "up")], [(1, 2, 1, 2)]),
        ([(HOUR, "up"), (HOUR, "down")], [(1, 2, 1, None)]),
        ([(HOUR, "down"), (HOUR, "unseen"), (HOUR, "down"), (HOUR, "up")], [(0, 3, 2, 3)]),
        ([(HOUR, "down"), (HOUR, "unseen"), (HOUR, "up")], [(0, 1, 1, 2)]),
        ([(HOUR, "down"), (HOUR, "unseen")], [(0, 1, 1, None)]),
        ([(HOUR, "down"), (HOUR, "up"), (HOUR, "down")], [(0, 1, 1, 1), (2, 3, 1, None)]),
        ([(HOUR, "down"), (HOUR, "deleted"), (HOUR, "down")], [(0, 1, 1, None), (2, 3, 1, None)]),
    ],
)
def test_a_time_down_ends_when_it_is_seen_well(parts, said):
    made = spans(*parts)
    told = downtimes(Watched(made).timeline("a", NOON, made[-1].until, 25))
    hours = [(one.since, one.until, one.lasted + NOON, one.ended) for one in told]
    assert [tuple(None if at is None else (at - NOON) / HOUR for at in one) for one in hours] == said
    assert downtimes(Watched(made).timeline("a", NOON, made[-1].until, 587)) == []


def test_a_time_is_cut_out_and_what_is_known_for_less_says_so():
    seen = of((HOUR, "up"), (HOUR, "down"), (HOUR, "up"), begin=NOON + 90 * MINUTE, end=NOON + 150 * MINUTE)
    assert (share(seen), is_shorter(seen, NOON + 90 * MINUTE)) == ("50 % (30m down)", False)
    assert is_shorter(of((HOUR, "up"), begin=NOON - HOUR, end=NOON + HOUR), NOON - HOUR)
    assert share(of((HOUR, "up"), begin=NOON + HOUR, end=NOON + 2 * HOUR)) == "not seen"


def test_what_any_watch_has_down_is_down_and_no_time_counts_twice():
    fine, seldom = (
        spans((HOUR, "up"), (HOUR, "down"), (HOUR, "unseen"), (HOUR, "up")),
        spans((4 * HOUR, "up"), watch="w-0"),
    )
    later = spans((90 * MINUTE, "unseen"), (HOUR, "down"), (90 * MINUTE, "up"), watch="w-2")
    for of_watches, said, down in [
        ([fine, seldom], "75 % (1h down)", HOUR),
        ([seldom, later], "75 % (1h down)", HOUR),
        ([fine, later], "62.5 % (1h 30m down)", 90 * MINUTE),
        ([fine, seldom, later], "62.5 % (1h 30m down)", 90 * MINUTE),
    ]:
        for order in (of_watches, of_watches[::-1]):
            known = [one for each in order for one in each]
            assert share(uptimes(known, NOON, NOON + HOUR * 4)["a:25"]) == said
            assert incidents_down(known, dict.fromkeys(("w-0", "w-1", "w-2"), "a:25"), NOON, NOON + HOUR * 4) == {
                "a:25": down
            }
    back = [*spans((2 * HOUR, "up")), WatchSpan("w-1", "a:25", NOON + HOUR, NOON + 3 * HOUR, "down")]
    assert share(uptimes(back, NOON, NOON + HOUR * 3)["a:25"]) == "66.6 % (1h down)"


def test_what_one_watch_did_not_see_another_may_have_and_a_deleted_one_is_missed_by_nobody():
    gone = [*spans((2 * HOUR, "up"), (HOUR, "down"), (9 * HOUR, "deleted"))]
    assert share(uptimes(gone, NOON, NOON + 12 * HOUR)["a:25"]) == "66.6 % (1h down)"
    after = [WatchSpan("w-2", "a:25", NOON + 4 * HOUR, NOON + 5 * HOUR, "down")]
    found = uptimes([*gone, *after], NOON, NOON + 12 * HOUR)["a:25"]
    assert (share(found), found.since) == ("50 % (2h down, 7h not seen)", NOON)
    blind = spans((HOUR, "up"), (HOUR, "unseen"), (2 * HOUR, "up"))
    beside = [WatchSpan("w-2", "a:25", NOON + 30 * MINUTE, NOON + 90 * MINUTE, "down")]
    assert share(uptimes([*blind, *beside], NOON, NOON + 4 * HOUR)["a:25"]) == "71.4 % (1h down, 30m not seen)"
    for seldom, said in ((False, "100 %"), (True, "100 % (1h not seen)")):
        well = [replace(one, seldom=seldom) for one in spans((4 * HOUR, "up"), watch="w-3")]
        assert share(uptimes([*blind, *well], NOON, NOON + 4 * HOUR)["a:25"]) == said, "who looked long ago"
        assert share(uptimes(well, NOON, NOON + 4 * HOUR)["a:25"]) == "100 %", "who looks alone"


def test_while_a_watch_does_not_look_its_places_are_not_seen_and_what_it_has_left_is_no_gap():
    paused = (HOUR, "paused")
    known = [*spans((HOUR, "up"), paused, (HOUR, "down")), *spans((HOUR, "up"), place="left:25")]
    found = uptimes([one for one in known if one.what != "paused"], NOON, NOON + 5 * HOUR)
    assert share(found["a:25"]) == "50 % (1h down, 3h not seen)"
    assert share(found["left:25"]) == "100 %"
    assert share(uptimes(known[:1], NOON - HOUR, NOON + HOUR)["a:25"]) == "100 %", "before it nobody watched"
    assert share(uptimes(known[:1], NOON, NOON + 30 * MINUTE)["a:25"]) == "100 %", "it ends later"


def test_what_is_awaited_is_not_seen():
    assert share(of((9 * HOUR, "up"), (HOUR, "awaited"))) == "100 % (1h not seen)"


def test_a_place_has_one_figure_under_the_name_of_its_host_and_of_its_domain():
    domain = [
        one for place in ("b.example", "a.example:25") for one in spans((2 * HOUR, "up"), (HOUR, "down"), place=place)
    ]
    host = [
        *spans((HOUR, "up"), (HOUR, "unseen"), (HOUR, "up"), watch="w-2", place="a.example"),
        *spans((HOUR, "down"), (HOUR, "unseen"), (HOUR, "up"), watch="w-2", place="a.example:25"),
        *spans((HOUR, "up"), (HOUR, "unseen"), (HOUR, "up"), watch="w-2", place="a.example:587"),
    ]
    other = [
        *spans((3 * HOUR, "down"), watch="w-3", place="c.example:25"),
        *spans((HOUR, "down"), watch="w-3", place="dns/a.example"),
    ]
    watched = Watched([*domain, *host, *other])
    found = {name: watched.uptimes(name, NOON, NOON + 3 * HOUR) for name in ("a.example", "b.example", "x.example")}
    told = {
        name: {place: (one.of(DOWN) / HOUR, one.of(UNSEEN) / HOUR) for place, one in of.items()}
        for name, of in found.items()
    }
    assert told == {
        "a.example": {"a.example": (2, 0), "a.example:25": (2, 0), "a.example:587": (0, 1)},
        "b.example": {"b.example": (2, 0), "a.example:25": (2, 0)},
        "x.example": {},
    }
    alone = Watched(domain).uptimes("a.example", NOON, NOON + 3 * HOUR)
    assert {place: one.of(DOWN) for place, one in alone.items()} == {"a.example": HOUR, "a.example:25": HOUR}
