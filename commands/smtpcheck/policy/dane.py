"""DANE: what DNS promises of an endpoint's TLS (TLSA records), whether that counts, and whether the endpoint keeps it.

Port 25 alone: nobody delivers or submits to another port by DANE. The records are asked for while the probe runs, for
that needs no live chain; `judge_all` compares afterwards. Only
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
from commands.smtpcheck.policy.tlsa import Fate, Judged, Live, Tlsa, judge_records
from commands.smtpcheck.policy.tlsa_data import wanted_record
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.tls.trust import TrustStore
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
    """The promises of every endpoint with a name that servers deliver to, asked at once, in two rounds at most.

    Each question goes out once. `has_mx`: the hosts come from the MX records of the domain, which then must be signed.
    """
    asked = _Questions(resolver)
    named = _delivered_to(endpoints)
    found = await asyncio.gather(*(_promise(one, domain if has_mx else "", asked) for one in named))
    return {place(one): promise for one, promise in zip(named, found, strict=True)}


def _delivered_to(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    return [one for one in endpoints if one.port == RELAY and not is_address(one.host)]


def place(endpoint: Endpoint) -> Place:
    return endpoint.host, endpoint.address, endpoint.port


def unknown_promises(endpoints: Sequence[Endpoint]) -> Promises:
    """What stands for the promises when there was no time to look them up."""
    late = Proven(Answer("", "TLSA", failure="dns_timeout"))
    return {place(one): Promise(one.host, late, late) for one in _delivered_to(endpoints)}


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
    mx = await asked.ask(domain, "MX") if domain else None
    promise = Promise(base, tlsa, address, mx)
    server = tlsa.server or address.server
    known = (address, *([mx] if mx else []), *await _signed_for_certain(base, asked))
    validates = any(one.authenticated and one.server == server for one in known)
    believed = bool(promise.servers) and all(map(asked.resolver.believes, promise.servers))
    vouched = any(map(asked.resolver.vouched, promise.servers))
    return replace(promise, validates=validates, believed=believed, vouched=vouched)


async def _signed_for_certain(name: str, asked: _Questions) -> Sequence[Proven]:
    """Who validates at all sets the AD bit here: the root zone is signed, and so are most of the zones below it."""
    return await asyncio.gather(asked.ask("", "NS"), asked.ask(name.rpartition(".")[2], "SOA"))


MAX_RECORDS = 16
WITHOUT_TLS = frozenset({TlsState.NOT_OFFERED, TlsState.MASKED})
"""TLS states in which it was seen that a server offers no STARTTLS to us."""

FAILED_TLS = frozenset(TlsState) - WITHOUT_TLS - {TlsState.OK}
"""Those in which TLS was offered, and came to nothing."""

DaneState: TypeAlias = Literal[
    "absent",
    "unknown",
    "unsigned",  # the name server validates, and for the records it finds no signature that counts
    "unvalidated",  # the name server does not validate
    "untrusted",  # its AD bit came over a network
    "mx_unsigned",
    "address_unsigned",
    "unanswered",
    "unusable",
    "unseen",  # no TLS to compare with
    "no_tls",  # the server offers none
    "tls_failed",  # it offers TLS, and that fails
    "mismatch",
    "valid",
]
SECURE = frozenset({"valid", "mismatch", "unusable", "unseen", "no_tls", "tls_failed"})
"""States in which senders that do DANE require TLS."""


@dataclass(frozen=True, slots=True)
class Dane:
    """The DANE of one endpoint. `server` names the name servers that answered, and validated if `state` builds on it.

    `judged` are the records that were compared with the live chain, `wanted` is what they should be, `tls`
    how TLS went; `why` is the code of a failed look-up, or `signed`; `vouched`: the operator's word is part of it.
    """

    host: str
    port: int
    address: str
    state: DaneState
    records: tuple[Tlsa, ...] = ()
    server: str = ""
    judged: tuple[Judged, ...] = ()
    wanted: str = ""
    tls: str = ""
    why: str = ""
    vouched: bool = False

    @property
    def secure(self) -> bool:
        return self.state in SECURE


def judge_all(
    promises: Promises, reports: Sequence[EndpointReport], domain: str, at: datetime, roots: TrustStore
) -> tuple[Dane, ...]:
    """The DANE of every endpoint that something was asked about, in the order of the reports."""
    places = [(report, (report.record.host, report.record.address, report.port)) for report in reports]
    return tuple(
        judge_dane(report, promises[place], domain, at, roots) for report, place in places if place in promises
    )


def judge_dane(report: EndpointReport, promise: Promise, domain: str, at: datetime, roots: TrustStore) -> Dane:
    """The DANE of one endpoint from the answers about it and its session."""
    answer, handshake = promise.tlsa.answer, report.record.handshake
    records = tuple(Tlsa(one.usage, one.selector, one.mtype, bytes(one.cert)) for one in answer.records[:MAX_RECORDS])
    chain = handshake.chain if handshake else ()
    doubt = _doubt(promise)
    judged = () if doubt else judge_records(records, Live(chain, (promise.base, domain), at, roots))
    state = doubt or _kept(report, records, judged)
    if state == "mismatch" and len(answer.records) > MAX_RECORDS:
        state = "unknown"  # one of those that were not compared may hold
    return Dane(
        host=report.record.host,
        port=report.port,
        address=report.record.address,
        state=state,
        records=records,
        server=" and ".join(promise.servers),
        judged=judged,
        wanted=wanted_record(chain) if records else "",
        tls=report.tls_state,
        why=_why(promise, state),
        vouched=promise.vouched,
    )


def _doubt(promise: Promise) -> DaneState | None:
    """Why the records do not count, or nothing. First of all what leads to them: senders look no further otherwise."""
    tlsa, sure = promise.tlsa, promise.validates and promise.believed
    if tlsa.answer.is_certain and not tlsa.answer.records:
        return "absent"
    if not tlsa.answer.is_certain:
        return _unanswered(promise) if sure else "unknown"
    if not tlsa.authenticated:
        return "unsigned" if promise.validates else "unvalidated"
    if not promise.believed:
        return "untrusted"
    if promise.mx is not None and not promise.mx.authenticated:
        return "mx_unsigned" if promise.mx.answer.is_certain else "unknown"
    if not promise.address.authenticated:
        return "address_unsigned" if promise.address.answer.is_certain else "unknown"
    return None


def _unanswered(promise: Promise) -> DaneState:
    """What a look-up that fails means: in a signed zone senders wait (RFC 7672 section 2.1.1), elsewhere none asks."""
    if _is_unsigned(promise.address):
        return "absent"
    signed = promise.address.authenticated and (promise.mx is None or promise.mx.authenticated)
    return "unanswered" if signed and promise.tlsa.answer.rcode == "SERVFAIL" else "unknown"


def _is_unsigned(proven: Proven) -> bool:
    return proven.answer.is_certain and not proven.authenticated


def _why(promise: Promise, state: DaneState) -> str:
    """What is known of the cause: the look-up that failed, or that a zone is signed which does not validate."""
    if state in {"unknown", "unanswered"}:
        return _failure(promise)
    return "signed" if state == "unsigned" and promise.tlsa.signed else ""


def _failure(promise: Promise) -> str:
    """The code of the look-up that failed, the first that matters."""
    asked = (promise.tlsa, *([promise.mx] if promise.mx else []), promise.address)
    return next((one.answer.failure for one in asked if not one.answer.is_certain), "")


def _kept(report: EndpointReport, records: Sequence[Tlsa], judged: Sequence[Judged]) -> DaneState:
    """Whether the endpoint keeps what signed records promise."""
    if report.state == State.OPEN and report.tls_state in WITHOUT_TLS:
        return "no_tls"
    if report.tls_state in FAILED_TLS:
        return "tls_failed"
    if all(record.useless for record in records):
        return "unusable"
    if not judged:
        return "unseen"
    return "valid" if any(one.fate is Fate.HOLDS for one in judged) else "mismatch"
