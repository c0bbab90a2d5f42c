"""A report as a row of history, and back: counts and findings are kept, as codes and parameters; the config is not.

No word of the config is stored, nor a hash of it, by which somebody could try what a short one said. Sentences are made
anew when a report is read (`report_of`) and when it is printed or exported (`told`).
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from commands.contract import Request
from commands.pmta.masking import masked_name
from commands.pmta.model import Finding, More, Report
from commands.pmta.rule import Rule
from commands.pmta.rules import RULES
from commands.pmta.sentence import filled
from commands.pmta.text import headline
from commands.sharing import fingerprint
from storage.history import Entry

Document: TypeAlias = dict[str, Any]

MOST = 500
"""Findings that are kept of one report: the worst come first."""

_SENTENCES = ("message", "suggestion")
_PLACES = ("code", "rule", "severity", "line", "column", "end_column", "basis")
_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
GONE = "This version has no such rule any more."


def document(report: Report, id: str, name: str) -> Document:  # noqa: A002 - the name that history uses
    """What is stored: `portero.pmta/1` with counts and the name of the file, and without sentences."""
    short = report.cut(MOST)
    made = {
        **short.to_json(),
        "findings": [_stored(finding) for finding in short.weightiest],
        "id": id,
        "target": masked_name(name),
        "counts": report.counts,
        "settings": report.settings,
    }
    return {**made, "summary": headline(report_of(made))}


def _stored(finding: Finding) -> Document:
    """`says` names the sentence, `params` holds what may be known of its words."""
    return {**{name: getattr(finding, name) for name in _PLACES}, "says": finding.says, "params": finding.params}


def report_of(stored: Mapping[str, Any]) -> Report:
    """The report in a stored document, its sentences made anew; it has no lines."""
    return Report(
        findings=tuple(map(_finding, stored["findings"])),
        secrets_masked=stored["secrets_masked"],
        reflowed=stored["reflowed"],
        settings=stored.get("settings", 0),
        more=tuple(More(**more) for more in stored.get("more", ())),
    )


def told(stored: Mapping[str, Any]) -> Document:
    """The stored document as it is printed and exported: with sentences."""
    spoken = [{**_sentences(_finding(finding)), **finding} for finding in map(_wordless, stored.get("findings", ()))]
    return {**stored, "findings": spoken}


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
    )


def entry(stored: Document, request: Request) -> Entry:
    return Entry(
        id=stored["id"],
        kind="pmta",
        target=stored["target"],
        vantage="local",
        verdict=next(iter(stored["counts"]), "ok"),
        summary=stored["summary"],
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
