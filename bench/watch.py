"""1,000 watches that are due at the same moment, beside slash commands.

    python bench/watch.py [--watches 1000] [--hanging 50] [--rtt-ms 0]

The real bot in Socket Mode on the strict workspace, its real scheduler and database; SMTP servers in a process of their
own. `--hanging` more watches look at a server that accepts and never says a word. Printed: how late the runs began,
when the last quick one was in the database, and how long slash commands waited for their ack meanwhile.
As in a bot that has been running, each watch has run before, unmeasured, and reverse DNS is due in every fourth run of
one that looks every quarter of an hour: it has been asked and says that it holds for a day, so it is not asked again.
"""

import argparse
import asyncio
import socket
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import dns.reversename
import uvloop
from mailhosts import serving
from unlimited import Unlimited

from bot.demo.lab.dns import LabDns
from bot.demo.workspace.workspace import Workspace
from bot.operations.run import running
from bot.probers import utc_now
from bot.services import open_services
from bot.settings import Settings
from bot.watches.loops import make_probe
from bot.watches.scheduler import Scheduler
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits
from commands.watch.state.beside_check import ASKED as ASKED_AT
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row, to_row
from storage.queries import OPERATOR
from storage.watches import Change

LATE_GOAL, ACK_GOAL_MS = 5.0, 200
EVERY, EVERY_ACK = timedelta(minutes=15), 0.02
ASKED = "198.51.0.9"


def address(number):
    return f"198.{18 + number // 60_000}.{number // 250 % 240}.{number % 250 + 1}"


def watch_on(number, due):
    return Watch(
        id=f"w-{number}", team="T0BENCH", owner="U1", channel="C1", target=address(number), kind="check",
        every=EVERY, created_at=due, ports=(587,), due_at=due,
    )  # fmt: skip


def due_again(number, due):
    """A decision: it runs then, and asks for reverse DNS when that is its turn."""
    asked = due - EVERY * (1 + number % 4)

    def decide(row, _sight):
        watch = of_row(row)
        baseline = {**watch.state.baseline, ASKED_AT: asked.isoformat()}
        return Change(to_row(replace(watch, due_at=due, state=replace(watch.state, baseline=baseline))))

    return decide


def reverse_dns(watches):
    return {
        dns.reversename.from_address(address(number)).to_text(omit_final_dot=True): {
            "PTR": [f"mx{number}.example.com."]
        }
        for number in range(watches)
    }


@asynccontextmanager
async def no_loops(*_given):
    """The bot's own scheduler stays out of it: the one of the benchmark counts."""
    yield


async def acks(workspace, done):
    """A slash command every now and then until the runs are over: milliseconds to the ack."""
    taken, lost = [], 0
    while not done.is_set():
        answer = await workspace.command("ana", "mailops", f"/smtpcheck {ASKED} 587")
        lost += bool(answer.error)
        taken.append(answer.ack_ms)
        await asyncio.sleep(EVERY_ACK)
    return taken, lost


async def ran_before(services, probe, watches):
    """Each once, as long ago as they look every so often; those that hang are new."""
    for number in range(watches):
        await services.watches.add(to_row(watch_on(number, utc_now())), 10**6, OPERATOR)
    await Scheduler(services.watches, probe, services.now).run_due()


async def measure(services, settings, workspace, watches, hanging):
    probe, late = make_probe(settings, services), []
    await ran_before(services, probe, watches)
    due = utc_now() + timedelta(seconds=2 + watches / 500)
    for number in range(watches):
        await services.watches.change(f"w-{number}", due_again(number, due), OPERATOR)
    for number in range(watches, watches + hanging):
        await services.watches.add(to_row(watch_on(number, due)), 10**6, OPERATOR)
    kept, done = count(1), asyncio.Event()
    scheduler = Scheduler(
        services.watches,
        probe,
        services.now,
        told=lambda: done.set() if next(kept) == watches else None,
        late=late.append,
    )
    asking = asyncio.ensure_future(acks(workspace, done))
    loop = asyncio.ensure_future(scheduler.run())
    await asyncio.sleep(max(0.0, (due - utc_now()).total_seconds()))
    began, cpu = time.perf_counter(), time.process_time()
    await done.wait()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    taken, lost = await asking
    loop.cancel()
    await asyncio.wait([loop])
    return late, wall, cpu, taken, lost


def p99(values):
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


async def main(watches, hanging, rtt_ms):
    with (
        serving(1, rtt_ms) as served,
        tempfile.TemporaryDirectory() as folder,
        closing(socket.create_server(("127.0.0.1", 0), backlog=1024)) as silent,
    ):
        port = served["ports"]["587"]
        lab = {(address(number), 587): ("127.0.0.1", port) for number in range(watches)}
        lab |= {(address(number), 587): silent.getsockname() for number in range(watches, watches + hanging)}
        lab[ASKED, 587] = ("127.0.0.1", port)
        async with Workspace() as workspace, LabDns(reverse_dns(watches), ttl=86_400) as names:
            settings = Settings(
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=workspace.api_url,
                port=0,
                database=f"{folder}/bench.db",
                allow_networks=(ip_network("198.0.0.0/8"),),
                nameservers=((names.host, names.port),),
                watches_max=10**6,
            )
            store = TrustStore.from_pem(served["ca"].encode())
            async with open_services(settings, lab=lab, store=store, limits=Limits()) as opened:
                services = replace(opened, limiter=Unlimited())
                async with running(settings, services, loops=no_loops):
                    late, wall, cpu, taken, lost = await measure(services, settings, workspace, watches, hanging)
    print(f"  {watches} watches due at once ({hanging} more hang), round trip {rtt_ms} ms")
    print(f"  begun late: median {statistics.median(late):.2f} s, p99 {p99(late):.2f} s, worst {max(late):.2f} s")
    print(f"  the last quick one was kept after {wall:.2f} s; CPU of bot and workspace {cpu:.2f} s")
    print(
        f"  {len(taken)} slash commands meanwhile: ack median {statistics.median(taken):.0f} ms,"
        f" p99 {p99(taken):.0f} ms, worst {max(taken):.0f} ms, lost {lost}"
    )
    return 0 if max(late) < LATE_GOAL and p99(taken) < ACK_GOAL_MS and not lost else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--watches", type=int, default=1000)
    parser.add_argument("--hanging", type=int, default=50)
    parser.add_argument("--rtt-ms", type=float, default=0.0)
    given = parser.parse_args()
    sys.exit(uvloop.run(main(given.watches, given.hanging, given.rtt_ms)))
