"""The loops behind `/smtpwatch`: one runs what is due, one makes digests, one delivers what there is to tell.

One more takes over what processes had begun that have died.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import cache
from typing import TypeAlias

from bot.services import Services
from bot.settings import Settings
from bot.watches.delivery import Courier
from bot.watches.digests import Digests
from bot.watches.dns_records import Records
from bot.watches.liveness import Heir, Presence
from bot.watches.probe import Glance, Look, Looks
from bot.watches.probers import without_policy
from bot.watches.scheduler import Watching
from commands.smtpcheck.lookup.dnssec import SecureResolver
from commands.watch.state.events import Notifier
from commands.watch.state.model import Watch

Loops: TypeAlias = Callable[[Services, Look, Sequence[Notifier]], AbstractAsyncContextManager[object]]


def make_looks(settings: Settings, services: Services) -> Looks:
    """Looks with the prober of the bot, so that a watch and a `/smtpcheck` never connect to one place at once."""
    return Looks(
        prober=without_policy(services.prober),
        history=services.history,
        records=Records(SecureResolver(settings.nameservers or None), services.prober.guard),
        ports=services.ports,
        new_id=services.new_id,
        wait_for_target=services.watch_waits_for_target,
    )


def looked(settings: Settings, services: Services) -> Look:
    """The same, made when the first watch is due."""
    made = cache(lambda: make_looks(settings, services))

    async def look(watch: Watch, at: datetime) -> Glance:
        return await made()(watch, at)

    return look


@asynccontextmanager
async def watching(
    services: Services, look: Look, notifiers: Sequence[Notifier], *, vantage: str = "local"
) -> AsyncIterator[tuple[Watching, Courier]]:
    """The loops while it is entered. At the end what runs is dropped, what is being delivered is finished."""
    watches, now, presence = services.watches, services.now, Presence(services.database)
    courier = Courier(watches, notifiers, now, presence.owner)
    runner = Watching(watches, look, now, told=services.ran.ring, vantage=vantage, owner=presence.owner)
    digests = Digests(watches, now, courier.wake)
    heir = Heir(presence, watches, services.bell.ring)
    services.bell.listeners += [runner.wake, courier.wake]
    services.ran.listeners.append(courier.wake)
    presence.enter()
    loops = [asyncio.ensure_future(each.run()) for each in (heir, runner, courier, digests)]
    try:
        yield runner, courier
    finally:
        services.bell.listeners.clear()
        services.ran.listeners.remove(courier.wake)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        presence.leave()
