"""A port that takes TLS and then says nothing: a web server waits for its client to speak. Pure.

Rule: it is HTTP where the server chose that by name in the handshake and then answered a request in it. One that
knows no names of protocols stays what it is: silent.
"""

from dataclasses import replace

from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.states import State
from commands.smtpcheck.wire.record import GREETING, Record
from commands.smtpcheck.wire.session_facts import Reading, malformed_line

CHARACTERS = 200


def called_for(report: EndpointReport) -> bool:
    """Whether TLS from the first byte came about, and no word behind it."""
    return report.state is State.NO_GREETING and Reading(report.record).inside_tls


def decided(report: EndpointReport, record: Record) -> EndpointReport:
    """The report, as one of a web server where it answered as such."""
    step = record.step(GREETING)
    if step is None or record.handshake is None or not record.handshake.alpn or Reading(record).protocol != "HTTP":
        return report
    said = malformed_line(step)[:CHARACTERS]
    params: dict[str, Value] = {"port": report.port, "said": said, "protocol": "HTTP", "inside": True}
    return replace(report, state=State.NOT_SMTP, findings=(finding(Code.NOT_SMTP, params, report.port),))
