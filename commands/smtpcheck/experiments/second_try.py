"""A port that left one connection without a greeting, and greets the next: which connections show that. Pure.

Behind a load balancer with a server that is down every second connection ends so. Nothing that a connection asks for
decides it: one more is enough, of whatever kind.
"""

from collections.abc import Iterable

from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.result.states import State
from commands.smtpcheck.wire.record import EHLO, GREETING, PROXY_HEADERS, READY, Record
from commands.smtpcheck.wire.session_facts import Reading

HUNG_UP = frozenset({State.CLOSED_BEFORE_GREETING, State.RESET_BEFORE_GREETING})
UNGREETED = HUNG_UP | {State.NO_GREETING}


def is_greeted(record: Record) -> bool:
    """Whether the server greeted; on a port for plain SMTP also one that we spoke to in TLS or HTTP.

    Behind a PROXY header it counts where the server took that for a command: it waits for none.
    """
    greeting, ehlo = record.step(GREETING), record.step(EHLO)
    code = greeting.code if greeting is not None else None
    if record.purpose in PROXY_HEADERS:
        return code == READY and ehlo is not None and (ehlo.code or 0) >= 400
    return code == READY or Reading(record).first_bytes.startswith(b"220")


def answers_some(report: EndpointReport, made: Iterable[Record]) -> bool:
    """Whether one of these connections to the endpoint was greeted, as its own was not."""
    return report.state in UNGREETED and any(map(is_greeted, made))
