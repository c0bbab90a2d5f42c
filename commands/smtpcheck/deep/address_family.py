"""What a host is over its other address family, held against the endpoint that it was asked like. Pure."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from commands.smtpcheck.deep.further_connections import Probed, base_of
from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.states import TlsState
from commands.smtpcheck.tls.certificate import described
from commands.smtpcheck.wire.record import Record

Params: TypeAlias = dict[str, Value]
Found: TypeAlias = Iterator[tuple[Code, Params]]

NOT_CONNECTED: Mapping[str, Code] = {"refused": Code.FAMILY_REFUSED, "no_answer": Code.FAMILY_SILENT}
"""How a connection to the other family failed -> finding; every other way says nothing of the host."""


def of_family(report: EndpointReport, seen: Probed, *, flapping: bool) -> Found:
    """The other address family of the host: reported at the endpoint that it was compared with."""
    base = base_of(seen, report.record.host)
    if base is None or base.record is not report.record:
        return
    host = report.record.host
    for record in seen.further.records:
        if record.purpose == "family" and record.host == host:
            yield NOT_CONNECTED.get(record.connect, Code.FAMILY_UNREACHABLE), _place(record)
    for other in seen.reports:
        if other.record.purpose == "family" and other.record.host == host:
            yield from _compared(report, other, flapping=flapping)


def _compared(report: EndpointReport, other: EndpointReport, *, flapping: bool) -> Found:
    """Where STARTTLS comes and goes, its absence on the other family says nothing of the family."""
    place = _place(other.record)
    chance = flapping and TlsState.NOT_OFFERED in {report.tls_state, other.tls_state}
    if _service(report) != _service(other) and not chance:
        seen = {"state": other.state, "tls": other.tls_state or "unknown", "version": _version(other)}
        yield Code.FAMILY_DIFFERS, {**place, **seen}
    shown = leaf_of(other.record)
    if shown and leaf_of(report.record) not in {b"", shown}:
        yield Code.CERT_DIFFERS, {**place, "how": "family", **described(shown)}


def _place(record: Record) -> Params:
    family = "IPv6" if ":" in record.address else "IPv4"
    return {"port": record.port, "address": record.address, "family": family}


def _service(report: EndpointReport) -> tuple[str, str, str]:
    return report.state, report.tls_state, _version(report)


def _version(report: EndpointReport) -> str:
    return report.record.handshake.version if report.record.handshake else ""


def leaf_of(record: Record) -> bytes:
    """The server's own certificate (DER), or nothing."""
    return record.handshake.chain[0] if record.handshake and record.handshake.chain else b""
