"""`portero worker`: checks in the bot's place from this machine, until it is told to stop."""

import argparse
import asyncio
import logging
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import replace
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any

from bot.console.process import FINE, run_loop
from bot.setting_values import EHLO_NAME
from bot.settings import Settings

AGAIN_SECONDS = 5.0
"""How long a worker waits whose key the server refuses: it may be added anew."""

log = logging.getLogger(__name__)


def add(subs: Any) -> None:
    worker = subs.add_parser("worker", help="check from this machine in the bot's place, over NATS")
    worker.add_argument(
        "--credentials", metavar="FILE", required=True, help="what `portero vantage add` wrote, where the bot runs"
    )
    worker.add_argument(
        "--source",
        metavar="IP=EHLO",
        type=source,
        action="append",
        default=[],
        help="an address of this machine to check from, and its name in EHLO; may be repeated",
    )
    worker.set_defaults(act=act)


def source(text: str) -> tuple[str, str]:
    """`192.0.2.11=mta3b.example.com`, for argparse."""
    address, _, name = text.partition("=")
    try:
        literal = str(ip_address(address))
    except ValueError:
        literal = ""
    if not literal or not EHLO_NAME.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an address with its name; write 192.0.2.11=mta3b.example.com"
        )
    return literal, name


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.observability.log import set_up  # noqa: PLC0415 - most subcommands need none of it
    from bot.vantages.credentials import read_credentials  # noqa: PLC0415
    from bot.vantages.extra import wanted  # noqa: PLC0415

    wanted()
    read_credentials(arguments.credentials)  # what is wrong is said before anything is begun
    set_up(settings.log_level, settings.log_format)
    return run_loop(_work(arguments.credentials, dict(arguments.source), settings))


async def _work(path: str, sources: Mapping[str, str], settings: Settings) -> int:
    from bot.probers import make_prober, utc_now  # noqa: PLC0415
    from bot.rate_limits import Limiter  # noqa: PLC0415
    from bot.vantages.subjects import Subjects  # noqa: PLC0415
    from bot.vantages.worker import Worker  # noqa: PLC0415

    first = make_prober(settings)
    probers = {"": first}
    for address, name in sources.items():
        probers[address] = one = copy(first)
        one.source, one.ehlo_name = address, name
        one.control = replace(first.control, source=address)
    limiter = Limiter(time.monotonic)
    worker = Worker(Subjects("", ""), probers, frozenset(settings.ports), limiter, version("portero"), utc_now)
    signals = Signals()
    try:
        while not signals.stop.is_set():
            await _connected(worker, path, signals)
    finally:
        await worker.close()
    return FINE


class Signals:
    """What the machine tells a worker: to stop (SIGTERM, SIGINT), or to read its credentials anew (SIGHUP)."""

    def __init__(self) -> None:
        self.stop, self.reload = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload.set)

    async def first_of(self, *events: asyncio.Event, within: float | None = None) -> None:
        """Wait until one of them is set, or we are told to stop."""
        waits = {asyncio.ensure_future(one.wait()) for one in (self.stop, *events)}
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


async def _connected(worker: Any, path: str, signals: Signals) -> None:
    """One connection, from the credentials as they are now until it is lost for good or something else is wanted."""
    from bot.vantages.credentials import read_credentials  # noqa: PLC0415
    from bot.vantages.link import Once, connect  # noqa: PLC0415
    from bot.vantages.subjects import Subjects  # noqa: PLC0415
    from commands.contract import UserError  # noqa: PLC0415

    signals.reload.clear()
    try:
        credentials = read_credentials(path)
    except UserError as error:
        problem = error.message
        log.warning("the credentials were not read: %s", problem)
        await signals.first_of(signals.reload, within=AGAIN_SECONDS)
        return
    lost = asyncio.Event()
    connecting = asyncio.ensure_future(connect(credentials, told=Once(), refused=lost.set))
    done = asyncio.Event()
    connecting.add_done_callback(lambda _: done.set())
    await signals.first_of(done, signals.reload, lost)
    if not done.is_set():
        connecting.cancel()
        await _left_alone(signals, refused=lost.is_set())
        return
    link = connecting.result()
    worker.subjects = Subjects(credentials.space, credentials.name)
    await worker.serve(link)
    with suppress(Exception):  # who reads that it is connected may ask it
        await link.flush()
    if not lost.is_set():
        name, address = credentials.name, credentials.address
        log.info("connected as %s to %s", name, address)
        await signals.first_of(signals.reload, lost)
    refused = lost.is_set()  # before we close it ourselves, which says the same
    with suppress(Exception):
        await link.close()
    await _left_alone(signals, refused=refused)


async def _left_alone(signals: Signals, *, refused: bool) -> None:
    """A server that does not let us in is left alone for a while: the key may be added anew."""
    if refused and not signals.stop.is_set():
        log.warning("the server does not let this machine in: is its key revoked, or of another name?")
        await signals.first_of(signals.reload, within=AGAIN_SECONDS)
