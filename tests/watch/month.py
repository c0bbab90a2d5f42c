"""A simulated month of watches: a clock that moves and is set wrong, faults, crashes, restarts, snoozes.

The real scheduler and delivery on a real SQLite file; time, targets and Slack are ours. An oracle of its own walks
through every run that was kept and says what had to be told; the table shows what was.
"""

import asyncio
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.scheduler import LEASE, Scheduler
from commands.uptime import DOWN, uptimes
from commands.watch.state.actions import decided, snooze
from commands.watch.state.rows import of_event_row, of_row, to_row
from commands.watch.state.schedule import on_grid
from storage.history import OPERATOR, Query
from tests.histories import history_at

from .channels import Channels
from .oracle import Oracle
from .samples import HOUR, MINUTE, NOON, a_watch
from .world import World, long_enough, probe_result_of


class Killed(BaseException):
    """The process ends here: nothing that was not written exists."""


@dataclass
class Clock:
    at: object = NOON

    def __call__(self):
        return self.at


@dataclass
class Told:
    """The real notifier, which notes what it has delivered; sometimes the process dies before that can be marked."""

    alerts: SlackAlerts
    kill: object
    events: list = field(default_factory=list)
    again: int = 0
    route: str = "slack"
    unheard: set = field(default_factory=set)
    """Events of which nothing stands anywhere: what broke and ended while it was quiet."""

    def __post_init__(self):
        self._known = set()

    async def deliver(self, delivery):
        posted = await self.alerts.deliver(delivery)
        if delivery.event.quiet and not delivery.posted:
            self.unheard.add(delivery.event.id)
        if delivery.event.id in self._known:
            assert delivery.unsure, "an event was delivered twice without a crash"
            self.again += 1
        else:
            self._known.add(delivery.event.id)
            self.events.append(delivery.event)
        if self.kill():
            raise asyncio.CancelledError
        return posted


