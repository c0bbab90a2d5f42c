"""One request from its arrival to its last answer: counted, timed, and a line of the log with its id."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from bot.observability import metrics
from bot.observability.log import REQUEST

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a request. Answers that bring bad news are answers."""

    ANSWERED = "answered"
    DECLINED = "declined"
    UNDELIVERED = "undelivered"
    HISTORY_FAILED = "history_failed"
    CUT_SHORT = "cut_short"
    FAILED = "failed"


@dataclass
class Served:
    """A request that is being served, and what became of it so far."""

    outcome: Outcome = Outcome.ANSWERED


_SERVED: ContextVar[Served | None] = ContextVar("_SERVED", default=None)


def note(outcome: Outcome) -> None:
    """What became of the request that is being served, where there is one."""
    served = _SERVED.get()
    if served is not None:
        served.outcome = outcome


def undelivered() -> None:
    """No method took the answer."""
    metrics.undelivered.inc()
    note(Outcome.UNDELIVERED)


@contextmanager
def serving(command: str, surface: str, request_id: str, user: str, channel: str) -> Iterator[Served]:
    """To be entered in a task of its own: what is logged in it from here on bears the id."""
    REQUEST.set(request_id)
    served = Served()
    _SERVED.set(served)
    metrics.requests.labels(command, surface).inc()
    began = time.perf_counter()
    try:
        with metrics.running.track_inprogress():
            yield served
    finally:
        took = time.perf_counter() - began
        metrics.seconds.labels(command).observe(took)
        metrics.ended.labels(command, served.outcome.value).inc()
        where = channel or "-"
        log.info("/%s (%s) by %s in %s: %s after %.3f s", command, surface, user, where, served.outcome, took)
