"""`portero history`: what was checked, for people and for programs. It only reads, also while the bot is writing."""

import argparse
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.console.process import BAD_NEWS, FINE, positive, run_loop
from bot.console.screen import Screen, complain
from bot.entry_sentences import line_with_words, with_sentences
from bot.settings import Settings
from bot.terminal import history_maintenance
from bot.terminal.history_answer import Services, answer, in_terminal, show
from commands.contract import UserError
from commands.history.export_formats import FORMATS, ports
from commands.history.filters import Filters
from commands.history.fits import is_of_hosts
from commands.history.typed_filters import parse_filters
from commands.past_times import MOST_DAYS
from commands.slack_text import clean
from storage.queries import FAILED, OPERATOR, Query

PAGE = 500
USAGE = """portero history [TARGET] [--since 7d] [--by USER] [--port N] [--failed] ...
       portero history prune [--days N] | forget USER | backup FILE | check | rescue NEW | delete ID"""
ABOUT = f"""what else can be done:
{chr(10).join(f"  {name:<14}{action.help}" for name, action in history_maintenance.ACTIONS.items())}

  A target that is called like one of these is listed with a dot behind it: `portero history prune.`"""
LISTING = {"limit": 20, "all": False, "format": "text", "since": [], "until": [], "by": None, "port": None}
LISTING |= {"failed": False, "watches": False, "kind": None}
"""The options of a listing, and what they are when they are not given."""

WRITERS = {form.typed: form.writer for form in FORMATS}
"""By what stands behind `--format`."""


