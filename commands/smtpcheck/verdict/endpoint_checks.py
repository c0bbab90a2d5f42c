"""From the record of an endpoint to what is worth saying of it: small named checks over what was seen. Pure.

A state is found by the first row of `states.STATES` that knows one, findings by every check of `CHECKS`; `judge` puts
both together. A bug report is a record, and its fix one more row. What was not seen is unknown, never "no": nothing is
said of TLS or login when the dialogue did not come that far.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.report.model import EndpointReport, Finding, finding
from commands.smtpcheck.result.findings import Code, Value, row_of
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.replies.reading import listing_in
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.tls.certificate_findings import CertificateReport, analyse
from commands.smtpcheck.tls.hello import SMALLEST_DH
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.verdict.states import (
    REFUSED_IN_WORDS,
    refuses_our_address,
    refuses_without_reason,
    state_of,
)
from commands.smtpcheck.wire.connection import mode_of
from commands.smtpcheck.wire.record import BUSY, EHLO, EHLO_AFTER_TLS, HELO, READY, STARTTLS, Handshake, Record, Step
from commands.smtpcheck.wire.session_facts import CISCO_BANNER, Reading, malformed_line


def evidence(reading: Reading, state: str) -> dict[str, Value]:
    """Port, seconds, and what the server said last, whatever that was; to EHLO, where it does not know that."""
    unknown = state == State.EHLO_NOT_UNDERSTOOD
    step = reading.ehlo if unknown else reading.refusal_for_tls or reading.record.last
    code = step.code if step and step.code is not None else 0
    within = reading.inside_tls or (step is not None and step.name == EHLO_AFTER_TLS)
    return {
        "port": reading.record.port,
        "address": reading.record.address,
        "seconds": round((reading.record.elapsed_ms or reading.record.connect_ms) / 1000, 1),
        "said": _said(reading, state, step)[:200],
        "code": reading.plain_code or code or (BUSY if state == State.RATE_LIMITED else 0),
        "protocol": reading.protocol,
        "inside": within,
        "ended": _helo_unseen(reading) if unknown else _how_it_ended(reading, step),
        "waited": round(step.elapsed_ms / 1000, 1) if step else 0.0,
        **(_meant(reading, step) if state in REFUSED_IN_WORDS else {}),
        **({"step": step.name} if step and state in {State.TLS_REQUIRED, *REFUSED_IN_WORDS} else {}),
    }


def _how_it_ended(reading: Reading, step: Step | None) -> str:
    """How the step ended without a reply. What the client sees as closed may have been a reset on the wire."""
    if step is None or step.error not in {"closed", "reset"}:
        return step.error if step else ""
    early = reading.talks_early and step.name == EHLO
    return "early" if early else reading.how_it_ended or step.error


def _helo_unseen(reading: Reading) -> str:
    """How HELO ended without an answer; "" where it was refused, too."""
    helo = reading.record.step(HELO)
    return "not_asked" if helo is None else helo.error


def _meant(reading: Reading, step: Step | None) -> dict[str, Value]:
    """What a refusal means, as far as the table of replies knows, and the blocklist that it names."""
    row = reading.refusal
    if row is None:
        return {}
    listing = listing_in(step.text) if step is not None and row.meaning is Meaning.LISTED else None
    said: dict[str, Value] = {"meaning": str(row.meaning), **({} if row.sure else {"reported": True})}
    if listing is None:
        return said
    return {**said, "listing": listing.kind, "list": listing.name, "look_up": listing.look_up, "closed": listing.closed}


def _said(reading: Reading, state: str, step: Step | None) -> str:
    """What the server said that makes it what it is."""
    raw = reading.first_bytes.decode("utf-8", "replace")
    reply = step.text.replace("\n", " / ") if step is not None else ""
    if reading.record.mode == "implicit" and not reading.inside_tls and reading.looks_like_smtp:
        return reply or raw.partition("\n")[0].strip()
    if reading.plain_code is not None:
        return reading.plain_after_go[4:].decode("utf-8", "replace").strip()
    if reading.protocol == "LMTP" and reading.greeting is not None:
        return f"{reading.greeting.code} {reading.greeting.text}"
    if state == State.UNEXPECTED_REPLY and step is not None:
        return f"{step.code} {reply}" if step.code is not None else malformed_line(step)
    return (raw or reply) if state == State.NOT_SMTP else (reply or raw)  # its code, too, shows what is no SMTP


def said_of_tls(reading: Reading) -> str:
    """What the server said where TLS was to begin, or of what it wants for it."""
    step = reading.demands_certificate or reading.broken_tls or reading.starttls or reading.greeting
    if reading.plain_after_go:
        return reading.plain_after_go.decode("utf-8", "replace").strip()
    if step is None:
        return ""
    return f"{step.code or ''} {step.text or malformed_line(step) or step.detail}".strip()


SLOW_MS = 3000
ROUND_TRIPS = 3
"""So many may pass before a reply comes from a server that answers at once: one, and more where packets are lost."""

LONGEST_DELAY_MS = 30_000
"""What postscreen, greet_pause and delays at EHLO make us wait at most; RFC 5321 section 4.5.3.2.1 gives 300 s."""

HELLOS = frozenset({EHLO, EHLO_AFTER_TLS})
TARPITS = frozenset({State.TARPIT, State.TARPIT_SPAMD})
WORDLESS = frozenset({State.NO_GREETING, State.INCOMPLETE_GREETING})
REPLY_LINE_LIMIT = 512
NAMED = re.compile(r"\[|\S*\.")
"""A greeting begins with a domain or an address literal (RFC 5321 section 4.2)."""

SUBMISSION_PORTS = frozenset({465, 587, 2465, 2525, 2526, 2587, 8025, 8465})
LEGACY_TLS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
WEAK_CIPHER = re.compile(r"NULL|RC4|DES|EXP|MD5|^ADH|^AECDH|anon")
"""Suites by OpenSSL's names that RFC 9325 section 4.1 forbids; DES-CBC3 is 3DES (CVE-2016-2183)."""

