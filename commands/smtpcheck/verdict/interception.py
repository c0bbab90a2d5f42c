"""Whether another answers in the host's place: a relay of our network, or a firewall that changes what it said.

Hotspots, some access providers and inspecting firewalls put a relay of their own in between, which takes
every connection to a port. One sign is weak: a greeting with another name is what hosted mail looks like. Two are not:
the same greeting comes from hosts of other operators that have nothing to do with the target. They are asked only where
the first sign stands and the certificate does not prove who is there. A refusal (5xx as greeting) that does not name
the host may be such a device's, too. Where unrelated hosts refuse in the same words, either it is, or our address is
refused everywhere: in both cases the fault is on our side. So may be who takes a connection and speaks no SMTP: where
unrelated hosts do the same, a device takes them all (a captive portal, a transparent proxy without its server).
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.address.target import is_address, site
from commands.smtpcheck.egress.control_hosts import TWO, Control, Greeting, How, first_words, operators_of
from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Found, Params, Value
from commands.smtpcheck.result.states import REFUSING, State, TlsState
from commands.smtpcheck.tls.certificate_findings import name_matches
from commands.smtpcheck.wire.record import GREETING
from commands.smtpcheck.wire.session_facts import Reading

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


WITHOUT_SMTP: Mapping[State, How] = {
    State.NO_GREETING: "silent",
    State.CLOSED_BEFORE_GREETING: "closed",
    State.RESET_BEFORE_GREETING: "closed",
    State.NOT_SMTP: "other",
}
"""How a connection ends where nobody speaks SMTP, by the state that it looks like."""


def _without_smtp(report: EndpointReport) -> How:
    """How nobody spoke SMTP to us; "" where somebody did."""
    if report.record.handshake is not None or any(one.code == Code.SAME_PROXY_HEADER for one in report.findings):
        return ""
    if report.record.mode == "implicit" and report.tls_state == TlsState.TIMEOUT:
        return "silent"
    return WITHOUT_SMTP.get(report.state, "")


def _taken(report: EndpointReport, target: str, greetings: Sequence[Greeting]) -> EndpointReport:
    """The report; where nobody speaks to unrelated hosts either, and to none as it should be, another takes them."""
    how, own = _without_smtp(report), _own(report, target)
    said = first_words(Reading(report.record).first_bytes)
    alike = [one for one in greetings if one.how == how and (how != "other" or _words(one.instead) == _words(said))]
    alike = [one for one in alike if site(one.host) not in own and one.address != report.record.address]
    if operators_of(alike) < TWO or any(one.how in {"greeted", "tls"} for one in greetings):
        return report
    params: Params = {
        "port": report.port,
        "host": report.record.host,
        "how": how,
        "said": said if how == "other" else "",
        "controls": ", ".join(one.host for one in alike),
    }
    found = finding(Code.TAKEN_ALIKE, params, report.port)
    return replace(report, state=State.HIJACK_SUSPECT, tls_state="", findings=(found,))


def _unmasked(report: EndpointReport, target: str, greetings: Sequence[Greeting]) -> EndpointReport:
    if greetings and _without_smtp(report):
        return _taken(report, target, greetings)
    if not greetings or not _is_unproven(report, target):
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
    if _without_smtp(report):
        return True
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
