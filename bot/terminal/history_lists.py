"""A list of results in a terminal: for people equal runs as one line, for programs each result."""

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.console.screen import Screen
from bot.entry_sentences import line_with_words, with_sentences
from commands.history.export_formats import FORMATS, ports
from commands.history.faults import faults_of
from commands.history.folding import Fold, Folding
from commands.history.line import ports as ports_of
from commands.markdown_text import in_markdown
from commands.plural import plural
from commands.slack_text import clean
from commands.smtpcheck.result.sentences.choice import summary_in
from storage.entries import LOCAL
from storage.history import FAILED, Line
from storage.queries import OPERATOR, Query

PAGE = 500
READ_FOR_EACH = 20
"""Results for each line that was asked for: where more of them are equal, older ones are left to `--all`."""

BATCH = 5_000
"""Lines in memory: behind so many, equal runs begin another one."""

WRITERS = {form.typed: form.writer for form in FORMATS}
"""By what stands behind `--format`, for programs."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many results were written and are damaged; whether the newest is bad news, whether older ones are left."""

    results: int = 0
    damaged: int = 0
    bad: bool = False
    has_older: bool = False


async def written(form: str, query: Query, history: Any, limit: int) -> Written:
    """Write the newest of what is asked for, at most `limit` lines or results; never more than a page is in memory."""
    if form in PEOPLE:
        return await _for_people(PEOPLE[form](Screen()), query, history, limit)
    out: Any = Screen()
    writer = WRITERS[form](out)
    results, damaged, bad = 0, 0, False
    async for page in _pages(history.entries, query, limit):
        for entry in page:
            writer.write(with_sentences(entry))
        bad = page[0].verdict in FAILED if page and not results else bad
        results, damaged = results + len(page), damaged + page.damaged
    writer.close()
    return Written(results, damaged, bad)


async def _for_people(writer: "TextWriter", query: Query, history: Any, limit: int) -> Written:
    """Lines are written when none of them grows any more."""
    most = limit if limit == sys.maxsize else limit * READ_FOR_EACH
    folding, results, damaged, bad = Folding(min(limit, BATCH)), 0, 0, False
    last = None
    async for page in _pages(history.page, query, most):
        bad = page[0].verdict in FAILED if page and not results else bad
        damaged += page.damaged
        for line in page:
            if not folding.takes(line):
                folding.cut()
                limit -= await _fold_by_fold(writer, folding, history)
                folding = Folding(min(limit, BATCH))
                if not folding.takes(line):
                    return Written(results, damaged, bad, has_older=True)
            results, last = results + 1, line
    more = results + damaged >= most and last and await history.page(query, limit=1, before=last.cursor)
    if more:
        folding.cut()
    await _fold_by_fold(writer, folding, history)
    return Written(results, damaged, bad, has_older=bool(more))


async def _fold_by_fold(writer: "TextWriter", folding: Folding, history: Any) -> int:
    for at in range(0, len(folding.folds), PAGE):
        folds = folding.folds[at : at + PAGE]
        wrong = await faults_of([fold.newest for fold in folds], history, OPERATOR)
        for fold in folds:
            writer.write(line_with_words(fold.newest), fold, wrong.get(fold.newest.id, ""))
    return len(folding.folds)


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
    """Two lines for each result, or for results that are equal."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def write(self, line: Any, fold: Fold | None = None, fault: str = "") -> None:
        how = "by a watch of" if line.surface == "watch" else "by"
        people = dict.fromkeys((line.actor, *(other.actor for other in line.others)))
        who = f" {how} {', '.join(map(clean, people))}" if line.actor else ""
        alike = f" {_alike(fold)}" if fold and fold.count > 1 else ""
        verdict = "not all well" if _is_partly_bad(line) else line.verdict
        self._out.write(f"{line.started_at:%Y-%m-%d %H:%M:%S}Z  {verdict:12} {_where(line)}{who}\n")
        self._out.write(f"    {clean(_summary(line, fault), 1000)} [{clean(line.id, 60)}]{alike}\n")


def _where(line: Any) -> str:
    """The target, and which machine saw it, where that is another one."""
    return clean(line.target) + (f" from {clean(line.vantage, 40)}" if line.vantage != LOCAL else "")


def _summary(line: Any, fault: str) -> str:
    """With what was wrong, where the summary tells what to use all the same."""
    shut = ports_of([each for each in line.endpoints if each.state != "open"]) if _is_partly_bad(line) else ""
    return " ".join([summary_in(line.summary), *(f"{each}." for each in (shut, fault) if each)])


def _is_partly_bad(line: Any) -> bool:
    """Whether a watch saw it as bad although some of it works."""
    return isinstance(line, Line) and line.alerted and line.verdict not in FAILED


def _alike(fold: Fold) -> str:
    longer = " or longer" if fold.cut else ""
    return f"{plural(fold.count, 'equal result')} since {fold.oldest.started_at:%Y-%m-%d %H:%M:%S}Z{longer}"


class MarkdownWriter(TextWriter):
    """A row of a table for each."""

    def __init__(self, out: Any) -> None:
        super().__init__(out)
        self._out.write(markdown_head(("When (UTC)", "Target", "Verdict", "What was seen", "Equal results", "Id")))

    def write(self, line: Any, fold: Fold | None = None, fault: str = "") -> None:
        alike = _alike(fold) if fold and fold.count > 1 else ""
        seen = _summary(line, fault)
        at = f"{line.started_at:%Y-%m-%d %H:%M:%S}"
        self._out.write(markdown_row((at, _where(line), line.verdict, seen, alike, line.id)))


def markdown_head(names: Sequence[str]) -> str:
    return f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n"


def markdown_row(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(in_markdown(clean(str(cell), 1000)) for cell in cells)} |\n"


PEOPLE = {"text": TextWriter, "md": MarkdownWriter}


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
