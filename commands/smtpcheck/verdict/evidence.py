"""What was seen that makes an endpoint what it is: the parameters of its finding."""

from commands.smtpcheck.result.findings import Value
from commands.smtpcheck.wire.protocols import BUSY
from commands.smtpcheck.wire.reading import Reading, malformed_line
from commands.smtpcheck.wire.record import EHLO_AFTER_TLS, Step


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
