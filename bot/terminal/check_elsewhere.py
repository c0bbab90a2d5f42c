"""What another machine of ours sees, where `portero check` alone cannot say whose side it is."""

import argparse
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

from bot.console.screen import complain, say
from bot.probers import utc_now
from bot.settings import Settings
from bot.vantages.extra import opened_vantages
from commands.sharing import new_id
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.network import elsewhere as networks
from commands.smtpcheck.network.asking import looked
from commands.smtpcheck.places.asking import as_seen_elsewhere
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.places.comparison import doubtful_ports
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.stored.document import Document, to_document
from storage.databases.registry import Database
from storage.entries import LOCAL
from storage.history import OPERATOR

Places: TypeAlias = tuple[list[str], Callable[[str], Awaitable[Checker]]]
"""The names of those that are connected, this machine first, and what checks from one."""


async def of_target(target: Target, document: Document, settings: Settings, prober: Prober, database: Database) -> str:
    """What it says of the doubtful ports of a check; nothing where there are none, or nobody else is connected."""
    if not settings.nats or not doubtful_ports(document):
        return ""
    async with _places(settings, prober, database) as (places, checker):

        async def check(place: str, ports: Sequence[int]) -> Document:
            one, id_ = await checker(place), new_id(utc_now())
            return to_document(await one.check(target, ports, check_id=id_, heard=lambda _news: None))

        steps = [step async for step in as_seen_elsewhere(document, places, check)]
    return next((step for step in steps if isinstance(step, str)), "")


async def of_network(document: Document, settings: Settings, prober: Prober, database: Database) -> str:
    """The same of a look at a network of our own."""
    if not settings.nats or not networks.doubtful_ports(document):
        return ""
    async with _places(settings, prober, database) as (places, checker):

        async def look(place: str, ports: Sequence[int]) -> Document:
            return await looked(ports, await checker(place), new_id(utc_now()))

        return await networks.seen_elsewhere(document, places, look)


@asynccontextmanager
async def _places(settings: Settings, prober: Prober, database: Database) -> AsyncIterator[Places]:
    async with opened_vantages(settings, database.watches, prober, serve=False) as vantages:

        async def checker(place: str) -> Checker:
            return prober if vantages is None or place == LOCAL else await vantages.checker(place, OPERATOR, "")

        yield [LOCAL, *(await vantages.connected(OPERATOR, "") if vantages else ())], checker


def tell(said: str, arguments: argparse.Namespace) -> None:
    """Print it below the answer; beside JSON, which is what one place saw."""
    if said:
        (complain if arguments.format == "json" else say)(said)
