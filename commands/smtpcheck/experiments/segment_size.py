"""A path that loses large packets: TLS stalls, and with small segments it does not. Pure.

A certificate chain is the first thing in a session that fills whole packets. Where a link on the way takes only smaller
ones and the ICMP message that says so is filtered, the server sends them again and again and nobody hears (RFC 2923
section 2.1). A connection that asks for small segments (`SMALL_SEGMENT`) is not touched by that.

Rule: what came behind STARTTLS must have needed more than one segment, and must have come soon: a server that is only
slow is slow with small segments, too.
"""

from dataclasses import replace

from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.states import TlsState
from commands.smtpcheck.wire.connection import SMALL_SEGMENT
from commands.smtpcheck.wire.record import GREETING, HANDSHAKE_RECORD, STARTTLS, Record, Step
from commands.smtpcheck.wire.session_facts import Reading

SOON_MS = 3000.0


def called_for(report: EndpointReport) -> bool:
    """Whether a handshake got no answer: the server had agreed to STARTTLS, or TLS begins with the first byte."""
    if report.tls_state != TlsState.TIMEOUT:
        return False
    return report.record.mode == "implicit" or Reading(report.record).was_ready


def decided(report: EndpointReport, record: Record) -> EndpointReport:
    """The report, with the black hole instead of the time-out where small segments came through."""
    step, stalled = _handshake_step(record), _handshake_step(report.record)
    if record.handshake is None or step is None or stalled is None or _shake_ms(record, step) > SOON_MS:
        return report
    if sum(len(chunk.data) for chunk in record.chunks if _is_of_tls(chunk.sender, chunk.data)) <= SMALL_SEGMENT:
        return report
    params: dict[str, Value] = {
        "port": report.port,
        "octets": SMALL_SEGMENT,
        "waited": round(stalled.elapsed_ms / 1000, 1),
    }
    found = finding(Code.PATH_MTU_BLACK_HOLE, params, report.port)
    others = (one for one in report.findings if one.code != Code.TLS_TIMEOUT)
    return replace(report, findings=(found, *others))


def _is_of_tls(sender: str, data: bytes) -> bool:
    """Whether a chunk of the server's is of its handshake: SMTP's replies begin with a digit."""
    return sender == "server" and not data[:1].isdigit()


def _handshake_step(record: Record) -> Step | None:
    return record.step(GREETING if record.mode == "implicit" else STARTTLS)


def _shake_ms(record: Record, step: Step) -> float:
    """From the ClientHello to the server's first TLS record, or to the end of the step without one."""
    hello = [chunk.at_ms for chunk in record.chunks if chunk.sender == "client" and chunk.data[0] == HANDSHAKE_RECORD]
    answer = [chunk.at_ms for chunk in record.chunks if _is_of_tls(chunk.sender, chunk.data)]
    return answer[0] - hello[0] if hello and answer else step.elapsed_ms
