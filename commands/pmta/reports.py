"""Reports that are kept: the latest in memory, so that buttons have lines to show, and all of them as rows of history.

In memory they are masked and stay for an hour at most. After that, after a restart, or when many others came since, the
buttons fall back on what the history keeps: counts, and findings as codes and parameters. No word of the config is
stored, nor a hash of it, by which somebody could try what a short one said. Sentences are made anew when a report is
read (`report_of`) and when it is printed or exported (`told`).
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from commands.contract import Request
from commands.pmta.checking import Studied
from commands.pmta.findings.model import Finding, More, Report
from commands.pmta.findings.rule import Rule
from commands.pmta.findings.sentence import filled
from commands.pmta.rules import RULES
from commands.pmta.view import headline, headline_of
from commands.sharing import fingerprint
from storage.history import Entry

KEPT_FOR = timedelta(hours=1)
BYTES = 30_000_000
"""Of all reports and compressed texts together."""
FINDING, CLAIM = 2000, 500
"""Bytes that one takes, about."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check (masked), the name of the config, who asked for it and when."""

    studied: Studied
    name: str
    owner: str
    at: datetime

    @property
    def size(self) -> int:
        """Bytes that are kept, about."""
        made, claims = self.studied, self.studied.claims
        claimed = (*claims.source_hosts, *claims.signing_keys, *claims.relays, *claims.listeners, *claims.files)
        lines = sum(len(line) for line in made.changed)
        return (
            len(made.packed)
            + len(made.unmended)
            + len(made.covered)
            + lines
            + FINDING * len(made.report.findings)
            + CLAIM * len(claimed)
        )


class Recent:
    """At most `limit` of them, and no more than `BYTES`; the oldest goes first, and always one stays."""

    def __init__(self, limit: int = 50) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Checked] = OrderedDict()

    def keep(self, id: str, checked: Checked) -> None:  # noqa: A002 - the name that history uses
        self._kept[id] = checked
        self._forget(checked.at)
        while len(self._kept) > self._limit or (len(self._kept) > 1 and self.size > BYTES):
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        return sum(checked.size for checked in self._kept.values())

    def get(self, id: str, now: datetime) -> Checked | None:  # noqa: A002
        """The report of that id, whoever asks."""
        self._forget(now)
        return self._kept.get(id)

    def _forget(self, now: datetime) -> None:
        for old in [id for id, one in self._kept.items() if now - one.at > KEPT_FOR]:  # noqa: A001
            del self._kept[old]


Document: TypeAlias = dict[str, Any]

MOST = 500
"""Findings that are kept of one report: the worst come first."""

_SENTENCES = ("message", "suggestion")
_PLACES = ("code", "rule", "severity", "line", "column", "end_column", "basis")
_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
GONE = "This version has no such rule any more."


def document(report: Report, id: str, name: str) -> Document:  # noqa: A002 - the name that history uses
    """What is stored: `portero.pmta/1` with counts and the (masked) name of the file, and without sentences."""
    short = report.cut(MOST)
    spoken = {name: value for name, value in short.to_json().items() if name != "unread"}  # words of the config
    return {
        **spoken,
        "findings": [_stored(finding) for finding in short.weightiest],
        "id": id,
        "target": name,
        "counts": report.counts,
        "settings": report.settings,
    }


def summary(stored: Mapping[str, Any]) -> str:
    """What the row keeps beside the document, for lists: what the headline is made of, as JSON."""
    facts = {"counts": stored["counts"], "settings": stored["settings"], "first": next(iter(stored["findings"]), None)}
    return json.dumps(facts, separators=(",", ":"))


def summary_in(row: str) -> str:
    """The words of `summary`; a row of older days has words itself."""
    if not row.startswith('{"counts":'):
        return row
    try:
        facts = json.loads(row)
        first = _finding(facts["first"]) if facts["first"] else None
        return headline_of(facts["counts"], facts["settings"], first)
    except (ValueError, KeyError, TypeError):  # damaged before rows had checksums
        return ""


def _stored(finding: Finding) -> Document:
    """`says` names the sentence, `params` holds what may be known of its words."""
    return {**{name: getattr(finding, name) for name in _PLACES}, "says": finding.says, "params": finding.params} | (
        {"file": finding.file} if finding.file else {}
    )


def report_of(stored: Mapping[str, Any]) -> Report:
    """The report in a stored document, its sentences made anew; it has no lines."""
    return Report(
        findings=tuple(map(_finding, stored.get("findings", ()))),
        secrets_masked=stored.get("secrets_masked", 0),
        reflowed=stored.get("reflowed", False),
        settings=stored.get("settings", 0),
        more=tuple(More(**more) for more in stored.get("more", ())),
        files=tuple(stored.get("files", ())),
    )


def told(stored: Mapping[str, Any]) -> Document:
    """The stored document as it is printed and exported: with sentences."""
    spoken = [{**_sentences(_finding(finding)), **finding} for finding in map(_wordless, stored.get("findings", ()))]
    return {**stored, "findings": spoken, "summary": stored.get("summary") or headline(report_of(stored))}


def _wordless(finding: Document) -> Document:
    return {name: value for name, value in finding.items() if name not in _SENTENCES}


def _sentences(finding: Finding) -> Document:
    return {name: getattr(finding, name) for name in _SENTENCES}


def _finding(stored: Mapping[str, Any]) -> Finding:
    """A finding without `says` was written when sentences were stored: these quote the config, so they are not read."""
    rule = _BY_CODE.get(stored["code"])
    said, params = stored.get("says"), stored.get("params", {})
    saying = rule.says.get(said) if rule and said is not None else None
    message = filled(saying.message, params) if saying else ""
    return Finding(
        **{name: stored[name] for name in _PLACES},
        message=message or (rule.manual.summary if rule else GONE),
        suggestion=filled(saying.suggestion, params) or None if saying else None,
        says=said or "",
        params=params,
        file=stored.get("file", ""),
    )


def entry(stored: Document, request: Request) -> Entry:
    return Entry(
        id=stored["id"],
        kind="pmta",
        target=stored["target"],
        vantage="local",
        verdict=next(iter(stored["counts"]), "ok"),
        summary=summary(stored),
        started_at=request.at,
        elapsed_ms=0.0,
        actor=request.actor.user,
        team=request.actor.team,
        channel=request.channel,
        surface=request.surface,
        document=stored,
        scope="config",
        outcome=fingerprint(sorted((finding["code"], finding["rule"]) for finding in stored["findings"])),
    )
