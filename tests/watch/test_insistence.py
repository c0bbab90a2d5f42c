"""What nobody looks after is told again: a second mention, then daily. Who mutes or acknowledges it has seen it."""

import re
from dataclasses import replace
from datetime import timedelta

from commands.watch.state.actions import acknowledge, decided, edit, mute, pause, resume, snooze
from commands.watch.state.model import Second
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import stories
from commands.watch.view.incident_files import document
from commands.watch.view.stories import facts
from storage.queries import OPERATOR

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen

THEN = Second("S222", 30 * MINUTE)
WATCH = a_watch(id="w-1", target="mail.example.com", every=HOUR, notify="U777", then=THEN)
AT_25 = "no_answer mail.example.com:25"


def down_from(minutes, until=60 * 24 * 10):
    def look(watch, at):
        bad = timedelta(minutes=minutes) <= at - NOON < timedelta(minutes=until)
        return seen("bad", watch, failing=(f"no_answer {watch.target}:25",)) if bad else seen("good", watch)

    return look


async def do(here, minutes, action, watch="w-1"):
    """So long after the alert."""
    while not here.messages():
        await here.until(here.clock.at + 5 * MINUTE)
    await here.until(here.clock.at + minutes * MINUTE)
    await here.store.change(watch, decided(lambda one: action(one, here.clock.at)), OPERATOR)
    await here.delivery.deliver_waiting()


async def kinds(here, watch="w-1"):
    return [(event.kind, event.at) for event in await here.store.events(OPERATOR, watch=watch)]


async def test_after_so_long_without_an_acknowledgement_somebody_else_is_mentioned_and_every_day_who_was(tmp_path):
    async with room(tmp_path, down_from(5, 60 * 49)) as here:
        await here.add(replace(WATCH, every=6 * HOUR))
        await here.until(NOON + 3 * DAY)
        told = await kinds(here)
        assert [kind for kind, _ in told] == ["opened", "escalated", "reminded", "recovered"]
        opened = told[0][1]
        assert [at - opened for _, at in told[1:3]] == [30 * MINUTE, DAY]
        assert here.mentions() == ["U777", "S222", "U777"]
        second, daily, end = here.replies()[-3:]
        assert second.startswith("mail.example.com: 25 no answer. Nobody has acknowledged it for 30m.")
        assert "It has gone on for 1d" in daily
        assert end.startswith("Recovered after")
        [message] = here.messages()
        assert "Told: @U777, a user group (S222)" in message


async def test_a_user_group_has_its_name_in_what_alerts_nobody(tmp_path):
    for number, others in enumerate(((), (replace(WATCH, id="w-2", every=10 * MINUTE, then=None),))):
        async with room(tmp_path / str(number), down_from(5, 60 * 3)) as here:
            await here.add(replace(WATCH, every=10 * MINUTE, handles={"S222": "mta-oncall"}), *others)
            await here.until(NOON + 2 * HOUR)
            assert "Nobody has acknowledged it: @mta-oncall was mentioned" in here.messages()[0]
            await here.until(NOON + 4 * HOUR)
            assert "Told: @U777, @mta-oncall" in here.messages()[0]
            assert here.mentions() == ["U777", "S222"]


async def test_a_message_of_several_says_that_nobody_acknowledged_it_whichever_of_them_changes_it(tmp_path):
    async with room(tmp_path, down_from(5)) as here:
        soon = replace(WATCH, every=5 * MINUTE, then=replace(THEN, after=15 * MINUTE))
        await here.add(soon, replace(WATCH, id="w-2", every=45 * MINUTE, then=None))
        while not here.messages() or not here.messages()[0].startswith("2 watches are down"):
            await here.until(here.clock.at + MINUTE)
        [message] = here.messages()
        assert "Nobody has acknowledged it: a user group (S222) was mentioned" in message


async def test_while_a_watch_is_paused_nobody_waits_for_an_acknowledgement(tmp_path):
    async with room(tmp_path, down_from(5)) as here:
        await here.add(replace(WATCH, every=5 * MINUTE))
        await do(here, 10, lambda one, at: pause(one, "U9", at, "disk swap"))
        await do(here, 90, lambda one, at: resume(one, at, "U9"))
        await here.until(here.clock.at + 5 * MINUTE)
        assert "S222" not in here.mentions()
        await here.until(here.clock.at + HOUR)
        assert here.mentions().count("S222") == 1
        [said] = [one for one in here.replies() if "Nobody has acknowledged it" in one]
        assert "for 30m" in said


async def test_who_acknowledges_or_mutes_in_time_is_not_told_again_and_who_does_it_late_ends_it(tmp_path):
    for minutes, action, told in (
        (5, lambda one, at: acknowledge(one, "U9", at), ["opened", "acked"]),
        (5, lambda one, at: mute(one, "U9", at, None, "works"), ["opened", "noted"]),
        (60, lambda one, at: acknowledge(one, "U9", at), ["opened", "escalated", "acked"]),
    ):
        folder = tmp_path / f"{minutes}{told[-1]}"
        folder.mkdir()
        async with room(folder, down_from(15)) as here:
            await here.add(WATCH)
            await do(here, minutes, action)
            await here.until(NOON + 26 * HOUR)
            assert [kind for kind, _ in await kinds(here)] == told


