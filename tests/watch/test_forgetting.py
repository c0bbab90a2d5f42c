"""A person is forgotten; what they set for their team stays."""

import json
from dataclasses import replace

import pytest

from commands.watch.state.actions import FORGOTTEN
from commands.watch.state.events import event_of
from commands.watch.state.model import Incident, Second, Silence, State
from commands.watch.state.rows import of_event_row, of_row, to_event_row, to_row
from commands.watch.verbs.forgetting import forget, without
from commands.watch.view.wording import person
from storage.queries import OPERATOR
from storage.watches import digest_key
from tests.histories import history_at

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

WHO = "U0FORGET"
QUIET = Silence(WHO, NOON, NOON + DAY, "maintenance of the relay")
INCIDENT = Incident("w-1.1", NOON, ("no_answer mail.example.com:25",), True, acked_by=WHO, acked_at=NOON)
WATCH = a_watch(
    owner=WHO,
    notify=WHO,
    due_at=None,
    paused=QUIET,
    snoozed=QUIET,
    muted=QUIET,
    state=State("down", incident=INCIDENT, serial=1),
)
REFIRED = event_of(WATCH, INCIDENT, "refired", NOON, {"quiet_by": WHO, "quiet_why": "mute"}, quiet=False)


def test_no_field_of_a_watch_names_them_and_all_else_stays():
    told = replace(INCIDENT, told_to=(WHO, "U2"), kept={"acked_by": WHO, "flapping": 3})
    row = to_row(replace(WATCH, then=Second(WHO, HOUR), state=replace(WATCH.state, incident=told)))
    after = of_row(replace(row, owner="", document=without(row.document, WHO)))
    silence = replace(QUIET, who=FORGOTTEN)
    incident = replace(INCIDENT, acked_by="", told_to=("U2",), kept={"acked_by": "", "flapping": 3})
    expected = replace(WATCH, owner="", notify="", paused=silence, snoozed=silence, muted=silence)
    assert after == replace(expected, state=replace(WATCH.state, incident=incident))
    assert WHO not in json.dumps(to_row(after).document)
    assert person(silence.who) == "somebody"


def test_an_alert_keeps_what_happened_and_names_nobody():
    row = to_event_row(REFIRED, WATCH)
    after = of_event_row(replace(row, document=without(row.document, WHO)))
    assert after == replace(REFIRED, facts={"quiet_by": FORGOTTEN, "quiet_why": "mute"})


def test_who_has_another_id_and_what_is_no_name_stay_as_they_are():
    document = {"notify": "U2", "target": WHO, "events": [{"who": "U2"}, [WHO]], "muted": None}
    assert without(document, WHO) == document


@pytest.fixture
async def watches(tmp_path):
    history = await history_at(tmp_path / "portero.db")
    yield history.watches
    await history.close()


async def test_a_watch_that_was_in_their_direct_messages_keeps_when_that_was_and_not_where(watches):
    moves = (("D1", NOON.isoformat()), ("C2", (NOON + DAY).isoformat()))
    await watches.add(to_row(replace(WATCH, moves=moves)), 5, OPERATOR)
    await forget(WHO, watches)
    [kept] = await watches.visible_to(OPERATOR)
    assert of_row(kept).moves == (("", moves[0][1]), moves[1])


async def test_a_digest_in_a_channel_goes_on_one_in_direct_messages_ends(watches):
    for channel, owner in (("C1", WHO), ("D1", WHO), ("D2", "U2")):
        await watches.note(digest_key("T1", channel), {"owner": owner, "at": "09:00"})
    await watches.add(to_row(WATCH), 5, OPERATOR)
    found = await forget(WHO, watches)
    assert [one.id for one in found.kept] == ["w-1"]
    assert await watches.notes("digest:") == {
        digest_key("T1", "C1"): {"owner": "", "at": "09:00"},
        digest_key("T1", "D2"): {"owner": "U2", "at": "09:00"},
    }


async def test_nothing_goes_on_in_their_direct_messages_nor_holds_back_what_is_told_elsewhere(tmp_path):
    """Incidents, notices and certificates that are open there would never end: nobody is left to end them."""

    def look(watch, at):
        if watch.target == "network":
            return seen("good", watch, free=(25,))
        outcome = {"down": "bad", "dark": "unknown", "shut": "blind"}[watch.target]
        return seen(outcome if at < NOON + HOUR else "good", watch)

    async with room(tmp_path, look) as here:
        for place, who in (("D1", WHO), ("C1", "U2")):
            made = [
                a_watch(id=f"w-{place}{what}", target=what, channel=place, owner=who)
                for what in ("down", "dark", "shut")
            ]
            await here.add(*made, a_watch(id=f"w-{place}n", target="network", kind="network", channel=place, owner=who))
        await here.until(NOON + 50 * MINUTE)
        assert "D1" in await sight_of(here)
        await forget(WHO, here.store)
        assert "D1" not in await sight_of(here)
        told = here.messages("D1")
        await here.until(NOON + 3 * HOUR)
        assert here.messages("D1") == told
        assert json.loads(await sight_of(here))["groups"] == []


async def sight_of(here):
    """What is known of the way out and of what is open, as text."""
    found = []
    await here.store.change("w-C1down", lambda _row, sight: found.append(json.dumps(sight)), OPERATOR)
    return found[0]
