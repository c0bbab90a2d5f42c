"""What came of the hosts of a file: a table for people, the formats of the history for programs, a file to go on from.

A line of that file is what `portero history --format jsonl` prints, with `asked`: what was asked for, by which the next
run knows what it need not check.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TextIO, cast

from bot.console.appended import AppendedFile
from bot.console.screen import Screen, columns, say
from bot.terminal.history_lists import WRITERS
from commands.contract import DeclinedError, UserError
from commands.history.export_formats import LinesWriter
from commands.smtpcheck.several import view
from commands.smtpcheck.view.message import GOOD
from commands.stored_shapes import is_document
from storage.history import Entry


class Table:
    """A row for each host below one sentence about all. `at` is when it is read."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._rows: dict[str, list[str]] = {}
        self._results: dict[str, str] = {}
        self._worst: dict[str, list[str]] = {}
        self._good: set[str] = set()

    def __contains__(self, asked: str) -> bool:
        return asked in self._rows

    def add(self, asked: str, document: Mapping[str, Any]) -> None:
        self._results[asked] = view.came_to(document)
        self._rows[asked] = view.row(asked, document, None, self._at)
        self._worst[asked] = [finding["message"] for finding in view.worst_of(asked, document)]
        self._good |= {asked} if document["verdict"] in GOOD else set()

    def decline(self, asked: str, error: UserError) -> None:
        self._results[asked] = view.came_to(None)
        self._rows[asked] = view.row(asked, None, DeclinedError(error.message), self._at)

    def is_good(self, names: Sequence[str]) -> bool:
        return self._good.issuperset(names)

    def lines(self, names: Sequence[str]) -> Iterator[str]:
        """Of those of the names that something came of, in this order."""
        known = [name for name in names if name in self]
        if known:
            yield view.sentence({name: self._results[name] for name in known})
            yield from columns([list(view.HEAD), *map(self._rows.__getitem__, known)])
        for name in known:
            yield from self._worst.get(name, ())


class Results:
    """Takes each as it comes: what has a format of its own is printed at once, the table at the end."""

    def __init__(self, form: str, file: AppendedFile | None, at: datetime) -> None:
        """What stands in the file is a part of this run. Raises `UserError` where somebody else wrote it."""
        self.table = Table(at)
        if file is not None:
            self._remember(file)
        self.prints_each = form in WRITERS
        self._printed = WRITERS[form](cast("TextIO", Screen())) if self.prints_each else None
        self._kept = LinesWriter(cast("TextIO", file)) if file else None

    def _remember(self, file: AppendedFile) -> None:
        for number, line in enumerate(file.lines(), start=1):
            try:
                self.table.add(*_read(line))
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                what = f"{file.name}, line {number}: this is not a result of `portero check --file`."
                raise UserError(what, "Name another file, or one that is not there yet.") from error

    def add(self, asked: str, entry: Entry, *, says_something: bool) -> None:
        """What says nothing of its host is asked for again by the next run."""
        self.table.add(asked, entry.document)
        written = replace(entry, document={**entry.document, "asked": asked})
        if self._kept and says_something:
            self._kept.write(written)
        if self._printed:
            self._printed.write(written)

    def close(self, names: Sequence[str]) -> None:
        if self._printed:
            self._printed.close()
        elif lines := list(self.table.lines(names)):
            say(*lines)


def _read(line: bytes) -> tuple[str, Mapping[str, Any]]:
    """Raises `ValueError` for what no run has written."""
    document = json.loads(line)
    if not isinstance(document, dict) or not is_document("check", document):
        raise ValueError(document)
    return str(document["asked"]), document
