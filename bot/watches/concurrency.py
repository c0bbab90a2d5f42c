"""How many runs of watches there may be at once: quick ones as many as the loop bears, slow ones by themselves.

Runs that wait for the network cost nothing, and there may be many; runs that all have something to do keep the loop
from everything else. So the number falls quickly while a turn of the loop takes long, and rises slowly again: whoever
types a command is answered at once all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MOST, FEWEST = 160, 48
LONG_TURN = 0.05
"""Seconds that a turn of the loop may take: an ack waits for a few of them."""


@dataclass
class AdaptiveLimit:
    """`limit` is how many runs there may be at once."""

    limit: int = 96

    def loop_took(self, seconds: float) -> None:
        """A turn of the loop took so long."""
        if seconds > LONG_TURN:
            self.limit = max(FEWEST, self.limit * 3 // 4)
        else:
            self.limit = min(MOST, self.limit + 8)


SLOW = 192
"""Runs at once of watches that took long the last time; of the others `AdaptiveLimit` says how many."""

REFILL, AT_A_TIME = 8, 32
"""Slots that have to be free before watches are claimed, and how many are begun before others have their turn."""


@dataclass
class Slots:
    """`freed` is called when it is worth claiming again."""

    freed: Callable[[], None]
    quick: AdaptiveLimit = field(default_factory=AdaptiveLimit)

    def __post_init__(self) -> None:
        self._busy = {False: 0, True: 0}

    def free(self, *, slow: bool) -> int:
        """Free slots, once it is worth a transaction."""
        free = (SLOW if slow else self.quick.limit) - self._busy[slow]
        return min(free, AT_A_TIME) if free >= REFILL else 0

    def take(self, *, slow: bool) -> "Slot":
        self._busy[slow] += 1
        return Slot(self, slow)

    def give_back(self, *, slow: bool) -> None:
        self._busy[slow] -= 1
        if self.free(slow=slow):
            self.freed()


@dataclass
class Slot:
    """A slot among the runs at once, left once."""

    slots: Slots
    slow: bool
    _left: bool = False

    def leave(self) -> None:
        if not self._left:
            self._left = True
            self.slots.give_back(slow=self.slow)
