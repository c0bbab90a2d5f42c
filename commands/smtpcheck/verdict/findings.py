"""What is worth saying of an endpoint: small named checks over what was seen, and how much each finding weighs."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from commands.smtpcheck.report.model import Finding, finding
from commands.smtpcheck.report.plan import mode_of
from commands.smtpcheck.result.findings import Value
from commands.smtpcheck.tls.certificate import CertificateReport
from commands.smtpcheck.wire.failures import BUSY
from commands.smtpcheck.wire.record import EHLO_AFTER_TLS, STARTTLS, Step
from commands.smtpcheck.wire.session_facts import CISCO_BANNER, Reading, malformed_line


def evidence(reading: Reading, state: str) -> dict[str, Value]:
    """Port, seconds, and what the server said last, whatever that was."""
    step = reading.record.last
    code = step.code if step and step.code is not None else 0
    within = reading.inside_tls or (step is not None and step.name == EHLO_AFTER_TLS)
    return {
        "port": reading.record.port,
        "address": reading.record.address,
        "seconds": round((reading.record.elapsed_ms or reading.record.connect_ms) / 1000, 1),
        "said": _said(reading, state, step)[:200],
        "code": reading.plain_code or (BUSY if state == "rate_limited" else code),
        "protocol": reading.protocol,
        "inside": within,
        "ended": step.error if step else "",
        "waited": round(step.elapsed_ms / 1000, 1) if step else 0.0,
    }


def _said(reading: Reading, state: str, step: Step | None) -> str:
    """What the server said that makes it what it is."""
    raw = reading.first_bytes.decode("utf-8", "replace")
    reply = step.text.replace("\n", " / ") if step is not None else ""
    if reading.record.mode == "implicit" and not reading.inside_tls and reading.looks_like_smtp:
        return raw.partition("\n")[0].strip()
    if reading.plain_code is not None:
        return reading.plain_after_go[4:].decode("utf-8", "replace").strip()
    if state == "unexpected_reply" and step is not None:
        return f"{step.code} {reply}" if step.code is not None else malformed_line(step)
    return (raw or reply) if state == "not_smtp" else (reply or raw)  # its code, too, shows what is no SMTP


def said_of_tls(reading: Reading) -> str:
    """What the server said where TLS was to begin."""
    step = reading.broken_tls or reading.starttls or reading.greeting
    if reading.plain_after_go:
        return reading.plain_after_go.decode("utf-8", "replace").strip()
    if step is None:
        return ""
    return f"{step.code or ''} {step.text or malformed_line(step) or step.detail}".strip()


SLOW_GREETING_MS = 3000
LONGEST_DELAY_MS = 30_000
"""What postscreen and greet_pause make strangers wait at most; RFC 5321 section 4.5.3.2.1 gives a server 300 s."""

TARPITS = frozenset({"tarpit", "tarpit_spamd"})
WORDLESS = frozenset({"no_greeting", "incomplete_greeting"})
REPLY_LINE_LIMIT = 512
NAMED = re.compile(r"\[|\S*\.")
"""A greeting begins with a domain or an address literal (RFC 5321 section 4.2)."""

SUBMISSION_PORTS = frozenset({465, 587, 2465, 2525, 2526, 2587, 8025, 8465})
LEGACY_TLS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})

Params: TypeAlias = dict[str, Value]
Found: TypeAlias = Iterator[tuple[str, Params]]

TLS_FINDINGS: Mapping[str, str] = {
    "masked": "starttls_masked",
    "not_offered": "starttls_not_offered",
    "broken_temp": "starttls_broken_temp",
    "intercepted": "starttls_intercepted",
    "sni_rejected": "sni_rejected",
}
"""TLS state -> finding code; the others are `tls_` and the state."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check of `CHECKS` may look at."""

    reading: Reading
    state: str
    certificate: CertificateReport | None


def _state_itself(seen: Judged) -> Found:
    if seen.state not in {"open", "tls_failed"}:
        local = seen.reading.record.connect == "not_permitted"
        yield "not_permitted" if local else seen.state, evidence(seen.reading, seen.state)


