"""How long 200 slash commands at once wait for their ack, while their checks run.

The real bot in Socket Mode on the strict workspace, over real sockets; bot and workspace share the process and its
core, so the bot alone is faster. The checks go to silent lab ports and healthy ones in turn.
"""

import asyncio
import statistics
import sys
import tempfile
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import uvloop
from mailhosts import serving
from unlimited import Unlimited

from bot.demo.lab.dns import LabDns
from bot.demo.workspace.workspace import Workspace
from bot.operations.run import keep_loaded, running
from bot.services import open_services
from bot.settings import Settings
from commands.smtpcheck.tls.trust import TrustStore
from storage.history import OPERATOR, Query

COMMANDS, ROUNDS, LIMIT_MS = 200, 5, 300


def address(number):
    return f"198.51.{100 + number // 250}.{number % 250 + 1}"


async def measure(workspace, bot, round_number):
    """One round: the acks in milliseconds, and how many were lost. Every command starts a real check of four ports."""

    async def one(number):
        done = await workspace.command("ana", "mailops", f"/smtpcheck {address(number + COMMANDS * round_number)}")
        return done.ack_ms, done.error

    rows = await asyncio.gather(*(one(number) for number in range(COMMANDS)))
    await bot.dispatcher.idle()
    acks = [ack for ack, error in rows if not error]
    print(f"  round {round_number + 1}: median {statistics.median(acks):.0f} ms, slowest {max(acks):.0f} ms")
    return acks, len(rows) - len(acks)


async def main():
    with serving(1) as served, tempfile.TemporaryDirectory() as folder:
        lab = {(address(number), int(port)): ("127.0.0.1", real) for number in range(COMMANDS * ROUNDS)
               for port, real in served["ports"].items()}  # fmt: skip
        async with Workspace() as workspace, LabDns({}) as dns:
            settings = Settings(
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=workspace.api_url,
                port=0,
                database=f"{folder}/bench.db",
                allow_networks=(ip_network("198.51.0.0/16"),),
                nameservers=((dns.host, dns.port),),
            )
            store = TrustStore.from_pem(served["ca"].encode())
            async with open_services(settings, lab=lab, store=store) as opened:
                services = replace(opened, limiter=Unlimited())
                async with running(settings, services) as bot:
                    keep_loaded()  # as `portero run` does
                    rounds = [await measure(workspace, bot, number) for number in range(ROUNDS)]
                rows = await services.history.count(Query(OPERATOR))
    worst, lost = [max(acks) for acks, _ in rounds], sum(failed for _, failed in rounds)
    print(
        f"  {COMMANDS} commands at once: slowest ack {statistics.median(worst):.0f} ms (median of {ROUNDS} rounds),"
        f" {max(worst):.0f} ms (worst; goal {LIMIT_MS}), lost {lost}, rows in the history {rows}"
    )
    return 0 if max(worst) < LIMIT_MS and not lost and rows == COMMANDS * ROUNDS else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
