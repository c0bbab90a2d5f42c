"""Tells the loops that there may be something to do, so that nobody waits for their next look."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Bell:
    """`ring` calls every listener; none of them may raise."""

    listeners: list[Callable[[], None]] = field(default_factory=list)

    def ring(self) -> None:
        for listener in list(self.listeners):
            listener()