NO_FORWARD_SECRECY = re.compile(r"AES|CAMELLIA|ARIA|SEED|IDEA|RSA-PSK")
"""How OpenSSL names suites begin whose key the server's own decrypts; those of TLS 1.3 all agree on another."""

PASSWORDS, TOKENS = frozenset({"PLAIN", "LOGIN"}), frozenset({"XOAUTH2", "OAUTHBEARER"})
"""Login mechanisms that send the secret readable: RFC 4616, RFC 7628 (a token is as good as a password for a while)."""

CHALLENGE = re.compile(r"CRAM-|DIGEST-|SCRAM-|NTLM$|GSSAPI$|GS2-|GSS-SPNEGO$|KERBEROS_V")
GUESSED = re.compile(r"CRAM-|DIGEST-|SCRAM-|NTLM$")
"""Those that do not, and of these those whose exchange lets passwords be tried against it (RFC 5802 section 9)."""

SMALLEST_SIZE = 1_000_000
"""Octets; below it ordinary mail does not fit. 0 says that there is no limit (RFC 1870 section 4)."""

Params: TypeAlias = dict[str, Value]
Found: TypeAlias = Iterator[tuple[Code, Params]]

TLS_FINDINGS: Mapping[TlsState, Code] = {
    TlsState.MASKED: Code.STARTTLS_MASKED,
    TlsState.NOT_OFFERED: Code.STARTTLS_NOT_OFFERED,
    TlsState.BROKEN_TEMP: Code.STARTTLS_BROKEN_TEMP,
    TlsState.INTERCEPTED: Code.STARTTLS_INTERCEPTED,
    TlsState.REFUSED: Code.STARTTLS_REFUSED,
    TlsState.SNI_REJECTED: Code.SNI_REJECTED,
}
"""TLS state -> finding code; the others are `tls_` and the state."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check of `CHECKS` may look at."""

    reading: Reading
    state: State
    certificate: CertificateReport | None


def _state_itself(seen: Judged) -> Found:
    if seen.state not in {State.OPEN, State.TLS_FAILED}:
        local = seen.reading.record.connect == "not_permitted"
        yield Code.NOT_PERMITTED if local else row_of(seen.state), evidence(seen.reading, seen.state)
    if refuses_our_address(seen.reading, seen.state):
        yield Code.ADDRESS_REFUSED, {"port": seen.reading.record.port}
    if refuses_without_reason(seen.reading, seen.state):
        yield Code.REFUSED_UNEXPLAINED, {"port": seen.reading.record.port}


