"""Who answers there? A device on the way that takes every connection to a port, whoever was meant.

Hotspots, some access providers and inspecting firewalls put a relay of their own in between. One sign is weak: a
greeting with another name is what hosted mail looks like. Two are not: the same greeting comes from hosts of other
operators that have nothing to do with the target. Those are the control hosts, and they are asked only where the first
sign stands and the certificate does not prove who is there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from commands.smtpcheck.cert_names import name_matches
from commands.smtpcheck.control import Control, Greeting
from commands.smtpcheck.literal import is_address
from commands.smtpcheck.model import EndpointReport, Finding, Found, Severity
from commands.smtpcheck.record import GREETING

TWO = 2
MASK = "*" * 8

Greetings: TypeAlias = Mapping[int, tuple[Greeting, ...]]
"""Port -> what the control hosts greet with there."""


async def hear(reports: Sequence[EndpointReport], target: str, control: Control) -> Greetings:
    """What the control hosts greet with on the ports where somebody else may have answered."""
    ports = doubtful(reports, target)
    return dict(zip(ports, await asyncio.gather(*map(control.greetings, ports)), strict=True))


def doubtful(reports: Sequence[EndpointReport], target: str) -> list[int]:
    """The ports where somebody else may have answered. Pure."""
    return sorted({report.port for report in reports if _is_doubtful(report, target)})


def unmasked(reports: Sequence[EndpointReport], target: str, greetings: Greetings) -> tuple[EndpointReport, ...]:
    """The reports, with `hijack_suspect` or a finding where unrelated hosts greet in the same way."""
    return tuple(_unmasked(report, target, greetings.get(report.port, ())) for report in reports)


def told(policy: Sequence[Found], reports: Sequence[EndpointReport]) -> list[Found]:
    """The findings on the mail policy without what was made of the greeting of a device that is not the host."""
    foreign = {report.record.address for report in reports if report.state == "hijack_suspect"}
    return [found for found in policy if not (found[0] == "banner_not_ptr" and found[1].get("address") in foreign)]


def _unmasked(report: EndpointReport, target: str, greetings: Sequence[Greeting]) -> EndpointReport:
    if not _is_doubtful(report, target):
        return report
    own, spoken = _own(report, target), who_greets(_greeting(report))
    alike = [each.host for each in greetings if _site(each.host) not in own and who_greets(each.text) == spoken]
    if len({_site(host) for host in alike}) < TWO:
        return report
    params: dict[str, str | int | float] = {
        "port": report.port,
        "host": report.record.host,
        "said": spoken,
        "controls": ", ".join(alike),
    }
    if spoken == MASK:
        found = Finding("middlebox_here", Severity.notice, params)
        return replace(report, findings=(*report.findings, found))
    found = Finding("hijack_suspect", Severity.error, params)
    return replace(report, state="hijack_suspect", tls_state="", findings=(found,))


def who_greets(greeting: str) -> str:
    """The name that a greeting begins with, in lower case; `MASK` for one of asterisks, whatever a firewall left."""
    words = greeting[4:].split()
    first = words[0].rstrip(".").lower() if words else ""
    return MASK if MASK in first else first


def _is_doubtful(report: EndpointReport, target: str) -> bool:
    spoken = who_greets(_greeting(report))
    if report.state != "open" or report.record.mode != "starttls":
        return False
    if spoken == MASK:
        return True
    foreign = "." in spoken.strip("[]") and _site(spoken) not in _own(report, target)
    return foreign and not _is_proven(report, spoken)


def _is_proven(report: EndpointReport, spoken: str) -> bool:
    """A trusted certificate for the host proves who is there; for an address, one for the name that it greets with."""
    shown = report.certificate
    if shown is None or not shown.trusted:
        return False
    return shown.name_matches or (is_address(report.record.host) and name_matches(spoken, shown.names))


def _greeting(report: EndpointReport) -> str:
    step = report.record.step(GREETING)
    return f"{step.code} {step.text}" if step is not None and step.code == 220 else ""


def _own(report: EndpointReport, target: str) -> frozenset[str]:
    return frozenset({_site(target), _site(report.record.host)})


def _site(name: str) -> str:
    """Roughly whose a name is: its last two labels. Too coarse for co.uk, where it errs to silence."""
    return name if is_address(name) else ".".join(name.lower().rstrip(".").split(".")[-2:])
