"""What stands in the thread of an alert beside what grew: what recovered, who paused or deleted; each entry stays."""

import re
from datetime import timedelta

from commands.watch.state.accepting import accept
from commands.watch.state.actions import acknowledge, decided, delete, edit, mute, pause, resume, unmute
from commands.watch.state.rows import of_event_row
from commands.watch.state.story import stories
from commands.watch.view.plain_text import plain
from commands.watch.view.stories import whole
from storage.queries import OPERATOR
from storage.watches import Change

from .room import room
from .samples import HOUR, MINUTE, NOON, a_watch, seen

PORTS = {25: "no_answer", 465: "refused", 587: "refused"}


def watches(count, **changes):
    fields = {"every": 5 * MINUTE, "notify": "U777"}
    return [a_watch(id=f"w-{n}", target=f"mx{n}.example.com", **{**fields, **changes}) for n in range(count)]


def script(*parts):
    """What is broken from when on: (minutes, {number of the host: ports})."""

    def look(watch, at):
        number = int(watch.id.removeprefix("w-"))
        broken = next(broken for minutes, broken in reversed(parts) if at - NOON >= timedelta(minutes=minutes))
        failing = tuple(sorted(f"{PORTS[port]} {watch.target}:{port}" for port in broken.get(number, ())))
        records = {f"address {watch.target}": (f"192.0.2.{number}",)}
        return seen("bad" if failing else "good", watch, records=records, **({"failing": failing} if failing else {}))

    return look


def as_older(row, sight):
    """The sight as a version wrote it that noted nothing of threads."""
    member = sight["groups"][0]["members"][row.id]
    del member["said"], member["differs"]
    return Change(row, (), sight)


async def do(here, number, action):
    await here.store.change(f"w-{number}", decided(lambda one: action(one, here.clock.at)), OPERATOR)
    await here.delivery.deliver_waiting()


def entries(here, *words):
    """Without the times."""
    return [text.split(" since ")[0] for text in here.replies() if text.startswith(words)]


async def test_a_port_that_recovers_or_breaks_again_while_others_are_broken_is_an_entry_with_its_time(tmp_path):
    all_three, one = {0: (25, 465, 587)}, {0: (587,)}
    parts = ((0, {}), (10, all_three), (60, one), (90, {0: (465, 587)}), (120, {}))
    async with room(tmp_path, script(*parts)) as here:
        await here.add(*watches(1))
        await here.until(NOON + 80 * MINUTE)
        [recovered] = [text for text in here.replies() if text.startswith("Recovered:")]
        assert re.fullmatch(r"Recovered: 25, 465 since 2026-11-24 13:0\d UTC. Still broken: 587 refused", recovered)
        await here.until(NOON + 110 * MINUTE)
        [again] = [text for text in here.replies() if text.startswith("Broken again:")]
        assert re.fullmatch(r"Broken again: 465 refused since .* 13:3\d UTC. Still broken: 465, 587 refused", again)
        await here.until(NOON + 3 * HOUR)
        assert here.replies()[-1].startswith("Recovered after")
        assert here.mentions() == ["U777"]


async def test_a_port_that_flaps_beside_a_broken_one_is_an_entry_in_a_quarter_of_an_hour_that_says_how_it_is(tmp_path):
    flips = [(28 + 5 * n, {0: (25,) if n % 2 else (25, 465)}) for n in range(25)]
    async with room(tmp_path, script((0, {}), *flips)) as here:
        await here.add(*watches(1))
        await here.until(NOON + 3 * HOUR)
        said = entries(here, "Recovered:", "Broken again:")
        assert 2 <= len(said) <= 10
        assert said == (["Recovered: 465", "Broken again: 465 refused"] * len(said))[: len(said)]


async def test_what_the_thread_has_to_say_waits_for_no_interval(tmp_path):
    """Of hourly watches one joins, and a port of one works again: each is said within minutes."""
    parts = ((0, {}), (50, {0: (25, 465)}), (51, {0: (25, 465), 1: (25,)}), (240, {0: (25,), 1: (25,)}))
    seen_then, looks = script(*parts), []

    def look(watch, at):
        looks.append((watch.id, (at - NOON) / MINUTE))
        return seen_then(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*watches(2, every=HOUR))
        said = {}
        for minutes in range(0, 600, 5):
            await here.until(NOON + minutes * MINUTE)
            for text in here.replies():
                said.setdefault(text.partition(":")[0], minutes)
    opened = min(at for name, at in looks if name == "w-1" and at >= 51)
    assert said["Also down"] - opened <= 10
    assert said["Recovered"] - min(at for name, at in looks if name == "w-0" and at >= 240) <= 10


