"""How long 200 slash commands at once wait for their ack, while their checks run.

The real bot in Socket Mode on the strict workspace, over real sockets; bot and workspace share the process and its
core, so the bot alone is faster. The checks go to silent lab ports and healthy ones in turn.
"""

import asyncio
import statistics
import sys
import tempfile
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import uvloop
from mailhosts import serving

from bot import limits
from bot.limits import Rate
from bot.services import open_services
from bot.settings import Settings
from bot.transports import running
from bot.workspace import Workspace
from commands.smtpcheck.trust import TrustStore

COMMANDS, ROUNDS, LIMIT_MS = 200, 5, 300


async def measure(workspace, bot):
    async def one(number):
        done = await workspace.command("ana", "mailops", f"/smtpcheck 198.51.{100 + number // 250}.{number % 250 + 1}")
        return done.ack_ms, done.error

    rows = await asyncio.gather(*(one(number) for number in range(COMMANDS)))
    await bot.bridge.idle()
    lost = [error for _, error in rows if error]
    return [ack for ack, error in rows if not error], lost


async def main():
    limits.PER_USER = Rate(10**6, 60.0)
    with serving(1) as served, tempfile.TemporaryDirectory() as folder:
        ports = {int(port): real for port, real in served["ports"].items()}
        lab = {
            (f"198.51.{100 + number // 250}.{number % 250 + 1}", port): ("127.0.0.1", real)
            for number in range(COMMANDS)
            for port, real in ports.items()
        }
        async with Workspace() as workspace:
            settings = Settings(
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=workspace.api_url,
                port=0,
                database=f"{folder}/bench.db",
                allow_networks=(ip_network("198.51.0.0/16"),),
            )
            store = TrustStore.from_pem(served["ca"].encode())
            async with open_services(settings, lab=lab, store=store) as services, running(settings, services) as bot:
                from bot import bridge

                bridge.PER_USER = limits.PER_USER
                worst, lost = [], []
                for number in range(ROUNDS + 1):
                    services.limiter.__init__(services.limiter._now)
                    acks, failed = await measure(workspace, bot)
                    lost += failed
                    if number:
                        worst.append(max(acks))
                        print(
                            f"  round {number}: {len(acks)} acks, median {statistics.median(acks):.0f} ms, slowest {max(acks):.0f} ms"
                        )
                rows = await services.history.count()
    print(
        f"  {COMMANDS} commands at once: slowest ack, median of {ROUNDS} rounds: {statistics.median(worst):.0f} ms"
        f" (goal {LIMIT_MS}), lost {len(lost)}, rows in the history {rows}"
    )
    return 0 if max(worst) < LIMIT_MS and not lost and rows == COMMANDS * (ROUNDS + 1) else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
