"""One message for one cause: what opens together and has something in common, storms, and what flaps."""

import csv
import heapq
import io
import re
from dataclasses import replace

import pytest

from commands.watch.state.actions import acknowledge, decided, delete, edit, mute, pause, run_now, snooze
from commands.watch.state.events import event_of
from commands.watch.state.model import Incident
from commands.watch.state.rows import of_event_row
from commands.watch.state.runs import conclude
from commands.watch.state.schedule import on_grid
from commands.watch.state.story import called, folded, stories
from commands.watch.state.traits import network_of
from commands.watch.verbs.forgetting import forget
from commands.watch.view.incident_files import as_csv, document, markdown
from commands.watch.view.incidents import past
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import row, whole
from commands.watch_ids import NAMED
from storage.queries import OPERATOR

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen


def behind(switch, count, first=0, **changes):
    """Watches on hosts of one network; what is behind them is in their name."""
    fields = {"every": 15 * MINUTE, "notify": "U777"}
    return [
        a_watch(id=f"w-{switch}{n}", target=f"mx{n}.{switch}.example", **{**fields, **changes})
        for n in range(first, first + count)
    ]


class Switches:
    """What is dead when: switch -> spans."""

    def __init__(self, **spans):
        self.spans = spans

    def __call__(self, watch, at):
        switch = watch.target.split(".")[1]
        number = int(watch.target.split(".")[0][2:])
        records = {f"address {watch.target}": (f"192.0.{len(switch)}.{number}",)}
        if any(begins <= at < ends for begins, ends in self.spans.get(switch, ())):
            return seen("bad", watch, failing=(f"no_answer {watch.target}:25",), records=records)
        return seen("good", watch, records=records)


def played(watches, look, until):
    """What watches that share a sight tell, each at its own times."""
    sight, told, due = {}, [], [(watch.due_at, watch.id) for watch in watches]
    known = {watch.id: watch for watch in watches}
    heapq.heapify(due)
    while due[0][0] < until:
        at, name = heapq.heappop(due)
        watch, events, sight = conclude(known[name], sight, look(known[name], at), at, 1.0, "local")
        known[name] = watch
        told += events
        heapq.heappush(due, (watch.due_at, name))
    return told


def is_a_message(event):
    """What is posted anew: in the channel, or as the last word in a thread. The rest edits what stands there."""
    return event.kind in {"opened", "refired", "recovered"} and not event.facts.get("part")


@pytest.mark.parametrize("every", [MINUTE, 15 * MINUTE, HOUR])
def test_a_hundred_watches_behind_one_dead_switch_are_one_message_and_one_recovery(every):
    begins = NOON + 2 * every
    watches = behind("a", 100, every=every)
    told = played(watches, Switches(a=[(begins, begins + 3 * every)]), begins + 7 * every)
    assert [event.kind for event in told if is_a_message(event)] == ["opened", "recovered"]
    assert sum(event.kind == "opened" for event in told) == 100
    assert {event.incident for event in told} == {told[0].incident}
    assert sum(bool(event.facts.get("mention")) for event in told) == 2


async def test_the_message_of_a_switch_says_how_many_are_down_and_what_they_share(tmp_path):
    begins = NOON + 20 * MINUTE
    async with room(tmp_path, Switches(a=[(begins, begins + 30 * MINUTE)])) as here:
        await here.add(*behind("a", 12))
        await here.until(begins + 20 * MINUTE)
        [message] = here.messages()
        assert message.startswith("12 watches are down: no answer\n")
        assert "They share 192.0.1.0/24." in message
        assert "and 2 more" in message
        await here.until(begins + 50 * MINUTE)
        [message] = here.messages()
        assert message.startswith("All 12 watches recovered\n")
        [joined] = [text for text in here.replies() if text.startswith("Also down: ")]
        assert "mx0.a.example 25 no answer; mx1.a.example 25 no answer; " in joined
        assert joined.endswith("; and 1 more. 12 watches are down now. @U777")
        rest = [text.split(" ")[0] for text in here.replies() if text != joined]
        assert rest == ["It", "All"]
        assert here.mentions() == ["U777"] * 2


