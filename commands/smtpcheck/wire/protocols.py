"""What first bytes, OpenSSL's reasons and steps without an answer are called: data, and what follows from it."""

from collections.abc import Mapping

from commands.smtpcheck.wire.record import Step

PROTOCOLS: tuple[tuple[bytes, str], ...] = (
    (b"SSH-", "SSH"),
    (b"HTTP/", "HTTP"),
    (b"<!DOCTYPE", "HTTP"),
    (b"<html", "HTTP"),
    (b"<?xml", "XML"),
    (b"+OK", "POP3"),
    (b"* OK", "IMAP"),
    (b"RFB ", "VNC"),
    (b"\x16\x03", "TLS"),
    (b"\x15\x03", "TLS"),
)

TLS_ALERTS: Mapping[str, str] = {
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "no_common_cipher",
    "NO_CIPHERS_AVAILABLE": "no_common_cipher",
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": "no_common_cipher",
    "TLSV1_ALERT_PROTOCOL_VERSION": "version",
    "UNSUPPORTED_PROTOCOL": "version",
    "WRONG_SSL_VERSION": "version",
    "TLSV1_UNRECOGNIZED_NAME": "sni_rejected",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "wants_certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "wants_certificate",
    "SSLV3_ALERT_NO_CERTIFICATE": "wants_certificate",
    "WRONG_VERSION_NUMBER": "not_spoken",
    "HTTP_REQUEST": "not_spoken",
    "RECORD_LAYER_FAILURE": "not_spoken",
    "UNEXPECTED_EOF_WHILE_READING": "closed",
}
"""OpenSSL's reason for a failed handshake -> what it came to. Names as Python 3.11 to 3.13 report them."""

READY, BUSY = 220, 421

STEP_ERRORS: Mapping[str, str] = {"timeout": "timeout", "closed": "closed", "reset": "reset", "local": "failed"}


def starttls_failure(step: Step, ended: str) -> str:
    """What STARTTLS came to when no handshake was finished; "" when the reply says nothing of TLS (421).

    `ended` is how the server ended the connection: closed, reset or "".
    """
    if step.error == "malformed":
        return "intercepted"
    if step.code is None or step.code == READY:
        return handshake_failure(step, ended)
    return "" if step.code == BUSY else "broken_temp" if 400 <= step.code < 500 else "intercepted"


def handshake_failure(step: Step | None, ended: str) -> str:
    """Why the handshake of this step failed; "" when there was none."""
    if step is None or not step.error:
        return "" if step is None else ended or "failed"
    if step.error == "tls":
        return TLS_ALERTS.get(step.detail, "failed")
    return ended or STEP_ERRORS.get(step.error, "failed")
