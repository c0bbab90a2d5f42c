"""What follows from the further connections of a deep check: findings of endpoints, and their TLS versions. Pure.

Rule: two connections are compared only where they asked the same. A server may well choose another certificate for
older TLS; for another address, or without the name, it is worth a word.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from commands.smtpcheck.deep.address_family import Found, leaf_of, of_family
from commands.smtpcheck.deep.further_connections import Probed, sweep_target, wishes
from commands.smtpcheck.deep.tls_versions import OLD, accepted
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.tls.certificate import described
from commands.smtpcheck.wire.record import GREETING, Further, Mode
from commands.smtpcheck.wire.session_facts import Reading

SAID_BETTER: Mapping[Code, Code] = {Code.STARTTLS_NOT_OFFERED: Code.HIDDEN_STARTTLS}
"""A finding of the first connection -> what a further one says instead."""

NO_HANDSHAKE = frozenset({TlsState.NOT_OFFERED, TlsState.MASKED, TlsState.BROKEN_TEMP, TlsState.INTERCEPTED})
"""TLS states in which it did not come to a handshake."""

MODES: tuple[Mode, ...] = ("starttls", "implicit")


def deepened(reports: Sequence[EndpointReport], dns: Dns, further: Further) -> list[EndpointReport]:
    """The reports with what the further connections add."""
    seen = Probed(tuple(reports), dns, further)
    swept = [report for mode in MODES if (report := sweep_target(seen, mode)) is not None]
    return [_deepened(report, seen, swept=report in swept) for report in reports]


def _deepened(report: EndpointReport, seen: Probed, *, swept: bool) -> EndpointReport:
    if report.record.purpose:
        return report
    versions = accepted(seen.on(report), seen.further.offerable) if swept else {}
    report = replace(report, versions=versions)
    found = [finding(code, params, report.port) for check in CHECKS for code, params in check(report, seen)]
    new = {one.code for one in found}
    first = [one for one in report.findings if SAID_BETTER.get(one.code) not in new]
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
    yield from of_family(report, seen, flapping=any(_flapping(report, seen)))


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


Check = Callable[[EndpointReport, Probed], Found]
CHECKS: tuple[Check, ...] = (
    _old_versions,
    _hidden,
    _flapping,
    _tls_flapping,
    _certificates,
    _family,
    _cut_short,
    _unasked,
)