@pytest.mark.parametrize("every", [30 * MINUTE, 2 * HOUR])
async def test_what_breaks_and_recovers_in_one_network_does_so_at_one_time_whatever_the_interval(tmp_path, every):
    """Two others are looked at beside the first that is down, then all of them; and one that answers calls the rest."""
    async with room(tmp_path, Switches(a=[(NOON + 5 * HOUR, NOON + 9 * HOUR)])) as here:
        await here.add(*behind("a", 25, every=every))
        await here.until(NOON + 14 * HOUR)
        [message] = here.messages()
        assert message.startswith("All 25 watches recovered\n")
        told = stories(map(of_event_row, await here.store.events(OPERATOR)))
        begins, ends = sorted(story.since for story in told), sorted(story.ended for story in told)
        assert len(told) == 25
        assert begins[-1] - begins[0] <= 2 * MINUTE and ends[-1] - ends[0] <= 2 * MINUTE


async def test_a_domain_whose_exchange_stands_in_a_network_that_is_down_is_looked_at_with_its_hosts(tmp_path):
    """Daily, as its hosts are; and it calls them when it is the first."""
    for first in ("w-domain", "w-a0"):

        def look(watch, at, first=first):
            host = "mx9.a.example" if watch.id == "w-domain" else watch.target
            looked = Switches(a=[(NOON + HOUR, NOON + 40 * HOUR)])(replace(watch, target=host), at)
            return replace(looked, target=watch.target)

        folder = tmp_path / first
        folder.mkdir()
        async with room(folder, look) as here:
            await here.add(a_watch(id="w-domain", target="example.org", every=DAY), *behind("a", 3, every=DAY))
            await here.until(NOON + 30 * MINUTE)
            await here.store.change(first, decided(lambda one: run_now(one, NOON + 2 * HOUR)), OPERATOR)
            await here.until(NOON + 2 * HOUR + 5 * MINUTE)
            assert [watch.state.phase for watch in await here.watches()] == ["down"] * 4


async def test_those_of_a_network_that_are_well_are_not_looked_at_with_each_that_breaks(tmp_path):
    """Beside one that is down two are; another network waits for its turn."""
    dead, looks = Switches(a=[(NOON + HOUR, NOON + 9 * HOUR)]), []

    def look(watch, at):
        looks.append((watch.id, at))
        well = watch.id in {"w-a0", "w-a1"}
        return Switches()(watch, at) if well else dead(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 12, every=2 * HOUR), *behind("bb", 3, every=2 * HOUR))
        await here.until(NOON + 4 * HOUR)
        incidents = [watch.state.incident for watch in await here.watches() if watch.state.incident is not None]
        assert len(incidents) == 10 and len(here.messages()) <= 2
        assert all(sum(name == each for name, _ in looks) <= 5 for each in ("w-a0", "w-a1", "w-bb0", "w-bb1"))


async def test_beside_a_host_that_is_down_alone_two_of_its_network_are_looked_at_once(tmp_path):
    early, one_is_dead = [], Switches(a=[(NOON + 5 * HOUR, NOON + 23 * HOUR)])

    def look(watch, at):
        if watch.id != "w-a0" and at > NOON + 3 * HOUR and on_grid(watch, at - MINUTE) != at:
            early.append(watch.id)
        return (one_is_dead if watch.id == "w-a0" else Switches())(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 12, every=2 * HOUR))
        await here.until(NOON + 20 * HOUR)
        assert len(early) == 2


async def test_two_causes_are_two_messages_and_one_of_several_that_recovers_ends_nothing(tmp_path):
    dead = Switches(a=[(NOON + 20 * MINUTE, NOON + HOUR)], bb=[(NOON + 40 * MINUTE, NOON + 2 * HOUR)])
    async with room(tmp_path, dead) as here:
        await here.add(*behind("a", 4), *behind("bb", 4))
        await here.until(NOON + HOUR)
        assert [text.split("\n")[0] for text in here.messages()] == ["4 watches are down: no answer"] * 2
        await here.until(NOON + HOUR + 20 * MINUTE)
        assert [text.split(" ")[0] for text in here.messages()] == ["All", "4"]


async def test_whom_another_watch_names_is_mentioned_too_once(tmp_path):
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + HOUR)])) as here:
        await here.add(*behind("a", 3, notify="U777"), *behind("a", 3, first=3, notify="U888"))
        await here.until(NOON + HOUR + 20 * MINUTE)
        assert sorted(here.mentions()) == ["U777", "U777", "U888"]
        [message] = here.messages()
        assert message.startswith("All 6 watches recovered\n")
        assert {"@U777", "@U888"} == set(message.partition("Told: ")[2].splitlines()[0].split(", "))


