"""Whose side a silent or refusing port is on: asks the control probe where that can help, and puts it into the reports.

Only when needed: for ports that gave no answer, and for refusals on port 25 (which a network that rejects anything
rejects) or when nothing at all of the target answered: a firewall of ours that rejects looks like a server that is
down. The words likely and possible carry the meaning of the diagnosis: likely is a pattern and a control, possible a
single signal.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.control import Attempt, Control, whose_side
from commands.smtpcheck.model import EndpointReport, Finding, Severity

SILENT = frozenset({"no_answer", "refused"})
RELAY = 25

PATTERNS: Mapping[frozenset[int], tuple[frozenset[int], str]] = {
    frozenset({25}): (
        frozenset({465, 587}),
        "clouds that block port 25 alone (Google Cloud, AWS, Azure, Vultr)",
    ),
    frozenset({25, 465}): (frozenset({587, 2525}), "Hetzner Cloud, which blocks 25 and 465 until asked"),
    frozenset({25, 465, 587}): (
        frozenset({2525}),
        "hosters that block 25, 465 and 587 (Akamai/Linode, Scaleway, Render's free tier)",
    ),
    frozenset({25, 465, 587, 2525}): (
        frozenset(),
        "platforms that allow no outgoing SMTP (Railway below Pro, Cloudzy)",
    ),
    frozenset({25, 465, 2525}): (frozenset({587}), "Zerops, which lets out 587 alone"),
}
"""Outgoing ports that a network drops -> the ports that must be seen to get out, and whose policy looks like that.

A likeness, never a certainty; and none where a port that tells two policies apart was not looked at.
"""


Controls: TypeAlias = Mapping[int, tuple[Attempt, ...]]
"""Port -> what came of it on the control hosts."""


async def ask(reports: Sequence[EndpointReport], control: Control) -> Controls:
    """Try the ports whose silence may be ours on the control hosts, all at once."""
    ports = doubtful(reports)
    return dict(zip(ports, await asyncio.gather(*(control.reach(port) for port in ports)), strict=True))


def settle(
    reports: Sequence[EndpointReport], tried: Controls
) -> tuple[tuple[EndpointReport, ...], tuple[Finding, ...]]:
    """The reports with `blocked_here` where the controls say so, and findings with the evidence. Pure."""
    settled = tuple(_settled(report, tried.get(report.port, ())) for report in reports)
    blocked = frozenset(report.port for report in settled if report.state == "blocked_here" and report.port in tried)
    return settled, (*_evidence(tried), *_pattern(blocked, _got_out(reports, tried)))


def doubtful(reports: Sequence[EndpointReport]) -> list[int]:
    """The ports whose silence may be ours."""
    states = {report.state for report in reports}
    asked = SILENT if states <= SILENT else {"no_answer"}
    return sorted({it.port for it in reports if it.state in asked or (it.state == "refused" and it.port == RELAY)})


def _settled(report: EndpointReport, attempts: Sequence[Attempt]) -> EndpointReport:
    if report.state not in SILENT or not attempts:
        return report
    side = whose_side(report.state, attempts)
    params = {**_own_params(report), "controls": _listed(attempts)}
    if side == "blocked_here":
        return replace(report, state=side, findings=(Finding("blocked_here", Severity.error, params),))
    if side == "target" and report.state == "no_answer":
        return replace(report, findings=(Finding("no_answer_target", Severity.warning, params),))
    return report


def _own_params(report: EndpointReport) -> Mapping[str, str | int | float]:
    return report.findings[0].params if report.findings else {"port": report.port}


def _listed(attempts: Iterable[Attempt]) -> str:
    return ", ".join(attempt.host for attempt in attempts if attempt.outcome is not None)


def _evidence(tried: Mapping[int, Sequence[Attempt]]) -> list[Finding]:
    return [
        Finding("control_probe", Severity.info, {"port": port, "results": "; ".join(map(_result, attempts))})
        for port, attempts in tried.items()
        if attempts
    ]


def _result(attempt: Attempt) -> str:
    outcome = (attempt.outcome or "not tried").replace("_", " ")
    return f"{attempt.host} {outcome} after {attempt.elapsed_ms / 1000:.1f} s"


def _got_out(reports: Sequence[EndpointReport], tried: Controls) -> frozenset[int]:
    """The ports on which a connection stood: to the target or to a control host."""
    controls = {port for port, attempts in tried.items() if any(one.outcome == "connected" for one in attempts)}
    return frozenset(controls | {report.port for report in reports if report.record.connect == "connected"})


def pattern_of(blocked: frozenset[int], got_out: frozenset[int]) -> str:
    """Whose policy looks like that, or "" ."""
    needed, known = PATTERNS.get(blocked, (frozenset(), ""))
    return known if needed <= got_out else ""


def _pattern(blocked: frozenset[int], got_out: frozenset[int]) -> list[Finding]:
    known = pattern_of(blocked, got_out)
    return [Finding("network_pattern", Severity.notice, {"pattern": known})] if known else []
