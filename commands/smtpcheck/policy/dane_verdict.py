"""Whether an endpoint keeps what DNS promises of it: TLSA answers held against the session. Pure.

Only answers with the AD bit of a believable name server count; without DNSSEC TLSA records are ignored, and so they are
when the addresses or the MX records that lead there are not signed.

Source: RFC 7672 sections 2.2, 3.1 and 3.2.2 (names).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from commands.smtpcheck.lookup.question import Proven
from commands.smtpcheck.policy.dane import Promise, Promises
from commands.smtpcheck.policy.tlsa import Tlsa, matching_record
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.result.states import State

MAX_RECORDS = 16
WITHOUT_TLS = frozenset({"not_offered", "masked"})
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
