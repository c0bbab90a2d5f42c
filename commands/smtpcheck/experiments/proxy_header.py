"""A server that waits for a PROXY header: a connection that begins with one is greeted, others never are. Pure.

Servers behind HAProxy, nginx or a cloud's load balancer can be told to expect that header from everybody. Without it
they wait: Postfix five seconds, then `421 4.3.0` (smtpd) or `421 4.3.2` (postscreen); others hang up or say nothing. On
a port for TLS from the first byte our ClientHello stands in its place, and they hang up at once.

HAProxy, nginx, Dovecot and Exim read both versions of the header; nodemailer's smtp-server only the first, OpenSMTPD
only the second, and so does Postfix of those that carry no address (seen with 3.7).

Rule: only a server that greets behind the header and then takes EHLO had read it; one that did not expect it answers
the header as a command that it does not know, whatever became of the first connection.
"""

from collections.abc import Mapping
from dataclasses import replace

from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.states import State
from commands.smtpcheck.wire.record import BUSY, EHLO, GREETING, READY, Record

CLOSED_AFTER_MS = 1000.0
"""A server that hangs up sooner did not wait for anything."""

TURNED_AWAY_AFTER_MS = 2000.0
"""A server that says 421 sooner is busy, and is left in peace."""

WITHOUT: Mapping[State, str] = {
    State.NO_GREETING: "silent",
    State.CLOSED_BEFORE_GREETING: "closed",
    State.RESET_BEFORE_GREETING: "reset",
    State.RATE_LIMITED: "turned_away",
    State.TEMP_REFUSED: "turned_away",
}
"""What happens without the header, by the state that it looks like."""

CHARACTERS = 200


def calls_for_v1(report: EndpointReport) -> bool:
    """Whether the server may have waited for the header: it gave no greeting, and not at once."""
    return WITHOUT.get(report.state) != "turned_away" and may_have_waited(report)


def calls_for_v2(report: EndpointReport) -> bool:
    """The same, and of a server that says 421: Postfix reads only this version of a header without an address."""
    return may_have_waited(report)


def may_have_waited(report: EndpointReport) -> bool:
    """Whether it failed as a server does that waits for the header."""
    record, step = report.record, report.record.step(GREETING)
    if report.state not in WITHOUT or step is None or record.handshake is not None:
        return False
    if WITHOUT[report.state] == "turned_away":
        return step.code == BUSY and record.mode == "starttls" and step.elapsed_ms >= TURNED_AWAY_AFTER_MS
    if record.mode == "implicit":
        return not any(chunk.sender == "server" for chunk in record.chunks)
    return report.state is State.NO_GREETING or step.elapsed_ms >= CLOSED_AFTER_MS


def was_read(record: Record) -> bool:
    """Whether the server greeted behind the header, and then took EHLO."""
    greeting, ehlo = record.step(GREETING), record.step(EHLO)
    return greeting is not None and ehlo is not None and (greeting.code, ehlo.code) == (READY, 250)


def decided(report: EndpointReport, record: Record) -> EndpointReport:
    """The report, as what it is where the server greeted behind the header."""
    first = report.record.step(GREETING)
    if first is None or not was_read(record):
        return report
    params: dict[str, Value] = {
        "port": report.port,
        "without": WITHOUT[report.state],
        "waited": round(first.elapsed_ms / 1000, 1),
        "said": f"{first.code} {first.text}"[:CHARACTERS] if first.code is not None else "",
    }
    found = finding(Code.PROXY_HEADER_EXPECTED, params, report.port)
    return replace(report, state=State.PROXY_HEADER_EXPECTED, tls_state="", findings=(found,))
