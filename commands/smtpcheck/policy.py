"""What DNS and the web say of a target's mail beside its MX: reverse DNS, SRV, DANE, MTA-STS, TLS-RPT.

`examine` asks everything at once behind the probe, each part bounded in time. A failed look-up is "unknown", never
"no"; what follows from policy and probe together (TLS promised and not kept) is the worst that can be said here.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from commands.smtpcheck.dane import WITHOUT_TLS, Dane, dane_findings, look_up_dane
from commands.smtpcheck.dnssec import SecureResolver
from commands.smtpcheck.guard import Guard
from commands.smtpcheck.literal import is_address
from commands.smtpcheck.model import EndpointReport, Severity
from commands.smtpcheck.mta_sts import MtaSts, look_up_mta_sts, mta_sts_findings
from commands.smtpcheck.question import Finding
from commands.smtpcheck.resolve import Dns
from commands.smtpcheck.reverse import Reverse, look_back, reverse_findings
from commands.smtpcheck.srv import SERVICES, Service, service_findings, submission_services
from commands.smtpcheck.tls_rpt import TlsRpt, look_up_tls_rpt, tls_rpt_findings
from commands.smtpcheck.trust import TrustStore
from commands.smtpcheck.wire import Route, direct

PART_S = 15.0
"""Seconds for each part: three look-ups in turn, or two and one request."""

T = TypeVar("T")

SEVERITIES: Mapping[str, Severity] = {
    "ptr_confirmed": Severity.info,
    "srv_offered": Severity.info,
    "srv_denied": Severity.info,
    "dane_valid": Severity.info,
    "mta_sts_enforce": Severity.info,
    "mta_sts_testing": Severity.info,
    "mta_sts_none": Severity.info,
    "tls_rpt_valid": Severity.info,
    "dane_unusable": Severity.warning,
    "dane_mismatch": Severity.error,
    "dane_no_tls": Severity.danger,
    "mta_sts_many_records": Severity.warning,
    "mta_sts_bad_record": Severity.warning,
    "mta_sts_no_host": Severity.warning,
    "mta_sts_forbidden": Severity.warning,
    "mta_sts_denied": Severity.info,
    "mta_sts_certificate": Severity.error,
    "mta_sts_tls": Severity.warning,
    "mta_sts_malformed": Severity.warning,
    "mta_sts_too_large": Severity.warning,
    "mta_sts_redirect": Severity.warning,
    "mta_sts_status": Severity.warning,
    "mta_sts_content_type": Severity.warning,
    "mta_sts_bad_policy": Severity.error,
    "mta_sts_mx_excluded": Severity.error,
    "mta_sts_mx_unlisted": Severity.warning,
    "mta_sts_no_starttls": Severity.danger,
    "mta_sts_mx_certificate": Severity.danger,
    "tls_rpt_many_records": Severity.warning,
    "tls_rpt_invalid": Severity.warning,
}
"""What is not named here is a notice."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The findings, and the facts behind them. `mta_sts` and `tls_rpt` are None when the target is no mail domain."""

    findings: tuple[Finding, ...] = ()
    reverse: tuple[Reverse, ...] = ()
    services: tuple[Service, ...] = ()
    dane: tuple[Dane, ...] = ()
    mta_sts: MtaSts | None = None
    tls_rpt: TlsRpt | None = None


async def examine(
    dns: Dns,
    reports: Sequence[EndpointReport],
    *,
    resolver: SecureResolver,
    guard: Guard,
    store: TrustStore,
    at: datetime,
    route: Route = direct,
    part_s: float = PART_S,
) -> Policy:
    """The policy of a target whose endpoints have been probed. No longer than `part_s`; never raises for the network.

    Costs up to 20 small questions and one HTTPS request, all at once; of SMTP it makes no connection.
    """
    addresses = tuple(dict.fromkeys(report.record.address for report in reports))
    domain = dns.name if is_mail_domain(dns) else ""
    has_mx = bool(dns.mx)

    async def sts() -> MtaSts:
        return await look_up_mta_sts(
            domain, _exchanges(dns), resolver=resolver, guard=guard, store=store, route=route, at=at
        )

    reverse, services, dane, mta_sts, tls_rpt = await asyncio.gather(
        _within(part_s, lambda: look_back(addresses, resolver), _unknown_reverse(addresses)),
        _within(part_s if domain else 0, lambda: submission_services(domain, resolver), _unknown_services(domain)),
        _within(part_s, lambda: look_up_dane(dns.name, has_mx, reports, resolver, at), _unknown_dane(reports)),
        _within(part_s, sts, MtaSts("unknown", detail="timeout")) if receives(dns) else _none(),
        _within(part_s, lambda: look_up_tls_rpt(domain, resolver), TlsRpt("unknown")) if receives(dns) else _none(),
    )
    policy = Policy((), reverse, services, dane, mta_sts, tls_rpt)
    return replace(policy, findings=tuple(policy_findings(dns, reports, policy)))


