"""DANE: what DNS promises of an endpoint's TLS (TLSA records), whether that counts, and whether the endpoint keeps it.

The records are asked for while the probe runs, for that needs no live chain; `judge_all` compares afterwards. Only
answers with the AD bit of a believable name server count; without DNSSEC TLSA records are ignored, and so they are when
the addresses or the MX records that lead there are not signed.

Sources: RFC 7672 sections 2.2.1 (the MX records must be signed), 2.2.2 and 2.2.3 (so must the addresses; a signed alias
is followed first), 3.1 and 3.2.2 (names); RFC 7671 section 7.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.lookup.question import Answer, Proven, SecureResolver
from commands.smtpcheck.policy.tlsa import Tlsa, matching_record
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import RELAY, Code, Found, Value, row_of
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.wire.connection import Endpoint

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


MAX_RECORDS = 16
WITHOUT_TLS = frozenset({TlsState.NOT_OFFERED, TlsState.MASKED})
"""TLS states in which it was seen that a server offers no STARTTLS to us."""

DaneState: TypeAlias = Literal[
    "absent",
    "unknown",
    "unsigned",  # the name server validates, and the records are not signed
    "unvalidated",  # the name server does not validate
    "untrusted",  # its AD bit came over a network
    "mx_unsigned",
    "address_unsigned",
    "unusable",
    "unseen",  # no TLS to compare with
    "no_tls",  # the server offers none
    "mismatch",
    "valid",
]
SECURE = frozenset({"valid", "mismatch", "unusable", "unseen", "no_tls"})
"""States in which senders that do DANE require TLS."""


@dataclass(frozen=True, slots=True)
class Dane:
    """The DANE of one endpoint. `server` names the name servers that answered, and validated if `state` builds on it.

    `matched` is the record that holds, `unusable` how many records are of no use, `why` the code of a failed look-up;
    `vouched`: the operator's word is part of it.
    """

    host: str
    port: int
    address: str
    state: DaneState
    records: tuple[str, ...] = ()
    server: str = ""
    matched: str = ""
    unusable: int = 0
    why: str = ""
    vouched: bool = False

    @property
    def secure(self) -> bool:
        return self.state in SECURE


def judge_all(promises: Promises, reports: Sequence[EndpointReport], domain: str, at: datetime) -> tuple[Dane, ...]:
    """The DANE of every endpoint that something was asked about, in the order of the reports."""
    places = [(report, (report.record.host, report.record.address, report.port)) for report in reports]
    return tuple(judge_dane(report, promises[place], domain, at) for report, place in places if place in promises)


def judge_dane(report: EndpointReport, promise: Promise, domain: str, at: datetime) -> Dane:
    """The DANE of one endpoint from the answers about it and its session."""
    answer = promise.tlsa.answer
    records = tuple(Tlsa(one.usage, one.selector, one.mtype, bytes(one.cert)) for one in answer.records[:MAX_RECORDS])
    state, matched = _doubt(promise), None
    if not state:
        state, matched = _compare(report, records, (promise.base, domain), at)
    return Dane(
        host=report.record.host,
        port=report.port,
        address=report.record.address,
        state=state,
        records=tuple(map(str, records)),
        server=" and ".join(promise.servers),
        matched=str(matched) if matched else "",
        unusable=sum(not record.usable for record in records),
        why=_failure(promise) if state == "unknown" else "",
        vouched=promise.vouched,
    )


def _doubt(promise: Promise) -> DaneState | None:
    """Why the records do not count, or nothing. First of all what leads to them: senders look no further otherwise."""
    tlsa, sure = promise.tlsa, promise.validates and promise.believed
    if tlsa.answer.is_certain and not tlsa.answer.records:
        return "absent"
    if not tlsa.answer.is_certain:
        return "absent" if sure and _is_unsigned(promise.address) else "unknown"
    if not tlsa.authenticated:
        return "unsigned" if sure else "unvalidated"
    if not promise.believed:
        return "untrusted"
    if promise.mx is not None and not promise.mx.authenticated:
        return "mx_unsigned" if promise.mx.answer.is_certain else "unknown"
    if not promise.address.authenticated:
        return "address_unsigned" if promise.address.answer.is_certain else "unknown"
    return None


def _is_unsigned(proven: Proven) -> bool:
    return proven.answer.is_certain and not proven.authenticated


def _failure(promise: Promise) -> str:
    """The code of the look-up that failed, the first that matters."""
    asked = (promise.tlsa, *([promise.mx] if promise.mx else []), promise.address)
    return next((one.answer.failure for one in asked if not one.answer.is_certain), "")


def _compare(
    report: EndpointReport, records: Sequence[Tlsa], names: Sequence[str], at: datetime
) -> tuple[DaneState, Tlsa | None]:
    if report.state == State.OPEN and report.tls_state in WITHOUT_TLS:
        return "no_tls", None
    if not any(record.usable for record in records):
        return "unusable", None
    handshake = report.record.handshake
    if handshake is None or not handshake.chain:
        return "unseen", None
    matched = matching_record(records, handshake.chain, names=names, at=at)
    return ("valid" if matched else "mismatch"), matched


def dane_findings(found: Sequence[Dane]) -> list[Found]:
    """One finding an endpoint, another when only some of its records are of use. No TLSA: nothing to speak of."""
    findings: list[Found] = []
    for dane in found:
        params: dict[str, Value] = {
            "host": dane.host,
            "port": dane.port,
            "resolver": dane.server,
            "record": dane.matched,
            "count": len(dane.records),
            "why": dane.why,
            "vouched": dane.vouched,
        }
        if dane.state != "absent":
            findings.append((row_of(f"dane_{dane.state}"), params))
        if dane.unusable and dane.state in {"valid", "mismatch"}:
            findings.append((Code.DANE_SOME_UNUSABLE, {**params, "unusable": dane.unusable}))
    return findings
