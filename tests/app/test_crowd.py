"""A team that asks at the same moment: the real bot, on a clock that moves where seconds pass."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.demo.lab.lab import Host
from bot.demo.lab.scripts import well_behaved
from bot.demo.lab.steps import Wait
from bot.demo.workspace.workspace import Workspace
from storage.history import OPERATOR, Query
from tests import moving

from .stage import bot_on, lab_services

SECONDS = 14.0
ADDRESS = "198.51.100.70"


@dataclass
class Counted:
    """A step that counts the connections that come to it, and how many there are at once."""

    now: int = 0
    most: int = 0
    all: int = 0

    async def play(self, _wire):
        self.all += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await Wait(SECONDS).play(_wire)
        finally:
            self.now -= 1


@asynccontextmanager
async def crowd(folder, people, names=1):
    """The bot, people in #mailops, and hosts m0, m1, ... on one address whose port 25 greets after 14 s."""
    counted = Counted()

    def late(authority):
        return counted, *well_behaved("m0.lab.example", context=authority.context("m0.lab.example"))

    hosts = [Host(f"m{number}.lab.example", (ADDRESS,), "Slow.", {25: late}) for number in range(names)]
    async with Workspace() as ws, lab_services(folder, *hosts) as services:
        services.prober.clock = asyncio.get_running_loop().time
        users = [ws.add_user(f"p{number}") for number in range(people)]
        ws.add_channel("incident", [*users])
        async with bot_on(ws, replace(services), pace=()) as stage:
            yield stage, [user.name for user in users], counted


async def told(stage, users, lines, channel="incident"):
    """What each of them reads when all have typed their line at once."""
    await asyncio.gather(*(stage.ws.command(user, channel, line) for user, line in zip(users, lines, strict=True)))
    await stage.bot.dispatcher.idle()
    return [stage.last(user, channel).text for user in users]


def test_twenty_people_on_a_host_that_takes_14_s_are_one_connection_one_row_and_twenty_right_answers(tmp_path):
    async def asked():
        async with crowd(tmp_path, 20) as (stage, users, counted):
            began = asyncio.get_running_loop().time()
            answers = await told(stage, users, ["/smtpcheck m0.lab.example 25"] * 20)
            took = asyncio.get_running_loop().time() - began
            return answers, counted.all, await stage.services.history.count(Query(OPERATOR)), took

    answers, connections, rows, took = moving.run(asked())
    assert ["25 · open" in text and "lab.example* works." in text for text in answers] == [True] * 20, answers[0]
    assert all("Asked together with <@U" in text and "and 18 other people." in text for text in answers)
    assert (connections, rows) == (1, 1)
    assert took < SECONDS * 3  # one after another they would take twenty times as long


def test_eight_names_on_one_address_that_takes_14_s_have_eight_right_answers_three_at_a_time(tmp_path):
    lines = [f"/smtpcheck m{number}.lab.example 25" for number in range(8)]

    async def asked():
        async with crowd(tmp_path, 8, 8) as (stage, users, counted):
            answers = await told(stage, users, lines)
            return answers, counted.all, counted.most, await stage.services.history.count(Query(OPERATOR))

    answers, connections, at_once, rows = moving.run(asked())
    assert ["25 · open" in text and "lab.example* works." in text for text in answers] == [True] * 8, answers[0]
    assert (connections, at_once, rows) == (8, 3, 8)
