"""Tells whoever runs Portero that the history cannot be kept or read: once for each kind of trouble, and when it ends.

No answer waits for it: what a question to the history came to is noted beside it, and a loop of its own tells. What an
admin reads says what fails, since when, what it costs, and what to do.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.services import Services
from bot.slack.client.web_client import passes
from commands.history.line import when
from commands.slack_text import escape
from storage.errors import damaged
from storage.history import (
    CorruptError,
    DiskFullError,
    Found,
    History,
    LockedError,
    ReadOnlyError,
    ReplacedError,
    StorageError,
)
from storage.history_file import HistoryFile
from storage.watches import Watches

log = logging.getLogger(__name__)

KINDS: Mapping[type[StorageError], str] = {
    DiskFullError: "disk_full",
    ReadOnlyError: "read_only",
    LockedError: "locked",
    ReplacedError: "replaced",
    CorruptError: "damaged",
    StorageError: "failing",
}
LASTING = frozenset({"damaged", "replaced"})
"""A damaged file may serve one question and fail the next: it is replaced, and Portero started again, or it stays."""

READABLE = frozenset({"disk_full", "read_only", "locked"})
"""What hinders writing alone."""

WRITES = (
    "checks, advice and validations are answered and *not kept*; each answer says so",
    "watches do not run, and their alerts wait",
    "nothing can be changed or deleted, and old results stay",
)
ANYTHING = (
    "what was kept may not be found: `/smtphistory`, Home, Share, Compare",
    "checks, advice and validations are answered and may not be kept; each answer says so",
    "watches may not run, and their alerts may wait",
)


@dataclass
class Trouble:
    """From the first failure of a kind to the last one so far; `lost` results of requests were not kept meanwhile."""

    kind: str
    error: str
    since: datetime
    last: datetime
    lost: int = 0


def kind_of(error: StorageError) -> str:
    return KINDS.get(type(error), "failing")


def began(trouble: Trouble) -> str:
    """The alert. The error's own words name the file and the remedy."""
    keeps = trouble.kind in READABLE
    title = "Portero cannot keep results" if keeps else "Portero cannot rely on its history"
    ends = (
        "Once it is repaired, start Portero again."
        if trouble.kind in LASTING
        else "You are told when it works again, and nothing more of this until then."
    )
    costs = "\n".join(f"• {cost}" for cost in (WRITES if keeps else ANYTHING))
    return (
        f":rotating_light: *{title}* since {when(trouble.since)}.\n{escape(trouble.error, 600)}\n"
        f"While this lasts:\n{costs}\n{ends}"
    )


def ended(trouble: Trouble) -> str:
    lost = {0: "No result of that time was lost.", 1: "1 result of that time was not kept."}
    return (
        f":white_check_mark: *Portero keeps results again.* It could not from {when(trouble.since)} "
        f"to {when(trouble.last)} (`{trouble.kind}`). "
        f"{lost.get(trouble.lost, f'{trouble.lost:,} results of that time were not kept.')} Watches go on."
    )


LOOK_EVERY = 15.0
"""Seconds between trials while there is trouble."""

QUIET = timedelta(seconds=60)
"""How long nothing may have failed before it is said to work again: a disk that is full lets a small write through."""

TRIAL = "storage-trial"
TRIAL_BYTES = 32_768
WAITING = 100
"""Messages that wait for a Slack that does not answer."""


