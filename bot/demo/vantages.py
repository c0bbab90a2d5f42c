"""Two machines that check for the demo's bot: they stand in this process, and no NATS is needed.

fra-1 sees what the bot sees; the network of mta-03 lets nothing out on 25, to nobody.
"""

import copy
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace

from commands.smtpcheck.places.checker import Checker, NotThereError
from commands.smtpcheck.probe.prober import Prober, with_patience
from commands.smtpcheck.wire.connection import Route
from storage.queries import Viewer

SHUT = ("127.0.0.1", 1)
"""A port on loopback where nobody listens."""

OPEN, BLOCKED = "fra-1", "mta-03"


@dataclass(frozen=True)
class LabVantages:
    """The machines of the demo, always connected."""

    probers: Mapping[str, Prober]

    async def told(self) -> list[tuple[str, str]]:
        return [(name, f"*{name}*: of the demo, in this process") for name in self.probers]

    async def for_watch(self, vantage: str, viewer: Viewer, channel: str, *, patient: bool = False) -> Checker:
        await self.checker(vantage, viewer, channel)
        return with_patience(self.probers[vantage]) if patient else self.probers[vantage]

    async def sources(self, _viewer: Viewer, _channel: str) -> dict[str, tuple[str, str]]:
        return {}

    async def connected(self, _viewer: Viewer, _channel: str) -> list[str]:
        return list(self.probers)

    async def check_name(self, vantage: str, viewer: Viewer, channel: str) -> None:
        await self.checker(vantage, viewer, channel)

    async def absence(self, _vantage: str) -> None:
        return None

    def know_groups(self, _is_in: Callable[[str, str], Awaitable[bool]]) -> None:
        """Everybody may use all."""

    def seen(self) -> Collection[str]:
        return self.probers.keys()

    @property
    def is_sure(self) -> bool:
        return True

    async def checker(self, vantage: str, _viewer: Viewer, _channel: str) -> Checker:
        if vantage not in self.probers:
            raise NotThereError(f"{vantage} is not connected.", f"Connected: {', '.join(self.probers)}, local.")
        return self.probers[vantage]


def lab_vantages(prober: Prober) -> LabVantages:
    """The machines, which know what this prober knows."""
    return LabVantages(
        {OPEN: _elsewhere(prober, OPEN, prober.route), BLOCKED: _elsewhere(prober, BLOCKED, shut_25(prober.route))}
    )


def shut_25(route: Route) -> Route:
    """The same way, on which 25 leads nowhere."""
    return lambda address, port: SHUT if port == 25 else route(address, port)


def _elsewhere(prober: Prober, name: str, route: Route) -> Prober:
    made = copy.copy(prober)
    made.vantage, made.route = name, route
    made.control = replace(prober.control, route=route)
    return made
