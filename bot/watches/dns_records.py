"""The DNS records of a mail domain that a watch compares: MX, addresses, PTR, TLSA, SPF, DMARC, the id of MTA-STS.

At most some fifty small questions. A failed look-up is None, never an empty answer.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

import dns.reversename

from commands.slack_text import clean
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.question import Answer, SecureResolver, name_text, text_of
from commands.smtpcheck.policy.mta_sts_text import is_record, parse_record

MAX_HOSTS = 10
MAX_ADDRESSES = 8
MAX_VALUES = 20
MAX_VALUE = 200
LONGEST_KEPT = 6 * 3600.0
"""Seconds for which reverse DNS is kept at most, whatever it says."""

MOST_KEPT = 10_000

FAMILIES = ("A", "AAAA")
POLICIES = {"spf": ("", "v=spf1"), "dmarc": ("_dmarc.", "v=dmarc1")}
"""Where the record stands below a domain (RFC 7208 section 3, RFC 7489 section 6.1), and how it begins."""

Values = tuple[str, ...] | None


class Records:
    """Asks the configured name servers; reverse DNS only of addresses that may be probed.

    What reverse DNS said is kept for as long as it says that it holds: a name server that remembers would answer the
    same, and many watches look at one address. `clock` counts seconds; where it is set back nothing is kept.
    """

    def __init__(self, resolver: SecureResolver, guard: Guard, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolver = resolver
        self._guard = guard
        self._clock = clock
        self._kept: dict[str, tuple[float, float, Values]] = {}

    async def of(self, target: str) -> dict[str, Values]:
        """`<record> <name>` -> its values, sorted; None where nobody answered. Never raises for what DNS does."""
        mx, sts = await asyncio.gather(
            self._resolver.ask(target, "MX"), self._resolver.ask(f"_mta-sts.{target}", "TXT")
        )
        exchanges = {(record.preference, name_text(record.exchange)) for record in mx.records}
        hosts = sorted({host for _, host in exchanges if host})[:MAX_HOSTS] or [target]
        found: dict[str, Values] = {
            f"mx {target}": _values(mx, (f"{preference} {host or '.'}" for preference, host in exchanges)),
            f"mta-sts {target}": _values(sts, _ids(sts)),
        }
        tlsa, addresses = await asyncio.gather(self._tlsa(hosts), self._addresses(hosts))
        every = [address for values in addresses.values() for address in values or ()]
        return found | tlsa | addresses | await self.beside(target, every, anew=True)

    async def beside(self, domain: str, addresses: Iterable[str], *, anew: bool = False) -> dict[str, Values]:
        """What a check does not ask: SPF and DMARC of a domain (none: of none), and reverse DNS of addresses.

        `anew`: whatever is kept of it.
        """
        public = [one for one in sorted(set(addresses)) if self._guard.judge(one).allowed][:MAX_ADDRESSES]
        kept = {} if anew else self._remembered(public)
        asked = [one for one in public if f"ptr {one}" not in kept]
        policies, pointers = await asyncio.gather(self._policies(domain), self._pointers(asked))
        return policies | kept | pointers

    def _remembered(self, addresses: Iterable[str]) -> dict[str, Values]:
        now = self._clock()
        found = ((one, self._kept[one]) for one in addresses if one in self._kept)
        return {f"ptr {address}": values for address, (since, until, values) in found if since <= now < until}

    def _keep(self, address: str, answer: Answer, values: Values) -> None:
        """The oldest goes where there are too many."""
        self._kept.pop(address, None)
        if answer.is_certain and answer.ttl:
            now = self._clock()
            self._kept[address] = now, now + min(answer.ttl, LONGEST_KEPT), values
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    async def _policies(self, domain: str) -> dict[str, Values]:
        if not domain:
            return {}
        asked = {f"{record} {domain}": (f"{at}{domain}", tag) for record, (at, tag) in POLICIES.items()}
        answers = await asyncio.gather(*(self._resolver.ask(name, "TXT") for name, _ in asked.values()))
        return {
            key: _values(answer, (text for text in map(text_of, answer.records) if text.lower().startswith(tag)))
            for (key, (_, tag)), answer in zip(asked.items(), answers, strict=True)
        }

    async def _tlsa(self, hosts: list[str]) -> dict[str, Values]:
        names = [f"_25._tcp.{host}" for host in hosts]
        answers = await asyncio.gather(*(self._resolver.ask(name, "TLSA") for name in names))
        return {
            f"tlsa {name}": _values(
                answer, (f"{one.usage} {one.selector} {one.mtype} {one.cert.hex()}" for one in answer.records)
            )
            for name, answer in zip(names, answers, strict=True)
        }

    async def _addresses(self, hosts: list[str]) -> dict[str, Values]:
        """By host; unknown where one of both families was not answered."""
        found: dict[str, Values] = {}
        for host, four, six in zip(
            hosts, *await asyncio.gather(*map(self._both, (hosts, hosts), FAMILIES)), strict=True
        ):
            known = four.is_certain and six.is_certain
            values = sorted({record.address for answer in (four, six) for record in answer.records})
            found[f"address {host}"] = tuple(values)[:MAX_VALUES] if known else None
        return found

    async def _both(self, hosts: list[str], rdtype: str) -> list[Answer]:
        return await asyncio.gather(*(self._resolver.ask(host, rdtype) for host in hosts))

    async def _pointers(self, addresses: list[str]) -> dict[str, Values]:
        names = [name_text(dns.reversename.from_address(address)) for address in addresses]
        answers = await asyncio.gather(*(self._resolver.ask(name, "PTR") for name in names))
        found: dict[str, Values] = {}
        for address, answer in zip(addresses, answers, strict=True):
            values = _values(answer, (name_text(record.target) for record in answer.records))
            self._keep(address, answer, values)
            found[f"ptr {address}"] = values
        return found


def _ids(answer: Answer) -> list[str]:
    return [parse_record(text) for text in map(text_of, answer.records) if is_record(text)]


def _values(answer: Answer, values: Iterable[str]) -> Values:
    if not answer.is_certain:
        return None
    return tuple(sorted({clean(value, MAX_VALUE) for value in values}))[:MAX_VALUES]
