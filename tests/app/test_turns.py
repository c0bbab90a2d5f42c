"""The lines in which calls wait where Slack says 429."""

import asyncio

import pytest

from bot.slack.client.turns import Turns


class Slack:
    """Takes one call a second, and says so; `asked` has who asked when, `taken` who was answered."""

    def __init__(self, every=1.0):
        self.time, self.every, self.free = 0.0, every, 0.0
        self.asked, self.taken, self.broken = [], [], set()
        self.turns = Turns(lambda answer: answer["headers"].get("told", 1.0), lambda: self.time, self.sleep)

    async def sleep(self, seconds):
        await asyncio.sleep(0)
        self.time += seconds

    async def ask(self, name):
        self.asked.append((name, self.time))
        if name in self.broken:
            raise TimeoutError
        if self.time < self.free:
            return {"status_code": 429, "headers": {"told": self.free - self.time}}
        self.free = self.time + self.every
        self.taken.append(name)
        return {"status_code": 200, "headers": {}}

    async def served(self, name, place="C1", patience=1800.0):
        return (await self.turns.served(place, lambda: self.ask(name), patience))["status_code"]


async def all_of(slack, names, **more):
    return await asyncio.gather(*(slack.served(name, **more) for name in names), return_exceptions=True)


async def test_who_is_refused_waits_as_told_and_asks_in_the_order_of_coming():
    slack = Slack()
    assert await all_of(slack, range(50)) == [200] * 50
    assert slack.taken == list(range(50))
    assert len(slack.asked) == 51  # one of the burst was refused, and nobody in the line
    assert slack.time == 49


async def test_where_nobody_was_refused_nobody_waits():
    slack = Slack(every=0.0)
    assert await all_of(slack, range(50)) == [200] * 50
    assert (slack.time, len(slack.asked)) == (0.0, 50)


async def test_one_place_does_not_hold_up_another():
    slack = Slack()
    slack.free = 5.0
    first = asyncio.ensure_future(slack.served("here"))
    await asyncio.sleep(0)
    slack.free = 0.0
    assert await slack.served("there", place="C2") == 200
    assert slack.taken == ["there"]
    assert await first == 200


async def test_nobody_waits_for_longer_than_he_may():
    slack = Slack(every=10.0)
    assert await all_of(slack, "abcde", patience=20.0) == [200, 200, 200, 429, 429]


async def test_told_to_wait_for_longer_than_he_may_he_hears_it_at_once():
    slack = Slack()
    slack.free = 31.0
    assert await slack.served("a", patience=30.0) == 429
    assert slack.time == 0.0


async def test_one_that_fails_in_its_turn_lets_the_next_one_ask():
    slack = Slack()
    slack.free, slack.broken = 3.0, {"b"}
    line = [asyncio.ensure_future(slack.served(name)) for name in "ac"]
    await asyncio.sleep(0)
    line.insert(1, asyncio.ensure_future(slack.served("b")))
    found = await asyncio.gather(*line, return_exceptions=True)
    assert (found[0], type(found[1]), found[2]) == (200, TimeoutError, 200)


async def test_one_that_is_cancelled_leaves_its_place():
    slack = Slack()
    slack.free = 3.0
    line = [asyncio.ensure_future(slack.served(name)) for name in "abc"]
    await asyncio.sleep(0)
    line[1].cancel()
    assert await line[0] == await line[2] == 200
    with pytest.raises(asyncio.CancelledError):
        await line[1]
    assert slack.turns.waiting == 0
