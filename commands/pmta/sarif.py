"""A report as SARIF 2.1.0, which code hosts and editors show beside the lines. No fix holds a secret."""

from bisect import bisect_right
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.findings.model import DANGER, ERROR, WARNING, Edit, Finding, Report
from commands.pmta.findings.rule import Rule
from commands.pmta.language.line_starts import line_starts
from commands.pmta.masking import Mask
from commands.pmta.rules import RULES

_LEVELS = {ERROR: "error", DANGER: "error", WARNING: "warning"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ABOUT = "urn:portero:pmta-rules"


def sarif(report: Report, uri: str = "config", text: str = "", origin: Origin = ALONE) -> dict[str, Any]:
    """The findings in files; `uri` is the path of a file that is alone. `text` is what was checked, for the fixes."""
    used = {finding.code for finding in report.findings}
    driver = {
        "name": "portero-pmta",
        "version": version("portero"),
        "informationUri": _ABOUT,
        "rules": [_rule(rule) for rule in RULES if rule.code in used],
    }
    fixes = _Fixes(text, origin, uri)
    results = [_result(finding, uri, fixes) for finding in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.manual.summary},
        "fullDescription": {"text": rule.manual.why},
        "help": {"text": f"Write:\n{rule.manual.good}\nSource: {rule.manual.source}"},
        "defaultConfiguration": {"level": _LEVELS.get(rule.severity, "note")},
    }


def _result(finding: Finding, uri: str, fixes: "_Fixes") -> dict[str, Any]:
    hint = f" Write: {finding.suggestion}" if finding.suggestion else ""
    region = {"startLine": finding.line, "startColumn": finding.column, "endColumn": finding.end_column}
    place = {"physicalLocation": {"artifactLocation": _artifact(finding.file or uri), "region": region}}
    made: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": finding.message + hint},
        "locations": [place],
        "properties": {"severity": finding.severity, "basis": finding.basis},
    }
    if finding.state:
        made["baselineState"] = finding.state
    if found := fixes.of(finding):
        made["fixes"] = [found]
    return made


def _artifact(name: str) -> dict[str, str]:
    """A path as a relative or absolute reference: what a URI has not is written as its number."""
    return {"uri": quote(name, safe="/-._~")}


class _Fixes:
    """The edits of findings as changes of the files they stand in."""

    def __init__(self, text: str, origin: Origin, uri: str) -> None:
        self._origin, self._uri, self._text = origin, uri, text
        self._starts = line_starts(text)
        self._mask = Mask(text)

    def of(self, finding: Finding) -> dict[str, Any] | None:
        """None for a finding that nothing mends, and where something of it is covered."""
        if not self._text or not finding.edits or any(map(self._is_covered, finding.edits)):
            return None
        changes: dict[str, list[dict[str, Any]]] = {}
        for edit in finding.edits:
            file, region = self._region(edit)
            inserted = {"insertedContent": {"text": edit.text}} if edit.text else {}
            changes.setdefault(file, []).append({"deletedRegion": region, **inserted})
        made = [{"artifactLocation": _artifact(file), "replacements": found} for file, found in changes.items()]
        return {"description": {"text": finding.suggestion or finding.message}, "artifactChanges": made}

    def _is_covered(self, edit: Edit) -> bool:
        """Whether its new words, or those that it takes the place of, hold a secret."""
        return self._mask.shown(edit.start, edit.stop) != self._text[edit.start : edit.stop] or (
            self._mask.clean(edit.text, edit.start, edit.stop) != edit.text
        )

    def _region(self, edit: Edit) -> tuple[str, dict[str, int]]:
        first, column = self._place(edit.start)
        last, end_column = self._place(edit.stop)
        start, stop = self._origin.named(first), self._origin.named(last)
        region = {"startLine": start.line, "startColumn": column, "endLine": stop.line, "endColumn": end_column}
        return start.file or self._uri, region

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
