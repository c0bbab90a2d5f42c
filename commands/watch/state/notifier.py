"""What delivers the events of watches on a route, and what it may answer.

Each route has its own delivery of an event, so that one that fails blocks no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from commands.watch.state.events import Event
from commands.watch.state.model import Watch

Posted: TypeAlias = Mapping[str, str]
"""What a notifier wants to know of its own message later: `{"channel": "C1", "ts": "1732440000.000100"}`."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way.

    `watch` is as it is now (None: gone), `posted` what the last delivery of the same incident on this route returned.
    `unsure`: an earlier attempt may have arrived already, since its process ended or its answer was lost.
    """

    event: Event
    watch: Watch | None
    posted: Posted | None
    unsure: bool = False

    def to(self, route: str) -> tuple[str, ...]:
        """Where the watch wants its alerts on a route; empty: nowhere."""
        return self.watch.routes.get(route, ()) if self.watch is not None else ()


class NotArrivedError(Exception):
    """It surely did not arrive, and may be tried again. The text is a code."""


class UndeliverableError(Exception):
    """It can never arrive (archived, removed, no such address). The text is a code; the delivery is given up.

    Raised by Slack's notifier it is kept at the watch (`unposted`), after the notifier has told by direct message whom
    it concerns: `told` are those who got one.
    """

    def __init__(self, code: str, told: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.told = tuple(told)


class Notifier(Protocol):
    """Delivers events on the route with its name.

    Called once for each event, in order within an incident, several incidents at once. What it returns is kept with the
    incident, in the same transaction as the mark that it was delivered; None keeps what was there. It may be called
    again for an event whose mark was not written (a crash, a lost answer): `Delivery.unsure` says so. After any
    exception but `UndeliverableError` it is tried again, with growing pauses.
    """

    route: str

    async def deliver(self, delivery: Delivery) -> Posted | None: ...
