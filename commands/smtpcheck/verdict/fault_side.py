"""Whose side it is: a port that does not answer, or somebody who answers in the host's place. The control hosts tell.

Silence: they are asked for ports that gave no answer, and for refusals that a firewall of ours may have made. Most mail
exchangers serve 25 alone, so a refusal elsewhere is doubtful only where there is more to it (`silent_ports`). The words
likely and possible carry the meaning of the diagnosis: likely is a pattern and a control, possible a single signal.

Interception: hotspots, some access providers and inspecting firewalls put a relay of their own in between, which takes
every connection to a port. One sign is weak: a greeting with another name is what hosted mail looks like. Two are not:
the same greeting comes from hosts of other operators that have nothing to do with the target. They are asked only where
the first sign stands and the certificate does not prove who is there. A refusal (5xx as greeting) that does not name
the host may be such a device's, too. Where unrelated hosts refuse in the same words, either it is, or our address is
refused everywhere: in both cases the fault is on our side.
"""

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.address.target import is_address, site
from commands.smtpcheck.egress.control_hosts import Attempt, Control, Greeting, operators_of, whose_side
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import RELAY, Code, Found, Params, Value, row_of
from commands.smtpcheck.result.states import REFUSING, State
from commands.smtpcheck.tls.certificate_findings import name_matches
from commands.smtpcheck.verdict.pool import family, is_family_heard
from commands.smtpcheck.verdict.ports_together import rejected
from commands.smtpcheck.wire.record import EHLO, EHLO_AFTER_TLS, GREETING, STARTTLS, Record

SILENT = frozenset({State.NO_ANSWER, State.REJECTED, State.REFUSED})
DOUBTED = frozenset({State.NO_ANSWER, State.REJECTED})
"""What may always be ours; a refusal is the host's unless there is more to it."""

REGISTERED = frozenset({465, 587})
"""Ports for clients that are registered (RFC 8314 section 7): a host for clients serves one of them."""

NEAR, NEAR_MS = 0.3, 5.0
"""A refusal came from nearer than the host when it took at most this share of the way there, and so much less (ms)."""

ASKED = frozenset({EHLO, STARTTLS, EHLO_AFTER_TLS})
"""Steps whose reply answers what we sent: it went there and back."""

TELLING_S = 30.0
"""From what age on it is told how old the answer of the control hosts is: a check itself takes some seconds."""

PATTERNS: Mapping[frozenset[int], frozenset[int]] = {
    frozenset({25}): frozenset({465, 587}),
    frozenset({25, 465}): frozenset({587, 2525}),
    frozenset({25, 465, 587}): frozenset({2525}),
    frozenset({25, 465, 587, 2525}): frozenset(),
    frozenset({25, 465, 2525}): frozenset({587}),
}
"""Outgoing ports that a known network drops -> the ports that must be seen to get out (`Language.PATTERNS` names them).

A likeness, never a certainty; and none where a port that tells two policies apart was not looked at.
"""


Controls: TypeAlias = Mapping[int, tuple[Attempt, ...]]
"""Port -> what came of it on the control hosts."""


async def ask(reports: Sequence[EndpointReport], control: Control, *, receives_mail: bool) -> Controls:
    """Try the ports whose silence may be ours on the control hosts, all at once."""
    ports = silent_ports(reports, receives_mail=receives_mail)
    return dict(zip(ports, await asyncio.gather(*(control.reach(port) for port in ports)), strict=True))


def settle(
    reports: Sequence[EndpointReport], tried: Controls
) -> tuple[tuple[EndpointReport, ...], tuple[Finding, ...]]:
    """The reports with `blocked_here` where the controls say so, and findings with the evidence. Pure."""
    reports = rejected(reports)
    known = _answering(reports)
    settled = tuple(
        _settled(_near(report, reports), () if _is_beside(report, known) else tried.get(report.port, ()), reports)
        for report in reports
    )
    blocked = frozenset(
        report.port for report in settled if report.state == State.BLOCKED_HERE and report.port in tried
    )
    return settled, (*_evidence(tried), *_pattern(blocked, _got_out(reports, tried)))


