"""The latest reports of this process, so that buttons have lines to show.

Configs are not stored: what is here is masked, in memory only, and for an hour at most. After that, after a restart, or
when many others came since, the buttons fall back on the findings that the history keeps.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from commands.pmta.facts import Facts
from commands.pmta.model import Report

KEPT_FOR = timedelta(hours=1)
CHARACTERS = 30_000_000
"""Of all the texts together."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, the mended config and what was mended (masked), who asked for it and when, and what it claims about the

    world.
    """

    report: Report
    fixed: str
    changed: tuple[str, ...]
    name: str
    owner: str
    claims: Facts
    at: datetime

    @property
    def size(self) -> int:
        """Characters that are kept."""
        return 2 * len(self.fixed) + 1000 * len(self.report.findings)


class Recent:
    """At most `limit` of them, and no more than `CHARACTERS`; the oldest goes first, and always one stays."""

    def __init__(self, limit: int = 50) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Checked] = OrderedDict()

    def keep(self, id: str, checked: Checked) -> None:  # noqa: A002 - the name that history uses
        self._kept[id] = checked
        self._forget(checked.at)
        while len(self._kept) > self._limit or (len(self._kept) > 1 and self.size > CHARACTERS):
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
