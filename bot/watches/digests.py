"""Posts the digests that are due, from any number of processes on one database, each once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.watches.fault_log import FaultLog
from commands.watch.state.digest import KIND, due_of, of_note, since_of, summary, to_event, with_lost
from commands.watch.state.rows import of_event_row, of_row
from commands.watch.state.windows import next_digest
from storage.history import StorageError, Viewer
from storage.watches import DIGESTS, StoredEvent, Watches, digest_key, place_of

LOOK_EVERY = 15.0
"""Seconds; a digest is late by that much at most."""


async def keep_of_digest(watches: Watches, event: StoredEvent, *, posted: bool) -> None:
    """What a digest that cannot be posted would have told is told by the next one that can; of other events nothing."""
    if event.kind != KIND:
        return
    key = digest_key(event.document["team"], event.document["channel"])
    note = (await watches.notes(key)).get(key)
    if note is not None and note != (kept := with_lost(note, event.document["since"], posted=posted)):
        await watches.note(key, kept)


@dataclass
class Digests:
    """`told` is called when there is something to deliver."""

    watches: Watches
    now: Callable[[], datetime]
    told: Callable[[], None] = lambda: None
    _faults: FaultLog = field(default_factory=lambda: FaultLog("making digests"))

    async def run(self) -> None:
        while True:
            with suppress(StorageError), self._faults.noted():
                await self.tell_due()
            await asyncio.sleep(LOOK_EVERY)

    async def tell_due(self) -> int:
        """How many were told."""
        now, count = self.now(), 0
        for key, note in (await self.watches.notes(DIGESTS)).items():
            following = next_digest(of_note(note), now)
            if due_of(note) <= now:
                count += await self._tell(key, note, now)
            elif due_of(note) > following:  # the clock was set back; one that was told already is not told again
                await self._await_next(key, now)
        if count:
            self.told()
        return count

    async def _tell(self, key: str, note: dict[str, Any], now: datetime) -> bool:
        """The event first: should the process end before the note is written, its id is taken the next time."""
        team, channel = place_of(key)
        there = Viewer(team, channels=frozenset({channel}))
        found = [of_row(row) for row in await self.watches.visible_to(there)]
        rows = {each.id: await self.watches.events(there, watch=each.id) for each in found}
        events = {watch: [of_event_row(row) for row in of_watch] for watch, of_watch in rows.items()}
        spans = await self.watches.spans(there, since=since_of(note), until=now)
        facts = summary(found, events, spans, note, now)
        told = await self.watches.tell(to_event(key, note, facts, now)) if facts else False
        await self._await_next(key, now)
        return told

    async def _await_next(self, key: str, now: datetime) -> None:
        note = (await self.watches.notes(key)).get(key)
        if note is not None:
            await self.watches.note(key, {**note, "due": next_digest(of_note(note), now).isoformat()})
