"""Who looks after which of several in one message: who joins it later is nobody's until somebody says so."""

import re
from dataclasses import replace

import pytest

from commands.watch.state.actions import acknowledge, decided, mute, pause, snooze
from commands.watch.state.model import Second
from commands.watch.state.rows import of_event_row, to_event_row
from commands.watch.state.windows import Window
from commands.watch.view.plain_text import plain
from storage.queries import OPERATOR
from storage.watches import Change

from .room import room
from .samples import HOUR, MINUTE, NOON, a_watch, seen

THEN = Second("S222", 30 * MINUTE)


def watches(count, **changes):
    """Hourly, so that one may join within the hour."""
    fields = {"every": HOUR, "notify": "U777", "then": THEN}
    return [a_watch(id=f"w-{n}", target=f"mx{n}.example.com", **{**fields, **changes}) for n in range(count)]


def down(*spans):
    """What each is: down from and until which minute. They share a set of MX, and no network."""

    def look(watch, at):
        begins, ends = spans[int(watch.id.removeprefix("w-"))]
        records = {f"mx {watch.target}": ("10 mx.example.com",)}
        if begins * MINUTE <= at - NOON < ends * MINUTE:
            return seen("bad", watch, failing=(f"no_answer {watch.target}:25",), records=records)
        return seen("good", watch, records=records)

    return look


FOR_HOURS = 60 * 40
LATER = down((30, FOR_HOURS), (30, FOR_HOURS), (95, FOR_HOURS))
"""Two break, and more than half an hour later another one."""


async def do(here, number, action):
    await here.store.change(f"w-{number}", decided(lambda one: action(one, here.clock.at)), OPERATOR)
    await here.delivery.deliver_waiting()


async def until_down(here, count):
    """Till the message tells of so many."""
    while not re.match(rf"{count} (of \d+ )?watches|mx" if count < 2 else rf"{count} watches", _text(here)):
        await here.until(here.clock.at + MINUTE)


def _text(here):
    return here.messages()[0] if here.messages() else ""


def buttons(here):
    return set(re.findall(r"smtpwatch\.(\w+)", str(here.slack.posts("C1")[0]["blocks"])))


async def acknowledged_by_two_then_joined(here, **changes):
    """Two of three are down and are acknowledged before the third joins."""
    await here.add(*watches(3, **changes))
    await until_down(here, 2)
    for number in range(2):
        await do(here, number, lambda one, at, n=number: acknowledge(one, "U9", at, 0 if n else 2))
    assert "ack" not in buttons(here)
    assert "Acknowledged by @U9" in _text(here) and "Nobody" not in _text(here)
    before = len(here.replies())
    await until_down(here, 3)
    return here.replies()[before:]


async def test_what_joins_an_acknowledged_message_is_said_at_once_with_a_mention_and_asks_for_somebody(tmp_path):
    async with room(tmp_path, LATER) as here:
        said = await acknowledged_by_two_then_joined(here)
        [message] = here.messages()
        assert said[-1] == "Also down: mx2.example.com 25 no answer. 3 watches are down now. @U777"
        assert not [text for text in said[:-1] if "mx2" in text]
        assert "ack" in buttons(here)
        assert re.search(r"Acknowledged by @U9 2026-11-24 \d\d:\d\d UTC \(2 of the 3 that are down\)", message)
        assert "Nobody has acknowledged mx2.example.com" in message
        assert message.index("• mx2.example.com") < message.index("• mx0.example.com")


async def test_who_presses_once_more_has_what_was_nobodys_and_all_stay_named_to_the_end(tmp_path):
    async with room(tmp_path, down((30, 60 * 10), (30, 60 * 10), (95, 60 * 10))) as here:
        await acknowledged_by_two_then_joined(here)
        await do(here, 2, lambda one, at: acknowledge(one, "U8", at))
        message = _text(here)
        assert "ack" not in buttons(here) and "Nobody" not in message
        assert re.search(r"Acknowledged by @U9 [^(]*\(2 of the 3 [^)]*\), @U8 [^(]*\(1 of the 3 ", message)
        await here.until(NOON + 14 * HOUR)
        over = _text(here)
        assert over.startswith("All 3 watches recovered\n")
        assert re.search(r"It was acknowledged by @U9 [^(]*\(2 of 3 watches\), @U8 [^(]*\(1 of 3 watches\)", over)


async def test_the_second_mention_and_the_reminder_are_of_what_nobody_acknowledged(tmp_path):
    async with room(tmp_path, LATER) as here:
        await acknowledged_by_two_then_joined(here)
        await here.until(here.clock.at + 31 * MINUTE)
        assert here.mentions().count("S222") == 1
        assert "Nobody has acknowledged mx2.example.com for 30m" in here.replies()[-1]
        assert "Nobody has acknowledged mx2.example.com: a user group (S222) was mentioned" in _text(here)
        await here.until(here.clock.at + 24 * HOUR)
        assert re.search(r"It has gone on for .*, and nobody has acknowledged mx2\.example\.com\.", here.replies()[-1])