@dataclass
class Month:
    folder: Path
    watches: int
    days: int
    every: timedelta
    seed: int = 1
    reads: bool = True
    """Whether Slack lets the app read histories (`channels:history`)."""
    killed: float = 0.01
    """How often the process ends after a call of Slack's, and between the last of them and its mark."""

    def __post_init__(self):
        self.random = random.Random(self.seed)
        self.clock, self.behind = Clock(), timedelta()
        dice = random.Random(self.seed)  # its own, so that the world is the same with and without `reads`
        kill = lambda: dice.random() < self.killed  # noqa: E731 - a word
        self.channels = Channels(dice, lambda: self.clock.at + self.behind, kill, reads=self.reads)
        self.slack = Told(SlackAlerts(self.channels, self.clock), kill)
        names = [f"mail{number}.example.com" for number in range(self.watches)]
        self.world = World(names, NOON, self.days, self.seed)
        self.oracles, self.serial, self.counts = {}, 0, Counter()
        self.runs = defaultdict(list)
        self.late = []
        self.doomed = False

    async def play(self):
        """The whole time. The counts that the table shows."""
        await self._open()
        for number, name in enumerate(self.world.targets):
            every = self.every * self.random.choice((1, 1, 2))
            watch = a_watch(
                id=f"w-{number}",
                target=name,
                every=every,
                channel=f"C{number % 40}",
                fail_after=self.random.choice((1, 2, 3)),
            )
            self.oracles[watch.id] = Oracle(watch.fail_after, watch.recover_after)
            await self.store.add(to_row(watch), self.watches, OPERATOR)
        while self.clock.at < self.world.end:
            await self._step()
        self.clock.at += HOUR
        await self._restart()
        self.clock.at += LEASE
        while await self.delivery.deliver_waiting():
            self.clock.at += 15 * MINUTE
        result = await self._result()
        await self.history.close()
        return result

    async def _open(self):
        self.history = await history_at(self.folder / "month.db")
        self.store = self.history.watches
        self.scheduler = Scheduler(_Noting(self.store, self), self._look, self.clock, late=self.late.append)
        self.delivery = DeliveryLoop(self.store, [self.slack], self.clock)

    async def _step(self):
        """To the next due time, all that is due then, and now and then something that goes wrong."""
        due = await self.store.next_due()
        self.clock.at = max(self.clock.at + self.every / 60, due)
        self.counts["runs"] += await self.scheduler.run_due()
        await self.delivery.deliver_waiting()
        chance = self.random.random()
        for limit, act in ((0.004, self._crash), (0.006, self._restart), (0.007, self._set_back), (0.008, self._sleep)):
            if chance < limit:
                await act()
                break
        if self.random.random() < 0.05:
            await self._snooze()

    async def _look(self, watch, at):
        if self.doomed and self.random.random() < 0.5:
            raise asyncio.CancelledError  # killed while it ran: the lease stays
        self.serial += 1
        return probe_result_of(watch, self.world.outcome(watch.target, at), at, self.serial)

    async def _crash(self):
        """Killed in the middle of running what is due: leases stay behind, results are lost."""
        self.counts["crashes"] += 1
        self.doomed = True
        self.clock.at += self.every / 3
        await self.scheduler.run_due()
        self.doomed = False
        await self.history.close()
        await self._open()

    async def _restart(self):
        self.counts["restarts"] += 1
        await self.scheduler._stop()
        await self.history.close()
        await self._open()

    async def _set_back(self):
        self.counts["clock set back"] += 1
        back = self.random.choice((MINUTE, HOUR, 6 * HOUR))
        self.clock.at -= back
        self.behind += back  # Slack's clock goes on

    async def _sleep(self):
        """The machine was suspended, or the clock set forward."""
        self.counts["clock set forward"] += 1
        self.clock.at += self.random.choice((MINUTE, HOUR, 6 * HOUR))

    async def _snooze(self):
        down = [name for name, oracle in self.oracles.items() if oracle.open]
        if not down:
            return
        name, until = self.random.choice(down), self.clock.at + self.random.choice((HOUR, 8 * HOUR))
        at = self.clock.at
        await self.store.change(name, decided(lambda watch: snooze(watch, "U2", at, until)), OPERATOR)
        self.oracles[name].snoozes(until)
        self.counts["snoozes"] += 1

    async def _result(self):
        events = [of_event_row(row) for row in await self.store.events(OPERATOR)]
        rows = [of_row(row) for row in await self.store.visible_to(OPERATOR)]
        told = defaultdict(list)
        for event in self.slack.events:
            heard = event.incident.startswith("w-") and event.id not in self.slack.unheard
            if heard and event.kind in {"opened", "refired", "recovered"}:
                told[event.watch].append((event.kind, int(event.own.rpartition(".")[2])))
        wanted = {name: oracle.told for name, oracle in self.oracles.items()}
        return {
            **self.counts,
            "runs kept": self.serial - self.counts["lost"],
            "history entries": await self.history.count(Query(OPERATOR), most=10**9),
            "events written": len(events),
            "events delivered": len({event.id for event in self.slack.events}),
            "events delivered again": self.slack.again,
            **self.channels.said,
            **{
                f"  {kind}": count for kind, count in sorted(Counter(event.kind for event in self.slack.events).items())
            },
            "alerts lost": sum((Counter(wanted[name]) - Counter(told[name])).total() for name in wanted),
            "alerts too many": sum((Counter(told[name]) - Counter(wanted[name])).total() for name in wanted),
            "alerts out of order": sum(told[name] != wanted[name] for name in wanted),
            "alerts without an outage": self._unfounded(),
            "long outages nobody told": self._unnoticed(),
            "watches with another downtime": await self._wrong_downtimes(),
            "watches that stand still": sum(watch.due_at > on_grid(watch, self.clock.at) + 2 * HOUR for watch in rows),
        }

    async def _wrong_downtimes(self):
        """Watches of which availability is not what their runs add up to, to the minute."""
        spans = defaultdict(list)
        for one in await self.store.spans(OPERATOR, since=self.world.start, until=self.clock.at):
            spans[one.watch].append(one)
        wrong = 0
        for watch, runs in self.runs.items():
            found = uptimes(spans[watch], self.world.start, self.clock.at)[self._target_of(watch)]
            least, most = downtime(runs, self.clock.at)
            wrong += not least - MINUTE < found.of(DOWN) < most + MINUTE
        return wrong

    def _target_of(self, watch):
        return f"mail{watch.removeprefix('w-')}.example.com"

    def _unfounded(self):
        opened = [event for event in self.slack.events if event.kind == "opened" and event.incident.startswith("w-")]
        return sum(
            not any(fault.begins <= event.since < fault.ends for fault in self.world.outages(event.target))
            for event in opened
        )

    def _unnoticed(self):
        """Outages that were long enough to be seen by runs in their time, and that nobody was told of."""
        kinds = {"opened", "changed", "refired"}
        spans = defaultdict(list)
        for event in self.slack.events:
            if event.kind in kinds | {"recovered"}:
                spans[event.target].append(event)
        missing = 0
        for target in self.world.targets:
            for fault in self.world.outages(target):
                if long_enough(fault, 4 * self.every) and fault.ends < self.world.end and not self._excused(fault):
                    missing += not any(event.since < fault.ends and event.at >= fault.begins for event in spans[target])
        return missing

    def _excused(self, fault):
        """Our own network was down for part of it, too; or the clock stood wrong, which no outage outlasts for sure."""
        return any(own.begins < fault.ends and fault.begins < own.ends for own in self.world.own.faults)


def downtime(runs, now):
    """How long it was down by its runs, at least and at most: from each bad one to the next good one, or until now.

    What tells nothing ends nothing. A time that came twice because the clock was set back may be as it was the first
    time or the second.
    """
    times, bad = [], False
    for at, outcome in runs:
        if not times or at < times[-1][-1][0]:
            times.append([])
        bad = outcome == "bad" if outcome in {"good", "bad"} else bad
        times[-1].append((at, bad))
    times[-1].append((now, bad))
    least = most = timedelta()
    for since, until in pairwise(sorted({at for known in times for at, _ in known})):
        said = [
            known[bisect_right(known, since, key=_AT) - 1][1] for known in times if known[0][0] <= since < known[-1][0]
        ]
        least += until - since if said and all(said) else timedelta()
        most += until - since if any(said) else timedelta()
    return least, most


_AT = itemgetter(0)


class _Noting:
    """The store, and an oracle that hears of every run that was kept."""

    def __init__(self, store, month):
        self._store, self._month = store, month

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def finish(self, lease, decide, **more):
        kept = await self._store.finish(lease, decide, **more)
        month, entry = self._month, more["entry"]
        if kept:
            outcome = month.world.outcome(lease.watch.target, entry.started_at)
            month.oracles[lease.watch.id].sees(outcome, entry.started_at)
            month.runs[lease.watch.id].append((entry.started_at, outcome))
        else:
            month.counts["lost"] += 1
        return kept


BAD = (
    "alerts lost",
    "alerts too many",
    "alerts out of order",
    "alerts without an outage",
    "watches with another downtime",
    "watches that stand still",
)
