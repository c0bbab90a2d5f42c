"""The process is killed right after it posted, again and again: nothing is posted twice, nothing waits for a lease."""

import asyncio
import random
import sys
import time

from slack_sdk.web.async_client import AsyncWebClient

from bot.probers import utc_now
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import LEASE, DeliveryLoop
from bot.watches.liveness import ProcessLock, Takeover
from commands.watch.state.rows import to_row
from storage.queries import OPERATOR
from storage.sqlite.history import open_history
from tests.watch.samples import a_watch, timedelta

WATCHES, KILLS = 12, 6
SOON = 60.0
"""Seconds, half of a lease: a run that was cut off is made anew long before that, however slow the machine is."""


def keys_in(ws):
    return [message.metadata["event_payload"]["key"] for message in ws.state.messages if message.metadata]


async def every_watch_is_looked_at(log):
    """Again, from here on."""
    began, known = time.monotonic(), len(log.read_text())
    while len(set(log.read_text()[known:].split())) < WATCHES:
        await asyncio.to_thread(time.sleep, 0.05)
        assert time.monotonic() - began < SOON, "a watch waits for its lease to run out"


async def test_a_process_that_is_killed_after_a_post_leaves_no_repeats_and_nobody_waiting(ws, tmp_path):
    database, log, dice = tmp_path / "portero.db", tmp_path / "log", random.Random(3)
    log.touch()
    history = await open_history(database)
    channel = ws.channel("mailops").id
    for number in range(WATCHES):
        row = to_row(
            a_watch(
                id=f"w-{number}",
                target=f"mx{number % 9}.example",
                channel=channel,
                every=timedelta(seconds=1),
                fail_after=1,
                recover_after=1,
            )
        )
        await history.watches.add(row, WATCHES, OPERATOR)
    command = (sys.executable, "-m", "tests.app.alerting", str(database), ws.api_url, ws.bot_token, str(log))
    for _ in range(KILLS):
        process = await asyncio.create_subprocess_exec(*command)
        await every_watch_is_looked_at(log)
        wanted = len(keys_in(ws)) + dice.randrange(1, 9)
        await ws.wait_for(lambda wanted=wanted: len(keys_in(ws)) >= wanted, timeout=SOON)
        process.kill()
        await process.wait()
    process = ProcessLock(database)
    process.acquire()
    assert await Takeover(process, history.watches).take_over() == 1
    client = AsyncWebClient(token=ws.bot_token, base_url=ws.api_url)
    await DeliveryLoop(history.watches, [SlackAlerts(client, utc_now)], utc_now).deliver_waiting()
    process.release()
    posted = keys_in(ws)
    assert len(posted) == len(set(posted))
    part = {"opened": "alert", "recovered": "end"}
    events = [event for event in await history.watches.events(OPERATOR) if not event.document["facts"].get("part")]
    assert {f"{event.id}/{part[event.kind]}" for event in events if event.kind in part} <= set(posted)
    assert LEASE.total_seconds() > SOON
    await history.close()
