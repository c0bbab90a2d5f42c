"""`portero history`: what was checked, for people and for programs. It only reads, also while the bot is writing."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.console.formats import add_formats
from bot.console.process import BAD_NEWS, FINE, positive, run_loop
from bot.console.screen import complain
from bot.entry_sentences import with_sentences
from bot.settings import Settings
from bot.terminal import history_maintenance
from bot.terminal.database_path import look_for, tell_which
from bot.terminal.history_answer import Services, answer, nothing, show, tell_about, two_hosts
from bot.terminal.history_lists import written
from commands.contract import UserError
from commands.help_card import HELP
from commands.history.filters import Filters
from commands.history.fits import is_of_hosts
from commands.history.handler import may_be_id
from commands.history.listing import Place, filed_host
from commands.history.typed_filters import of_two_hosts, parse_filters
from commands.past_times import MOST_DAYS
from commands.smtpcheck.arguments import parse_compared
from storage.queries import OPERATOR, Query

USAGE = """portero history [TARGET] [--since 7d] [--by USER] [--port N] [--failed] ...
       portero history prune [--days N] | forget USER | backup FILE | check | rescue NEW | delete ID"""
ABOUT = f"""what else can be done:
{chr(10).join(f"  {name:<14}{action.help}" for name, action in history_maintenance.ACTIONS.items())}

  A target that is called like one of these is listed with a dot behind it: `portero history prune.`"""
LISTING = {"limit": 20, "all": False, "format": "text", "since": [], "until": [], "by": None, "port": None}
LISTING |= {"failed": False, "watches": False, "kind": None}
"""The options of a listing, and what they are when they are not given."""


def add(subs: Any) -> None:
    history = subs.add_parser(
        "history",
        help="list what was checked; prune, forget, back up",
        usage=USAGE,
        epilog=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    history.set_defaults(act=act, help=history.print_help, **LISTING)
    history.add_argument("words", metavar="WORD", nargs="*", help="a target, the id of a result, or words as in Slack")
    add_times(history)
    history.add_argument("--by", metavar="USER", help="asked by this person: a Slack id, or a login on this machine")
    history.add_argument("--port", type=port, metavar="N", help="checks that looked at this port")
    history.add_argument("--failed", action="store_true", help="only failures; with --port: of that port")
    history.add_argument("--watches", action="store_true", help="what watches ran; with --by: for this person")
    history.add_argument("--kind", choices=("check", "port", "pmta", "network"), help="only results of this kind")
    amount = history.add_mutually_exclusive_group()
    amount.add_argument("--limit", type=positive, metavar="N", help="how many, newest first (20)")
    amount.add_argument("--all", action="store_true", help="every one of them")
    add_formats(history, "md", "json", "jsonl", "csv")
    history.add_argument("--days", type=days, metavar="N", help="prune: what is older goes")


def add_times(parser: argparse.ArgumentParser) -> None:
    """`--since` and `--until`, in the words of Slack."""
    when = "24h, 7 days, yesterday, monday, nov 1, 2026-11-01 or 14:30, in the time zone of this machine"
    parser.add_argument("--since", nargs="+", default=[], metavar="WHEN", help=f"not older than {when}")
    parser.add_argument("--until", nargs="+", default=[], metavar="WHEN", help="not newer; a day ends with the day")


def times_of(arguments: argparse.Namespace) -> list[str]:
    """What was typed behind them, as words."""
    since = ["since", *arguments.since] if arguments.since else []
    return since + (["until", *arguments.until] if arguments.until else [])


def port(text: str) -> int:
    """A port, for argparse."""
    if not 0 < positive(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def days(text: str) -> int:
    """How long results are kept, for argparse."""
    if positive(text) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is more days than any history has")
    return int(text)


def act(arguments: argparse.Namespace, settings: Settings) -> int:
    words = arguments.words
    if words and words[0].lower() in HELP:
        arguments.help()
        return FINE
    action = history_maintenance.ACTIONS.get(words[0]) if words else None
    if action is None:
        return run_loop(_listed(arguments, settings))
    stray = [name for name, default in LISTING.items() if getattr(arguments, name) != default]
    return run_loop(history_maintenance.run(words, stray, arguments.days, settings))


async def _listed(arguments: argparse.Namespace, settings: Settings) -> int:
    from commands.stored_shapes import is_document  # noqa: PLC0415
    from storage.databases.registry import opened  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    said = " ".join(arguments.words)
    two = parse_compared(said, range(1, 65536)) if of_two_hosts(said) else ()
    filters = Filters() if two else filters_of(arguments)
    query = query_of(filters, arguments, datetime.now(UTC))
    look_for(settings.database)
    if arguments.format == "text":
        tell_which(settings.database)
    try:
        async with opened(settings.database, is_document=is_document, to_read=True) as database:
            if two:
                return await two_hosts(two, Services(database.history, database.watches, OPERATOR), arguments.format)
            return await _told(filters, query, arguments, database, settings.database)
    except StorageError as error:
        raise UserError(str(error)) from error


async def _told(filters: Filters, query: Query, arguments: argparse.Namespace, database: Any, place: str) -> int:
    """One result by its id, an answer in words, or a list. `place` is where the database is."""
    history, form = database.history, arguments.format
    opened = await history.get(filters.target, OPERATOR) if may_be_id(filters) else None
    if opened is not None:
        return show(with_sentences(opened), form)
    services = Services(history, database.watches, OPERATOR)
    limit = sys.maxsize if arguments.all else arguments.limit
    if filters.ask or is_of_hosts(filters):
        return await answer(Place(filters, most=limit), services, form)
    query = await _spelled_as_stored(query, history)
    if form == "text" and query.target and query.kind in {None, "check"}:
        await tell_about(query, services)
    found = await written(form, query, history, limit)
    if not found.results and not found.damaged:
        complain(*await nothing(filters, services), f"That was asked of {place}.")
    if found.has_older:
        complain("There are older ones: name a time (--since 7d), a larger --limit, or --all.")
    if found.damaged:
        lost = history_maintenance.results(found.damaged)
        complain(f"{lost} damaged and left out.", "Look closer: portero history check")
    asked_of = query.target is not None or query.failed
    there = query.failed and found.results
    return BAD_NEWS if found.damaged or there or (found.bad and asked_of) else FINE


def filters_of(arguments: argparse.Namespace) -> Filters:
    """What was typed, words as in Slack and options alike. Raises `UserError`."""
    history_maintenance.check_text(*arguments.since, *arguments.until, *arguments.words, arguments.by or "")
    if arguments.days is not None:
        raise UserError("--days goes with `prune`.", "Write `--since 7d` for the last seven days.")
    words, login = without_login(arguments.words)
    by = (arguments.by or "").strip("<@>") or login
    words += times_of(arguments)
    words += ["port", str(arguments.port)] if arguments.port is not None else []
    words += [name for name in ("failed", "watches") if getattr(arguments, name)]
    words += [{"port": "advice"}.get(arguments.kind, arguments.kind)] if arguments.kind else []
    filters = parse_filters(" ".join(words))
    if filters is None or filters.mine or filters.here:
        raise UserError("Nobody is known here, nor any channel.", "Write `--by USER`; more: portero history --help")
    return replace(filters, by=by or filters.by)


def without_login(words: Sequence[str]) -> tuple[list[str], str]:
    """`by LOGIN` taken out: who asks in a terminal has a login there, and in Slack there are mentions alone."""
    at = next((at for at, word in enumerate(words) if word.lower() == "by"), None)
    if at is None:
        return [*words], ""
    if not words[at + 1 :]:
        raise UserError("By whom?", "Write a Slack id, or a login on this machine: portero history by root")
    return [*words[:at], *words[at + 2 :]], words[at + 1].strip("<@>")


def query_of(filters: Filters, arguments: argparse.Namespace, now: datetime) -> Query:
    """The listing that was asked for, with days of this machine's time zone. Raises `UserError`."""
    since, until = (None, None) if filters.ask else filters.span(now, None)
    return Query(
        OPERATOR,
        target=_as_written(filters.target, arguments) or None,
        kind=filters.kind or None,
        actor=filters.by or None,
        port=filters.port,
        failed=filters.failed,
        watched=Filters(by=filters.by, watches=filters.watches, all=True).watched,
        since=since,
        until=until,
    )


def _as_written(target: str, arguments: argparse.Namespace) -> str:
    """Files of configs are filed with capitals."""
    typed = (word for each in (*arguments.words, *arguments.since, *arguments.until) for word in each.split())
    return next((word for word in typed if word.lower() == target), target)


async def _spelled_as_stored(query: Query, history: Any) -> Query:
    """Hosts are filed in lower case and as A-labels; configs under the name of their file."""
    if query.target is None or await history.count(Query(OPERATOR, target=query.target), most=1):
        return query
    return replace(query, target=filed_host(query.target))
