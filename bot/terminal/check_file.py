"""`portero check --file`: the hosts of a file, a few at once. Who stops it goes on with the same command.

Politely: two begin in a second at most, as of several in Slack; of one target no more than people may ask for there; a
port that refused us is left alone, and the history has its last result.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

from bot.console.appended import AppendedFile
from bot.console.files import read_input
from bot.console.instead import of_terminal
from bot.console.process import BAD_NEWS, FINE
from bot.console.progress import progress
from bot.console.screen import complain
from bot.probers import make_prober, utc_now
from bot.rate_limits import PER_PORT, PER_TARGET, Limiter, Rate
from bot.settings import Settings
from bot.terminal.check_run import checker_at, history_of, keep, rest_for
from bot.terminal.file_results import Results
from bot.terminal.host_lines import MOST_BYTES, BadLine, HostLine, read_lines
from commands.contract import UserError
from commands.plural import plural
from commands.sharing import new_id
from commands.smtpcheck.arguments import Arguments
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.stored.document import says_nothing, to_document
from commands.smtpcheck.stored.pauses import Rest
from commands.smtpcheck.view import pauses as pauses_view
from storage.databases.registry import Database
from storage.history import Entry

EXAMPLE = "portero check --file hosts.txt"
PACE = Rate(2, 1.0)
"""How many checks begin."""


async def checked_file(default: Arguments, arguments: argparse.Namespace, settings: Settings) -> int:
    """Check what the file names, print it, and tell of the lines that name nothing. Raises `UserError`."""
    name = arguments.file
    lines, bad = read_lines(read_input(name, MOST_BYTES, EXAMPLE), settings.ports, default)
    _tell(name, bad)
    if not lines:
        raise UserError(f"{name}: no line names a host.", "One on each line, such as: mail.example.com 587")
    names = [line.asked for line in lines]
    with _output(arguments.output) as file:
        results = Results(arguments.format, file, utc_now())
        try:
            await _checked(lines, results, arguments, settings)
        except asyncio.CancelledError:
            complain(*_how_to_go_on(sum(name in results.table for name in names), len(names), arguments))
            raise
    return FINE if not bad and results.table.is_good(names) else BAD_NEWS


def _tell(name: str, bad: Iterable[BadLine]) -> None:
    for line in bad:
        lines = [f"Write instead: {one}" for one in line.error.lines(line.text) if not one.startswith("/")]
        said = f"{name}, line {line.number}: {of_terminal(line.error.message)}"
        complain(said, *lines or [of_terminal(line.error.hint)])


@contextmanager
def _output(name: str | None) -> Iterator[AppendedFile | None]:
    if name is None:
        yield None
        return
    with AppendedFile(name) as file:
        yield file


async def _checked(
    lines: Sequence[HostLine], results: Results, arguments: argparse.Namespace, settings: Settings
) -> None:
    """Check those of which nothing is known yet. What was heard is printed, also where somebody stops it."""
    left = [line for line in lines if line.asked not in results.table]
    done = len(lines) - len(left)
    if done:
        complain(f"{arguments.output} has {done} of {plural(len(lines), 'check')} already.")
    prober = make_prober(settings)
    try:
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(history_of(settings, arguments))
            checkers = await _checkers(left, settings, prober, database, stack)
            heard = stack.enter_context(progress(done, len(lines), printing=results.prints_each))
            run = Run(checkers, settings.ports, database, results, heard, again=arguments.again)
            await run.all(left, arguments.at_once)
    finally:
        await prober.close()
        results.close([line.asked for line in lines])


async def _checkers(
    lines: Iterable[HostLine], settings: Settings, prober: Prober, database: Database | None, stack: AsyncExitStack
) -> dict[str, Checker | UserError]:
    """What checks from each place that is named, or why nothing does. Raises `UserError` where that is so of all."""
    found: dict[str, Checker | UserError] = {}
    for place in dict.fromkeys(line.arguments.vantage for line in lines):
        try:
            found[place] = await stack.enter_async_context(checker_at(place, settings, prober, database))
        except UserError as error:
            found[place] = error
    refused = [one for one in found.values() if isinstance(one, UserError)]
    if refused and len(refused) == len(found):
        raise refused[0]
    return found


def _how_to_go_on(done: int, all_: int, arguments: argparse.Namespace) -> tuple[str, str]:
    said = f"Stopped: {done} of {plural(all_, 'check')} done."
    if arguments.output:
        return said, "Go on with the same command."
    return said, f"To go on where it was stopped, let it remember: {EXAMPLE} --output results.jsonl"


@dataclass(slots=True)
class Run:
    """`checkers` by the name of the place; `heard` is told of each that is done."""

    checkers: Mapping[str, Checker | UserError]
    ports: tuple[int, ...]
    database: Database | None
    results: Results
    heard: Callable[[str], None]
    again: bool
    _limiter: Limiter = field(default_factory=lambda: Limiter(time.monotonic))

    async def all(self, lines: Sequence[HostLine], at_once: int) -> None:
        left = iter(lines)
        tasks = [asyncio.ensure_future(self._some(left)) for _ in range(min(at_once, len(lines)))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _some(self, left: Iterator[HostLine]) -> None:
        for line in left:
            try:
                entry, says_something = await self._result(line.arguments)
            except UserError as error:
                self.results.table.decline(line.asked, error)
            else:
                self.results.add(line.asked, entry, says_something=says_something)
            self.heard(line.asked)

    async def _result(self, wanted: Arguments) -> tuple[Entry, bool]:
        """What was seen, and whether that says anything of the host. Raises `UserError` where nothing was checked."""
        ports, checker = wanted.ports or self.ports, self.checkers[wanted.vantage]
        if isinstance(checker, UserError):
            raise checker
        rest = None if self.again else await rest_for(wanted, ports, self.database)
        if rest is not None:
            return _last(rest), True
        await self._turn(wanted, ports)
        check = await checker.check(
            wanted.target, ports, check_id=new_id(utc_now()), heard=lambda _news: None, deep="deep" in wanted.flags
        )
        return await keep(check, to_document(check), self.database), not says_nothing(check)

    async def _turn(self, wanted: Arguments, ports: Sequence[int]) -> None:
        """Wait until this one may begin."""
        of = wanted.target.name, wanted.vantage
        uses = [(PACE, PACE), (of, PER_TARGET), *(((*of, port), PER_PORT) for port in ports)]
        while True:
            seconds = self._limiter.wait_for_all(uses)
            if seconds <= 0:
                return
            await asyncio.sleep(seconds)


def _last(rest: Rest) -> Entry:
    if rest.entry is None:
        raise UserError(*pauses_view.in_terminal(rest, utc_now()))
    return rest.entry
