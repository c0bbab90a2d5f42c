"""How often somebody may have something done that takes connections or a process: looking and writing down are free."""

import math
from typing import Protocol

from commands.contract import NotServedError


class CountsAskers(Protocol):
    """The application, which counts."""

    def wait_for_asker(self, user: str, times: int) -> float:
        """Seconds until somebody may ask so many times more; 0.0 means now, and counts."""


def mind_the_asker(user: str, services: CountsAskers, times: int = 1) -> None:
    """`NotServedError` where that is more within a minute than somebody may ask for."""
    seconds = services.wait_for_asker(user, times)
    if seconds > 0:
        raise NotServedError("That was a lot of checks within a minute.", f"Try again in {math.ceil(seconds)} s.")
