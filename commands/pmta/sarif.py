"""A report as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from typing import Any

from commands.pmta.findings.model import DANGER, ERROR, WARNING, Finding, Report
from commands.pmta.findings.rule import Rule
from commands.pmta.rules import RULES

_LEVELS = {ERROR: "error", DANGER: "error", WARNING: "warning"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report, uri: str = "config") -> dict[str, Any]:
    """The findings in a file; `uri` is its path as the reader knows it."""
    used = {finding.code for finding in report.findings}
    driver = {"name": "portero-pmta", "rules": [_rule(rule) for rule in RULES if rule.code in used]}
    results = [_result(finding, uri) for finding in report.findings]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.manual.summary},
        "fullDescription": {"text": rule.manual.why},
        "defaultConfiguration": {"level": _LEVELS.get(rule.severity, "note")},
    }


def _result(finding: Finding, uri: str) -> dict[str, Any]:
    hint = f" Write: {finding.suggestion}" if finding.suggestion else ""
    region = {"startLine": finding.line, "startColumn": finding.column, "endColumn": finding.end_column}
    place = {"physicalLocation": {"artifactLocation": {"uri": finding.file or uri}, "region": region}}
    return {
        "ruleId": finding.code,
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": finding.message + hint},
        "locations": [place],
        "properties": {"severity": finding.severity, "basis": finding.basis},
    }
