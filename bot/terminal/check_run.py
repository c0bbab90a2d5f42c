"""The check itself, in the terminal: with a team's history it minds what refused us, and adds what it saw."""

import argparse
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.console.files import write_output
from bot.console.screen import complain
from bot.services import make_prober, new_id, utc_now
from bot.settings import Settings
from bot.terminal.check_answer import answer, network_answer
from bot.terminal.installation import team_of
from commands.contract import Actor, Request, UserError
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.network import asking as network
from commands.smtpcheck.network.asking import OwnNetwork
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.record_file.writer import as_file
from commands.smtpcheck.report.model import Check, EndpointReport
from commands.smtpcheck.stored.document import Document, to_document, to_entry, to_readings
from commands.smtpcheck.stored.pauses import Rest, rest_of
from commands.smtpcheck.view import pauses as pauses_view
from commands.smtpcheck.view.message import aim
from commands.smtpcheck.wire.connection import Endpoint
from commands.stored_shapes import is_document
from storage.history import OPERATOR, StorageError
from storage.sqlite.history import SqliteHistory, open_history


async def checked(wanted: Arguments, arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the target, or show the last result of a port that refused us."""
    ports = wanted.ports or settings.ports
    async with _history(settings, arguments) as history:
        rest = await rest_of(wanted.target.name, ports, history, OPERATOR, utc_now()) if history else None
        if rest is not None and not arguments.again:
            return _last(rest, arguments)
        prober = make_prober(settings)
        check = await _probed(prober, wanted, ports)
        document = to_document(check)
        if history:
            await _keep(check, document, history)
    status = answer(document, arguments)
    if arguments.record:  # last: a disk that is full costs no answer
        write_output(arguments.record, as_file(check, store=prober.store))
    return status


async def looked_at_network(asked: OwnNetwork, arguments: argparse.Namespace, settings: Settings) -> int:
    """Which ports our own network lets out."""
    async with _history(settings, arguments) as history:
        prober = make_prober(settings)
        document = await network.looked(asked.ports or settings.ports, prober, new_id(utc_now()))
        if history and not await network.keep(document, await _request(history, utc_now()), history):
            complain("Not logged: the history could not be written.")
    return network_answer(document, arguments)


@asynccontextmanager
async def _history(settings: Settings, arguments: argparse.Namespace) -> AsyncIterator[SqliteHistory | None]:
    """The history; None without one or where it cannot be opened, which costs no answer."""
    history = None
    if not arguments.no_history:
        try:
            history = await open_history(settings.database, is_document=is_document)
        except StorageError as error:
            complain(f"Not logged: {error}")
    try:
        yield history
    finally:
        if history is not None:
            await history.close()


def _last(rest: Rest, arguments: argparse.Namespace) -> int:
    """What stands in the history, and on standard error why; UserError where that is not what was wanted."""
    lines = pauses_view.in_terminal(rest, utc_now())
    if rest.entry is None or arguments.record:
        raise UserError(*lines)
    complain(*lines)
    return answer(rest.entry.document, arguments)


async def _probed(prober: Prober, wanted: Arguments, ports: tuple[int, ...]) -> Check:
    try:
        return await prober.check(
            wanted.target,
            ports,
            check_id=new_id(utc_now()),
            heard=_tell if sys.stderr.isatty() else _keep_quiet,
            deep="deep" in wanted.flags,
        )
    finally:
        await prober.close()


async def _keep(check: Check, document: Document, history: SqliteHistory) -> None:
    try:
        request = await _request(history, check.facts.started_at)
        await history.add(to_entry(check, document, request), to_readings(check))
    except StorageError as error:
        complain(f"Not logged: {error}")


async def _request(history: SqliteHistory, at: datetime) -> Request:
    """Whose memory it is: that of the team whose bot works on this database; none before there was one."""
    actor = Actor(os.environ.get("USER", ""), await team_of(history.watches))
    return Request("smtpcheck", actor, at, surface="terminal")


def _tell(news: EndpointReport | Endpoint) -> None:
    """Say on the terminal what a deep check is at; it takes a while."""
    if isinstance(news, Endpoint):
        complain(f"{aim(news)} …")


def _keep_quiet(_news: EndpointReport | Endpoint) -> None:
    """Nobody watches."""
