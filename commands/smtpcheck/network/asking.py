"""A look at our own network, from what was asked to an answer and a row of history."""

import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from commands.contract import Progress, Request, Step
from commands.smtpcheck.arguments import OwnNetwork
from commands.smtpcheck.check import Prober
from commands.smtpcheck.document import Document
from commands.smtpcheck.network import view
from commands.smtpcheck.network.document import to_document, to_entry
from commands.smtpcheck.network.probe import examine
from storage.interface import History, StorageError

log = logging.getLogger(__name__)


class Needs(Protocol):
    """What a look at our own network needs of the application."""

    @property
    def prober(self) -> Prober: ...

    @property
    def history(self) -> History: ...

    @property
    def ports(self) -> tuple[int, ...]: ...

    def new_id(self) -> str:
        """A fresh id for a result."""


async def look(asked: OwnNetwork, request: Request, services: Needs, *, replace: bool = False) -> AsyncIterator[Step]:
    """The steps of a look; `replace` edits the old answer."""
    yield Progress(":hourglass_flowing_sand: Trying our own network …", public=asked.here)
    document = await looked(asked.ports or services.ports, services.prober, services.new_id())
    logged = await keep(document, request, services.history)
    yield view.result(document, logged=logged, public=asked.here, replace=replace)


async def looked(ports: Sequence[int], prober: Prober, id: str) -> Document:  # noqa: A002
    """What the control hosts say of these ports."""
    at, began = prober.now(), prober.clock()
    found = await examine(prober.control, ports)
    elapsed_ms = (prober.clock() - began) * 1000
    return to_document(found, id=id, vantage=prober.vantage, at=at, elapsed_ms=elapsed_ms)


async def keep(document: Document, request: Request, history: History) -> bool:
    """Write the result to history; an answer is never lost because the disk is full."""
    try:
        await history.add(to_entry(document, datetime.fromisoformat(document["started_at"]), request))
    except StorageError:
        log.exception("network %s could not be written to history", document["id"])
        return False
    return True
