"""What every implementation of `History` keeps when things add up or happen at once: counts, claims, many callers."""

import asyncio

import pytest

from storage.history import OPERATOR, Availability, History, Query, StorageError
from tests.storage.samples import DAY, MINUTE, NOON, a_reading, an_entry


@pytest.mark.parametrize("since", [NOON - 2 * DAY, NOON - DAY, NOON.replace(hour=0), NOON + MINUTE, NOON + 9 * DAY])
async def test_availability_counts_exactly_from_the_given_moment(history: History, since):
    moments = [NOON + offset * DAY + step * MINUTE for offset in (-2, -1, 0, 1) for step in (-1, 0, 1)]
    for number, moment in enumerate(moments):
        down = a_reading(25, ok=False, state="no_answer")
        both = [a_reading(587, ok=number % 3 > 0), a_reading(587, address="2001:db8::1"), down]
        await history.add(an_entry(f"e{number}", started_at=moment), both)
    later = [number for number, moment in enumerate(moments) if moment >= since]
    well = len(later) + sum(number % 3 > 0 for number in later)
    expected = [Availability(25, len(later), 0), Availability(587, 2 * len(later), well)] if later else []
    assert await history.availability("mail.example.com", since=since, viewer=OPERATOR) == expected
    assert await history.availability("other.example", since=since, viewer=OPERATOR) == []


async def test_an_endpoint_that_was_not_judged_is_kept_and_not_counted(history: History):
    unknown = a_reading(ok=None, state="rate_limited")
    for day, id_ in ((NOON, "today"), (NOON - DAY, "before")):
        await history.add(an_entry(id_, started_at=day), [unknown, a_reading(25)])
    assert (await history.readings("today", OPERATOR))[0] == unknown
    for since in (NOON, NOON - 2 * DAY):
        assert [each.port for each in await history.availability("mail.example.com", since=since, viewer=OPERATOR)] == [
            25
        ]
    assert await history.delete("today", OPERATOR)
    assert await history.availability("mail.example.com", since=NOON - 2 * DAY, viewer=OPERATOR) == [
        Availability(25, 1, 1)
    ]


async def test_a_key_is_claimed_once_until_it_expires(history: History):
    assert await history.claim("event:1", NOON, MINUTE)
    assert not await history.claim("event:1", NOON + MINUTE / 2, MINUTE)
    assert await history.claim("event:2", NOON + MINUTE / 2, MINUTE)
    assert await history.claim("event:1", NOON + MINUTE, MINUTE)


async def test_of_many_who_claim_at_once_one_wins(history: History):
    won = await asyncio.gather(*(history.claim("event:1", NOON, MINUTE) for _ in range(20)))
    assert sorted(won) == [False] * 19 + [True]


async def test_readers_see_what_was_acknowledged_while_others_write(history: History):
    async def write(number: int) -> None:
        await history.add(an_entry(f"e{number}"), [a_reading()])
        assert await history.get(f"e{number}", OPERATOR) is not None
        assert len(await history.readings(f"e{number}", OPERATOR)) == 1
        assert len(await history.entries(Query(OPERATOR), limit=5)) >= 1

    await asyncio.gather(*(write(number) for number in range(200)))
    assert await history.count(Query(OPERATOR)) == 200
    assert await history.availability("mail.example.com", since=NOON - DAY, viewer=OPERATOR) == [
        Availability(587, 200, 200)
    ]


async def test_a_closed_history_says_so_and_may_be_closed_again(history: History):
    await history.close()
    await history.close()
    for question in (history.get("e1", OPERATOR), history.add(an_entry()), history.claim("k", NOON, DAY)):
        with pytest.raises(StorageError, match="shutting down"):
            await question
