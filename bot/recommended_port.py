"""Where two slices meet: what `/smtpcheck` saw, handed to the advisor of `/smtpport`.

It stands apart from `services`, which takes half a second to load: `portero check --replay` needs this alone.
"""

from collections.abc import Sequence

from commands.smtpcheck.report.model import EndpointReport, Recommendation
from commands.smtpcheck.result.scales import Severity
from commands.smtpport.probed import ProbedPort, recommend


def recommended(reports: Sequence[EndpointReport], *, receives_mail: bool) -> Recommendation | None:
    """The port that the advisor makes of a probe, on the first host where it works; None when nothing is usable."""
    chosen = recommend([_probed(report) for report in reports], receives_mail=receives_mail)
    if chosen is None:
        return None
    fitting = [report for report in reports if report.usable and report.port == chosen.port]
    best = min(fitting, key=lambda report: report.worst)
    return Recommendation(chosen.port, chosen.tls, chosen.reason, best.record.host)


def _probed(report: EndpointReport) -> ProbedPort:
    return ProbedPort(
        port=report.port,
        tls=report.tls_mode,
        usable=report.usable,
        auth=bool(report.after_tls.auth),
        sound=report.worst < Severity.error,
    )
