"""Runs the watches that are due, a bounded number at once, beside everything else that the bot does.

Any number of processes may do so on one database: a watch is leased before it runs, and what a run came to is written
together with its end (`storage.watches`). A watch of another machine is run by a process that sees that machine
connected; by any other only when nobody has for two intervals, which is what its run says then.

A run that takes long leaves its slot to the next one after `SLOT_SECONDS`, and its watch runs among the slow ones from
then on, so that a target that hangs delays nobody. A clock that was set back is mended, and what is old enough goes.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.observability.redaction import trace_of
from bot.watches.concurrency import Slot, Slots
from bot.watches.elsewhere import NOWHERE, Elsewhere
from bot.watches.fault_log import FaultLog
from bot.watches.neighbours import Neighbours
from bot.watches.probe import Probe, ProbeResult
from commands.watch.state.certificates import is_news
from commands.watch.state.digest import of_note
from commands.watch.state.model import Watch
from commands.watch.state.observation import nothing_seen
from commands.watch.state.rows import of_row, to_row
from commands.watch.state.runs import concluded
from commands.watch.state.schedule import is_stray, next_due
from commands.watch.state.unseen import is_away
from storage.history import StorageError
from storage.queries import OPERATOR
from storage.watches import Change, Document, Lease, StoredWatch, Watches, digest_key

log = logging.getLogger(__name__)

SET_BACK = timedelta(seconds=5)
KEEP = timedelta(days=90)
PURGE_EVERY = timedelta(hours=1)


@dataclass
class Upkeep:
    watches: Watches
    _last: datetime | None = None
    _purged: datetime | None = None

    async def mend_if_set_back(self, now: datetime) -> None:
        """At the start, and when the clock was set back: what was due soon is due soon."""
        before, self._last = self._last, now
        if before is not None and now >= before - SET_BACK:
            return
        for row in await self.watches.visible_to(OPERATOR):
            if is_stray(of_row(row), now):
                await self.watches.change(row.id, _rescheduled(now), OPERATOR)

    async def purge(self, now: datetime) -> None:
        """Once an hour: events that were delivered and watches that were deleted long ago."""
        if self._purged is not None and now - self._purged < PURGE_EVERY:
            return
        self._purged = now
        await self.watches.purge(now - KEEP)


def _rescheduled(now: datetime) -> Callable[[StoredWatch, Document], Change | None]:
    def decide(row: StoredWatch, _sight: Document) -> Change | None:
        watch = of_row(row)
        if not is_stray(watch, now):
            return None
        return Change(to_row(replace(watch, due_at=next_due(watch, now))))

    return decide


def _given_back(_row: StoredWatch, _sight: Document) -> None:
    """The watch stays as it is, and due."""


RUN_SECONDS = 100.0
"""A patient check ends after 75 s, the control hosts may take 8 more, the look-ups of a mail policy 6."""


@dataclass(frozen=True)
class Run:
    """`told` is called when a run was kept."""

    watches: Watches
    probe: Probe
    now: Callable[[], datetime]
    told: Callable[[], None]
    vantage: str
    neighbours: Neighbours

    async def __call__(self, lease: Lease) -> None:
        """One run, to its end in the database."""
        watch, at, began = of_row(lease.watch), self.now(), asyncio.get_running_loop().time()
        result = await self._probed(watch, at)
        if is_away(result.seen.why) and lease.watch.unseen_at is not None and at < lease.watch.unseen_at:
            await self.watches.finish(lease, _given_back)  # it has just left: whoever sees it may run it
            return
        took_ms = (asyncio.get_running_loop().time() - began) * 1000
        try:
            zone = await self._zone(watch) if is_news(watch, result.seen, at) else ""
            decide = concluded(result.seen, at, took_ms, vantage=self.vantage, zone=zone)
            kept = await self.watches.finish(
                lease, decide, vantage=self.vantage, entry=result.entry, readings=result.readings
            )
        except StorageError as error:
            log.error("a run of %s could not be kept, it runs again when its lease ends: %s", watch.id, error)  # noqa: TRY400 - the words say it all
            return
        if kept:
            self.told()
            await self.neighbours.look(watch, result.seen, at)
        else:
            log.warning("a run of the watch %s came too late: another process has taken it over", watch.id)

    async def _zone(self, watch: Watch) -> str:
        """That in which the digest of its channel is told."""
        key = digest_key(watch.team, watch.channel)
        note = (await self.watches.notes(key)).get(key)
        return of_note(note).zone if note is not None else ""

    async def _probed(self, watch: Watch, at: datetime) -> ProbeResult:
        """What there is to see. A bug or a hang says nothing of the target, and the watch goes on."""
        try:
            async with asyncio.timeout(RUN_SECONDS):
                return await self.probe(watch, at)
        except TimeoutError:
            log.warning("a run of the watch %s took longer than %s s", watch.id, RUN_SECONDS)
            return ProbeResult(nothing_seen(watch, "took_too_long"))
        except Exception as error:  # noqa: BLE001 - one watch must not end the others
            log.error("a run of the watch %s failed\n%s", watch.id, trace_of(error))  # noqa: TRY400 - no values
        return ProbeResult(nothing_seen(watch))


SLOT_SECONDS = 1.0
LEASE = timedelta(seconds=120)
POLL_SECONDS = 1.0
"""How soon a watch that another process made is seen."""

AFTER_TROUBLE = 5.0


@dataclass
class Scheduler:
    """The scheduler of one process. `now` is the wall clock (UTC); how long a run took is the loop's."""

    watches: Watches
    probe: Probe
    now: Callable[[], datetime]
    told: Callable[[], None] = lambda: None
    vantage: str = "local"
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    late: Callable[[float], None] = lambda _seconds: None
    elsewhere: Elsewhere = NOWHERE
    poll: float = POLL_SECONDS

    def __post_init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._slots = Slots(self._wake.set)
        self._upkeep = Upkeep(self.watches)
        self._faults = FaultLog("reading due watches")
        self._run = Run(self.watches, self.probe, self.now, self.told, self.vantage, Neighbours(self.watches))

    def wake(self) -> None:
        """Something may be due earlier than it was."""
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled; then what runs is dropped and its leases are given back."""
        try:
            while True:
                self._wake.clear()
                await self._wait(await self._round())
        finally:
            await self._stop()

    async def run_due(self) -> int:
        """Run everything that is due now, to its end; how many runs there were (simulations)."""
        count, now = 0, self.now()
        await self._upkeep.mend_if_set_back(now)
        while started := await self._fill(now):
            count += started
            await self.idle()
        return count

    async def idle(self) -> None:
        """Wait until nothing runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def _round(self) -> float:
        """Start what is due and has a slot; the seconds after which to look again."""
        now = self.now()
        try:
            with self._faults.noted():
                await self._upkeep.mend_if_set_back(now)
                await self._upkeep.purge(now)
                due = await self.watches.next_due(self.elsewhere.seen())
                started = await self._fill(now) if due is not None and due <= now else 0
        except StorageError:
            return AFTER_TROUBLE
        if started and self._slots.free(slow=False):
            return 0.0
        return min(self.poll, (due - now).total_seconds()) if due and due > now else self.poll

    async def _wait(self, seconds: float) -> None:
        """Sleep, unless a slot becomes free or somebody wakes us."""
        if self._running:
            await self._turn()
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _turn(self) -> None:
        """One turn of the loop, which says how busy it is."""
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0)
        self._slots.quick.loop_took(asyncio.get_running_loop().time() - began)

    async def _fill(self, now: datetime) -> int:
        """Claim and start as many as there are slots for; how many that was."""
        quick, slow = self._slots.free(slow=False), self._slots.free(slow=True)
        if not quick and not slow:
            return 0
        leases = await self.watches.claim_due(
            self.owner,
            now,
            now + LEASE,
            quick=quick,
            slow=slow,
            places=self.elsewhere.seen(),
            unseen=self.elsewhere.is_sure,
        )
        for lease in leases:
            self._start(lease, now, slow=lease.watch.slow)
        return len(leases)

    def _start(self, lease: Lease, now: datetime, *, slow: bool) -> None:
        if lease.watch.due_at is not None:
            self.late((now - lease.watch.due_at).total_seconds())
        task = asyncio.ensure_future(self._run(lease))
        self._running.add(task)
        slot = self._slots.take(slow=slow)
        timer = asyncio.get_running_loop().call_later(SLOT_SECONDS, slot.leave) if not slow else None
        task.add_done_callback(lambda done: self._ended(done, slot, timer))

    def _ended(self, task: asyncio.Task[None], slot: Slot, timer: asyncio.TimerHandle | None) -> None:
        self._running.discard(task)
        if timer is not None:
            timer.cancel()
        slot.leave()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a watch could not be run\n%s", trace_of(error))

    async def _stop(self) -> None:
        for task in set(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running))
        try:
            await self.watches.release(self.owner)
        except StorageError as error:
            log.warning("leases could not be given back, they end by themselves: %s", error)
