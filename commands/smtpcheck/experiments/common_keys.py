"""A certificate whose key many clients do not know: a hello without that kind of key tells what they meet. Pure.

Ed25519 and Ed448 stand in few lists of signature algorithms: not in those of Windows, nor of BoringSSL unless a program
asks for it. A server may have a second certificate for such clients; OpenSSL as a client never sees it.

Rule: only what the server says counts: a certificate, or the alert that it has none in common. One of
protocol_version says that the hello was too old.
"""

from dataclasses import replace

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.tls.cipher_suites import GROUPS
from commands.smtpcheck.tls.hello import HELLO, NO_SUCH, PROTOCOL_VERSION, Answer, client_hello, read_answer
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Record


def called_for(report: EndpointReport) -> bool:
    return any(found.code is Code.CERT_RARE_KEY for found in report.findings)


def with_hello(endpoint: Endpoint) -> Endpoint:
    """The endpoint with a hello of RSA and of the common curves."""
    name = "" if is_address(endpoint.host) or not endpoint.sni else endpoint.host
    return replace(endpoint, hello=client_hello(GROUPS["sound"], name=name))


def decided(report: EndpointReport, record: Record) -> EndpointReport:
    """The report without the doubt where such a client gets a certificate, and with a finding where it gets none."""
    answer = _answer(record)
    others = [found for found in report.findings if found.code is not Code.CERT_RARE_KEY]
    if answer.chain:
        return replace(report, findings=tuple(others))
    if answer.alert not in NO_SUCH - {PROTOCOL_VERSION}:
        return report
    rare = next(found for found in report.findings if found.code is Code.CERT_RARE_KEY)
    said = finding(Code.CERT_ONLY_RARE_KEY, {"port": report.port, **rare.params}, report.port)
    return replace(report, findings=tuple(sorted((*others, said), key=lambda one: -one.severity)))


def _answer(record: Record) -> Answer:
    """What came behind the hello."""
    sent = (place for place, it in enumerate(record.chunks) if it.sender == "client" and it.data[0] == HELLO)
    place = next(sent, len(record.chunks))
    return read_answer(b"".join(chunk.data for chunk in record.chunks[place:] if chunk.sender == "server"))
