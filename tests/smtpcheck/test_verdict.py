"""The verdict over everything, as a table."""

from dataclasses import replace

from commands.smtpcheck.report.model import Finding
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.verdict.conclusion import overall
from tests.every import every
from tests.smtpcheck.labs import report


def note(code, severity="warning"):
    return Finding(code, Severity[severity])


def silent(port):
    return replace(report(port, "no_answer", ""), findings=(note("no_answer_target"),))


def ours(port, state):
    return replace(report(port, state, ""), findings=(note(state, "error"),))


CASES = {
    "all sound": ([report(25), report(587)], [], "ok"),
    "notices": ([report(25, worst="notice")], [], "ok"),
    "a warning": ([report(25, worst="warning")], [], "degraded"),
    "an error, but usable": ([report(587, worst="error")], [], "degraded"),
    "a warning of DNS": ([report(25)], [note("mx_is_cname")], "degraded"),
    "one port of many": ([report(25, "refused", ""), report(587)], [], "ok"),
    "an exchanger that drops other ports": ([report(25), silent(587), silent(2525)], [], "ok"),
    "a submission host that drops 25": ([silent(25), report(587)], [], "degraded"),
    "nothing answers": ([report(25, "refused", ""), report(587, "no_answer", "")], [], "failed"),
    "no TLS where passwords go": ([report(587, tls="not_offered")], [], "failed"),
    "busy everywhere": ([report(25, "rate_limited", ""), report(587, "temp_refused", "")], [], "unknown"),
    "busy, and closed elsewhere": ([report(25, "rate_limited", ""), report(587, "refused", "")], [], "unknown"),
    "busy, policy elsewhere": ([report(25, "rate_limited", ""), report(587, "refused_by_policy", "")], [], "failed"),
    "blocked here": ([report(25, "blocked_here", ""), report(587, "blocked_here", "")], [], "blocked_here"),
    "blocked here, one port works": ([ours(25, "blocked_here"), report(587)], [], "ok"),
    "our name rejected, one port works": ([ours(25, "ehlo_name_rejected"), report(587)], [], "ok"),
    "our name rejected": ([ours(25, "ehlo_name_rejected")], [], "unknown"),
    "our name rejected, then closed": ([ours(25, "ehlo_name_rejected"), report(587, "refused", "")], [], "unknown"),
    "replies inside TLS that answer another question": (
        [replace(report(465, mode="implicit"), findings=(note("protocol_violation"),))], [], "unknown",
    ),
    "a tarpit": ([report(25, "tarpit", "")], [], "unknown"),
    "silence on nobody knows whose side": ([report(25, "no_answer", "")], [], "unknown"),
    "no such name": ([], [note("dns_nxdomain", "error")], "failed"),
    "null MX": ([], [note("null_mx", "error")], "failed"),
    "a private address": ([], [note("forbidden", "error")], "unknown"),
    "a host that is left alone": ([], [note("denied_by_owner", "notice")], "unknown"),
    "DNS is silent": ([], [note("dns_timeout", "error")], "unknown"),
    "DNS fails": ([], [note("dns_servfail", "error")], "unknown"),
    "DNS is silent about the MX": ([], [note("mx_timeout", "error")], "unknown"),
}  # fmt: skip


@every(CASES)
def test_the_verdict_follows_from_what_answered(case):
    endpoints, findings, verdict = CASES[case]
    assert overall(endpoints, findings) == verdict
