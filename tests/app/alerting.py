"""A process that runs watches and posts their alerts in the workspace of a test, until it is killed.

    python -m tests.app.alerting DATABASE API_URL TOKEN LOG

Each look is a line in LOG. A watch is bad for a third of the time, two seconds at a time. That is neither a storm nor
flapping here: only watches on one target are told together.
"""

import asyncio
import hashlib
import os
import sys
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.probers import utc_now
from bot.services import Services
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.loops import watching
from commands.watch.state import grouping, transitions
from storage.sqlite.history import open_history
from tests.watch.world import probe_result_of


def outcome(watch, at):
    key = f"{watch.id} {int(at.timestamp()) // 2}".encode()
    return "bad" if hashlib.blake2b(key).digest()[0] % 3 == 0 else "good"


transitions.HOUR = grouping.TOGETHER = grouping.BRAKE = timedelta()


async def main(database, api_url, token, log):
    history = await open_history(database, busy_timeout=30)
    services = Services(prober=None, history=history, watches=history.watches, ports=(25,), lookups=None, file=history)

    async def look(watch, at):
        with Path(log).open("a") as lines:  # noqa: ASYNC230 - a line
            lines.write(f"{watch.id}\n")
        return probe_result_of(watch, outcome(watch, at), at, os.urandom(6).hex())

    async with ClientSession() as session:
        client = AsyncWebClient(token=token, base_url=api_url, session=session)
        async with watching(services, look, [SlackAlerts(client, utc_now)]):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
