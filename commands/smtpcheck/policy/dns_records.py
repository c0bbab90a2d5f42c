"""Small DNS records of a mail host or domain: PTR, SRV and TLS-RPT, each with its look-up and what follows from it.

Receivers distrust senders without forward-confirmed reverse DNS; of a server that only receives it says little, so
nothing of a PTR weighs more than a notice. SRV tells where the users of a domain submit mail, TLS-RPT whom to tell
about failed TLS.

Sources: RFC 1912 section 2.1 (matching PTR), RFC 8601 section 3 (`iprev`); RFC 2782, RFC 6186 section 3.1
(`_submission`), RFC 8314 section 5.1 (`_submissions`); RFC 8460 section 3 (TLS-RPT).
"""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from commands.allowed_ports import DEFAULT_PORTS
from commands.slack_text import clean
from commands.smtpcheck.lookup.question import Reverse, SecureResolver, name_text, text_of
from commands.smtpcheck.lookup.resolve import doubled
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.document import Place
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.wire.record import GREETING

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+", re.IGNORECASE)


def reverse_findings(found: Sequence[Reverse], reports: Sequence[EndpointReport]) -> list[Found]:
    """A finding for each address; another for a greeting whose name is not among the confirmed address's names."""
    findings: list[Found] = []
    for reverse in found:
        params: dict[str, Value] = {"address": reverse.address, "ptr": reverse.confirmed_by or _first_name(reverse)}
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


def _first_name(reverse: Reverse) -> str:
    return reverse.names[0] if reverse.names else ""


