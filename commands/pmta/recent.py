"""The latest reports of this process, so that buttons have lines to show.

Configs are not stored: after a restart, or when many others came since, the buttons fall back on the findings that the
history keeps. Everything here is masked.
"""

from collections import OrderedDict
from dataclasses import dataclass

from commands.pmta.facts import Facts
from commands.pmta.model import Report


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, the mended config (masked), who asked for it, and what it claims about the world."""

    report: Report
    fixed: str
    name: str
    owner: str
    claims: Facts


class Recent:
    """At most `limit` of them; the oldest goes first."""

    def __init__(self, limit: int = 50) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Checked] = OrderedDict()

    def keep(self, id: str, checked: Checked) -> None:  # noqa: A002 - the name that history uses
        self._kept[id] = checked
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def get(self, id: str) -> Checked | None:  # noqa: A002
        """The report of that id, whoever asks."""
        return self._kept.get(id)
