"""The thread of an incident is its story: what grew, who looks after it, what it broke in; each entry stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commands.contract import DeclinedError
from commands.watch.state.actions import acknowledge, decided, mute, note, ran_again, snooze
from storage.queries import OPERATOR

from .room import room
from .samples import HOUR, MINUTE, NOON, a_watch, seen

WATCH = a_watch(id="w-1", target="mail.example.com", every=10 * MINUTE, notify="U777")
AT_25, AT_587 = "no_answer mail.example.com:25", "refused mail.example.com:587"


def script(*parts):
    """What is broken from when on: (minutes, codes)."""

    def look(watch, at):
        codes = next(codes for minutes, codes in reversed(parts) if at - NOON >= timedelta(minutes=minutes))
        return seen("bad", watch, failing=tuple(sorted(codes))) if codes else seen("good", watch)

    return look


async def test_what_grows_is_an_entry_that_mentions_once_and_says_since_when_each_port_is_broken(tmp_path):
    parts = ((0, ()), (15, (AT_587,)), (45, (AT_25, AT_587)), (65, (AT_587,)), (85, (AT_25, AT_587)), (110, ()))
    async with room(tmp_path, script(*parts)) as here:
        await here.add(WATCH)
        await here.until(NOON + 105 * MINUTE)
        assert [text.split(",")[0] for text in here.replies() if "Also" in text] == ["Also broken now: 25 no answer"]
        assert here.mentions() == ["U777", "U777"]
        [watch] = await here.watches()
        began = watch.state.incident.began
        assert began[AT_587] < (NOON + 45 * MINUTE).isoformat() < began[AT_25]
        await here.until(NOON + 150 * MINUTE)
        assert here.replies()[-1].startswith("Recovered after")


async def test_who_acknowledged_stands_in_the_thread_and_in_the_recovery(tmp_path):
    async with room(tmp_path, script((0, ()), (15, (AT_25,)), (70, ()))) as here:
        await here.add(WATCH)
        await here.until(NOON + 40 * MINUTE)
        await here.store.change("w-1", decided(lambda one: acknowledge(one, "U999", here.clock.at)), OPERATOR)
        await here.until(NOON + 2 * HOUR)
        assert [text for text in here.replies() if text.startswith("Acknowledged by @U999")]
        assert "It was acknowledged by @U999" in here.messages()[0]


async def test_what_broke_during_a_mute_says_so_when_it_is_told(tmp_path):
    quiet = mute(replace(WATCH), "U2", NOON, NOON + HOUR, "works").watch
    async with room(tmp_path, script((0, ()), (25, (AT_25,)))) as here:
        await here.add(quiet)
        await here.until(NOON + 59 * MINUTE)
        assert here.messages() == []
        await here.until(NOON + 80 * MINUTE)
        [message] = here.messages()
        assert "It broke 2026-11-24 12:" in message
        assert "during the mute of @U2, so it is told only now." in message


async def test_what_people_do_is_an_entry_each_in_the_order_in_which_they_did_it_and_mentions_nobody(tmp_path):
    async with room(tmp_path, script((0, ()), (15, (AT_25,)), (115, ()))) as here:
        await here.add(WATCH)

        async def act(minutes, action):
            await here.until(NOON + minutes * MINUTE)
            await here.store.change("w-1", decided(lambda one: action(one, "U9", here.clock.at)), OPERATOR)
            await here.delivery.deliver_waiting()

        await act(30, lambda *asked: note(*asked, "the <!channel> relay, rebooted; wait"))
        await act(40, ran_again)
        await act(50, lambda *asked: mute(*asked, None, "works"))
        await act(60, lambda *asked: snooze(*asked, NOON + 65 * MINUTE))
        said = [text for text in here.replies() if "@U9" in text]
        assert said[:3] == [
            "@U9: the <!channel> relay, rebooted; wait",
            "@U9 ran it again: 25 no answer",
            "Muted by @U9 until somebody ends it: works",
        ]
        assert [text.partition(" until")[0] for text in said[3:]] == ["Snoozed by @U9"]
        assert [who for who in here.mentions() if who != "U9"] == ["U777"]
        assert here.messages()[0].startswith("mail.example.com: 25 no answer")
        assert len({event.id for event in await here.store.events(OPERATOR)}) == 5


def test_a_note_needs_an_incident_that_goes_on():
    with pytest.raises(DeclinedError, match="no open incident"):
        note(WATCH, "U9", NOON, "too late")
