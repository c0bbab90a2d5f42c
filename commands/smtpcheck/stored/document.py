"""A check as it is kept: its JSON (schema `portero.check/2`, codes and parameters), and its row of history.

What a remote server said is cut and free of control characters. Sentences are made when it is shown.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from commands.contract import Request
from commands.sharing import fingerprint
from commands.slack_text import clean
from commands.smtpcheck.report.model import DENIED, Check, EndpointReport, Finding
from commands.smtpcheck.result.document import facts, stored_summary
from commands.smtpcheck.result.findings import Value
from commands.smtpcheck.result.health import WORTH
from commands.smtpcheck.result.states import UNJUDGED
from commands.smtpcheck.tls.certificate_findings import CertificateReport
from commands.smtpcheck.verdict.conclusion import reason_of, summary
from commands.smtpcheck.wire.record import (
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    PROXY_HEADERS,
    STARTTLS,
    Chunk,
    Extensions,
    Record,
    Step,
)
from commands.smtpcheck.wire.session_facts import Reading
from storage.entries import LOCAL
from storage.history import Entry
from storage.history import Reading as PortReading

TEXT_LIMIT = 300
TRANSCRIPT_LINES = 60


def timings(record: Record) -> dict[str, float]:
    """Milliseconds of every part of a session that was come to."""
    parts = {"connect": ms(record.connect_ms)}
    for step in record.steps:
        if step.name == STARTTLS:
            agreed = _agreed_ms(record, step)
            parts["starttls"] = ms(agreed - step.started_ms)
            parts["tls"] = ms(step.ended_ms - agreed)
        elif step.name == GREETING and record.handshake is not None and record.mode == "implicit":
            shaken = _shaken_ms(record, step)
            parts["tls"] = ms(shaken - step.started_ms)
            parts["greeting"] = ms(step.ended_ms - shaken)
        else:
            parts[step.name] = ms(step.elapsed_ms)
    return parts


def _agreed_ms(record: Record, step: Step) -> float:
    """When the server's answer to STARTTLS came: the first chunk of the server's in that step."""
    came = (chunk.at_ms for chunk in record.chunks if chunk.sender == "server" and chunk.at_ms >= step.started_ms)
    return next(came, step.ended_ms)


def _shaken_ms(record: Record, step: Step) -> float:
    """When the client sent its last flight of an implicit handshake: it is silent from there to the greeting."""
    sent = [chunk.at_ms for chunk in record.chunks if chunk.sender == "client" and chunk.at_ms <= step.ended_ms]
    return sent[-1] if sent else step.started_ms


def transcript(record: Record) -> list[dict[str, Any]]:
    """The session line by line: the wire's own bytes in the clear, the replies inside TLS as they were read."""
    return [
        {"at_ms": ms(at_ms), "from": sender, "text": clean(text, TEXT_LIMIT)}
        for at_ms, sender, text in list(_spoken(record))[:TRANSCRIPT_LINES]
    ]


def _spoken(record: Record) -> Iterator[tuple[float, str, str]]:
    if record.mode == "starttls":
        for chunk in Reading(record).clear:
            for line in _lines_of(chunk):
                yield chunk.at_ms, chunk.sender, line
    for step in record.steps:
        if step.name == EHLO_AFTER_TLS or (record.mode == "implicit" and step.name in {GREETING, EHLO}):
            if step.name != GREETING:
                yield step.started_ms, "client", f"EHLO {record.ehlo_name}"
            yield from _reply(step)


def _lines_of(chunk: Chunk) -> list[str]:
    """The second version of a PROXY header is no text, though QUIT stands in it."""
    if chunk.data == PROXY_HEADERS["proxy_v2"]:
        return ["(PROXY header, version 2: LOCAL)"]
    return chunk.data.decode("utf-8", "replace").splitlines()


def _reply(step: Step) -> Iterator[tuple[float, str, str]]:
    if step.code is None:
        yield step.ended_ms, "server", f"({step.error}{': ' if step.detail else ''}{step.detail})"
        return
    lines = step.text.split("\n")
    for number, line in enumerate(lines):
        yield step.ended_ms, "server", f"{step.code}{' ' if number == len(lines) - 1 else '-'}{line}"


def ms(value: float) -> float:
    """Tenths are enough."""
    return round(value, 1)


SCHEMA = "portero.check/2"
EXTENSION_LINES = 40
PARAMETER = 300

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
        "summary": [_statement(one) for one in summary(check)],
        "recommended": _recommended(check),
        "dns": {
            "mx": [{"preference": preference, "host": clean(host, 255)} for preference, host in check.facts.dns.mx],
            "null_mx": check.facts.dns.null_mx,
            "addresses": sorted({address for host in check.facts.dns.hosts for address in host.addresses}),
            "findings": [_finding(finding) for finding in check.findings if finding.code not in DENIED],
        },
        "endpoints": [_endpoint(report) for report in check.endpoints],
        "findings": [_finding(finding) for finding in check.findings],
        **({"deep": True} if check.facts.further is not None else {}),
        **({"experiments": [_experiment(record) for record in tried]} if (tried := check.facts.experiments) else {}),
    }


