"""What was done to a watch, from the watch before and after: what the log of changes tells. Pure.

Runs are none of it. An action that forgets to say what it does cannot be written: nothing has to be said but the watch.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from commands.audited import Deed
from commands.watch.state.model import Silence, Watch
from storage.audit import AuditEntry
from storage.watches import StoredWatch

COLUMNS = ("target", "kind", "channel", "owner")
SETTINGS = (
    "ports",
    "every_s",
    "notify",
    "then",
    "fail_after",
    "recover_after",
    "runbook",
    "vantage",
    "windows",
    "routes",
)
"""What stands in a row and in its document and is set by people. Silences and the end are deeds of their own."""

ENDED: Mapping[Deed, Deed] = {Deed.MUTED: Deed.UNMUTED, Deed.SNOOZED: Deed.UNSNOOZED}
WAITING = "cannot_post"


def added(row: StoredWatch, at: datetime) -> AuditEntry:
    return AuditEntry(at, Deed.WATCH_ADDED, document={"kind": row.kind, "ports": row.document["ports"]})


def deeds(before: Watch, after: Watch, rows: tuple[StoredWatch, StoredWatch], at: datetime) -> list[AuditEntry]:
    """In the order in which they are told; `rows` are the same two as they are kept."""
    told = [AuditEntry(at, deed, document=facts) for deed, facts in _told(before, after, *rows, at)]
    moved = rows[0].channel if rows[0].channel != rows[1].channel else ""
    return [AuditEntry(at, one.action, before.target, channel=moved, document=one.document) for one in told]


def _told(
    before: Watch, after: Watch, old: StoredWatch, new: StoredWatch, at: datetime
) -> Iterator[tuple[Deed, dict[str, Any]]]:
    if before.deleted_at is None and after.deleted_at is not None:
        yield Deed.WATCH_DELETED, {}
        return
    if before.deleted_at is not None and after.deleted_at is None:
        yield Deed.WATCH_RESTORED, {}
        return
    differing = edited(old, new)
    if differing["new"]:
        yield Deed.WATCH_EDITED, differing
    yield from _paused(before, after)
    for deed, was, now in ((Deed.MUTED, before.muted, after.muted), (Deed.SNOOZED, before.snoozed, after.snoozed)):
        yield from _silenced(deed, was, now, at)
    yield from _looked_after(before, after)


def edited(old: StoredWatch, new: StoredWatch) -> dict[str, dict[str, Any]]:
    """The settings that differ, before and after."""
    both = [{name: getattr(row, name) for name in COLUMNS} | _settings(row.document) for row in (old, new)]
    names = [name for name in (*COLUMNS, *SETTINGS) if both[0].get(name) != both[1].get(name)]
    return {which: {name: one.get(name) for name in names} for which, one in zip(("old", "new"), both, strict=True)}


def _settings(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document.get(name) for name in SETTINGS}


def _paused(before: Watch, after: Watch) -> Iterator[tuple[Deed, dict[str, Any]]]:
    """Who waits until its channel takes posts was paused by nobody."""
    was, now = before.paused, after.paused
    if was is None and now is not None:
        yield Deed.PAUSED, {name: value for name, value in (("why", now.why), ("who", now.who)) if value}
    elif was is not None and now is None and was.why != WAITING:
        yield Deed.RESUMED, {}


def _silenced(
    deed: Deed, was: Silence | None, now: Silence | None, at: datetime
) -> Iterator[tuple[Deed, dict[str, Any]]]:
    if now is not None and now != was and now.holds(at):
        until = {"until": now.until.isoformat()} if now.until else {}
        yield deed, {**until, **({"why": now.why} if deed is Deed.MUTED and now.why else {})}
    elif was is not None and was.holds(at) and not (now is not None and now.holds(at)):
        yield ENDED[deed], {}


def _looked_after(before: Watch, after: Watch) -> Iterator[tuple[Deed, dict[str, Any]]]:
    was, now = before.state.incident, after.state.incident
    if now is not None and now.acked_by and (was is None or now.acked_by != was.acked_by):
        yield Deed.ACKNOWLEDGED, {"incident": now.id}
