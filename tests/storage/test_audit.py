"""What every implementation keeps of who changed what: with the change, for those who may see it."""

from dataclasses import replace

import pytest

from storage.audit import AuditEntry, AuditQuery
from storage.history import OPERATOR, Viewer
from storage.watches import Change
from tests.storage.samples import DAY, MINUTE, NOON, an_entry
from tests.storage.test_watches import a_watch

ANA = Viewer("T1", "U1", frozenset({"C1"}))
BRUNO = Viewer("T1", "U2", frozenset({"C2"}))
ADMIN = Viewer("T1", "U9", admin=True)
MUTED = AuditEntry(NOON, "muted", document={"why": "works"})


@pytest.fixture
def watches(history):
    return history.watches


async def noted(watches, viewer=ADMIN, **filters):
    """What is told, and by whom; newest first."""
    found = await watches.audit(AuditQuery(viewer, **filters), limit=99)
    assert await watches.count_audit(AuditQuery(viewer, **filters)) == len(found)
    return [(each.action, each.actor) for each in found]


def mutes(watch, _sight):
    return Change(watch, noted=(MUTED,))


async def test_what_is_done_to_a_watch_is_kept_with_it_and_by_whom(watches):
    await watches.add(a_watch(), 1, ANA, noted=[AuditEntry(NOON, "watch_added")])
    await watches.change("w-1", mutes, ANA)
    await watches.change_all(["w-1"], mutes, replace(ANA, user="U3"))
    await watches.tag("w-1", ANA, add=["prod"], noted=[AuditEntry(NOON, "tagged")])
    await watches.set_digest("C1", {"n": 1}, ANA, noted=[AuditEntry(NOON, "digest_set")])
    assert await noted(watches) == [
        *(("digest_set", "U1"), ("tagged", "U1"), ("muted", "U3"), ("muted", "U1"), ("watch_added", "U1"))
    ]
    [newest, *_, first] = await watches.audit(AuditQuery(ADMIN, target="mail.example.com"))
    assert (first.team, first.channel, first.document) == ("T1", "C1", {"watch": "w-1"})
    assert newest.action == "tagged"


async def test_what_was_not_done_is_not_told(history, watches):
    await watches.add(a_watch(), 9, ANA)
    assert not await watches.add(a_watch("w-2"), 1, ANA, noted=[MUTED])
    assert await watches.change("nothing", mutes, ANA) is None
    assert await watches.tag("nothing", ANA, add=["prod"], noted=[MUTED]) is None
    assert not await history.delete("nothing", ANA, noted=[MUTED])
    with pytest.raises(ZeroDivisionError):
        await watches.change("w-1", lambda watch, _sight: Change(watch, noted=(MUTED,), spans=(1 / 0,)), ANA)
    assert await noted(watches) == []


async def test_people_see_what_they_did_and_what_concerns_their_channels_and_admins_all(watches):
    entries = [
        AuditEntry(NOON, "muted", "a.example.com", "T1", "U2", "C1"),
        AuditEntry(NOON, "paused", "b.example.com", "T1", "U1", "D1"),
        AuditEntry(NOON, "setting_changed", "PORTERO_PORTS", "T1"),
        AuditEntry(NOON, "muted", "a.example.com", "T2", "U1", "C1"),
    ]
    await watches.keep_audit(entries)
    assert await noted(watches, ANA) == [("paused", "U1"), ("muted", "U2")]
    assert await noted(watches, BRUNO) == [("muted", "U2")]
    assert len(await noted(watches)) == 3
    assert len(await noted(watches, OPERATOR)) == 4
    assert await noted(watches, Viewer("T1")) == []


async def test_a_move_is_told_once_to_those_in_either_channel(watches):
    moved = {"old": {"channel": "C1"}, "new": {"channel": "C2"}}
    await watches.keep_audit([AuditEntry(NOON, "watch_edited", "a.example.com", "T1", "U7", "C1", moved)])
    both = Viewer("T1", "U3", frozenset({"C1", "C2"}))
    for viewer in (ANA, BRUNO, both, ADMIN, OPERATOR):
        assert await noted(watches, viewer) == [("watch_edited", "U7")]
    assert await noted(watches, BRUNO, channel="C2") == [("watch_edited", "U7")]
    for viewer in (Viewer("T1", "U3", frozenset({"C3"})), Viewer("T2", "U3", frozenset({"C2"}))):
        assert await noted(watches, viewer) == []


async def test_filters_all_have_to_match(watches):
    made = [
        AuditEntry(NOON + n * DAY, ("muted", "paused")[n % 2], f"h{n % 3}", "T1", f"U{n % 2}", f"C{n % 2}")
        for n in range(6)
    ]
    await watches.keep_audit([replace(each, document={"watch": "w-7"}) if each is made[0] else each for each in made])
    assert await noted(watches, actor="U0", target="h2") == [("muted", "U0")]
    assert await noted(watches, since=NOON + DAY, until=NOON + 3 * DAY) == [("muted", "U0"), ("paused", "U1")]
    assert await noted(watches, actions=("paused", "tagged")) == [("paused", "U1")] * 3
    assert await noted(watches, channel="C0") == [("muted", "U0")] * 3
    assert await noted(watches, target="w-7") == [("muted", "U0")]


async def test_pages_follow_each_other_and_what_comes_meanwhile_moves_none(watches):
    await watches.keep_audit([AuditEntry(NOON, "muted", f"h{n}", "T1") for n in range(5)])
    first = await watches.audit(AuditQuery(ADMIN), limit=2)
    await watches.keep_audit([AuditEntry(NOON + MINUTE, "muted", "new", "T1")])
    second = await watches.audit(AuditQuery(ADMIN), limit=9, before=first[-1].cursor)
    assert [each.target for each in (*first, *second)] == ["h4", "h3", "h2", "h1", "h0"]
    with pytest.raises(ValueError):
        await watches.audit(AuditQuery(ADMIN), before="not a cursor")


async def test_a_deleted_result_is_told_with_its_deletion(history, watches):
    await history.add(an_entry("e1"))
    assert await history.delete("e1", ADMIN, noted=[AuditEntry(NOON, "result_deleted", channel="C1")])
    assert await noted(watches, ANA) == [("result_deleted", "U9")]


async def test_a_person_is_forgotten_and_what_they_did_in_channels_stays_without_their_name(watches):
    who = "U0FORGET"
    told = {"old": {"notify": who}, "new": {"notify": "U1"}}
    await watches.keep_audit(
        [
            AuditEntry(NOON, "muted", "a", "T1", who, "C1"),
            AuditEntry(NOON, "muted", "b", "T1", who, "D1"),
            AuditEntry(NOON, "watch_edited", "c", "T1", "U1", "C1", told),
        ]
    )

    def without(document):
        return {
            key: without(value) if isinstance(value, dict) else "" if value == who else value
            for key, value in document.items()
        }

    await watches.forget(who, shared=("C", "G"), without=without, leaving=lambda sight, _channels: sight)
    found = await watches.audit(AuditQuery(ADMIN))
    assert [(each.target, each.actor) for each in found] == [("c", "U1"), ("a", "")]
    assert found[0].document["old"] == {"notify": ""}


async def test_it_goes_when_it_is_too_old(history, watches):
    await watches.keep_audit([AuditEntry(NOON, "muted", "a", "T1"), AuditEntry(NOON + DAY, "muted", "b", "T1")])
    await history.prune(NOON + DAY)
    assert [each.target for each in await watches.audit(AuditQuery(ADMIN))] == ["b"]
