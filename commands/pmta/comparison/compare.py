"""Two configurations compared: what opens first, then what changes, and how that is said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commands.pmta.comparison.inventory import inventory
from commands.pmta.comparison.openings import openings
from commands.pmta.comparison.queues import queue_changes
from commands.pmta.comparison.side import KINDS, OPENS, Change, Side

SCHEMA = "portero.pmta.diff/1"
MOST = 2000
"""Changes that are listed."""

HEADS = {
    "opens": ("1 thing opens", "{} things open"),
    "closes": ("1 closes", "{} close"),
    "queue": ("1 setting of queues changes", "{} settings of queues change"),
    "key": ("1 key", "{} keys"),
    "certificate": ("1 certificate", "{} certificates"),
    "vmta": ("1 VirtualMTA", "{} VirtualMTAs"),
    "address": ("1 address", "{} addresses"),
    "pool": ("1 pool or member", "{} pools or members"),
    "list": ("1 list", "{} lists"),
    "setting": ("1 other setting", "{} other settings"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]
    unread: tuple[str, ...] = ()

    @property
    def opens(self) -> bool:
        return any(one.kind == OPENS for one in self.changes)

    def to_json(self) -> dict[str, Any]:
        changes = [one.to_json() for one in self.changes[:MOST]]
        more = {"not_listed": len(self.changes) - MOST} if len(self.changes) > MOST else {}
        return {"schema": SCHEMA, "opens": self.opens, "changes": changes, "unread": list(self.unread), **more}


def compared(old: Side, new: Side) -> Comparison:
    found = [*openings(old, new), *queue_changes(old, new), *inventory(old, new)]
    found.sort(key=lambda one: (KINDS.index(one.kind), one.subject))
    unread = (*old.words.unread(), *new.words.unread())
    return Comparison(tuple(found), tuple(dict.fromkeys(unread)))


def headline(found: Comparison) -> str:
    counts = Counter(one.kind for one in found.changes)
    said = [HEADS[kind][counts[kind] > 1].format(counts[kind]) for kind in KINDS if counts[kind]]
    return f"{', '.join(said)}." if said else "Nothing that counts is different."


def row(one: Change) -> str:
    """`OPENS  <source 0/0> may relay without a login (config:12)`."""
    kind = one.kind.upper() if one.kind == OPENS else one.kind
    return f"{kind:<12}{one.subject}{_values(one)}{_places(one)}"


def _values(one: Change) -> str:
    if one.kind in ("opens", "closes") and one.old is one.new is None:
        return ""
    if one.old is None or one.new is None:
        value = one.new if one.old is None else one.old
        said = "comes" if one.old is None else "goes"
        return f" {said}{f': {value}' if value and one.kind not in ('vmta', 'key', 'pool') else ''}"
    return (
        f": {one.old} -> {one.new}" if one.old != one.new else ": changes (the value is covered, or its order or name)"
    )


def _places(one: Change) -> str:
    found = [place for place in (one.old_at, one.new_at) if place]
    return f"  ({' -> '.join(found)})" if found else ""


def listing(found: Comparison) -> list[str]:
    first = [f"Not read: {'; '.join(found.unread[:5])}."] if found.unread else []
    return [*first, headline(found), *map(row, found.changes[:MOST]), *_left(found.changes)]


def _left(changes: Sequence[Change]) -> list[str]:
    return [f"{len(changes) - MOST:,} more."] if len(changes) > MOST else []
