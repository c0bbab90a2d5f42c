"""Who changed what: an entry for each thing that somebody did to watches, results, machines or settings.

An entry is written with the change that it tells, in one transaction, and nobody changes one. Who asks is part of each
question: people see what they did themselves and what concerns the channels they are in, admins all of the team.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from storage.entries import instant
from storage.queries import Found, Viewer


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`action` is a code, `target` the host or the name that it was done to, `channel` where it shows.

    `actor` is empty until it is kept, which fills in who asks; afterwards that means the program itself. `document`
    says more, in codes and values. `seq` counts entries.
    """

    at: datetime
    action: str
    target: str = ""
    team: str = ""
    actor: str = ""
    channel: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def cursor(self) -> str:
        """Where it stands in the order of the log."""
        return f"{instant(self.at)} {self.seq}"


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Who asks, and which entries; all filters have to match. `target` is a host, a name, or the id of a watch.

    `since` is included, `until` is not.
    """

    viewer: Viewer
    actor: str | None = None
    target: str | None = None
    channel: str | None = None
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class ReadAudit(Protocol):
    """Every method may raise `StorageError` or one of its children; none blocks the event loop."""

    async def audit(self, query: AuditQuery, *, limit: int = 20, before: str | None = None) -> Found[AuditEntry]:
        """Newest first. `before` is the `cursor` of the last one seen. ValueError: not a cursor."""

    async def count_audit(self, query: AuditQuery) -> int:
        """How many there are."""


Noted = Sequence[AuditEntry]
"""What is to be written with a change."""
