"""What a whole check comes to: whose side, the verdict, the port to use, and the first line. Pure.

The first line is a list of statements: how the target is, and what to do. They are codes with parameters (their
words are in `result`), and say no more than was seen from one place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.deep.connection_comparison import deepened
from commands.smtpcheck.experiments.registry import decided
from commands.smtpcheck.lookup.resolve import Dns
from commands.smtpcheck.report.model import (
    Check,
    EndpointReport,
    Facts,
    Finding,
    Recommendation,
    Verdict,
    finding,
    permitted,
)
from commands.smtpcheck.result.document import BESIDE
from commands.smtpcheck.result.findings import RELAY, Code, Found, Value, row_of
from commands.smtpcheck.result.health import EXCUSED, NOT_FROM_HERE, WAITED_FOR, WITHOUT_TLS, ProbedPort, recommend
from commands.smtpcheck.result.scales import Health, Severity, Side
from commands.smtpcheck.result.states import CLOSED, LATER, NO_FAMILY, UNJUDGED, State, TlsState
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict import pool
from commands.smtpcheck.verdict.asked_again import asked_again
from commands.smtpcheck.verdict.fault_side import settle
from commands.smtpcheck.verdict.interception import told, unmasked
from commands.smtpcheck.verdict.invented_addresses import disbelieved, is_invented
from commands.smtpcheck.verdict.our_fault import our_fault, with_own_addresses, with_own_name
from commands.smtpcheck.verdict.ports_together import asked_on_one, with_one_cause
from commands.smtpcheck.verdict.refusals import is_of_back_end, refused_beside, why_unknown
from commands.smtpcheck.wire.connection import CONNECTION_LIMIT

HERE = "local"
"""How the bot's own machine is called: `LOCAL` of `storage`, which a worker comes without."""


def conclude(facts: Facts, probed: Sequence[EndpointReport], *, store: TrustStore) -> Check:
    """The whole from its parts: whose side, verdict, recommendation. Pure, so a saved check can be concluded anew."""
    known = [decided(report, facts.experiments) for report in probed] if facts.experiments else probed
    known = asked_again(known, facts.experiments) if facts.experiments else known
    known = disbelieved(facts.dns, known)
    known = with_own_name(known, facts.own_name) if facts.own_name else known
    known = with_own_addresses(known, facts.own_addresses, facts.own_name) if facts.own_addresses else known
    if any(report.state == State.UNREACHABLE for report in known):
        known = pool.without_a_way(known)
    seen = deepened(known, facts, facts.further, store) if facts.further else known
    is_pool = len({report.record.address for report in known}) > len({report.record.host for report in known})
    reports, evidence = settle(pool.silences(seen) if is_pool else seen, facts.controls)
    reports = asked_on_one(with_one_cause(unmasked(reports, facts.target, facts.greetings), facts.experiments))
    reports, of_addresses = pool.beside_each_other(reports, facts.target) if is_pool else (reports, [])
    left_out = permitted(facts.dns, facts.denied)
    findings = (
        *_denied(facts.dns, facts.denied),
        *_dns_findings(facts.dns),
        *_left_out(left_out, reports),
        *of_addresses,
        *(pool.not_probed(left_out, reports) if is_pool else ()),
        *evidence,
        *(() if is_invented(facts.dns) else _policy_findings(told(facts.policy, reports))),
    )
    return Check(
        facts=facts,
        verdict=overall(reports, findings),
        recommended=recommended(reports, receives_mail=bool(facts.dns.mx)),
        endpoints=reports,
        findings=findings,
    )


def with_policy(check: Check, found: Sequence[Found]) -> Check:
    """The same check with what was found of the mail policy after it. Pure."""
    findings = (*check.findings, *_policy_findings(told(found, check.endpoints)))
    facts = replace(check.facts, policy=(*check.facts.policy, *found))
    return replace(check, facts=facts, findings=findings, verdict=overall(check.endpoints, findings))


def _denied(dns: Dns, denied: Sequence[Finding]) -> list[Finding]:
    """What nobody may connect to; where it is plain that no mail gets there, that weighs and the rest explains it."""
    known = [] if is_invented(dns) else _undeliverable(dns, denied)
    return [*known, *(replace(one, severity=Severity.notice) if known else one for one in denied)]