async def test_what_goes_up_and_down_every_half_hour_flaps_at_the_default_interval_too(tmp_path):
    spans = [(NOON + n * 30 * MINUTE, NOON + (n * 30 + 15) * MINUTE) for n in range(1, 9)]
    async with room(tmp_path, Switches(a=spans)) as here:
        await here.add(*behind("a", 1, every=15 * MINUTE))
        await here.until(NOON + 3 * HOUR)
        assert "It flaps: 3 incidents within 1h 30m, the first 2026-11-24 12:3" in here.messages()[-1]
        await here.until(NOON + 8 * HOUR)
        assert len(here.messages()) == 3 and len(here.mentions()) == 3
        assert "went up and down" in here.messages()[-1]


async def test_a_storm_of_strangers_is_one_message_a_minute(tmp_path):
    names = "abcdefghij"
    spans = {letter * (n + 1): [(NOON + 3 * MINUTE, NOON + HOUR)] for n, letter in enumerate(names)}

    def look(watch, at):
        found = Switches(**spans)(watch, at)
        state = f"state_{len(watch.target)}"
        return replace(found, failing=tuple(code.replace("no_answer", state) for code in found.failing))

    async with room(tmp_path, look) as here:
        await here.add(*(behind(letter * (n + 1), 1, every=MINUTE)[0] for n, letter in enumerate(names)))
        await here.until(NOON + 7 * MINUTE)
        assert 1 <= len(here.messages()) <= 3


async def test_what_flaps_is_one_message_that_ends_when_it_was_quiet_for_an_hour(tmp_path):
    spans = [(NOON + n * 15 * MINUTE, NOON + n * 15 * MINUTE + 6 * MINUTE) for n in range(1, 8)]
    async with room(tmp_path, Switches(a=spans)) as here:
        await here.add(*behind("a", 1, every=4 * MINUTE))
        await here.until(spans[-1][1] + 30 * MINUTE)
        assert len(here.messages()) == 3
        assert here.messages()[-1].startswith("mx0.a.example: goes up and down (25 no answer)")
        assert "It flaps: 3 incidents within an hour, the first 2026-11-24 12:1" in here.messages()[-1]
        await here.until(spans[-1][1] + 80 * MINUTE)
        first, last = here.messages()[0], here.messages()[-1]
        begins = re.search(r"from (\S+ \d\d:\d\d UTC) to", first)[1]
        assert re.search(rf"It went up and down from {begins} to 2026-11-24 13:5\d UTC, down for \d\dm of it", last)
        assert here.replies()[-1].startswith("Quiet for an hour, after it went up and down for 1h 3")
        assert len(here.messages()) == 3
        assert here.mentions() == ["U777"] * 3


async def test_a_mute_over_a_group_ends_in_one_message_and_a_watch_that_is_deleted_leaves_it(tmp_path):
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 4 * HOUR)])) as here:
        watches = behind("a", 6)
        await here.add(*watches)
        await here.until(NOON + HOUR)
        for n, watch in enumerate(watches):
            quiet = decided(lambda one, n=n: mute(one, "U2", NOON + HOUR, NOON + 2 * HOUR, "works", 0 if n else 6))
            await here.store.change(watch.id, quiet, OPERATOR)
        await here.until(NOON + 2 * HOUR + 20 * MINUTE)
        assert len(here.messages()) == 2
        assert here.messages()[1].startswith("6 watches are down")
        assert here.mentions() == ["U777", "U777", "U2", "U777"]
        told = stories(map(of_event_row, await here.store.events(OPERATOR)))
        [whole_message] = folded(told)
        assert whole_message.id.count(".") == 2 and NAMED.fullmatch(f"w-00000{whole_message.id[4:]}")
        assert called(whole_message.id, told) == whole_message
        assert [called(part.id, told) for part in told] == told
        gone = decided(lambda one: delete(one, NOON + 3 * HOUR))
        for watch in watches[:5]:
            await here.store.change(watch.id, gone, OPERATOR)
        await here.until(NOON + 4 * HOUR + 20 * MINUTE)
        assert len(here.messages()) == 2
        assert here.messages()[1].startswith("1 of 6 watches recovered, 5 no longer watched\n")
        assert "mx0.a.example: no longer watched" in here.messages()[1]


