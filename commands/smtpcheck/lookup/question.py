"""One question to a name server and its answer as a value: records, or the code of why there are none.

Policy: the name servers of PORTERO_NAMESERVERS, else the system's, over UDP and TCP, each try with an end; no other
server, whatever an answer says. Carries the names that are asked for.

On dnspython's asynchronous stub resolver: no search list, no cache, aliases (CNAME) followed by the server that is
asked, TCP when an answer does not fit into UDP.

Sources: RFC 1035 section 4.1.1 (response codes), RFC 2308 (no data and no such domain).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.reversename
from dns.rdtypes.ANY.TLSA import TLSA

from commands.slack_text import clean
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.wire.connection import is_our_own

ABSENT = frozenset({Code.DNS_NXDOMAIN, Code.DNS_NO_DATA})
"""Failures that are answers: the name, or this type of it, does not exist."""

TLSA._cert_length_by_mtype = {}  # noqa: SLF001 - else dnspython drops the whole answer for one record, as if none came
"""Lengths of TLSA that dnspython insists on: none. What a length is worth is judged in `policy.tlsa`."""

TOLD_BY_SERVERS = frozenset({"bogus", "expired", "blocked"})
"""Reasons that say more than the code that the server answered with."""

PAYLOAD = 1232
"""Octets of UDP answers that cross every network in one piece (DNS flag day 2020)."""

Why: TypeAlias = Literal["", "bogus", "expired", "dead", "blocked"]
"""Broken DNSSEC, a signature that has expired, servers that fail, an answer withheld on purpose; "" where unknown."""

TRY_S = 2.0
"""Seconds that one server has for one try."""

_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (dns.resolver.NXDOMAIN, Code.DNS_NXDOMAIN),
    (dns.resolver.NoAnswer, Code.DNS_NO_DATA),
    (dns.exception.Timeout, Code.DNS_TIMEOUT),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of one name and type; else `failure` is a code, and `rcode` what the server said (`SERVFAIL`).

    `rcode` is `REFERRAL` where a server only named others, for which there is no code. `why` is the reason of a
    SERVFAIL, where it was asked for (`servfail`).

    `aliases` are the names behind a name that is an alias, the canonical one last. `ttl` is for how many seconds the
    answer holds (RFC 2181 section 8, of none RFC 2308 section 5); 0: nobody said.
    """

    name: str
    rdtype: str
    records: tuple[Any, ...] = ()
    failure: str = ""
    rcode: str = ""
    aliases: tuple[str, ...] = ()
    why: Why = ""
    ttl: int = field(default=0, compare=False)

    @property
    def alias_of(self) -> str:
        """The canonical name when the name is an alias."""
        return self.aliases[-1] if self.aliases else ""

    @property
    def is_certain(self) -> bool:
        """Whether a server said what there is, even if that is nothing."""
        return not self.failure or self.failure in ABSENT

    @property
    def how(self) -> str:
        """How it failed, a word of `Language.REASONS`: why the server did, what it said (`NOTIMP`), else the code."""
        if self.why in TOLD_BY_SERVERS:
            return self.why
        told = self.failure == Code.DNS_SERVFAIL and self.why != "dead"
        return (self.rcode if told else "") or str(self.failure)

    def finding(self) -> Found:
        """The failure and its parameters."""
        params: dict[str, Value] = {"name": self.name, "type": self.rdtype}
        params |= {"rcode": self.rcode} if self.rcode else {}
        return row_of(self.failure), params | ({"why": self.why} if self.why else {})


def stub_resolver(nameservers: tuple[tuple[str, int], ...] | None, lifetime_s: float) -> dns.asyncresolver.Resolver:
    """A resolver that asks these servers (address, port), or the system's when there is None.

    Without any configuration of the system it has no server, and every question then fails as a value.
    """
    resolver = dns.asyncresolver.Resolver(configure=False)
    if nameservers is None:
        try:
            resolver = dns.asyncresolver.Resolver(configure=True)
        except dns.resolver.NoResolverConfiguration:
            resolver.nameservers = []
    else:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in nameservers]
    resolver.timeout = min(TRY_S, lifetime_s / 2)
    resolver.lifetime = lifetime_s
    return resolver


