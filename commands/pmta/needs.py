"""What `/pmta` needs of the application."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from commands.asking_rate import CountsAskers
from commands.pmta.checking import Order, Turn
from commands.pmta.world import Lookups
from storage.history import RecordHistory, Viewer


class Checks(Protocol):
    """Where configs are checked: so that no paste can harm what answers."""

    def submit(self, order: Order) -> Turn:
        """Take an order; large ones wait for each other. The answer raises UserError for what cannot be checked."""

    def warm_up(self) -> None:
        """Whatever makes the first answer as quick as the next."""


Source: TypeAlias = tuple[str, str]
"""How to check from an address (`mta-03/192.0.2.11`), and its name in EHLO there."""


class Needs(CountsAskers, Protocol):
    """What there is for a config: who checks it, where it is kept, who may be asked of it."""

    @property
    def checks(self) -> Checks: ...

    @property
    def history(self) -> RecordHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    @property
    def lookups(self) -> Lookups: ...

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that /smtpcheck may probe."""

    @property
    def keep_configs(self) -> bool:
        """Whether the text of a config is stored with its report: masked, and only when somebody wants it."""

    async def sources(self, channel: str) -> Mapping[str, Source]:
        """The addresses that a machine checks from which is connected now and is for this channel."""

    def new_id(self) -> str:
        """A fresh id for a result."""
