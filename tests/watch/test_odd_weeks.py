"""Weeks that nobody plans: what people do in the midst of an outage, and what is told and counted then.

From 13:00 to 17:00 it is down, where nothing else is said.
"""

from datetime import UTC, datetime, time
from types import SimpleNamespace

import pytest

from bot.slack.alerts.channels import SlackChannels
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.digests import Digests
from commands.uptime import uptimes
from commands.watch.state.accepting import accept
from commands.watch.state.actions import decided, delete, edit, mute, pause, resume, snooze
from commands.watch.state.digest import to_note
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import stories
from commands.watch.state.windows import Digest
from commands.watch.verbs.returning import go_on_in
from storage.queries import OPERATOR, Viewer

from .lived import Rooms
from .room import Luck, room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen
from .test_grouping import Switches, behind

HOST = "mail.example.com"
FALLS, RISES = NOON + HOUR, NOON + 5 * HOUR


def look(watch, at):
    return seen("bad" if FALLS <= at < RISES else "good", watch)


async def does(here, action, watch="w-1", at=None):
    """Somebody does it, at a time at which everything before has been told."""
    if at is not None:
        await here.until(at)
    now = here.clock.at
    await here.store.change(watch, decided(lambda one: action(one, now)), OPERATOR)
    await here.delivery.deliver_waiting()


def moves_to(channel):
    return lambda watch, at: edit(watch, {"channel": channel}, at, "U2")


async def down(here, since=NOON):
    spans = await here.store.spans(OPERATOR, since=since, until=here.clock.at)
    return uptimes(spans, since, here.clock.at)[HOST].of("down")


async def told(here):
    return stories([of_event_row(row) for row in await here.store.events(OPERATOR)])


async def agrees(here, lasted):
    """The list of incidents and availability say so."""
    assert (await down(here), [story.lasted(here.clock.at) for story in await told(here)]) == (lasted, [lasted])


async def test_what_is_moved_while_it_is_down_goes_on_and_ends_where_it_is_now(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, moves_to("C2"), at=NOON + 2 * HOUR)
        await here.until(NOON + 8 * HOUR)
        assert here.messages() == [
            f"{HOST}: 25 no answer\nSince 2026-11-24 13:10 UTC, confirmed by 2 runs in a row\nIt continues in #C2."
        ]
        [message] = here.messages("C2")
        assert message.startswith(f"{HOST} recovered\nDown for 4h: from 2026-11-24 13:10 UTC")
        await agrees(here, 4 * HOUR)


@pytest.mark.parametrize(("hours", "elsewhere"), [(2, 1), (6, 0)])
async def test_a_snooze_goes_along_with_a_move_and_no_message_is_promised_that_never_comes(tmp_path, hours, elsewhere):
    """While it is still down at the end of the snooze, or recovered before: then nothing is told where it is now."""
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, lambda watch, at: snooze(watch, "U2", at, at + hours * HOUR), at=NOON + 2 * HOUR)
        await does(here, moves_to("C2"), at=NOON + 3 * HOUR)
        assert here.messages() == [f"{HOST}: no longer watched here\nIts watch was moved to #C2."]
        await here.until(NOON + 9 * HOUR)
        assert len(here.messages("C2")) == elsewhere
        assert ("It continues in #C2." in here.messages()[0]) == bool(elsewhere)
        await agrees(here, 4 * HOUR)


async def test_what_is_moved_there_and_back_in_one_outage_is_told_at_home_once_more(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, moves_to("C2"), at=NOON + 2 * HOUR)
        await here.until(NOON + 2.5 * HOUR)
        await does(here, moves_to("C1"), at=NOON + 3 * HOUR)
        await here.until(NOON + 8 * HOUR)
        first, second = here.messages()
        assert "It continues in #C2." in first
        assert "recovered" in second
        assert "It continues in #C1." in here.messages("C2")[0]
        await agrees(here, 4 * HOUR)


async def test_a_pause_over_a_move_is_no_downtime_and_the_message_says_that_nobody_looked(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, lambda watch, at: pause(watch, "U2", at), at=NOON + 2 * HOUR)
        await does(here, moves_to("C2"), at=NOON + 3 * HOUR)
        here.clock.at = NOON + 4 * HOUR
        await does(here, lambda watch, at: resume(watch, at, "U2"))
        await here.until(NOON + 8 * HOUR)
        [message] = here.messages("C2")
        assert "it was paused and nobody looked: that is not counted." in message
        [story] = await told(here)
        assert await down(here) == story.lasted(here.clock.at) < 2 * HOUR


async def test_another_interval_in_an_outage_ends_it_no_earlier_and_no_later_than_it_is_seen_well(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, lambda watch, at: edit(watch, {"every": 2 * HOUR}, at, "U2"), at=NOON + 2 * HOUR)
        await does(here, lambda watch, at: edit(watch, {"every": 5 * MINUTE}, at, "U2"), at=NOON + 4 * HOUR)
        await here.until(NOON + 9 * HOUR)
        assert len(here.messages()) == 1
        await agrees(here, 3 * HOUR + 50 * MINUTE)


