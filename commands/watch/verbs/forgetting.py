"""A person is forgotten, their team's watches go on: what they alone saw goes, the rest stays without their name."""

from collections.abc import Mapping
from typing import Any

from commands.watch.state.actions import FORGOTTEN
from commands.watch.state.sight import leaving
from storage.watches import DIGESTS, GREETED, THREADS, AdministerWatches, Document, ForgottenWatches, place_of

SHARED = ("C", "G")
"""How ids of channels begin in which others are; a direct message (D) is one person's."""

PEOPLE: Mapping[str, str] = {
    "owner": "",
    "notify": "",
    "acked_by": "",
    "who": FORGOTTEN,
    "note_by": FORGOTTEN,
    "quiet_by": FORGOTTEN,
    "broke_by": FORGOTTEN,
    "ended_by": FORGOTTEN,
}
"""The fields of watches, events and digests that name a person, and what stands there afterwards.

Nobody is mentioned and nobody looks after the incident, so that somebody else can say that they do.
"""

LISTS = frozenset({"told", "told_to"})
"""The fields that hold several."""


async def forget(person: str, watches: AdministerWatches) -> ForgottenWatches:
    """Take a person out of all watches, digests and alerts; what stands in direct messages alone is deleted."""
    for key, note in (await watches.notes(DIGESTS)).items():
        if note["owner"] == person and not place_of(key)[1].startswith(SHARED):
            await watches.note(key, None)
    for key, note in (await watches.notes(THREADS)).items():
        if note.get("user") == person:
            await watches.note(key, None)
    for key in await watches.notes(GREETED):
        if key.endswith(f":{person}"):
            await watches.note(key, None)
    return await watches.forget(
        person, shared=SHARED, without=lambda document: without(document, person), leaving=leaving
    )


def without(document: Document, person: str) -> Document:
    """The document without the person."""
    return {
        name: [each for each in value if each != person]
        if name in LISTS and isinstance(value, list)
        else PEOPLE[name]
        if name in PEOPLE and value == person
        else _in(value, person)
        for name, value in document.items()
    }


def _in(value: Any, person: str) -> Any:
    if isinstance(value, list):
        return [_in(each, person) for each in value]
    return without(value, person) if isinstance(value, dict) else value
