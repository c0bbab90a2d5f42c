"""The JSON of a check (schema `portero.check/1`): what is printed, stored, exported, and what every view shows.

Everything remote in it is bounded and free of control characters; mrkdwn escaping is the view's business.
"""

from datetime import UTC, datetime
from typing import Any

from commands.slack_text import clean
from commands.smtpcheck import wording
from commands.smtpcheck.certificate import CertificateReport
from commands.smtpcheck.extensions import Extensions
from commands.smtpcheck.model import Check, EndpointReport, Finding, Recommendation
from commands.smtpcheck.plan import DENIED_SEVERITY
from commands.smtpcheck.record import GREETING, Step
from commands.smtpcheck.transcript import TEXT_LIMIT, ms, timings, transcript

SCHEMA = "portero.check/1"
EXTENSION_LINES = 40
IMPLICIT_PORT = 465  # RFC 8314 section 3.3: the port that is registered for implicit TLS

Document = dict[str, Any]


def to_document(check: Check) -> Document:
    """The check as plain data, ready for json.dumps."""
    return {
        "schema": SCHEMA,
        "id": check.facts.id,
        "target": check.facts.target,
        "kind": check.kind,
        "vantage": check.facts.vantage,
        "started_at": timestamp(check.facts.started_at),
        "elapsed_ms": ms(check.facts.elapsed_ms),
        "verdict": check.verdict,
        "summary": summary(check),
        "recommended": _recommended(check),
        "dns": {
            "mx": [{"preference": preference, "host": clean(host, 255)} for preference, host in check.facts.dns.mx],
            "null_mx": check.facts.dns.null_mx,
            "addresses": sorted({address for host in check.facts.dns.hosts for address in host.addresses}),
            "findings": [_finding(finding) for finding in check.findings if finding.code not in DENIED_SEVERITY],
        },
        "endpoints": [_endpoint(report) for report in check.endpoints],
        "findings": [_finding(finding) for finding in check.findings],
        **({"deep": True} if check.facts.further is not None else {}),
    }


def timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def summary(check: Check) -> str:
    """One line: the host, how it is, and what to do."""
    head = f"{check.facts.target} {wording.VERDICT_WORDS[check.verdict]}"
    if check.verdict == "failed" and check.endpoints:
        head += wording.FROM_HERE
    if check.recommended is not None:
        chosen = check.recommended
        if chosen.reason == "relay_only":
            alone = all(report.port == chosen.port for report in check.endpoints)
            words = wording.RELAY if alone else wording.RELAY_ONLY
            return f"{head}. {words.format(port=chosen.port, tls=wording.TLS_MODES[chosen.tls])}"
        where = "" if chosen.host == check.facts.target else f" on {clean(chosen.host, 100)}"
        return f"{head}. Use port {chosen.port}{where} with {wording.TLS_MODES[chosen.tls]}: {_reason(chosen)}."
    if check.findings and not check.endpoints:
        return f"{head}. {_finding(check.findings[0])['message']}"
    return f"{head}. {_states(check)} {_next_step(check)}".strip()


def _next_step(check: Check) -> str:
    if any(report.state == "hijack_suspect" for report in check.endpoints):
        return wording.NOT_THIS_HOST
    return wording.NEXT_STEP.get(check.verdict, "")


def _reason(chosen: Recommendation) -> str:
    if chosen.reason == "implicit_tls" and chosen.port != IMPLICIT_PORT:
        return wording.IMPLICIT_ELSEWHERE
    return wording.REASONS[chosen.reason]


def _states(check: Check) -> str:
    states = (f"{it.port}: {wording.STATE_WORDS.get(it.state, it.state)}" for it in check.endpoints)
    return ", ".join(dict.fromkeys(states)) + "."


def _recommended(check: Check) -> Document | None:
    chosen = check.recommended
    if chosen is None:
        return None
    return {"port": chosen.port, "tls": chosen.tls, "reason": _reason(chosen)}


def _finding(finding: Finding) -> Document:
    message = clean(wording.sentence(finding.code, finding.params), 600)
    return {"code": finding.code, "severity": finding.severity.name, "message": message}


def _endpoint(report: EndpointReport) -> Document:
    record = report.record
    greeting = record.step(GREETING)
    return {
        "host": clean(record.host, 255),
        "address": record.address,
        "port": record.port,
        "state": report.state,
        "greeting": _greeting(greeting, report.greeting_ms),
        "extensions": {"before_tls": _lines(report.before_tls), "after_tls": _lines(report.after_tls)},
        "auth": {"before_tls": _auth(report.before_tls), "after_tls": _auth(report.after_tls)},
        "tls": _tls(report),
        "timings_ms": timings(record),
        "findings": [_finding(finding) for finding in report.findings],
        "transcript": transcript(record),
    }


def _greeting(step: Step | None, delay_ms: float | None) -> Document | None:
    if step is None or step.code is None:
        return None
    return {"code": step.code, "text": clean(step.text, TEXT_LIMIT), "delay_ms": ms(delay_ms or 0.0)}


def _lines(extensions: Extensions) -> list[str]:
    return [clean(line, TEXT_LIMIT) for line in extensions.lines()[:EXTENSION_LINES]]


def _auth(extensions: Extensions) -> list[str]:
    return [clean(mechanism, 40) for mechanism in extensions.auth[:20]]


def _tls(report: EndpointReport) -> Document | None:
    if not report.tls_state:
        return None
    shake = report.record.handshake
    return {
        "mode": report.record.mode,
        "state": report.tls_state,
        "version": clean(shake.version, 40) if shake else None,
        "cipher": clean(shake.cipher, 80) if shake else None,
        "certificate": _certificate(report.certificate) if report.certificate else None,
        **({"versions": dict(report.versions)} if report.versions else {}),
    }


def _certificate(found: CertificateReport) -> Document:
    return {
        "subject": found.subject,
        "issuer": found.issuer,
        "names": list(found.names),
        "not_before": timestamp(found.not_before) if found.not_before else None,
        "not_after": timestamp(found.not_after) if found.not_after else None,
        "days_left": found.days_left,
        "key": found.key,
        "sha256": found.sha256,
        "trusted": found.trusted,
        "name_matches": found.name_matches,
    }
