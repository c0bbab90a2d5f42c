"""Time that can be let pass: the demo's watches run, alert and end in seconds instead of days."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.demo.workspace.clock import Clock
from bot.services import Services
from bot.watches.delivery import DeliveryLoop
from bot.watches.digests import Digests
from bot.watches.probe import Probe
from bot.watches.scheduler import Scheduler
from commands.watch.state.notifier import Notifier

TICK_SECONDS = 1.0
"""How often it is looked what is due, while time passes by itself."""

STEPS = 150
"""In how many steps a longer time passes; what is due in a step runs in it."""

SHORTEST = timedelta(minutes=1)


@dataclass
class Passing:
    """The bot's clock, and that of its workspace. They begin at the real time and run on by themselves."""

    workspace: Clock
    ahead: timedelta = timedelta()
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tick: "Tick | None" = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def seconds(self) -> float:
        """A clock that is never set, for what is kept for a while."""
        return time.monotonic() + self.ahead.total_seconds()

    async def wait(self, hours: float) -> None:
        """Let time pass, and all that is due in it happen."""
        left = timedelta(hours=hours)
        step = max(left / STEPS, SHORTEST)
        while left > timedelta():
            much = min(step, left)
            left -= much
            await self._happen(much)

    @asynccontextmanager
    async def loops(self, services: Services, probe: Probe, notifiers: Sequence[Notifier]) -> AsyncIterator[None]:
        """What runs watches and tells of them, in the place of `bot.watches.loops.watching`."""
        known = [route.name for route in services.watch_rules.routes]
        delivery = DeliveryLoop(services.watches, notifiers, services.now, "demo", known)
        scheduler = Scheduler(services.watches, probe, services.now, told=services.watch_ran.wake, owner="demo")
        self._tick = Tick(scheduler, Digests(services.watches, services.now), delivery)
        services.watches_due.listeners.append(self._due.set)
        ticking = asyncio.ensure_future(self._run())
        try:
            yield
        finally:
            services.watches_due.listeners.clear()
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._happen()
            self._due.clear()
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def _happen(self, much: timedelta = timedelta()) -> None:
        """What is due so much later; no time is let pass in the midst of a run."""
        async with self._turn:
            if much:
                self.ahead += much
                self.workspace.advance(much.total_seconds())
            if self._tick is not None:
                await self._tick()


@dataclass(frozen=True)
class Tick:
    """What is due at a moment: runs, digests, what there is to tell."""

    scheduler: Scheduler
    digests: Digests
    delivery: DeliveryLoop

    async def __call__(self) -> None:
        await self.scheduler.run_due()
        await self.digests.tell_due()
        await self.delivery.deliver_waiting()
