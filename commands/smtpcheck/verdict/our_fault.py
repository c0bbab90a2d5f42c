"""What is ours: a server refuses our address or the name in our EHLO. What is known of both, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from commands.smtpcheck.egress.own_name import OwnName, seen_address
from commands.smtpcheck.lookup.question import Reverse
from commands.smtpcheck.report.model import EndpointReport, Finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.states import State

Statement: TypeAlias = dict[str, Any]

LISTING = ("list", "look_up", "closed")
NAMING = ("name", "leads_to", "source")
NOT_WRONG = frozenset({"matches", "resolves", "unknown"})
"""What our EHLO name may be to our address where it is not known to be wrong."""

OF_ADDRESS: Mapping[str, str] = {
    Meaning.REVERSE_DNS: "reverse_dns",
    Meaning.LISTED: "unnamed_list",
    **{it: str(it) for it in (Meaning.OWN_LIST, Meaning.COUNTRY, Meaning.DYNAMIC_ADDRESS, Meaning.POOR_REPUTATION)},
}
"""What is said of our address that has advice of its own, where no blocklist is named."""

KNOWN = frozenset({"missing", "confirmed", "not_confirmed"})
"""What is known of our address in reverse DNS."""

NAMED = 3


def own_addresses(reports: Sequence[EndpointReport]) -> list[str]:
    """Our addresses as servers see them that do not accept our name or our reverse DNS, each once."""
    seen = (_seen_address(report) for report in reports if _is_of_our_names(report))
    return list(dict.fromkeys(filter(None, seen)))


def _is_of_our_names(report: EndpointReport) -> bool:
    """Whether a server does not accept our name in EHLO, or that of our address."""
    meant = {found.params.get("meaning") for found in report.findings}
    return report.state is State.EHLO_NAME_REJECTED or Meaning.REVERSE_DNS in meant


def _seen_address(report: EndpointReport) -> str:
    said = next((str(found.params["said"]) for found in report.findings if "said" in found.params), "")
    return seen_address(report.record.source, report.record.address, said)


def with_own_addresses(reports: Sequence[EndpointReport], own: Sequence[Reverse]) -> tuple[EndpointReport, ...]:
    """The reports with what our address is in reverse DNS, where that or our name is not accepted."""
    known = {reverse.address: reverse for reverse in own}
    return tuple(
        _reversed(it, known[seen]) if _is_of_our_names(it) and (seen := _seen_address(it)) in known else it
        for it in reports
    )


def _reversed(report: EndpointReport, own: Reverse) -> EndpointReport:
    more: dict[str, Value] = {
        "own_ptr": own.state,
        "ptr": own.confirmed_by or next(iter(own.names), ""),
        "own": own.address,
        "told": own.address != report.record.source,
    }
    return replace(report, findings=tuple(_with(found, more) for found in report.findings))


def with_own_name(reports: Sequence[EndpointReport], own: OwnName | None) -> tuple[EndpointReport, ...]:
    """The reports with what our EHLO name leads to, where it is rejected."""
    if own is None:
        return tuple(reports)
    return tuple(_named(it, own) if it.state is State.EHLO_NAME_REJECTED else it for it in reports)


def _named(report: EndpointReport, own: OwnName) -> EndpointReport:
    source = report.record.source
    more: dict[str, Value] = {
        "name": own.name,
        "fit": own.fit(source),
        "leads_to": ", ".join(own.addresses[:NAMED]),
        "source": source,
    }
    return replace(report, findings=tuple(_with(found, more) for found in report.findings))


def _with(found: Finding, more: dict[str, Value]) -> Finding:
    is_meant = found.code is Code.EHLO_NAME_REJECTED or found.params.get("meaning") == Meaning.REVERSE_DNS
    return replace(found, params={**found.params, **more}) if is_meant else found


def our_fault(reports: Sequence[EndpointReport]) -> Statement | None:
    """What to do where a port refuses our address or our name; None where none does."""
    found = [one for report in reports if _refuses_address(report) for one in report.findings]
    if found:
        return _of_address(min(found, key=_rank))
    rejected = [one for report in reports for one in report.findings if one.code is Code.EHLO_NAME_REJECTED]
    return _of_name(rejected[0]) if rejected else None


def _refuses_address(report: EndpointReport) -> bool:
    return any(found.code is Code.ADDRESS_REFUSED for found in report.findings)


def _rank(found: Finding) -> tuple[bool, bool]:
    """What is refused for good first, then what is known to mean something."""
    return found.code is not Code.REFUSED_BY_POLICY, "meaning" not in found.params


def _of_address(found: Finding) -> Statement:
    """The blocklist that lists it first. Where the refusal is for now, a look-up of its names may have failed."""
    if "listing" in found.params:
        return _statement(f"our_address.{found.params['listing']}", found, LISTING)
    kind = OF_ADDRESS.get(str(found.params.get("meaning", "")))
    if kind == "reverse_dns" and found.params.get("own_ptr") in KNOWN:
        return _statement(f"our_address.ptr_{found.params['own_ptr']}", found, ("ptr", "own"))
    if kind == "reverse_dns" and found.code is not Code.REFUSED_BY_POLICY:
        kind = "reverse_dns_for_now"
    return _statement(f"our_address.{kind}" if kind else "our_address", found, ())


def _of_name(found: Finding) -> Statement:
    fit = found.params.get("fit")
    return _statement(f"our_ehlo_name.{fit}" if fit in NOT_WRONG else "our_ehlo_name", found, NAMING)


def _statement(code: str, found: Finding, names: Sequence[str]) -> Statement:
    return {"code": code, "params": {name: found.params[name] for name in names if name in found.params}}