def silent_ports(reports: Sequence[EndpointReport], *, receives_mail: bool = False) -> list[int]:
    """The ports whose silence may be ours.

    Refusals are doubtful where nothing answered at all; where port 25, which a network that rejects anything rejects,
    does not answer; where a host that is no exchanger serves no client; and each that came from nearer than the host.
    """
    reports = rejected(reports)
    known = _answering(reports)
    reports = [report for report in reports if not _is_beside(report, known)]
    silent = [report for report in reports if report.state in SILENT]
    doubted = {report.port for report in silent if report.state in DOUBTED or _is_near(report, reports)}
    if len(silent) == len(reports) or any(report.port == RELAY for report in silent):
        return sorted(doubted | {report.port for report in silent})
    registered = [report for report in reports if report.port in REGISTERED]
    if not receives_mail and all(report in silent for report in registered):
        doubted |= {report.port for report in registered}
    return sorted(doubted)


def _answering(reports: Sequence[EndpointReport]) -> frozenset[tuple[str, int]]:
    """The hosts and ports of which an address answers."""
    return frozenset((one.record.host, one.port) for one in reports if one.record.connect == "connected")


def _is_beside(report: EndpointReport, known: Collection[tuple[str, int]]) -> bool:
    """Whether another address answers on the port: it gets out, and the control hosts, over IPv4, tell no more."""
    return report.state in {State.NO_ANSWER, State.REFUSED} and (report.record.host, report.port) in known


