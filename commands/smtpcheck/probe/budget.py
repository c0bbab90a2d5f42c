"""What the probes of one check share: its time, its end by the clock, who listens, and spare connections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from commands.smtpcheck.report.model import EndpointReport
from commands.smtpcheck.wire.endpoint import Endpoint, Limits

Heard = Callable[[EndpointReport | Endpoint], None]
"""Is told of every endpoint that has answered, and in a deep check of every further connection that is to be made."""


@dataclass
class Budget:
    """`ends` is by `clock`, in seconds; `spare` counts the connections that may still be made."""

    at: datetime
    ends: float
    clock: Callable[[], float]
    heard: Heard
    spare: int
    limits: Limits

    def left(self) -> float:
        return max(0.0, self.ends - self.clock())

    def has_spare_connection(self) -> bool:
        """Take one of the connections that the check may still make, if there is one."""
        self.spare -= 1
        return self.spare >= 0
