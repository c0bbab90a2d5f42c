"""Watches as the rest of the program sees them: rows that one process at a time may run, and an outbox of events.

Who asks is part of each question (`Viewer`), as with the history, and a handler names the role that it needs. Who sees
a watch may change it: whoever is on call in a channel has to be able to make its alerts quiet. An alert can be sent
only to a channel that one is in, so that nobody makes Portero talk where they could not.

What stands in a document is the business of `commands.watch`. Here it matters that

- a change and the events that tell it are one transaction (`change`, `finish`): none is lost, none is made twice;
- a watch that is due is leased to one process until a given time, and what a run came to is dropped when the lease
  has gone to somebody else meanwhile;
- an event waits on each of its routes until it is marked as delivered; a restart finds what is not marked.

`storage.sqlite.watches` implements it; `tests/storage/test_watches.py` holds what every implementation has to keep.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from storage.audit import AuditEntry, Noted, ReadAudit
from storage.entries import LOCAL
from storage.history import Entry, Reading, Viewer

Document: TypeAlias = dict[str, Any]

DIGESTS = "digest:"
TROUBLES = "trouble:"


THREADS = "thread:"


def thread_key(team: str, channel: str, thread: str) -> str:
    """The note of what a thread is about; `-` is what was said last beside any."""
    return f"{THREADS}{team}:{channel}:{thread}"


GREETED = "greeted:"


def greeting_key(team: str, whom: str) -> str:
    """The note that a person or a channel has been greeted."""
    return f"{GREETED}{team}:{whom}"


def digest_key(team: str, channel: str) -> str:
    """The note that holds the digest of a channel."""
    return f"{DIGESTS}{team}:{channel}"


def place_of(key: str) -> tuple[str, str]:
    """Team and channel of a digest's key."""
    team, _, channel = key.removeprefix(DIGESTS).partition(":")
    return team, channel


def trouble_key(watch: str, route: str = "") -> str:
    """The note of what keeps alerts of a watch from arriving by a route: `{"at": instant, "why": code}`."""
    return f"{TROUBLES}{watch}:{route}"


class ElsewhereError(Exception):
    """They may not make Portero speak there: it is no channel of theirs, or of another team."""


@dataclass(frozen=True, slots=True)
class StoredWatch:
    """One watch. `due_at` is None while it does not run; `slow` decides the lane in which it runs.

    `tags` are those of its target in its team, in alphabetical order: they are read, and written by `tag` alone.
    `place` is the machine that it is run from: a process that sees it connected runs it, any other one only from
    `unseen_at` on, to say that nobody does.

    Two parts of the document are read here. `moves`, `[[channel, instant], ...]`: where it alerted before ("": nobody
    knows any more), each until when, oldest first; what it saw then is theirs who may see that channel. And `spans`,
    `{"until": instant, "lasting": what, "open": {place: [what, since]}}`: how each place has been since when, as far as
    `until`, or (where it is `lasting`) until it is said otherwise. It is written with every run anyway, so that a row
    of `WatchSpan` is needed only where something changed.
    """

    id: str
    team: str
    channel: str
    owner: str
    kind: str
    target: str
    document: Document
    due_at: datetime | None = None
    deleted_at: datetime | None = None
    slow: bool = False
    tags: tuple[str, ...] = ()
    place: str = LOCAL
    unseen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of the outbox; it is delivered once on each of its routes. `id` is accepted once.

    `channel` of its document is where it was told: it is theirs who may see that, or own the watch, wherever that has
    been moved since (without one: where the watch is).
    """

    id: str
    watch: str
    incident: str
    kind: str
    at: datetime
    document: Document
    routes: tuple[str, ...] = ()


DELETED = "deleted"
"""What the places of a watch are from when it was deleted on: nobody looks, and nobody means to."""


@dataclass(frozen=True, slots=True)
class WatchSpan:
    """From when to when a place of a watch (a host, or a host and port) was what; `seldom`: looks less than hourly."""

    watch: str
    place: str
    since: datetime
    until: datetime
    what: str
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a watch, what is to be told, what is now known of the way out (None: as before), what ended.

    `alerted`: to the watch the run was bad, confirmed or not yet, so its result is one that `Query.failed` means.
    `noted` is what the log says of it; who did it, where and of which team is filled in. `due` are other watches of its
    team, each with when it is due at the latest; one that does not run stays so. `set_back`: the clock was, to then;
    what was kept of later times has not come yet, and is forgotten.
    """

    watch: StoredWatch
    events: tuple[StoredEvent, ...] = ()
    sight: Document | None = None
    spans: tuple[WatchSpan, ...] = ()
    alerted: bool = False
    noted: tuple[AuditEntry, ...] = ()
    due: Mapping[str, datetime] = field(default_factory=dict)
    set_back: datetime | None = None


