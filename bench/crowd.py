"""A team that asks at the same moment: answers, right verdicts, connections, the slowest answer beside a single one.

(a) 50 people on one healthy host with four ports, 50 ms away.
(b) 8 names on one address whose port 25 takes 15 s to greet, on a clock that moves when nobody has anything to do.
(c) 200 different hosts while 20 people ask one of them.

Handlers and the history in SQLite are real, Slack is not asked; DNS is measured apart. `python -m bench.crowd` on a
quiet machine: what is compared are ratios.
"""

import asyncio
import statistics
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import uvloop
from check import prober_for
from mailhosts import PORTS, host_name, serving

from bot.demo.lab.lab import Host
from bot.demo.lab.scripts import well_behaved
from bot.demo.lab.steps import Wait
from bot.services import Services
from commands.contract import Actor, Request
from commands.smtpcheck.handler import handle
from storage.history import OPERATOR, Query
from storage.queries import Viewer
from storage.sqlite.history import open_history
from tests import moving
from tests.smtpcheck.labs import probing

PEOPLE, RTT_MS, GOAL, ROUNDS = 50, 50.0, 1.2, 5
NAMES, SECONDS = 8, 14.9
HOSTS, ON_ONE = 200, 20
ADDRESS = "198.51.100.70"


@asynccontextmanager
async def team(prober):
    """Services with an empty history, without limits: what is counted here is what goes out."""
    with tempfile.TemporaryDirectory() as folder:
        history = await open_history(Path(folder) / "portero.db")
        yield Services(prober=prober, history=history, watches=history.watches, ports=PORTS, lookups=None)
        await prober.close()
        await history.close()


async def asked(services, user, text):
    """The text of an answer, and how many seconds it took."""

    async def viewer():
        return Viewer("T1", user, frozenset({"C1"}))

    clock = services.prober.clock
    began = clock()
    request = Request("smtpcheck", Actor(user, "T1"), datetime.now(UTC), text=text, channel="C1")
    steps = [step async for step in handle(request, replace(services, viewer=viewer))]
    return steps[-1].text, clock() - began


class Counted:
    """A route that counts the connections by port."""

    def __init__(self, route):
        self.route, self.ports = route, {}

    def __call__(self, address, port):
        self.ports[port] = self.ports.get(port, 0) + 1
        return self.route(address, port)


async def crowd_on_one():
    alone, together = [], []
    with serving(1, RTT_MS) as served:
        for _ in range(ROUNDS):
            prober = prober_for(served)
            async with team(prober) as services:
                alone.append((await asked(services, "U0", host_name(0)))[1])
            prober = prober_for(served)
            prober.route = counted = Counted(prober.route)
            async with team(prober) as services:
                answers = await asyncio.gather(*(asked(services, f"U{n}", host_name(0)) for n in range(PEOPLE)))
                rows = await services.history.count(Query(OPERATOR))
            together.append(max(seconds for _, seconds in answers))
    good = sum("works" in text for text, _ in answers)
    ratio = statistics.median(together) / statistics.median(alone)
    print(
        f"(a) {PEOPLE} people, one host: {len(answers)} answers, {good} right, {rows} row, connections {counted.ports}"
    )
    print(
        f"    slowest {statistics.median(together):.3f} s, alone {statistics.median(alone):.3f} s = {ratio:.2f}x"
        f" (goal {GOAL})"
    )
    return good == PEOPLE and set(counted.ports.values()) == {1} and ratio <= GOAL


async def names_on_one_address():
    def late(authority):
        return Wait(SECONDS), *well_behaved("m0.lab.example", context=authority.context("m0.lab.example"))

    hosts = [Host(f"m{number}.lab.example", (ADDRESS,), "Slow.", {25: late}) for number in range(NAMES)]
    async with probing(hosts, zone={}) as (lab, prober), team(prober) as services:
        answers = await asyncio.gather(*(asked(services, f"U{n}", f"{host.name} 25") for n, host in enumerate(hosts)))
        peer = lab.peers[ADDRESS, 25]
    good = sum("works" in text for text, _ in answers)
    took = sorted(seconds for _, seconds in answers)
    print(f"(b) {NAMES} names, one address, {SECONDS} s (moving clock): {len(answers)} answers, {good} right;", end=" ")
    print(f"{peer.connections} connections, {peer.most_at_once} at once; {took[0]:.0f} to {took[-1]:.0f} s")
    return good == NAMES and peer.connections == NAMES


async def many_beside_one():
    with serving(HOSTS) as served:
        rows = {}
        for joined in (0, ON_ONE):
            prober = prober_for(served)
            prober.route = counted = Counted(prober.route)
            async with team(prober) as services:
                targets = [host_name(number) for number in range(HOSTS)] + [host_name(0)] * joined
                answers = await asyncio.gather(*(asked(services, f"U{n}", name) for n, name in enumerate(targets)))
            good = sum("works" in text for text, _ in answers)
            rows[joined] = max(seconds for _, seconds in answers)
    print(
        f"(c) {HOSTS} hosts while {ON_ONE} ask one: {len(answers)} answers, {good} right, connections {counted.ports}"
    )
    print(f"    slowest {rows[ON_ONE]:.2f} s, without the {ON_ONE} {rows[0]:.2f} s = {rows[ON_ONE] / rows[0]:.2f}x")
    return good == HOSTS + ON_ONE and set(counted.ports.values()) == {HOSTS}


def main():
    good = [uvloop.run(crowd_on_one()), moving.run(names_on_one_address()), uvloop.run(many_beside_one())]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