SERVICES = ("submission", "submissions")
MAX_TARGETS = 8
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `targets` are (priority, weight, port, host), best first; `denied`: "." says there is none.

    `gone` are hosts among them that have no address, `unseen` those that DNS gave no answer for.
    """

    name: str
    state: Literal["offered", "denied", "absent", "unknown"]
    targets: tuple[tuple[int, int, int, str], ...] = ()
    gone: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


async def submission_services(domain: str, resolver: SecureResolver) -> tuple[Service, ...]:
    """Both submission services of a domain, asked at once; then the addresses of the hosts that they name."""
    return tuple(await asyncio.gather(*(_service(name, domain, resolver) for name in SERVICES)))


async def _service(name: str, domain: str, resolver: SecureResolver) -> Service:
    answer = await resolver.ask(f"_{name}._tcp.{domain}", "SRV")
    if not answer.is_certain:
        return Service(name, "unknown")
    entries = [(one.priority, -one.weight, one.port, name_text(one.target)) for one in answer.records]
    targets = tuple((priority, -weight, port, host) for priority, weight, port, host in sorted(entries) if host)
    if not targets:
        return Service(name, "denied" if entries else "absent")
    hosts = list(dict.fromkeys(host for *_, host in targets[:MAX_TARGETS]))
    there = dict(zip(hosts, await asyncio.gather(*(_has_address(host, resolver) for host in hosts)), strict=True))
    gone, unseen = (frozenset(host for host, answer in there.items() if answer is known) for known in (False, None))
    return Service(name, "offered", targets[:MAX_TARGETS], gone, unseen)


async def _has_address(host: str, resolver: SecureResolver) -> bool | None:
    """Whether a name has an address; None where DNS did not say."""
    families = await asyncio.gather(resolver.ask(host, "A"), resolver.ask(host, "AAAA"))
    if any(answer.records for answer in families):
        return True
    return False if all(answer.is_certain for answer in families) else None


ODD_PORTS = {"submission": frozenset({0, 465}), "submissions": frozenset({0, 25, 587})}
"""Ports at which what listens begins otherwise (RFC 8314 section 7), or nothing can."""


def service_findings(
    domain: str,
    services: Sequence[Service],
    reports: Sequence[EndpointReport] = (),
    ports: Collection[int] = DEFAULT_PORTS,
) -> list[Found]:
    """What is announced, refused or not known; a domain without SRV records is nothing to speak of.

    Of a place that was probed it is said where no client gets through; one of a port that may be checked is offered.
    """
    probed = {(it.record.host, it.port) for it in reports}
    down = probed - {(it.record.host, it.port) for it in reports if it.health is not Health.DOWN}
    findings: list[Found] = []
    for service in services:
        params: dict[str, Value] = {"name": domain, "service": f"_{service.name}._tcp"}
        if service.state == "offered":
            places = _places(service, domain, probed, down, ports)
            findings += ((code, {**params, **said}) for code, said in places)
        elif service.state != "absent":
            findings.append((row_of(f"srv_{service.state}"), params))
    return findings


def _places(
    service: Service, domain: str, probed: Collection[Place], down: Collection[Place], ports: Collection[int]
) -> list[Found]:
    """Where a service is announced, by what its hosts and ports came to."""
    places: dict[Code, list[str]] = {code: [] for code in SRV_ORDER}
    for _, _, port, host in service.targets:
        odd, is_down = port in ODD_PORTS[service.name], (host, port) in down
        code = Code.SRV_ODD_PORT if odd else Code.SRV_UNUSABLE if is_down else Code.SRV_OFFERED
        code = Code.SRV_HOST_UNKNOWN if host in service.unseen else Code.SRV_NO_HOST if host in service.gone else code
        places[code].append(f"{host}:{port}")
    meant = next(filter(None, (doubled(host, domain) for host in sorted(service.gone))), "")
    more: dict[Code, dict[str, Value]] = {Code.SRV_NO_HOST: {"meant": meant} if meant else {}}
    tried = {f"{host}:{port}" for host, port in probed}
    untried = [place for place in places[Code.SRV_OFFERED] if place not in tried]
    more[Code.SRV_OFFERED] = {"untried": True, "to_check": _first_host(untried, ports)} if untried else {}
    listed = {code: ", ".join(some[:MOST_NAMED]) for code, some in places.items() if some}
    return [(code, {"where": where, **more.get(code, {})}) for code, where in listed.items()]


def _first_host(places: Sequence[str], ports: Collection[int]) -> str:
    """The first place whose host can be typed, at a port that may be checked."""
    split = (place.rpartition(":") for place in places)
    return next((f"{host}:{port}" for host, _, port in split if _HOST.fullmatch(host) and int(port) in ports), "")


SRV_ORDER = (Code.SRV_NO_HOST, Code.SRV_HOST_UNKNOWN, Code.SRV_ODD_PORT, Code.SRV_UNUSABLE, Code.SRV_OFFERED)


TlsRptState = Literal["valid", "absent", "many_records", "invalid", "unknown"]

TLS_RPT_VERSION = "v=TLSRPTv1"
_BEGIN = re.compile(rf"{TLS_RPT_VERSION}[ \t]*(?:;|$)")
_URI = re.compile(r"(?:mailto:[^\s@,!;]+@[^\s@,!;]+|https://[^\s,!;]+)", re.IGNORECASE)
MAX_RUA = 8


@dataclass(frozen=True, slots=True)
class TlsRpt:
    """The record of a domain. `rua` are the addresses of reports; `said` is the text of one that is invalid."""

    state: TlsRptState
    rua: tuple[str, ...] = ()
    said: str = ""


async def look_up_tls_rpt(domain: str, resolver: SecureResolver) -> TlsRpt:
    """The TLS-RPT record of a domain. TXT records of other kinds at the name do not count."""
    answer = await resolver.ask(f"_smtp._tls.{domain}", "TXT")
    if not answer.is_certain:
        return TlsRpt("unknown")
    texts = [text for text in map(text_of, answer.records) if _BEGIN.match(text)]
    if len(texts) > 1:
        return TlsRpt("many_records")
    return parse_tls_rpt(texts[0]) if texts else TlsRpt("absent")


def parse_tls_rpt(text: str) -> TlsRpt:
    """A record, strictly: the version first, then `rua` with at least one mailto: or https: URI. Total."""
    version, *fields = (field.strip(" \t") for field in text.split(";"))
    values = [
        value.strip(" \t") for key, _, value in (field.partition("=") for field in fields) if key.strip() == "rua"
    ]
    uris = [uri.strip(" \t") for uri in values[0].split(",")] if values else []
    if version != TLS_RPT_VERSION or not uris or not all(map(_URI.fullmatch, uris)):
        return TlsRpt("invalid", said=clean(text))
    return TlsRpt("valid", tuple(clean(uri) for uri in uris[:MAX_RUA]))


def tls_rpt_findings(domain: str, found: TlsRpt, *, wanted: bool) -> list[Found]:
    """`wanted`: the domain has MTA-STS or DANE, so that nobody would hear of their failures without reports."""
    if found.state == "absent" and not wanted:
        return []
    return [(row_of(f"tls_rpt_{found.state}"), {"name": domain, "rua": ", ".join(found.rua), "said": found.said})]
