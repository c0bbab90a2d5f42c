"""What the ports of one address say together that none says alone. Pure.

A port that cannot be reached, says ICMP: a firewall rejects this port, or the host or the way is not there. That it is
rejected is told by the kind of the message (RFC 1812 section 5.2.7.1: administratively prohibited), or by an open port
of the same address: there is a way then. Whose firewall it is, is told by who sent the message: this machine itself
(its OUTPUT chain), a router of its own network, the host, or somebody in between.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from commands.smtpcheck.experiments import proxy_header, segment_size
from commands.smtpcheck.experiments.proxy_header import may_have_waited
from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Params, Value
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.wire.connection import SMALL_SEGMENT
from commands.smtpcheck.wire.record import PROXY_HEADERS, Record

PROHIBITED = frozenset({(3, 9), (3, 10), (3, 13), (1, 1), (1, 5), (1, 6)})
"""Types and codes of ICMP and ICMPv6 that say so; of the latter also the policy of the source and a reject route."""

PORT_UNREACHABLE = frozenset({(3, 3), (1, 4)})
"""A TCP port that nobody listens on answers otherwise: a firewall's REJECT says this."""

TIME_EXCEEDED = {4: (11, 0), 6: (3, 0)}
"""What a router says in transit when a packet has made all its hops (RFC 792, RFC 4443 section 3.3)."""

AT_ONCE_MS = 100.0
"""Who has to look for a neighbour takes a second at least before this machine tells itself that there is none."""


def rejected(reports: Sequence[EndpointReport]) -> list[EndpointReport]:
    """The reports, with `rejected` or `blocked_here` where a firewall rejects a port."""
    return [_told(report, reports) if report.state in _DOUBTED and report.findings else report for report in reports]


_DOUBTED = frozenset({State.UNREACHABLE, State.REFUSED})


def sent_by(record: Record) -> Literal["", "us", "host", "hop"]:
    """Who sent the ICMP message that ended the connect; "" where none is known."""
    if record.icmp is None or not (record.icmp.own or record.icmp.sender):
        return ""
    if record.icmp.own:
        return "us"
    return "host" if record.icmp.sender == record.address else "hop"


