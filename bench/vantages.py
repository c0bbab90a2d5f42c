"""What checks from other machines cost, and what is left of them when things are killed. One run, real processes.

The bot is this process, with its own NATS server; worker and mail server are processes beside it, all on loopback.
`python -m bench.vantages` is quick; `--kills 100 --outages 20` are the numbers that are promised.
"""

import argparse
import asyncio
import itertools
import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.demo.lab.dns import LabDns
from bot.demo.workspace.workspace import Workspace
from bot.probers import utc_now
from bot.services import open_services
from bot.vantages.extra import opened_vantages
from bot.vantages.managed import LOOK_SECONDS
from bot.vantages.opening import place_of
from bot.vantages.registry import all_keys, revoke
from bot.vantages.server import PID
from bot.vantages.subjects import NO_SPACE
from commands.contract import DeclinedError
from commands.smtpcheck.address.target import parse_target
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row, to_row
from storage.queries import OPERATOR
from tests.vantages.processes import Installation, bot_of, said

SERVER = """
import asyncio, sys
async def main():
    async def serve(reader, writer, delay):
        await asyncio.sleep(delay)
        writer.write(b"220 mail.example ESMTP\\r\\n")
        while line := await reader.readline():
            writer.write(b"250-mail.example\\r\\n250 SIZE 10240000\\r\\n" if line[:4] == b"EHLO" else b"221 bye\\r\\n")
            if line[:4] == b"QUIT":
                break
        writer.close()
    ports = []
    for delay in (0.0, 1.5, 600.0):
        server = await asyncio.start_server(lambda r, w, d=delay: serve(r, w, d), "0.0.0.0", 0)
        ports.append(str(server.sockets[0].getsockname()[1]))
    print(*ports, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
QUICK_ANSWER, SLOWEST_MS, MOST_GONE_S, MOST_BACK_S, ERRANDS_A_SECOND = 300, 10.0, 4.0, 5.0, 1000
MOST_START_S, MOST_CUT_S = 1.0, 2.0
WATCHES, WATCH_EVERY = 40, timedelta(seconds=10)
hosts = (f"127.{one}.{two}.{three}" for one, two, three in itertools.product(range(1, 250), range(250), range(1, 250)))


@dataclass
class Bench:
    services: object
    vantages: object
    home: Installation
    ports: tuple[int, int, int]
    fine: bool = True

    async def check(self, place, port):
        """One check of a host that nobody has asked before; milliseconds and the check."""
        began = time.perf_counter()
        found = await place.check(parse_target(next(hosts)), (port,), check_id="b", heard=lambda _news: None)
        return (time.perf_counter() - began) * 1000, found

    def say(self, words, *, holds):
        self.fine &= holds
        print(f"{'ok  ' if holds else 'MISS'} {words}", flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def latency(bench):
    """The same checks from here and from there, one after the other, so that both meet the same machine."""
    place, here, there = await bench.vantages.checker("mta-03", OPERATOR, ""), [], []
    for _ in range(QUICK_ANSWER):
        here.append((await bench.check(bench.services.prober, bench.ports[0]))[0])
        there.append((await bench.check(place, bench.ports[0]))[0])
    more = percentile(there, 0.99) - percentile(here, 0.99)
    medians = statistics.median(here), statistics.median(there)
    words = f"local {medians[0]:.1f} ms, from mta-03 {medians[1]:.1f} ms at the median; {more:+.1f} ms at p99"
    bench.say(f"{words} (goal: at most {SLOWEST_MS:.0f})", holds=more <= SLOWEST_MS)


async def crowd(bench):
    """200 errands at once."""
    place, began = await bench.vantages.checker("mta-03", OPERATOR, ""), time.perf_counter()
    found = await asyncio.gather(*(bench.check(place, bench.ports[0]) for _ in range(200)))
    states = {report.state for _, check in found for report in check.endpoints}
    took = time.perf_counter() - began
    bench.say(f"200 errands at once: all in {took:.1f} s, {states}", holds=states == {"open"})


async def empty(bench, times=4000, at_once=200):
    """Errands that are refused at once: what is left is the way there and back."""
    place = await bench.vantages.checker("mta-03", OPERATOR, "")
    left = iter(range(times))

    async def ask():
        for _ in left:
            with suppress(DeclinedError):
                await bench.check(place, 1)

    began, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(ask() for _ in range(at_once)))
    rate, cpu = times / (time.perf_counter() - began), (time.process_time() - spent) * 1000 / times
    words = f"{rate:,.0f} errands a second with nothing to do, {cpu:.2f} ms of the bot's CPU each"
    bench.say(f"{words} (goal: {ERRANDS_A_SECOND:,})", holds=rate >= ERRANDS_A_SECOND)


async def begun_and_cut(bench, times):
    """From the exec of a worker until it has connected, and from `revoke` until it is cut off."""
    starts, cuts, notes = [], [], bench.services.watches
    for number in range(times):
        name = f"cut-{number}"
        await bench.home.admit(notes, name)
        await asyncio.sleep(2 * LOOK_SECONDS)  # the server has read its key
        began = time.perf_counter()
        worker = await bench.home.worker(name)
        starts.append(time.perf_counter() - began)
        began = time.perf_counter()
        await revoke(notes, NO_SPACE, name, by="bench", at=utc_now())
        place_of(bench.home.settings).write(await all_keys(notes))
        await said(worker, "is its key revoked")
        cuts.append(time.perf_counter() - began)
        worker.kill()
        await worker.wait()
    words = f"a worker connected {max(starts):.2f} s after its start at most ({times} times)"
    bench.say(f"{words} (goal: {MOST_START_S:.0f})", holds=max(starts) <= MOST_START_S)
    bench.say(
        f"revoked: cut off after {max(cuts):.2f} s at most (goal: {MOST_CUT_S:.0f})", holds=max(cuts) <= MOST_CUT_S
    )


async def killed(bench, times):
    """kill -9 of the only worker in the middle of a check: how long the asker waits for an answer."""
    waits, unanswered = [], 0
    for _ in range(times):
        worker = await bench.home.worker("mta-03")
        place = await bench.vantages.checker("mta-03", OPERATOR, "")
        asking = asyncio.ensure_future(bench.check(place, bench.ports[2]))
        await asyncio.sleep(0.3)
        worker.send_signal(signal.SIGKILL)
        began = time.perf_counter()
        try:
            await asyncio.wait_for(asking, 30)
        except DeclinedError:
            waits.append(time.perf_counter() - began)
        except TimeoutError:
            unanswered += 1
        await worker.wait()
    words = f"kill -9 of a worker {times} times: {unanswered} without an answer, the slowest after {max(waits):.1f} s"
    bench.say(f"{words} (goal: {MOST_GONE_S:.0f})", holds=not unanswered and max(waits) <= MOST_GONE_S)


async def outages(bench, times):
    """kill -9 of the server in the middle of a check; the bot begins it again."""
    backs, lost, local = [], 0, []
    for _ in range(times):
        place = await bench.vantages.checker("mta-03", OPERATOR, "")
        asking = asyncio.ensure_future(bench.check(place, bench.ports[1]))
        await asyncio.sleep(0.3)
        os.kill(int((Path(bench.home.folder) / "portero.nats" / PID).read_text()), signal.SIGKILL)
        began = time.perf_counter()
        local.append((await bench.check(bench.services.prober, bench.ports[0]))[0])
        try:
            _, check = await asking
            lost += {report.state for report in check.endpoints} != {"open"}
        except DeclinedError:
            lost += 1
        for _ in range(1000):
            if "mta-03" in await bench.vantages.connected(OPERATOR, ""):
                break
            await asyncio.sleep(0.05)
        backs.append(time.perf_counter() - began)
    words = f"server killed {times} times: back after {max(backs):.1f} s at most, {lost} checks lost"
    bench.say(
        f"{words}, local checks {max(local):.0f} ms at most meanwhile (goal: {MOST_BACK_S:.0f} s, 0)",
        holds=max(backs) <= MOST_BACK_S and not lost,
    )


async def bot_killed(bench, team, channel):
    """Two more bots run the watches; one of them is killed -9. How late the next run of each watch is."""
    rows = [
        Watch(
            id=f"w-{number}", team=team, owner="U1", channel=channel, target=next(hosts), kind="check",
            every=WATCH_EVERY, created_at=utc_now(), ports=(bench.ports[0],), due_at=utc_now(), fail_after=99,
            vantage="mta-03",
        )
        for number in range(WATCHES)
    ]  # fmt: skip
    for watch in rows:
        await bench.services.watches.add(to_row(watch), WATCHES, OPERATOR)
    async with Workspace() as ws, bot_of(bench.home, ws) as bot, bot_of(bench.home, ws):
        await all_later_than(bench, utc_now())
        bot.send_signal(signal.SIGKILL)
        killed = utc_now()
        due = {row.id: max(row.due_at, killed) for row in await bench.services.watches.visible_to(OPERATOR)}
        late = [(at - due[name]).total_seconds() for name, at in (await all_later_than(bench, killed)).items()]
    every = WATCH_EVERY.total_seconds()
    words = (
        f"bot killed: watches go on; of {WATCHES} every {every:.0f} s the latest ran {max(late):.1f} s after its time"
    )
    bench.say(f"{words} (goal: within their interval)", holds=max(late) <= every)


async def all_later_than(bench, moment):
    """When each watch ran first after this, once all have."""
    found = {}
    while len(found) < WATCHES:
        for row in await bench.services.watches.visible_to(OPERATOR):
            at = of_row(row).state.last_at
            if at is not None and at > moment:
                found.setdefault(row.id, at)
        await asyncio.sleep(0.1)
    return found


async def main(kills, outage):
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, stdout=asyncio.subprocess.PIPE)
        stack.callback(server.kill)
        ports = tuple(int(port) for port in (await server.stdout.readline()).split())
        home = Installation(folder, ports[0])
        home.values["PORTERO_PORTS"] = ",".join(map(str, ports))
        dns = await stack.enter_async_context(LabDns({}))  # every name is unknown, at once
        home.values["PORTERO_NAMESERVERS"] = f"{dns.host}:{dns.port}"
        services = await stack.enter_async_context(open_services(home.settings))
        opened = opened_vantages(home.settings, services.watches, services.prober, serve=True)
        vantages = await stack.enter_async_context(opened)
        await home.admit(services.watches, "mta-03")
        bench = Bench(services, vantages, home, ports)
        worker = await home.worker("mta-03")
        await latency(bench)
        await crowd(bench)
        await empty(bench)
        await bot_killed(bench, "T0BENCH", "C1")
        await outages(bench, outage)
        worker.terminate()
        await worker.wait()
        await begun_and_cut(bench, kills)
        await killed(bench, kills)
        return bench.fine


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--outages", type=int, default=3)
    asked = parser.parse_args()
    sys.exit(not asyncio.run(main(asked.kills, asked.outages)))