def _near(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    """The report, with a finding when its refusal came from nearer than the host."""
    if not _is_near(report, reports):
        return report
    params = {"port": report.port, "ms": _ms(report), "host_ms": round(_way_to(report.record.address, reports), 1)}
    return replace(report, findings=(*report.findings, finding(Code.REFUSED_NEARBY, params, report.port)))


def _is_near(report: EndpointReport, reports: Sequence[EndpointReport]) -> bool:
    if report.state != State.REFUSED:
        return False
    way = _way_to(report.record.address, reports)
    return _ms(report) <= min(NEAR * way, way - NEAR_MS)


def _way_to(address: str, reports: Sequence[EndpointReport]) -> float:
    """Milliseconds of the fastest connection to this address, or reply to us if one was faster; 0.0 when none stood.

    A connect that took longer than a question and its answer waited for this machine, not for the way.
    """
    stood = [one.record for one in reports if one.record.connect == "connected" and one.record.address == address]
    replies = (step.elapsed_ms for one in stood for step in one.steps if step.code is not None and step.name in ASKED)
    return min((*(one.connect_ms for one in stood), *replies), default=0.0)


def _ms(report: EndpointReport) -> float:
    return round(report.record.connect_ms, 1)


def _settled(report: EndpointReport, attempts: Sequence[Attempt], reports: Sequence[EndpointReport]) -> EndpointReport:
    if report.state not in SILENT or not attempts:
        return report
    side = whose_side(report.state, attempts)
    params = {**_own_params(report), "controls": _listed(attempts)}
    if side == "blocked_here":
        return replace(report, state=State.BLOCKED_HERE, findings=(finding(Code.BLOCKED_HERE, params, report.port),))
    if side == "target" and _is_way_known(report.record, attempts, reports):
        said = finding(row_of(f"{report.state}_target"), params, report.port)
        return replace(report, findings=(said, *report.findings[1:]))
    return report


def _is_way_known(record: Record, attempts: Sequence[Attempt], reports: Sequence[EndpointReport]) -> bool:
    """Whether the family of this address works here. Hosts that were reached over the other one do not tell that."""
    reached = (one.address for one in attempts if one.outcome == "connected")
    alike = any(not address or family(address) == family(record.address) for address in reached)
    return alike or is_family_heard(record, reports)


def _own_params(report: EndpointReport) -> Params:
    return report.findings[0].params if report.findings else {"port": report.port}


def _listed(attempts: Iterable[Attempt]) -> str:
    return ", ".join(attempt.host for attempt in attempts if attempt.outcome is not None)


def _evidence(tried: Mapping[int, Sequence[Attempt]]) -> list[Finding]:
    return [finding(Code.CONTROL_PROBE, _probed(port, attempts)) for port, attempts in tried.items() if attempts]


def _probed(port: int, attempts: Sequence[Attempt]) -> Params:
    """How each control host answered, and how long ago where that was not just now.

    `alone`: none could be reached, and they are of one operator, whose failure tells nothing of us.
    """
    ago_s = max(attempt.ago_s for attempt in attempts)
    results: list[Mapping[str, str | float]] = [
        {"host": it.host, "outcome": it.outcome or "not_tried", "elapsed_ms": round(it.elapsed_ms, 1)}
        for it in attempts
    ]
    tried = [attempt for attempt in attempts if attempt.outcome is not None]
    alone = bool(tried) and operators_of(tried) < TWO and all(it.outcome != "connected" for it in tried)
    told: Params = {"port": port, "results": results, "ago_s": round(ago_s, 1) if ago_s >= TELLING_S else 0.0}
    return {**told, "alone": True} if alone else told


def _got_out(reports: Sequence[EndpointReport], tried: Controls) -> frozenset[int]:
    """The ports on which a connection stood: to the target or to a control host."""
    controls = {port for port, attempts in tried.items() if any(one.outcome == "connected" for one in attempts)}
    return frozenset(controls | {report.port for report in reports if report.record.connect == "connected"})


def pattern_of(blocked: frozenset[int], got_out: frozenset[int]) -> str:
    """The ports of a policy that looks like that (`25 465`), or "" ."""
    needed = PATTERNS.get(blocked)
    return " ".join(map(str, sorted(blocked))) if needed is not None and needed <= got_out else ""


def _pattern(blocked: frozenset[int], got_out: frozenset[int]) -> list[Finding]:
    known = pattern_of(blocked, got_out)
    return [finding(Code.NETWORK_PATTERN, {"pattern": known})] if known else []


TWO = 2
MASK = "*" * 8
_CODE, _NUMBERS = re.compile(r"^[0-9]{3}[ -]?"), re.compile(r"[0-9]+")

Greetings: TypeAlias = Mapping[int, tuple[Greeting, ...]]
"""Port -> what the control hosts greet with there."""


async def hear(reports: Sequence[EndpointReport], target: str, control: Control) -> Greetings:
    """What the control hosts greet with on the ports where somebody else may have answered."""
    ports = unproven_ports(reports, target)
    return dict(zip(ports, await asyncio.gather(*map(control.greetings, ports)), strict=True))


def unproven_ports(reports: Sequence[EndpointReport], target: str) -> list[int]:
    """The ports where somebody else may have answered. Pure."""
    return sorted({report.port for report in reports if _is_unproven(report, target)})


def unmasked(reports: Sequence[EndpointReport], target: str, greetings: Greetings) -> tuple[EndpointReport, ...]:
    """The reports, with `hijack_suspect` or a finding where unrelated hosts greet in the same way."""
    return tuple(_unmasked(report, target, greetings.get(report.port, ())) for report in reports)


OF_A_SESSION = frozenset(
    {
        Code.DANE_VALID,
        Code.DANE_MISMATCH,
        Code.DANE_NO_TLS,
        Code.DANE_TLS_FAILED,
        Code.DANE_RECORD,
        Code.DANE_EVERY_RENEWAL,
        Code.MTA_STS_NO_STARTTLS,
        Code.MTA_STS_TLS_FAILED,
        Code.MTA_STS_MX_CERTIFICATE,
    }
)
"""Findings on the mail policy that say what whoever answered on a port did."""


def told(policy: Sequence[Found], reports: Sequence[EndpointReport]) -> list[Found]:
    """The findings on the mail policy without what was made of the answers of a device that is not the host."""
    foreign = [report for report in reports if _is_foreign(report)]
    addresses = {report.record.address for report in foreign}
    places = {(report.record.host, report.port) for report in foreign}

    def is_foreign(code: Code, params: Params) -> bool:
        if code in OF_A_SESSION:
            return (params.get("host"), params.get("port")) in places
        return code == Code.BANNER_NOT_PTR and params.get("address") in addresses

    return [(code, params) for code, params in policy if not is_foreign(code, params)]


def _is_foreign(report: EndpointReport) -> bool:
    """Whether another than the host answered, or changed what it said."""
    return report.state == State.HIJACK_SUSPECT or any(one.code == Code.MIDDLEBOX_HERE for one in report.findings)


def answers_for_all(greetings: Sequence[Greeting]) -> str:
    """The name that hosts of two operators or more greet with although it is nobody's of them; "" where none is."""
    names: dict[str, list[Greeting]] = {}
    for each in greetings:
        name = who_greets(each.text) if each.text.startswith("220") else ""
        if name == MASK or (_is_name(name) and site(name) != site(each.host)):
            names.setdefault(name, []).append(each)
    return next((name for name, those in names.items() if operators_of(those) >= TWO), "")


def _unmasked(report: EndpointReport, target: str, greetings: Sequence[Greeting]) -> EndpointReport:
    if not _is_unproven(report, target):
        return report
    spoken = who_greets(_greeting(report))
    same = _same_words if report.state in REFUSING and not _is_name(spoken) else _same_name
    own = _own(report, target)
    alike = [each for each in greetings if site(each.host) not in own and same(_greeting(report), each.text)]
    if operators_of(alike) < TWO:
        return report
    params: dict[str, Value] = {
        "port": report.port,
        "host": report.record.host,
        "said": spoken,
        "controls": ", ".join(each.host for each in alike),
    }
    if same is _same_words:
        found = finding(Code.REFUSED_ALIKE, {**params, "said": _greeting(report)[:200]}, report.port)
        return replace(report, findings=(found,))
    if spoken == MASK:
        found = finding(Code.MIDDLEBOX_HERE, params, report.port)
        return replace(report, findings=(*report.findings, found))
    found = finding(Code.HIJACK_SUSPECT, params, report.port)
    return replace(report, state=State.HIJACK_SUSPECT, tls_state="", findings=(found,))


def _same_name(greeting: str, other: str) -> bool:
    return who_greets(greeting) == who_greets(other)


def _same_words(greeting: str, other: str) -> bool:
    """Whether two refusals differ in nothing but numbers: addresses, times, sessions."""
    return bool(other) and _words(greeting) == _words(other)


def _words(greeting: str) -> list[str]:
    lines = (_CODE.sub("", line) for line in greeting.lower().split("\n"))
    return _NUMBERS.sub("0", " ".join(lines)).split()


def who_greets(greeting: str) -> str:
    """The name that a greeting begins with, in lower case; `MASK` for one of asterisks, whatever a firewall left."""
    words = greeting[4:].split()
    first = words[0].rstrip(".").lower() if words else ""
    return MASK if MASK in first else first


def _is_unproven(report: EndpointReport, target: str) -> bool:
    greeting = _greeting(report)
    spoken = who_greets(greeting)
    if report.record.mode != "starttls" or report.state not in {State.OPEN, *REFUSING}:
        return False
    if report.state in REFUSING:
        return bool(greeting) and not any(site in greeting.lower() for site in _own(report, target))
    if spoken == MASK:
        return True
    foreign = "." in spoken.strip("[]") and site(spoken) not in _own(report, target)
    return foreign and not _is_proven(report, spoken)


def _is_name(word: str) -> bool:
    """Whether a word is a host name: `5.7.1` is none."""
    return "." in word and word.rpartition(".")[2].isalpha()


def _is_proven(report: EndpointReport, spoken: str) -> bool:
    """A trusted certificate for the host proves who is there; for an address, one for the name that it greets with."""
    shown = report.certificate
    if shown is None or not shown.trusted:
        return False
    return shown.name_matches or (is_address(report.record.host) and name_matches(spoken, shown.names))


def _greeting(report: EndpointReport) -> str:
    """The reply that an open port greeted with, or one that refuses turned us away with."""
    step = report.record.step(GREETING)
    codes = range(500, 600) if report.state in REFUSING else range(220, 221)
    return f"{step.code} {step.text}" if step is not None and step.code in codes else ""


def _own(report: EndpointReport, target: str) -> frozenset[str]:
    return frozenset({site(target), site(report.record.host)})
