"""A channel of watches on a real store, with the real scheduler, delivery and notifier: what is posted in it, and when.

Time and Slack are the test's (`channels`); what a run sees is a function of the watch and the time.
"""

import random
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.probe import ProbeResult
from bot.watches.scheduler import Scheduler
from commands.watch.state.rows import of_row, to_row
from commands.watch.view.plain_text import plain
from storage.queries import OPERATOR
from tests.histories import history_at

from .channels import Channels
from .samples import NOON


class Luck(random.Random):
    """No call fails."""

    def random(self):
        return 1.0


@dataclass
class Clock:
    at: object = NOON

    def __call__(self):
        return self.at


class Room:
    """`look(watch, at)` is what a run sees."""

    def __init__(self, history, look):
        self.store, self.clock, self.look = history.watches, Clock(), look
        self.slack = Channels(Luck(), self.clock, lambda: False)
        self.scheduler = Scheduler(self.store, self._probe, self.clock)
        self.delivery = DeliveryLoop(self.store, [SlackAlerts(self.slack, self.clock)], self.clock)

    async def _probe(self, watch, at):
        return ProbeResult(self.look(watch, at))

    async def add(self, *watches):
        for watch in watches:
            await self.store.add(to_row(watch), 10_000, OPERATOR)

    async def watches(self):
        return [of_row(row) for row in await self.store.visible_to(OPERATOR)]

    async def until(self, at):
        """Everything that is due and to be told until then."""
        while (due := await self.store.next_due()) is not None and due <= at:
            self.clock.at = max(self.clock.at, due)
            await self.scheduler.run_due()
            await self.delivery.deliver_waiting()
        self.clock.at = max(self.clock.at, at)

    def messages(self, channel="C1"):
        """The texts of the messages as they are now, the oldest first."""
        return [plain(one["text"]) for one in self.slack.posts(channel)]

    def replies(self, channel="C1"):
        return [plain(one["text"]) for one in self.slack.replies(channel)]

    def mentions(self, channel="C1"):
        """Whom each new message or reply mentioned."""
        return list(self.slack.mentioned[channel])


@asynccontextmanager
async def room(folder, look):
    history = await history_at(folder / "portero.db")
    try:
        yield Room(history, look)
    finally:
        await history.close()
