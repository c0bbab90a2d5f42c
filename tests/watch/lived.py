"""Weeks of a team's watches: everything that breaks, hides or is made quiet, and what was told of it.

The real scheduler, judgement of documents, delivery, notifier and digests on a real SQLite file; time, servers and
Slack are ours. `truth` has what was true and what could be seen of it, `verdict` compares it with what was told.
"""

import asyncio
import random
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

from bot.slack.alerts.channels import SlackChannels
from bot.slack.alerts.notifier import SlackAlerts
from bot.watches.delivery import DeliveryLoop
from bot.watches.digests import Digests
from bot.watches.probe import ProbeResult, observed
from bot.watches.scheduler import LEASE, Scheduler
from commands.watch.state.accepting import accept
from commands.watch.state.actions import acknowledge, decided, edit, mute, pause, resume, snooze
from commands.watch.state.digest import to_note
from commands.watch.state.rows import of_row, to_row
from commands.watch.state.windows import Digest
from commands.watch.verbs.returning import go_on_in
from commands.watch.view.plain_text import plain
from storage.history import OPERATOR, Entry, Reading
from storage.queries import Viewer
from tests.histories import history_at

from .channels import Channels, refusal
from .month import Clock, Told
from .script import START, WEEK, Script, document_of
from .truth import DAY, DOWN, MINUTE, UNSEEN, Ledger, Truth
from .verdict import differences

DIGEST_AT = time(9)
ADMIN = Viewer("T1", admin=True)


class Rooms(Channels):
    """Channels that are archived, or where the bot is no member, for a while; every post that Slack took is noted."""

    def __post_init__(self):
        super().__post_init__()
        self.closed, self.log = {}, []

    async def chat_postMessage(self, *, channel, metadata=None, **content):  # noqa: N802 - Slack's
        self._is_open(channel)
        key = (metadata or {"event_payload": {"key": ""}})["event_payload"]["key"]
        taken = self.said["messages posted"]
        try:
            return await super().chat_postMessage(
                channel=channel, metadata=metadata or {"event_payload": {"key": f"direct {len(self.log)}"}}, **content
            )
        finally:
            if self.said["messages posted"] > taken:
                shown = bool(content.get("reply_broadcast"))
                self.log.append((self.now(), channel, key, plain(_seen(content)), shown))

    async def chat_update(self, *, channel, **content):
        self._is_open(channel)
        return await super().chat_update(channel=channel, **content)

    def _is_open(self, channel):
        if channel in self.closed:
            raise refusal(self.closed[channel][0])


def _seen(content):
    """What people see: blocks, where there are any; the text beside a long digest ends sooner."""
    sections = [block["text"]["text"] for block in content.get("blocks") or () if block["type"] == "section"]
    return "\n".join(sections) if sections and "igest*:" in content["text"] else content["text"]


