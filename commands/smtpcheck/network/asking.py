"""A look at our own network, from what was asked to an answer and a row of history."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from commands.contract import Progress, Reply, Request, Step
from commands.smtpcheck.network import view
from commands.smtpcheck.network.document import to_document, to_entry
from commands.smtpcheck.network.elsewhere import doubtful_ports, seen_elsewhere
from commands.smtpcheck.network.probe import AskedControl, examine
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.stored.pauses import AFTER_LOOK, last_look
from commands.smtpcheck.view import pauses as pauses_view
from storage.entries import LOCAL
from storage.history import Entry, RecordHistory, StorageError, Viewer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """Our own network, which was asked about. `ports` is empty when none was named."""

    ports: tuple[int, ...] = ()
    here: bool = False
    again: bool = False
    vantage: str = LOCAL


class Lookout(Protocol):
    """Whose network is looked at: that of this process (`Prober`), or of a machine elsewhere."""

    @property
    def vantage(self) -> str: ...

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def clock(self) -> Callable[[], float]: ...

    async def asked_control(self, ports: Sequence[int]) -> AskedControl:
        """The control hosts as they are seen from there."""


class Needs(Protocol):
    """What a look at our own network needs of the application."""

    async def checker(self, vantage: str, channel: str) -> Lookout:
        """What looks from there; DeclinedError where nobody is, or it is not for this channel."""

    async def places(self, channel: str) -> list[str]:
        """The names of the places that may be looked from in this channel now, this machine first."""

    @property
    def history(self) -> RecordHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    @property
    def ports(self) -> tuple[int, ...]: ...

    def new_id(self) -> str:
        """A fresh id for a result."""


async def look(asked: OwnNetwork, request: Request, services: Needs) -> AsyncIterator[Step]:
    """The steps of a look, or the last one where it is too young."""
    ports = asked.ports or services.ports
    lookout = await services.checker(asked.vantage, request.channel)
    last = await last_look(
        ports, services.history, await services.viewer(), request.at, again=asked.again, vantage=asked.vantage
    )
    if last is not None:
        yield _known(last, request, public=asked.here)
        return
    yield Progress(":hourglass_flowing_sand: Trying our own network …", public=asked.here)
    document = await looked(ports, lookout, services.new_id())
    logged = await keep(document, request, services.history)
    note, elsewhere = pauses_view.as_seen(document, request.at), await _elsewhere(document, request, services)
    yield view.result(document, logged=logged, public=asked.here, note=note, elsewhere=elsewhere)


async def _elsewhere(document: Document, request: Request, services: Needs) -> str:
    """What another place says of the ports that our network seems not to let out."""

    async def look_from(place: str, ports: Sequence[int]) -> Document:
        return await looked(ports, await services.checker(place, request.channel), services.new_id())

    if not doubtful_ports(document):
        return ""
    return await seen_elsewhere(document, await services.places(request.channel), look_from)


def _known(last: Entry, request: Request, *, public: bool) -> Reply:
    note = pauses_view.last(last, request.at, "" if public else request.reader, AFTER_LOOK)
    return view.result(last.document, logged=True, public=public, note=note)


async def looked(ports: Sequence[int], lookout: Lookout, id: str) -> Document:  # noqa: A002
    """What the control hosts say of these ports, with the time at which the first of them was asked."""
    at, began = lookout.now(), lookout.clock()
    found = await examine(await lookout.asked_control(ports), ports)
    took_ms = [attempt.elapsed_ms for port in found for attempt in port.attempts]
    elapsed_ms = max([(lookout.clock() - began) * 1000, *took_ms])
    at -= timedelta(seconds=max((port.ago_s for port in found), default=0.0))
    return to_document(found, id=id, vantage=lookout.vantage, at=at, elapsed_ms=elapsed_ms)


async def keep(document: Document, request: Request, history: RecordHistory) -> bool:
    """Write the result to history; an answer is never lost because the disk is full."""
    try:
        await history.add(to_entry(document, datetime.fromisoformat(document["started_at"]), request))
    except StorageError:
        log.exception("network %s could not be written to history", document["id"])
        return False
    return True