async def test_what_joins_after_a_second_mention_has_one_of_its_own(tmp_path):
    async with room(tmp_path, LATER) as here:
        await here.add(*watches(3))
        await until_down(here, 2)
        await here.until(here.clock.at + 40 * MINUTE)
        assert here.mentions().count("S222") == 1
        await until_down(here, 3)
        await here.until(here.clock.at + 40 * MINUTE)
        assert here.mentions().count("S222") == 2


async def test_what_joins_a_muted_message_is_said_at_once(tmp_path):
    async with room(tmp_path, LATER) as here:
        await here.add(*watches(3))
        await until_down(here, 2)
        for number in range(2):
            await do(here, number, lambda one, at: mute(one, "U9", at, None, "works"))
        before = len(here.replies())
        await until_down(here, 3)
        assert here.replies()[-1] == "Also down: mx2.example.com 25 no answer. 3 watches are down now. @U777"
        assert len(here.replies()) <= before + 2


async def test_of_what_is_kept_quiet_the_others_say_nothing_and_it_is_said_when_it_is_not_any_more(tmp_path):
    """One joins and is snoozed, one recovers in its maintenance; both are said when that is over."""
    night = Window(*((NOON + minutes * MINUTE).time() for minutes in (60, 150)), "UTC", frozenset(range(7)))
    look = down((30, FOR_HOURS), (33, FOR_HOURS), (30, 80))
    async with room(tmp_path, look) as here:
        first, second, third = watches(3, every=5 * MINUTE, then=None)
        await here.add(first, second, replace(third, windows=(night,)))
        await until_down(here, 2)
        while "mx1" not in _text(here):
            await here.until(here.clock.at + MINUTE / 2)
        await do(here, 1, lambda one, at: snooze(one, "U9", at, NOON + 2 * HOUR, 0))
        await here.until(NOON + 118 * MINUTE)
        assert "mx2.example.com: recovered" in _text(here)
        assert not [text for text in here.replies() if "mx1" in text or "Recovered" in text]
        await here.until(NOON + 3 * HOUR)
        assert here.messages()[1].startswith("mx1.example.com: 25 no answer")
        [said] = [text for text in here.replies() if text.startswith("Recovered")]
        assert said.startswith("Recovered: mx2.example.com all of it since 2026-11-24 13:2")


async def test_what_recovers_is_said_where_all_that_is_left_is_kept_quiet(tmp_path):
    async with room(tmp_path, down((30, FOR_HOURS), (30, 120))) as here:
        await here.add(*watches(2, every=5 * MINUTE, then=None))
        await until_down(here, 2)
        await do(here, 0, lambda one, at: mute(one, "U9", at, None, "works"))
        await here.until(NOON + 3 * HOUR)
        assert [text.partition(" since ")[0] for text in here.replies() if text.startswith("Recovered")] == [
            "Recovered: mx1.example.com all of it"
        ]
        [behind] = [row for row in await here.store.events(OPERATOR) if row.document["facts"].get("why") == "behind"]
        assert behind.watch == "w-0"  # which is muted, and of which no pager is to hear
        assert to_event_row(of_event_row(behind), watches(1, routes={"pagerduty": ("critical",)})[0]).routes == (
            "slack",
        )


async def test_a_message_that_an_older_version_kept_is_acknowledged_for_those_that_stood_in_it_then(tmp_path):
    def older(row, sight):
        [group] = sight["groups"]
        for member in group["members"].values():
            for name in ("acked_by", "acked_at", "escalated", "told_at", "hushed"):
                member.pop(name, None)
        return Change(
            row, (), sight | {"groups": [group | {"acked_by": "U9", "acked_at": (NOON + 1.5 * HOUR).isoformat()}]}
        )

    async with room(tmp_path, LATER) as here:
        await here.add(*watches(3))
        await until_down(here, 3)
        await here.store.change("w-2", older, OPERATOR)
        await do(here, 2, lambda one, at: pause(one, "U8", at))
        message = plain(here.slack.posts("C1")[0]["text"])
        assert "Acknowledged by @U9 2026-11-24 13:30 UTC (2 of the 3 that are down)" in message
        assert "Nobody has acknowledged mx2.example.com" in message and "ack" in buttons(here)


@pytest.mark.parametrize("acked", [True, False])
async def test_that_many_joined_is_told_whom_a_watch_names_while_nobody_looks_after_them_and_not_when_one_recovers(
    tmp_path, acked
):
    """Whoever's watch it is that says in the thread what joined."""
    hosts = 9
    async with room(tmp_path, down(*[(30, FOR_HOURS)] * (hosts - 1), (30, 120))) as here:
        named, *others = watches(hosts, every=30 * MINUTE, notify="", then=None)
        await here.add(replace(named, notify="U777"), *others)
        await until_down(here, hosts)
        for number in range(hosts if acked else 0):
            await do(here, number, lambda one, at, n=number: acknowledge(one, "U9", at, 0 if n else hosts))
        await here.until(NOON + 4 * HOUR)
        [recovered] = [text for text in here.replies() if "Recovered" in text]
        assert "@U777" not in recovered
        again = f"Still down: mx0.example.com 25 no answer. {hosts} watches are down now. @U777"
        assert (again in here.replies()) != acked
        assert here.mentions().count("U777") == 2 - acked