async def test_an_end_that_is_told_late_says_when_it_was(tmp_path):
    """From its first good run on the server asked us to come later, for hours."""
    broken = script((0, {}), (10, {0: (25,)}), (60, {}))

    def look(watch, at):
        hides = timedelta(minutes=65) <= at - NOON < timedelta(minutes=300)
        return seen("unknown", watch, why="rate_limited") if hides else broken(watch, at)

    async with room(tmp_path, look) as here:
        await here.add(*watches(1, every=5 * MINUTE, recover_after=3))
        await here.until(NOON + 7 * HOUR)
        [over] = [text for text in here.replies() if text.startswith("Recovered")]
        assert re.fullmatch(r"Recovered after 5\dm, 2026-11-24 13:0\d UTC\.", over)


async def test_a_port_that_recovered_just_before_the_rest_is_said_with_the_end(tmp_path):
    parts = ((0, {}), (10, {0: (25, 465, 587)}), (60, {0: (25, 587)}), (65, {0: (25,)}), (70, {}))
    async with room(tmp_path, script(*parts)) as here:
        await here.add(*watches(1))
        await here.until(NOON + 2 * HOUR)
        assert re.fullmatch(
            r"Recovered after [0-9hm ]+. Before that: 587 since 2026-11-24 13:0\d UTC.", here.replies()[-1]
        )


async def test_those_of_a_group_that_recover_are_told_together_and_of_a_port_which(tmp_path):
    both, down = (25, 465), range(13, 15)
    parts = ((0, {}), (10, dict.fromkeys(range(16), both)), (60, {15: (25,), **dict.fromkeys(down, both)}))
    async with room(tmp_path, script(*parts)) as here:
        await here.add(*watches(16, every=10 * MINUTE))
        await here.until(NOON + 2 * HOUR)
        said = [text for text in here.replies() if text.startswith("Recovered:")]
        assert 1 <= len(said) <= 3
        told = [name for text in said for name in re.findall(r"(mx\d+)\.example\.com (?:all of it|465) since", text)]
        counted = sum(int(count) for text in said for count in re.findall(r"; and (\d+) more", text))
        assert len(set(told)) == len(told) and len(told) + counted == 14
        assert said[-1].endswith("3 of 16 watches still down.")
        events = [of_event_row(row) for row in await here.store.events(OPERATOR)]
        story = next(one for one in stories(events) if one.first.watch == "w-15")
        assert "mx0" not in plain(whole(story, here.clock.at).text)


async def test_a_port_that_breaks_otherwise_or_joins_in_one_of_several_is_an_entry_too(tmp_path):
    """Refused, then no answer, then refused again; a host that joins last and is well first is not passed over."""

    def look(watch, at):
        number, minutes = int(watch.id.removeprefix("w-")), (at - NOON) / MINUTE
        state = "no_answer" if number == 0 and 60 <= minutes < 100 else "refused"
        bad = (12 if number == 2 else 10) <= minutes < (15 if number == 2 else 150)
        records = {f"address {watch.target}": (f"192.0.2.{number}",)}
        code = f"{state} {watch.target}:25"
        return seen("bad", watch, failing=(code,), records=records) if bad else seen("good", watch, records=records)

    async with room(tmp_path, look) as here:
        await here.add(*watches(2), *watches(3, every=MINUTE)[2:])
        await here.until(NOON + 4 * HOUR)
        said = [text.partition(" since ")[0] for text in here.replies() if "otherwise" in text]
        assert said == [f"Broken otherwise now: mx0.example.com 25 {state}" for state in ("no answer", "refused")]
        assert any(re.search(r"Also down: .*mx2\.example\.com 25 refused", text) for text in here.replies())


async def test_many_that_recover_one_after_the_other_are_a_few_entries(tmp_path):
    parts = [(60 + 3 * n, dict.fromkeys(range(n, 30), (25,))) for n in range(31)]
    async with room(tmp_path, script((0, {}), (10, dict.fromkeys(range(30), (25,))), *parts)) as here:
        await here.add(*watches(30, every=20 * MINUTE))
        await here.until(NOON + 4 * HOUR)
        assert len(here.messages()) == 1
        assert 2 <= len(entries(here, "Recovered:")) <= 9
        assert here.replies()[-1].startswith("All 30 watches recovered after")


