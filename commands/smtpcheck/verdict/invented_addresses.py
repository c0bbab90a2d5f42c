"""A name server that makes addresses up for names that do not exist: nothing that it says can be believed. Pure.

Captive portals answer every question with their own address, and access providers those for absent names with that of a
search page. No name below `invalid` exists (RFC 6761 section 6.4), so one that has an address there shows it.

Rule: a host at which some port spoke SMTP is there; of every other one whose address came from such a name server it is
not known whether it exists, nor where.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import EndpointReport, finding
from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.result.states import SPOKE_SMTP, State

NAMED = 3
"""Addresses that are told."""


def is_doubtful(dns: Dns, reports: Sequence[EndpointReport]) -> bool:
    """Whether a host that DNS gave an address for did not show itself."""
    return any(host.source != "address" and host.addresses for host in dns.hosts) and bool(_unseen(dns, reports))


def _unseen(dns: Dns, reports: Sequence[EndpointReport]) -> frozenset[str]:
    """The hosts at which nobody spoke SMTP."""
    seen = {report.record.host for report in reports if report.state in SPOKE_SMTP}
    return frozenset(host.name for host in dns.hosts if host.source != "address" and host.name not in seen)


def invented(asked: str, addresses: Collection[str]) -> Found:
    """What is to be said where a name that cannot exist has addresses."""
    return Code.DNS_INVENTED, {"host": asked, "addresses": ", ".join(sorted(addresses)[:NAMED])}


def is_invented(dns: Dns) -> bool:
    return any(code == Code.DNS_INVENTED for code, _ in dns.findings)


def disbelieved(dns: Dns, reports: Sequence[EndpointReport]) -> Sequence[EndpointReport]:
    """The reports, without what was seen at addresses that may be made up."""
    if not is_invented(dns):
        return reports
    unseen = _unseen(dns, reports)
    return [_disbelieved(report) if report.record.host in unseen else report for report in reports]


def _disbelieved(report: EndpointReport) -> EndpointReport:
    said = finding(Code.ADDRESS_INVENTED, {"port": report.port, "address": report.record.address}, report.port)
    return replace(report, state=State.ADDRESS_INVENTED, tls_state="", certificate=None, findings=(said,))
