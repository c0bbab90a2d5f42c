"""What is kept: a result, its endpoints, and the short form of both for lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

LOCAL = "local"
"""The vantage of the process that keeps the result: availability and trends are of what it saw itself."""

OUTCOME = 32
"""Characters of an outcome that say what matters."""

IsDocument = Callable[[str, Mapping[str, Any]], bool]
"""Whether a document is one of this kind of entry: those know who write them, storage does not."""


def anything(_kind: str, _document: Mapping[str, Any]) -> bool:
    """An `IsDocument` for who reads no documents."""
    return True


def instant(at: datetime) -> str:
    """`2026-11-24T10:00:00.000000+00:00`: UTC, 32 characters, so that text order is time order. Naive: ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Asker(NamedTuple):
    """Who asked for a result, and in which channel."""

    actor: str
    channel: str


@dataclass(slots=True)  # not frozen, and so are its children: that would take six times as long to make
class Result:
    """One result of one command, without what was found. Nobody changes one.

    `id` is unique over all kinds. `kind` is "check", "network", "port" or "pmta"; `started_at` carries a time zone and
    comes back in UTC with microseconds.
    """

    id: str
    kind: str
    target: str
    vantage: str
    verdict: str
    summary: str
    started_at: datetime
    elapsed_ms: float
    actor: str
    team: str
    channel: str
    surface: str

    @property
    def cursor(self) -> str:
        """Where it stands in the order of every listing: `<instant> <id>`."""
        return f"{instant(self.started_at)} {self.id}"


@dataclass(slots=True)
class Entry(Result):
    """A result as it is kept: `document` is its JSON and comes back equal.

    `scope` names what was asked beside the target (the ports of a check), `outcome` is a fingerprint of all that
    matters in what was found. Whoever adds the entry computes both; equal outcomes mean that nothing has changed, and
    only results of the same scope are compared. Empty: not known. What stands in it behind `OUTCOME` characters may
    change without being a change of the result (the addresses of a name that has many).

    `others` asked for it at the same moment: it is as much theirs as it is the `actor`'s. Who reads it finds those whom
    they may see, and themselves as the actor where they asked.
    """

    document: dict[str, Any]
    scope: str = ""
    outcome: str = ""
    others: tuple[Asker, ...] = ()

    @property
    def askers(self) -> tuple[Asker, ...]:
        """All who asked, each channel once."""
        return tuple(dict.fromkeys((Asker(self.actor, self.channel), *self.others)))


class Reading(NamedTuple):
    """One endpoint of a check. `latency_ms` is None when nothing answered.

    `ok` is what availability counts; None says nothing of the host (our own network, a server that asks to come back)
    and is not counted.

    `certificate` is the fingerprint of the server's certificate and `certificate_ends` its end; "" and None: none seen.
    """

    host: str
    address: str
    port: int
    state: str
    ok: bool | None
    tls: str
    latency_ms: float | None
    certificate: str = ""
    certificate_ends: datetime | None = None


class Endpoint(NamedTuple):
    """What a list shows of a reading."""

    host: str
    port: int
    state: str


@dataclass(slots=True)
class Line(Result):
    """A result as a list shows it: its endpoints, in the order in which they were added, in place of the document.

    `changed`: its outcome is not that of the result before it of the same target, kind, vantage and scope, whoever may
    see that one; where results between them were deleted it may be said too often, never too seldom. `alerted`: to
    the watch that saw it, it was bad, whatever the verdict. `others` as in `Entry`.
    """

    endpoints: tuple[Endpoint, ...] = ()
    changed: bool = field(default=False, compare=False)
    alerted: bool = field(default=False, compare=False)
    others: tuple[Asker, ...] = ()
