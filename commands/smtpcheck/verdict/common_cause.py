"""What the ports of one address say together that none says alone. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Params
from commands.smtpcheck.result.states import State, TlsState

HANGS_UP = frozenset({State.CLOSED_BEFORE_GREETING, State.RESET_BEFORE_GREETING})


def with_one_cause(reports: Sequence[EndpointReport]) -> tuple[EndpointReport, ...]:
    """The reports; a port for implicit TLS that hangs up has the cause that STARTTLS names on the ports beside it."""
    return tuple(_beside(report, reports) for report in reports)


def _beside(report: EndpointReport, reports: Sequence[EndpointReport]) -> EndpointReport:
    if report.record.mode != "implicit" or report.state not in HANGS_UP:
        return report
    broken = [
        one for one in reports if one.record.address == report.record.address and one.tls_state == TlsState.BROKEN_TEMP
    ]
    if not broken:
        return report
    said = next(found.params["said"] for found in broken[0].findings if found.code == Code.STARTTLS_BROKEN_TEMP)
    params: Params = {"port": report.port, "others": " and ".join(str(one.port) for one in broken), "said": said}
    rest = (found for found in report.findings if found.code != str(report.state))
    return replace(report, findings=(finding(Code.SAME_BROKEN_TLS, params, report.port), *rest))
