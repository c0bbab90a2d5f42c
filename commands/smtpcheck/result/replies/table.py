"""The data files as typed rows, read when they are first asked for. A mistake in them is told with its row.

The first refusal that a process sees costs some hundredths of a second for it; a check without one reads nothing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal, TypeAlias, get_args

from commands.smtpcheck.result.meanings import BY_NAME, Meaning

ReplyStage: TypeAlias = Literal["connect", "ehlo", "starttls", "mail", "rcpt", "data", "auth", "queue"]
"""Where a reply is said; `queue` is a line in a sender's log or in a bounce, which may quote any."""

Confidence: TypeAlias = Literal["documented", "standard", "words", "reported", "conflicting"]
STAGES: tuple[ReplyStage, ...] = get_args(ReplyStage)
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
SURE = frozenset({"documented", "standard", "words"})
"""Confidence in a reading that may be said as a fact."""

CODES = tuple(str(code) for code in range(400, 600))


@dataclass(frozen=True, slots=True)
class Source:
    """Who says what a reply means."""

    label: str
    url: str
    date: str
    confidence: Confidence


@dataclass(frozen=True)
class Row:
    """One reply: who says it, how it is known, what it means. `stages` and `codes` are those in which it is said."""

    software: str
    name: str
    stages: frozenset[str]
    codes: frozenset[int]
    enhanced: str
    words: str
    meaning: Meaning
    source: Source
    confidence: Confidence

    @property
    def sure(self) -> bool:
        return self.confidence in SURE

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a reply with its code first comes."""
        return re.compile(self.words, re.IGNORECASE)

    @cached_property
    def enhanced_pattern(self) -> re.Pattern[str]:
        return re.compile(self.enhanced.replace("X", "[45]"))

    def fits(self, text: str, enhanced: str) -> bool:
        """Whether a text with this enhanced code ("" without one) is this reply, whose code and stage fit.

        An enhanced code that contradicts rules a row out; one that is missing does so where there are no words.
        """
        if self.enhanced and not (self.enhanced_pattern.fullmatch(enhanced) if enhanced else self.words):
            return False
        return not self.words or self.pattern.search(text) is not None


@dataclass(frozen=True)
class Blocklist:
    """A blocklist: `look_up` is its own page for look-ups, "" where none is known; `closed` the day it ended, or ""."""

    name: str
    words: str
    look_up: str
    domains: tuple[str, ...]
    closed: str
    source: str
    date: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.words, re.IGNORECASE)


@cache
def rows() -> tuple[Row, ...]:
    """Every reply, in the order in which they are tried."""
    return tuple(read_rows(tomllib.loads(_text("replies.toml"))))


@cache
def rows_of(code: int) -> tuple[Row, ...]:
    """The rows of a code."""
    return tuple(row for row in rows() if code in row.codes)


@cache
def blocklists() -> tuple[Blocklist, ...]:
    """Every blocklist, in the order in which they are tried."""
    found = tomllib.loads(_text("blocklists.toml"))["list"]
    return tuple(_blocklist(name, fields) for name, fields in found.items())


def read_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a document like replies.toml. `ValueError` names the row that has a mistake."""
    sources = {name: Source(**fields) for name, fields in document["source"].items()}
    for software, fields in document["software"].items():
        for number, reply in enumerate(fields["replies"], 1):
            try:
                yield _row(software, fields, reply, sources)
            except (KeyError, ValueError, TypeError, re.error) as error:
                raise ValueError(f"replies.toml, software.{software}, reply {number}: {error!r}") from error


def _row(software: str, fields: Mapping[str, Any], reply: Mapping[str, Any], sources: Mapping[str, Source]) -> Row:
    unknown = reply.keys() - {"stages", "code", "enhanced", "words", "meaning", "source", "confidence"}
    if unknown or not set(reply.get("stages", ())) <= set(STAGES):
        raise ValueError(f"unknown fields or stages: {sorted(unknown) or reply['stages']}")
    source = sources[reply.get("source", fields["source"])]
    code = re.compile(reply["code"])
    return Row(
        software=software,
        name=fields["name"],
        stages=frozenset(reply.get("stages", STAGES)),
        codes=frozenset(int(digits) for digits in CODES if code.fullmatch(digits)),
        enhanced=reply.get("enhanced", ""),
        words=reply.get("words", ""),
        meaning=BY_NAME[reply["meaning"]],
        source=source,
        confidence=reply.get("confidence", source.confidence),
    )


def _blocklist(name: str, fields: Mapping[str, Any]) -> Blocklist:
    unknown = fields.keys() - {"name", "words", "look_up", "domains", "closed", "source", "date"}
    if unknown:
        raise ValueError(f"blocklists.toml, list.{name}: unknown fields {sorted(unknown)}")
    return Blocklist(
        name=fields["name"],
        words=fields["words"],
        look_up=fields.get("look_up", ""),
        domains=tuple(fields.get("domains", ())),
        closed=fields.get("closed", ""),
        source=fields["source"],
        date=fields["date"],
    )


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
