"""Stored results as people read them: with the sentences that are made from what is stored.

Of a check the history makes them itself. Each other kind of result has a slice that knows its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from storage.history import Entry, Line


@dataclass(frozen=True, slots=True)
class Words:
    """`told`: a stored document with its sentences. `summary`: those of the row, from what it keeps beside it."""

    told: Callable[[Mapping[str, Any]], dict[str, Any]]
    summary: Callable[[str], str]


def _of_configs() -> Words:
    from commands.pmta.reports import summary_in, told  # noqa: PLC0415 - the rules, loaded only for a config

    return Words(told, summary_in)


def _of_answers() -> Words:
    from commands.smtpport.stored import summary_in, told  # noqa: PLC0415 - the catalogue, likewise

    return Words(lambda found: told(found, datetime.now(tz=UTC).date().isoformat()), summary_in)


BY_KIND: Mapping[str, Callable[[], Words]] = {"pmta": _of_configs, "port": _of_answers}


def with_sentences(entry: Entry) -> Entry:
    """The entry with a summary and a document for people."""
    if entry.kind not in BY_KIND:
        return entry
    words = BY_KIND[entry.kind]()
    return replace(entry, document=words.told(entry.document), summary=words.summary(entry.summary))


def line_with_words(line: Line) -> Line:
    """The line of a list with a summary for people."""
    return replace(line, summary=BY_KIND[line.kind]().summary(line.summary)) if line.kind in BY_KIND else line
