"""What DNS says about a target, and how it follows from the answers. Pure.

Sources: RFC 5321 section 5.1 (MX, implicit MX), RFC 7505 (null MX), RFC 2181 section 10.3 (an MX is no alias).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeAlias

from commands.smtpcheck.address.target import Target
from commands.smtpcheck.lookup.question import ABSENT, Answer
from commands.smtpcheck.result.findings import Code, Found

Source: TypeAlias = Literal["mx", "host", "address"]

MAX_ADDRESSES = 8

OF_MX: Mapping[Code, Code] = {
    Code.DNS_NXDOMAIN: Code.MX_NXDOMAIN,
    Code.DNS_NO_DATA: Code.MX_NO_ADDRESS,
    Code.DNS_SERVFAIL: Code.MX_SERVFAIL,
    Code.DNS_TIMEOUT: Code.MX_TIMEOUT,
    Code.DNS_LOOP: Code.MX_LOOP,
}
"""What a failed look-up is called when it is an MX host's."""


@dataclass(frozen=True, slots=True)
class HostAddresses:
    """One host to probe. `addresses` holds IPv4 first, at most eight, canonical; empty when it has none.

    `aliases` are the names on the way to them when the name is an alias.
    """

    name: str
    addresses: tuple[str, ...]
    source: Source
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dns:
    """What DNS says about a target. `kind` is what it turned out to be.

    `mx` is sorted by preference and then by name, and complete; `hosts` are those to probe in that order, at most ten.
    `implicit_mx`: the mail domain has no MX record, so mail goes to its own address. `own_addresses` are those of the
    name itself: a domain may be a host, too, which a check of its MX hosts leaves alone. `aliases` are the names that
    the target is an alias of.
    """

    name: str
    kind: Literal["host", "domain", "address"]
    mx: tuple[tuple[int, str], ...] = ()
    null_mx: bool = False
    implicit_mx: bool = False
    hosts: tuple[HostAddresses, ...] = ()
    own_addresses: tuple[str, ...] = ()
    findings: tuple[Found, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of all hosts, each once."""
        return tuple(dict.fromkeys(address for host in self.hosts for address in host.addresses))


def without_mx(target: Target, mx: Answer, families: Sequence[Answer], *, null_mx: bool) -> Dns:
    """A name without MX hosts: itself, if it has addresses and is not a mail domain that must not be guessed about.

    When the MX look-up of a mail domain failed, its addresses say nothing: mail would wait (RFC 5321 section 5.1).
    """
    addresses = kept_addresses(families)
    findings = list(address_findings(target.name, families))
    if not mx.is_certain:
        findings = [mx.finding(), *(found for found in findings if found[0] != mx.failure)]
    if null_mx:
        findings = [(Code.NULL_MX, {}), *(found for found in findings if found[0] not in ABSENT)]
    closed = target.is_email_domain and (null_mx or not mx.is_certain)
    aliases = aliases_of([mx, *families])
    hosts = (HostAddresses(target.name, addresses, "host", aliases),) if addresses and not closed else ()
    implicit = target.is_email_domain and bool(hosts)
    if implicit:
        findings.append((Code.IMPLICIT_MX, {"name": target.name}))
    return Dns(
        target.name,
        "domain" if target.is_email_domain else "host",
        null_mx=null_mx,
        implicit_mx=implicit,
        hosts=hosts,
        own_addresses=addresses,
        findings=tuple(findings),
        aliases=aliases,
    )


def aliases_of(answers: Sequence[Answer]) -> tuple[str, ...]:
    """The names that answers came by, each once."""
    return tuple(dict.fromkeys(name for answer in answers for name in answer.aliases))


def address_findings(name: str, families: Sequence[Answer]) -> tuple[Found, ...]:
    """A failure always counts (once when both families fail alike), absence when neither family has an address."""
    failed = {answer.failure: answer.finding() for answer in reversed(families) if not answer.is_certain}
    if failed or any(answer.records for answer in families):
        return tuple(failed.values())
    exists = any(answer.failure == Code.DNS_NO_DATA for answer in families)
    return ((Code.DNS_NO_DATA if exists else Code.DNS_NXDOMAIN, {"name": name}),)


def exchange_findings(name: str, families: Sequence[Answer]) -> tuple[Found, ...]:
    """What is wrong with one MX host, in terms of MX."""
    findings: list[Found] = [
        (OF_MX[code], {"host": name, **params}) for code, params in address_findings(name, families)
    ]
    alias = next((answer.alias_of for answer in families if answer.alias_of), "")
    if alias:
        findings.append((Code.MX_IS_CNAME, {"host": name, "alias_of": alias}))
    return tuple(findings)


def kept_addresses(families: Sequence[Answer]) -> tuple[str, ...]:
    """IPv4 before IPv6, each family sorted; when there are too many, each keeps its half."""
    v4, v6 = (sorted({ip_address(record.address) for record in answer.records}) for answer in families)
    kept = v4[: max(MAX_ADDRESSES // 2, MAX_ADDRESSES - len(v6))]
    return tuple(str(address) for address in (*kept, *v6[: MAX_ADDRESSES - len(kept)]))
