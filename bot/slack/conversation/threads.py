"""What each thread is about: codes, kept with the message below which somebody may ask on, for as long as one does.

A note of storage for each (`{"command": ..., "targets": [...], "ports": [...], "entry": id, "at": instant}`). What
somebody writes beside a thread follows the last answer to them there for an hour.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from commands.contract import Subject
from storage.history import StorageError, instant
from storage.watches import THREADS, AdministerWatches, thread_key

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
LATELY = timedelta(hours=1)
"""How long a thread is known, and what was said last beside one."""

TIDY_SECONDS = 6 * 3600.0
NOWHERE = "-"
"""The thread of what stands in none: begins with it, and goes on with who wrote it."""

EDIT = ":edit"
"""Behind a message whose edit will be answered."""


def beside(user: str) -> str:
    """The thread of what somebody writes in none: others in a channel ask of other things."""
    return f"{NOWHERE}{user}"


class Threads:
    """Of one team; `team` is known once Slack has said who we are. What cannot be kept or read is as if never said."""

    def __init__(self, notes: AdministerWatches, team: Callable[[], str], now: Callable[[], datetime]) -> None:
        self._notes = notes
        self._team = team
        self._now = now

    async def keep(self, channel: str, threads: Iterable[str], subject: Subject, user: str = "") -> None:
        """`user`: whose own these are (direct messages, `beside`), so that they can be forgotten with them."""
        document = {**asdict(subject), "at": instant(self._now()), **({"user": user} if user else {})}
        with suppress(StorageError):
            for thread in threads:
                await self._notes.note(thread_key(self._team(), channel, thread), document)

    async def about(self, channel: str, thread: str) -> Subject | None:
        key = thread_key(self._team(), channel, thread)
        try:
            found = (await self._notes.notes(key)).get(key, {})
        except StorageError:
            return None
        return subject_of(found) if self._age(found) <= (LATELY if thread.startswith(NOWHERE) else KEPT) else None

    async def mark(self, channel: str, message: str, user: str = "") -> None:
        """Note that an edit of this message will be answered: it was not understood. `user` as above."""
        document = {"at": instant(self._now()), **({"user": user} if user else {})}
        with suppress(StorageError):
            await self._notes.note(thread_key(self._team(), channel, f"{message}{EDIT}"), document)

    async def take_mark(self, channel: str, message: str) -> bool:
        """Whether it was noted; from here on it is not."""
        key = thread_key(self._team(), channel, f"{message}{EDIT}")
        try:
            if not await self._notes.notes(key):
                return False
            await self._notes.note(key, None)
        except StorageError:
            return False
        return True

    async def tidy(self) -> int:
        """Drop those in which nobody asks on any more; how many."""
        old = [key for key, found in (await self._notes.notes(THREADS)).items() if self._age(found) > KEPT]
        for key in old:
            await self._notes.note(key, None)
        return len(old)

    def _age(self, document: dict[str, Any]) -> timedelta:
        try:
            return self._now() - datetime.fromisoformat(document["at"])
        except (KeyError, TypeError, ValueError):
            return timedelta.max


TEXTS = ("command", "place", "entry", "provider", "network", "watch", "there")
LISTS = ("targets", "ports", "earlier")


def subject_of(document: dict[str, Any]) -> Subject | None:
    """What was kept, whichever version wrote it; None for what is no subject."""
    texts = {name: document.get(name, "") for name in TEXTS}
    lists = {name: document.get(name, ()) for name in LISTS}
    if not texts["command"] or not all(isinstance(text, str) for text in texts.values()):
        return None
    if not all(isinstance(one, list | tuple) for one in lists.values()):
        return None
    targets, earlier = (tuple(map(str, lists[name])) for name in ("targets", "earlier"))
    ports = tuple(one for one in lists["ports"] if isinstance(one, int))
    return Subject(**texts, targets=targets, ports=ports, earlier=earlier, every=document.get("every") is True)


def going_on(subject: Subject, before: Subject | None) -> Subject:
    """What a thread is about after an answer: where that names no host, those of before; and what was before that."""
    if before is None:
        return replace(subject, there=subject.place)
    there = subject.place or before.place or before.there
    if subject.targets:
        spoken_of = dict.fromkeys(reversed((*before.earlier, *before.targets)))
        earlier = [one for one in spoken_of if one not in subject.targets][:MOST_EARLIER]
        return replace(subject, earlier=tuple(reversed(earlier)), there=there)
    of_ports, place = subject if subject.ports else before, subject.place or before.place
    kept = replace(subject, targets=before.targets, earlier=before.earlier, there=there)
    return replace(kept, ports=of_ports.ports, every=of_ports.every, place=place)


MOST_EARLIER = 5
"""Hosts that are remembered beside those of the last answer."""


@asynccontextmanager
async def tidied(threads: Threads, *, every: float = TIDY_SECONDS) -> AsyncIterator[None]:
    """Tidies while it is entered, at once and `every` so many seconds."""
    task = asyncio.ensure_future(_tidy_for_ever(threads, every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy_for_ever(threads: Threads, every: float) -> None:
    while True:
        try:
            await threads.tidy()
        except StorageError as error:
            log.error("old threads could not be forgotten: %s", error)  # noqa: TRY400 - a trace says no more
        await asyncio.sleep(every)
