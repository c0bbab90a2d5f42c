"""`portero log`: who changed what, for people and for programs. It only reads, also while the bot is writing."""

import argparse
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bot.console.formats import add_formats
from bot.console.local_zone import zone_of_machine
from bot.console.process import BAD_NEWS, FINE, positive, run_loop
from bot.console.screen import Screen, complain
from bot.settings import Settings
from bot.terminal.database_path import look_for
from bot.terminal.history import add_times, times_of, without_login
from commands.audited import GROUPS
from commands.contract import Actor, Request, UserError
from commands.help_card import HELP
from commands.plural import by_count

PAGE = 500
EXAMPLES = """examples:
  portero log --since monday
  portero log mail.example.com mutes
  portero log by root --format csv
  portero log --all --format jsonl
"""


def add(subs: Any) -> None:
    log = subs.add_parser(
        "log",
        help="who changed what: watches, mutes, machines, deletions, settings",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = f"a host, a watch, a machine, a setting; since, until, by USER; {', '.join(GROUPS)}"
    log.add_argument("words", metavar="WORD", nargs="*", help=words)
    add_times(log)
    log.add_argument("--by", metavar="USER", help="changed by this person: a Slack id, or a login on this machine")
    amount = log.add_mutually_exclusive_group()
    amount.add_argument("--limit", type=positive, default=20, metavar="N", help="how many, newest first (20)")
    amount.add_argument("--all", action="store_true", help="every one of them")
    add_formats(log, "json", "jsonl", "csv")
    log.set_defaults(act=act, help=log.print_help)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.words and arguments.words[0].lower() in HELP:
        arguments.help()
        return FINE
    return run_loop(_listed(arguments, settings))


async def _listed(arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.history.log_filters import refuse_a_mere_word  # noqa: PLC0415
    from storage.databases.registry import opened  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    with _as_typed_here():
        filters, query = _asked(arguments)
        look_for(settings.database)
        try:
            async with opened(settings.database, to_read=True) as database:
                if not await database.watches.count_audit(query):
                    refuse_a_mere_word(filters)
                return await _written(query, arguments, database.watches)
        except StorageError as error:
            raise UserError(str(error)) from error


def _asked(arguments: argparse.Namespace) -> tuple[Any, Any]:
    """What was typed, and the question that it is. Raises `UserError`."""
    from dataclasses import replace  # noqa: PLC0415

    from commands.history.log_filters import parse_log, query_of  # noqa: PLC0415
    from storage.queries import OPERATOR  # noqa: PLC0415

    words, login = without_login([*arguments.words, *times_of(arguments)])
    login = (arguments.by or "").strip("<@>") or login
    filters = _for_terminal(parse_log(" ".join(words)))
    request = Request("portero", Actor("", zone_name=zone_of_machine()), datetime.now(UTC), surface="terminal")
    query = query_of(filters, request, OPERATOR, None)
    return filters, replace(query, actor=login or query.actor)


@contextmanager
def _as_typed_here() -> Iterator[None]:
    """What is said of `/portero log`, for a terminal."""
    try:
        yield
    except UserError as error:
        message, hint = (said.replace("/portero log", "portero log") for said in (error.message, error.hint))
        lines = [line.removeprefix("log ") for line in error.try_instead if line != "log"]
        raise UserError(message, hint, lines, wrong=error.wrong) from error


def _for_terminal(filters: Any) -> Any:
    if filters is None or filters.rest.mine or filters.rest.here:
        raise UserError("Nobody is known here, nor any channel.", "Write `--by USER`; more: portero log --help")
    return filters


async def _written(query: Any, arguments: argparse.Namespace, log: Any) -> int:
    writer = _writer(arguments.format)
    limit = sys.maxsize if arguments.all else arguments.limit
    count = damaged = 0
    async for page in _pages(query, limit, log):
        for entry in page:
            writer.write(entry)
        count, damaged = count + len(page), damaged + page.damaged
    writer.close()
    left = await log.count_audit(query) - count - damaged
    if not count and not damaged:
        complain(
            f"{'Nothing like that' if _is_narrowed(arguments) else 'Nothing'} was changed, as far as the log goes back."
        )
    if left > 0:
        older = by_count(left, ("There is 1 older one", "There are {count} older ones"))
        complain(f"{older}: name a time (--since 7d), a larger --limit, or --all.")
    if damaged:
        complain(f"{damaged:,} damaged and left out.", "Look closer: portero history check")
    return BAD_NEWS if damaged else FINE


def _is_narrowed(arguments: argparse.Namespace) -> bool:
    return bool(arguments.words or times_of(arguments) or arguments.by)


async def _pages(query: Any, limit: int, log: Any) -> AsyncIterator[Any]:
    before = None
    while limit > 0:
        asked = min(PAGE, limit)
        page = await log.audit(query, limit=asked, before=before)
        yield page
        if not page or len(page) + page.damaged < asked:
            return
        limit -= len(page) + page.damaged
        before = page[-1].cursor


class _TextWriter:
    """A line each: when (UTC), and what."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, entry: Any) -> None:
        from commands.history.log_words import PLAIN, sentence  # noqa: PLC0415

        self._out.write(f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z  {sentence(entry, PLAIN)}\n")

    def close(self) -> None:
        """Lines have no end."""


def _writer(form: str) -> Any:
    from commands.history.log_formats import FORMATS as WRITERS  # noqa: PLC0415

    return _TextWriter(Screen()) if form == "text" else WRITERS[form](Screen())  # type: ignore[arg-type]
