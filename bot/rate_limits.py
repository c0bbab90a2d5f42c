"""How often somebody may ask, and how often a target may be asked about. In memory: a restart forgives."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` within `seconds`."""

    times: int
    seconds: float


REQUESTS = Rate(120, 60.0)
"""Of any kind, by one person: what nobody types, and a program may."""

PER_USER = Rate(20, 60.0)
"""Of those what takes connections or a process: checks, validations, runs of watches."""

PER_TARGET = Rate(6, 60.0)
PER_PORT = Rate(10, 3600.0)
"""For one port of a target, by people. Watches come at the interval that they were given and neither count nor wait."""

KEYS_KEPT = 10_000


class Limiter:
    """A sliding window per key. `now` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._taken: dict[tuple[Hashable, Rate], deque[float]] = {}

    def wait(self, key: Hashable, rate: Rate) -> float:
        """Seconds until this key may go on; 0.0 means that it may now, and counts as one."""
        return self.wait_for_all([(key, rate)])

    def wait_for_all(self, uses: Iterable[tuple[Hashable, Rate]]) -> float:
        """Seconds until all of these may go on; 0.0 means now, and each counts as one. Otherwise none counts."""
        now = self._now()
        windows = [(self._window(*use, now), use[1], times) for use, times in Counter(uses).items()]
        waits = [_wait(taken, rate, times, now) for taken, rate, times in windows if len(taken) + times > rate.times]
        if waits:
            return max(waits)
        for taken, _, times in windows:
            taken.extend([now] * times)
        if len(self._taken) > KEYS_KEPT:
            self._forget(now)
        return 0.0

    def _window(self, key: Hashable, rate: Rate, now: float) -> deque[float]:
        taken = self._taken.setdefault((key, rate), deque())
        while taken and now - taken[0] >= rate.seconds:
            taken.popleft()
        return taken

    def _forget(self, now: float) -> None:
        """Drop the keys whose last use is out of every window."""
        self._taken = {key: taken for key, taken in self._taken.items() if taken and now - taken[-1] < key[1].seconds}


def _wait(taken: deque[float], rate: Rate, times: int, now: float) -> float:
    """Seconds until so many of the earliest are out of the window that there is room for `times` more."""
    too_many = len(taken) + times - rate.times
    return rate.seconds - (now - taken[min(too_many, len(taken)) - 1]) if taken else rate.seconds
