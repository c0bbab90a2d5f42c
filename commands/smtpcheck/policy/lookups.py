"""What DNS and the web say of a target's mail beside its MX: reverse DNS, SRV, DANE, MTA-STS, TLS-RPT.

`look_up` asks everything at once, each part bounded in time. Nothing in it needs a live session, so it runs while the
endpoints are probed; `policy_verdict` says what follows from both.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from commands.smtpcheck.address.guard import Guard
from commands.smtpcheck.lookup.facts import Dns
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.lookup.srv import SERVICES, Service, submission_services
from commands.smtpcheck.policy.dane import look_up_tlsa, unknown_promises
from commands.smtpcheck.policy.mta_sts import look_up_mta_sts
from commands.smtpcheck.policy.mta_sts_verdict import MtaSts
from commands.smtpcheck.policy.reverse import Reverse, look_back
from commands.smtpcheck.policy.tls_rpt import TlsRpt, look_up_tls_rpt
from commands.smtpcheck.policy.verdict import Policy, exchanges
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Route, direct
from commands.smtpcheck.wire.endpoint import Endpoint

PART_S = 6.0
"""Seconds for each part: three look-ups in turn, or two and one request. A probe of a silent port takes longer."""

T = TypeVar("T")


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

    async def sts() -> MtaSts:
        return await look_up_mta_sts(
            domain, exchanges(dns), resolver=resolver, guard=guard, store=store, route=route, at=at
        )

    reverse, services, promises, mta_sts, tls_rpt = await asyncio.gather(
        _within(part_s, lambda: look_back(addresses, resolver), _unknown_reverse(addresses)),
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
