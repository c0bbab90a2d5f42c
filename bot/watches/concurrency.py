"""How many runs of watches there may be at once: quick ones as many as the loop bears, slow ones by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.watches.pace import Pace

SLOW = 192
"""Runs at once of watches that took long the last time; of the others `Pace` says how many."""

REFILL, AT_A_TIME = 8, 32
"""Places that have to be free before watches are claimed, and how many are begun before others have their turn."""


@dataclass
class Places:
    """`freed` is called when it is worth claiming again."""

    freed: Callable[[], None]
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        self._busy = {False: 0, True: 0}

    def free(self, *, slow: bool) -> int:
        """Free places, once it is worth a transaction."""
        free = (SLOW if slow else self.pace.places) - self._busy[slow]
        return min(free, AT_A_TIME) if free >= REFILL else 0

    def take(self, *, slow: bool) -> "Place":
        self._busy[slow] += 1
        return Place(self, slow)

    def give_back(self, *, slow: bool) -> None:
        self._busy[slow] -= 1
        if self.free(slow=slow):
            self.freed()


@dataclass
class Place:
    """A place among the runs at once, left once."""

    places: Places
    slow: bool
    _left: bool = False

    def leave(self) -> None:
        if not self._left:
            self._left = True
            self.places.give_back(slow=self.slow)
