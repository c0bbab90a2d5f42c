"""Where a fact comes from: a source with its date and how much it may be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Confidence: TypeAlias = Literal["documented", "reported", "conflicting", "unconfirmed"]

Statement: TypeAlias = int | str
"""What a piece of evidence is about: a port, or the name of a field such as "login" or "lift"."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `date` is that of the evidence (a year, a month or a day), or "undated (read ...)"."""

    label: str
    url: str
    date: str
    confidence: Confidence = "documented"


Sources: TypeAlias = tuple[Source, ...]
Evidence: TypeAlias = Mapping[Statement, Sources]
"""The statements of a row whose evidence is not that of the row: sources, dates and confidence of their own."""


def documented(label: str, url: str, date: str) -> Source:
    """A standard, a registry or the vendor's own page."""
    return Source(label, url, date, "documented")


def reported(label: str, url: str, date: str) -> Source:
    """Second-hand evidence: a guide, a configuration database, a user's test."""
    return Source(label, url, date, "reported")


def conflicting(label: str, url: str, date: str) -> Source:
    """Evidence that other evidence contradicts."""
    return Source(label, url, date, "conflicting")


def unconfirmed(label: str, url: str, date: str) -> Source:
    """Nothing more than that somebody says so, or that no page was found."""
    return Source(label, url, date, "unconfirmed")
