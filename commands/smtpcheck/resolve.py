"""From a target to the hosts and addresses that a check is about.

A name is asked for MX, A and AAAA at once; the MX hosts then for A and AAAA at once. So it takes two round trips to
the name server at most, and no more than two lifetimes. Every failure is a finding, never an exception, and nothing
here ever calls getaddrinfo(): it would read `127.1` as an address and look into /etc/hosts.

Sources: RFC 5321 section 5.1 (MX, implicit MX), RFC 7505 (null MX), RFC 2181 section 10.3 (an MX is no alias).
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal, TypeAlias

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rcode
import dns.resolver

from commands.slack_text import clean
from commands.smtpcheck.target import Target

Finding: TypeAlias = tuple[str, Mapping[str, str | int]]
"""A code and the parameters of its sentence."""

Source: TypeAlias = Literal["mx", "host", "address"]

MAX_MX = 10
MAX_ADDRESSES = 8
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.IGNORECASE)
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (dns.resolver.NXDOMAIN, "dns_nxdomain"),
    (dns.resolver.NoAnswer, "dns_no_data"),
    (dns.exception.Timeout, "dns_timeout"),
)
_ABSENT = frozenset({"dns_nxdomain", "dns_no_data"})
"""Failures that are answers: the name, or this type of it, does not exist."""


@dataclass(frozen=True, slots=True)
class HostAddresses:
    """One host to probe. `addresses` holds IPv4 first, at most eight, canonical; empty when it has none."""

    name: str
    addresses: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Dns:
    """What DNS says about a target. `kind` is what it turned out to be.

    `mx` is sorted by preference and then by name, and complete; `hosts` are those to probe in that order, at most ten.
    `implicit_mx`: the mail domain has no MX record, so mail goes to its own address.
    """

    name: str
    kind: Literal["host", "domain", "address"]
    mx: tuple[tuple[int, str], ...] = ()
    null_mx: bool = False
    implicit_mx: bool = False
    hosts: tuple[HostAddresses, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of all hosts, each once."""
        return tuple(dict.fromkeys(address for host in self.hosts for address in host.addresses))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The records of one name and type, or the code of why there are none."""

    name: str
    rdtype: str
    records: tuple[Any, ...] = ()
    failure: str = ""
    rcode: str = ""
    alias_of: str = ""

    def finding(self) -> Finding:
        params: dict[str, str | int] = {"name": self.name, "type": self.rdtype}
        return self.failure, {**params, "rcode": self.rcode} if self.rcode else params


class Resolver:
    """Looks targets up at the given name servers (address, port), or at the system's, whose list is read once here.

    `lifetime_s` bounds each question with its retries, in seconds.
    """

    def __init__(self, nameservers: tuple[tuple[str, int], ...] | None = None, lifetime_s: float = 5.0) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = (
            _system_nameservers()
            if nameservers is None
            else [dns.nameserver.Do53Nameserver(address, port) for address, port in nameservers]
        )
        self._resolver.timeout = min(2.0, lifetime_s / 2)
        self._resolver.lifetime = lifetime_s

    async def look_up(self, target: Target) -> Dns:
        """The hosts of a target with their addresses. Never raises for what DNS does."""
        if target.kind == "address":
            return Dns(target.name, "address", hosts=(HostAddresses(target.name, (target.name,), "address"),))
        mx, *families = await asyncio.gather(*(self._ask(target.name, rdtype) for rdtype in ("MX", "A", "AAAA")))
        exchanges = sorted((record.preference, _text(record.exchange)) for record in mx.records)
        real = tuple(exchange for exchange in exchanges if exchange[1])
        if real:
            mixed: tuple[Finding, ...] = (("mixed_null_mx", {}),) if len(real) < len(exchanges) else ()
            return await self._domain(target.name, real, mixed)
        return _without_mx(target, mx, families, null_mx=bool(exchanges))

    async def addresses_of(self, name: str, source: Source = "host") -> tuple[HostAddresses, tuple[Finding, ...]]:
        """A and AAAA of one name, asked at once, with what went wrong."""
        families = await asyncio.gather(self._ask(name, "A"), self._ask(name, "AAAA"))
        return HostAddresses(name, _addresses(families), source), _address_findings(name, families)

    async def _domain(self, name: str, mx: tuple[tuple[int, str], ...], findings: tuple[Finding, ...]) -> Dns:
        names = tuple(dict.fromkeys(exchange for _, exchange in mx))
        if len(names) > MAX_MX:
            findings = (*findings, ("too_many_mx", {"count": len(names), "limit": MAX_MX}))
        found = await asyncio.gather(*(self._exchange(exchange) for exchange in names[:MAX_MX]))
        hosts = tuple(host for host, _ in found)
        return Dns(name, "domain", mx, hosts=hosts, findings=(*findings, *(each for _, some in found for each in some)))

    async def _exchange(self, name: str) -> tuple[HostAddresses, tuple[Finding, ...]]:
        """One MX host. A record that names an address or something that is no host is not followed."""
        nowhere = HostAddresses(name, (), "mx")
        if _is_address(name):
            return nowhere, (("mx_is_address", {"host": name}),)
        if not _HOST.fullmatch(name):
            return nowhere, (("mx_bad_name", {"host": name}),)
        families = await asyncio.gather(self._ask(name, "A"), self._ask(name, "AAAA"))
        return HostAddresses(name, _addresses(families), "mx"), _exchange_findings(name, families)

    async def _ask(self, name: str, rdtype: str) -> _Answer:
        try:
            answer = await self._resolver.resolve(f"{name}.", rdtype, raise_on_no_answer=False)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return _Answer(name, rdtype, failure=_failure(error), rcode=_rcode(error))
        alias = _text(answer.canonical_name)
        alias = alias if alias != name.lower() else ""
        if not answer.rrset:
            return _Answer(name, rdtype, failure="dns_no_data", alias_of=alias)
        return _Answer(name, rdtype, tuple(answer.rrset), alias_of=alias)


def _without_mx(target: Target, mx: _Answer, families: Sequence[_Answer], *, null_mx: bool) -> Dns:
    """A name without MX hosts: itself, if it has addresses and is not a mail domain that must not be guessed about.

    When the MX look-up of a mail domain failed, its addresses say nothing: mail would wait (RFC 5321 section 5.1).
    """
    addresses = _addresses(families)
    findings = list(_address_findings(target.name, families))
    unknown = bool(mx.failure) and mx.failure not in _ABSENT
    if unknown and mx.finding() not in findings:
        findings.insert(0, mx.finding())
    if null_mx:
        findings = [("null_mx", {}), *(found for found in findings if found[0] not in _ABSENT)]
    closed = target.is_email_domain and (null_mx or unknown)
    hosts = (HostAddresses(target.name, addresses, "host"),) if addresses and not closed else ()
    kind: Literal["host", "domain"] = "host" if addresses and not target.is_email_domain else "domain"
    implicit = bool(hosts) and kind == "domain"
    if implicit:
        findings.append(("implicit_mx", {"name": target.name}))
    return Dns(target.name, kind, null_mx=null_mx, implicit_mx=implicit, hosts=hosts, findings=tuple(findings))


def _address_findings(name: str, families: Sequence[_Answer]) -> tuple[Finding, ...]:
    """Absence counts when neither family has an address; a failure always does."""
    failed = [answer.finding() for answer in families if answer.failure and answer.failure not in _ABSENT]
    if failed or any(answer.records for answer in families):
        return tuple(failed)
    code = min(answer.failure for answer in families)
    return ((code, {"name": name}),) if code == "dns_no_data" else (("dns_nxdomain", {"name": name}),)


def _exchange_findings(name: str, families: Sequence[_Answer]) -> tuple[Finding, ...]:
    """What is wrong with one MX host, in terms of MX."""
    codes = {"dns_nxdomain": "mx_nxdomain", "dns_no_data": "mx_no_address"}
    findings = [
        (codes[code], {"host": name}) if code in codes else (code, params)
        for code, params in _address_findings(name, families)
    ]
    alias = next((answer.alias_of for answer in families if answer.alias_of), "")
    if alias:
        findings.append(("mx_is_cname", {"host": name, "alias_of": alias}))
    return tuple(findings)


def _addresses(families: Iterable[_Answer]) -> tuple[str, ...]:
    """IPv4 before IPv6, each family sorted; when there are too many, each keeps its half."""
    v4, v6 = (sorted({ip_address(record.address) for record in answer.records}) for answer in families)
    kept = v4[: max(MAX_ADDRESSES // 2, MAX_ADDRESSES - len(v6))]
    return tuple(str(address) for address in (*kept, *v6[: MAX_ADDRESSES - len(kept)]))


def _failure(error: Exception) -> str:
    """NoNameservers (SERVFAIL, REFUSED, broken or unreachable servers) and whatever else is left: dns_servfail."""
    return next((code for kind, code in _FAILURES if isinstance(error, kind)), "dns_servfail")


def _rcode(error: Exception) -> str:
    """The response code of the last server that failed, such as SERVFAIL or REFUSED; empty when none answered."""
    attempts = getattr(error, "kwargs", {}).get("errors") or [] if isinstance(error, dns.resolver.NoNameservers) else []
    responses = [attempt[-1] for attempt in attempts if attempt[-1] is not None]
    return dns.rcode.to_text(responses[-1].rcode()) if responses else ""


def _text(name: dns.name.Name) -> str:
    """A name in lower case without the final dot; the root is empty."""
    return "" if name == dns.name.root else clean(name.to_text(omit_final_dot=True).lower(), 255)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _system_nameservers() -> list[Any]:
    """The system's name servers; none when it has no configuration, and then every look-up fails as a value."""
    try:
        return list(dns.asyncresolver.Resolver(configure=True).nameservers)
    except dns.resolver.NoResolverConfiguration:
        return []