def test_networks_are_what_one_switch_stands_before():
    assert network_of("192.0.2.77") == "192.0.2.0/24"
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"


@pytest.mark.parametrize(("tags", "messages"), [((), 2), (("prod",), 1)])
def test_what_shares_a_tag_and_opens_within_two_minutes_is_one_message(tags, messages):
    """Ninety seconds apart, on other networks, with another state."""
    dead = Switches(a=[(NOON + HOUR, NOON + 2 * HOUR)], bb=[(NOON + HOUR + 1.5 * MINUTE, NOON + 2 * HOUR)])

    def look(watch, at):
        found = dead(watch, at)
        return replace(found, failing=tuple(code.replace("no_answer", watch.target[4:6]) for code in found.failing))

    watches = [replace(behind(name, 1, every=MINUTE / 2)[0], tags=tags) for name in ("a", "bb")]
    told = played(watches, look, NOON + 1.5 * HOUR)
    assert len({event.incident for event in told if event.kind == "opened"}) == messages


def test_a_group_began_with_the_first_of_its_incidents_and_shares_what_each_of_them_has():
    """One that its interval confirms later may have broken sooner; strangers of the same minute share no network."""
    first, second = behind("a", 1, every=MINUTE)[0], behind("bb", 1, every=MINUTE, fail_after=4)[0]
    dead = Switches(a=[(NOON + 20 * MINUTE, NOON + 2 * HOUR)], bb=[(NOON + 19 * MINUTE, NOON + 2 * HOUR)])
    told = [event for event in played([first, second], dead, NOON + HOUR) if event.kind == "opened"]
    groups = [event.facts["group"] for event in told if "group" in event.facts]
    assert groups and min(event.since for event in told).isoformat() == groups[-1]["since"]
    assert groups[-1]["shared"] == []


async def test_who_is_told_in_a_newer_message_has_not_recovered(tmp_path):
    """Two of four are well again when the mute of all ends."""

    def look(watch, at):
        late = int(watch.target[2]) > 1
        return Switches(a=[(NOON + 20 * MINUTE, NOON + (6 if late else 1) * HOUR)])(watch, at)

    async with room(tmp_path, look) as here:
        watches = behind("a", 4)
        await here.add(*watches)
        await here.until(NOON + 50 * MINUTE)
        for watch in watches:
            quiet = decided(lambda one: mute(one, "U2", NOON + 50 * MINUTE, NOON + 2 * HOUR, "works"))
            await here.store.change(watch.id, quiet, OPERATOR)
        await here.until(NOON + 2 * HOUR + 20 * MINUTE)
        old, new = here.messages()
        assert old.startswith("2 of 4 watches recovered, 2 told in another message\n")
        assert new.startswith("2 watches are down")


@pytest.mark.parametrize("over", [False, True])
async def test_what_recovered_and_broke_again_is_not_said_to_be_well_with_the_others(tmp_path, over):
    """One comes back first, and breaks anew before the rest recovers; `over`: it is well by then."""
    again = NOON + 3 * HOUR
    ends = {True: again + 30 * MINUTE, False: NOON + 9 * HOUR}

    def look(watch, at):
        times = [(NOON + 20 * MINUTE, NOON + HOUR), (again, ends[over])]
        return Switches(a=times if watch.id == "w-a0" else [(NOON + 20 * MINUTE, NOON + 4 * HOUR)])(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 4))
        await here.until(NOON + 5 * HOUR)
        old, new = here.messages()
        assert new.startswith("mx0.a.example recovered" if over else "mx0.a.example: 25 no answer")
        assert old.startswith("All 4 watches recovered" + ("\n" if over else "; 1 broke again\n"))
        assert bool(re.search(r"mx0\.a\.example: recovered .*, broke again .*15:0", old)) is not over
        [end] = [text for text in here.replies() if text.startswith("All 4 watches recovered after")]
        assert ("1 of them broke again." in end) is not over


