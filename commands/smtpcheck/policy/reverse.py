"""Reverse DNS of the probed addresses: the PTR names, and whether one of them leads back.

Receivers distrust senders without forward-confirmed reverse DNS; of a server that only receives it says little, so
nothing here weighs more than a notice.

Sources: RFC 1912 section 2.1 (matching PTR), RFC 8601 section 3 (`iprev`).
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

import dns.reversename

from commands.smtpcheck.lookup.question import Answer, SecureResolver, name_text
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.wire.record import GREETING

MAX_NAMES = 5
"""PTR names of one address that are looked up; more is a fault of its own and no work for us."""

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reverse:
    """One address. `confirmed_by` is the first PTR name that leads back to it, or empty."""

    address: str
    state: Literal["confirmed", "not_confirmed", "missing", "unknown"]
    names: tuple[str, ...] = ()
    confirmed_by: str = ""


async def look_back(addresses: Iterable[str], resolver: SecureResolver) -> tuple[Reverse, ...]:
    """The reverse DNS of each address, asked at once. Never raises for what DNS does."""
    return tuple(await asyncio.gather(*(_one(address, resolver) for address in dict.fromkeys(addresses))))


async def _one(address: str, resolver: SecureResolver) -> Reverse:
    pointer = name_text(dns.reversename.from_address(address))
    answer = await resolver.ask(pointer, "PTR")
    if not answer.is_certain:
        return Reverse(address, "unknown")
    names = tuple(dict.fromkeys(name_text(record.target) for record in answer.records))[:MAX_NAMES]
    if not names:
        return Reverse(address, "missing")
    rdtype = "AAAA" if ":" in address else "A"
    forward = await asyncio.gather(*(resolver.ask(name, rdtype) for name in names))
    return _confirmed(address, names, forward)


def _confirmed(address: str, names: tuple[str, ...], forward: Sequence[Answer]) -> Reverse:
    wanted = ip_address(address)
    for name, answer in zip(names, forward, strict=True):
        if any(ip_address(record.address) == wanted for record in answer.records):
            return Reverse(address, "confirmed", names, name)
    certain = all(answer.is_certain for answer in forward)
    return Reverse(address, "not_confirmed" if certain else "unknown", names)


def reverse_findings(found: Sequence[Reverse], reports: Sequence[EndpointReport]) -> list[Found]:
    """A finding for each address; another for a greeting whose name is not among the confirmed address's names."""
    findings: list[Found] = []
    for reverse in found:
        params: dict[str, Value] = {"address": reverse.address, "ptr": reverse.confirmed_by or _first(reverse)}
        findings.append((row_of(f"ptr_{reverse.state}"), params))
        banner = next(filter(None, (banner_name(one) for one in reports if one.record.address == reverse.address)), "")
        if reverse.state == "confirmed" and banner and banner not in reverse.names:
            findings.append((Code.BANNER_NOT_PTR, {**params, "banner": banner}))
    return findings


def banner_name(report: EndpointReport) -> str:
    """The host name that the greeting begins with (RFC 5321 section 4.2), in lower case; empty without one."""
    step = report.record.step(GREETING)
    first = step.text.split(maxsplit=1)[:1] if step and step.code == 220 else []
    name = first[0].rstrip(".").lower() if first else ""
    return name if len(name) <= 253 and _HOST.fullmatch(name) else ""


def _first(reverse: Reverse) -> str:
    return reverse.names[0] if reverse.names else ""
