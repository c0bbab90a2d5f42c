"""From a target to the hosts and addresses that a check is about.

A name is asked for MX, A and AAAA at once; the MX hosts then for A and AAAA at once. So it takes two round trips to
the name server at most, and no more than two lifetimes. Every failure is a finding, never an exception but where this
process has no descriptor left; nothing here ever calls getaddrinfo(): it would read `127.1` as an address and look into
/etc/hosts.

What follows from the answers is said in `dns_facts`.
"""

import asyncio
import re
from collections.abc import Sequence

from commands.smtpcheck.address.literal import is_address
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.lookup.facts import (
    Dns,
    HostAddresses,
    Source,
    address_findings,
    aliases_of,
    exchange_findings,
    kept_addresses,
    without_mx,
)
from commands.smtpcheck.lookup.question import Answer, ask, name_text, stub_resolver
from commands.smtpcheck.result.findings import Code, Found

MAX_MX = 10

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.IGNORECASE)

NOBODY = "portero-asks-for-nobody"
"""A label that exists nowhere, to tell a wildcard record from one of the name's own."""


class Resolver:
    """Looks targets up at the given name servers (address, port), or at the system's, whose list is read once here.

    `lifetime_s` bounds each question with its retries, in seconds.
    """

    def __init__(self, nameservers: tuple[tuple[str, int], ...] | None = None, lifetime_s: float = 5.0) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)

    async def look_up(self, target: Target) -> Dns:
        """The hosts of a target with their addresses. Never raises for what DNS does."""
        if target.kind == "address":
            return Dns(target.name, "address", hosts=(HostAddresses(target.name, (target.name,), "address"),))
        mx, *families = await asyncio.gather(
            *(ask(self._resolver, target.name, rdtype) for rdtype in ("MX", "A", "AAAA"))
        )
        exchanges = sorted((record.preference, name_text(record.exchange)) for record in mx.records)
        real = tuple(exchange for exchange in exchanges if exchange[1])
        if real and await self._means_host(target, mx, families):
            return without_mx(target, mx, families, null_mx=False)
        if real:
            found: tuple[Found, ...] = ((Code.MIXED_NULL_MX, {}),) if len(real) < len(exchanges) else ()
            hosts, more = await self._exchanges(tuple(dict.fromkeys(host for _, host in real)))
            own = kept_addresses(families)
            aliases = aliases_of([mx, *families])
            return Dns(
                target.name, "domain", real, hosts=hosts, own_addresses=own, findings=found + more, aliases=aliases
            )
        return without_mx(target, mx, families, null_mx=bool(exchanges))

    async def _means_host(self, target: Target, mx: Answer, families: Sequence[Answer]) -> bool:
        """A name with both MX and addresses is a domain, unless a port came with it or the MX is only a wildcard's.

        `*.example.com MX` gives smtp.example.com an MX that nobody meant for it (RFC 4592); then a name that surely
        does not exist has the same.
        """
        if target.kind != "name" or not kept_addresses(families):
            return False
        if target.port is not None:
            return True
        parent = target.name.partition(".")[2]
        if "." not in parent:
            return False
        wild = await ask(self._resolver, f"{NOBODY}.{parent}", "MX")
        return bool(wild.records) and set(wild.records) == set(mx.records)

    async def addresses_of(self, name: str, source: Source = "host") -> tuple[HostAddresses, tuple[Found, ...]]:
        """A and AAAA of one name, asked at once, with what went wrong."""
        families = await asyncio.gather(ask(self._resolver, name, "A"), ask(self._resolver, name, "AAAA"))
        host = HostAddresses(name, kept_addresses(families), source, aliases_of(families))
        return host, address_findings(name, families)

    async def _exchanges(self, names: tuple[str, ...]) -> tuple[tuple[HostAddresses, ...], tuple[Found, ...]]:
        found = await asyncio.gather(*(self._exchange(name) for name in names[:MAX_MX]))
        findings = tuple(finding for _, some in found for finding in some)
        if len(names) > MAX_MX:
            findings = ((Code.TOO_MANY_MX, {"count": len(names), "limit": MAX_MX}), *findings)
        return tuple(host for host, _ in found), findings

    async def _exchange(self, name: str) -> tuple[HostAddresses, tuple[Found, ...]]:
        """One MX host. A record that names an address or something that is no host is not followed."""
        nowhere = HostAddresses(name, (), "mx")
        if is_address(name):
            return nowhere, ((Code.MX_IS_ADDRESS, {"host": name}),)
        if not _HOST.fullmatch(name):
            return nowhere, ((Code.MX_BAD_NAME, {"host": name}),)
        families = await asyncio.gather(ask(self._resolver, name, "A"), ask(self._resolver, name, "AAAA"))
        host = HostAddresses(name, kept_addresses(families), "mx", aliases_of(families))
        return host, exchange_findings(name, families)