@dataclass
class StorageAlarm:
    """`admins` are told by direct message: `announce` posts one, and returns what stood in the way."""

    announce: Callable[[str, str], Awaitable[str]]
    admins: Iterable[str]
    now: Callable[[], datetime]
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._waiting: deque[tuple[str, str]] = deque(maxlen=WAITING)
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()

    def failed(self, error: StorageError, *, lost: bool = False) -> None:
        """Note a failure; the first one of a kind is told. `lost`: a result that somebody asked for was not kept."""
        kind, now = kind_of(error), self.now()
        trouble = self.troubles.get(kind)
        if trouble is None:
            trouble = self.troubles[kind] = Trouble(kind, str(error), now, now)
            log.error("the history is in trouble (%s): %s%s", kind, error, "" if self.admins else NOBODY)
            metrics.storage_trouble.labels(kind).set(1)
            self._tell(began(trouble))
        trouble.last = now
        trouble.lost += lost
        metrics.storage_failures.labels(kind).inc()

    async def run(self, watches: Watches) -> None:
        """Until it is cancelled: tell what waits, and look whether a trouble is over."""
        while True:
            self._wake.clear()
            try:
                await self.look(watches)
            except Exception as error:  # noqa: BLE001 - the boundary: who watches over the history goes on
                log.error("the alarm of the history failed\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
            idle = not self.troubles and not self._waiting
            with suppress(TimeoutError):
                async with asyncio.timeout(None if idle else LOOK_EVERY):
                    await self._wake.wait()

    async def look(self, watches: Watches) -> None:
        """Once. `watches` are observed: a trial that fails is noted by itself."""
        async with self._looking:
            await self._send()
            if self.troubles.keys() - LASTING and await _works(watches):
                self._end_quiet_ones()
                await self._send()

    def _end_quiet_ones(self) -> None:
        for trouble in list(self.troubles.values()):
            if trouble.kind in LASTING or self.now() - trouble.last < QUIET:
                continue
            del self.troubles[trouble.kind]
            metrics.storage_trouble.labels(trouble.kind).set(0)
            log.warning("the history works again (%s); results not kept: %d", trouble.kind, trouble.lost)
            self._tell(ended(trouble))

    def _tell(self, text: str) -> None:
        self._waiting.extend((admin, text) for admin in self.admins)
        self._wake.set()

    async def _send(self) -> None:
        """What waits; what Slack does not take at the moment goes on waiting."""
        for message in list(self._waiting):
            admin, text = message
            why = await self.announce(admin, text)
            if why:
                log.error("%s could not be told of a trouble of the history: %s", admin, why)
            if not passes(why):
                self._waiting.remove(message)


LEFT_OUT = "it holds rows that nobody wrote so; they were left out of a list"
NOBODY = " (nobody is told by Slack: PORTERO_ADMINS is not set)"


async def _works(watches: Watches) -> bool:
    """Whether something larger than a page can be written, read and dropped."""
    try:
        await watches.note(TRIAL, {"padding": "x" * TRIAL_BYTES})
        await watches.notes(TRIAL)
        await watches.note(TRIAL, None)
    except StorageError:
        return False
    return True


class Observed:
    """Everything that `inner` answers; the alarm is told what fails. `results`: the methods that keep one."""

    def __init__(self, inner: object, alarm: StorageAlarm, path: Path, results: Iterable[str] = ()) -> None:
        self._inner = inner
        self._path = path
        self._alarm = alarm
        self._results = results

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._inner, name)
        if not asyncio.iscoroutinefunction(ask):
            return ask

        async def asked(*args: Any, **named: Any) -> Any:
            try:
                answer = await ask(*args, **named)
            except StorageError as error:
                self._alarm.failed(error, lost=name in self._results)
                raise
            if isinstance(answer, Found) and answer.damaged:
                self._alarm.failed(damaged(self._path, LEFT_OUT))
            return answer

        return asked


@asynccontextmanager
async def alarmed(services: Services, admins: Iterable[str]) -> AsyncIterator[tuple[Services, StorageAlarm]]:
    """The services with history and watches observed, while it is entered. Their channel posts tell."""
    alarm = StorageAlarm(services.channel_posts.announce, tuple(sorted(admins)), services.now)
    path = services.database or Path("in memory")
    history = cast(History, Observed(services.history, alarm, path, results={"add"}))
    watches = cast(Watches, Observed(services.watches, alarm, path))
    file = cast(HistoryFile, Observed(services.file, alarm, path)) if services.file else None
    task = asyncio.ensure_future(alarm.run(watches))
    try:
        yield replace(services, history=history, watches=watches, file=file), alarm
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