def _undeliverable(dns: Dns, denied: Sequence[Finding]) -> list[Finding]:
    """The mail hosts of a domain whose addresses are not public: no sender outside reaches them."""
    shut = {one.params["host"] for one in denied if one.code == Code.FORBIDDEN}
    mail = [host for host in dns.hosts if host.addresses and (host.source == "mx" or dns.implicit_mx)]
    private = [host.name for host in mail if host.name in shut and not any(map(_is_public, host.addresses))]
    if not private:
        return []
    whole = len(private) == len(mail)
    said = {"name": dns.name, "hosts": ", ".join(private[:NAMED])}
    return [finding(Code.MAIL_NOT_PUBLIC if whole else Code.MX_NOT_PUBLIC, said)]


def _is_public(address: str) -> bool:
    return OUTSIDE.judge(address).allowed


def _left_out(dns: Dns, reports: Sequence[EndpointReport]) -> list[Finding]:
    """The MX hosts that there was no connection for."""
    probed = {report.record.host for report in reports}
    hosts = [host.name for host in dns.hosts if host.addresses and host.name not in probed]
    if not probed or not hosts:
        return []
    return [finding(Code.MX_NOT_PROBED, {"hosts": hosts, "limit": CONNECTION_LIMIT})]


OUTSIDE = Guard()
"""What everybody may connect to, whatever is opened here."""

NAMED = 4
"""Hosts without a public address that are named."""


def _policy_findings(found: Sequence[Found]) -> list[Finding]:
    return [finding(code, params) for code, params in found]


def _dns_findings(dns: Dns) -> list[Finding]:
    return [finding(code, {"name": dns.name, **params}) for code, params in dns.findings]


SILENCE = NOT_FROM_HERE | {Code.NO_ANSWER, Code.REJECTED}
"""Findings that say that a port did not answer. Most exchangers serve 25 alone and drop everything else."""

NOT_KNOWN = frozenset(
    {"dns_timeout", "dns_servfail", "mx_timeout", "mx_servfail", "dns_invented", "forbidden", "denied_by_owner"}
)
"""Findings after which nobody knows what the target is: DNS was silent, or nobody may connect there."""


def overall(endpoints: Sequence[EndpointReport], findings: Sequence[Finding]) -> Verdict:
    """The verdict over all endpoints. Nothing was tried: the DNS findings decide."""
    if not endpoints:
        return _nothing_tried({finding.code for finding in findings})
    if not any(endpoint.usable for endpoint in endpoints):
        return _nothing_usable(endpoints)
    counted = (one.severity for one in (*findings, *_all(endpoints)) if row_of(one.code).side is not Side.OURS)
    if max(counted, default=Severity.info) >= Severity.warning:
        return "degraded"
    return "unknown" if any(endpoint.state in UNJUDGED for endpoint in endpoints) else "ok"


def _nothing_tried(codes: set[str]) -> Verdict:
    """A mail domain whose hosts have no public address takes no mail, whoever may connect there."""
    unknown = codes & NOT_KNOWN
    return "unknown" if unknown and not (unknown == {"forbidden"} and "mail_not_public" in codes) else "failed"


def waited_for(report: EndpointReport) -> Code | None:
    """What was waited for when we left before a reply was due."""
    return next((finding.code for finding in report.findings if finding.code in WAITED_FOR), None)


def _nothing_usable(endpoints: Sequence[EndpointReport]) -> Verdict:
    """What is ours, and what may be well at another time or from elsewhere, is no verdict on the host."""
    blocked = any(endpoint.health is Health.BLOCKED_HERE for endpoint in endpoints)
    if blocked and all(endpoint.state in CLOSED | {State.BLOCKED_HERE} for endpoint in endpoints):
        return "blocked_here"
    answered = [endpoint for endpoint in endpoints if endpoint.state not in CLOSED]
    unknown = [endpoint for endpoint in answered if endpoint.health is not Health.DOWN]
    if any(endpoint.state not in LATER for endpoint in unknown):
        return "unknown"
    if len(unknown) < len(answered) or (not unknown and any(one.health is Health.DOWN for one in endpoints)):
        return "failed"
    return "unknown"


def _all(endpoints: Sequence[EndpointReport]) -> Iterator[Finding]:
    """What counts against a host that is usable: silence on a port that many hosts do not serve is no fault."""
    for endpoint in endpoints:
        ours = any(found.code in EXCUSED for found in endpoint.findings)
        for found in endpoint.findings:
            silent = found.code in SILENCE and endpoint.port != RELAY
            if not silent and not (ours and str(found.code) == str(endpoint.state)):
                yield found


