"""What was seen that makes an endpoint what it is: the parameters of its finding."""

from commands.smtpcheck.reading import Reading, malformed_line
from commands.smtpcheck.record import EHLO_AFTER_TLS, Step


def evidence(reading: Reading, state: str) -> dict[str, str | int | float]:
    """Port, seconds, and what the server said last, whatever that was."""
    step = reading.record.last
    code = step.code if step and step.code is not None else 0
    return {
        "port": reading.record.port,
        "address": reading.record.address,
        "seconds": round((reading.record.elapsed_ms or reading.record.connect_ms) / 1000, 1),
        "said": _said(reading, state, step)[:200],
        "code": reading.plain_code or code,
        "protocol": reading.protocol,
        "inside": step is not None and step.name == EHLO_AFTER_TLS,
    }


def _said(reading: Reading, state: str, step: Step | None) -> str:
    """What the server said that makes it what it is."""
    raw, reply = reading.first_bytes.decode("utf-8", "replace"), step.text if step is not None else ""
    if reading.plain_code is not None:
        return reading.plain_after_go[4:].decode("utf-8", "replace").strip()
    if state == "unexpected_reply" and step is not None:
        return f"{step.code} {reply}" if step.code is not None else malformed_line(step)
    return (raw or reply) if state == "not_smtp" else (reply or raw)  # its code, too, shows what is no SMTP


def said_of_tls(reading: Reading) -> str:
    """What the server said where TLS was to begin."""
    step = reading.starttls or reading.greeting
    if reading.plain_after_go:
        return reading.plain_after_go.decode("utf-8", "replace").strip()
    if step is None:
        return ""
    return f"{step.code or ''} {step.text or malformed_line(step) or step.detail}".strip()
