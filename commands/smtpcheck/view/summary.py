"""The first line of a check: the host, how it is, and what to do. It says no more than was seen from one place."""

from commands.slack_text import clean
from commands.smtpcheck.model import Check, EndpointReport, Finding, Recommendation
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.states import CLOSED, State
from commands.smtpcheck.verdict.report import lacks_ipv6, may_yet_greet
from commands.smtpcheck.view import wording
from commands.smtpcheck.view.sentences import sentence

IMPLICIT_PORT = 465  # RFC 8314 section 3.3: the port that is registered for implicit TLS


def summary(check: Check) -> str:
    """One line: the host, how it is, and what to do."""
    head = f"{check.facts.target} {wording.VERDICT_WORDS[check.verdict]}"
    if check.verdict == "failed" and check.endpoints:
        head += wording.FROM_HERE
    if check.recommended is not None:
        return f"{head}. {_advice(check, check.recommended)}"
    if check.findings and not check.endpoints:
        return f"{head}. {message(check.findings[0])}"
    return f"{head}. {_states(check)} {_next_step(check)}".strip()


def reason(chosen: Recommendation) -> str:
    """Why that port, in words."""
    if chosen.reason == "implicit_tls" and chosen.port != IMPLICIT_PORT:
        return wording.IMPLICIT_ELSEWHERE
    return wording.REASONS[chosen.reason]


def message(finding: Finding) -> str:
    """The sentence of a finding, cleaned, in at most 600 characters."""
    return clean(sentence(finding.code, finding.params), 600)


def _advice(check: Check, chosen: Recommendation) -> str:
    if chosen.reason == "relay_only":
        alone = all(it.port == chosen.port for it in check.endpoints if it.record.host == chosen.host)
        words = wording.RELAY if alone else wording.RELAY_ONLY
        words = wording.NULL_MX if check.facts.dns.null_mx else words
        return words.format(port=chosen.port, **_of_relays(check, chosen))
    where = "" if chosen.host == check.facts.target else f" on {clean(chosen.host, 100)}"
    return f"Use port {chosen.port}{where} with {wording.TLS_MODES[chosen.tls]}: {reason(chosen)}."


def _of_relays(check: Check, chosen: Recommendation) -> dict[str, str]:
    """On how many of several mail exchangers the port takes mail, and on how many of these with TLS."""
    port = [it for it in check.endpoints if it.port == chosen.port and it.record.purpose != "family"]
    usable = [it for it in port if it.usable]
    secure = [it for it in usable if it.tls_mode == "starttls"]
    beside = _tls_beside([it for it in check.endpoints if (it.port, it.record.host) == (chosen.port, chosen.host)])
    tls = wording.TLS_MODES[chosen.tls]
    if 0 < len(secure) < len(usable):
        tls = wording.TLS_MODES["starttls"] + wording.ON_SOME.format(some=len(secure), all=len(usable))
    some = wording.ON_SOME.format(some=len(usable), all=len(port)) if len(usable) < len(port) else ""
    return {"some": some, "tls": beside or tls}


def _tls_beside(reports: list[EndpointReport]) -> str:
    """What further connections showed of TLS beside the first one, or nothing."""
    codes = {finding.code for report in reports for finding in report.findings}
    return next((words for code, words in wording.TLS_BESIDE.items() if code in codes), "")


def _states(check: Check) -> str:
    states = (f"{it.port}: {_state(it)}" for it in check.endpoints)
    return ", ".join(dict.fromkeys(states)) + "."


def _state(report: EndpointReport) -> str:
    words = wording.STATE_WORDS.get(report.state, report.state)
    if may_yet_greet(report):
        waited = (report.record.elapsed_ms - report.record.connect_ms) / 1000
        return wording.WAITED[report.state].format(words=words, seconds=waited)
    if report.state != "open" or report.usable:
        return words
    if report.tls_state == "ok":
        return f"{words}, {wording.FIRST_BYTE}"
    beside = _tls_beside([report])
    return f"{words}, {beside}" if beside else f"{words} without TLS"


def _next_step(check: Check) -> str:
    if any(report.state == "hijack_suspect" for report in check.endpoints) or lacks_ipv6(check.endpoints):
        return wording.NOT_THIS_HOST
    if any(map(may_yet_greet, check.endpoints)):
        return wording.FINDINGS["greeting_awaited"]
    if check.verdict == "unknown":
        return _why_unknown({report.state for report in check.endpoints})
    if check.verdict == "failed" and not _shows_findings(check):
        return _only_sentence(check)
    return wording.NEXT_STEP.get(check.verdict, "")


def _why_unknown(states: set[str]) -> str:
    """What to do where no port could be judged: what is ours first, then silence that may be anybody's."""
    if State.EHLO_NAME_REJECTED in states:
        return wording.OUR_EHLO_NAME
    return wording.NOT_THIS_HOST if states and states <= CLOSED else wording.NEXT_STEP["unknown"]


def _shows_findings(check: Check) -> bool:
    """Whether anything stands below the first line: what is only information does not."""
    every = (*check.findings, *(finding for report in check.endpoints for finding in report.findings))
    return any(finding.severity > Severity.info for finding in every)


def _only_sentence(check: Check) -> str:
    """What is to be said of the one port that was tried; of several their states say it."""
    found = [finding for report in check.endpoints for finding in report.findings[:1]]
    return message(found[0]) if len(found) == 1 else ""