def add(subs: Any) -> None:
    history = subs.add_parser(
        "history",
        help="list what was checked; prune, forget, back up",
        usage=USAGE,
        epilog=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    history.set_defaults(act=act, **LISTING)
    history.add_argument("words", metavar="WORD", nargs="*", help="a target, the id of a result, or words as in Slack")
    when = "24h, 7 days, yesterday, monday, nov 1, 2026-11-01 or 14:30, in the time zone of this machine"
    history.add_argument("--since", nargs="+", metavar="WHEN", help=f"not older than {when}")
    history.add_argument("--until", nargs="+", metavar="WHEN", help="not newer; a day ends with the day")
    history.add_argument("--by", metavar="USER", help="asked by this person: a Slack id, or a login on this machine")
    history.add_argument("--port", type=port, metavar="N", help="checks that looked at this port")
    history.add_argument("--failed", action="store_true", help="only failures; with --port: of that port")
    history.add_argument("--watches", action="store_true", help="what watches ran; with --by: for this person")
    history.add_argument("--kind", choices=("check", "port", "pmta", "network"), help="only results of this kind")
    amount = history.add_mutually_exclusive_group()
    amount.add_argument("--limit", type=positive, metavar="N", help="how many, newest first (20)")
    amount.add_argument("--all", action="store_true", help="every one of them")
    history.add_argument("--format", choices=("text", *WRITERS))
    history.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    history.add_argument("--days", type=days, metavar="N", help="prune: what is older goes")


def port(text: str) -> int:
    """A port, for argparse."""
    if not 0 < positive(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def days(text: str) -> int:
    """How long results are kept, for argparse."""
    if positive(text) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is more days than any history has")
    return int(text)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    words = arguments.words
    action = history_maintenance.ACTIONS.get(words[0]) if words else None
    if action is None:
        return run_loop(_listed(arguments, settings))
    stray = [name for name, default in LISTING.items() if getattr(arguments, name) != default]
    return run_loop(history_maintenance.run(words, stray, arguments.days, settings))


async def _listed(arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.stored_shapes import is_document  # noqa: PLC0415
    from storage.databases.registry import opened  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    filters = filters_of(arguments)
    query = query_of(filters, arguments, datetime.now(UTC))
    history_maintenance.look_for(settings.database)
    try:
        async with opened(settings.database, is_document=is_document, to_read=True) as database:
            return await _told(filters, query, arguments, database)
    except StorageError as error:
        raise UserError(str(error)) from error
    except UserError as error:
        raise in_terminal(error) from error


async def _told(filters: Filters, query: Query, arguments: argparse.Namespace, database: Any) -> int:
    """One result by its id, an answer in words, or a list."""
    history = database.history
    opened = await history.get(filters.target, OPERATOR) if _names_result(filters) else None
    if opened is not None:
        out: Any = Screen()
        text = arguments.format == "text"
        return show(with_sentences(opened), EntryWriter(out) if text else WRITERS[arguments.format](out))
    if filters.ask or is_of_hosts(filters):
        return await answer(
            filters.text, Services(history, database.watches, OPERATOR), as_json=arguments.format != "text"
        )
    query = await _spelled_as_stored(query, history)
    written, damaged, bad = await _written(arguments, query, history, Screen())
    if not written and not damaged:
        complain(nothing(query))
    if damaged:
        complain(f"{history_maintenance.results(damaged)} damaged and left out.", "Look closer: portero history check")
    return BAD_NEWS if damaged or (bad and query.target is not None) else FINE


def _names_result(filters: Filters) -> bool:
    return filters == Filters(target=filters.target) and not {".", ":", "*"} & set(filters.target)


def filters_of(arguments: argparse.Namespace) -> Filters:
    """What was typed, words as in Slack and options alike. Raises `UserError`."""
    history_maintenance.check_text(*arguments.since, *arguments.until, *arguments.words, arguments.by or "")
    if arguments.days is not None:
        raise UserError("--days goes with `prune`.", "Write `--since 7d` for the last seven days.")
    words = [*arguments.words]
    words += ["since", *arguments.since] if arguments.since else []
    words += ["until", *arguments.until] if arguments.until else []
    words += ["port", str(arguments.port)] if arguments.port is not None else []
    words += [name for name in ("failed", "watches") if getattr(arguments, name)]
    words += [{"port": "advice"}.get(arguments.kind, arguments.kind)] if arguments.kind else []
    try:
        filters = parse_filters(" ".join(words))
    except UserError as error:
        raise in_terminal(error) from error
    if filters is None or filters.mine or filters.here:
        raise UserError("Nobody is known here, nor any channel.", "Write `--by USER`; more: portero history --help")
    return filters


def query_of(filters: Filters, arguments: argparse.Namespace, now: datetime) -> Query:
    """The listing that was asked for, with days of this machine's time zone. Raises `UserError`."""
    since, until = (None, None) if filters.ask else filters.span(now, None)
    by = arguments.by.strip("<@>") if arguments.by else filters.by
    return Query(
        OPERATOR,
        target=_as_written(filters.target, arguments) or None,
        kind=filters.kind or None,
        actor=by or None,
        port=filters.port,
        failed=filters.failed,
        watched=Filters(by=by, watches=filters.watches, all=True).watched,
        since=since,
        until=until,
    )


def _as_written(target: str, arguments: argparse.Namespace) -> str:
    """Files of configs are filed with capitals."""
    typed = (word for each in (*arguments.words, *arguments.since, *arguments.until) for word in each.split())
    return next((word for word in typed if word.lower() == target), target)


async def _spelled_as_stored(query: Query, history: Any) -> Query:
    """Hosts are filed in lower case and as A-labels; configs under the name of their file."""
    from commands.history.listing import filed_host  # noqa: PLC0415

    if query.target is None or await history.count(Query(OPERATOR, target=query.target), most=1):
        return query
    return replace(query, target=filed_host(query.target))


async def _written(arguments: argparse.Namespace, query: Query, history: Any, out: Any) -> tuple[int, int, bool]:
    """How many results were written, how many are damaged, and whether the newest is bad news.

    Never more than a page of them is in memory.
    """
    limit = sys.maxsize if arguments.all else arguments.limit
    text = arguments.format == "text"
    writer = TextWriter(out) if text else WRITERS[arguments.format](out)
    spoken: Callable[[Any], Any] = line_with_words if text else with_sentences
    written, damaged, bad = 0, 0, False
    async for page in _pages(history.page if text else history.entries, query, limit):
        for result in page:
            writer.write(spoken(result))
        bad = page[0].verdict in FAILED if page and not written else bad
        written += len(page)
        damaged += page.damaged
    writer.close()
    return written, damaged, bad


async def _pages(ask: Any, query: Query, limit: int) -> AsyncIterator[Any]:
    before = None
    while limit > 0:
        asked = min(PAGE, limit)
        page = await ask(query, limit=asked, before=before)
        yield page
        found = len(page) + page.damaged
        if not page or found < asked:  # damaged rows behind the last sound one would be counted again
            return
        limit -= found
        before = page[-1].cursor


class EntryWriter:
    """A result, and a line for each of its ports."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, entry: Any) -> None:
        TextWriter(self._out).write(entry)
        for host, address, port, *seen in ports(entry.document):
            if port is not None:
                told = ", ".join(clean(str(each), 80) for each in seen[:-1] if each)
                self._out.write(f"    {clean(str(host), 80)} {clean(str(address), 60)} {port}: {told}\n")

    def close(self) -> None:
        """Lines have no end."""


class TextWriter:
    """Two lines for each result."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, line: Any) -> None:
        from commands.smtpcheck.result.sentences.choice import summary_in  # noqa: PLC0415

        how = "by a watch of" if line.surface == "watch" else "by"
        who = f" {how} {clean(line.actor)}" if line.actor else ""
        self._out.write(f"{line.started_at:%Y-%m-%d %H:%M:%S}Z  {line.verdict:12} {clean(line.target)}{who}\n")
        self._out.write(f"    {clean(summary_in(line.summary), 1000)} [{clean(line.id, 60)}]\n")

    def close(self) -> None:
        """Lines have no end."""


def nothing(query: Query) -> str:
    """What to say when there is no result."""
    if query == Query(OPERATOR):
        return "Nothing was checked yet."
    if query == Query(OPERATOR, target=query.target):
        return f"No check of {clean(str(query.target))}."
    return "Nothing matches."
