"""A person is forgotten; what they set for their team stays."""

import json
from dataclasses import replace

import pytest

from commands.watch.state.actions import FORGOTTEN
from commands.watch.state.events import event_of
from commands.watch.state.model import Incident, Silence, State
from commands.watch.state.rows import of_event_row, of_row, to_event_row, to_row
from commands.watch.verbs.forgetting import forget, without
from commands.watch.view.wording import person
from storage.queries import OPERATOR
from storage.sqlite.history import open_history
from storage.watches import digest_key

from .samples import DAY, NOON, a_watch

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
    row = to_row(WATCH)
    after = of_row(replace(row, owner="", document=without(row.document, WHO)))
    silence = replace(QUIET, who=FORGOTTEN)
    incident = replace(INCIDENT, acked_by="")
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
    history = await open_history(tmp_path / "portero.db")
    yield history.watches
    await history.close()


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
