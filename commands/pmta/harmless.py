"""Fixes are held against their own outcome: one after which a rule finds more than before is not offered."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from commands.pmta.findings.model import Report
from commands.pmta.fixes import safe_fixes

Counting: TypeAlias = Callable[[str], Counter[str]]
"""How often each rule finds something in a text."""

TRIED = 200_000
"""Characters of a text whose fixes are tried: of a longer one each rule looks at its own fixes alone."""


def with_harmless_fixes(report: Report, text: str, counting: Counting) -> Report:
    """The report without the edits of rules whose fixes make findings."""
    codes = {one.code for one in report.findings if one.edits}
    if not codes or len(text) > TRIED:
        return report
    before = counting(text)

    def is_worse(tried: Report) -> bool:
        return bool(counting(safe_fixes(text, tried)) - before)

    if not is_worse(report):
        return report
    kept = frozenset(code for code in codes if not is_worse(_only(report, frozenset({code}))))
    left = _only(report, kept)
    return left if kept and not is_worse(left) else _only(report, frozenset())


def _only(report: Report, codes: frozenset[str]) -> Report:
    """The report with the edits of these rules alone."""
    findings = (one if one.code in codes else replace(one, edits=()) for one in report.findings)
    return replace(report, findings=tuple(findings))
