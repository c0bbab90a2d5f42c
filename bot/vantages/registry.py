"""Which machines may connect, with their public keys and what was done about them: notes of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.vantages.hello import Source
from bot.vantages.server import Key
from bot.vantages.subjects import NO_SPACE
from commands.audited import Deed
from commands.contract import UserError
from storage.audit import AuditEntry, Noted

VANTAGE, SEEN = "vantage:", "vantage_seen:"
KEYS_AT_ONCE = 2
MOST_EVENTS = 50


class Notes(Protocol):
    """Where they stand: `storage.watches.AdministerWatches` has them."""

    async def note(self, key: str, document: dict[str, Any] | None, *, noted: Noted = ()) -> None: ...

    async def notes(self, prefix: str) -> dict[str, dict[str, Any]]: ...

    async def keep_audit(self, noted: Noted) -> None: ...


@dataclass(frozen=True, slots=True)
class Registered:
    """A machine that may connect for a workspace.

    `keys` are public, the newest last; `events` are what was done, each with when and by whom. `sources` are the
    addresses that are pinned to it; none: it is believed what it says.
    """

    space: str
    name: str
    keys: tuple[str, ...]
    events: tuple[tuple[str, str, str], ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def note(self) -> str:
        return f"{VANTAGE}{self.space}:{self.name}"

    @property
    def seen_note(self) -> str:
        return f"{SEEN}{self.space}:{self.name}"

    def done(self, what: str, by: str, at: datetime, keys: Sequence[str]) -> "Registered":
        """The same with these keys, and a line of who did what."""
        events = (*self.events, (at.isoformat(timespec="seconds"), by, what))
        return replace(self, keys=tuple(keys), events=events[-MOST_EVENTS:])

    def to_document(self) -> dict[str, Any]:
        pinned = [[one.address, one.ehlo_name] for one in self.sources]
        return {"keys": list(self.keys), "events": [list(event) for event in self.events], "sources": pinned}


async def registered(notes: Notes, space: str) -> list[Registered]:
    """Those of a workspace, by name; with those that were added before a bot was started."""
    found = [_registered(key, document) for key, document in (await notes.notes(VANTAGE)).items()]
    return sorted((one for one in found if one.space in {space, NO_SPACE} and one.keys), key=lambda one: one.name)


async def last_seen(notes: Notes, one: Registered) -> datetime | None:
    """When a bot saw it connected last, to the minute; None: never."""
    document = (await notes.notes(one.seen_note)).get(one.seen_note, {})
    try:
        return datetime.fromisoformat(str(document["at"]))
    except (KeyError, ValueError):
        return None


async def all_keys(notes: Notes) -> list[Key]:
    """Every key that may connect, of every workspace."""
    found = [_registered(key, document) for key, document in (await notes.notes(VANTAGE)).items()]
    return [Key(one.space, one.name, public) for one in found for public in one.keys]


async def add(
    notes: Notes, space: str, name: str, public: str, *, by: str, at: datetime, sources: Sequence[Source] = ()
) -> Registered:
    """Let a machine connect with this key; `sources` as in `pin`. Raises `UserError` where it may already."""
    known = await _find(notes, space, name)
    if known is not None and known.keys:
        raise UserError(f"There is a vantage {name} already.", f"portero vantage rotate {name} gives it another key.")
    await _refuse_taken(notes, space, name, sources)
    made = (known or Registered(space, name, ())).done("added", by, at, [public])
    made = _pinned(made, sources, by, at) if sources else replace(made, sources=())
    return await _kept(notes, made, Deed.VANTAGE_ADDED, by, at, pinned=sources)


async def pin(notes: Notes, space: str, name: str, sources: Sequence[Source], *, by: str, at: datetime) -> Registered:
    """Say which addresses are its own; none: believe what it says. `UserError` for one that is another's."""
    known = await _known(notes, space, name)
    await _refuse_taken(notes, space, name, sources)
    deed = Deed.VANTAGE_PINNED if sources else Deed.VANTAGE_UNPINNED
    return await _kept(notes, _pinned(known, sources, by, at), deed, by, at, pinned=sources)


def _pinned(known: Registered, sources: Sequence[Source], by: str, at: datetime) -> Registered:
    what = f"pinned {', '.join(one.address for one in sources)}" if sources else "unpinned"
    return replace(known.done(what, by, at, known.keys), sources=tuple(sources))


async def _refuse_taken(notes: Notes, space: str, name: str, sources: Sequence[Source]) -> None:
    wanted = {one.address for one in sources}
    for other in await registered(notes, space):
        taken = sorted(wanted & {one.address for one in other.sources}) if other.name != name else []
        if taken:
            raise UserError(
                f"{taken[0]} is pinned to {other.name} already.",
                f"`portero vantage pin {other.name} --source ...`, without it, gives it up.",
            )


async def rotate(notes: Notes, space: str, name: str, public: str, *, by: str, at: datetime) -> Registered:
    """Let it connect with another key, too; the one before stays until the next time. Raises `UserError`."""
    known = await _known(notes, space, name)
    made = known.done("rotated", by, at, [*known.keys, public][-KEYS_AT_ONCE:])
    return await _kept(notes, made, Deed.VANTAGE_ROTATED, by, at)


async def revoke(notes: Notes, space: str, name: str, *, by: str, at: datetime) -> Registered:
    """Let it connect no more. Raises `UserError`."""
    made = (await _known(notes, space, name)).done("revoked", by, at, [])
    return await _kept(notes, made, Deed.VANTAGE_REVOKED, by, at)


async def _kept(
    notes: Notes, made: Registered, deed: Deed, by: str, at: datetime, *, pinned: Sequence[Source] = ()
) -> Registered:
    sources = {"sources": [one.address for one in pinned]} if pinned else {}
    noted = AuditEntry(at, deed, made.name, made.space, by, document=sources)
    await notes.note(made.note, made.to_document(), noted=[noted])
    return made


async def _known(notes: Notes, space: str, name: str) -> Registered:
    known = await _find(notes, space, name)
    if known is None or not known.keys:
        raise UserError(f"There is no vantage {name}.", "portero vantage list shows those that there are.")
    return known


async def _find(notes: Notes, space: str, name: str) -> Registered | None:
    found = await notes.notes(VANTAGE)
    for place in dict.fromkeys((space, NO_SPACE)):
        key = f"{VANTAGE}{place}:{name}"
        if key in found:
            return _registered(key, found[key])
    return None


def _registered(key: str, document: Mapping[str, Any]) -> Registered:
    space, _, name = key.removeprefix(VANTAGE).partition(":")
    events = tuple((str(at), str(by), str(what)) for at, by, what in document.get("events", ()))
    sources = tuple(Source(str(address), str(ehlo_name)) for address, ehlo_name in document.get("sources", ()))
    return Registered(space, name, tuple(map(str, document.get("keys", ()))), events, sources)