def _tempo(seen: Judged) -> Found:
    step = seen.reading.greeting
    greeted = step is not None and step.code == READY  # a refusal may have waited for anything
    slow_ms = SLOW_MS + ROUND_TRIPS * seen.reading.record.connect_ms
    late = step is not None and greeted and step.elapsed_ms >= slow_ms
    if step is not None and late and seen.reading.refusal_meaning is not Meaning.PROXY_MISMATCH:  # it waited for that
        yield Code.SLOW_GREETING, {"seconds": round(step.elapsed_ms / 1000, 1)}
    hellos = (it for it in seen.reading.record.steps if it.name in HELLOS and it.code is not None)
    slowest = max((it.elapsed_ms for it in hellos if not seen.reading.is_dripped(it)), default=0.0)
    if slowest >= slow_ms:
        yield Code.SLOW_EHLO, {"seconds": round(slowest / 1000, 1)}
    if _was_left_early(step) and seen.state in WORDLESS:
        yield Code.GREETING_AWAITED, {}
    is_asked = not seen.reading.talks_early  # else what came before was perhaps the answer
    if is_asked and _was_left_early(seen.reading.record.last) and seen.state == State.NO_EHLO_REPLY:
        yield Code.EHLO_AWAITED, {}
    replies = (step for step in seen.reading.record.steps if step.name != STARTTLS)
    if seen.state not in TARPITS and any(map(seen.reading.is_dripped, replies)):
        yield Code.TARPIT, {}


