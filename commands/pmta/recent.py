"""The latest reports of this process, so that buttons have lines to show.

Configs are not stored: what is here is masked, in memory only, and for an hour at most. After that, after a restart, or
when many others came since, the buttons fall back on the findings that the history keeps.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from commands.pmta.checking import Studied

KEPT_FOR = timedelta(hours=1)
BYTES = 30_000_000
"""Of all reports and compressed texts together."""
FINDING, CLAIM = 2000, 500
"""Bytes that one takes, about."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check (masked), the name of the config, who asked for it and when."""

    studied: Studied
    name: str
    owner: str
    at: datetime

    @property
    def size(self) -> int:
        """Bytes that are kept, about."""
        made, claims = self.studied, self.studied.claims
        claimed = (*claims.source_hosts, *claims.signing_keys, *claims.relays, *claims.listeners)
        lines = sum(len(line) for line in made.changed)
        return len(made.packed) + lines + FINDING * len(made.report.findings) + CLAIM * len(claimed)


class Recent:
    """At most `limit` of them, and no more than `BYTES`; the oldest goes first, and always one stays."""

    def __init__(self, limit: int = 50) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Checked] = OrderedDict()

    def keep(self, id: str, checked: Checked) -> None:  # noqa: A002 - the name that history uses
        self._kept[id] = checked
        self._forget(checked.at)
        while len(self._kept) > self._limit or (len(self._kept) > 1 and self.size > BYTES):
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        return sum(checked.size for checked in self._kept.values())

    def get(self, id: str, now: datetime) -> Checked | None:  # noqa: A002
        """The report of that id, whoever asks."""
        self._forget(now)
        return self._kept.get(id)

    def _forget(self, now: datetime) -> None:
        for old in [id for id, one in self._kept.items() if now - one.at > KEPT_FOR]:  # noqa: A001
            del self._kept[old]