@pytest.mark.parametrize("count", [1, 3])
async def test_who_looked_after_what_was_moved_to_another_channel_stays_in_the_message_that_it_left(tmp_path, count):
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 3 * HOUR)])) as here:
        await here.add(*behind("a", count))
        await here.until(NOON + 50 * MINUTE)
        for action in (
            lambda one: acknowledge(one, "U9", here.clock.at),
            lambda one: edit(one, {"channel": "C2"}, here.clock.at, "U9"),
        ):
            await here.store.change("w-a0", decided(action), OPERATOR)
        await here.until(NOON + 5 * HOUR)
        left = here.messages()[0]
        assert ("told in another message" if count > 1 else "It continues in #C2.") in left
        assert "It was acknowledged by @U9 2026-11-24 12:50 UTC" + (" (1 of 3 watches)" if count > 1 else "") in left
        assert "Told: @U777" in left


async def test_what_a_newer_message_tells_is_not_counted_as_well_in_the_one_that_it_left(tmp_path):
    """The snooze of one of three ends, and all are down still."""
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 6 * HOUR)])) as here:
        await here.add(*behind("a", 3))
        await here.until(NOON + 50 * MINUTE)
        quiet = decided(lambda one: snooze(one, "U2", NOON + 50 * MINUTE, NOON + 2 * HOUR))
        await here.store.change("w-a1", quiet, OPERATOR)
        await here.until(NOON + 2 * HOUR + 20 * MINUTE)
        old, new = here.messages()
        assert old.startswith("2 watches are down: no answer") and "still bad" in new


async def test_a_group_s_incident_says_of_itself_alone_when_it_was_over_and_how_many_were_told_with_it(tmp_path):
    def look(watch, at):
        hours = 1 if watch.target.startswith("mx0") else 3
        return Switches(a=[(NOON + 20 * MINUTE, NOON + hours * HOUR)])(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 3))
        await here.until(NOON + 4 * HOUR)
        events = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        text = plain(whole(next(one for one in stories(events) if one.first.watch == "w-a0"), here.clock.at).text)
        assert "Told in one message with other watches: 3 were down in it" in text
        assert "watches recovered" not in text and "Recovered after" in text


def test_a_notice_of_what_its_channel_does_not_see_is_no_incident_of_the_watch_that_came_first():
    watch = a_watch()
    own = event_of(
        watch, Incident("w-1.1", NOON), "opened", NOON, {"failing": ["refused mail.example.com:25"]}, quiet=False
    )
    notice = replace(own, kind="unseen", incident="unseen-T1-C1.1", id="unseen-T1-C1.1.1")
    assert "1 incident in 90 days" in past(watch, [own, notice], NOON + HOUR).text


async def test_what_is_left_of_a_group_can_be_looked_after_and_who_does_stays_in_its_message(tmp_path):
    def look(watch, at):
        hours = 1 if watch.target.startswith("mx0") else 3
        return Switches(a=[(NOON + 20 * MINUTE, NOON + hours * HOUR)])(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 3))
        await here.until(NOON + 50 * MINUTE)
        for number in range(3):
            acks = decided(lambda one, n=number: acknowledge(one, "U9", here.clock.at, 0 if n else 3))
            await here.store.change(f"w-a{number}", acks, OPERATOR)
        await here.until(NOON + 90 * MINUTE)
        [message] = here.slack.posts("C1")
        assert plain(message["text"]).startswith("2 of 3 watches still down")
        assert "Acknowledged by @U9" in plain(message["text"])
        shown = str(message["blocks"])
        assert "smtpwatch.snooze1" in shown and "smtpwatch.ack" not in shown
        assert "w-a1+" in shown and "w-a0" not in shown


async def test_a_group_that_broke_in_a_mute_says_why_it_is_told_only_now(tmp_path):
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 4 * HOUR)])) as here:
        await here.add(*behind("a", 3))
        await here.until(NOON + 10 * MINUTE)
        for number in range(3):
            quiet = decided(lambda one: mute(one, "U2", NOON + 10 * MINUTE, NOON + 2 * HOUR, "works"))
            await here.store.change(f"w-a{number}", quiet, OPERATOR)
        await here.until(NOON + 2 * HOUR + 20 * MINUTE)
        [message] = here.messages()
        assert message.startswith("3 watches are down")
        assert "It broke during the mute of @U2, so it is told only now." in message