def _quoted(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _was_left_early(step: Step | None) -> bool:
    """Whether a longer wait might still have brought an answer."""
    return step is not None and step.error == "timeout" and step.elapsed_ms < LONGEST_DELAY_MS


def _greeting_form(seen: Judged) -> Found:
    reading, step = seen.reading, seen.reading.greeting
    if step is None or step.code is None:
        return
    if reading.talks_early and seen.state in {State.OPEN, State.NO_EHLO_REPLY}:
        yield Code.PROTOCOL_VIOLATION, {"port": reading.record.port, "said": _quoted(reading.unasked[:200])}
    if reading.record.mode == "implicit":
        return
    lines = b"".join(reading.turns).split(b"\n")[:-1]
    if any(not line.endswith(b"\r") for line in lines):
        yield Code.BARE_LINE_FEED, {}
    if any(len(line) > REPLY_LINE_LIMIT for line in lines):
        yield Code.LONG_LINE, {"octets": max(len(line) for line in lines) + 1}
    if reading.mixes_codes:
        yield Code.MIXED_CODES, {}
    if seen.state == State.OPEN and not reading.looks_like_smtp:
        yield Code.ODD_REPLY_LINE, {"said": reading.first_bytes[:80].decode("utf-8", "replace").strip()}
    if CISCO_BANNER.match(reading.turns[0]):
        yield Code.MIDDLEBOX_CISCO, {}
    elif step.code == 220 and seen.state == State.OPEN and not NAMED.match(step.text):
        yield Code.GREETING_WITHOUT_NAME, {}


def _extensions(seen: Judged) -> Found:
    reading = seen.reading
    offered = {**reading.before.keywords, **reading.after.keywords}
    if "XCLIENT" in offered:
        yield Code.PROXY_COMMANDS_OFFERED, {"commands": "XCLIENT"}
    if "XFORWARD" in offered:
        yield Code.XFORWARD_OFFERED, {}
    if seen.state == State.OPEN and reading.refuses_later:
        yield Code.REFUSED_LATER, {"port": reading.record.port, "by": reading.refuses_later}
    yield from _logins(reading)
    size = offered.get("SIZE", "")
    if size.isdecimal() and 0 < int(size[:20]) < SMALLEST_SIZE:
        yield Code.SIZE_TOO_SMALL, {"port": reading.record.port, "octets": int(size[:20])}
    if "STARTTLS" in reading.after.keywords:
        yield Code.STARTTLS_AFTER_TLS, {}
    if reading.is_exchange:
        yield Code.EXCHANGE_HINT, {}
    if seen.state == State.OPEN and reading.helo_works and not reading.talks_early:
        yield Code.LEGACY_HELO_ONLY, {}


def _logins(reading: Reading) -> Found:
    """What is sent readable before TLS, else what is offered there; and a port for clients without a login for them."""
    port, before, inside = reading.record.port, reading.before.auth, reading.after.auth
    readable = [one for one in before if one in PASSWORDS | TOKENS]
    if readable:
        kind = "" if PASSWORDS.issuperset(readable) else "token" if TOKENS.issuperset(readable) else "both"
        yield Code.AUTH_BEFORE_TLS, {"mechanisms": " ".join(readable), "port": port, "kind": kind}
    elif before:
        params: Params = {"mechanisms": " ".join(before), "port": port, "kind": _kind_of(before)}
        yield Code.LOGIN_BEFORE_TLS, {**params, "guessed": bool(any(map(GUESSED.match, before)))}
    if port in SUBMISSION_PORTS and reading.after.keywords and not inside:
        yield Code.AUTH_NOT_OFFERED, {"port": port}
    if port in SUBMISSION_PORTS and set(inside) == {"EXTERNAL"}:
        yield Code.EXTERNAL_LOGIN_ONLY, {"port": port}


def _kind_of(mechanisms: Sequence[str]) -> str:
    """What logins without a readable secret are: of a challenge, of an identity from elsewhere, or not known here."""
    if set(mechanisms) == {"EXTERNAL"}:
        return "external"
    return "challenge" if all(CHALLENGE.match(one) or one == "EXTERNAL" for one in mechanisms) else ""


def _tls(seen: Judged) -> Found:
    reading = seen.reading
    state = TlsState.TIMEOUT if reading.starttls_awaited else reading.tls_state
    if seen.state in {State.OPEN, State.TLS_FAILED} and state and state != TlsState.OK:
        where = "handshake" if reading.was_ready or reading.record.mode == "implicit" else "starttls"
        where = "reply" if reading.demands_certificate is not None else where
        where = "unnamed" if state == TlsState.BROKEN_TEMP and _names_no_cause(reading) else where
        params: Params = {"said": said_of_tls(reading)[:200], "port": reading.record.port, "where": where}
        nameless = state == TlsState.SNI_REJECTED and is_address(reading.record.host)
        yield Code.SNI_MISSING if nameless else TLS_FINDINGS.get(state) or row_of(f"tls_{state}"), params
    elif _is_mail_in_tls(reading) and mode_of(reading.record.port) == "starttls":
        yield Code.IMPLICIT_TLS, {"port": reading.record.port}
    if state == TlsState.OK and not reading.record.sni and not is_address(reading.record.host):
        yield Code.SNI_REJECTED, {"port": reading.record.port, "unnamed": reading.record.handshake is not None}
    if reading.behind_reply and reading.plain_code not in range(400, 500):
        yield Code.RESPONSE_INJECTION, {"said": reading.behind_reply[:200].decode("utf-8", "replace")}
    if reading.record.handshake is not None:
        yield from _handshake(reading, reading.record.handshake)


def _is_mail_in_tls(reading: Reading) -> bool:
    """Whether a server greeted, or refused to, inside TLS from the first byte: who is silent there may be another."""
    answered = reading.greeting is not None and reading.greeting.code is not None
    return reading.tls_state == TlsState.OK and reading.record.mode == "implicit" and answered


def _names_no_cause(reading: Reading) -> bool:
    """Whether a refusal of STARTTLS is one by its codes alone."""
    return reading.refusal is not None and not reading.refusal.words


def _handshake(reading: Reading, agreed: Handshake) -> Found:
    """What was agreed on although we offered better."""
    port = reading.record.port
    if agreed.version in LEGACY_TLS:
        yield Code.LEGACY_TLS, {"version": agreed.version}
    if WEAK_CIPHER.search(agreed.cipher):
        yield Code.TLS_WEAK_CIPHER, {"port": port, "cipher": agreed.cipher}
    elif NO_FORWARD_SECRECY.match(agreed.cipher):
        yield Code.TLS_NO_FORWARD_SECRECY, {"port": port, "cipher": agreed.cipher}
    elif agreed.cipher.startswith("DHE-") and 0 < reading.dh_bits < SMALLEST_DH:
        yield Code.TLS_SMALL_DH, {"port": port, "bits": reading.dh_bits}


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


def judge(record: Record, *, at: datetime, store: TrustStore) -> EndpointReport:
    """One record, judged: its state, its certificate, its findings (worst first)."""
    if record.connect != "connected":  # nothing was said then; a record from elsewhere may contradict itself
        record = replace(record, steps=(), chunks=(), handshake=None)
    reading = Reading(record)
    state = state_of(reading)
    certificate = None
    if record.handshake is not None and record.handshake.chain:
        certificate = analyse(record.handshake.chain, host=record.host, at=at, store=store)
    return EndpointReport(
        record=record,
        state=state,
        tls_state=reading.tls_state if state in TLS_IS_KNOWN or reading.has_tls else "",
        greeting_ms=reading.answered_ms,
        before_tls=reading.before,
        after_tls=reading.after,
        certificate=certificate,
        findings=tuple(findings_of(Judged(reading, state, certificate))),
    )


TLS_IS_KNOWN = frozenset({State.OPEN, State.TLS_FAILED, State.PLAIN_ON_TLS_PORT})
"""States of a dialogue that came to TLS; in every other nothing is said of it unless a handshake was finished."""
