"""File descriptors kept back, so that somebody is told when there are no others left."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.console.process import is_shortage

Made = TypeVar("Made")

KEPT = 8
"""A word to an asker takes one connection, and two where Slack has to be asked who they are."""


class Reserve:
    """Descriptors of nothing, each given up for one that is needed; taken back once there are free ones."""

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._held: list[int] = []

    def __len__(self) -> int:
        return len(self._held)

    def fill(self) -> None:
        with suppress(OSError):
            while len(self._held) < self._size:
                self._held.append(os.open(os.devnull, os.O_RDONLY))

    def spare(self, make: Callable[[], Made]) -> Made:
        """What `make` makes; with a descriptor of the reserve where there is no other. Raises what `make` raises."""
        try:
            made = make()
        except OSError as error:
            if not is_shortage(error) or not self._held:
                raise
        else:
            self.fill()
            return made
        os.close(self._held.pop())
        return make()


RESERVE = Reserve()
"""That of the process. Its holder are the connections to Slack; it lasts as long as the process."""
