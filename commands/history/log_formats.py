"""The log of changes for programs: CSV, JSON and JSON lines. A row of `FORMATS` each, with its writer. Pure."""

import csv
import json
from collections.abc import Mapping
from typing import Any, Protocol, TextIO

from commands.csv_cells import csv_cell
from commands.history.export_formats import written
from commands.history.log_words import PLAIN, sentence
from storage.audit import AuditEntry

SCHEMA = "portero.log/1"
FIELDS = ("at", "actor", "action", "target", "channel", "summary", "facts")


class Writer(Protocol):
    """Writes entries to a text file that was opened with `newline=""`."""

    def write(self, entry: AuditEntry) -> None: ...

    def close(self) -> None:
        """Writes what ends the file."""


def facts(entry: AuditEntry) -> dict[str, Any]:
    """`actor` is empty for the program itself; `facts` holds codes and values, `summary` the sentence."""
    texts = {name: getattr(entry, name) for name in ("actor", "action", "target", "channel")}
    return {"at": written(entry.at), **texts, "summary": sentence(entry, PLAIN), "facts": entry.document}


class CsvWriter:
    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)
        self._rows.writerow(FIELDS)

    def write(self, entry: AuditEntry) -> None:
        row = facts(entry)
        self._rows.writerow([csv_cell(value) for value in (*list(row.values())[:-1], json.dumps(row["facts"]))])

    def close(self) -> None:
        """A CSV has no end."""


class LinesWriter:
    """ASCII, so that every text comes back as it was and none is obeyed by a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, entry: AuditEntry) -> None:
        self._out.write(f"{json.dumps(facts(entry))}\n")

    def close(self) -> None:
        """Lines have no end."""


class DocumentWriter:
    """One document, `{"schema": "portero.log/1", "changes": [...]}`, a change on each line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = f'{{"schema": "{SCHEMA}", "changes": [\n'

    def write(self, entry: AuditEntry) -> None:
        self._out.write(f"{self._before}{json.dumps(facts(entry))}")
        self._before = ",\n"

    def close(self) -> None:
        self._out.write(f"{'' if self._before[0] == ',' else self._before}\n]}}\n")


FORMATS: Mapping[str, type[CsvWriter] | type[LinesWriter] | type[DocumentWriter]] = {
    "csv": CsvWriter,
    "json": DocumentWriter,
    "jsonl": LinesWriter,
}
