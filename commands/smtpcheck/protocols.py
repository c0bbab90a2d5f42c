"""What first bytes, OpenSSL's reasons and steps without an answer are called. Data only."""

from collections.abc import Mapping

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
    "WRONG_VERSION_NUMBER": "not_spoken",
    "HTTP_REQUEST": "not_spoken",
    "RECORD_LAYER_FAILURE": "not_spoken",
    "UNEXPECTED_EOF_WHILE_READING": "closed",
}
"""OpenSSL's reason for a failed handshake -> what it came to. Names as Python 3.11 to 3.13 report them."""

STEP_ERRORS: Mapping[str, str] = {"timeout": "timeout", "closed": "closed", "reset": "reset", "local": "failed"}
