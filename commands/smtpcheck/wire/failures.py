"""How aiosmtplib's exceptions become the errors of steps: a failed attempt is a value with a reason.

Rule 1: what servers and networks do never raises; what is no network outcome does, for it is a bug.
Rule 2: the cause decides, not the wrapper that aiosmtplib put round it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import aiosmtplib


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