def recommended(reports: Sequence[EndpointReport], *, receives_mail: bool) -> Recommendation | None:
    """The port that the advisor makes of a probe, on the first host where it works; None when nothing is usable."""
    broken = {(report.record.host, report.port) for report in reports if report.health is Health.DOWN}
    chosen = recommend(
        [_probed(report, whole=(report.record.host, report.port) not in broken) for report in reports],
        receives_mail=receives_mail,
    )
    if chosen is None:
        return None
    fitting = [report for report in reports if report.usable and report.port == chosen.port]
    best = min(fitting, key=lambda report: report.worst)
    return Recommendation(chosen.port, chosen.tls, chosen.reason, best.record.host)


def _probed(report: EndpointReport, *, whole: bool) -> ProbedPort:
    return ProbedPort(
        port=report.port,
        tls=report.tls_mode,
        usable=report.usable,
        auth=bool(report.after_tls.auth),
        sound=report.worst < Severity.error and all(one.code is not Code.LEGACY_TLS for one in report.findings),
        whole=whole,
    )


IMPLICIT_PORT = 465  # RFC 8314 section 3.3: the port that is registered for implicit TLS

NEXT_STEP: Mapping[str, str] = {"failed": "see_findings", "blocked_here": "ask_our_network"}
SEEN_BESIDE = (Code.HIDDEN_STARTTLS, Code.STARTTLS_FLAPPING, Code.TLS_FLAPPING)
"""What further connections of a deep check showed of TLS beside the first one."""

Statement: TypeAlias = dict[str, Any]


def summary(check: Check) -> list[Statement]:
    """The statements in order, each `{"code": ..., "params": {...}}`."""
    head = _head(check)
    if check.recommended is not None:
        advice = [*_advice(check, check.recommended), *_refused_beside(check, check.recommended)]
        return [head, *advice, *_of_addresses(check, check.recommended.port)]
    if check.findings and not check.endpoints:
        return [head, _of_finding(_first(check.findings))]
    asked = [one for one in check.endpoints if one.state not in NO_FAMILY] or check.endpoints
    return [head, _statement("states", states=[*map(_state, asked)]), *_next_step(check)]


def _refused_beside(check: Check, chosen: Recommendation) -> list[Statement]:
    """That mail gets in elsewhere on the host does not say that it does where we are turned away in words."""
    refused = refused_beside(check.endpoints, chosen)
    if not refused:
        return []
    said = _statement("refused_beside", states=[*map(_state, refused)])
    return [said, *([_statement("same_back_end", port=chosen.port)] if is_of_back_end(refused) else [])]


def _first(findings: Sequence[Finding]) -> Finding:
    """What is to be known where nothing was tried: that DNS cannot be trusted before what it said."""
    return next((one for one in findings if one.code is Code.DNS_INVENTED), findings[0])


def _of_addresses(check: Check, port: int) -> list[Statement]:
    """What is to be known of one of several addresses: of the port that is recommended first, then the worst."""
    said = [one for one in check.findings if one.code in SAID_OF_ADDRESSES]
    return [_of_finding(one) for one in sorted(said, key=lambda one: not _is_about(one, port))[:1]]


def _is_about(of_addresses: Finding, port: int) -> bool:
    how = of_addresses.params["how"]
    several = how if isinstance(how, Sequence) else ()
    return any(isinstance(one, Mapping) and str(port) in str(one["ports"]).split(", ") for one in several)


SAID_OF_ADDRESSES = frozenset(BESIDE.values())


def _head(check: Check) -> Statement:
    """How the target is; of one that failed, from where. What takes mail with failing TLS may take it without."""
    target, vantage = check.facts.target, check.facts.vantage
    blocked = {report.port for report in check.endpoints if report.state == State.BLOCKED_HERE}
    if check.verdict == "blocked_here" and blocked != {report.port for report in check.endpoints}:
        ports, refused = _ports(check, State.BLOCKED_HERE), _ports(check, State.REFUSED)
        if refused:
            return _statement("verdict.refused_beside_block", target=target, ports=ports, refused=refused)
        return _statement("verdict.blocked_in_part", target=target, ports=ports)
    if check.verdict != "failed" or not check.endpoints:
        return _statement(f"verdict.{check.verdict}", target=target)
    if any(report.port == RELAY and offers_failing_tls(report) for report in check.endpoints):
        return _statement("verdict.tls_fails", target=target)
    if vantage == HERE:
        return _statement("verdict.failed_from_here", target=target)
    return _statement("verdict.failed_from", target=target, vantage=vantage)


