"""A world that breaks: targets with outages, greylisting and single hiccups, and a network of our own that fails.

Everything follows from a seed. Nothing is connected to: `look` says what a run at a time would have seen.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.watches.probe import ProbeResult
from commands.watch.state.model import Watch
from storage.history import Entry, Reading

from .samples import DAY, HOUR, MINUTE, seen


@dataclass(frozen=True)
class Fault:
    begins: datetime
    ends: datetime
    outcome: str  # bad, unknown, blind


@dataclass
class Line:
    """The faults of one target, one after the other."""

    faults: list[Fault] = field(default_factory=list)

    def at(self, now):
        place = bisect_right([fault.begins for fault in self.faults], now) - 1
        fault = self.faults[place] if place >= 0 else None
        return fault if fault and now < fault.ends else None


class World:
    """`days` of life of `names`, from `start` on."""

    def __init__(self, names, start, days, seed):
        self._random = random.Random(seed)
        self.start, self.end = start, start + days * DAY
        self.own = Line(list(self._faults(("blind",), 6 * DAY, (5 * MINUTE, 3 * HOUR))))
        kinds = ("bad", "bad", "bad", "unknown")
        self.targets = {name: Line(list(self._faults(kinds, 3 * DAY, (MINUTE, 9 * HOUR)))) for name in names}

    def _faults(self, kinds, between, lengths):
        at = self.start + self._random.random() * between
        while at < self.end:
            length = lengths[0] + self._random.random() ** 3 * (lengths[1] - lengths[0])
            yield Fault(at, at + length, self._random.choice(kinds))
            at += length + self._random.random() * 2 * between + MINUTE

    def outcome(self, target, now):
        """What a check would say: our own network hides everything else."""
        fault = self.own.at(now) or self.targets[target].at(now)
        return fault.outcome if fault else "good"

    def outages(self, target):
        """The times at which the target was down."""
        return [fault for fault in self.targets[target].faults if fault.outcome == "bad"]


def probe_result_of(watch: Watch, outcome: str, at: datetime, number: int) -> ProbeResult:
    """A run with its entry of the history, as small as entries are."""
    observation = seen(outcome, watch, entry=f"{watch.id}/{number}", summary=f"{watch.target} {outcome}")
    entry = Entry(
        f"{watch.id}/{number}", "check", watch.target, "local", observation.verdict, observation.summary, at, 12.0,
        watch.owner, watch.team, watch.channel, "watch", {"schema": "portero.check/1"},
    )  # fmt: skip
    reading = Reading(watch.target, "192.0.2.25", 25, "open", outcome == "good", "ok", 1.0)
    return ProbeResult(observation, entry, (reading,))


def long_enough(fault: Fault, every: timedelta) -> bool:
    """Whether an outage is seen at least twice: once in its own time, once a minute later."""
    return fault.ends - fault.begins > every * 1.5 + 5 * MINUTE
