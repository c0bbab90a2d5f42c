"""Tells whoever runs Portero that the history cannot be kept or read: once for each kind of trouble, and when it ends.

No answer waits for it: what a question to the history came to is noted beside it, and a loop of its own tells. What an
admin reads says what fails, since when, what it costs, and what to do.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.observability import metrics
from bot.observability.redaction import trace_of
from bot.services import Services
from bot.slack.client.web_client import passes
from commands.history.line import when
from commands.slack_text import escape
from storage.history import (
    CorruptError,
    DiskFullError,
    Failure,
    LockedError,
    ReadOnlyError,
    ReplacedError,
    StorageError,
)
from storage.watches import AdministerWatches

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

    def heard(self, failure: Failure) -> None:
        self.failed(failure.error, lost=failure.lost)

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

    async def run(self, watches: AdministerWatches) -> None:
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

    async def look(self, watches: AdministerWatches) -> None:
        """Once. A trial that fails is heard of by itself."""
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


NOBODY = " (nobody is told by Slack: PORTERO_ADMINS is not set)"


async def _works(watches: AdministerWatches) -> bool:
    """Whether something larger than a page can be written, read and dropped."""
    try:
        await watches.note(TRIAL, {"padding": "x" * TRIAL_BYTES})
        await watches.notes(TRIAL)
        await watches.note(TRIAL, None)
    except StorageError:
        return False
    return True


@asynccontextmanager
async def alarmed(services: Services, admins: Iterable[str]) -> AsyncIterator[StorageAlarm]:
    """Hears of what fails while it is entered. The channel posts of the services tell."""
    alarm = StorageAlarm(services.channel_posts.announce, tuple(sorted(admins)), services.now)
    with services.history.listening(alarm.heard):
        task = asyncio.ensure_future(alarm.run(services.watches))
        try:
            yield alarm
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
