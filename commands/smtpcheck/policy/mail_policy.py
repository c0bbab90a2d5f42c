"""The mail policy of a target: reverse DNS, SRV, DANE, MTA-STS, TLS-RPT, and what follows from it and from the probe.

`look_up` asks everything at once, each part bounded in time. Nothing in it needs a live session, so it runs while the
endpoints are probed; `policy_findings` is pure and says what follows from both. A failed look-up is "unknown", never
"no"; TLS that is promised and not kept is the worst that can be said here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

from commands.allowed_ports import DEFAULT_PORTS
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.question import Reverse, SecureResolver, look_back
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.policy.dane import (
    FAILED_TLS,
    WITHOUT_TLS,
    Dane,
    Promises,
    judge_all,
    look_up_tlsa,
    unknown_promises,
)
from commands.smtpcheck.policy.dane_findings import dane_findings
from commands.smtpcheck.policy.dns_records import (
    SERVICES,
    Service,
    TlsRpt,
    look_up_tls_rpt,
    reverse_findings,
    service_findings,
    submission_services,
    tls_rpt_findings,
)
from commands.smtpcheck.policy.mta_sts import MtaSts, look_up_mta_sts, mta_sts_findings
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import RELAY, Code, Found, Value, row_of
from commands.smtpcheck.result.scales import Stage
from commands.smtpcheck.result.states import State
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Endpoint, Route, direct

LOOKED_UP = ("mx_idle", "mx_first_silent", "ptr_", "banner_", "srv_")
CODES = frozenset(code for code in Code if code.stage is Stage.POLICY or code.startswith(LOOKED_UP))
"""What can be found here."""

NO_CONNECTION = frozenset({State.REFUSED, State.NO_ANSWER, State.UNREACHABLE, State.REJECTED})


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


def policy_findings(
    policy: Policy, roots: TrustStore, reports: Sequence[EndpointReport], ports: Collection[int] = DEFAULT_PORTS
) -> tuple[Found, ...]:
    """Everything worth saying, worst first. `roots` are public ones: TLSA may name one that is not sent.

    `ports` may be checked here.
    """
    name, dane = policy.dns.name, judge_all(policy.promises, reports, policy.dns.name, policy.at, roots)
    findings = [
        *idle_exchanges(policy.dns, reports),
        *reverse_findings(policy.reverse, reports),
        *service_findings(name, policy.services, reports, ports),
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
    idle -= {report.record.host for report in relays if report.state not in NO_CONNECTION}
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
    """Without a route it is most likely us."""
    ours = report.state == State.UNREACHABLE and (":" in report.record.address or report.record.connect == "no_route")
    return report.state in NO_CONNECTION and not ours


def broken_promises(dns: Dns, mta_sts: MtaSts, reports: Sequence[EndpointReport], dane: Sequence[Dane]) -> list[Found]:
    """MX hosts that the policy lets senders use only with verified TLS, and that were seen without it.

    What was not seen (421, no answer) is not held against them; nor is a certificate that DANE proves.
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
        elif report.tls_state in FAILED_TLS:
            findings.append((Code.MTA_STS_TLS_FAILED, {**params, "tls": str(report.tls_state)}))
        elif (report.record.host, report.port) in proven or certificate is None:
            continue
        elif not (certificate.trusted and certificate.name_matches):
            findings.append(
                (Code.MTA_STS_MX_CERTIFICATE, {**params, "why": certificate.why_not or "cert_name_mismatch"})
            )
    return [found for number, found in enumerate(findings) if found not in findings[:number]]


def exchanges(dns: Dns) -> tuple[str, ...]:
    """The hosts that mail for the target goes to."""
    return tuple(dict.fromkeys(host for _, host in dns.mx)) or (dns.name,)


PART_S = 6.0
"""Seconds for each part: three look-ups in turn, or two and one request. A probe of a silent port takes longer."""

T = TypeVar("T")


Follows: TypeAlias = Callable[[Sequence[EndpointReport]], tuple[Found, ...]]
"""What follows from a mail policy and the probed endpoints: finding codes with their parameters."""

Examine: TypeAlias = Callable[[Dns, Sequence[Endpoint], datetime], Awaitable[Follows]]
"""Looks the mail policy of a target up while its endpoints are probed."""


def examiner(
    resolver: SecureResolver,
    guard: Guard,
    store: TrustStore,
    route: Route = direct,
    ports: Collection[int] = DEFAULT_PORTS,
) -> Examine:
    """What a prober asks for the mail policy of each of its targets. `ports` may be checked here."""

    async def examine(dns: Dns, endpoints: Sequence[Endpoint], at: datetime) -> Follows:
        policy = await look_up(dns, endpoints, resolver=resolver, guard=guard, store=store, at=at, route=route)
        return partial(policy_findings, policy, store, ports=ports)

    return examine


async def look_up(
    dns: Dns,
    endpoints: Sequence[Endpoint],
    *,
    resolver: SecureResolver,
    guard: Guard,
    store: TrustStore,
    at: datetime,
    route: Route = direct,
    part_s: float = PART_S,
) -> Policy:
    """The policy of a target and the endpoints that are probed. No longer than `part_s`; never raises for the network.

    Costs up to 30 small questions and one HTTPS request, all at once; of SMTP it makes no connection.
    """
    addresses = tuple(dict.fromkeys(endpoint.address for endpoint in endpoints))
    domain = dns.name if is_mail_domain(dns) else ""
    late = unknown_promises(endpoints)
    led_to = {name: host.addresses for host in dns.hosts for name in (host.name, *host.aliases)}

    async def sts() -> MtaSts:
        return await look_up_mta_sts(
            domain, exchanges(dns), resolver=resolver, guard=guard, store=store, route=route, at=at
        )

    reverse, services, promises, mta_sts, tls_rpt = await asyncio.gather(
        _within(part_s, lambda: look_back(addresses, resolver, led_to), _unknown_reverse(addresses)),
        _within(part_s if domain else 0, lambda: submission_services(domain, resolver), _unknown_services(domain)),
        _within(part_s, lambda: look_up_tlsa(dns.name, endpoints, resolver, has_mx=bool(dns.mx)), late),
        _within(part_s, sts, MtaSts("unknown", detail="timeout")) if receives(dns) else _none(),
        _within(part_s, lambda: look_up_tls_rpt(domain, resolver), TlsRpt("unknown")) if receives(dns) else _none(),
    )
    return Policy(dns, at, reverse, services, promises, mta_sts, tls_rpt)


def is_mail_domain(dns: Dns) -> bool:
    """Whether the target stands for the mail of a domain and not for one host."""
    return dns.kind == "domain" or bool(dns.mx) or dns.null_mx


def receives(dns: Dns) -> bool:
    """Whether it is a mail domain that takes mail: then policies for senders mean something."""
    return is_mail_domain(dns) and not dns.null_mx


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


def _unknown_reverse(addresses: Sequence[str]) -> tuple[Reverse, ...]:
    return tuple(Reverse(address, "unknown") for address in addresses)


def _unknown_services(domain: str) -> tuple[Service, ...]:
    return tuple(Service(name, "unknown") for name in SERVICES) if domain else ()
