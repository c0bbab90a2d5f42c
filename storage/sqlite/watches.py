"""Watches and their outbox in the SQLite file of the history, through its one writer and its readers."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from storage.audit import AuditEntry, AuditQuery, Noted
from storage.history import Entry, Reading, Viewer
from storage.queries import Found
from storage.sqlite.file.connections import Readers, Writer
from storage.sqlite.tables import audit_table, outbox, tag_table, watch_spans, watch_table
from storage.watches import (
    Backlog,
    Decide,
    Document,
    ForgottenWatches,
    Lease,
    StoredDelivery,
    StoredEvent,
    StoredWatch,
    Watches,
    WatchSpan,
)


class SqliteWatches(Watches):
    """`Watches` beside a history: `SqliteHistory.watches` makes it, and closing the history closes it."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def add(self, watch: StoredWatch, limit: int, viewer: Viewer, *, noted: Noted = ()) -> bool:
        def add(db: Database) -> bool:
            added = watch_table.add_watch(db, watch, limit, viewer)
            watch_table.keep_noted(db, noted if added else (), watch, viewer)
            return added

        return await self._writer.run(add)

    async def get(self, id: str, viewer: Viewer) -> StoredWatch | None:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: watch_table.find_watch(db, id, viewer))

    async def visible_to(self, viewer: Viewer, *, deleted: bool = False) -> list[StoredWatch]:
        return await self._readers.run(lambda db: watch_table.list_watches(db, viewer, deleted=deleted))

    async def change(
        self,
        id: str,  # noqa: A002 - the name of the field
        decide: Decide,
        viewer: Viewer,
        *,
        vantage: str = "local",
    ) -> StoredWatch | None:
        return await self._writer.run(lambda db: watch_table.change_watch(db, id, decide, viewer, vantage))

    async def change_all(
        self, ids: Sequence[str], decide: Decide, viewer: Viewer, *, vantage: str = "local"
    ) -> list[StoredWatch]:
        chosen = tuple(ids)
        return await self._writer.run(lambda db: watch_table.change_watches(db, chosen, decide, viewer, vantage))

    async def digest(self, channel: str, viewer: Viewer) -> Document | None:
        return await self._readers.run(lambda db: watch_table.digest(db, channel, viewer))

    async def tagged(self, tag: str, viewer: Viewer) -> list[str]:
        return await self._readers.run(lambda db: tag_table.targets_of_tag(db, tag, viewer))

    async def tag(
        self,
        id: str,  # noqa: A002 - the name of the field
        viewer: Viewer,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        noted: Noted = (),
    ) -> StoredWatch | None:
        given, taken = tuple(add), tuple(remove)

        def tag(db: Database) -> StoredWatch | None:
            watch = tag_table.tag_target(db, id, viewer, given, taken)
            if watch is not None:
                watch_table.keep_noted(db, noted, watch, viewer)
            return watch

        return await self._writer.run(tag)

    async def set_digest(self, channel: str, document: Document | None, viewer: Viewer, *, noted: Noted = ()) -> None:
        def set_digest(db: Database) -> None:
            watch_table.set_digest(db, channel, document, viewer)
            audit_table.keep_entries(db, noted, viewer, channel=channel)

        await self._writer.run(set_digest)

    async def spans(
        self, viewer: Viewer, *, since: datetime, until: datetime, target: str | None = None
    ) -> list[WatchSpan]:
        return await self._readers.run(lambda db: watch_spans.spans(db, viewer, (since, until), target))

    async def troubles(self, id: str, viewer: Viewer) -> dict[str, Document]:  # noqa: A002 - the name of the field
        return await self._readers.run(lambda db: watch_table.troubles(db, id, viewer))

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
        whose, lanes = watch_table.Claim(owner, now, until, tuple(places), unseen), (quick, slow)
        return await self._writer.run(lambda db: watch_table.claim_due(db, whose, lanes))

    async def finish(
        self,
        lease: Lease,
        decide: Decide,
        *,
        vantage: str = "local",
        entry: Entry | None = None,
        readings: Iterable[Reading] = (),
    ) -> bool:
        endpoints = tuple(readings)
        return await self._writer.run(lambda db: watch_table.finish_run(db, lease, decide, vantage, entry, endpoints))

    async def release(self, owner: str) -> None:
        await self._writer.run(lambda db: watch_table.release_leases(db, owner))

    async def bury(self, owner: str) -> None:
        def bury(db: Database) -> None:
            watch_table.release_leases(db, owner)
            outbox.end_leases(db, owner)

        await self._writer.run(bury)

    async def next_due(self, places: Collection[str] = ()) -> datetime | None:
        seen = tuple(places)
        return await self._readers.run(lambda db: watch_table.next_due(db, seen))

    async def tell(self, event: StoredEvent) -> bool:
        return await self._writer.run(lambda db: outbox.tell(db, event))

    async def claim_deliveries(
        self, now: datetime, until: datetime, limit: int, routes: Iterable[str], *, owner: str = ""
    ) -> list[StoredDelivery]:
        named = tuple(routes)
        return await self._writer.run(lambda db: outbox.claim_deliveries(db, now, until, limit, named, owner))

    async def delivered(self, delivery: StoredDelivery, at: datetime, posted: dict[str, str] | None) -> bool:
        return await self._writer.run(lambda db: outbox.mark_delivered(db, delivery, at, posted))

    async def postpone(self, delivery: StoredDelivery, until: datetime, error: str, *, unsure: bool = False) -> None:
        await self._writer.run(lambda db: outbox.postpone(db, delivery, until, error, unsure=unsure))

    async def give_up(self, delivery: StoredDelivery, at: datetime, error: str) -> None:
        await self._writer.run(lambda db: outbox.give_up(db, delivery, at, error))

    async def posted(self, incident: str, route: str) -> dict[str, str] | None:
        return await self._readers.run(lambda db: outbox.posted_for(db, incident, route))

    async def events(
        self,
        viewer: Viewer,
        *,
        watch: str | None = None,
        incident: str | None = None,
        since: datetime | None = None,
    ) -> list[StoredEvent]:
        return await self._readers.run(lambda db: outbox.list_events(db, viewer, watch, incident, since))

    async def note(self, key: str, document: Document | None, *, noted: Noted = ()) -> None:
        def note(db: Database) -> None:
            watch_table.note(db, key, document)
            audit_table.keep_entries(db, noted)

        await self._writer.run(note)

    async def keep_audit(self, noted: Noted) -> None:
        await self._writer.run(lambda db: audit_table.keep_entries(db, noted))

    async def audit(self, query: AuditQuery, *, limit: int = 20, before: str | None = None) -> Found[AuditEntry]:
        return await self._readers.run(lambda db: audit_table.list_entries(db, query, limit, before))

    async def count_audit(self, query: AuditQuery) -> int:
        return await self._readers.run(lambda db: audit_table.count_entries(db, query))

    async def notes(self, prefix: str) -> dict[str, Document]:
        return await self._readers.run(lambda db: watch_table.notes(db, prefix))

    async def backlog(self, now: datetime) -> Backlog:
        return await self._readers.run(lambda db: outbox.backlog(db, now))

    async def forget(
        self,
        person: str,
        *,
        shared: Sequence[str],
        without: Callable[[Document], Document],
        leaving: Callable[[Document, frozenset[str]], Document],
    ) -> ForgottenWatches:
        beginnings = tuple(shared)
        return await self._writer.run(lambda db: watch_table.forget_person(db, person, beginnings, without, leaving))

    async def purge(self, before: datetime) -> int:
        return await self._writer.run(lambda db: outbox.purge(db, before))
