"""The history as a file: CSV for spreadsheets, JSON for programs. A row of `FORMATS` each, with its writer. Pure.

Buttons of Slack and `--format` of the terminal follow from the rows. A writer takes an entry at a time. A result in
JSON is the stored document, as `portero check --json` prints it, with `history`: who asked it, where and when. CSV has
a row for each port of a check, with the same facts, times and numbers. None holds control codes that a terminal would
obey.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from commands.csv_cells import csv_cell
from commands.smtpcheck.result.sentences.choice import summary_in, with_words
from storage.history import Entry

OF_ENTRY = (
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
FACTS = (*OF_ENTRY, "asked_with")
"""`asked_with`: who else asked at the same moment, separated by blanks."""

OF_PORT = (
    "host",
    "address",
    "port",
    "state",
    "tls",
    "tls_version",
    "certificate_ends",
    "logins",
    "findings",
    "connect_ms",
)
FIELDS = (*FACTS, *OF_PORT)
"""The head of a CSV."""

SCHEMA = "portero.history/1"


class Writer(Protocol):
    """Writes entries to a text file that was opened with `newline=""`."""

    def write(self, entry: Entry) -> None: ...

    def close(self) -> None:
        """Writes what ends the file."""


class CsvWriter:
    """A head, then a row for each port; of what has none, one row."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)
        self._rows.writerow(FIELDS)

    def write(self, entry: Entry) -> None:
        facts = about(entry).values()
        for port in ports(entry.document):
            self._rows.writerow([csv_cell(value) for value in (*facts, *port)])

    def close(self) -> None:
        """A CSV has no end."""


class LinesWriter:
    """A line for each entry. ASCII, so that every text comes back as it was and none is obeyed."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, entry: Entry) -> None:
        self._out.write(f"{_as_json(entry)}\n")

    def close(self) -> None:
        """Lines have no end."""


class DocumentWriter:
    """One document with all of them, `{"schema": "portero.history/1", "results": [...]}`, a result on each line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = f'{{"schema": "{SCHEMA}", "results": [\n'

    def write(self, entry: Entry) -> None:
        self._out.write(f"{self._before}{_as_json(entry)}")
        self._before = ",\n"

    def close(self) -> None:
        head = "" if self._before == ",\n" else self._before
        self._out.write(f"{head}\n]}}\n")


def _as_json(entry: Entry) -> str:
    return json.dumps({**with_words(entry.document), "history": about(entry)})


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is on the button, `ending` is typed in the terminal, too; `label` says what the file is."""

    name: str
    ending: str
    label: str
    writer: Callable[[TextIO], Writer]

    @property
    def typed(self) -> str:
        return self.ending


FORMATS = (
    Format("CSV", "csv", "CSV", CsvWriter),
    Format("JSON", "json", "JSON", DocumentWriter),
    Format("JSON lines", "jsonl", "JSON lines", LinesWriter),
)
"""In the order of the buttons; the ending names the action, too (`smtphistory.csv`)."""


def about(entry: Entry) -> dict[str, Any]:
    """The facts beside the document; time and duration are written as in documents."""
    facts = {name: getattr(entry, name) for name in OF_ENTRY}
    others = " ".join(dict.fromkeys(other.actor for other in entry.others if other.actor != entry.actor))
    words, elapsed_ms = summary_in(entry.summary), round(entry.elapsed_ms, 1)
    facts |= {"summary": words, "started_at": written(entry.started_at), "elapsed_ms": elapsed_ms}
    return {**facts, "asked_with": others}


def written(moment: datetime) -> str:
    """`2026-11-24T10:00:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def ports(document: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What stands in the columns `OF_PORT` for each endpoint of a check; of what has none, nothing in one row."""
    yield from map(_port, document.get("endpoints") or [{}])


def _port(endpoint: Mapping[str, Any]) -> tuple[Any, ...]:
    tls, auth = endpoint.get("tls") or {}, endpoint.get("auth") or {}
    return (
        *map(endpoint.get, ("host", "address", "port", "state")),
        *map(tls.get, ("state", "version")),
        (tls.get("certificate") or {}).get("not_after"),
        " ".join(map(str, auth.get("after_tls") or auth.get("before_tls") or ())),
        " ".join(str(finding.get("code")) for finding in endpoint.get("findings") or ()),
        (endpoint.get("timings_ms") or {}).get("connect"),
    )
