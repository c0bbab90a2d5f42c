"""From a target to the hosts and addresses that a check is about, and what DNS says of them.

A name is asked for MX, A and AAAA at once; the MX hosts then for A and AAAA at once. So it takes two round trips to
the name server at most, and no more than two lifetimes. Every failure is a finding, never an exception but where this
process has no descriptor left; nothing here ever calls getaddrinfo(): it would read `127.1` as an address and look into
/etc/hosts.

Sources: RFC 5321 section 5.1 (MX, implicit MX), RFC 7505 (null MX), RFC 2181 section 10.3 (an MX is no alias).
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Literal, TypeAlias

from commands.smtpcheck.address.public_addresses import unusable
from commands.smtpcheck.address.target import Target, is_address
from commands.smtpcheck.lookup.question import ABSENT, Answer, ask, name_text, stub_resolver
from commands.smtpcheck.lookup.servfail import is_withheld, why_servfail
from commands.smtpcheck.result.findings import Code, Found, Value

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
    closed = target.is_email_domain and (null_mx or not mx.is_certain)
    aliases = aliases_of([mx, *families])
    hosts = (HostAddresses(target.name, addresses, "host", aliases),) if addresses and not closed else ()
    findings = [*address_findings(target.name, families), *left_out(target.name, families)]
    findings += contradiction(target.name, [mx, *families])
    if not mx.is_certain:
        findings = [_mx_unknown(mx, families, probed=bool(hosts)), *(findings if hosts else ())]
    if null_mx:
        findings = [(Code.NULL_MX, {}), *(found for found in findings if found[0] not in ABSENT)]
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


def _mx_unknown(mx: Answer, families: Sequence[Answer], *, probed: bool) -> Found:
    """What it means that the MX records are not known: little to a host; of a domain, not where its mail goes."""
    code, params = mx.finding()
    if probed:
        return Code.MX_UNKNOWN, {**params, "how": mx.how}
    return code, ({**params, "how": mx.how, "only": "mail"} if any(one.is_certain for one in families) else params)


def contradiction(name: str, answers: Sequence[Answer]) -> tuple[Found, ...]:
    """That a name exists by the answer for one type and not by that for another (RFC 4074 section 4.2)."""
    known = [answer.rdtype for answer in answers if answer.records]
    denied = [answer.rdtype for answer in answers if answer.failure == Code.DNS_NXDOMAIN]
    if not known or not denied:
        return ()
    return ((Code.DNS_CONTRADICTS, {"host": name, "types": ", ".join(denied), "known": ", ".join(known)}),)


def address_findings(name: str, families: Sequence[Answer]) -> tuple[Found, ...]:
    """A family that failed beside one that answered; one failure where none has an address; else that it is absent."""
    failed = [answer for answer in families if not answer.is_certain]
    if any(answer.records for answer in families):
        return tuple((Code.DNS_FAMILY_FAILED, {**one.finding()[1], "host": name, "how": one.how}) for one in failed)
    if failed:
        return (_failure(failed[0], [answer.rdtype for answer in families if answer.is_certain]),)
    exists = any(answer.failure == Code.DNS_NO_DATA for answer in families)
    alias = next((answer.alias_of for answer in families if answer.alias_of), "")
    params = {"name": name, "alias_of": alias} if alias else {"name": name}
    return ((Code.DNS_NO_DATA if exists else Code.DNS_NXDOMAIN, params),)


def _failure(failed: Answer, absent: Sequence[str]) -> Found:
    """That addresses are not known; of one family that there are none may be known."""
    code, params = failed.finding()
    return code, ({**params, "how": failed.how, "only": "family", "absent": absent[0]} if absent else params)


def exchange_findings(name: str, families: Sequence[Answer]) -> tuple[Found, ...]:
    """What is wrong with one MX host, in terms of MX."""
    findings: list[Found] = [
        (OF_MX.get(code, code), {"host": name, **params}) for code, params in address_findings(name, families)
    ]
    findings += contradiction(name, families)
    alias = next((answer.alias_of for answer in families if answer.alias_of), "")
    if alias:
        findings.append((Code.MX_IS_CNAME, {"host": name, "alias_of": alias}))
    findings += left_out(name, families)
    v4, v6 = map(usable, families)
    if v6 and not v4 and families[0].is_certain:
        findings.append((Code.MX_IPV6_ONLY, {"host": name}))
    if "_" in name:
        findings.append((Code.MX_UNDERSCORE, {"host": name}))
    return tuple(findings)


def left_out(name: str, families: Sequence[Answer]) -> tuple[Found, ...]:
    """That a name has more addresses than are kept, or some that nobody can use."""
    count = sum(len(usable(answer)) for answer in families)
    params: dict[str, Value] = {"name": name, "count": count, "limit": MAX_ADDRESSES}
    found: list[Found] = [(Code.TOO_MANY_ADDRESSES, params)] if count > MAX_ADDRESSES else []
    kinds = sorted({unusable(record.address) for answer in families for record in answer.records} - {""})
    return (*found, *((Code.ADDRESS_UNUSABLE, {"host": name, "kind": kind}) for kind in kinds))


def usable(answer: Answer) -> list[str]:
    """The addresses of an answer that a host can have, each once and sorted."""
    found = {ip_address(record.address) for record in answer.records if not unusable(record.address)}
    return [str(address) for address in sorted(found)]


def kept_addresses(families: Sequence[Answer]) -> tuple[str, ...]:
    """IPv4 before IPv6, each family sorted; when there are too many, each keeps its half."""
    v4, v6 = map(usable, families)
    kept = v4[: max(MAX_ADDRESSES // 2, MAX_ADDRESSES - len(v6))]
    return tuple(str(address) for address in (*kept, *v6[: MAX_ADDRESSES - len(kept)]))


MAX_MX = 10
MAX_ALIASES = 8
MOST_FOLLOWED = 16
"""Aliases in a row that the most patient of resolvers follow (BIND; unbound takes 11)."""

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.IGNORECASE)

LOCALHOST = frozenset({"localhost", "localhost.localdomain"})
"""Names of the machine itself, whoever asks (RFC 6761 section 6.3): no DNS answer makes them another's."""

