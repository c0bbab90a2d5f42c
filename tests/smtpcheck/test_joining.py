"""Whoever asks for the same while a check runs joins it: one check, an answer for each."""

import asyncio
import re
from dataclasses import replace

import pytest

from commands.contract import Progress, UserError
from commands.smtpcheck.handler import handle
from storage.history import OPERATOR, Query
from storage.queries import Viewer
from tests.smtpcheck.test_handler import connections, request, services

__all__ = ["services"]

SLOW = "slow.lab.example 25"
"""It greets after some seconds."""


def asked_by(services, user, channel="C1", team="T1", text=SLOW):
    """The steps of an answer; whoever asks sees their own and this channel."""
    own = OneOf(services, Viewer(team, user, frozenset({channel})))
    return handle(replace(request(text, user=user, team=team), channel=channel), own)


class OneOf:
    """The services as one person has them."""

    def __init__(self, services, viewer):
        self._services, self._viewer = services, viewer

    def __getattr__(self, name):
        return getattr(self._services, name)

    async def viewer(self):
        return self._viewer


async def last_of(steps):
    return [step async for step in steps][-1]


async def answers(*asked):
    return await asyncio.gather(*map(last_of, asked))


async def rows(services):
    return await services.history.entries(Query(OPERATOR))


async def test_fifty_people_on_one_host_are_one_check_one_row_and_fifty_answers(services):
    replies = await answers(*(asked_by(services, f"U{number}") for number in range(50)))
    assert ["works" in reply.text for reply in replies] == [True] * 50
    assert (connections(services), len(services.asked), len(await rows(services))) == (1, 1, 1)
    told = [re.search(r"Logged\. Asked together with <@(U\d+)> and 48 other people\.", reply.text) for reply in replies]
    assert all(named and named[1] != f"U{number}" for number, named in enumerate(told))


async def test_who_joins_hears_what_was_heard_before(services):
    first, second = asked_by(services, "U1", text="slow.lab.example 25 587"), []
    async for step in first:
        if not second and isinstance(step, Progress) and "1 of 2 ports done" in step.text:
            second.append(asyncio.ensure_future(_all(asked_by(services, "U2", text="slow.lab.example 587 25"))))
    steps = await second[0]
    assert "1 of 2 ports done (587: refused)" in steps[1].text
    assert "2 of 2 ports done" in steps[-2].text
    assert services.asked == ["slow.lab.example"]


async def _all(steps):
    return [step async for step in steps]


@pytest.mark.parametrize(
    "other", ["slow.lab.example 587", "slow.lab.example 25 deep", "slow.lab.example 25 587", "mail.lab.example 25"]
)
async def test_other_ports_another_depth_and_another_target_are_another_check(services, other):
    await answers(asked_by(services, "U1"), asked_by(services, "U2", text=other))
    assert len(services.asked) == 2


async def test_from_another_place_is_another_check(services):
    await answers(asked_by(services, "U1"), asked_by(services, "U2", text=f"{SLOW} from mta-03"))
    assert len(services.asked) == 2


async def test_when_the_first_asker_goes_away_the_others_keep_the_check(services):
    first, second = asked_by(services, "U1"), asked_by(services, "U2")
    await anext(first)
    await anext(second)
    await first.aclose()
    assert "works" in (await last_of(second)).text
    assert ([row.actor for row in await rows(services)], connections(services)) == (["U2"], 1)


async def test_when_all_have_gone_the_check_has_ended_and_the_next_begins_a_new_one(services):
    steps = [asked_by(services, user, text="slow.lab.example 25 587") for user in ("U1", "U2")]
    for each in steps:
        while "1 of 2 ports done" not in (await anext(each)).text:
            pass
    for each in steps:
        await each.aclose()
    await asyncio.sleep(1.0)
    await services.prober.close()
    assert len(services.prober.sessions.queues) == 0
    assert "works" in (await last_of(asked_by(services, "U3", text="slow.lab.example 25 587"))).text
    assert len(services.asked) == 2