def test_strangers_of_one_minute_are_messages_of_their_own_and_nobody_is_said_to_share_what_the_other_has():
    """A state and a network that the first two share is not what a third has: each has one of them with somebody."""
    watches = [behind(name, 1, every=MINUTE)[0] for name in ("a", "bb", "ccc")]
    states = {"a": "refused", "bb": "no_answer", "ccc": "auth_missing"}

    def look(watch, at):
        switch = watch.target.split(".")[1]
        found = Switches(**{name: [(NOON + 20 * MINUTE, NOON + 2 * HOUR)] for name in states})(watch, at)
        return replace(found, failing=tuple(code.replace("no_answer", states[switch]) for code in found.failing))

    told = [event for event in played(watches, look, NOON + HOUR) if event.kind == "opened"]
    assert len({event.incident for event in told}) == 3
    assert not any("group" in event.facts for event in told)


async def test_a_member_is_told_by_its_own_state_and_the_group_is_over_when_its_last_was(tmp_path):
    """One grows worse, one recovers earlier, one is deleted: each with its own time and end."""

    def look(watch, at):
        number = int(watch.target[2])
        found = Switches(a=[(NOON + 20 * MINUTE, NOON + (number + 1) * HOUR)])(watch, at)
        if found.failing and number == 2 and at > NOON + 2 * HOUR:
            return replace(found, failing=(*found.failing, f"refused {watch.target}:587"))
        return found

    async with room(tmp_path, look) as here:
        await here.add(*behind("a", 4, every=5 * MINUTE))
        await here.until(NOON + 2.5 * HOUR)
        [message] = here.messages()
        assert message.startswith("2 of 4 watches still down: no answer, refused\n")
        assert re.search(
            r"mx2\.a\.example: 25 no answer, since [^;]*12:2\d[^;]*; 587 refused, since [^;]*14:0\d", message
        )
        assert re.search(r"mx0\.a\.example: recovered .*13:0\d", message)
        [worse] = [text for text in here.replies() if text.startswith("Also broken now")]
        assert "mx2.a.example: 587 refused" in worse
        assert here.mentions() == ["U777"] * 3
        gone = decided(lambda one: delete(one, here.clock.at))
        await here.store.change("w-a3", gone, OPERATOR)
        await here.until(NOON + 4 * HOUR)
        [message] = here.messages()
        assert message.startswith("3 of 4 watches recovered, 1 no longer watched\n")
        assert re.search(r"Down for 2h [34]\dm: from .*12:2\d.* to .*15:0\d", message)


async def test_what_is_still_down_after_a_snooze_is_told_as_nothing_new(tmp_path):
    """Whom another one of them names hears of it."""
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 4 * HOUR)])) as here:
        await here.add(*behind("a", 2, every=5 * MINUTE), *behind("a", 1, first=2, every=5 * MINUTE, notify="U888"))
        await here.until(NOON + 45 * MINUTE)
        before = len(here.replies())
        for number in range(3):
            quiet = decided(lambda one: snooze(one, "U2", here.clock.at, here.clock.at + HOUR, 0))
            await here.store.change(f"w-a{number}", quiet, OPERATOR)
        await here.until(NOON + 3 * HOUR)
        assert here.messages()[1].startswith("3 watches are down: no answer\n")
        said = [text for text in here.replies()[before:] if "down" in text]
        names = [name for text in said for name in re.findall(r"mx\d", text)]
        assert all(text.startswith("Still down: ") and text.endswith(("@U777", "@U888")) for text in said)
        assert len(said) == len(names) == 1
        assert sorted(here.mentions()) == ["U777"] * 2 + ["U888"] * 2


async def test_the_end_of_several_is_not_told_late_because_one_is_looked_at_seldom(tmp_path):
    """It is late by no more than it came after the others, however long its interval is."""
    begins = NOON + 5 * HOUR
    for after in (0, 3, 40):
        ends = begins + 8 * HOUR

        def look(watch, at, ends=ends, after=after):
            down = begins < at < ends + (after * MINUTE if watch.id == "w-2" else 0 * MINUTE)
            return seen("bad" if down else "good", watch, records={f"address {watch.target}": ("192.0.2.1",)})

        folder = tmp_path / str(after)
        folder.mkdir()
        async with room(folder, look) as here:
            await here.add(a_watch(id="w-1"), a_watch(id="w-2", every=6 * HOUR))
            await here.until(ends + HOUR / 2 + 2 * after * MINUTE)
            [message] = here.messages()
            assert message.startswith("Both watches recovered\n")


