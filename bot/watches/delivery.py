"""Brings events from the outbox to the notifiers, each once, in order within an incident.

At least once in truth: when the process dies between a post and its mark, the delivery is made again after the lease
has ended. A notifier sees by `unsure` that this may be so, and looks first (Slack) or names it as before (mail,
webhooks). A route that fails delays no other.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.observability.redaction import trace_of
from bot.watches.digests import keep_of_digest
from bot.watches.fault_log import FaultLog
from commands.watch.state.actions import can_post, cannot_post, decided
from commands.watch.state.events import DOWN, Event
from commands.watch.state.notifier import Delivery, NotArrivedError, Notifier, Posted, UndeliverableError
from commands.watch.state.routes import SLACK
from commands.watch.state.rows import of_event_row, of_row
from commands.watch.state.story import down, in_full
from storage.history import StorageError
from storage.queries import OPERATOR
from storage.watches import StoredDelivery, Watches

log = logging.getLogger(__name__)

AT_ONCE = 16
LEASE = timedelta(seconds=120)
DELIVER_SECONDS = 60.0
POLL_SECONDS = 1.0
AFTER_TROUBLE = 5.0
TOO_OLD = timedelta(hours=24)
"""What could not be delivered for a day is given up: nobody wants yesterday's alert."""

OF_OTHERS = frozenset({"recovered", "accepted"})
"""Events that may know only what is of their own watch."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass
class DeliveryLoop:
    """The deliveries of one process. `now` is the wall clock (UTC), `owner` names the process in leases.

    `known` are the routes on which an event without a notifier is given up; those that only a newer version on the same
    database knows are left to that.
    """

    watches: Watches
    notifiers: Sequence[Notifier]
    now: Callable[[], datetime]
    owner: str = ""
    known: Collection[str] = ()
    poll: float = POLL_SECONDS
    _by_route: dict[str, Notifier] = field(init=False)

    def __post_init__(self) -> None:
        self._by_route = {notifier.route: notifier for notifier in self.notifiers}
        self._routes = tuple({*self._by_route, *self.known})
        self._running: set[asyncio.Task[None]] = set()
        self._faults = FaultLog("reading waiting alerts")
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to deliver."""
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled; what is being delivered then is finished, since nobody knows whether it arrived."""
        try:
            while True:
                self._wake.clear()
                seconds = await self._round()
                try:
                    async with asyncio.timeout(seconds):
                        await self._wake.wait()
                except TimeoutError:
                    pass
        finally:
            await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def deliver_waiting(self) -> int:
        """Deliver what waits, and what that makes room for; how many deliveries were tried (tests, benches)."""
        count = 0
        while started := await self._start():
            count += started
            await self.idle()
        return count

    async def _round(self) -> float:
        try:
            with self._faults.noted():
                await self._start()
        except StorageError:
            return AFTER_TROUBLE
        return self.poll

    async def _start(self) -> int:
        free = AT_ONCE - len(self._running)
        if free <= 0:
            return 0
        now = self.now()
        found = await self.watches.claim_deliveries(now, now + LEASE, free, self._routes, owner=self.owner)
        for delivery in found:
            task = asyncio.ensure_future(self._bring(delivery))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(found)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an alert could not be marked: it may be delivered again\n%s", trace_of(error))

    async def _bring(self, stored: StoredDelivery) -> None:
        notifier = self._by_route.get(stored.route)
        if notifier is None:
            await self.watches.give_up(stored, self.now(), "not_configured")
            return
        if self.now() - stored.event.at > TOO_OLD:
            log.error("the %s of %s could not be delivered for a day", stored.event.kind, stored.event.incident)
            await keep_of_digest(self.watches, stored.event, posted=False)
            await self.watches.give_up(stored, self.now(), "too_old")
            return
        try:
            async with asyncio.timeout(DELIVER_SECONDS):
                posted = await self._hand_over(notifier, stored)
        except UndeliverableError as error:
            await self._undeliverable(stored, error)
        except Exception as error:  # noqa: BLE001 - tried again later, whatever it was
            await self._later(stored, error)
        else:
            await keep_of_digest(self.watches, stored.event, posted=True)
            await self.watches.delivered(stored, self.now(), dict(posted) if posted is not None else None)

    async def _hand_over(self, notifier: Notifier, stored: StoredDelivery) -> Posted | None:
        row = await self.watches.get(stored.event.watch, OPERATOR)
        watch = of_row(row) if row is not None else None
        event = await self._whole(of_event_row(stored.event))
        posted = await notifier.deliver(Delivery(event, watch, stored.posted, unsure=stored.unsure))
        if posted and notifier.route == SLACK and watch is not None and watch.unposted is not None:
            at = self.now()
            await self.watches.change(watch.id, decided(lambda one: can_post(one, at)), OPERATOR)
        return posted

    async def _whole(self, event: Event) -> Event:
        """The rest of what its message says stands in the events of others."""
        if event.kind not in OF_OTHERS:
            return event
        rows = await self.watches.events(OPERATOR, incident=event.incident)
        return await self._with_what_it_was_down(in_full(event, map(of_event_row, rows)))

    async def _with_what_it_was_down(self, event: Event) -> Event:
        """What flapped was down for some of the time only: how long, as availability has it."""
        if event.kind != "recovered" or "first" not in event.facts:
            return event
        spans = await self.watches.spans(OPERATOR, since=event.first, until=event.at, target=event.target)
        was = down(spans, {event.watch: event.target}, event.first, event.at).get(event.target)
        return replace(event, facts={**event.facts, DOWN: was.total_seconds()}) if was is not None else event

    async def _undeliverable(self, stored: StoredDelivery, error: UndeliverableError) -> None:
        """Given up. That nothing can be posted in the channel of a watch is kept: its message goes another way."""
        why = str(error)
        log.warning("an alert of the watch %s cannot be delivered by %s: %s", stored.event.watch, stored.route, why)
        if stored.route == SLACK:
            at = self.now()
            keep = decided(lambda watch: cannot_post(watch, at, why, error.told))
            await self.watches.change(stored.event.watch, keep, OPERATOR)
            await keep_of_digest(self.watches, stored.event, posted=False)
        await self.watches.give_up(stored, self.now(), why)

    async def _later(self, stored: StoredDelivery, error: Exception) -> None:
        pause_s = min(FIRST_PAUSE * 2 ** min(stored.attempt - 1, 10), LONGEST_PAUSE)
        log.warning(
            "an alert of the watch %s could not be delivered by %s (attempt %d)\n%s",
            stored.event.watch,
            stored.route,
            stored.attempt,
            trace_of(error),
        )
        unsure = not isinstance(error, NotArrivedError)
        await self.watches.postpone(stored, self.now() + pause_s, type(error).__name__, unsure=unsure)
