"""How many runs at once the event loop bears, so that whoever types a command is answered at once all the same.

Runs that wait for the network cost nothing, and there may be many; runs that all have something to do keep the loop
from everything else. So the number falls quickly while a turn of the loop takes long, and rises slowly again.
"""

from dataclasses import dataclass

MOST, FEWEST = 160, 48
LONG_TURN = 0.05
"""Seconds that a turn of the loop may take: an ack waits for a few of them."""


@dataclass
class Pace:
    """`places` is how many runs there may be at once."""

    places: int = 96

    def turned(self, seconds: float) -> None:
        """A turn of the loop took so long."""
        if seconds > LONG_TURN:
            self.places = max(FEWEST, self.places * 3 // 4)
        else:
            self.places = min(MOST, self.places + 8)