async def test_what_is_acknowledged_in_a_message_of_several_is_so_for_each_and_one_entry_says_it(tmp_path):
    async with room(tmp_path, Switches(a=[(NOON + 20 * MINUTE, NOON + 4 * HOUR)])) as here:
        await here.add(*behind("a", 3, every=5 * MINUTE))
        await here.until(NOON + HOUR)
        for number in range(3):
            acks = decided(lambda one, n=number: acknowledge(one, "U9", here.clock.at, 0 if n else 3))
            await here.store.change(f"w-a{number}", acks, OPERATOR)
        await here.until(NOON + 70 * MINUTE)
        assert sum(text.startswith("Acknowledged by @U9") for text in here.replies()) == 1
        events = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        assert [story.acked and story.acked[0] for story in stories(events)] == ["U9"] * 3
        until = here.clock.at + HOUR
        for number in (1, 2, 0):
            sleeps = decided(lambda one, n=number: snooze(one, "U9", here.clock.at, until, 0 if n else 3))
            await here.store.change(f"w-a{number}", sleeps, OPERATOR)
        await here.until(NOON + 80 * MINUTE)
        assert "snoozed by @U9" in plain(here.slack.posts("C1")[0]["text"])
        sleeps = decided(lambda one: snooze(one, "U8", here.clock.at, until + HOUR))
        await here.store.change("w-a1", sleeps, OPERATOR)
        await forget("U9", here.store)
        await here.until(NOON + 85 * MINUTE)
        [message] = here.slack.posts("C1")
        assert "(1 of the 3 that are down)" in plain(message["text"]) and "U9" not in message["text"]
        [entry] = [text for text in here.replies() if text.startswith("Snoozed by @U9")]
        assert entry.endswith(", all 3 watches")


async def test_those_of_a_message_are_looked_at_when_one_of_them_answers_again(tmp_path):
    """Hourly watches of one dead switch are all known to be back within minutes of the first, paused ones aside."""
    async with room(tmp_path, Switches(a=[(NOON + HOUR, NOON + 5 * HOUR)])) as here:
        await here.add(*behind("a", 6, every=HOUR))
        await here.until(NOON + 4 * HOUR)
        await here.store.change("w-a5", decided(lambda one: pause(one, "U9", here.clock.at)), OPERATOR)
        await here.until(NOON + 5 * HOUR)
        await here.until(await here.store.next_due() + 4 * MINUTE)
        assert here.messages()[0].startswith("1 of 6 watches still down")


def test_what_was_told_in_one_message_is_one_incident_of_the_list_and_of_the_files():
    """Nine of ten end with the switch, one an hour later; another switch is another incident."""

    def look(watch, at):
        hours = 4 if watch.id == "w-a9" else 3
        return Switches(a=[(NOON + HOUR, NOON + hours * HOUR)], bb=[(NOON + 2 * HOUR, NOON + 3 * HOUR)])(watch, at)

    events = played([*behind("a", 12), *behind("bb", 1)], look, NOON + 6 * HOUR)
    told = stories(events)
    one, other = sorted(folded(told), key=lambda story: story.since)
    assert (len(told), len(one.parts), other.first.watch) == (13, 12, "w-bb0")
    assert one.since == min(part.since for part in one.parts) and one.ended == max(part.ended for part in one.parts)
    line = plain(row(one, NOON + 6 * HOUR))
    assert re.search(
        r"12 watches: 25 no answer at mx0\.a\.example, .*mx5\.a\.example and 6 more, 3h .* · `w-a\d+\.1`$", line
    )
    text = plain(whole(one, NOON + 6 * HOUR).text)
    assert text.startswith("12 watches: 25 no answer at mx") and "\n• and 2 more\n" in text
    assert text.count("(mentioned @U777)") == sum(bool(event.facts.get("mention")) for event in one.events) < 12
    assert "mx9.a.example: Recovered after 3h" in text and "mx1.a.example: Recovered after 2h" in text
    assert markdown([one, other], NOON + 6 * HOUR, {}).count("\n# ") == 1
    rows = list(csv.DictReader(io.StringIO(as_csv([one, other], NOON + 6 * HOUR, {}), newline="")))
    assert {(row["id"], row["watch"], row["message"]) for row in rows} == {
        *((part.id, part.first.watch, one.id) for part in one.parts),
        (other.id, "w-bb0", other.id),
    }
    assert [part["id"] for part in document(one, NOON)["parts"]] == [part.id for part in one.parts]
    assert folded(stories([event for event in events if event.watch == "w-a3"]))[0].id == "w-a3.1"
