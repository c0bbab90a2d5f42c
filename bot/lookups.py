"""DNS for slices that do not resolve by themselves: the guarded resolver of `/smtpcheck` as plain questions."""

import asyncio

import dns.reversename

from commands.pmta.live import Looked
from commands.smtpcheck.guard import Guard
from commands.smtpcheck.question import Answer, ask, name_text, stub_resolver


class DnsLookups:
    """Asks the configured name servers. Reverse DNS only for addresses that may be probed."""

    def __init__(self, nameservers: tuple[tuple[str, int], ...] | None, guard: Guard, lifetime_s: float = 5.0) -> None:
        self._resolver = stub_resolver(nameservers, lifetime_s)
        self._guard = guard

    async def ptr(self, address: str) -> Looked:
        if not self._guard.judge(address).allowed:
            return Looked(failure="not_public")
        name = dns.reversename.from_address(address).to_text(omit_final_dot=True)
        found = await ask(self._resolver, name, "PTR")
        return _looked(found, tuple(name_text(record.target) for record in found.records))

    async def addresses(self, name: str) -> Looked:
        found = await asyncio.gather(ask(self._resolver, name, "A"), ask(self._resolver, name, "AAAA"))
        values = tuple(record.address for answer in found for record in answer.records)
        unsure = next((answer for answer in found if not answer.is_certain), found[0])
        return Looked(values) if values else _looked(unsure, ())

    async def txt(self, name: str) -> Looked:
        found = await ask(self._resolver, name, "TXT")
        texts = (b"".join(record.strings).decode("utf-8", "replace") for record in found.records)
        return _looked(found, tuple(texts))


def _looked(answer: Answer, values: tuple[str, ...]) -> Looked:
    if values:
        return Looked(values)
    return Looked(failure="absent" if answer.is_certain else "unknown")