async def ask(resolver: dns.asyncresolver.Resolver, name: str, rdtype: str) -> Answer:
    """The answer to one question about an absolute name. Never raises for what servers and networks do."""
    return (await ask_fully(resolver, name, rdtype))[0]


async def ask_fully(
    resolver: dns.asyncresolver.Resolver, name: str, rdtype: str
) -> tuple[Answer, dns.resolver.Answer | None]:
    """The answer as a value, and beside it the message that it came in; None when it failed.

    Raises the OSError of a process that ran out of descriptors: no name server failed then.
    """
    try:
        answer = await resolver.resolve(f"{name}.", rdtype, raise_on_no_answer=False)
    except (dns.exception.DNSException, OSError, ValueError) as error:
        _raise_our_own(error)
        return Answer(name, rdtype, failure=_failure(error), rcode=_rcode(error), aliases=_leads_to(error)), None
    if _is_referral(answer.response):
        return Answer(name, rdtype, failure=Code.DNS_SERVFAIL, rcode=REFERRAL), None
    found = Answer(
        name,
        rdtype,
        records=tuple(answer.rrset or ()),
        failure="" if answer.rrset else "dns_no_data",
        aliases=tuple(name_text(step[0].target) for step in answer.chaining_result.cnames),
        ttl=answer.chaining_result.minimum_ttl if answer.rrset or answer.response.authority else 0,
    )
    return found, answer


REFERRAL = "REFERRAL"


def _is_referral(response: dns.message.Message) -> bool:
    """Whether a server only named others to ask (RFC 2308 section 2.2): that is no word on what there is.

    A server that is no resolver does so, or one whose own question ended at servers that do not serve the zone.
    """
    types = {rrset.rdtype for rrset in response.authority}
    said = response.answer or response.flags & dns.flags.AA
    return not said and dns.rdatatype.NS in types and dns.rdatatype.SOA not in types


def _leads_to(error: Exception) -> tuple[str, ...]:
    """The name that does not exist, where the one that was asked for does and is an alias of it."""
    if not isinstance(error, dns.resolver.NXDOMAIN):
        return ()
    if not any(response.answer for response in error.kwargs["responses"].values()):
        return ()  # to walk an answer without aliases would take as long as the question did
    asked, missing = error.kwargs["qnames"][0], error.canonical_name
    return () if missing == asked else (name_text(missing),)


def name_text(name: dns.name.Name) -> str:
    """A name in lower case without the final dot, cleaned; the root is empty."""
    return "" if name == dns.name.root else clean(name.to_text(omit_final_dot=True).lower(), 255)


def _failure(error: Exception) -> str:
    """The code of a failure. SERVFAIL, REFUSED, broken and unreachable servers are all `dns_servfail`."""
    if any(isinstance(attempt[3], dns.message.ChainTooLong) for attempt in _attempts(error)):
        return Code.DNS_LOOP
    return next((code for kind, code in _FAILURES if isinstance(error, kind)), "dns_servfail")


def _raise_our_own(error: Exception) -> None:
    for each in (error, *(attempt[3] for attempt in _attempts(error))):
        if is_our_own(each):
            raise each


def _rcode(error: Exception) -> str:
    """What the last server that answered said, such as SERVFAIL or REFUSED; empty when none answered."""
    responses = [attempt[-1] for attempt in _attempts(error) if attempt[-1] is not None]
    return dns.rcode.to_text(responses[-1].rcode()) if responses else ""


def _attempts(error: Exception) -> list[Any]:
    """What came of each server that was asked; dnspython notes its error fourth and its response last."""
    tried = dns.resolver.NoNameservers | dns.resolver.LifetimeTimeout
    return list(error.kwargs.get("errors") or ()) if isinstance(error, tried) else []


@dataclass(frozen=True, slots=True)
class Proven:
    """An answer, whether it carried the AD bit, and the name server that it came from (empty when none answered).

    `signed`: a signature stood beside its records, whatever it is worth.
    """

    answer: Answer
    authenticated: bool = False
    server: str = ""
    signed: bool = False


