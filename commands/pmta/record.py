"""A report as a row of history, and back. Findings, counts and a hash are kept; the config is not."""

from typing import Any

from commands.check_facts import fingerprint
from commands.contract import Request
from commands.pmta.model import Finding, Report
from commands.pmta.text import headline
from storage.interface import Entry

MOST = 500
"""Findings that are kept of one report: the worst come first."""


def document(report: Report, id: str, digest: str, name: str) -> dict[str, Any]:  # noqa: A002 - the name that history uses
    """What is stored and exported: `portero.pmta/1` with counts, the name of the file, and the SHA-256 of the text."""
    made = report.to_json()
    made["findings"] = [finding.to_json() for finding in report.weightiest[:MOST]]
    return {
        **made,
        "id": id,
        "target": name,
        "sha256": digest,
        "counts": report.counts,
        "settings": report.settings,
        "summary": headline(report),
    }


def report_of(stored: dict[str, Any]) -> Report:
    """The report in a stored document; it has no lines."""
    findings = tuple(Finding(**finding) for finding in stored["findings"])
    return Report(
        findings=findings,
        secrets_masked=stored["secrets_masked"],
        reflowed=stored["reflowed"],
        settings=stored.get("settings", 0),
    )


def entry(stored: dict[str, Any], request: Request) -> Entry:
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
