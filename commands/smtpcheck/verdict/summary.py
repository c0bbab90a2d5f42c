"""The first line of a check as statements: how the target is, and what to do. Codes with parameters; `english` has the

words. It says no more than was seen from one place.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.report.model import Check, EndpointReport, Finding, Recommendation
from commands.smtpcheck.result.findings import Code, Value
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.states import CLOSED, State, TlsState
from commands.smtpcheck.verdict.judge import lacks_ipv6, may_yet_greet

IMPLICIT_PORT = 465  # RFC 8314 section 3.3: the port that is registered for implicit TLS

NEXT_STEP: Mapping[str, str] = {"failed": "see_findings", "blocked_here": "ask_our_network"}
SEEN_BESIDE = (Code.HIDDEN_STARTTLS, Code.STARTTLS_FLAPPING, Code.TLS_FLAPPING)
"""What further connections of a deep check showed of TLS beside the first one."""

Statement: TypeAlias = dict[str, Any]


def summary(check: Check) -> list[Statement]:
    """The statements in order, each `{"code": ..., "params": {...}}`."""
    from_here = check.verdict == "failed" and bool(check.endpoints)
    head = _statement(f"verdict.{'failed_from_here' if from_here else check.verdict}", target=check.facts.target)
    if check.recommended is not None:
        return [head, *_advice(check, check.recommended)]
    if check.findings and not check.endpoints:
        return [head, _of_finding(check.findings[0])]
    return [head, _statement("states", states=[*map(_state, check.endpoints)]), *_next_step(check)]


def _statement(code: str, **params: Value) -> Statement:
    return {"code": code, "params": params}


def _of_finding(finding: Finding) -> Statement:
    return {"code": str(finding.code), "params": dict(finding.params)}


def _advice(check: Check, chosen: Recommendation) -> list[Statement]:
    if chosen.reason == "relay_only":
        return _of_relay(check, chosen)
    host = "" if chosen.host == check.facts.target else clean(chosen.host, 100)
    return [_statement(f"use.{reason_of(chosen)}", port=chosen.port, host=host, tls=chosen.tls)]


def reason_of(chosen: Recommendation) -> str:
    """Why this port: RFC 8314 recommends implicit TLS on 465; elsewhere it works, but nobody recommends it."""
    elsewhere = chosen.reason == "implicit_tls" and chosen.port != IMPLICIT_PORT
    return "implicit_elsewhere" if elsewhere else chosen.reason


def _of_relay(check: Check, chosen: Recommendation) -> list[Statement]:
    """On how many of several mail exchangers the port takes mail, and on how many of these with TLS."""
    port = [it for it in check.endpoints if it.port == chosen.port and it.record.purpose != "family"]
    usable = [it for it in port if it.usable]
    secure = [it for it in usable if it.tls_mode == "starttls"]
    beside = _tls_beside([it for it in check.endpoints if (it.port, it.record.host) == (chosen.port, chosen.host)])
    params: dict[str, Value] = {"port": chosen.port, "tls": beside or chosen.tls}
    if check.facts.dns.null_mx:
        return [_statement("relay_of_null_mx", **params)]
    variant = ("on_some" if len(usable) < len(port) else "", "tls" if 0 < len(secure) < len(usable) else "")
    counts: dict[str, Value] = {"usable": len(usable), "all": len(port), "secure": len(secure)}
    code = {("", ""): "relay", ("on_some", ""): "relay.on_some", ("", "tls"): "relay.some_tls"}
    said = _statement(code.get(variant, "relay.on_some_tls"), **params, **counts)
    alone = all(it.port == chosen.port for it in check.endpoints if it.record.host == chosen.host)
    return [said] if alone else [said, _statement("no_client_port")]


def _tls_beside(reports: Sequence[EndpointReport]) -> str:
    """What further connections showed of TLS, or nothing."""
    codes = {finding.code for report in reports for finding in report.findings}
    return next((str(code) for code in SEEN_BESIDE if code in codes), "")


def _state(report: EndpointReport) -> dict[str, str | float]:
    """A port in short: its state, TLS where that is what it lacks, seconds waited where a word may yet come."""
    state: dict[str, str | float] = {"port": report.port, "state": report.state, "usable": report.usable}
    if may_yet_greet(report):
        state["waited"] = (report.record.elapsed_ms - report.record.connect_ms) / 1000
    if report.state == State.OPEN and not report.usable:
        state["tls"] = "first_byte" if report.tls_state == TlsState.OK else _tls_beside([report])
    return state


def _next_step(check: Check) -> list[Statement]:
    states = {report.state for report in check.endpoints}
    if State.HIJACK_SUSPECT in states or lacks_ipv6(check.endpoints):
        return [_statement("elsewhere")]
    if any(map(may_yet_greet, check.endpoints)):
        return [_statement(Code.GREETING_AWAITED)]
    if check.verdict == "unknown":
        ours = any(found.code == Code.ADDRESS_REFUSED for report in check.endpoints for found in report.findings)
        return [_statement("our_address" if ours else _why_unknown(states))]
    if check.verdict == "failed" and not _shows_findings(check):
        return _only_finding(check)
    return [_statement(NEXT_STEP[check.verdict])] if check.verdict in NEXT_STEP else []


def _why_unknown(states: set[State]) -> str:
    """What to do where no port could be judged: what is ours first, then silence that may be anybody's."""
    if State.EHLO_NAME_REJECTED in states:
        return "our_ehlo_name"
    return "elsewhere" if states <= CLOSED else "run_again"


def _shows_findings(check: Check) -> bool:
    """Whether anything stands below the first line: what is only information does not."""
    every = (*check.findings, *(finding for report in check.endpoints for finding in report.findings))
    return any(finding.severity > Severity.info for finding in every)


def _only_finding(check: Check) -> list[Statement]:
    """What is to be said of the one port that was tried; of several their states say it."""
    found = [finding for report in check.endpoints for finding in report.findings[:1]]
    return [_of_finding(found[0])] if len(found) == 1 else []
