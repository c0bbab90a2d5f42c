"""What is ours: a server refuses our address or the name in our EHLO. What is known of both, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from commands.smtpcheck.egress.own_name import EVERYBODY, OwnName, seen_address
from commands.smtpcheck.lookup.question import Reverse
from commands.smtpcheck.report.model import EndpointReport, Finding
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.states import State
from commands.smtpcheck.verdict.pool import family

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

OF_NAMES = frozenset({Meaning.REVERSE_DNS, Meaning.EHLO_NAME})
"""Refusals of the name in EHLO, and of that of the address that connects."""

KNOWN = frozenset({"missing", "confirmed", "not_confirmed"})
"""What may be known of our address in reverse DNS."""

LIKELY_KNOWN = frozenset({f"{state}_by_name" for state in KNOWN})
"""The same of the address that our EHLO name leads to, where nobody says which one servers see."""

NOT_RIGHT = frozenset({"missing", "not_confirmed"})

NAMED = 3


def own_addresses(reports: Sequence[EndpointReport], own: OwnName | None = None) -> list[str]:
    """Our addresses as servers see them that do not accept our name or our reverse DNS, each once."""
    seen = (_seen_address(report) or _led_to(report, own) for report in reports if is_of_our_names(report))
    return list(dict.fromkeys(filter(None, seen)))


def is_of_our_names(report: EndpointReport) -> bool:
    """Whether a server does not accept our name in EHLO, or that of our address."""
    meant = {found.params.get("meaning") for found in report.findings}
    return report.state is State.EHLO_NAME_REJECTED or not OF_NAMES.isdisjoint(meant)


def _seen_address(report: EndpointReport) -> str:
    said = next((str(found.params["said"]) for found in report.findings if "said" in found.params), "")
    return seen_address(report.record.source, report.record.address, said)


def _led_to(report: EndpointReport, own: OwnName | None) -> str:
    """The public address that our EHLO name leads to, where it is one: likely ours, behind a NAT that nobody names."""
    leads = [one for one in own.addresses if family(one) == family(report.record.address)] if own else []
    return leads[0] if len(leads) == 1 and EVERYBODY.judge(leads[0]).allowed else ""


def with_own_addresses(
    reports: Sequence[EndpointReport], own: Sequence[Reverse], name: OwnName | None = None
) -> tuple[EndpointReport, ...]:
    """The reports with what our address is in reverse DNS, where that or our name is not accepted."""
    known = {reverse.address: reverse for reverse in own}
    return tuple(_with_reverse(report, known, name) if is_of_our_names(report) else report for report in reports)


def _with_reverse(report: EndpointReport, known: Mapping[str, Reverse], name: OwnName | None) -> EndpointReport:
    seen = _seen_address(report)
    own = known.get(seen or _led_to(report, name))
    if own is None:
        return report
    more: dict[str, Value] = {
        "own_ptr": own.state if seen else f"{own.state}_by_name",
        "ptr": own.confirmed_by or next(iter(own.names), ""),
        "own": own.address,
        "told": own.address != report.record.source,
    }
    return replace(report, findings=tuple(_with(found, more) for found in report.findings))


def with_own_name(reports: Sequence[EndpointReport], own: OwnName | None) -> tuple[EndpointReport, ...]:
    """The reports with what our EHLO name leads to, where it is rejected."""
    if own is None:
        return tuple(reports)
    return tuple(_named(it, own) if is_of_our_names(it) else it for it in reports)


def _named(report: EndpointReport, own: OwnName) -> EndpointReport:
    source = _seen_address(report) or report.record.source
    more: dict[str, Value] = {
        "name": own.name,
        "fit": own.fit(source),
        "leads_to": ", ".join(own.addresses[:NAMED]),
        "source": source,
    }
    return replace(report, findings=tuple(_with(found, more) for found in report.findings))


def _with(found: Finding, more: dict[str, Value]) -> Finding:
    """The finding with what it has room for."""
    if found.code is not Code.EHLO_NAME_REJECTED and found.params.get("meaning") not in OF_NAMES:
        return found
    fitting = {name: value for name, value in more.items() if name in found.code.params}
    return replace(found, params={**found.params, **fitting})


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
    if kind == "reverse_dns" and found.params.get("own_ptr") in KNOWN | LIKELY_KNOWN | {"unknown"}:
        return _statement(f"our_address.ptr_{found.params['own_ptr']}", found, ("ptr", "own"))
    if kind == "reverse_dns" and found.code is not Code.REFUSED_BY_POLICY:
        kind = "reverse_dns_for_now"
    return _statement(f"our_address.{kind}" if kind else "our_address", found, ())


def _of_name(found: Finding) -> Statement:
    fit = found.params.get("fit")
    if fit == "matches" and found.params.get("own_ptr") in NOT_RIGHT:
        return _statement(f"our_ehlo_name.ptr_{found.params['own_ptr']}", found, (*NAMING, "own", "ptr"))
    return _statement(f"our_ehlo_name.{fit}" if fit in NOT_WRONG else "our_ehlo_name", found, NAMING)


def _statement(code: str, found: Finding, names: Sequence[str]) -> Statement:
    return {"code": code, "params": {name: found.params[name] for name in names if name in found.params}}