async def test_whoever_asks_elsewhere_shares_the_row_and_is_told_no_name(services):
    here, there = await answers(asked_by(services, "U1", "C1"), asked_by(services, "U2", "D2"))
    assert "Logged. Asked together with 1 other person." in here.text
    assert "Logged. Asked together with 1 other person." in there.text
    [row] = await rows(services)
    assert sorted(row.askers) == [("U1", "C1"), ("U2", "D2")]
    assert connections(services) == 1
    for user, channel in (("U1", "C1"), ("U2", "D2")):
        [seen] = await services.history.entries(Query(Viewer("T1", user, frozenset({channel}))))
        assert (seen.actor, seen.channel, seen.others, seen.id) == (user, channel, (), row.document["id"])


async def test_who_asks_when_it_is_over_waits_until_it_is_kept_and_has_that_result(services):
    add, late = services.history.add, []

    async def slow(entry, readings=()):
        late.append(asyncio.ensure_future(last_of(asked_by(services, "U2"))))
        await asyncio.sleep(0.05)
        await add(entry, readings)

    services.history.add = slow
    await last_of(asked_by(services, "U1"))
    assert "by <@U1>: *Run again*" in (await late[0]).text
    assert [row.others for row in await rows(services)] == [()]
    assert connections(services) == 1


async def test_who_comes_back_from_the_history_when_a_whole_check_could_have_run_has_begun_the_one_that_others_join(
    services,
):
    last_of_target, looks = services.history.last_of, []

    async def late(*asked, **how):
        known = await last_of_target(*asked, **how)
        looks.append(asked)
        if len(looks) == 1:
            await asyncio.sleep(60.0)
        return known

    services.history.last_of = late
    for reply in await answers(asked_by(services, "U1"), asked_by(services, "U2")):
        assert "works" in reply.text
    assert (connections(services), len(services.asked)) == (1, 1)
    [row] = await rows(services)
    assert sorted(row.askers) == [("U1", "C1"), ("U2", "C1")]


async def test_whom_the_history_fails_keeps_nobody_from_looking(services):
    async def broken(*asked, **how):
        services.history.last_of = last_of_target
        raise ZeroDivisionError

    last_of_target, services.history.last_of = services.history.last_of, broken
    first, second = asked_by(services, "U1"), asked_by(services, "U2")
    failed, reply = await asyncio.gather(last_of(first), last_of(second), return_exceptions=True)
    assert (type(failed), "works" in reply.text) == (ZeroDivisionError, True)


async def test_another_team_shares_the_check_and_learns_nothing_of_who_asked(services):
    ours, theirs = await answers(asked_by(services, "U1"), asked_by(services, "U2", "C9", "T2"))
    assert "together" not in ours.text + theirs.text
    assert sorted(row.team for row in await rows(services)) == ["T1", "T2"]
    assert (connections(services), len(services.asked)) == (1, 1)


async def test_who_joins_waits_for_no_limit_and_who_would_begin_does(services):
    first = asked_by(services, "U1")
    await anext(first)
    services.wait = 60.0
    second = asyncio.ensure_future(last_of(asked_by(services, "U2")))
    assert "works" in (await last_of(first)).text
    assert "works" in (await second).text
    with pytest.raises(UserError, match="often enough"):
        await last_of(asked_by(services, "U3", text="slow.lab.example 587"))


async def test_what_we_could_not_judge_is_told_and_not_kept(services):
    services.prober.limits = replace(services.prober.limits, check=0.0)
    reply = await last_of(asked_by(services, "U1"))
    assert "could not be judged" in reply.text
    assert "*Not logged*: what we did not hear is no result of this host." in reply.text
    assert await rows(services) == []
    services.prober.limits = replace(services.prober.limits, check=60.0)
    assert "works" in (await last_of(asked_by(services, "U1"))).text
