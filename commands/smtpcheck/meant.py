"""Which host of the history is meant by a name that does not exist, and the answer with a button that checks it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.slack_text import escape
from commands.smtpcheck.stored.document import Document
from commands.words import slip_of
from storage.history import Query, ReadHistory, StorageError, Viewer

MISSING = "dns_nxdomain"
LOOKED_AT = 1000
"""Names, the latest first."""


class Needs(Protocol):
    @property
    def history(self) -> ReadHistory: ...


async def meant_by(document: Document, services: Needs, viewer: Viewer) -> str:
    """A host that whoever asks may see in the history and of which this is a slip; empty where the name exists.

    A slip that was checked, too, is none.
    """
    name = str(document["target"])
    if not _is_missing(document):
        return ""
    try:
        known = await services.history.targets(Query(viewer, kind="check"), most=LOOKED_AT)
        near = slip_of(name, [one for one in known if one != name])
        last = await services.history.last_of(near, viewer) if near else None
    except StorageError:
        return ""
    return near if last is not None and not _is_missing(last.document) else ""


def _is_missing(document: Document) -> bool:
    return any(found["code"] == MISSING for found in document.get("findings", ()))


def offering(answer: Reply, near: str, ports: Sequence[int]) -> Reply:
    """The answer about the name as it was typed, and what was probably meant."""
    asked = f"Did you mean *{escape(near)}*?"
    check = button(f"Check {near}", "smtpcheck.check", " ".join([near, *map(str, ports)]))
    return replace(answer, text=f"{answer.text}\n{asked}", blocks=[*answer.blocks, section(asked), actions(check)])