def _statement(statement: Document) -> Document:
    return {**statement, "params": {name: _bounded(value) for name, value in statement["params"].items()}}


def timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _recommended(check: Check) -> Document | None:
    """The port to use; none where 25 alone answers for a domain that declares to take no mail (RFC 7505)."""
    chosen = check.recommended
    if chosen is None or (check.facts.dns.null_mx and chosen.reason == "relay_only"):
        return None
    return {"port": chosen.port, "tls": chosen.tls, "reason": reason_of(chosen), "host": clean(chosen.host, 255)}


def _finding(finding: Finding) -> Document:
    params = {name: _bounded(value) for name, value in finding.params.items()}
    return {"code": str(finding.code), "severity": finding.severity.name, "params": params}


def _bounded(value: Value) -> Value:
    """What a remote server said is cut and free of control characters."""
    return clean(value, PARAMETER) if isinstance(value, str) else value


def _endpoint(report: EndpointReport) -> Document:
    record = report.record
    greeting = record.step(GREETING)
    return {
        "host": clean(record.host, 255),
        "address": record.address,
        "port": record.port,
        "state": str(report.state),
        "greeting": _greeting(greeting, report.greeting_ms),
        "extensions": {"before_tls": _lines(report.before_tls), "after_tls": _lines(report.after_tls)},
        "auth": {"before_tls": _auth(report.before_tls), "after_tls": _auth(report.after_tls)},
        "tls": _tls(report),
        "timings_ms": timings(record),
        "findings": [_finding(finding) for finding in report.findings],
        "transcript": transcript(record),
    }


def _experiment(record: Record) -> Document:
    """A connection that decided what a symptom means."""
    return {
        "host": clean(record.host, 255),
        "address": record.address,
        "port": record.port,
        "purpose": record.purpose,
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
        "state": str(report.tls_state),
        "version": clean(shake.version, 40) if shake else None,
        "cipher": clean(shake.cipher, 80) if shake else None,
        "certificate": _certificate(report.certificate) if report.certificate else None,
        **({"versions": dict(report.versions)} if report.versions else {}),
        **({"suites": dict(report.suites)} if report.suites else {}),
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


KIND = "check"
ADDRESSES = 8
"""Digits of the fingerprint of addresses."""


def says_nothing(check: Check) -> bool:
    """Whether we could judge no port at all, for reasons of ours: then it is no result of the host, and not kept."""
    return bool(check.endpoints) and all(report.state in UNJUDGED for report in check.endpoints)


def to_entry(check: Check, document: Document, request: Request) -> Entry:
    """Who asked what, where and when, with the whole result."""
    return Entry(
        id=check.facts.id,
        kind=KIND,
        target=check.facts.target,
        vantage=check.facts.vantage,
        verdict=check.verdict,
        summary=stored_summary(document),
        started_at=check.facts.started_at,
        elapsed_ms=check.facts.elapsed_ms,
        actor=request.actor.user,
        team=request.actor.team,
        channel=request.channel,
        surface=request.surface,
        document=document,
        scope=scope(check),
        outcome="" if any(report.state in UNJUDGED for report in check.endpoints) else outcome_of(document),
    )


def outcome_of(document: Document) -> str:
    """The fingerprint of its facts; behind it that of the addresses, which some names change with every answer."""
    return f"{fingerprint(facts(document))}.{fingerprint(document['dns'].get('addresses', []))[:ADDRESSES]}"


def scope(check: Check) -> str:
    """The ports that were probed, and whether deeply: a check of one port and a check of all are not compared."""
    ports = ",".join(str(port) for port in sorted({report.record.port for report in check.endpoints})) or "none"
    return ports if check.facts.further is None else f"{ports} deep"


def to_readings(check: Check) -> list[PortReading]:
    """The endpoints that were judged: what we did not listen to is no reading of the host.

    The end of a certificate is that of the lists of certificates, which say of none where it was seen: they have those
    that this machine saw. A stolen key of another could put any host into them.
    """
    readings = [_reading(report) for report in check.endpoints if report.state not in UNJUDGED]
    return readings if check.facts.vantage == LOCAL else [each._replace(certificate_ends=None) for each in readings]


def _reading(report: EndpointReport) -> PortReading:
    """`latency_ms` is how long the TCP connection took, None when none stood."""
    record, found = report.record, report.certificate
    return PortReading(
        host=record.host,
        address=record.address,
        port=record.port,
        state=report.state,
        ok=WORTH[report.health].available,
        tls=report.tls_state,
        latency_ms=record.connect_ms if record.connect == "connected" else None,
        certificate=found.sha256 if found else "",
        certificate_ends=found.not_after if found else None,
    )
