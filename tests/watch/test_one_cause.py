"""What is done to a message is done to what the same cause made elsewhere, and said so."""

from dataclasses import replace

import pytest

from commands.contract import Actor, DeclinedError, Request
from commands.watch.verbs.buttons import ACTIONS
from commands.watch.view.plain_text import plain
from storage.queries import OPERATOR

from .room import room
from .samples import HOUR, MINUTE, NOON
from .test_grouping import Switches, behind
from .test_incidents import Services

SINCE = {"w-a0": 20, "w-a1": 20, "w-a2": 200, "w-a3": 300, "w-a4": 200}
"""Minutes. 3 fails otherwise, 4 alerts in another channel: neither is of the cause of 0, 1 and 2."""


def look(watch, at):
    found = Switches(a=[(NOON + SINCE[watch.id] * MINUTE, NOON + 20 * HOUR)])(watch, at)
    return (
        replace(found, failing=tuple(code.replace("no_answer", "refused") for code in found.failing))
        if (watch.id == "w-a3")
        else found
    )


async def press(here, verb, value):
    request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, channel="C1", value=value)
    *_, reply = [step async for step in ACTIONS[verb].handle(request, Services(here, OPERATOR))]
    await here.delivery.deliver_waiting()
    return plain(reply.text)


async def test_who_acknowledges_a_host_that_was_not_looked_at_yet_hears_of_those_beside_it(
    tmp_path,
):
    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 3))
        await here.until(NOON + HOUR)
        with pytest.raises(DeclinedError) as declined:
            await press(here, "ack", "w-a2")
        assert (
            declined.value.message == "mx2.a.example was well when it was looked at last, and is looked at again now."
        )
        assert (
            declined.value.hint
            == "2 others of the same network are down: `/smtpwatch ack mx0.a.example` is for theirs."
        )
        assert next(watch.due_at for watch in await here.watches() if watch.id == "w-a2") == here.clock.at


async def test_a_snooze_and_an_acknowledgement_are_of_all_that_one_cause_made_in_a_channel(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 4), *behind("a", 1, first=4, channel="C2"))
        await here.until(NOON + 6 * HOUR)
        assert len(here.messages()) == 3
        elsewhere = "and 1 other watch with the same cause, told in another message (mx2.a.example)"
        acked = await press(here, "ack", "w-a0")
        assert f"mx0.a.example and the other watch of the same message {elsewhere}; the alert" in acked
        snoozed = await press(here, "snooze1", "w-a0+")
        assert f"So are the other watch of the same message {elsewhere}." in snoozed
        known = {watch.id: watch for watch in await here.watches()}
        assert {name for name, one in known.items() if one.snoozed and one.state.incident.acked_by} == {
            "w-a0", "w-a1", "w-a2",
        }  # fmt: skip
        said = [text.split(" by @U9")[0] for text in here.replies() if "@U9" in text]
        assert sorted(said) == ["Acknowledged", "Acknowledged", "Snoozed", "Snoozed"]
