"""How long 200 slash commands at once wait for their ack, while their checks run; then 50 mentions and 50 messages.

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
PEOPLE = 50
"""Who mention the bot at once, and as many who write to it."""


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


async def written(workspace, bot):
    """Of as many people as write at once: the acks of their messages in milliseconds, and how many were not answered.

    Each message has a host of its own: its check, its row and its answer.
    """
    people = [workspace.add_user(f"p{number}") for number in range(2 * PEOPLE)]
    workspace.add_channel("incident", people)
    asked = []
    for number, user in enumerate(people):
        where, line = workspace.dm(user), f"check {address(COMMANDS * ROUNDS + number)}"
        if number < PEOPLE:
            where, line = workspace.channel("incident"), f"<@{workspace.bot.id}> {line}"
        message = workspace.say(user, where, line)
        message.text = line
        asked.append(message)
    done = [told for each in await asyncio.gather(*map(workspace.tell_of, asked)) for told in each]
    await bot.dispatcher.idle()
    acks = [one.ack_ms for one in done if not one.error]
    posts = [one for one in workspace.state.messages if one.bot_id and "works" in one.text]
    threads = [one.thread_ts for one in posts]
    homes = [one.channel for one in posts if not one.thread_ts]
    lost = sum(threads.count(one.ts) != 1 for one in asked[:PEOPLE])
    lost += sum(homes.count(one.channel) != 1 for one in asked[PEOPLE:])
    print(
        f"  {PEOPLE} mentions and {PEOPLE} direct messages at once: median ack {statistics.median(acks):.0f} ms,",
        end="",
    )
    print(f" slowest {max(acks):.0f} ms, not answered once each {lost}")
    return acks, len(asked) - len(acks) + lost


async def main():
    with serving(1) as served, tempfile.TemporaryDirectory() as folder:
        lab = {(address(number), int(port)): ("127.0.0.1", real) for number in range(COMMANDS * ROUNDS + 2 * PEOPLE)
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
                    acks, unanswered = await written(workspace, bot)
                rows = await services.history.count(Query(OPERATOR))
    worst, lost = [max(acks) for acks, _ in rounds], sum(failed for _, failed in rounds)
    print(
        f"  {COMMANDS} commands at once: slowest ack {statistics.median(worst):.0f} ms (median of {ROUNDS} rounds),"
        f" {max(worst):.0f} ms (worst; goal {LIMIT_MS}), lost {lost}, rows in the history {rows}"
    )
    whole = not lost and not unanswered and rows == COMMANDS * ROUNDS + 2 * PEOPLE
    return 0 if max(*worst, *acks) < LIMIT_MS and whole else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
