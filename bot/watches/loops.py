"""The loops behind `/smtpwatch`: one runs what is due, one makes digests, one delivers what there is to tell.

One more takes over what processes had begun that have died.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import cache
from typing import TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.settings import Settings
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.digests import Digests
from bot.watches.dns_records import Records
from bot.watches.elsewhere import NOWHERE
from bot.watches.liveness import ProcessLock, Takeover
from bot.watches.notifiers.kind import NotifierKind, Setup
from bot.watches.notifiers.registry import KINDS, made_of
from bot.watches.probe import Probe, ProbeResult, WatchProbe, without_policy
from bot.watches.scheduler import Scheduler
from commands.smtpcheck.lookup.question import SecureResolver
from commands.watch.state.model import Watch
from commands.watch.state.notifier import Notifier

Loops: TypeAlias = Callable[[Services, Probe, Sequence[Notifier]], AbstractAsyncContextManager[object]]


def make_probe(settings: Settings, services: Services) -> WatchProbe:
    """The probe with the prober of the bot, so that a watch and a `/smtpcheck` never connect to one place at once."""
    return WatchProbe(
        prober=without_policy(services.prober),
        history=services.history,
        records=Records(
            SecureResolver(settings.nameservers or None), services.prober.guard, lambda: services.now().timestamp()
        ),
        ports=services.ports,
        new_id=services.new_id,
        examine=services.prober.examine,
        elsewhere=services.vantages,
    )


def lazy_probe(settings: Settings, services: Services) -> Probe:
    """The same, made when the first watch is due."""
    made = cache(lambda: make_probe(settings, services))

    async def look(watch: Watch, at: datetime) -> ProbeResult:
        return await made()(watch, at)

    return look


def make_notifiers(
    client: AsyncWebClient, settings: Settings, services: Services, kinds: Sequence[NotifierKind] = KINDS
) -> tuple[Notifier, ...]:
    """Slack's, and those that the settings have everything for."""
    setup = Setup(settings, services.prober, services.now)
    return (SlackAlerts(client, services.now, settings.admins), *made_of(setup, services.watches, kinds))


@asynccontextmanager
async def watching(
    services: Services, probe: Probe, notifiers: Sequence[Notifier], *, vantage: str = "local"
) -> AsyncIterator[tuple[Scheduler, DeliveryLoop]]:
    """The loops while it is entered. At the end what runs is dropped, what is being delivered is finished."""
    watches, now, process = services.watches, services.now, ProcessLock(services.database)
    known = [route.name for route in services.watch_rules.routes]
    delivery = DeliveryLoop(watches, notifiers, now, process.owner, known)
    scheduler = Scheduler(watches, probe, now, services.watch_ran.wake, vantage, process.owner)
    scheduler.elsewhere = services.vantages or NOWHERE
    digests = Digests(watches, now, delivery.wake)
    takeover = Takeover(process, watches, services.watches_due.wake)
    services.watches_due.listeners += [scheduler.wake, delivery.wake]
    services.watch_ran.listeners.append(delivery.wake)
    process.acquire()
    loops = [asyncio.ensure_future(each.run()) for each in (takeover, scheduler, delivery, digests)]
    try:
        yield scheduler, delivery
    finally:
        services.watches_due.listeners.clear()
        services.watch_ran.listeners.remove(delivery.wake)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        process.release()
