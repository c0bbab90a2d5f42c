"""DNS for slices that do not resolve by themselves: the guarded resolver of `/smtpcheck` as plain questions."""

import asyncio
from typing import Any

import dns.resolver
import dns.reversename

from commands.pmta.world import ABSENT, NOT_PUBLIC, UNKNOWN, Looked
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.question import Answer, ask, ask_fully, name_text, stub_resolver

DNS_PORT = 53
REASONS = {"dns_timeout": "no answer in time"}


class DnsLookups:
    """Asks the configured name servers. Reverse DNS only for addresses that may be probed."""

    def __init__(self, nameservers: tuple[tuple[str, int], ...] | None, guard: Guard, lifetime_s: float = 5.0) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)
        self._guard = guard

    @property
    def servers(self) -> tuple[str, ...]:
        return tuple(_place(server) for server in self._resolver.nameservers)

    def allows(self, address: str) -> bool:
        return self._guard.judge(address).allowed

    async def ptr(self, address: str) -> Looked:
        if not self.allows(address):
            return Looked(failure=NOT_PUBLIC)
        name = dns.reversename.from_address(address).to_text(omit_final_dot=True)
        found, message = await ask_fully(self._resolver, name, "PTR")
        return _looked(found, tuple(name_text(record.target) for record in found.records), message)

    async def addresses(self, name: str) -> Looked:
        """Those that may be probed; the others are `hidden`, since an answer from inside confirms nothing outside."""
        found = await asyncio.gather(*(ask_fully(self._resolver, name, kind) for kind in ("A", "AAAA")))
        listed = [record.address for answer, _ in found for record in answer.records]
        seen = tuple(address for address in listed if self.allows(address))
        hidden = tuple(address for address in listed if not self.allows(address))
        answer, message = next((one for one in found if not one[0].is_certain), found[0])
        if listed:
            return Looked(seen, hidden=hidden, server=_server(message))
        return _looked(answer, (), message)

    async def txt(self, name: str) -> Looked:
        found, message = await ask_fully(self._resolver, name, "TXT")
        texts = tuple(b"".join(record.strings).decode("utf-8", "replace") for record in found.records)
        looked = _looked(found, texts, message)
        if looked.failure != ABSENT or looked.alias:
            return looked
        alias = await ask(self._resolver, name, "CNAME")  # a name that does not exist does not say which it was
        return Looked(failure=ABSENT, alias=name_text(alias.records[0].target) if alias.records else "")


def _looked(answer: Answer, values: tuple[str, ...], message: dns.resolver.Answer | None) -> Looked:
    failure = "" if values else ABSENT if answer.is_certain else UNKNOWN
    why = answer.rcode or REASONS.get(answer.failure, "no usable answer") if failure == UNKNOWN else ""
    return Looked(values, failure, alias=answer.alias_of, server=_server(message), why=why)


def _server(message: Any) -> str:
    """Who answered; unknown for a name that does not exist, which comes as an exception."""
    return _named(message.nameserver, message.port) if message is not None else ""


def _place(server: Any) -> str:
    """A configured server: an address, or what dnspython made of one."""
    return _named(getattr(server, "address", server), getattr(server, "port", DNS_PORT))


def _named(address: str, port: int) -> str:
    return str(address) if port == DNS_PORT else f"{address}#{port}"