Decide: TypeAlias = Callable[[StoredWatch, Document], Change | None]
"""From a watch and the sight of its team and vantage ({} at first) to a change; None leaves everything as it is.

It runs inside the write transaction, in another thread, and may run twice: it must be pure and quick.
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run a watch once. `token` names it; `watch` is as it was when it was leased."""

    token: str
    watch: StoredWatch


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """An event on one route, leased. `attempt` counts from 1; `posted` is what was kept for incident and route.

    `unsure`: an earlier attempt may have arrived, since its lease ran out or it was postponed as such.
    """

    event: StoredEvent
    route: str
    attempt: int
    token: str
    posted: dict[str, str] | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: watches that are due and not leased, deliveries that were not made yet, and those given up.

    `lost`: of the last week's, by watch and route, why and how many; the newest first.
    """

    due: int = 0
    waiting: int = 0
    failed: int = 0
    routes: dict[str, int] = field(default_factory=dict)
    lost: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForgottenWatches:
    """A person's watches that go on without an owner, those that are deleted, and how many documents named them."""

    kept: tuple[StoredWatch, ...]
    deleted: tuple[StoredWatch, ...]
    named: int


class ReadWatches(Protocol):
    """Every method may raise `StorageError` or one of its children; none blocks the event loop."""

    async def get(self, id: str, viewer: Viewer) -> StoredWatch | None:  # noqa: A002 - the name of the field
        """The watch with this id, also when it was deleted a short while ago."""

    async def visible_to(self, viewer: Viewer, *, deleted: bool = False) -> list[StoredWatch]:
        """The watches that somebody may see, by target and id; those that were deleted only when asked for."""

    async def events(
        self,
        viewer: Viewer,
        *,
        watch: str | None = None,
        incident: str | None = None,
        since: datetime | None = None,
    ) -> list[StoredEvent]:
        """The events that were told where they may see them, and those of their own watches, oldest first.

        The operator sees those of digests, too.

        `since`: all events of the incidents that have one at or after it.
        """

    async def spans(
        self, viewer: Viewer, *, since: datetime, until: datetime, target: str | None = None
    ) -> list[WatchSpan]:
        """How the places of the watches that they may see were in a time, with what lasts till now.

        Of one that was moved: while it was in a channel that they may see; then its places are `DELETED` to them.

        With a target: of those on it, and of those that look at a port of it or where one of its own looks; possibly
        of more. Of each all places, which say when it did not look.

        By watch, place and time; not cut to the time. What a watch knew is still known when it was deleted: from then
        on its places are `DELETED`.
        """

    async def troubles(self, id: str, viewer: Viewer) -> dict[str, Document]:  # noqa: A002 - the name of the field
        """By route, what keeps alerts of a watch from arriving."""

    async def digest(self, channel: str, viewer: Viewer) -> Document | None:
        """The digest of a channel of the viewer's team. ElsewhereError: they may not make Portero speak there."""

    async def tagged(self, tag: str, viewer: Viewer) -> list[str]:
        """The targets of the team that have a tag, in alphabetical order, whoever watches them."""


class ChangeWatches(ReadWatches, Protocol):
    """What `/smtpwatch` needs. ElsewhereError: the channel is none in which they may make Portero speak."""

    async def add(self, watch: StoredWatch, limit: int, viewer: Viewer, *, noted: Noted = ()) -> bool:
        """Keep a new watch; False when its team has `limit` already (deleted ones do not count)."""

    async def change(
        self,
        id: str,  # noqa: A002 - the name of the field
        decide: Decide,
        viewer: Viewer,
        *,
        vantage: str = "local",
    ) -> StoredWatch | None:
        """Read, decide and write in one transaction. The watch as it is afterwards; None: there is none for them.

        What a user does to a watch while it runs is kept: `finish` decides on the watch as it is then.
        """

    async def change_all(
        self, ids: Sequence[str], decide: Decide, viewer: Viewer, *, vantage: str = "local"
    ) -> list[StoredWatch]:
        """As `change`, of several: all of them or none. Those that were changed, as they are afterwards."""

    async def tag(
        self,
        id: str,  # noqa: A002 - the name of the field
        viewer: Viewer,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        noted: Noted = (),
    ) -> StoredWatch | None:
        """Give the target of a watch tags and take others from it, for all of its team. The watch afterwards."""

    async def set_digest(self, channel: str, document: Document | None, viewer: Viewer, *, noted: Noted = ()) -> None:
        """Keep the digest of a channel of the viewer's team, or drop it. ValueError: the viewer is of no one team."""


