"""Several bots on one database, each of which sees the other machines for itself, and what is told when none does."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.probe import ProbeResult
from bot.watches.scheduler import Scheduler
from commands.watch.state.observation import nothing_seen
from commands.watch.state.rows import of_row, to_row
from commands.watch.view.plain_text import plain
from storage.queries import OPERATOR
from tests.histories import history_at

from .channels import Channels
from .room import Clock, Luck
from .samples import MINUTE, NOON, a_watch, seen

QUARTER = 15 * MINUTE


@dataclass
class Sight:
    """Which machines a bot sees."""

    names: set = field(default_factory=set)
    is_sure: bool = True

    def seen(self):
        return frozenset(self.names)


class Bots:
    """Two bots, first and second, on one store and one clock; `runs` are those of each.

    Of a machine that has `left` a bot hears when it asks it.
    """

    def __init__(self, history):
        self.store, self.clock, self.runs = history.watches, Clock(), []
        self.left = set(), set()
        self.slack = Channels(Luck(), self.clock, lambda: False)
        self.delivery = DeliveryLoop(self.store, [SlackAlerts(self.slack, self.clock)], self.clock)
        self.sights = Sight({"mta-03"}), Sight({"mta-03"})
        self.schedulers = [
            Scheduler(self.store, self._probe(number), self.clock, elsewhere=sight)
            for number, sight in enumerate(self.sights)
        ]

    def _probe(self, number):
        async def look(watch, _at):
            self.runs.append((number, watch.id))
            self.sights[number].names -= self.left[number]
            if watch.machine not in {"local", *self.sights[number].names}:
                return ProbeResult(nothing_seen(watch, f"vantage_away.{watch.vantage}", watch.due_at))
            return ProbeResult(replace(seen("good", watch), vantage=watch.vantage))

        return look

    async def at(self, at):
        """Both look at what is due at this moment, the first one first; the runs since the last time."""
        self.clock.at, self.runs = at, []
        for scheduler in self.schedulers:
            await scheduler.run_due()
        await self.delivery.deliver_waiting()
        return self.runs

    def messages(self, channel="C1"):
        return [plain(one["text"]) for one in self.slack.posts(channel)]


@pytest.fixture
async def bots(tmp_path):
    async with opened(tmp_path, far("w-1"), a_watch(id="w-2", target="near.example.com")) as made:
        yield made


@asynccontextmanager
async def opened(folder, *watches):
    history = await history_at(folder / "portero.db")
    try:
        for watch in watches:
            await history.watches.add(to_row(watch), 99, OPERATOR)
        yield Bots(history)
    finally:
        await history.close()


def far(name, **more):
    return a_watch(id=name, vantage="mta-03", target=f"{name}.example.com", **more)


async def test_a_watch_of_another_machine_is_run_by_the_bot_that_sees_it(bots):
    bots.sights[0].names.clear()
    assert await bots.at(NOON) == [(0, "w-2"), (1, "w-1")]


async def test_where_no_bot_sees_it_the_watch_waits_two_intervals_and_one_notice_says_so(tmp_path):
    several = [far("w-1"), far("w-2"), far("w-3", channel="C2"), far("w-4", channel="C2")]
    async with opened(tmp_path, *several) as bots:
        for sight in bots.sights:
            sight.names.clear()
        assert await bots.at(NOON + 2 * QUARTER - MINUTE) == []
        assert sorted(await bots.at(NOON + 2 * QUARTER)) == [(0, f"w-{number}") for number in (1, 2, 3, 4)]
        for number in range(3, 12):
            await bots.at(NOON + number * QUARTER)
        for channel in ("C1", "C2"):
            [told] = bots.messages(channel)
            assert told.startswith("Cannot see from mta-03: 2 watches are not seen (mta-03 is not connected)")
            assert "Since 2026-11-24 12:00 UTC." in told


async def test_when_the_machine_is_back_its_watches_run_at_once_and_the_notice_ends(bots):
    for sight in bots.sights:
        sight.names.clear()
    await bots.at(NOON + 2 * QUARTER)
    bots.sights[1].names.add("mta-03")
    assert (1, "w-1") in await bots.at(NOON + 4 * QUARTER)
    [told] = bots.messages()
    assert told.startswith("w-1.example.com: seen again")


@pytest.mark.parametrize("others", [True, False])
async def test_a_machine_that_has_just_left_costs_no_run_and_whoever_sees_it_takes_the_watch(bots, others):
    bots.left[0].add("mta-03")
    if not others:
        bots.sights[1].names.clear()
    assert sorted(await bots.at(NOON)) == [(0, "w-1"), (0, "w-2"), *([(1, "w-1")] if others else [])]
    watch = of_row(await bots.store.get("w-1", OPERATOR))
    assert (watch.state.phase, watch.state.unseen) == ("up" if others else "new", None)
    assert watch.due_at > NOON or not others


async def test_a_bot_that_has_just_begun_to_look_says_of_no_machine_that_it_is_away(bots):
    for sight in bots.sights:
        sight.names.clear()
        sight.is_sure = False
    assert await bots.at(NOON + 9 * QUARTER) == [(0, "w-2")]
    assert bots.messages() == []
