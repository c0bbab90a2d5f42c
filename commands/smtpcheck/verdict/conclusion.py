"""What a whole check comes to: whose side, verdict, recommendation. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from commands.smtpcheck.address.guard import Guard
from commands.smtpcheck.deep.findings import deepened
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import Check, EndpointReport, Facts, Finding, Recommendation, finding, permitted
from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.verdict.fault_side import settle
from commands.smtpcheck.verdict.interception import told, unmasked
from commands.smtpcheck.verdict.judge import overall
from commands.smtpcheck.wire.connection import CONNECTION_LIMIT


class Recommend(Protocol):
    """The advisor: which of the ports that were seen a client should use."""

    def __call__(self, reports: Sequence[EndpointReport], *, receives_mail: bool) -> Recommendation | None: ...


def conclude(facts: Facts, probed: Sequence[EndpointReport], recommend: Recommend) -> Check:
    """The whole from its parts: whose side, verdict, recommendation. Pure, so a saved check can be concluded anew."""
    reports, evidence = settle(deepened(probed, facts.dns, facts.further), facts.controls)
    reports = unmasked(reports, facts.target, facts.greetings)
    findings = (
        *_denied(facts.dns, facts.denied),
        *_dns_findings(facts.dns),
        *_left_out(permitted(facts.dns, facts.denied), reports),
        *evidence,
        *_policy_findings(told(facts.policy, reports)),
    )
    return Check(
        facts=facts,
        verdict=overall(reports, findings),
        recommended=recommend(reports, receives_mail=bool(facts.dns.mx)),
        endpoints=reports,
        findings=findings,
    )


def _denied(dns: Dns, denied: Sequence[Finding]) -> list[Finding]:
    """What nobody may connect to; where it is plain that no mail gets there, that weighs and the rest explains it."""
    known = _undeliverable(dns, denied)
    return [*known, *(replace(one, severity=Severity.notice) if known else one for one in denied)]


def _undeliverable(dns: Dns, denied: Sequence[Finding]) -> list[Finding]:
    """The mail hosts of a domain whose addresses are not public: no sender outside reaches them."""
    shut = {one.params["host"] for one in denied if one.code == Code.FORBIDDEN}
    mail = [host for host in dns.hosts if host.addresses and (host.source == "mx" or dns.implicit_mx)]
    private = [host.name for host in mail if host.name in shut and not any(map(_is_public, host.addresses))]
    if not private:
        return []
    whole = len(private) == len(mail)
    said = {"name": dns.name, "hosts": ", ".join(private[:NAMED])}
    return [finding(Code.MAIL_NOT_PUBLIC if whole else Code.MX_NOT_PUBLIC, said)]


def _is_public(address: str) -> bool:
    return OUTSIDE.judge(address).allowed


def _left_out(dns: Dns, reports: Sequence[EndpointReport]) -> list[Finding]:
    """The MX hosts that there was no connection for."""
    probed = {report.record.host for report in reports}
    hosts = [host.name for host in dns.hosts if host.addresses and host.name not in probed]
    if not probed or not hosts:
        return []
    return [finding(Code.MX_NOT_PROBED, {"hosts": hosts, "limit": CONNECTION_LIMIT})]


OUTSIDE = Guard()
"""What everybody may connect to, whatever is opened here."""

NAMED = 4
"""Hosts without a public address that are named."""


def _policy_findings(found: Sequence[Found]) -> list[Finding]:
    return [finding(code, params) for code, params in found]


def _dns_findings(dns: Dns) -> list[Finding]:
    return [finding(code, {"name": dns.name, **params}) for code, params in dns.findings]
