"""A person is forgotten: what is theirs goes, what is the team's stays without them."""

from dataclasses import replace

import pytest

from storage.history import OPERATOR, Asker, Availability, Forgotten, Query, Viewer
from storage.sqlite.history import SqliteHistory
from storage.watches import Change
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry
from tests.storage.test_watches import a_watch, an_event

WHO = "U0FORGET"
SHARED = ("C", "G")
ENDS = NOON + 9 * DAY
SHOWN = a_reading(certificate="aa", certificate_ends=ENDS)
TEAM = Viewer("T1", "U2", frozenset({"C1"}))


def without(document):
    return {name: "" if value == WHO else value for name, value in document.items()}


def leaving(sight, channels):
    return {channel: known for channel, known in sight.items() if channel not in channels}


@pytest.fixture
def watches(history):
    return history.watches


async def forget(history):
    found = await history.watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)
    return found, await history.forget("T1", WHO, shared=SHARED, batch=1)


async def test_what_a_watch_saw_for_a_channel_stays_and_counts_without_the_person(history):
    for number, surface in enumerate(["watch", "watch", "slash"]):
        made = an_entry(f"e{number}", actor=WHO, surface=surface, started_at=NOON + number * MINUTE)
        await history.add(made, [SHOWN])
    assert await history.forget("T1", WHO, shared=SHARED, batch=1) == Forgotten(deleted=1, kept=2)
    assert [(line.id, line.actor) for line in await history.page(Query(OPERATOR))] == [("e1", ""), ("e0", "")]
    assert await history.availability("mail.example.com", since=NOON, viewer=TEAM) == [Availability(587, 2, 2)]
    [shown] = await history.certificates(ends_after=NOON, ends_before=ENDS + DAY, viewer=TEAM)
    assert shown.entry == "e1"


async def test_what_others_asked_for_too_stays_theirs_and_goes_with_the_last_of_them(sqlite: SqliteHistory, path):
    others = (Asker("U2", "C2"), Asker(WHO, "C3"))
    await sqlite.add(an_entry("e0", actor=WHO, channel="C9", others=others), [SHOWN])
    assert await sqlite.forget("T1", WHO, shared=SHARED) == Forgotten(0, shared=1)
    assert WHO.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    [line] = await sqlite.page(Query(OPERATOR, actor="U2"))
    assert (line.actor, line.channel, line.others) == ("U2", "C2", ())
    assert await sqlite.availability("mail.example.com", since=NOON - DAY, viewer=TEAM) == [Availability(587, 1, 1)]
    assert await sqlite.forget("T1", "U2") == Forgotten(1)
    assert await sqlite.availability("mail.example.com", since=NOON - DAY, viewer=OPERATOR) == []


async def test_what_a_watch_saw_in_direct_messages_goes(history):
    await history.add(an_entry(actor=WHO, surface="watch", channel="D1"))
    assert await history.forget("T1", WHO, shared=SHARED) == Forgotten(1)


async def test_without_shared_channels_all_results_go(history):
    await history.add(an_entry(actor=WHO, surface="watch"))
    assert await history.forget("T1", WHO) == Forgotten(1)


async def test_watches_of_channels_go_on_without_an_owner_others_go_with_their_alerts(watches):
    mine = [a_watch("w-1", owner=WHO), a_watch("w-2", owner=WHO, channel="D1"), a_watch("w-3", owner="U2")]
    for watch in mine:
        await watches.add(watch, 9, OPERATOR)
        await watches.tell(an_event(f"{watch.id}.1.1", f"{watch.id}.1", watch=watch.id))
    found = await watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)
    assert (found.kept, found.deleted) == ((mine[0],), (mine[1],))
    assert await watches.visible_to(OPERATOR) == [replace(mine[0], owner=""), mine[2]]
    waiting = await watches.claim_deliveries(NOON, NOON + MINUTE, 10, ["slack"])
    assert [delivery.event.watch for delivery in waiting] == ["w-1", "w-3"]


async def test_what_a_team_knows_of_a_channel_goes_with_the_watches_that_are_deleted_in_it(watches):
    known = {"C1": 1, "D1": 2, "D2": 3}
    for team, channel in (("T1", "D1"), ("T2", "D2"), ("T1", "C1")):
        watch = a_watch(f"w-{channel}", team=team, owner=WHO, channel=channel)
        await watches.add(watch, 9, OPERATOR)
        await watches.change(watch.id, lambda row, _sight: Change(row, sight=known), OPERATOR)
    await watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)
    left = {}
    for team in ("T1", "T2"):
        await watches.add(a_watch(f"w-{team}", team=team), 9, OPERATOR)
        await watches.change(f"w-{team}", lambda row, sight: left.update({row.team: sight}), OPERATOR)
    assert left == {"T1": {"C1": 1, "D2": 3}, "T2": {"C1": 1, "D1": 2}}


async def test_what_was_deleted_a_while_ago_is_forgotten_and_not_told(watches):
    await watches.add(a_watch("w-1", owner=WHO, deleted_at=NOON), 9, OPERATOR)
    await watches.add(a_watch("w-2", owner=WHO, channel="D1", deleted_at=NOON), 9, OPERATOR)
    found = await watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)
    assert (found.kept, found.deleted) == ((), ())
    assert [(one.id, one.owner) for one in await watches.visible_to(Viewer("T1", admin=True), deleted=True)] == [
        ("w-1", "")
    ]


async def test_documents_that_name_them_are_written_anew_and_no_others(watches):
    await watches.add(a_watch("w-1", document={"notify": WHO}), 9, OPERATOR)
    await watches.add(a_watch("w-2", document={"notify": "U0FORGETME", "why": f"not {WHO}"}), 9, OPERATOR)
    await watches.tell(an_event(document={"quiet_by": WHO}))
    await watches.note("digest", {"owner": WHO})
    assert (await watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)).named == 3
    assert [one.document for one in await watches.visible_to(OPERATOR)] == [
        {"notify": ""},
        {"notify": "U0FORGETME", "why": f"not {WHO}"},
    ]
    assert [event.document for event in await watches.events(OPERATOR, watch="w-1")] == [{"quiet_by": ""}]
    assert await watches.notes("digest") == {"digest": {"owner": ""}}
    assert (await watches.forget(WHO, shared=SHARED, without=without, leaving=leaving)).named == 0


async def test_a_run_that_had_begun_ends_without_the_name(history, watches):
    await watches.add(a_watch(owner=WHO), 9, OPERATOR)
    [lease] = await watches.claim_due("p1", NOON, NOON + MINUTE, quick=1)
    await forget(history)
    entry = an_entry(actor=lease.watch.owner, surface="watch")
    assert await watches.finish(lease, lambda watch, _: Change(watch), entry=entry)
    assert [line.actor for line in await history.page(Query(OPERATOR))] == [""]
    assert [one.owner for one in await watches.visible_to(OPERATOR)] == [""]


async def test_nothing_of_them_is_left_in_the_files(sqlite: SqliteHistory, path):
    await sqlite.watches.add(a_watch(owner=WHO, document={"notify": WHO}), 9, OPERATOR)
    await sqlite.watches.add(a_watch("w-2", owner=WHO, channel="D1"), 9, OPERATOR)
    await sqlite.watches.tell(an_event(document={"quiet_by": WHO}))
    for number, surface in enumerate(["watch", "slash"]):
        await sqlite.add(an_entry(f"e{number}", actor=WHO, surface=surface), [SHOWN])
    assert WHO.encode() in b"".join(file.read_bytes() for file in path.parent.iterdir())
    await forget(sqlite)
    assert WHO.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())