NOBODY = "portero-asks-for-nobody"
"""A label that exists nowhere, to tell a wildcard record from one of the name's own."""


def doubled(missing: str, zone: str) -> str:
    """The name that was meant where a zone file lacks its final dot: `a.example.com.example.com`; else empty."""
    return next((stem for stem in stems(missing, zone) if stem.endswith(tuple(_with_parents(zone)))), "")


def stems(missing: str, zone: str) -> list[str]:
    """The full names that one may stand for to which a zone, or one above it, was appended (RFC 1035 section 5.1)."""
    cut = [missing.removesuffix(f".{each}") for each in _with_parents(zone)]
    return [stem for stem in cut if stem != missing and "." in stem]


def _with_parents(zone: str) -> list[str]:
    """A zone and those above it, without the top-level domain."""
    labels = zone.split(".")
    return [".".join(labels[place:]) for place in range(len(labels) - 1)]


class Resolver:
    """Looks targets up at the given name servers (address, port), or at the system's, whose list is read once here.

    `lifetime_s` bounds each question with its retries, in seconds.
    """

    def __init__(self, nameservers: tuple[tuple[str, int], ...] | None = None, lifetime_s: float = 5.0) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)

    async def ask(self, name: str, rdtype: str) -> Answer:
        """The answer; where a server fails, with the reason.

        Name servers that follow no alias by themselves answer with the alias alone, which says nothing of its target.
        """
        answer = await ask(self._resolver, name, rdtype)
        while answer.failure == Code.DNS_NO_DATA and len(answer.aliases) in range(1, MAX_ALIASES):
            behind = await ask(self._resolver, answer.alias_of, rdtype)
            if not behind.aliases:
                return replace(behind, name=name, aliases=answer.aliases)
            answer = replace(behind, name=name, aliases=answer.aliases + behind.aliases)
        if answer.failure == Code.DNS_NXDOMAIN and await is_withheld(self._resolver, name, rdtype):
            return replace(answer, failure=Code.DNS_SERVFAIL, rcode="NXDOMAIN", why="blocked")
        if answer.rcode != "SERVFAIL":
            return answer
        why = await why_servfail(self._resolver, name, rdtype)
        if why == "dead" and await self._leads_on(name):
            return replace(answer, failure=Code.DNS_LOOP, rcode="")
        return replace(answer, why=why)

    async def _leads_on(self, name: str) -> bool:
        """Whether the aliases of a name come back to one of them, or go on for more than any resolver follows."""
        seen = [name]
        while len(seen) <= MOST_FOLLOWED:
            behind = (await ask(self._resolver, seen[-1], "CNAME")).records
            if not behind:
                return False
            seen.append(name_text(behind[0].target))
            if seen[-1] in seen[:-1]:
                return True
        return True

    async def look_up(self, target: Target) -> Dns:
        """The hosts of a target with their addresses. Never raises for what DNS does."""
        if target.kind == "address":
            return Dns(target.name, "address", hosts=(HostAddresses(target.name, (target.name,), "address"),))
        found = await self._look_up(target)
        explained = await asyncio.gather(*(self._explained(one, target.name) for one in found.findings))
        return replace(found, findings=tuple(explained))

    async def absence(self, target: Target) -> str:
        """The code of what is missing where DNS surely knows neither MX nor address; nothing where that is not sure."""
        found = await self.look_up(target)
        codes = {code for code, _ in found.findings}
        missing = next((str(code) for code in sorted(ABSENT & codes)), "")
        return "" if found.mx or found.null_mx or found.addresses else missing

    async def _explained(self, found: Found, zone: str) -> Found:
        """The same; of a name that a record names and that does not exist, what was meant, where that can be seen."""
        code, params = found
        missing = params.get("alias_of") or params.get("host")
        if code not in {Code.MX_NXDOMAIN, Code.DNS_NXDOMAIN} or not isinstance(missing, str):
            return found
        meant = doubled(missing, zone)
        for stem in () if meant else stems(missing, zone):
            families = await asyncio.gather(self.ask(stem, "A"), self.ask(stem, "AAAA"))
            meant = stem if kept_addresses(families) else meant
        return code, ({**params, "meant": meant} if meant else params)

    async def _look_up(self, target: Target) -> Dns:
        mx, *families = await asyncio.gather(*(self.ask(target.name, rdtype) for rdtype in ("MX", "A", "AAAA")))
        exchanges = sorted((record.preference, name_text(record.exchange)) for record in mx.records)
        real = tuple(exchange for exchange in exchanges if exchange[1])
        if real and await self._means_host(target, mx, families):
            return without_mx(target, mx, families, null_mx=False)
        if real:
            found: tuple[Found, ...] = ((Code.MIXED_NULL_MX, {}),) if len(real) < len(exchanges) else ()
            found += contradiction(target.name, [mx, *families])
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
        wild = await self.ask(f"{NOBODY}.{parent}", "MX")
        return bool(wild.records) and set(wild.records) == set(mx.records)

    async def addresses_of(self, name: str, source: Source = "host") -> tuple[HostAddresses, tuple[Found, ...]]:
        """A and AAAA of one name, asked at once, with what went wrong."""
        families = await asyncio.gather(self.ask(name, "A"), self.ask(name, "AAAA"))
        host = HostAddresses(name, kept_addresses(families), source, aliases_of(families))
        return host, (*address_findings(name, families), *left_out(name, families))

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
        if name in LOCALHOST or name.endswith(".localhost"):
            return nowhere, ((Code.MX_IS_LOCALHOST, {"host": name}),)
        if not _HOST.fullmatch(name):
            return nowhere, ((Code.MX_BAD_NAME, {"host": name}),)
        families = await asyncio.gather(self.ask(name, "A"), self.ask(name, "AAAA"))
        host = HostAddresses(name, kept_addresses(families), "mx", aliases_of(families))
        return host, exchange_findings(name, families)
