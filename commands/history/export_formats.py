"""The history as a file: CSV for spreadsheets, JSON lines for programs. A row of `FORMATS` each, with its writer. Pure.

Buttons of Slack and `--format` of the terminal follow from the rows. A writer takes an entry at a time. A line of JSON
is the stored document, as `portero check --json` prints it, with `history`: who asked it, where and when. A row of CSV
has the same facts, with the same times and numbers, and of a check its ports. Neither holds control codes that a
terminal would obey.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from commands.smtpcheck.result.sentences.choice import summary_in, with_words
from storage.history import Entry

FACTS = (
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
FIELDS = (*FACTS, "ports")
"""The head of a CSV."""

# A cell is taken for a formula by its first sign. Where people write 1,5 a spreadsheet begins a cell at every `;`, too;
# LibreOffice parts at tabs unless told otherwise, and csv quotes neither of them.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\t\r\n]|[\s\ufeff\u200b-\u200f\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Writer(Protocol):
    """Writes entries to a text file that was opened with `newline=""`."""

    def write(self, entry: Entry) -> None: ...


class CsvWriter:
    """A head, then a row for each entry; the document is left to JSON."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)
        self._rows.writerow(FIELDS)

    def write(self, entry: Entry) -> None:
        facts = {**about(entry), "ports": "; ".join(ports(entry.document))}
        self._rows.writerow([csv_cell(value) for value in facts.values()])


class JsonWriter:
    """A line for each entry. ASCII, so that every text comes back as it was and none is obeyed."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, entry: Entry) -> None:
        self._out.write(json.dumps({**with_words(entry.document), "history": about(entry)}) + "\n")


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is on the button and, in small letters, typed in the terminal; `label` says what the file is."""

    name: str
    ending: str
    label: str
    writer: Callable[[TextIO], Writer]

    @property
    def typed(self) -> str:
        return self.name.lower()


FORMATS = (Format("CSV", "csv", "CSV", CsvWriter), Format("JSON", "jsonl", "JSON lines", JsonWriter))
"""In the order of the buttons; the ending names the action, too (`smtphistory.csv`)."""


def about(entry: Entry) -> dict[str, Any]:
    """The facts beside the document; time and duration are written as in documents."""
    facts = {name: getattr(entry, name) for name in FACTS}
    words, elapsed_ms = summary_in(entry.summary), round(entry.elapsed_ms, 1)
    return {**facts, "summary": words, "started_at": written(entry.started_at), "elapsed_ms": elapsed_ms}


def written(moment: datetime) -> str:
    """`2026-11-24T10:00:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def ports(document: Mapping[str, Any]) -> Iterator[str]:
    """`587 open, TLS ok` for each endpoint of a check; with its host where there are several."""
    endpoints = document.get("endpoints") or ()
    several = len({endpoint.get("host") for endpoint in endpoints}) > 1
    for endpoint in endpoints:
        place = f"{endpoint.get('host')} {endpoint.get('port')}" if several else f"{endpoint.get('port')}"
        tls = (endpoint.get("tls") or {}).get("state")
        yield f"{place} {endpoint.get('state')}" + (f", TLS {tls}" if tls else "")


def csv_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, not even behind blanks, and no terminal for a command."""
    if not isinstance(value, str):
        return value
    safe = _CONTROL.sub("\ufffd", value).encode("utf-8", "backslashreplace").decode()
    return _FORMULA.sub(r"\1'", safe)
