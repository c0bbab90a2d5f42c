"""The log: which words may stand in it. Installed once for the process, below every handler.

A record is cleaned when it is made, so that no handler, whoever adds it, ever holds anything else: not the one of last
resort, nor those of a library. What our own modules write is redacted by shape and by the secrets of the settings, and
a value that is no plain one (a payload, an error) becomes the name of its type. What others write may repeat anything
that somebody typed: of it only beginnings that are known to be constant remain (`RETOLD`), with logger, file and line.
A traceback has types and source lines and no messages.
"""

import logging
import sys
import threading
import warnings
from collections.abc import Collection, Mapping
from contextvars import ContextVar
from datetime import date, timedelta
from enum import Enum
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

from bot.observability.log_format import MADE, LogFormat
from bot.observability.redaction import has_own_words, redacted, trace_of

log = logging.getLogger(__name__)

REQUEST: ContextVar[str] = ContextVar("REQUEST", default="")
"""The id of the request that is being served: every line that is written meanwhile bears it."""

OURS = frozenset({"bot", "commands", "storage"})
OTHERS = ("slack_sdk", "slack_bolt", "aiohttp", "aiosmtplib", "asyncio", "dns", "nats", "apprise", "urllib3")
"""Loggers that write payloads at DEBUG: it is not even made."""

PLAIN = (str, int, float, Enum, date, timedelta, PurePath, type(None))
"""Values that a line may show."""

LEFT_OUT = "something that is left out, since it may repeat what somebody typed"
RETOLD: Mapping[str, str] = {
    "Invalid request signature detected": "a request was refused: its signature is wrong or stale",
    "Unsuccessful Bolt execution result": "a request was answered with an error",
    "Unhandled request": "nothing listens to a request",
    "A retry handler found": "Slack is asked again",
    "A new session": "Socket Mode: a new session",
    "The session (": "Socket Mode: the session is closed or stale",
    "The old session (": "Socket Mode: the old session is given up",
    "The current session (": "Socket Mode: the session is closed",
    "Received CLOSE event": "Socket Mode: Slack closed the session",
    "Failed to connect": "Socket Mode: failed to connect, it is tried again",
    "Failed to retrieve WSS URL": "Socket Mode: no ticket",
    "Executing ": "the event loop was held up",
    "returning true from eof_received()": "eof_received: the other side ended a connection over TLS",
    "Rate limited.": "Socket Mode: Slack wants us to wait for a ticket",
    **{
        beginning: beginning
        for beginning in (
            "Failed to check the current session",
            "Failed to receive or enqueue a message",
            "Failed to send a ping message",
            "Failed to close the old session",
            "Failed to process a message",
            "Failed to run a message listener",
            "Failed to run a request listener",
            "Failed to run listener",
            "Failed to run a middleware",
            "Failed to authorize with the given token",
            "Task exception was never retrieved",
            "Future exception was never retrieved",
            "Task was destroyed but it is pending",
            "Exception in callback",
            "Unclosed client session",
            "Unclosed connector",
            "Unclosed connection",
            "Unclosed response",
            "Unhandled exception",
            "Error handling request",
            "Fatal error on transport",
            "Fatal read error on socket transport",
            "Fatal write error on socket transport",
            "SSL handshake failed",
            "SSL error in data received",
            "socket.accept() out of system resource",
        )
    },
}
"""What libraries say, by its constant beginning, and how it is said here."""

_secrets: set[str] = set()


class CleanRecord(logging.LogRecord):
    """A record as it may be written: its words are final and it carries no values.

    `request` is the id of the request in whose course it was made, `about` the same as a beginning of a line.
    """

    def __init__(self, name: str, level: int, *more: Any, **named: Any) -> None:
        super().__init__(name, level, *more, **named)
        own = name.partition(".")[0] in OURS
        words = _own(self) if own else f"{_retold(str(self.msg))} ({self.filename}:{self.lineno})"
        self.msg, self.args = redacted(words, _secrets), None
        error = self.exc_info[1] if self.exc_info else None
        self.exc_text = redacted(trace_of(error), _secrets) if error is not None else None
        self.exc_info = None
        self.stack_info = redacted(self.stack_info, _secrets) if self.stack_info else None
        self.request = REQUEST.get()
        self.about = f"request {self.request}: " if self.request else ""


def keep_clean(secrets: Collection[str] = ()) -> None:
    """From here on no record holds what `CleanRecord` leaves out, nor one of these secrets."""
    _secrets.update(secrets)
    logging.setLogRecordFactory(CleanRecord)
    for name in OTHERS:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger(name).level))


def set_up(level: str = "info", form: LogFormat = "text") -> None:
    """The log of a process that serves: on standard error, as is whatever Python itself would write there."""
    keep_clean()
    handler = logging.StreamHandler()
    handler.setFormatter(MADE[form]())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _ended_a_thread
    warnings.showwarning = _warned


def shown(text: str) -> str:
    """A sentence for the terminal, with nothing in it that the log would not show."""
    return redacted(text, _secrets)


def _own(record: logging.LogRecord) -> str:
    template, args = str(record.msg), record.args
    if not args:
        return template
    try:
        if not isinstance(args, Mapping):
            return template % tuple(_plain(value) for value in args)
        if "%(" in template:
            return template % {name: _plain(value) for name, value in args.items()}
        return template % _plain(args)  # logging unpacks a mapping that is the only value
    except (TypeError, ValueError, KeyError):  # a slip in our code; the values are not to be trusted then
        return template


def _plain(value: object) -> object:
    return value if isinstance(value, PLAIN) or has_own_words(value) else type(value).__name__


def _retold(text: str) -> str:
    return next((words for beginning, words in RETOLD.items() if text.startswith(beginning)), LEFT_OUT)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("the program ends by an error\n%s", trace_of(error.with_traceback(trace)))


def _unraisable(found: Any) -> None:
    error = found.exc_value
    log.error("an error was ignored\n%s", trace_of(error) if error is not None else found.exc_type.__name__)


def _ended_a_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        log.error("a thread ended by an error\n%s", trace_of(found.exc_value))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Where a warning comes from. Its text may hold a URL or what somebody typed."""
    del message, file, line
    log.warning("%s at %s:%d", category.__name__, filename, lineno)
