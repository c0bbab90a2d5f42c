"""What DNS says of the DANE of endpoints: TLSA records, and whether everything that leads to them is signed.

No live chain is needed for that, so it is asked while the probe runs; `dane_verdict` compares afterwards.

Sources: RFC 7672 sections 2.2.1 (the MX records must be signed), 2.2.2 and 2.2.3 (so must the addresses; a signed alias
is followed first); RFC 7671 section 7.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from commands.smtpcheck.address.literal import is_address
from commands.smtpcheck.lookup.question import Answer, Proven, SecureResolver
from commands.smtpcheck.wire.endpoint import Endpoint

RELAY = 25

Place: TypeAlias = tuple[str, str, int]
"""Host, address, port."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The DANE of one endpoint as DNS has it.

    `base` is the name that the records of `tlsa` stand at: the host, or what a signed alias leads to. `address` is the
    answer that led to the address, `mx` the one that led to the host (None where none has to be signed). `validates`:
    the name servers validate at all; `believed`: the AD bit of every server counts that these answers came from;
    `vouched`: that of one of them only because the operator says so.
    """

    base: str
    tlsa: Proven
    address: Proven
    mx: Proven | None = None
    validates: bool = False
    believed: bool = False
    vouched: bool = False

    @property
    def servers(self) -> tuple[str, ...]:
        """The name servers whose word this is, each once."""
        answers = (self.tlsa, self.address, *([self.mx] if self.mx else []))
        return tuple(dict.fromkeys(answer.server for answer in answers if answer.server))


Promises: TypeAlias = Mapping[Place, Promise]


async def look_up_tlsa(
    domain: str, endpoints: Sequence[Endpoint], resolver: SecureResolver, *, has_mx: bool
) -> Promises:
    """The promises of every endpoint with a name, asked at once, in two rounds at most; each question goes out once.

    `has_mx`: the hosts come from the MX records of the domain, which then must be signed for port 25.
    """
    asked = _Questions(resolver)
    named = [one for one in endpoints if not is_address(one.host)]
    domains = [domain if has_mx and one.port == RELAY else "" for one in named]
    found = await asyncio.gather(*(_promise(one, of, asked) for one, of in zip(named, domains, strict=True)))
    return {place(one): promise for one, promise in zip(named, found, strict=True)}


def place(endpoint: Endpoint) -> Place:
    return endpoint.host, endpoint.address, endpoint.port


def unknown_promises(endpoints: Sequence[Endpoint]) -> Promises:
    """What stands for the promises when there was no time to look them up."""
    late = Proven(Answer("", "TLSA", failure="dns_timeout"))
    return {place(one): Promise(one.host, late, late) for one in endpoints if not is_address(one.host)}


class _Questions:
    """Asks each question once, however many want the answer."""

    def __init__(self, resolver: SecureResolver) -> None:
        self.resolver = resolver
        self._asked: dict[tuple[str, str], asyncio.Task[Proven]] = {}

    async def ask(self, name: str, rdtype: str) -> Proven:
        question = (name, rdtype)
        if question not in self._asked:
            self._asked[question] = asyncio.ensure_future(self.resolver.ask_proven(name, rdtype))
        return await self._asked[question]

    async def tlsa(self, host: str, port: int) -> Proven:
        return await self.ask(f"_{port}._tcp.{host}", "TLSA")


async def _promise(endpoint: Endpoint, domain: str, asked: _Questions) -> Promise:
    base, rdtype = endpoint.host, "AAAA" if ":" in endpoint.address else "A"
    tlsa, address = await asyncio.gather(asked.tlsa(base, endpoint.port), asked.ask(base, rdtype))
    alias = address.answer.alias_of if address.authenticated else ""
    if alias:
        followed = await asked.tlsa(alias, endpoint.port)
        base, tlsa = (alias, followed) if followed.authenticated and followed.answer.records else (base, tlsa)
    if tlsa.answer.is_certain and not tlsa.answer.records:
        return Promise(base, tlsa, address)
    root = await asked.ask("", "NS")  # the root zone is signed: who validates at all sets the AD bit there
    promise = Promise(base, tlsa, address, await asked.ask(domain, "MX") if domain else None)
    believed = bool(promise.servers) and all(map(asked.resolver.believes, promise.servers))
    vouched = any(map(asked.resolver.vouched, promise.servers))
    return replace(promise, validates=root.authenticated, believed=believed, vouched=vouched)
