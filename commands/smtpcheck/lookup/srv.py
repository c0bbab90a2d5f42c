"""Where the domain says that its users submit mail: SRV records of submission services.

Sources: RFC 2782, RFC 6186 section 3.1 (`_submission`), RFC 8314 section 5.1 (`_submissions`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commands.smtpcheck.lookup.question import SecureResolver, name_text
from commands.smtpcheck.result.findings import Code, Found, Value, row_of

SERVICES = ("submission", "submissions")
MAX_TARGETS = 8


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `targets` are (priority, weight, port, host), best first; `denied`: "." says there is none."""

    name: str
    state: Literal["offered", "denied", "absent", "unknown"]
    targets: tuple[tuple[int, int, int, str], ...] = ()


async def submission_services(domain: str, resolver: SecureResolver) -> tuple[Service, ...]:
    """Both submission services of a domain, asked at once."""
    return tuple(await asyncio.gather(*(_service(name, domain, resolver) for name in SERVICES)))


async def _service(name: str, domain: str, resolver: SecureResolver) -> Service:
    answer = await resolver.ask(f"_{name}._tcp.{domain}", "SRV")
    if not answer.is_certain:
        return Service(name, "unknown")
    entries = [(one.priority, -one.weight, one.port, name_text(one.target)) for one in answer.records]
    targets = tuple((priority, -weight, port, host) for priority, weight, port, host in sorted(entries) if host)
    if targets:
        return Service(name, "offered", targets[:MAX_TARGETS])
    return Service(name, "denied" if entries else "absent")


def service_findings(domain: str, services: Sequence[Service]) -> list[Found]:
    """What is announced, refused or not known; a domain without SRV records is nothing to speak of."""
    findings: list[Found] = []
    for service in services:
        params: dict[str, Value] = {"name": domain, "service": f"_{service.name}._tcp"}
        if service.state == "offered":
            where = ", ".join(f"{host}:{port}" for _, _, port, host in service.targets[:3])
            findings.append((Code.SRV_OFFERED, {**params, "where": where}))
        elif service.state != "absent":
            findings.append((row_of(f"srv_{service.state}"), params))
    return findings
