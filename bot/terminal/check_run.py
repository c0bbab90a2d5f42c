"""The check itself, in the terminal: with a team's history it minds what refused us, and adds what it saw."""

import argparse
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from bot.console.files import write_output
from bot.console.process import login
from bot.console.screen import complain
from bot.installation import team_of
from bot.probers import make_prober, utc_now
from bot.settings import Settings
from bot.terminal import check_elsewhere
from bot.terminal.check_answer import answer, network_answer
from bot.terminal.database_path import is_new, refuse_new_folder, tell_new
from bot.terminal.demo import lab_prober
from bot.vantages.extra import opened_vantages
from commands.contract import Actor, Request, UserError
from commands.sharing import new_id
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.network import asking as network
from commands.smtpcheck.network.asking import OwnNetwork
from commands.smtpcheck.places.asking import ALL
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.probe.concurrent_connections import News
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.record_file.writer import as_file
from commands.smtpcheck.report.model import Check
from commands.smtpcheck.stored.document import Document, says_nothing, to_document, to_entry, to_readings
from commands.smtpcheck.stored.pauses import Rest, rest_of
from commands.smtpcheck.view import pauses as pauses_view
from commands.smtpcheck.view.message import aim
from commands.smtpcheck.wire.connection import Endpoint
from commands.stored_shapes import is_document
from storage.databases.registry import Database, opened
from storage.entries import LOCAL
from storage.history import OPERATOR, Entry, StorageError


async def checked(wanted: Arguments, arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the target, or show the last result of a port that refused us."""
    if wanted.vantage == ALL:
        from bot.terminal.check_places import checked_from_all  # noqa: PLC0415 - few ask for it

        return await checked_from_all(wanted, arguments, settings)
    ports = wanted.ports or settings.ports
    async with history_of(settings, arguments) as database:
        rest = await rest_for(wanted, ports, database)
        if rest is not None and not arguments.again:
            return _last(rest, arguments)
        elsewhere = ""
        async with _prober(wanted, arguments, settings) as prober:
            async with checker_at(wanted.vantage, settings, prober, database) as checker:
                check = await _probed(checker, wanted, ports)
            document = to_document(check)
            await keep(check, document, database)
            if database:
                elsewhere = await check_elsewhere.of_target(wanted.target, document, settings, prober, database)
    status = answer(document, arguments)
    check_elsewhere.tell(elsewhere, arguments)
    if arguments.record:  # last: a disk that is full costs no answer
        write_output(arguments.record, as_file(check, store=prober.store))
    return status


@asynccontextmanager
async def _prober(wanted: Arguments, arguments: argparse.Namespace, settings: Settings) -> AsyncIterator[Prober]:
    """That of the settings, or of the demo's hosts."""
    if arguments.demo:
        async with lab_prober(wanted.target.name) as prober:
            yield prober
        return
    prober = make_prober(settings)
    try:
        yield prober
    finally:
        await prober.close()


async def looked_at_network(asked: OwnNetwork, arguments: argparse.Namespace, settings: Settings) -> int:
    """Which ports our own network lets out."""
    async with history_of(settings, arguments) as database:
        prober = make_prober(settings)
        async with checker_at(asked.vantage, settings, prober, database) as lookout:
            document, elsewhere = await network.looked(asked.ports or settings.ports, lookout, new_id(utc_now())), ""
        if database and not await _keep_network(document, database):
            complain("Not logged: the history could not be written.")
        if database:
            elsewhere = await check_elsewhere.of_network(document, settings, prober, database)
    status = network_answer(document, arguments)
    check_elsewhere.tell(elsewhere, arguments)
    return status


async def rest_for(wanted: Arguments, ports: tuple[int, ...], database: Database | None) -> Rest | None:
    if database is None:
        return None
    asked = (wanted.target.name, ports)
    return await rest_of(*asked, database.history, OPERATOR, utc_now(), vantage=wanted.vantage)


@asynccontextmanager
async def checker_at(
    vantage: str, settings: Settings, prober: Prober, database: Database | None
) -> AsyncIterator[Checker]:
    """What checks from where it was asked for; UserError where nobody can."""
    if vantage == LOCAL:
        yield prober
        return
    if database is None:
        raise UserError("--from needs the database, which knows the other machines.", "Leave --no-history out.")
    async with opened_vantages(settings, database.watches, prober, serve=False) as vantages:
        if vantages is None:
            raise UserError("PORTERO_NATS is not set, so no other machine can be asked.", "Leave --from out.")
        yield await vantages.checker(vantage, OPERATOR, "")


@asynccontextmanager
async def history_of(settings: Settings, arguments: argparse.Namespace) -> AsyncIterator[Database | None]:
    """The database; None without one or where it cannot be opened, which costs no answer."""
    database = None
    async with AsyncExitStack() as stack:
        if not (arguments.no_history or arguments.demo):
            refuse_new_folder(settings.database)
            begins = is_new(settings.database)
            try:
                database = await stack.enter_async_context(opened(settings.database, is_document=is_document))
                if begins:
                    tell_new(settings.database)
            except StorageError as error:
                complain(f"Not logged: {error}")
        yield database


def _last(rest: Rest, arguments: argparse.Namespace) -> int:
    """What stands in the history, and on standard error why; UserError where that is not what was wanted."""
    lines = pauses_view.in_terminal(rest, utc_now())
    if rest.entry is None or arguments.record:
        raise UserError(*lines)
    complain(*lines)
    return answer(rest.entry.document, arguments)


async def _probed(checker: Checker, wanted: Arguments, ports: tuple[int, ...]) -> Check:
    return await checker.check(
        wanted.target,
        ports,
        check_id=new_id(utc_now()),
        heard=_tell if sys.stderr.isatty() else _keep_quiet,
        deep="deep" in wanted.flags,
    )


async def keep(check: Check, document: Document, database: Database | None) -> Entry:
    """Its row of the history, which is added where there is one and it says something."""
    entry = to_entry(check, document, await _request(database, check.facts.started_at))
    if database is not None:
        try:
            await _add(entry, check, database)
        except StorageError as error:
            complain(f"Not logged: {error}")
    return entry


async def _add(entry: Entry, check: Check, database: Database) -> None:
    if says_nothing(check):
        complain("Not logged: what we did not hear is no result of this host.")
    else:
        await database.history.add(entry, to_readings(check))


async def _keep_network(document: Document, database: Database) -> bool:
    return await network.keep(document, await _request(database, utc_now()), database.history)


async def _request(database: Database | None, at: datetime) -> Request:
    """Whose memory it is: that of the team whose bot works on this database; none before there was one."""
    actor = Actor(login(), await team_of(database.watches) if database else "")
    return Request("smtpcheck", actor, at, surface="terminal")


def _tell(news: News) -> None:
    """Say on the terminal what a deep check is at; it takes a while."""
    if isinstance(news, Endpoint):
        complain(f"{aim(news)} …")


def _keep_quiet(_news: News) -> None:
    """Nobody watches."""