def _ports(check: Check, state: State) -> list[str]:
    return [*map(str, sorted({report.port for report in check.endpoints if report.state == state}))]


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
    """On how many of several mail exchangers the port takes mail, and on how many of these with TLS.

    Of those that this machine has no way to, or did not listen to, nothing is known.
    """
    port = [it for it in check.endpoints if it.port == chosen.port and it.state not in NO_FAMILY | UNJUDGED]
    usable = {it.record.host for it in port if it.usable}
    secure = usable - {it.record.host for it in port if it.usable and it.tls_mode != "starttls"}
    beside = _tls_beside([it for it in check.endpoints if (it.port, it.record.host) == (chosen.port, chosen.host)])
    params: dict[str, Value] = {"port": chosen.port, "tls": beside or chosen.tls}
    if check.facts.dns.null_mx:
        return [_statement("relay_of_null_mx", **params)]
    hosts = {it.record.host for it in port}
    variant = ("on_some" if len(usable) < len(hosts) else "", "tls" if 0 < len(secure) < len(usable) else "")
    counts: dict[str, Value] = {"usable": len(usable), "all": len(hosts), "secure": len(secure)}
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
    if waited_for(report) and report.record.last is not None:
        state["waited"] = report.record.last.elapsed_ms / 1000
    if report.state == State.OPEN and not report.usable:
        state["tls"] = _why_without_tls(report)
    return state


def _why_without_tls(report: EndpointReport) -> str:
    """What an open port lacks; "" where it offers no TLS."""
    if report.tls_state == TlsState.OK:
        return "shifted" if Code.PROTOCOL_VIOLATION in report.seen.codes else "first_byte"
    if not report.tls_state:
        return "unseen"
    return _tls_beside([report]) or ("tls_fails" if offers_failing_tls(report) else "")


def offers_failing_tls(report: EndpointReport) -> bool:
    """Whether TLS was offered and failed, on a port where nothing else stopped us; over TLS 1.3 it may fail late."""
    late = report.state == State.TLS_FAILED and report.record.mode == "starttls"
    stands = report.state == State.OPEN or late
    return stands and bool(report.tls_state) and report.tls_state not in WITHOUT_TLS


def _next_step(check: Check) -> list[Statement]:
    states = {report.state for report in check.endpoints}
    if State.ADDRESS_INVENTED in states:
        return [_statement("dns_invents")]
    if State.HIJACK_SUSPECT in states:
        return [_statement("elsewhere")]
    awaited = next(filter(None, map(waited_for, check.endpoints)), None)
    if awaited is not None:
        return [_statement(awaited)]
    if check.verdict == "unknown":
        return [our_fault(check.endpoints) or _statement(_decided_by(check) or why_unknown(check.endpoints))]
    if check.verdict == "failed" and not _shows_findings(check):
        return _only_finding(check)
    if check.verdict == "blocked_here" and State.REFUSED in states:
        return []  # the host's own word: that our side opens a port may help nobody
    return [_statement(NEXT_STEP[check.verdict])] if check.verdict in NEXT_STEP else []


DECIDE: Mapping[Code, str] = {
    Code.REFUSED_LATER: "elsewhere",
    Code.PROTOCOL_VIOLATION: "see_findings",
    Code.SNI_MISSING: "see_findings",
}
"""Findings that say what to do where nothing else could be judged."""


def _decided_by(check: Check) -> str | None:
    codes = {found.code for report in check.endpoints for found in report.findings}
    return next((step for code, step in DECIDE.items() if code in codes), None)


def _shows_findings(check: Check) -> bool:
    """Whether anything stands below the first line: what is only information does not."""
    every = (*check.findings, *(finding for report in check.endpoints for finding in report.findings))
    return any(finding.severity > Severity.info for finding in every)


def _only_finding(check: Check) -> list[Statement]:
    """What is to be said of the one port that was tried; of several their states say it."""
    found = [finding for report in check.endpoints for finding in report.findings[:1]]
    return [_of_finding(found[0])] if len(found) == 1 else []
