"""What follows from the mail policy of a target and from what was seen of its endpoints. Pure.

A failed look-up is "unknown", never "no"; what follows from policy and probe together (TLS promised and not kept) is
the worst that can be said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from commands.smtpcheck.lookup.facts import Dns
from commands.smtpcheck.lookup.srv import Service, service_findings
from commands.smtpcheck.policy.dane import RELAY, Promises
from commands.smtpcheck.policy.dane_verdict import WITHOUT_TLS, Dane, dane_findings, judge_all
from commands.smtpcheck.policy.mta_sts_verdict import MtaSts, mta_sts_findings
from commands.smtpcheck.policy.reverse import Reverse, reverse_findings
from commands.smtpcheck.policy.tls_rpt import TlsRpt, tls_rpt_findings
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.result.scales import Stage
from commands.smtpcheck.result.states import State

LOOKED_UP = ("mx_idle", "mx_first_silent", "ptr_", "banner_", "srv_")
CODES = frozenset(code for code in Code if code.stage is Stage.POLICY or code.startswith(LOOKED_UP))
"""What can be found here."""

NO_CONNECTION = frozenset({State.REFUSED, State.NO_ANSWER, State.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Policy:
    """What was looked up at the time `at`. `mta_sts` and `tls_rpt` are None when the target is no mail domain."""

    dns: Dns
    at: datetime
    reverse: tuple[Reverse, ...] = ()
    services: tuple[Service, ...] = ()
    promises: Promises = field(default_factory=dict)
    mta_sts: MtaSts | None = None
    tls_rpt: TlsRpt | None = None


def policy_findings(policy: Policy, reports: Sequence[EndpointReport]) -> tuple[Found, ...]:
    """Everything worth saying, worst first."""
    name, dane = policy.dns.name, judge_all(policy.promises, reports, policy.dns.name, policy.at)
    findings = [
        *idle_exchanges(policy.dns, reports),
        *reverse_findings(policy.reverse, reports),
        *service_findings(name, policy.services),
        *dane_findings(dane),
    ]
    if policy.mta_sts:
        findings += mta_sts_findings(name, policy.mta_sts)
        findings += broken_promises(policy.dns, policy.mta_sts, reports, dane)
    if policy.tls_rpt:
        promises = any(one.secure for one in dane) or bool(policy.mta_sts and policy.mta_sts.policy)
        findings += tls_rpt_findings(name, policy.tls_rpt, wanted=promises)
    return tuple(sorted(findings, key=lambda finding: -row_of(finding[0]).severity()))


def idle_exchanges(dns: Dns, reports: Sequence[EndpointReport]) -> list[Found]:
    """MX hosts that take no connections where another does. All of the lowest preference: nolisting looks like that."""
    relays = [report for report in reports if report.port == RELAY]
    idle = {report.record.host for report in relays if _takes_no_connection(report)}
    answering = [host for _, host in dns.mx if any(it.record.host == host and it.state == State.OPEN for it in relays)]
    if not answering:
        return []
    lowest = min(preference for preference, _ in dns.mx)
    first = [host for preference, host in dns.mx if preference == lowest]
    said = {"name": dns.name, "other": answering[0]}
    nolisting = set(first) <= idle
    found: list[Found] = [(Code.MX_FIRST_SILENT, {**said, "host": ", ".join(first[:3])})] if nolisting else []
    rest = [host for host in exchanges(dns) if host in idle and not (nolisting and host in first)]
    return [*found, *((Code.MX_IDLE, {**said, "host": host}) for host in rest)]


def _takes_no_connection(report: EndpointReport) -> bool:
    """Without a route over IPv6 it is most likely us."""
    ours = report.state == State.UNREACHABLE and ":" in report.record.address
    return report.state in NO_CONNECTION and not ours


def broken_promises(dns: Dns, mta_sts: MtaSts, reports: Sequence[EndpointReport], dane: Sequence[Dane]) -> list[Found]:
    """MX hosts that the policy lets senders use only with verified TLS, and that were seen without it.

    What was not seen (421, no answer, a failed handshake) is not held against them; nor is
    a certificate that DANE proves.
    """
    if not mta_sts.enforced:
        return []
    proven = {(one.host, one.port) for one in dane if one.state == "valid"}
    findings: list[Found] = []
    for report in reports:
        params: dict[str, Value] = {"name": dns.name, "host": report.record.host, "port": report.port}
        certificate = report.certificate
        if report.port != RELAY or report.record.host not in exchanges(dns):
            continue
        if report.state == State.OPEN and report.tls_state in WITHOUT_TLS:
            findings.append((Code.MTA_STS_NO_STARTTLS, params))
        elif (report.record.host, report.port) in proven or certificate is None:
            continue
        elif not (certificate.trusted and certificate.name_matches):
            findings.append(
                (Code.MTA_STS_MX_CERTIFICATE, {**params, "why": certificate.why_not or "cert_name_mismatch"})
            )
    return findings


def exchanges(dns: Dns) -> tuple[str, ...]:
    """The hosts that mail for the target goes to."""
    return tuple(dict.fromkeys(host for _, host in dns.mx)) or (dns.name,)