def is_mail_domain(dns: Dns) -> bool:
    """Whether the target stands for the mail of a domain and not for one host."""
    return dns.kind == "domain" or bool(dns.mx) or dns.null_mx


def receives(dns: Dns) -> bool:
    """Whether it is a mail domain that takes mail: then policies for senders mean something."""
    return is_mail_domain(dns) and not dns.null_mx


def policy_findings(dns: Dns, reports: Sequence[EndpointReport], policy: Policy) -> list[Finding]:
    """Everything worth saying, worst first. Pure."""
    findings = [
        *reverse_findings(policy.reverse, reports),
        *service_findings(dns.name, policy.services),
        *dane_findings(policy.dane),
    ]
    if policy.mta_sts:
        findings += mta_sts_findings(dns.name, policy.mta_sts)
        findings += broken_promises(dns, policy.mta_sts, reports, policy.dane)
    if policy.tls_rpt:
        promises = any(dane.secure for dane in policy.dane) or bool(policy.mta_sts and policy.mta_sts.policy)
        findings += tls_rpt_findings(dns.name, policy.tls_rpt, wanted=promises)
    return sorted(findings, key=lambda finding: -severity_of(finding[0]))


def broken_promises(
    dns: Dns, mta_sts: MtaSts, reports: Sequence[EndpointReport], dane: Sequence[Dane]
) -> list[Finding]:
    """MX hosts that the policy lets senders use only with verified TLS, and that were seen without it.

    What was not seen (421, no answer, a failed handshake) is not held against them; nor is
    a certificate that DANE proves.
    """
    if not mta_sts.enforced:
        return []
    proven = {(one.host, one.port) for one in dane if one.state == "valid"}
    findings: list[Finding] = []
    for report in reports:
        params: dict[str, str | int] = {"name": dns.name, "host": report.record.host, "port": report.port}
        certificate = report.certificate
        if report.port != 25 or report.record.host not in _exchanges(dns):
            continue
        if report.state == "open" and report.tls_state in WITHOUT_TLS:
            findings.append(("mta_sts_no_starttls", params))
        elif (report.record.host, report.port) in proven or certificate is None:
            continue
        elif not (certificate.trusted and certificate.name_matches):
            findings.append(("mta_sts_mx_certificate", {**params, "why": certificate.why_not or "cert_name_mismatch"}))
    return findings


def severity_of(code: str) -> Severity:
    return SEVERITIES.get(code, Severity.notice)


async def _within(seconds: float, part: Callable[[], Coroutine[Any, Any, T]], otherwise: T) -> T:
    """What the part finds, or `otherwise` when it takes longer. No time at all: the part is not begun."""
    if seconds <= 0:
        return otherwise
    try:
        async with asyncio.timeout(seconds):
            return await part()
    except TimeoutError:
        return otherwise


async def _none() -> None:
    """The part that does not apply."""


def _exchanges(dns: Dns) -> tuple[str, ...]:
    return tuple(dict.fromkeys(host for _, host in dns.mx)) or (dns.name,)


def _unknown_reverse(addresses: Sequence[str]) -> tuple[Reverse, ...]:
    return tuple(Reverse(address, "unknown") for address in addresses)


def _unknown_services(domain: str) -> tuple[Service, ...]:
    return tuple(Service(name, "unknown") for name in SERVICES) if domain else ()


def _unknown_dane(reports: Sequence[EndpointReport]) -> tuple[Dane, ...]:
    named = [report.record for report in reports if not is_address(report.record.host)]
    return tuple(Dane(one.host, one.port, one.address, "unknown", detail="dns_timeout") for one in named)