def _told(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    record, way = report.record, _way_to(report.record, reports)
    kind = (record.icmp.type, record.icmp.code) if record.icmp is not None else None
    by = sent_by(record)
    sender = record.icmp.sender if record.icmp else ""
    if _ran_out_of_hops(record):
        return _without_way(report, {"by": "expired" if sender else "", "sender": sender})
    if by == "us" and (way or kind in PROHIBITED | PORT_UNREACHABLE or record.connect_ms < AT_ONCE_MS):
        found = finding(Code.NOT_PERMITTED, report.findings[0].params, report.port)
        return replace(report, state=State.BLOCKED_HERE, findings=(found,))
    if record.icmp is not None and record.icmp.beside and kind in PROHIBITED | PORT_UNREACHABLE:
        found = finding(Code.NOT_PERMITTED, {**report.findings[0].params, "router": sender}, report.port)
        return replace(report, state=State.BLOCKED_HERE, findings=(found,))
    if report.state == State.REFUSED and kind not in PORT_UNREACHABLE:
        return report
    params: dict[str, Value] = {"by": by, "sender": sender}
    if kind in PROHIBITED | PORT_UNREACHABLE or way:
        params |= {"port": report.port, "address": record.address}
        params |= {"ms": round(record.connect_ms, 1), "host_ms": round(way, 1)}
        return replace(report, state=State.REJECTED, findings=(finding(Code.REJECTED, params, report.port),))
    return _without_way(report, {**params, "near": record.icmp is not None and record.icmp.beside})


def _without_way(report: EndpointReport, params: Params) -> EndpointReport:
    found = finding(Code.UNREACHABLE, {**report.findings[0].params, **params}, report.port)
    return replace(report, findings=(found, *report.findings[1:]))


def _ran_out_of_hops(record: Record) -> bool:
    """Whether a router told that the time of our packet was over: it lets packets through, but they do not arrive."""
    expired = TIME_EXCEEDED[6 if ":" in record.address else 4]
    return record.icmp is not None and (record.icmp.type, record.icmp.code) == expired


def _way_to(record: Record, reports: Sequence[EndpointReport]) -> float:
    """Milliseconds of the fastest connection to another port of this address; 0.0 when none stood."""
    others = (one.record for one in reports)
    stood = (one for one in others if one.connect == "connected" and one.address == record.address)
    return min((max(one.connect_ms, 0.1) for one in stood), default=0.0)


HANGS_UP = frozenset({State.CLOSED_BEFORE_GREETING, State.RESET_BEFORE_GREETING})


def with_one_cause(reports: Sequence[EndpointReport], tried: Sequence[Record] = ()) -> tuple[EndpointReport, ...]:
    """The reports; what a port shows of the cause holds for the ports beside it that fail alike.

    A port for implicit TLS that hangs up has the cause that STARTTLS shows; one that refuses us in the words of a port
    that waits for a PROXY header does so for want of it. What an experiment showed on one port is likely on another on
    which that was not `tried`.
    """
    known = [_as_experiments_showed(report, reports, tried) for report in reports]
    return tuple(_without_header(_beside(report, known), known) for report in known)


def _as_experiments_showed(
    report: EndpointReport, reports: Sequence[EndpointReport], tried: Sequence[Record]
) -> EndpointReport:
    done = {record.purpose for record in tried if _place(record) == _place(report.record)}
    proxied = _others(report, reports, Code.PROXY_HEADER_EXPECTED)
    if (
        proxied
        and (may_have_waited(report) or _swallowed_hello(report))
        and done.isdisjoint(_read_beside(report, tried))
    ):
        found = finding(Code.SAME_PROXY_HEADER, {"port": report.port, "others": proxied}, report.port)
        return replace(report, findings=(found,))
    stalled = _others(report, reports, Code.PATH_MTU_BLACK_HOLE)
    if stalled and segment_size.called_for(report) and "small_segments" not in done:
        seconds = round(report.record.last.elapsed_ms / 1000, 1) if report.record.last else 0.0
        params: Params = {"port": report.port, "octets": SMALL_SEGMENT, "waited": seconds, "others": stalled}
        rest = (one for one in report.findings if one.code != Code.TLS_TIMEOUT)
        return replace(report, findings=(finding(Code.PATH_MTU_BLACK_HOLE, params, report.port), *rest))
    return report


def _swallowed_hello(report: EndpointReport) -> bool:
    """Whether not a byte came in answer to our ClientHello: some read on for the header that should stand there."""
    heard = any(chunk.sender == "server" for chunk in report.record.chunks)
    return report.record.mode == "implicit" and report.tls_state == TlsState.TIMEOUT and not heard


def _read_beside(report: EndpointReport, tried: Sequence[Record]) -> set[str]:
    """The versions of a PROXY header that other ports of the address read."""
    beside = (one for one in tried if one.address == report.record.address and one.port != report.port)
    read: set[str] = {one.purpose for one in beside if one.purpose in PROXY_HEADERS and proxy_header.was_read(one)}
    return read or set(PROXY_HEADERS)


def _others(report: EndpointReport, reports: Sequence[EndpointReport], code: Code) -> str:
    """The ports of the same address of which this is said."""
    beside = (one for one in reports if one is not report and one.record.address == report.record.address)
    return " and ".join(str(one.port) for one in beside if _has(one, code))


def _without_header(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    beside = (one for one in reports if one.record.address == report.record.address)
    refusals = {it.params["said"] for one in beside for it in one.findings if it.code == Code.PROXY_HEADER_EXPECTED}
    first = next(iter(report.findings), None)
    if first is None or report.state not in _PUT_OFF or "code" not in first.params:
        return report
    if f"{first.params['code']} {first.params['said']}" not in refusals:
        return report
    meant = replace(first, params={**first.params, "meaning": str(Meaning.PROXY_MISMATCH)})
    return replace(report, findings=(meant, *report.findings[1:]))


_PUT_OFF = frozenset({State.RATE_LIMITED, State.TEMP_REFUSED})


def asked_on_one(reports: Sequence[EndpointReport]) -> tuple[EndpointReport, ...]:
    """The reports without doubt of a kind of key where another port that shows the same certificate was asked."""
    known = {_shown(one) for one in reports if not _has(one, Code.CERT_RARE_KEY)}
    doubted = [_has(one, Code.CERT_RARE_KEY) and _shown(one) in known for one in reports]
    return tuple(
        _without(one, Code.CERT_RARE_KEY) if asked else one for one, asked in zip(reports, doubted, strict=True)
    )


def _shown(report: EndpointReport) -> tuple[str, str]:
    return report.record.address, report.certificate.sha256 if report.certificate else ""


def _has(report: EndpointReport, code: Code) -> bool:
    return any(found.code is code for found in report.findings)


def _without(report: EndpointReport, code: Code) -> EndpointReport:
    if not _has(report, code):
        return report
    return replace(report, findings=tuple(found for found in report.findings if found.code is not code))


def _beside(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    if report.record.mode != "implicit" or report.state not in HANGS_UP:
        return report
    beside = [one for one in reports if one.record.address == report.record.address]
    broken = [one for one in beside if one.tls_state == TlsState.BROKEN_TEMP]
    if not broken:
        return _reset_alike(report, beside)
    said = next(found.params["said"] for found in broken[0].findings if found.code == Code.STARTTLS_BROKEN_TEMP)
    params: Params = {"port": report.port, "others": " and ".join(str(one.port) for one in broken), "said": said}
    rest = (found for found in report.findings if found.code != str(report.state))
    return replace(report, findings=(finding(Code.SAME_BROKEN_TLS, params, report.port), *rest))


def _reset_alike(report: EndpointReport, beside: Sequence[EndpointReport]) -> EndpointReport:
    """The report; a reset behind our ClientHello is one of the handshake where another port has the same there."""
    resets = (found for one in beside for found in one.findings if found.code == Code.TLS_RESET)
    like = next((found for found in resets if found.params["where"] == "handshake"), None)
    if report.state != State.RESET_BEFORE_GREETING or like is None:
        return report
    rest = (found for found in report.findings if found.code != Code.RESET_BEFORE_GREETING)
    alike = finding(Code.TLS_RESET, {**like.params, "port": report.port}, report.port)
    return replace(report, findings=(alike, *rest))


def _place(record: Record) -> tuple[str, str, int]:
    return record.host, record.address, record.port
