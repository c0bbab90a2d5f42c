"""What ends a step otherwise than by a reply: aiosmtplib's exceptions, OpenSSL's reasons, other protocols' bytes.

Rule 1: what servers and networks do never raises; what is no network outcome does, for it is a bug.
Rule 2: the cause decides, not the wrapper that aiosmtplib put round it.
"""

import asyncio
import errno
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiosmtplib

from commands.smtpcheck.wire.record import Step

OUR_OWN = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Too many open files and the like."""


def is_our_own(error: object) -> bool:
    return isinstance(error, OSError) and error.errno in OUR_OWN


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


async def outcome(act: Callable[[], Awaitable[Any]]) -> tuple[int | None, str, str, str]:
    """Run one aiosmtplib call: (code, text, error, detail) as in `Step`.

    aiosmtplib wraps the same event differently by step (bad TLS is an SMTPConnectError on connect and a bare SSLError
    on STARTTLS), so the whole chain of causes is read.
    """
    try:
        reply = await act()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _failure(error)
    return reply.code, reply.message, "", ""


def _failure(error: BaseException) -> tuple[int | None, str, str, str]:
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return None, "", "tls", cause.reason or type(cause).__name__
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _bad_reply(error)
    for kinds, name in _ERRORS:
        if any(isinstance(cause, kinds) for cause in causes):
            return None, "", name, str(causes[-1])
    return None, "", "closed", str(causes[-1])


def _bad_reply(error: aiosmtplib.SMTPResponseException) -> tuple[int | None, str, str, str]:
    if error.code > 0:
        return error.code, error.message, "", ""
    return None, "", "too_long" if "too long" in error.message else "malformed", error.message


_ERRORS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((aiosmtplib.SMTPTimeoutError, TimeoutError, asyncio.TimeoutError), "timeout"),
    (ConnectionResetError, "reset"),
    (aiosmtplib.SMTPServerDisconnected, "closed"),
    (OSError, "os"),
    (ValueError, "local"),
)