async def test_a_mute_in_one_channel_keeps_nothing_from_another_and_is_told_at_its_end(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch(), a_watch(id="w-2", channel="C2"))
        await does(here, lambda watch, at: mute(watch, "U2", at, at + 3 * HOUR, "planned"), "w-2", NOON + 30 * MINUTE)
        await here.until(NOON + 3 * HOUR)
        assert (len(here.messages()), here.messages("C2")) == (1, [])
        await here.until(NOON + 4 * HOUR)
        assert "Since 2026-11-24 13:1" in here.messages("C2")[0]
        await here.until(NOON + 8 * HOUR)
        assert all("Down for 4h" in one for one in (*here.messages(), *here.messages("C2")))


async def test_what_is_removed_and_added_again_is_two_incidents_between_which_nobody_looked(tmp_path):
    async with room(tmp_path, look) as here:
        await here.add(a_watch())
        await does(here, lambda watch, at: delete(watch, at, "U2"), at=NOON + 2 * HOUR)
        await here.until(NOON + 3 * HOUR)
        await here.add(a_watch(id="w-2", created_at=here.clock.at, due_at=here.clock.at))
        await here.until(NOON + 9 * HOUR)
        gone, back = here.messages()
        assert gone == f"{HOST}: no longer watched\nNot recovered: its watch was deleted by @U2."
        assert back.startswith(f"{HOST} recovered\nDown for 2h")
        lasted = sum((story.lasted(here.clock.at) for story in await told(here)), 0 * HOUR)
        assert abs(await down(here) - lasted) < MINUTE


async def test_what_is_accepted_while_nothing_is_seen_is_not_told_when_it_is_seen_again_and_another_change_is(tmp_path):
    def records(watch, at):
        if NOON + 2 * HOUR <= at < NOON + 6 * HOUR:
            return seen("unknown", watch)
        other = "mx2" if NOON + HOUR <= at < NOON + 8 * HOUR else "mx1"
        return seen("good", watch, records={"mx example.com": (other,)})

    async with room(tmp_path, records) as here:
        await here.add(a_watch(target="example.com"))
        await does(here, lambda watch, at: accept(watch, at, "U2"), at=NOON + 4 * HOUR)
        await here.until(NOON + 7 * HOUR)
        changed, unseen = here.messages()
        assert "Accepted as the new normal by @U2" in changed
        assert "seen again" in unseen
        await here.until(NOON + 9 * HOUR)
        assert here.messages()[2].startswith("example.com: MX changed\n• MX of example.com: `mx2` → `mx1`")


async def test_a_storm_in_whose_midst_the_channel_is_archived_is_one_message_and_says_its_end(tmp_path):
    async with room(tmp_path, Switches(a=[(FALLS, RISES)])) as here:
        here.slack = Rooms(Luck(), here.clock, lambda: False)
        here.delivery = DeliveryLoop(here.store, [SlackAlerts(here.slack, here.clock)], here.clock)
        await here.add(*behind("a", 30))
        await here.until(FALLS + 10 * MINUTE)
        here.slack.closed["C1"] = "is_archived", here.clock.at
        await here.until(NOON + 4 * HOUR)
        here.slack.closed = {}

        async def viewer():
            return OPERATOR

        posts = SlackChannels(here.slack, here.store, here.clock)
        needs = SimpleNamespace(
            watches=here.store, watches_changed=lambda: None, channel_posts=posts, viewer=viewer, now=here.clock
        )
        assert await go_on_in("C1", here.clock.at, needs) == ""
        await here.until(NOON + 9 * HOUR)
        [message] = here.messages()
        assert message.startswith("All 30 watches recovered\n")


async def test_an_outage_that_is_older_than_what_is_kept_still_knows_since_when_it_was(tmp_path):
    async with room(
        tmp_path, lambda watch, at: seen("bad" if FALLS <= at < NOON + 100 * DAY else "good", watch)
    ) as here:
        await here.add(a_watch(every=6 * HOUR))
        await here.until(NOON + 2 * DAY)
        [first] = await told(here)
        await here.until(NOON + 98 * DAY)
        await here.store.purge(NOON + 8 * DAY)
        await here.until(NOON + 101 * DAY)
        [story] = await told(here)
        assert story.since == first.since
        assert abs(story.lasted(here.clock.at) - 100 * DAY) < 12 * HOUR
        assert "Down for 14w 2d" in here.messages()[0]


@pytest.mark.parametrize(("start", "hours"), [((2026, 10, 24), 25), ((2027, 3, 27), 23)])
async def test_the_day_on_which_the_clocks_change_has_as_many_hours_in_a_digest_as_it_had(tmp_path, start, hours):
    """It is down all the time; two digests at nine in Madrid."""
    begin = datetime(*start, tzinfo=UTC)
    async with room(tmp_path, lambda watch, at: seen("bad" if at > begin + HOUR else "good", watch)) as here:
        here.clock.at = begin
        digests = Digests(here.store, here.clock)
        await here.add(a_watch(every=HOUR, created_at=begin, due_at=begin))
        note = to_note(Digest(time(9), "Europe/Madrid"), "U1", begin)
        await here.store.set_digest("C1", note, Viewer("T1", admin=True))
        while here.clock.at < begin + 36 * HOUR:
            here.clock.at += 30 * MINUTE
            await here.scheduler.run_due()
            await digests.tell_due()
            await here.delivery.deliver_waiting()
        _first, second = [one for one in here.messages() if "Daily digest" in one]
        assert f"({'1d 1h' if hours == 25 else '23h'} down)" in second