class AdministerWatches(Protocol):
    """What the process itself does with the watches of all teams: no handler is given this."""

    async def claim_due(
        self,
        owner: str,
        now: datetime,
        until: datetime,
        *,
        quick: int = 0,
        slow: int = 0,
        places: Collection[str] = (),
        unseen: bool = True,
    ) -> list[Lease]:
        """Lease watches that are due, up to so many of each lane, the longest due first, until `until`.

        Of other machines only those of `places`, and (`unseen`) those that nobody who sees theirs has run for long.
        A lease that has run out counts for nothing, and so does one that ends more than ten minutes later than
        `until`: it was made by a clock that has been set back since.
        """

    async def finish(
        self,
        lease: Lease,
        decide: Decide,
        *,
        vantage: str = "local",
        entry: Entry | None = None,
        readings: Iterable[Reading] = (),
    ) -> bool:
        """End a lease: the entry of history, the change and its events in one transaction.

        False, and nothing is written, when the lease is not held any more. None from `decide` only gives it back.
        """

    async def release(self, owner: str) -> None:
        """Give back every lease of a process, at its orderly end."""

    async def bury(self, owner: str) -> None:
        """A process has died: its watches are free, and its deliveries, of which nobody knows whether they arrived."""

    async def next_due(self, places: Collection[str] = ()) -> datetime | None:
        """When the next watch is due that nobody has leased and who sees `places` may run; possibly in the past."""

    async def tell(self, event: StoredEvent) -> bool:
        """Put one event into the outbox by itself (a digest); False when its id is there already."""

    async def claim_deliveries(
        self, now: datetime, until: datetime, limit: int, routes: Iterable[str], *, owner: str = ""
    ) -> list[StoredDelivery]:
        """Lease waiting deliveries on these routes, oldest first: of each incident and route only the oldest."""

    async def delivered(self, delivery: StoredDelivery, at: datetime, posted: dict[str, str] | None) -> bool:
        """Mark a delivery and keep what was posted, in one transaction. False: the lease was lost."""

    async def postpone(self, delivery: StoredDelivery, until: datetime, error: str, *, unsure: bool = False) -> None:
        """Try again later. `unsure`: it may have arrived all the same; that stays so until it is settled."""

    async def give_up(self, delivery: StoredDelivery, at: datetime, error: str) -> None:
        """Never try again; what comes after it in the incident goes on."""

    async def posted(self, incident: str, route: str) -> dict[str, str] | None:
        """What was kept for an incident on a route."""

    async def note(self, key: str, document: Document | None, *, noted: Noted = ()) -> None:
        """Keep a small document under a key (a channel's digest), or drop it."""

    async def keep_audit(self, noted: Noted) -> None:
        """Write what the process or its operator did into the log; team and actor stand in the entries."""

    async def notes(self, prefix: str) -> dict[str, Document]:
        """The documents whose keys begin so."""

    async def backlog(self, now: datetime) -> Backlog:
        """How much waits (metrics, /readyz)."""

    async def forget(
        self,
        person: str,
        *,
        shared: Sequence[str],
        without: Callable[[Document], Document],
        leaving: Callable[[Document, frozenset[str]], Document],
    ) -> ForgottenWatches:
        """Take a person out, in one transaction: what is written afterwards names them no more.

        Their watches in shared channels, which have ids that begin with one of `shared`, go on without an owner; their
        other ones are deleted with their events. `without` makes the new document of each in which their id stands,
        `leaving` the sight of a team that knows nothing of the channels in which watches were deleted.
        """

    async def purge(self, before: datetime) -> int:
        """Drop watches deleted before, and events before it that are delivered or given up; how many rows went."""


class Watches(ChangeWatches, ReadAudit, AdministerWatches, Protocol):
    """All of it: what an implementation has, and what the process hands on as roles."""
