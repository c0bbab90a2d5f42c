"""The history as a file: CSV for spreadsheets, JSON lines for programs. One writer each, a row at a time."""

import csv
import json
from collections.abc import Mapping
from typing import Any, Protocol, TextIO

from storage.interface import Entry, instant

FIELDS = (
    "started_at",
    "kind",
    "target",
    "verdict",
    "summary",
    "elapsed_ms",
    "vantage",
    "actor",
    "channel",
    "surface",
    "id",
)
FORMULA = frozenset("=+-@\t\r\n")


class Writer(Protocol):
    """Writes entries to a text file that was opened with `newline=""`."""

    def write(self, entry: Entry) -> None: ...


class CsvWriter:
    """A head, then a row for each entry; the document is left to JSON."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)
        self._rows.writerow(FIELDS)

    def write(self, entry: Entry) -> None:
        self._rows.writerow([csv_cell(value) for value in about(entry).values()])


class JsonWriter:
    """A line for each entry: its document, and under `history` who asked it, where and when."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, entry: Entry) -> None:
        self._out.write(json.dumps({**entry.document, "history": about(entry)}, ensure_ascii=False) + "\n")


def about(entry: Entry) -> dict[str, Any]:
    """The fields beside the document; `started_at` in UTC."""
    return {name: getattr(entry, name) for name in FIELDS} | {"started_at": instant(entry.started_at)}


def csv_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: not even behind blanks."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" ")[:1] in FORMULA and value.strip(" ") else value


FORMATS: Mapping[str, type[CsvWriter] | type[JsonWriter]] = {"csv": CsvWriter, "jsonl": JsonWriter}
