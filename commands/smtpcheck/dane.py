"""DANE of the probed endpoints: TLSA records, whether they may be believed, and whether the live chain keeps them.

Only answers with the AD bit of a believable name server count; without DNSSEC TLSA records are ignored. On port 25
the MX records must be signed, too, or a sender cannot know that this is the right host.

Sources: RFC 7672 sections 2.1 and 2.2 (what must be secure), 2.2.1 (MX), 3.2.2 (names); RFC 7671.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.smtpcheck.dnssec import Proven, SecureResolver
from commands.smtpcheck.literal import is_address
from commands.smtpcheck.model import EndpointReport
from commands.smtpcheck.question import Finding
from commands.smtpcheck.tlsa import Tlsa, matching_record

MAX_RECORDS = 16
WITHOUT_TLS = frozenset({"not_offered", "masked"})
"""TLS states in which it was seen that a server offers no STARTTLS to us."""


@dataclass(frozen=True, slots=True)
class Dane:
    """The DANE of one endpoint. `server` is the name server that answered, and validated if `state` builds on it.

    `state`: absent, unknown, unsigned (the server validates, and the records are not signed), unvalidated (it does not
    validate), untrusted (its AD bit came over a network), mx_unsigned, unusable, unseen (no TLS to compare), no_tls
    (the server offers none), mismatch, valid. `matched` is the record that holds.
    """

    host: str
    port: int
    address: str
    state: str
    records: tuple[str, ...] = ()
    server: str = ""
    matched: str = ""
    unusable: int = 0
    detail: str = ""

    @property
    def secure(self) -> bool:
        """Senders that do DANE would require TLS here."""
        return self.state in {"valid", "mismatch", "unusable", "unseen", "no_tls"}


async def look_up_dane(
    domain: str, has_mx: bool, reports: Sequence[EndpointReport], resolver: SecureResolver, at: datetime
) -> tuple[Dane, ...]:
    """The DANE of every endpoint with a name, asked at once: a question each, one for the MX, one for the root zone."""
    named = [report for report in reports if not is_address(report.record.host)]
    keys = list(dict.fromkeys((report.record.host, report.port) for report in named))
    answers = await asyncio.gather(*(resolver.ask_proven(f"_{port}._tcp.{host}", "TLSA") for host, port in keys))
    by_key = dict(zip(keys, answers, strict=True))
    if not any(proven.answer.records for proven in answers):
        mx, validates = None, False
    else:
        mx, validates = await asyncio.gather(_mx(domain, resolver, has_mx=has_mx), resolver.validates())
    return tuple(
        judge_dane(
            report,
            by_key[report.record.host, report.port],
            believed=resolver.believes(by_key[report.record.host, report.port].server),
            validates=validates,
            mx=mx if report.port == 25 else None,
            domain=domain,
            at=at,
        )
        for report in named
    )


async def _mx(domain: str, resolver: SecureResolver, *, has_mx: bool) -> Proven | None:
    return await resolver.ask_proven(domain, "MX") if has_mx else None


def judge_dane(
    report: EndpointReport,
    proven: Proven,
    *,
    believed: bool,
    validates: bool,
    mx: Proven | None,
    domain: str,
    at: datetime,
) -> Dane:
    """The DANE of one endpoint from its TLSA answer and its session. `mx`: the answer whose security counts, too."""
    records = tuple(
        Tlsa(one.usage, one.selector, one.mtype, bytes(one.cert)) for one in proven.answer.records[:MAX_RECORDS]
    )
    names = (report.record.host, domain)
    state, matched = _doubt(proven, believed=believed, validates=validates, mx=mx), None
    if not state:
        state, matched = _compare(report, records, names, at)
    return Dane(
        host=report.record.host,
        port=report.port,
        address=report.record.address,
        state=state,
        records=tuple(map(str, records)),
        server=proven.server,
        matched=str(matched) if matched else "",
        unusable=sum(not record.usable for record in records),
        detail=proven.answer.failure if state == "unknown" else "",
    )


def _doubt(proven: Proven, *, believed: bool, validates: bool, mx: Proven | None) -> str:
    """Why the records do not count, or nothing."""
    if not proven.answer.is_certain:
        return "unknown"
    if not proven.answer.records:
        return "absent"
    if not proven.authenticated:
        return "unsigned" if validates and believed else "unvalidated"
    if not believed:
        return "untrusted"
    if mx is not None and not mx.answer.is_certain:
        return "unknown"
    return "mx_unsigned" if mx is not None and not mx.authenticated else ""


def _compare(
    report: EndpointReport, records: Sequence[Tlsa], names: Sequence[str], at: datetime
) -> tuple[str, Tlsa | None]:
    if report.state == "open" and report.tls_state in WITHOUT_TLS:
        return "no_tls", None
    if not any(record.usable for record in records):
        return "unusable", None
    handshake = report.record.handshake
    if handshake is None or not handshake.chain:
        return "unseen", None
    matched = matching_record(records, handshake.chain, names=names, at=at)
    return ("valid" if matched else "mismatch"), matched


def dane_findings(found: Sequence[Dane]) -> list[Finding]:
    """One finding an endpoint, another when only some of its records are of use. No TLSA: nothing to speak of."""
    findings: list[Finding] = []
    for dane in found:
        params: dict[str, str | int] = {
            "host": dane.host,
            "port": dane.port,
            "resolver": dane.server,
            "record": dane.matched,
            "count": len(dane.records),
            "detail": dane.detail,
        }
        if dane.state != "absent":
            findings.append((f"dane_{dane.state}", params))
        if dane.unusable and dane.state in {"valid", "mismatch"}:
            findings.append(("dane_some_unusable", {**params, "unusable": dane.unusable}))
    return findings