class SecureResolver:
    """Asks with DNSSEC on. `trusted`: the operator vouches for the name servers and for the way to them."""

    def __init__(
        self,
        nameservers: tuple[tuple[str, int], ...] | None = None,
        lifetime_s: float = 5.0,
        *,
        trusted: bool = False,
    ) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)
        self._resolver.use_edns(0, dns.flags.DO, PAYLOAD)
        self._resolver.flags = dns.flags.RD | dns.flags.AD
        self._trusted = trusted

    async def ask(self, name: str, rdtype: str) -> Answer:
        """The answer to one question; a failure is a value."""
        return await ask(self._resolver, name, rdtype)

    async def ask_proven(self, name: str, rdtype: str) -> Proven:
        """The answer and its AD bit. The bit of a failed look-up is not kept."""
        answer, message = await ask_fully(self._resolver, name, rdtype)
        if message is None:
            return Proven(answer)
        signed = any(rrset.rdtype == dns.rdatatype.RRSIG for rrset in message.response.answer)
        return Proven(answer, bool(message.response.flags & dns.flags.AD), str(message.nameserver or ""), signed)

    def believes(self, server: str) -> bool:
        """Whether the AD bit of that name server counts."""
        return self._trusted or is_loopback(server)

    def vouched(self, server: str) -> bool:
        """Whether it counts only because the operator vouches for that server and the way to it."""
        return self._trusted and not is_loopback(server)


def is_loopback(server: str) -> bool:
    try:
        return ip_address(server).is_loopback
    except ValueError:
        return False


def text_of(record: Any) -> str:
    """A TXT record as one text: its strings are joined without blanks (RFC 7208 section 3.3)."""
    return b"".join(record.strings).decode("utf-8", "replace")


class Asked(Protocol):
    """Whoever answers questions: `SecureResolver`, `resolve.Resolver`."""

    async def ask(self, name: str, rdtype: str) -> Answer: ...


MAX_NAMES = 5
"""PTR names of one address that are looked up; more is a fault of its own and no work for us."""


@dataclass(frozen=True, slots=True)
class Reverse:
    """One address. `confirmed_by` is the first PTR name that leads back to it, or empty."""

    address: str
    state: Literal["confirmed", "not_confirmed", "missing", "unknown"]
    names: tuple[str, ...] = ()
    confirmed_by: str = ""


async def look_back(
    addresses: Iterable[str], resolver: Asked, led_to: Mapping[str, Collection[str]] = MappingProxyType({})
) -> tuple[Reverse, ...]:
    """The reverse DNS of each address, asked at once. Never raises for what DNS does.

    `led_to`: addresses that names have led to already. One that rotates leads to another at every question.
    """
    asked = (_reverse_of(address, resolver, led_to) for address in dict.fromkeys(addresses))
    return tuple(await asyncio.gather(*asked))


async def _reverse_of(address: str, resolver: Asked, led_to: Mapping[str, Collection[str]]) -> Reverse:
    pointer = name_text(dns.reversename.from_address(address))
    answer = await resolver.ask(pointer, "PTR")
    if not answer.is_certain:
        return Reverse(address, "unknown")
    names = tuple(dict.fromkeys(name_text(record.target) for record in answer.records))[:MAX_NAMES]
    if not names:
        return Reverse(address, "missing")
    seen = next((name for name in names if address in led_to.get(name, ())), "")
    if seen:
        return Reverse(address, "confirmed", names, seen)
    rdtype = "AAAA" if ":" in address else "A"
    forward = await asyncio.gather(*(resolver.ask(name, rdtype) for name in names))
    return _confirmed(address, names, forward)


def _confirmed(address: str, names: tuple[str, ...], forward: Sequence[Answer]) -> Reverse:
    wanted = ip_address(address)
    for name, answer in zip(names, forward, strict=True):
        if any(ip_address(record.address) == wanted for record in answer.records):
            return Reverse(address, "confirmed", names, name)
    certain = all(answer.is_certain for answer in forward)
    return Reverse(address, "not_confirmed" if certain else "unknown", names)
