"""What `/smtpcheck` needs of the application."""

from collections.abc import Collection
from typing import Protocol

from commands.asking_rate import CountsAskers
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.probe.running_checks import RunningChecks
from storage.history import RecordHistory, Viewer


class Needs(CountsAskers, Protocol):
    """What is there for a check: who does it, where it is kept, and how often it may be asked for."""

    @property
    def prober(self) -> Prober: ...

    @property
    def running(self) -> RunningChecks: ...

    async def checker(self, vantage: str, channel: str) -> Checker:
        """What checks from there; DeclinedError where nobody is, or it is not for this channel."""

    async def places(self, channel: str) -> list[str]:
        """The names of the places that may be checked from in this channel now, this machine first."""

    @property
    def history(self) -> RecordHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that may be probed."""

    def new_id(self) -> str:
        """A fresh id for a result."""

    def wait_for_target(self, name: str, ports: Collection[int], vantage: str) -> float:
        """Seconds until these ports of a target may be probed again from there; 0.0 means now, and counts."""
