"""What follows from the further connections of a deep check: findings of endpoints, and their TLS versions. Pure.

Rule: two connections are compared only where they asked the same. A server may well choose another certificate for
older TLS; without the name it is worth a word. The addresses of a host are compared in `verdict.pool`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from commands.smtpcheck.deep.further_connections import Probed, base_of, sweep_target, wishes
from commands.smtpcheck.deep.suites import accepted_suites, chain_of, lacks_staple, suite_findings
from commands.smtpcheck.deep.tls_versions import OLD, with_ssl3
from commands.smtpcheck.report.model import EndpointReport, Facts, finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.tls.certificate_findings import CertificateReport, analyse, demands_staple, described
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.record import GREETING, OURS, Further, Mode, Record
from commands.smtpcheck.wire.session_facts import Reading

Judge: TypeAlias = Callable[..., CertificateReport]
Params: TypeAlias = dict[str, Value]
Found: TypeAlias = Iterator[tuple[Code, Params]]

SAID_BETTER: Mapping[Code, frozenset[Code]] = {
    Code.STARTTLS_NOT_OFFERED: frozenset({Code.HIDDEN_STARTTLS, Code.STARTTLS_FLAPPING})
}
"""A finding of the first connection -> what a further one says instead."""

SAID_BEFORE: Mapping[Code, Code] = {Code.TLS_STATIC_SUITES: Code.TLS_NO_FORWARD_SECRECY}
"""A finding of suites that nobody has to offer -> what says more, because the first connection came to one."""

NO_HANDSHAKE = frozenset(
    {TlsState.NOT_OFFERED, TlsState.MASKED, TlsState.BROKEN_TEMP, TlsState.INTERCEPTED, TlsState.REFUSED}
)
"""TLS states in which it did not come to a handshake."""

MODES: tuple[Mode, ...] = ("starttls", "implicit")


def deepened(
    reports: Sequence[EndpointReport], facts: Facts, further: Further, store: TrustStore
) -> list[EndpointReport]:
    """The reports with what the further connections add; certificates are judged as of the check's own time."""
    seen = Probed(tuple(reports), facts.dns, further)
    swept = [report for mode in MODES if (report := sweep_target(seen, mode)) is not None]
    judged = partial(analyse, at=facts.started_at, store=store)
    return [_deepened(report, seen, judged, swept=report in swept) for report in reports]


def _deepened(report: EndpointReport, seen: Probed, judged: Judge, *, swept: bool) -> EndpointReport:
    if report.record.purpose:
        return report
    versions = with_ssl3(seen.on(report), seen.further.offerable) if swept else {}
    suites = accepted_suites(seen.on(report)) if swept else {}
    report = replace(report, versions=versions, suites=suites)
    every = (*(check(report, seen) for check in CHECKS), _other_key(report, seen, judged))
    found = [finding(code, params, report.port) for told in every for code, params in told]
    new = {one.code for one in found}
    first = [one for one in report.findings if not new & SAID_BETTER.get(one.code, frozenset())]
    return replace(report, findings=tuple(sorted((*first, *found), key=lambda one: -one.severity)))


def _old_versions(report: EndpointReport, _seen: Probed) -> Found:
    old = [version for version in OLD if report.versions.get(version) == "yes"]
    agreed = report.record.handshake.version if report.record.handshake else ""
    if old and agreed not in OLD:
        yield Code.OLD_TLS_ACCEPTED, {"port": report.port, "versions": " ".join(old)}


def _hidden(report: EndpointReport, seen: Probed) -> Found:
    for record in seen.made(report, "hidden"):
        if record.handshake is not None and not Reading(record).starttls_offered:
            yield Code.HIDDEN_STARTTLS, {"port": report.port, "version": record.handshake.version}


def _flapping(report: EndpointReport, seen: Probed) -> Found:
    """Counted are the connections that came to an EHLO reply."""
    if report.record.mode != "starttls" or report.state != State.OPEN:
        return
    looks = [reading for reading in map(Reading, seen.on(report)) if reading.ehlo and reading.ehlo.code == 250]
    offers = sum(reading.starttls_offered for reading in looks)
    if 0 < offers < len(looks):
        yield Code.STARTTLS_FLAPPING, {"port": report.port, "offers": offers, "looks": len(looks)}


def _tls_flapping(report: EndpointReport, seen: Probed) -> Found:
    """Counted are handshakes, and those that failed although all was offered that there is."""
    alike = [Reading(it) for it in seen.on(report) if it.purpose in {"", "again"} and it.handshake is None]
    failed = [reading for reading in alike if reading.tls_state not in {"", TlsState.OK, *NO_HANDSHAKE}]
    good = sum(record.handshake is not None for record in seen.on(report))
    if good and failed:
        yield Code.TLS_FLAPPING, {"port": report.port, "good": good, "tries": good + len(failed)}


