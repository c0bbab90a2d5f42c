"""What checks from one place, here or elsewhere, and why a check was not made there."""

from collections.abc import Sequence
from typing import Protocol

from commands.contract import DeclinedError
from commands.smtpcheck.address.target import Target
from commands.smtpcheck.network.asking import Lookout
from commands.smtpcheck.probe.concurrent_connections import Heard
from commands.smtpcheck.report.model import Check


class Checker(Lookout, Protocol):
    """What checks from one place: this process (`Prober`), or a machine elsewhere."""

    async def check(
        self, target: Target, ports: Sequence[int], *, check_id: str, heard: Heard, deep: bool = False
    ) -> Check:
        """As `Prober.check`."""


class PlaceError(DeclinedError):
    """A check was not made at the place that was asked for: why, as a code that watches keep."""

    code = "vantage_refuses"


class NotThereError(PlaceError):
    """Nobody is there."""

    code = "vantage_away"