def _tempo(seen: Judged) -> Found:
    step = seen.reading.greeting
    if step is not None and step.code is not None and step.elapsed_ms >= SLOW_GREETING_MS:
        yield "slow_greeting", {"seconds": round(step.elapsed_ms / 1000, 1)}
    if step is not None and step.error == "timeout" and seen.state in WORDLESS and step.elapsed_ms < LONGEST_DELAY_MS:
        yield "greeting_awaited", {}
    replies = (step for step in seen.reading.record.steps if step.name != STARTTLS)
    if seen.state not in TARPITS and any(map(seen.reading.is_dripped, replies)):
        yield "tarpit", {}


def _greeting_form(seen: Judged) -> Found:
    reading, step = seen.reading, seen.reading.greeting
    if step is None or step.code is None or reading.record.mode == "implicit":
        return
    lines = b"".join(reading.turns).split(b"\n")[:-1]
    if any(not line.endswith(b"\r") for line in lines):
        yield "bare_line_feed", {}
    if any(len(line) > REPLY_LINE_LIMIT for line in lines):
        yield "long_line", {"octets": max(len(line) for line in lines) + 1}
    if reading.mixes_codes:
        yield "mixed_codes", {}
    if seen.state == "open" and not reading.looks_like_smtp:
        yield "odd_reply_line", {"said": reading.first_bytes[:80].decode("utf-8", "replace").strip()}
    if reading.talks_early and seen.state == "open":
        yield "protocol_violation", {}
    if CISCO_BANNER.match(reading.first_bytes):
        yield "middlebox_cisco", {}
    elif step.code == 220 and seen.state == "open" and not NAMED.match(step.text):
        yield "greeting_without_name", {}


def _extensions(seen: Judged) -> Found:
    reading = seen.reading
    offered = {**reading.before.keywords, **reading.after.keywords}
    proxy = sorted({"XCLIENT", "XFORWARD"} & offered.keys())
    if proxy:
        yield "proxy_commands_offered", {"commands": " ".join(proxy)}
    if reading.before.auth:
        yield "auth_before_tls", {"mechanisms": " ".join(reading.before.auth), "port": reading.record.port}
    if "STARTTLS" in reading.after.keywords:
        yield "starttls_after_tls", {}
    if reading.record.port in SUBMISSION_PORTS and reading.after.keywords and not reading.after.auth:
        yield "auth_not_offered", {"port": reading.record.port}
    if reading.is_exchange:
        yield "exchange_hint", {}
    if seen.state == "open" and reading.helo_works:
        yield "legacy_helo_only", {}


def _tls(seen: Judged) -> Found:
    reading = seen.reading
    state = reading.tls_state
    if seen.state in {"open", "tls_failed"} and state not in {"", "ok"}:
        where = "handshake" if reading.was_ready or reading.record.mode == "implicit" else "starttls"
        params: Params = {"said": said_of_tls(reading)[:200], "port": reading.record.port, "where": where}
        yield TLS_FINDINGS.get(state, f"tls_{state}"), params
    elif state == "ok" and reading.record.mode == "implicit" and mode_of(reading.record.port) == "starttls":
        yield "implicit_tls", {"port": reading.record.port}
    if state == "ok" and not reading.record.sni:
        yield "sni_rejected", {"port": reading.record.port, "unnamed": reading.record.handshake is not None}
    if reading.behind_reply and reading.plain_code not in range(400, 500):
        yield "response_injection", {"said": reading.behind_reply[:200].decode("utf-8", "replace")}
    if reading.record.handshake is not None and reading.record.handshake.version in LEGACY_TLS:
        yield "legacy_tls", {"version": reading.record.handshake.version}


def _certificate(seen: Judged) -> Found:
    if seen.certificate is not None:
        for code, params in seen.certificate.findings:
            yield code, dict(params)


Check = Callable[[Judged], Found]
CHECKS: tuple[Check, ...] = (_state_itself, _tempo, _greeting_form, _extensions, _tls, _certificate)


def findings_of(seen: Judged) -> list[Finding]:
    """Every finding of an endpoint, worst first."""
    port = seen.reading.record.port
    found = [finding(code, params, port) for check in CHECKS for code, params in check(seen)]
    return sorted(found, key=lambda one: -one.severity)