def _certificates(report: EndpointReport, seen: Probed) -> Found:
    own = leaf_of(report.record)
    if not own:
        return
    others = [*seen.made(report, "hidden"), *seen.made(report, "again"), *seen.made(report, "no_name")]
    named = {leaf_of(record) for record in seen.on(report) if record.purpose != "no_name"}
    differing = {leaf_of(record): record for record in others if leaf_of(record) not in {b"", own}}
    for leaf, record in differing.items():
        how = "no_name" if record.purpose == "no_name" and leaf not in named else "again"
        yield Code.CERT_DIFFERS, {"port": report.port, "how": how, **described(leaf)}


def _family(report: EndpointReport, seen: Probed) -> Found:
    """Of files from before hosts were checked at all their addresses."""
    yield from of_family(report, seen)


def _cut_short(report: EndpointReport, seen: Probed) -> Found:
    record = seen.turned_away(report.record.address)
    if record is not None and (record.port, record.mode) == (report.port, report.record.mode):
        step = record.step(GREETING)
        said = f"{step.code} {step.text}" if step and step.code else record.connect.replace("_", " ")
        yield Code.DEEP_CUT_SHORT, {"port": report.port, "said": said[:200]}


def _unasked(report: EndpointReport, seen: Probed) -> Found:
    here = (report.record.host, report.port, report.record.mode)
    left = dict.fromkeys(wish.purpose for wish in wishes(seen) if (wish.host, wish.port, wish.mode) == here)
    if left:
        yield Code.DEEP_UNFINISHED, {"port": report.port, "unasked": " ".join(left)}


def _suites(report: EndpointReport, seen: Probed) -> Found:
    known = {one.code for one in report.findings}
    for code, params in suite_findings(report.port, seen.on(report)):
        if SAID_BEFORE.get(code) not in known and code not in known:
            yield code, dict(params)


def _staple(report: EndpointReport, seen: Probed) -> Found:
    if demands_staple(leaf_of(report.record)) and lacks_staple(seen.on(report)):
        yield Code.OCSP_STAPLE_MISSING, {"port": report.port}


def _other_key(report: EndpointReport, seen: Probed, judged: Judge) -> Found:
    """The certificate of another kind of key that clients get who do not take the first; what both lack is said."""
    own = report.certificate
    if own is None:
        return
    said = {one.code for one in report.findings}
    chains = dict.fromkeys(chain for it in seen.on(report) if it.sni == report.record.sni and (chain := chain_of(it)))
    for chain in chains:
        other = judged(chain, host=report.record.host)
        faults = [code for code, _ in other.findings if code.severity() >= Severity.error and code not in said]
        if faults and _kind(other) not in {"", _kind(own)}:
            params: Params = {"key": other.key, "own": own.key, "why": str(faults[0]), **described(chain[0])}
            yield Code.CERT_OTHER_KEY, {"port": report.port, **params}
            return


def _kind(certificate: CertificateReport) -> str:
    """RSA, EC and so on; "" where it cannot be read."""
    return certificate.key.partition(" ")[0]


Check = Callable[[EndpointReport, Probed], Found]
CHECKS: tuple[Check, ...] = (
    _old_versions,
    _suites,
    _staple,
    _hidden,
    _flapping,
    _tls_flapping,
    _certificates,
    _family,
    _cut_short,
    _unasked,
)


NOT_CONNECTED: Mapping[str, Code] = {"refused": Code.FAMILY_REFUSED, "no_answer": Code.FAMILY_SILENT}
"""How a connection to the other family failed -> finding; every other way says nothing of the host."""


def of_family(report: EndpointReport, seen: Probed) -> Found:
    """The other address family of the host: reported at the endpoint that it was compared with."""
    base = base_of(seen, report.record.host)
    if base is None or base.record is not report.record:
        return
    host = report.record.host
    for record in seen.further.records:
        if record.purpose == "family" and record.host == host and record.connect not in OURS:
            yield NOT_CONNECTED.get(record.connect, Code.FAMILY_UNREACHABLE), _place(record)


def _place(record: Record) -> Params:
    family = "IPv6" if ":" in record.address else "IPv4"
    return {"port": record.port, "address": record.address, "family": family}


def leaf_of(record: Record) -> bytes:
    """The server's own certificate (DER), or nothing."""
    return record.handshake.chain[0] if record.handshake and record.handshake.chain else b""