async def test_one_of_a_group_that_is_paused_or_deleted_or_goes_on_is_an_entry_and_stands_in_the_message(tmp_path):
    async with room(tmp_path, script((0, {}), (10, dict.fromkeys(range(3), (25,))))) as here:
        await here.add(*watches(3))
        await here.until(NOON + HOUR)
        await do(here, 1, lambda one, at: pause(one, "U9", at, "rebuilt"))
        await do(here, 2, lambda one, at: delete(one, at, "U8"))
        said = here.replies()[-2:]
        assert said == [
            "Paused by @U9, not checked until somebody resumes it (mx1.example.com): rebuilt",
            "mx2.example.com: no longer watched: its watch was deleted by @U8.",
        ]
        [message] = here.messages()
        assert message.startswith("2 of 3 watches still down: no answer\n")
        assert "mx1.example.com: 25 no answer, since 2026-11-24 12:10 UTC; paused, not checked" in message
        assert "paused by @U9 (1 of the 2 that are down)" in message
        await do(here, 1, lambda one, at: resume(one, at, "U9"))
        assert here.replies()[-1] == "Resumed by @U9 (mx1.example.com)"
        assert "paused" not in here.messages()[0]
        await do(here, 0, lambda one, at: delete(one, at, "U8"))
        await do(here, 1, lambda one, at: delete(one, at, "U8"))
        assert here.replies()[-1].splitlines() == [
            "mx1.example.com: no longer watched: its watch was deleted by @U8.",
            "3 of 3 watches no longer watched after 50m.",
        ]


async def test_what_is_done_to_a_watch_that_alerts_alone_is_an_entry_too(tmp_path):
    async with room(tmp_path, script((0, {}), (10, {0: (25,)}))) as here:
        await here.add(*watches(1))
        await here.until(NOON + HOUR)
        await do(here, 0, lambda one, at: pause(one, "U9", at))
        await do(here, 0, lambda one, at: resume(one, at, "U9"))
        await do(here, 0, lambda one, at: mute(one, "U9", at, None, "known"))
        await do(here, 0, lambda one, at: acknowledge(one, "U9", at))
        await do(here, 0, lambda one, at: unmute(one, at, "U9"))
        await do(here, 0, lambda one, at: edit(one, {"ports": (587,)}, at, "U9"))
        assert [text.split(" 2026")[0] for text in here.replies()[-6:]] == [
            "Paused by @U9, not checked until somebody resumes it",
            "Resumed by @U9",
            "Muted by @U9 until somebody ends it: known",
            "Acknowledged by @U9",
            "Mute ended by @U9",
            "No longer watched: its watch was changed by @U9 and looks at something else now.",
        ]


async def test_a_mute_that_somebody_ends_keeps_who_acknowledged_and_tells_only_what_broke_since_then(tmp_path):
    async with room(tmp_path, script((0, {}), (10, {0: (25,)}), (100, {0: (25, 587)}))) as here:
        await here.add(*watches(1))
        await here.until(NOON + HOUR)
        await do(here, 0, lambda one, at: acknowledge(one, "U9", at))
        await do(here, 0, lambda one, at: mute(one, "U9", at, None, "known"))
        await do(here, 0, lambda one, at: unmute(one, at, "U8"))
        await here.until(NOON + HOUR + 30 * MINUTE)
        [message] = here.messages()
        assert "Acknowledged by @U9" in message
        await do(here, 0, lambda one, at: mute(one, "U9", at, None, "known"))
        await here.until(NOON + 3 * HOUR)
        await do(here, 0, lambda one, at: unmute(one, at, "U8"))
        await here.until(NOON + 4 * HOUR)
        first, second = here.messages()
        assert "It continues in a newer message below." in first
        assert "The mute is over and it is still bad." in second
        assert "Acknowledged" not in second


async def test_what_was_accepted_says_by_whom_in_its_thread(tmp_path):
    def look(watch, at):
        return (
            seen("bad", watch, failing=("tls_not_offered mx0.example.com:587",)) if at > NOON else seen("good", watch)
        )

    async with room(tmp_path, look) as here:
        await here.add(*watches(1))
        await here.until(NOON + HOUR)
        await do(here, 0, lambda one, at: accept(one, at, "U9"))
        assert here.replies()[-1] == "Accepted as the new normal by @U9."


async def test_that_nothing_can_be_posted_is_no_entry_which_could_not_be_posted_either(tmp_path):
    async with room(tmp_path, script((0, {}), (10, {0: (25,)}))) as here:
        await here.add(*watches(1))
        await here.until(NOON + HOUR)
        before = await here.store.events(OPERATOR)
        await do(here, 0, lambda one, at: pause(one, "portero", at, "cannot_post"))
        await do(here, 0, lambda one, at: resume(one, at, "U9"))
        assert await here.store.events(OPERATOR) == before


async def test_a_group_that_an_older_version_wrote_says_nothing_of_what_it_never_noted(tmp_path):
    async with room(tmp_path, script((0, {}), (10, {0: (25, 465)}), (60, {0: (25,)}))) as here:
        await here.add(*watches(1))
        await here.until(NOON + 50 * MINUTE)
        await here.store.change("w-0", as_older, OPERATOR)
        await here.until(NOON + 80 * MINUTE)
        assert len(entries(here, "Recovered:")) == 1 and not entries(here, "Broken again:")