@dataclass
class Lived:
    """`script` played on a file in `folder`; `killed` is how often the process ends in a call of Slack's."""

    folder: Path
    script: Script
    weeks: int
    seed: int = 1
    killed: float = 0.01

    def __post_init__(self):
        self.clock, self.end = Clock(START), START + self.weeks * WEEK
        self.random, dice = random.Random(self.seed), random.Random(self.seed)
        kill = lambda: dice.random() < self.killed  # noqa: E731 - a word
        self.rooms = Rooms(dice, self.clock, kill)
        self.slack = Told(SlackAlerts(self.rooms, self.clock), kill)
        self.truth = Truth(self.script.faults)
        self.hosts = {host.id: host for host in self.script.hosts}
        self.silences, self.closings = defaultdict(list), []
        self.stays = {host.id: [(START, host.channel)] for host in self.script.hosts}
        self.ledgers = {host.id: self._ledger(host) for host in self.script.hosts}
        self.doomed, self.serial, self.counts, self.digests, self.lost = False, 0, Counter(), [], {}

    def _ledger(self, host):
        def quiet(at):
            silenced = any(begins <= at < ends for begins, ends in self.silences[host.id])
            return silenced or any(one.start <= at.time() < one.end for one in host.more.get("windows", ()))

        return Ledger(host.places, host.every, quiet)

    async def play(self):
        await self._open()
        for host in self.script.hosts:
            await self.store.add(to_row(host.watch()), 10_000, OPERATOR)
        self.channels = sorted({host.channel for host in self.script.hosts})
        for channel in self.channels:
            note = to_note(Digest(DIGEST_AT, "UTC"), "U1", START)
            await self.store.set_digest(channel, note, ADMIN)
        acts = list(self.script.acts)
        while self.clock.at < self.end:
            await self._step(acts)
        for _ in range(12):
            self.clock.at += LEASE
            await self.delivery.deliver_waiting()
        found = await differences(self)
        await self.history.close()
        return found

    async def _open(self):
        self.history = await history_at(self.folder / "lived.db")
        self.store = self.history.watches
        self.scheduler = Scheduler(_Noting(self.store, self), self._look, self.clock)
        self.delivery = DeliveryLoop(self.store, [self.slack], self.clock)
        self.posting = Digests(self.store, self.clock)

    async def _step(self, acts):
        """To the next time at which anything is due."""
        nine = self.clock.at.replace(hour=DIGEST_AT.hour, minute=0, second=0, microsecond=0)
        nine += DAY if nine <= self.clock.at else timedelta()
        times = [await self.store.next_due(), nine, *[act[0] for act in acts[:1]]]
        self.clock.at = max(self.clock.at, min(filter(None, times)))
        while acts and acts[0][0] <= self.clock.at:
            await self._act(*acts.pop(0)[1:])
        self.counts["runs"] += await self.scheduler.run_due()
        if self.clock.at == nine:
            self._expect_digests(nine)
            await self.posting.tell_due()
        await self.delivery.deliver_waiting()

    async def _look(self, watch, at):
        if self.doomed and self.random.random() < 0.5:
            raise asyncio.CancelledError  # killed while it ran: the lease stays
        self.serial += 1
        host = self.hosts[watch.id]
        found, egress = document_of(host, at, self.truth, self.script)
        entry = Entry(
            f"e{self.serial}", "check", watch.target, "local", "ok", "", at, 1.0, "U1", "T1", watch.channel, "watch", {}
        )
        readings = (Reading(watch.target, host.address, 25, "open", True, "ok", 1.0),)
        return ProbeResult(observed(watch, {**found, "id": entry.id}, egress), entry, readings)

    async def _act(self, what, on, more):
        at = self.clock.at
        if what == "kill":
            await self._kill()
        elif what == "close":
            self.rooms.closed[on] = more, at
        elif what == "reopen":
            self.closings.append((on, self.rooms.closed.pop(on)[1], at))
            await self._back_in(on, at)
        else:
            await self._by_a_person(what, on, more, at)

    async def _back_in(self, channel, at):
        """Slack tells that a channel was unarchived, or that the bot was invited."""
        for row in await self.store.visible_to(OPERATOR):
            if row.channel == channel and of_row(row).unposted is not None:
                self.ledgers[row.id].hush()
        needs = SimpleNamespace(
            watches=self.store,
            channel_posts=SlackChannels(self.rooms, self.store, self.clock),
            watches_changed=lambda: None,
            viewer=_as_admin,
            now=self.clock,
        )
        for _ in range(20):  # killed or refused in the midst of it: somebody invites the bot once more
            with suppress(asyncio.CancelledError):
                if not await go_on_in(channel, at, needs):
                    return

    async def _by_a_person(self, what, host, more, at):
        deeds = {
            "mute": lambda watch: mute(watch, "U2", at, at + more, "planned"),
            "snooze": lambda watch: snooze(watch, "U2", at, at + more),
            "ack": lambda watch: acknowledge(watch, "U2", at),
            "pause": lambda watch: pause(watch, "U2", at),
            "resume": lambda watch: resume(watch, at),
            "move": lambda watch: edit(watch, {"channel": more}, at, "U2"),
            "accept": lambda watch: accept(watch, at, "U2"),
        }
        self.ledgers[host.id].paused = what == "pause"
        if what == "pause":
            self.ledgers[host.id].stop()
        if what in {"mute", "snooze"}:
            self.silences[host.id].append((at, at + more))
            self.ledgers[host.id].hush()
        if what == "move":
            self.stays[host.id].append((at, more))
            self.ledgers[host.id].hush()
        if what == "accept":
            self.ledgers[host.id].accept(at)
        await self.store.change(host.id, decided(deeds[what]), OPERATOR)

    async def _kill(self):
        """kill -9 in the midst of runs: leases stay behind, what was not written is lost."""
        self.counts["kills"] += 1
        self.doomed = True
        await self.scheduler.run_due()
        self.doomed = False
        await self.history.close()
        await self._open()
        self.clock.at += LEASE

    def _expect_digests(self, now):
        """What the digest of each channel has to say of the day that is over, and of what could not be posted."""
        for channel in self.channels:
            since = self.lost.pop(channel, now - DAY)
            self.lost |= {channel: since} if channel in self.rooms.closed else {}
            here = [host for host in self.script.hosts if self.stays[host.id][-1][1] == channel]
            standings = Counter(self.ledgers[host.id].standing for host in here)
            self.digests.append((channel, now, standings, {host.name: self._day_of(host, since, now) for host in here}))

    def _day_of(self, host, since, now):
        """Minutes down and not seen, and how many incidents were over, while it was where it is now."""
        ledger, down, over = self.ledgers[host.id], Counter(), 0
        stays = self.stays[host.id]
        for (begin, channel), (end, _) in pairwise([*stays, (now, "")]):
            if channel == stays[-1][1] and end > since:
                begins = max(since, begin)
                lasted, shown = ledger.lasted(begins, end), ledger.lasted(begins, end, shown=_to_minute)
                down += Counter({what: max(1, shown[what] // MINUTE) for what in (DOWN, UNSEEN) if lasted[what]})
                over += sum(begins <= one.over <= end for one in ledger.outages if one.over)
        return down[DOWN], down[UNSEEN], over


def _to_minute(at):
    """As a digest and an alert show a time; what lasted shorter than a minute counts as one."""
    return at - (at - START) % MINUTE


async def _as_admin():
    return ADMIN


class _Noting:
    """The store, and a ledger that hears of every run that was kept."""

    def __init__(self, store, lived):
        self._store, self._lived = store, lived

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def finish(self, lease, decide, **more):
        kept = await self._store.finish(lease, decide, **more)
        lived, at = self._lived, more["entry"].started_at
        if kept:
            host = lived.hosts[lease.watch.id]
            lived.ledgers[host.id].look(at, {place: lived.truth.at(place, at) for place in host.places})
        return kept
