"""A bot whose watches see what a test says: the world is a dictionary, and nothing runs before the test says so."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from bot.settings import Settings
from bot.wakeup import Wakeup
from bot.watches.delivery import DeliveryLoop
from bot.watches.digests import Digests
from bot.watches.notifiers.kind import Setup
from bot.watches.notifiers.registry import made_of
from bot.watches.probe import ProbeResult
from bot.watches.scheduler import Scheduler
from storage.queries import OPERATOR
from tests.watch.samples import seen

from .stage import Clock, bot_on

TARGET = "mail.example.com"


class World:
    """What a run sees, by target: good, bad, unknown or blind."""

    def __init__(self):
        self.of = {}

    async def __call__(self, watch, _at):
        outcome, changes = self.of.get(watch.target, ("good", {}))
        if outcome == "bad":
            changes = {"failing": (f"no_answer {watch.target}:25",), "summary": "25 does not answer", **changes}
        return ProbeResult(seen(outcome, watch, **changes))

    def breaks(self, target=TARGET, **changes):
        self.of[target] = ("bad", changes)

    def heals(self, target=TARGET, **changes):
        self.of[target] = ("good", changes)


class Waiters(list):
    """Who waits for the next run; the test may wait for them."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.Event()

    def append(self, one):
        super().append(one)
        self.came.set()


class Watchers:
    """The bot (`stage`), its scheduler and its delivery, which work when they are told to."""

    def __init__(self, ws, services, world, clock, kinds=()):
        self.ws, self.services, self.world, self.clock = ws, services, world, clock
        self.kinds = kinds
        self.stage = self.scheduler = self.delivery = None

    @asynccontextmanager
    async def parked(self, services, _look, notifiers):
        self.scheduler = Scheduler(services.watches, self.world, services.now, told=services.watch_ran.wake)
        more = made_of(Setup(Settings(), services.prober, services.now), services.watches, self.kinds)
        self.delivery = DeliveryLoop(services.watches, (*notifiers, *more), services.now)
        self.digests = Digests(services.watches, services.now)
        yield

    async def type(self, text, user="ana", channel="mailops"):
        await self.stage.type(f"/smtpwatch {text}", user, channel)
        return next(reversed(self.stage.seen(user, channel)), None)

    async def press(self, message, action, value=None, *, user="ana"):
        chosen = {} if value is None else {"choice": value}
        await self.ws.click(message, action, user=user, **chosen)
        await self.stage.bot.dispatcher.idle()

    async def pass_by(self, **much):
        """Time passes; what is due in it runs, a minute at a time, and what there is to tell is told."""
        left = timedelta(**much)
        while left > timedelta():
            step = min(left, timedelta(minutes=1))
            self.clock.advance(step.total_seconds())
            self.ws.clock.advance(step.total_seconds())
            left -= step
            await self.tick()

    async def tick(self):
        await self.scheduler.run_due()
        await self.digests.tell_due()
        await self.delivery.deliver_waiting()

    async def the_watch(self, target=TARGET):
        rows = await self.services.watches.visible_to(OPERATOR)
        return next(row for row in rows if row.target == target)

    def menu_of(self, message):
        """The choices of a list."""
        [row] = [block for block in message.blocks if block["type"] == "actions"]
        return row["elements"][0]["options"]

    def posted(self, channel="mailops"):
        """What everybody sees in a channel: no private answers."""
        return [message for message in self.ws.messages(channel) if not message.ephemeral_to]


def _until_noon(now):
    """Seconds to noon (UTC) of the next Monday: what is due at an hour or on a day comes when a test expects it."""
    noon = now.replace(hour=12, minute=0, second=0) - timedelta(days=now.weekday())
    return (noon - now) % timedelta(days=7) / timedelta(seconds=1)


@asynccontextmanager
async def watchers_on(ws, services, kinds=(), **options):
    """`kinds` are notifiers beside the bot's own; `options` are those of `bot.operations.run.running`."""
    made = Watchers(ws, replace(services, now=Clock(), watch_ran=Wakeup(Waiters())), World(), None, kinds)
    made.clock = made.services.now
    for clock in (made.clock, ws.clock):
        clock.advance(_until_noon(made.clock()))
    async with bot_on(ws, made.services, pace=(), loops=made.parked, **options) as stage:
        made.stage = stage
        yield made
