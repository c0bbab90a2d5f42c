"""Whose side a silent or refusing port is on: asks the control probe where that can help, and puts it into the reports.

Only when needed: for ports that gave no answer, and for refusals that a firewall of ours may have made. Most mail
exchangers serve 25 alone, so a refusal elsewhere is doubtful only where there is more to it (`doubtful`). The words
likely and possible carry the meaning of the diagnosis: likely is a pattern and a control, possible a single signal.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.egress.control_hosts import Attempt, Control, whose_side
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import Code, Params, row_of
from commands.smtpcheck.result.states import State

SILENT = frozenset({State.NO_ANSWER, State.REFUSED})
RELAY = 25
REGISTERED = frozenset({465, 587})
"""Ports for clients that are registered (RFC 8314 section 7): a host for clients serves one of them."""

NEAR, NEAR_MS = 0.3, 5.0
"""A refusal came from nearer than the host when it took at most this share of the way there, and so much less (ms)."""

TELLING_S = 30.0
"""From what age on it is told how old the answer of the control hosts is: a check itself takes some seconds."""

PATTERNS: Mapping[frozenset[int], frozenset[int]] = {
    frozenset({25}): frozenset({465, 587}),
    frozenset({25, 465}): frozenset({587, 2525}),
    frozenset({25, 465, 587}): frozenset({2525}),
    frozenset({25, 465, 587, 2525}): frozenset(),
    frozenset({25, 465, 2525}): frozenset({587}),
}
"""Outgoing ports that a known network drops -> the ports that must be seen to get out (`english.PATTERNS` names them).

A likeness, never a certainty; and none where a port that tells two policies apart was not looked at.
"""


Controls: TypeAlias = Mapping[int, tuple[Attempt, ...]]
"""Port -> what came of it on the control hosts."""


async def ask(reports: Sequence[EndpointReport], control: Control, *, receives_mail: bool) -> Controls:
    """Try the ports whose silence may be ours on the control hosts, all at once."""
    ports = doubtful(reports, receives_mail=receives_mail)
    return dict(zip(ports, await asyncio.gather(*(control.reach(port) for port in ports)), strict=True))


def settle(
    reports: Sequence[EndpointReport], tried: Controls
) -> tuple[tuple[EndpointReport, ...], tuple[Finding, ...]]:
    """The reports with `blocked_here` where the controls say so, and findings with the evidence. Pure."""
    settled = tuple(_settled(_near(report, reports), tried.get(report.port, ())) for report in reports)
    blocked = frozenset(
        report.port for report in settled if report.state == State.BLOCKED_HERE and report.port in tried
    )
    return settled, (*_evidence(tried), *_pattern(blocked, _got_out(reports, tried)))


def doubtful(reports: Sequence[EndpointReport], *, receives_mail: bool = False) -> list[int]:
    """The ports whose silence may be ours.

    Refusals are doubtful where nothing answered at all; where port 25, which a network that rejects anything rejects,
    does not answer; where a host that is no exchanger serves no client; and each that came from nearer than the host.
    """
    silent = [report for report in reports if report.state in SILENT]
    doubted = {report.port for report in silent if report.state == State.NO_ANSWER or _is_near(report, reports)}
    if len(silent) == len(reports) or any(report.port == RELAY for report in silent):
        return sorted(doubted | {report.port for report in silent})
    registered = [report for report in reports if report.port in REGISTERED]
    if not receives_mail and all(report in silent for report in registered):
        doubted |= {report.port for report in registered}
    return sorted(doubted)


def _near(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """The report, with a finding when its refusal came from nearer than the host."""
    if not _is_near(report, reports):
        return report
    params = {"port": report.port, "ms": _ms(report), "host_ms": round(_way_to(report.record.address, reports), 1)}
    return replace(report, findings=(*report.findings, finding(Code.REFUSED_NEARBY, params, report.port)))


def _is_near(report: EndpointReport, reports: Sequence[EndpointReport]) -> bool:
    way = _way_to(report.record.address, reports)
    return report.state == State.REFUSED and _ms(report) <= min(NEAR * way, way - NEAR_MS)


def _way_to(address: str, reports: Sequence[EndpointReport]) -> float:
    """Milliseconds of the fastest connection to this address; 0.0 when none stood."""
    stood = (
        one.record.connect_ms for one in reports if one.record.connect == "connected" and one.record.address == address
    )
    return min(stood, default=0.0)


def _ms(report: EndpointReport) -> float:
    return round(report.record.connect_ms, 1)


def _settled(report: EndpointReport, attempts: Sequence[Attempt]) -> EndpointReport:
    if report.state not in SILENT or not attempts:
        return report
    side = whose_side(report.state, attempts)
    params = {**_own_params(report), "controls": _listed(attempts)}
    if side == "blocked_here":
        return replace(report, state=State.BLOCKED_HERE, findings=(finding(Code.BLOCKED_HERE, params, report.port),))
    if side == "target":
        said = finding(row_of(f"{report.state}_target"), params, report.port)
        return replace(report, findings=(said, *report.findings[1:]))
    return report


def _own_params(report: EndpointReport) -> Params:
    return report.findings[0].params if report.findings else {"port": report.port}


def _listed(attempts: Iterable[Attempt]) -> str:
    return ", ".join(attempt.host for attempt in attempts if attempt.outcome is not None)


def _evidence(tried: Mapping[int, Sequence[Attempt]]) -> list[Finding]:
    return [finding(Code.CONTROL_PROBE, _probed(port, attempts)) for port, attempts in tried.items() if attempts]


def _probed(port: int, attempts: Sequence[Attempt]) -> Params:
    """How each control host answered, and how long ago where that was not just now."""
    ago_s = max(attempt.ago_s for attempt in attempts)
    results: list[Mapping[str, str | float]] = [
        {"host": it.host, "outcome": it.outcome or "not_tried", "elapsed_ms": round(it.elapsed_ms, 1)}
        for it in attempts
    ]
    return {"port": port, "results": results, "ago_s": round(ago_s, 1) if ago_s >= TELLING_S else 0.0}


def _got_out(reports: Sequence[EndpointReport], tried: Controls) -> frozenset[int]:
    """The ports on which a connection stood: to the target or to a control host."""
    controls = {port for port, attempts in tried.items() if any(one.outcome == "connected" for one in attempts)}
    return frozenset(controls | {report.port for report in reports if report.record.connect == "connected"})


def pattern_of(blocked: frozenset[int], got_out: frozenset[int]) -> str:
    """The ports of a policy that looks like that (`25 465`), or "" ."""
    needed = PATTERNS.get(blocked)
    return " ".join(map(str, sorted(blocked))) if needed is not None and needed <= got_out else ""


def _pattern(blocked: frozenset[int], got_out: frozenset[int]) -> list[Finding]:
    known = pattern_of(blocked, got_out)
    return [finding(Code.NETWORK_PATTERN, {"pattern": known})] if known else []