async def test_who_had_it_before_a_snooze_is_not_denied_and_the_first_to_acknowledge_it_is_named(tmp_path):
    async with room(tmp_path, down_from(15)) as here:
        await here.add(WATCH)
        for who in ("U9", "U8"):
            await do(here, 5, lambda one, at, who=who: acknowledge(one, who, at))
        await do(here, 1, lambda one, at: snooze(one, "U8", at, at + HOUR))
        await here.until(here.clock.at + 2 * HOUR)
        assert "Nobody has acknowledged it for 30m since it was told again" in here.replies()[-1]
        assert "Nobody has acknowledged it since it was told again: a user group (S222)" in here.messages()[-1]
        await do(here, 1, lambda one, at: acknowledge(one, "U7", at))
        [story] = stories([of_event_row(row) for row in await here.store.events(OPERATOR)])
        [acked] = [line for line in facts(story, here.clock.at) if line.startswith("Acknowledged")]
        assert acked.startswith("Acknowledged by <@U9>")
        assert acked.endswith("after the alert; later by <@U8>, <@U7>")
        assert document(story, here.clock.at)["acknowledged_by"] == "U9"


async def test_a_second_mention_that_is_set_up_during_an_incident_counts_from_its_alert(tmp_path):
    async with room(tmp_path, down_from(15)) as here:
        await here.add(replace(WATCH, then=None, every=6 * HOUR))
        await do(here, 8 * 60, lambda one, at: edit(one, {"then": THEN}, at))
        await here.until(here.clock.at + MINUTE)
        assert [kind for kind, _ in await kinds(here)] == ["opened", "escalated"]


async def test_several_in_one_message_insist_with_one_voice(tmp_path):
    async with room(tmp_path, down_from(15)) as here:
        await here.add(*(replace(WATCH, id=f"w-{n}", ports=(n,), every=10 * MINUTE) for n in range(1, 4)))
        await here.until(NOON + 30 * HOUR)
        second, daily = [text for text in here.replies() if "acknowledged it" in text]
        assert "Nobody has acknowledged it for 30m" in second
        assert daily.startswith("3 watches are down: no answer. It has gone on for 1d")
        assert here.mentions() == ["U777", "S222", "U777"]


async def test_a_message_is_reminded_of_once_a_day_for_all_whom_its_watches_name(tmp_path):
    """Whichever of them is first, and whether it names anybody; but not for whose incident somebody looks after."""
    names = ("", "U777", "U888", "S222", "U999", "U999", "U666")
    watches = [replace(WATCH, id=f"w-{n}", ports=(n,), notify=who, then=None) for n, who in enumerate(names)]
    async with room(tmp_path, down_from(15)) as here:
        await here.add(*(replace(one, handles={"S222": "ops"} if one.notify == "S222" else {}) for one in watches))
        await do(here, 150, lambda one, at: acknowledge(one, "U9", at), watch="w-2")
        await do(here, 0, lambda one, at: edit(one, {"notify": "U555"}, at), watch="w-6")
        before = len(here.mentions())
        await here.until(NOON + 2 * DAY + 6 * HOUR)
        daily = [text for text in here.replies() if "It has gone on for" in text]
        assert [re.search(r"gone on for (\d)d", text)[1] for text in daily] == ["1", "2"]
        assert sorted(here.mentions()[before:]) == sorted(["S222", "U555", "U777", "U999"] * 2)
        told = [of_event_row(row) for row in await here.store.events(OPERATOR) if row.kind == "reminded"]
        assert [event.facts["handles"] for event in told] == [{"S222": "ops"}] * 2


async def test_what_the_message_of_an_incident_says_it_goes_on_to_say_whatever_people_do(tmp_path):
    """It flapped, and broke in a mute: an acknowledgement took both lines away."""
    flips = (10, 20, 25, 35, 40, 50)

    def look(watch, at):
        passed = sum(at - NOON >= timedelta(minutes=each) for each in flips)
        return seen("bad", watch) if passed % 2 or passed == len(flips) else seen("good", watch)

    async with room(tmp_path, look) as here:
        quick = replace(
            WATCH, every=MINUTE, fail_after=1, recover_after=1, runbook="https://wiki.example.com/m?a=1&b=2"
        )
        await here.add(mute(quick, "U2", NOON, NOON + 52 * MINUTE, "works").watch)
        await here.until(NOON + 55 * MINUTE)
        before = here.messages()[-1].replace(" @U777", "")
        assert "It flaps" in before
        assert "during the mute of @U2" in before
        assert "Runbook: https://wiki.example.com/m?a=1&b=2" in before
        await do(here, 2, lambda one, at: acknowledge(one, "U9", at))
        after = here.messages()[-1]
        assert after.startswith(before)
        assert "Acknowledged by @U9" in after
