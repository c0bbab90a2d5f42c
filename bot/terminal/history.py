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
from commands.contract import UserError
from commands.history.export_formats import FORMATS
from commands.history.filters import Filters
from commands.history.times import MOST_DAYS, read_time
from commands.slack_text import clean
from storage.queries import OPERATOR, Query

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
    history.add_argument("words", metavar="TARGET", nargs="*", help="only this target")
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

    query = query_of(arguments, datetime.now(UTC))
    history_maintenance.look_for(settings.database)
    try:
        async with opened(settings.database, is_document=is_document, to_read=True) as database:
            query = await _spelled_as_stored(query, database.history)
            written = await _written(arguments, query, database.history, Screen())
    except StorageError as error:
        raise UserError(str(error)) from error
    if not written[0] and not written[1]:
        complain(nothing(query))
    if written[1]:
        complain(
            f"{history_maintenance.results(written[1])} damaged and left out.", "Look closer: portero history check"
        )
        return BAD_NEWS
    return FINE


def query_of(arguments: argparse.Namespace, now: datetime) -> Query:
    """The listing that was asked for, with days of this machine's time zone. Raises `UserError`."""
    history_maintenance.check_text(*arguments.since, *arguments.until, *arguments.words, arguments.by or "")
    (first, behind), (last, further) = _time(arguments.since), _time(arguments.until)
    words = [*arguments.words, *behind, *further]
    if len(words) > 1:
        raise UserError("One target at a time.", f"Did you mean `portero history {clean(words[0])}`?")
    if arguments.days is not None:
        raise UserError("--days goes with `prune`.", "Write `--since 7d` for the last seven days.")
    since, until = Filters(since=first, until=last).span(now, None)
    by = arguments.by and arguments.by.strip("<@>")
    return Query(
        OPERATOR,
        target=words[0].rstrip(".") if words else None,
        kind=arguments.kind,
        actor=by,
        port=arguments.port,
        failed=arguments.failed,
        watched=Filters(by=by or "", watches=arguments.watches, all=True).watched,
        since=since,
        until=until,
    )


def _time(words: list[str]) -> tuple[str, list[str]]:
    """A time in as many words as it takes, and what stands behind it: `--since 7 days mail.example.com`."""
    words = " ".join(words).split()
    if not words:
        return "", []
    text, taken = read_time(words)
    return text, words[taken:]


async def _spelled_as_stored(query: Query, history: Any) -> Query:
    """Hosts are filed in lower case and as A-labels; configs under the name of their file."""
    from commands.history.listing import filed_host  # noqa: PLC0415

    if query.target is None or await history.count(Query(OPERATOR, target=query.target), most=1):
        return query
    return replace(query, target=filed_host(query.target))


async def _written(arguments: argparse.Namespace, query: Query, history: Any, out: Any) -> tuple[int, int]:
    """How many results were written, and how many are damaged; never more than a page of them is in memory."""
    limit = sys.maxsize if arguments.all else arguments.limit
    text = arguments.format == "text"
    writer = TextWriter(out) if text else WRITERS[arguments.format](out)
    spoken: Callable[[Any], Any] = line_with_words if text else with_sentences
    written = damaged = 0
    async for page in _pages(history.page if text else history.entries, query, limit):
        for result in page:
            writer.write(spoken(result))
        written += len(page)
        damaged += page.damaged
    writer.close()
    return written, damaged


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


class TextWriter:
    """Two lines for each result."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, line: Any) -> None:
        from commands.smtpcheck.result.sentences.choice import summary_in  # noqa: PLC0415

        how = "by a watch of" if line.surface == "watch" else "by"
        who = f" {how} {clean(line.actor)}" if line.actor else ""
        self._out.write(f"{line.started_at:%Y-%m-%d %H:%M:%S}Z  {line.verdict:12} {clean(line.target)}{who}\n")
        self._out.write(f"    {clean(summary_in(line.summary), 1000)}\n")

    def close(self) -> None:
        """Lines have no end."""


def nothing(query: Query) -> str:
    """What to say when there is no result."""
    if query == Query(OPERATOR):
        return "Nothing was checked yet."
    if query == Query(OPERATOR, target=query.target):
        return f"No check of {clean(str(query.target))}."
    return "Nothing matches."
