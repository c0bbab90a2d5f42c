"""A report as plain text: the terminal shows it, and files that leave Slack hold it. Secrets are covered already."""

from collections.abc import Sequence

from commands.pmta.findings.model import INFERRED, Finding, More, Report

WIDTH = 100
LISTED = 2000
"""Findings in one listing."""
NAMED = 5
"""Rules that are named where not everything is listed."""

_PLURALS = {"error": "errors", "danger": "dangers", "warning": "warnings", "notice": "notices"}
UNDONE = {
    "links": "links that Slack had made",
    "mentions": "mentions that Slack had made",
    "entities": "&lt; and &gt;",
    "quotes": "typographic quotes",
    "dashes": "typographic dashes",
    "spaces": "no-break spaces",
    "invisible": "invisible characters",
    "fences": "the code fence",
    "encoding": "bytes that are no UTF-8, read as Latin-1 (PowerMTA reads UTF-8)",
}


def counted(counts: dict[str, int]) -> str:
    """`2 errors, 1 danger`, or "No findings"."""
    parts = [f"{count} {name if count == 1 else _PLURALS[name]}" for name, count in counts.items()]
    return ", ".join(parts) or "No findings"


def headline(report: Report) -> str:
    """The counts, and the one thing to fix first."""
    return headline_of(report.counts, report.settings, next(iter(report.weightiest), None))


def headline_of(counts: dict[str, int], settings: int, first: Finding | None) -> str:
    found = counted(counts)
    if first is None:
        return f"{found} in {'1 setting' if settings == 1 else f'{settings} settings'}."
    return f"{found}. First: line {first.line}, {first.message}"


def remarks(report: Report) -> list[str]:
    """What was done to the text before it was checked, and what was covered, a sentence each."""
    made = []
    undone = [UNDONE[kind] for kind in report.undone if kind in UNDONE]
    if undone:
        made.append(f"Undone before checking: {', '.join(undone)}.")
    if report.reflowed:
        made.append("Line breaks had been lost; they were put back by what the settings are.")
    if report.secrets_masked:
        made.append(
            "1 secret is covered." if report.secrets_masked == 1 else f"{report.secrets_masked} secrets are covered."
        )
    if report.muted:
        made.append("1 finding is muted." if report.muted == 1 else f"{report.muted} findings are muted.")
    return [*made, f"Not listed: {not_listed(report.more)}."] if report.more else made


def not_listed(more: Sequence[More]) -> str:
    """`12,345 more of PMTA201 unknown-directive, 40 more of 3 other rules`."""
    found = sorted(more, key=lambda one: -one.count)
    parts = [f"{_many(one)} more of {one.code} {one.rule}" for one in found[:NAMED]]
    if others := found[NAMED:]:
        rules = len({one.code for one in others})
        parts.append(f"{sum(one.count for one in others):,} more of {rules} other rule{'' if rules == 1 else 's'}")
    return ", ".join(parts)


def _many(more: More) -> str:
    return f"at least {more.count:,}" if more.endless else f"{more.count:,}"


def excerpt(finding: Finding, width: int = WIDTH) -> tuple[str, str]:
    """The line of a finding and the marker under its place, cut to `width` round the place."""
    line = finding.quoted.expandtabs(1)
    start, stop = finding.marked
    indent = len(line) - len(line.lstrip())
    first = indent if stop - indent <= width else max(indent, start - width // 4)
    shown = line[first : first + width]
    before = "…" if first > indent else ""
    after = "…" if len(line) > first + width else ""
    carets = "^" * max(1, min(stop, first + width) - start)
    return f"{before}{shown.rstrip()}{after}", " " * (start - first + len(before)) + carets


def entry(finding: Finding) -> str:
    """One finding: where, what, the line with a marker, why, and what to write."""
    line, marker = excerpt(finding)
    basis = ", inferred" if finding.basis == INFERRED else ""
    made = [f"line {finding.line}  {finding.severity}  {finding.code} {finding.rule}{basis}"]
    made += [f"    {line}", f"    {marker}", f"  {finding.message}"]
    if finding.suggestion:
        made.append(f"  Write: {finding.suggestion}")
    return "\n".join(made)


def listing(report: Report, findings: Sequence[Finding] | None = None) -> str:
    """The headline, the remarks and every finding by line."""
    found = report.findings if findings is None else findings
    left = len(found) - LISTED
    parts = ["\n".join([headline(report), *remarks(report)])]
    parts += [entry(finding) for finding in found[:LISTED]]
    parts += [f"{left} more findings."] if left > 0 else []
    return "\n\n".join(parts) + "\n"
