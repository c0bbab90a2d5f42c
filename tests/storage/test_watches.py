"""What every implementation of `Watches` keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.history import OPERATOR, StorageError
from storage.queries import Query, Viewer
from storage.watches import DELETED, Change, StoredEvent, StoredWatch, WatchSpan
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry

LATER = NOON + 2 * MINUTE


def a_watch(id: str = "w-1", **changes) -> StoredWatch:  # noqa: A002 - the name of the field
    fields = {
        "team": "T1",
        "channel": "C1",
        "owner": "U1",
        "kind": "check",
        "target": "mail.example.com",
        "document": {"runs": 0},
        "due_at": NOON,
    }
    return StoredWatch(id=id, **{**fields, **changes})


def an_event(id: str = "w-1.1.1", incident: str = "w-1.1", routes=("slack",), **changes) -> StoredEvent:  # noqa: A002
    fields = {"watch": "w-1", "kind": "opened", "at": NOON, "document": {"facts": {}}}
    return StoredEvent(id=id, incident=incident, routes=routes, **{**fields, **changes})


def counted(watch, _sight):
    return Change(replace(watch, document={"runs": watch.document["runs"] + 1}, due_at=watch.due_at + MINUTE))


def telling(*events):
    return lambda watch, _sight: Change(watch, events)


@pytest.fixture
def watches(history):
    return history.watches


async def claimed(watches, now=NOON, owner="p1", quick=10, slow=0, **sight):
    return await watches.claim_due(owner, now, now + MINUTE, quick=quick, slow=slow, **sight)


async def offered(watches, now=NOON, routes=("slack", "mail")):
    return await watches.claim_deliveries(now, now + MINUTE, 10, routes)


async def test_a_watch_comes_back_as_it_was(watches):
    watch = a_watch(document={"a": [1, None, "é"]}, slow=True, deleted_at=NOON)
    assert await watches.add(watch, 5, OPERATOR)
    assert await watches.get("w-1", OPERATOR) == watch
    assert await watches.get("w-2", OPERATOR) is None


async def test_a_team_has_a_limit_in_which_deleted_watches_do_not_count(watches):
    assert await watches.add(a_watch("w-1"), 2, OPERATOR)
    assert await watches.add(a_watch("w-2", deleted_at=NOON), 2, OPERATOR)
    assert await watches.add(a_watch("w-3"), 2, OPERATOR)
    assert not await watches.add(a_watch("w-4"), 2, OPERATOR)
    assert await watches.add(a_watch("w-5", team="T2"), 2, OPERATOR)
    assert [one.id for one in await watches.visible_to(Viewer("T1", admin=True))] == ["w-1", "w-3"]
    assert [one.id for one in await watches.visible_to(Viewer("T1", admin=True), deleted=True)] == ["w-1", "w-2", "w-3"]
    assert [one.id for one in await watches.visible_to(OPERATOR)] == ["w-1", "w-3", "w-5"]


async def test_watches_are_listed_for_their_owner_and_those_in_their_channel(watches):
    await watches.add(a_watch("w-1", channel="C2"), 9, OPERATOR)
    await watches.add(a_watch("w-2", owner="U2"), 9, OPERATOR)
    assert [one.id for one in await watches.visible_to(Viewer("T1", "U3", frozenset({"C2"})))] == ["w-1"]
    assert [one.id for one in await watches.visible_to(Viewer("T1", "U2"))] == ["w-2"]


async def test_what_is_due_is_leased_once_the_longest_due_first(watches):
    await watches.add(a_watch("w-1", due_at=NOON), 9, OPERATOR)
    await watches.add(a_watch("w-2", due_at=NOON - MINUTE), 9, OPERATOR)
    await watches.add(a_watch("w-3", due_at=NOON + MINUTE), 9, OPERATOR)
    await watches.add(a_watch("w-4", due_at=None), 9, OPERATOR)
    await watches.add(a_watch("w-5", deleted_at=NOON), 9, OPERATOR)
    await watches.add(a_watch("w-6", slow=True), 9, OPERATOR)
    assert [lease.watch.id for lease in await claimed(watches)] == ["w-2", "w-1"]
    assert await claimed(watches, owner="p2") == []
    assert [lease.watch.id for lease in await claimed(watches, slow=1)] == ["w-6"]


async def test_a_watch_of_another_machine_is_leased_to_who_sees_it_and_when_nobody_did_for_long_to_anybody(watches):
    far = a_watch("w-2", place="mta-03", unseen_at=NOON + 2 * MINUTE)
    await watches.add(a_watch("w-1", due_at=NOON + MINUTE), 9, OPERATOR)
    await watches.add(far, 9, OPERATOR)
    assert await watches.get("w-2", OPERATOR) == far
    assert [await watches.next_due(places) for places in ((), ["fra-1"], ["mta-03"])] == [*[NOON + MINUTE] * 2, NOON]
    for number, sight in enumerate(({}, {"places": ["fra-1"]})):
        assert await claimed(watches, owner=f"p{number}", **sight) == []
    assert [lease.watch.id for lease in await claimed(watches, places=["fra-1", "mta-03"])] == ["w-2"]
    await watches.release("p1")
    assert [lease.watch.id for lease in await claimed(watches, LATER, unseen=False)] == ["w-1"]
    assert await watches.next_due() == LATER
    assert [lease.watch.id for lease in await claimed(watches, LATER)] == ["w-2"]


async def test_a_lease_that_ran_out_goes_to_somebody_else_and_its_result_is_dropped(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    [lost] = await claimed(watches)
    [lease] = await claimed(watches, now=NOON + MINUTE, owner="p2")
    assert not await watches.finish(lost, counted, entry=an_entry())
    assert await watches.finish(lease, counted)
    assert (await watches.get("w-1", OPERATOR)).document == {"runs": 1}


async def test_a_late_result_counts_while_nobody_else_took_the_watch(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    [lease] = await claimed(watches)
    assert await watches.finish(lease, counted)
    assert not await watches.finish(lease, counted)
    assert (await watches.get("w-1", OPERATOR)).document == {"runs": 1}


async def test_a_lease_from_a_clock_that_was_set_back_counts_for_nothing(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    assert await watches.claim_due("p1", NOON, NOON + timedelta(hours=9), quick=1)
    assert [lease.watch.id for lease in await claimed(watches, owner="p2")] == ["w-1"]


async def test_a_process_whose_clock_is_a_little_behind_takes_nothing_that_is_leased(watches):
    await watches.add(a_watch(due_at=NOON - MINUTE), 9, OPERATOR)
    await watches.tell(an_event())
    assert len(await claimed(watches, now=NOON)) == 1
    assert len(await offered(watches, now=NOON)) == 1
    assert await claimed(watches, now=NOON - timedelta(seconds=30), owner="p2") == []
    assert await offered(watches, now=NOON - timedelta(seconds=30)) == []


async def test_what_a_dead_process_had_leased_is_free_and_its_deliveries_may_have_arrived(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    await watches.tell(an_event())
    await claimed(watches, owner="p1")
    [lost] = await watches.claim_deliveries(NOON, LATER, 10, ["slack"], owner="p1")
    await watches.bury("p")
    assert (await claimed(watches), await offered(watches)) == ([], [])
    await watches.bury("p1")
    [again] = await offered(watches)
    assert (len(await claimed(watches)), again.unsure) == (1, True)
    assert not await watches.delivered(lost, NOON, None)


async def test_an_orderly_end_gives_leases_back(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    await claimed(watches, owner="p1")
    await watches.release("p2")
    assert await claimed(watches) == []
    await watches.release("p1")
    assert len(await claimed(watches)) == 1


async def test_a_run_its_entry_and_its_events_are_kept_together(history, watches):
    await watches.add(a_watch(), 9, OPERATOR)
    [lease] = await claimed(watches)
    event = an_event()
    decide = lambda watch, _: replace(counted(watch, {}), events=(event,))  # noqa: E731 - read once
    assert await watches.finish(lease, decide, entry=an_entry("e1"), readings=[a_reading()])
    assert await history.get("e1", OPERATOR)
    assert len(await history.readings("e1", OPERATOR)) == 1
    assert await watches.events(OPERATOR, watch="w-1") == [replace(event, routes=())]


async def test_nothing_is_kept_when_the_decision_fails(history, watches):
    await watches.add(a_watch(), 9, OPERATOR)
    [lease] = await claimed(watches)

    def failing(_watch, _sight):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await watches.finish(lease, failing, entry=an_entry("e1"))
    assert await history.get("e1", OPERATOR) is None
    assert await watches.finish(lease, counted)


async def test_an_event_is_told_once(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    await watches.change("w-1", telling(an_event()), OPERATOR)
    with pytest.raises(StorageError, match="stored already"):
        await watches.change("w-1", telling(an_event()), OPERATOR)
    assert not await watches.tell(an_event())
    assert len(await watches.events(OPERATOR)) == 1


async def test_a_change_sees_the_sight_of_its_team_and_vantage(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    await watches.add(a_watch("w-2", team="T2"), 9, OPERATOR)
    seen = []

    def look(watch, sight):
        seen.append(sight)
        return Change(watch, sight={"blind": len(seen)})

    await watches.change("w-1", look, OPERATOR)
    await watches.change("w-1", look, OPERATOR, vantage="mta-03")
    await watches.change("w-2", look, OPERATOR)
    await watches.change("w-1", look, OPERATOR)
    assert seen == [{}, {}, {}, {"blind": 1}]
    assert await watches.change("w-9", look, OPERATOR) is None


async def test_a_change_makes_others_of_its_team_due_sooner_and_none_later_nor_one_that_does_not_run(watches):
    later = NOON + 2 * MINUTE
    for name, changes in {
        "w-1": {}, "w-2": {"due_at": later}, "w-3": {}, "w-4": {"due_at": None}, "w-5": {"team": "T2", "due_at": later},
    }.items():  # fmt: skip
        await watches.add(a_watch(name, **changes), 100, OPERATOR)
    due = dict.fromkeys(("w-2", "w-3", "w-4", "w-5"), NOON + MINUTE)
    await watches.change("w-1", lambda watch, _sight: Change(watch, due=due), OPERATOR)
    found = {row.id: row.due_at for row in await watches.visible_to(OPERATOR)}
    assert found == {"w-1": NOON, "w-2": NOON + MINUTE, "w-3": NOON, "w-4": None, "w-5": later}


async def test_several_are_changed_in_one_transaction_or_none(watches):
    for number in range(4):
        await watches.add(a_watch(f"w-{number}", owner="U1" if number else "U2", channel="D1"), 9, OPERATOR)

    def muted(row, _sight):
        return Change(replace(row, document={**row.document, "muted": True})) if row.id != "w-2" else None

    mine = Viewer("T1", "U1")
    done = await watches.change_all(["w-0", "w-1", "w-2", "w-3", "w-9"], muted, mine)
    assert [row.id for row in done] == ["w-1", "w-3"]
    assert done == [await watches.get(row.id, mine) for row in done]

    def half(row, sight):
        return Change(replace(row, target="other")) if row.id == "w-1" else 1 / 0

    with pytest.raises(ZeroDivisionError):
        await watches.change_all(["w-1", "w-2"], half, mine)
    assert (await watches.get("w-1", mine)).target != "other"


async def test_none_changes_nothing_and_ends_the_lease(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    [lease] = await claimed(watches)
    assert await watches.finish(lease, lambda _watch, _sight: None)
    assert await watches.get("w-1", OPERATOR) == a_watch()
    assert len(await claimed(watches)) == 1


async def test_the_next_due_time_is_that_of_a_free_watch_or_of_a_lease_that_ends(watches):
    assert await watches.next_due() is None
    await watches.add(a_watch("w-1"), 9, OPERATOR)
    await watches.add(a_watch("w-2", due_at=NOON + 9 * MINUTE), 9, OPERATOR)
    assert await watches.next_due() == NOON
    await claimed(watches)
    assert await watches.next_due() == NOON + MINUTE


async def test_events_go_out_on_each_route_in_the_order_of_their_incident(watches):
    await watches.add(a_watch(), 9, OPERATOR)
    both = ("slack", "mail")
    await watches.change("w-1", telling(an_event("1", routes=both), an_event("2"), an_event("3", "w-1.2")), OPERATOR)
    first = await offered(watches)
    assert [(one.event.id, one.route, one.attempt) for one in first] == [("1", "mail", 1), ("1", "slack", 1), ("3", "slack", 1)]  # fmt: skip # noqa: E501
    assert await offered(watches) == []
    assert await watches.delivered(first[1], NOON, {"ts": "1.0"})
    assert not await watches.delivered(first[1], NOON, {"ts": "2.0"})
    [second] = await offered(watches)
    assert (second.event.id, second.posted) == ("2", {"ts": "1.0"})
    assert await watches.delivered(second, NOON, None)
    assert await watches.posted("w-1.1", "slack") == {"ts": "1.0"}
    assert await watches.posted("w-1.1", "mail") is None


async def test_what_was_not_marked_is_delivered_again(watches):
    await watches.tell(an_event())
    [lost] = await offered(watches)
    [again] = await offered(watches, now=NOON + MINUTE)
    assert (again.event.id, again.attempt) == ("w-1.1.1", 2)
    assert not await watches.delivered(lost, NOON, {"ts": "1.0"})
    assert await watches.delivered(again, NOON, {"ts": "2.0"})


async def test_a_delivery_is_postponed_and_holds_back_what_follows_on_its_route_alone(watches):
    await watches.tell(an_event("1", routes=("slack", "mail")))
    await watches.tell(an_event("2", routes=("slack", "mail")))
    mail, slack = await offered(watches)
    await watches.postpone(mail, LATER, "421 later")
    await watches.delivered(slack, NOON, None)
    assert [(one.event.id, one.route) for one in await offered(watches)] == [("2", "slack")]
    assert [(one.event.id, one.route) for one in await offered(watches, now=LATER)] == [("1", "mail"), ("2", "slack")]


async def test_a_delivery_that_may_have_arrived_stays_unsure_until_it_is_settled(watches):
    await watches.tell(an_event())
    now, unsure = NOON, []
    for arrived in (False, True, False, None, False):
        [one] = await offered(watches, now=now)
        unsure.append(one.unsure)
        now += MINUTE  # the lease is over by then, which matters where nothing was written (None)
        if arrived is not None:
            await watches.postpone(one, now, "an error", unsure=arrived)
    assert unsure == [False, False, True, True, True]


async def test_a_delivery_whose_process_ended_may_have_arrived(watches):
    await watches.tell(an_event())
    [lost] = await offered(watches)
    [again] = await offered(watches, now=NOON + MINUTE)
    assert (lost.unsure, again.unsure) == (False, True)
    await watches.postpone(again, NOON + MINUTE, "ratelimited")
    assert [one.unsure for one in await offered(watches, now=NOON + 2 * MINUTE)] == [True]


async def test_what_is_given_up_frees_what_follows(watches):
    await watches.tell(an_event("1"))
    await watches.tell(an_event("2"))
    [one] = await offered(watches)
    await watches.give_up(one, NOON, "is_archived")
    assert [each.event.id for each in await offered(watches)] == ["2"]
    backlog = await watches.backlog(NOON)
    assert (backlog.waiting, backlog.failed, backlog.routes) == (1, 1, {"slack": 1})


async def test_a_delivery_put_off_by_a_clock_that_was_set_back_is_not_lost(watches):
    await watches.tell(an_event("1", at=NOON + timedelta(days=3)))
    assert [one.event.id for one in await offered(watches)] == ["1"]


async def test_events_since_a_time_are_all_of_the_incidents_that_told_something_in_it(watches):
    await watches.add(a_watch("w-1"), 5, OPERATOR)
    for name, incident, minutes in (("1", "a", 0), ("2", "b", 1), ("3", "a", 60)):
        await watches.tell(an_event(name, incident=incident, at=NOON + minutes * MINUTE))
    assert [event.id for event in await watches.events(OPERATOR, since=NOON + 30 * MINUTE)] == ["1", "3"]
    assert await watches.events(Viewer("T1", "U9"), since=NOON) == []


def moved(watch, *moves):
    return replace(watch, document={**watch.document, "moves": [[left, at.isoformat()] for left, at in moves]})


async def test_what_was_told_is_theirs_who_may_see_where_wherever_its_watch_was_moved(watches):
    await watches.add(a_watch(channel="C2"), 5, OPERATOR)
    for number, told_in in enumerate(("C1", "C2", ""), 1):
        document = {"channel": told_in} if told_in else {}
        await watches.tell(an_event(f"w-1.1.{number}", document=document))
    seen = {
        "of the first channel": (Viewer("T1", "U8", frozenset({"C1"})), "1"),
        "of the second": (Viewer("T1", "U9", frozenset({"C2"})), "23"),
        "of both": (Viewer("T1", "U9", frozenset({"C1", "C2"})), "123"),
        "the owner": (Viewer("T1", "U1"), "123"),
        "of neither": (Viewer("T1", "U9", frozenset({"C3", ""})), ""),
        "of another team": (Viewer("T2", "U1", frozenset({"C1", "C2"}), admin=True), ""),
        "an admin": (Viewer("T1", "U9", admin=True), "123"),
    }
    for who, (viewer, expected) in seen.items():
        for asked in ({}, {"watch": "w-1"}, {"incident": "w-1.1"}, {"since": NOON}):
            assert "".join(one.id[-1] for one in await watches.events(viewer, **asked)) == expected, who


async def test_how_a_watch_was_is_theirs_who_may_see_where_it_was_then(watches):
    """In C1 for two minutes and a half, in C2 until the fifth, then in C3."""
    lasting = {"lasting": "down", "until": NOON.isoformat(), "open": {"mail.example.com:25": ["down", ""]}}
    lasting["open"]["mail.example.com:25"][1] = (NOON + 4 * MINUTE).isoformat()
    row = moved(
        a_watch(channel="C3", document={"spans": lasting}), ("C1", NOON + 2.5 * MINUTE), ("C2", NOON + 5 * MINUTE)
    )
    await watches.add(row, 5, OPERATOR)
    spans = tuple(a_span(number=number) for number in range(4))
    await watches.change("w-1", lambda one, _: Change(one, spans=spans), OPERATOR)

    async def known(*channels, user="U9", **asked):
        viewer = Viewer("T1", user, frozenset(channels))
        found = await watches.spans(viewer, since=NOON, until=NOON + 9 * MINUTE, **asked)
        times = [((one.since - NOON) / MINUTE, (one.until - NOON) / MINUTE) for one in found]
        return [time if one.what != DELETED else (*time, "not theirs") for time, one in zip(times, found, strict=True)]

    for asked in ({}, {"target": "mail.example.com"}):
        assert await known("C1", **asked) == [(0, 1), (1, 2), (2, 2.5), (2.5, 9, "not theirs")]
        assert await known("C2", **asked) == [(2.5, 3), (3, 4), (4, 5), (5, 9, "not theirs")]
        assert await known("C3", **asked) == [(5, 9)]
        assert await known("C1", "C3", **asked) == [(0, 1), (1, 2), (2, 2.5), (2.5, 5, "not theirs"), (5, 9)]
        assert await known(user="U1", **asked) == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 9)]
        assert await known("C4", **asked) == []
    assert await watches.spans(Viewer("T2", "U9", frozenset({"C1"})), since=NOON, until=NOON + MINUTE) == []


async def test_old_settled_events_and_deleted_watches_are_purged(watches):
    await watches.add(a_watch("w-1", deleted_at=NOON), 9, OPERATOR)
    await watches.add(a_watch("w-2", deleted_at=LATER), 9, OPERATOR)
    await watches.tell(an_event("1"))
    await watches.tell(an_event("2", "w-1.2"))
    one, _ = await offered(watches)
    await watches.delivered(one, NOON, {"ts": "1.0"})
    assert await watches.purge(NOON + MINUTE) == 2
    assert [event.id for event in await watches.events(OPERATOR)] == ["2"]
    assert await watches.posted("w-1.1", "slack") is None
    assert [watch.id for watch in await watches.visible_to(Viewer("T1", admin=True), deleted=True)] == ["w-2"]


async def test_notes_are_kept_by_key(watches):
    await watches.note("digest/T1/C1", {"at": "09:00"})
    await watches.note("digest/T1/C1", {"at": "10:00"})
    await watches.note("digest/T1/C2", {"at": "11:00"})
    await watches.note("digest/T1/C2", None)
    assert await watches.notes("digest/T1/") == {"digest/T1/C1": {"at": "10:00"}}
    assert await watches.notes("digest/T1/C1") == {"digest/T1/C1": {"at": "10:00"}}
    assert await watches.notes("digest/T1/C1x") == {}


async def test_tags_are_of_a_target_for_all_its_team_and_go_with_its_last_watch(watches):
    for number, team in ((1, "T1"), (2, "T1"), (3, "T2")):
        await watches.add(a_watch(f"w-{number}", team=team, channel=f"C{number}"), 9, OPERATOR)
    somebody = Viewer("T1", "U9", frozenset({"C1"}))
    assert (await watches.tag("w-1", somebody, add=["prod", "eu"])).tags == ("eu", "prod")
    assert await watches.tag("w-2", somebody, add=["no"]) is None  # nor what they do not see
    assert [one.tags for one in await watches.visible_to(OPERATOR)] == [("eu", "prod"), ("eu", "prod"), ()]
    assert (await watches.tag("w-2", OPERATOR, add=["prod"], remove=["eu", "never"])).tags == ("prod",)
    assert await watches.tagged("prod", somebody) == [a_watch().target]
    assert await watches.tagged("prod", Viewer("T2", admin=True)) == []
    [lease] = [lease for lease in await claimed(watches) if lease.watch.id == "w-1"]
    assert lease.watch.tags == ("prod",)
    for name in ("w-1", "w-2"):
        await watches.change(name, lambda one, _: Change(replace(one, deleted_at=NOON)), OPERATOR)
    await watches.purge(NOON + DAY)
    assert await watches.tagged("prod", OPERATOR) == []


def a_span(watch="w-1", number=0, what="up"):
    begin = NOON + number * MINUTE
    return WatchSpan(watch, "mail.example.com:25", begin, begin + MINUTE, what)


async def spans_of(watches, viewer=OPERATOR, since=NOON, until=NOON + 9 * MINUTE, **asked):
    found = await watches.spans(viewer, since=since, until=until, **asked)
    return [(one.watch, int((one.since - NOON) / MINUTE), one.what) for one in found]


async def ends_of(watches, until):
    """When what lasts ends."""
    return (await watches.spans(OPERATOR, since=NOON, until=until))[-1].until


async def test_what_ended_is_kept_with_the_run_and_what_lasts_is_read_from_the_watch(watches):
    until = (NOON + 5 * MINUTE).isoformat()
    lasting = {"until": until, "open": {"mail.example.com:25": ["down", (NOON + 2 * MINUTE).isoformat()]}}
    await watches.add(a_watch(), 9, OPERATOR)
    [lease] = await claimed(watches)
    after = replace(lease.watch, document={"spans": lasting})
    assert await watches.finish(lease, lambda *_: Change(after, spans=(a_span(), a_span(number=1, what="unseen"))))
    assert not await watches.finish(lease, lambda *_: Change(after, spans=(a_span(number=7),)))
    assert await spans_of(watches) == [("w-1", 0, "up"), ("w-1", 1, "unseen"), ("w-1", 2, "down")]
    assert {one.seldom for one in await watches.spans(OPERATOR, since=NOON, until=NOON + DAY)} == {False}
    await watches.change(
        "w-1", lambda *_: Change(replace(after, document={"spans": lasting, "every_s": 7200})), OPERATOR
    )
    assert {one.seldom for one in await watches.spans(OPERATOR, since=NOON, until=NOON + DAY)} == {True}
    assert await ends_of(watches, NOON + 9 * MINUTE) == NOON + 5 * MINUTE
    assert await ends_of(watches, NOON + 4 * MINUTE) == NOON + 4 * MINUTE, "no later than what was asked for"
    lasts = replace(after, document={"spans": {**lasting, "lasting": "down"}})
    await watches.change("w-1", lambda *_: Change(lasts), OPERATOR)
    assert await ends_of(watches, NOON + 9 * MINUTE) == NOON + 9 * MINUTE
    gone = replace(lasts, deleted_at=NOON + 6 * MINUTE)
    assert await watches.change("w-1", lambda *_: Change(gone), OPERATOR)
    assert await spans_of(watches) == [
        *(("w-1", 0, "up"), ("w-1", 1, "unseen"), ("w-1", 2, "down"), ("w-1", 6, "deleted"))
    ]
    assert (await watches.spans(OPERATOR, since=NOON, until=NOON + 9 * MINUTE))[2].until == NOON + 6 * MINUTE
    await watches.change("w-1", lambda *_: Change(lasts), OPERATOR)
    assert await spans_of(watches, since=NOON + MINUTE * 1.5) == [("w-1", 1, "unseen"), ("w-1", 2, "down")]
    assert await spans_of(watches, target="mail.example.com") == await spans_of(watches)
    assert await spans_of(watches, target="mx.example.com") == []
    assert await spans_of(watches, Viewer("T1", "U5", frozenset({"C7"}))) == []


@pytest.mark.parametrize("exchanges", [1, 60])
async def test_of_a_domain_every_exchange_is_found_however_many_it_has(watches, exchanges):
    """What lasts of sixty does not stand in the last bytes of the document."""
    open_ = {f"mx{n}.example.com:25": ["up", NOON.isoformat()] for n in range(exchanges)}
    document = {"every_s": 60, "spans": {"until": (NOON + DAY).isoformat(), "open": open_}}
    await watches.add(a_watch(target="example.com", document=document), 9, OPERATOR)
    for target in ("mx0.example.com", f"mx{exchanges - 1}.example.com"):
        assert await spans_of(watches, target=target) == [("w-1", 0, "up")] * exchanges


async def test_of_a_target_all_count_that_look_there_by_whichever_name_and_that_one_may_see(watches):
    """A domain whose exchange moved from mx1 to mx2, watches on both, one that nobody else may see, one of others."""
    places = {
        "w-0": ("example.com", ["example.com", "mx2.example.com:25"]),
        "w-1": ("mx1.example.com", ["mx1.example.com", "mx1.example.com:25"]),
        "w-2": ("mx2.example.com", ["mx2.example.com", "mx2.example.com:25", "mx2.example.com:587"]),
        "w-3": ("mx2.example.com", ["mx2.example.com", "mx2.example.com:25"]),
        "w-4": ("mx3.example.com", ["mx3.example.com", "mx3.example.com:25"]),
    }
    for name, (target, looked) in places.items():
        open_ = {place: ["up", NOON.isoformat()] for place in looked}
        document = {"spans": {"until": (NOON + DAY).isoformat(), "open": open_}}
        channel = "D3" if name == "w-3" else "C1"
        await watches.add(a_watch(name, target=target, document=document, channel=channel), 9, OPERATOR)
    moved = WatchSpan("w-0", "mx1.example.com:25", NOON - DAY, NOON, "up")
    await watches.change("w-0", lambda row, _: Change(row, spans=(moved,)), OPERATOR)
    somebody = Viewer("T1", "U9", frozenset({"C1"}))
    for target, looking in {
        "example.com": ["w-0", "w-1", "w-2"],
        "mx1.example.com": ["w-0", "w-1"],
        "mx2.example.com": ["w-0", "w-2"],
        "mx3.example.com": ["w-4"],
        "mx.example.com": [],
    }.items():
        found = await watches.spans(somebody, since=NOON - DAY, until=NOON + DAY, target=target)
        assert sorted({one.watch for one in found}) == looking, target
    every = await watches.spans(OPERATOR, since=NOON - DAY, until=NOON + DAY, target="mx2.example.com")
    assert sorted({one.watch for one in every}) == ["w-0", "w-2", "w-3"]


async def test_spans_go_with_their_watch_and_with_their_time(watches):
    for name, channel in (("w-1", "C1"), ("w-2", "D1"), ("w-3", "C1")):
        await watches.add(a_watch(name, channel=channel), 9, OPERATOR)
        await watches.change(name, lambda row, _: Change(row, spans=(a_span(row.id), a_span(row.id, 1))), OPERATOR)
    await watches.change("w-3", lambda row, _: Change(replace(row, deleted_at=NOON)), OPERATOR)
    assert {name for name, *_ in await spans_of(watches)} == {"w-1", "w-2", "w-3"}
    await watches.forget("U1", shared=("C",), without=dict, leaving=lambda sight, _: sight)
    await watches.purge(NOON + 1.5 * MINUTE)
    await watches.change("w-1", lambda row, _: Change(row), OPERATOR)
    assert await spans_of(watches) == [("w-1", 1, "up")]


async def test_what_a_watch_saw_as_bad_is_a_failure_whatever_its_verdict(history):
    for number, alerted in enumerate((True, False)):
        await history.watches.add(a_watch(f"w-{number}"), 5, OPERATOR)
        [lease] = await claimed(history.watches)
        entry = an_entry(f"e{number}", verdict="degraded", surface="watch")
        told = lambda watch, _sight, alerted=alerted: Change(replace(watch, due_at=NOON + DAY), alerted=alerted)  # noqa: E731
        assert await history.watches.finish(lease, told, entry=entry)
    for query in (Query(OPERATOR), Query(Viewer("T1", "U1")), Query(OPERATOR, "mail.example.com")):
        assert [line.id for line in await history.page(replace(query, failed=True))] == ["e0"]
        assert await history.count(replace(query, failed=True)) == 1
    assert not await history.page(Query(OPERATOR, failed=True, watched=False))
